"""Many outputs at once: J = ∂fs/∂xs, row by row backward or column by column forward, and J · direction."""

from __future__ import annotations

from .chain_rule import answer, collected, mapped
from .linearized import Linearized
from .op import number
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any


def jvp(fs: Any, xs: Any, direction: Any, create_graph: bool = False) -> Any:
    """Forward mode: how fast each of `fs` changes when `xs` move along `direction`, Σ ∂f/∂x · direction, in one sweep.

    Args:
        fs: a Value or nested sequences of Values; the answer has their shape.
        xs: what moves, likewise; leaves or inner nodes.
        direction: a number (or a Value) for each of `xs`, in the same order.
        create_graph: give Values that can be differentiated again, instead of floats.

    ValueError: not as many numbers in `direction` as Values in `xs`. TypeError: something else than Values.

    >>> x, y = Value(2.0), Value(3.0)
    >>> jvp([x * y, x + y], [x, y], [1.0, 10.0])
    [23.0, 11.0]
    """
    fs, outputs = collected(fs, "as outputs")
    _, wanted = collected(xs)
    tangent = Linearized(outputs, wanted, create_graph, keep=True).forward(seeded(wanted, direction, create_graph))
    return mapped(lambda f: answer(tangent.get(f, 0.0), create_graph), fs)


def jacobian(fs: Any, xs: Any, create_graph: bool = False) -> Any:
    """∂f/∂x for each f of `fs` and each x of `xs`: nested lists in the shape of `fs`, each entry in that of `xs`.

    Row by row in reverse mode where there are at most as many outputs as inputs, column by column in forward mode
    where there are more: as many sweeps as the smaller of the two. Source: exercises U3, J8.

    Args: as for `gradient`, of which this is the form for several outputs.

    >>> x, y = Value(2.0), Value(3.0)
    >>> jacobian([x * y, x + y, x / y], [x, y])[:2]
    [[3.0, 2.0], [1.0, 1.0]]
    """
    fs, outputs = collected(fs, "as outputs")
    xs, wanted = collected(xs)
    linear = Linearized(outputs, wanted, create_graph, keep=True)
    if len(set(outputs)) <= len(set(wanted)):
        rows = {f: linear.backward({f: 1.0}) for f in dict.fromkeys(outputs)}
        rows = {f: {x: adjoint[x] for x in wanted if x in adjoint} for f, adjoint in rows.items()}
    else:
        rows = {f: {} for f in outputs}
        for x in dict.fromkeys(wanted):
            tangent = linear.forward({x: 1.0})
            for f in rows:
                if f in tangent:
                    rows[f][x] = tangent[f]
    return mapped(lambda f: mapped(lambda x: answer(rows[f].get(x, 0.0), create_graph), xs), fs)


def seeded(wanted: Sequence[Value], direction: Any, create_graph: bool) -> dict[Value, Any]:
    """The tangents that sweeps start from: a number for each of `wanted`, added up where a Value is wanted twice."""
    entries = list(_entries(direction))
    if len(entries) != len(wanted):
        raise ValueError(
            f"expected a direction of {len(wanted)} numbers, one for each of xs, got {len(entries)}; "
            "give them in the order of xs"
        )
    seeds: dict[Value, Any] = {}
    for x, entry in zip(wanted, entries, strict=True):
        moved = entry if create_graph and isinstance(entry, Value) else float(entry)
        seeds[x] = seeds[x] + moved if x in seeds else moved
    return seeds


def _entries(direction: Any) -> Iterator[Value | float]:
    if isinstance(direction, Value):
        yield direction
    elif (
        isinstance(direction, str | dict) or not hasattr(direction, "__iter__") or getattr(direction, "shape", 1) == ()
    ):
        yield number(direction, "a number, or a sequence of them, as direction")
    else:
        for entry in direction:
            yield from _entries(entry)
