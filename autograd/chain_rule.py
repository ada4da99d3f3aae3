"""The chain rule as a function: ∂f/∂x = Σ over consumers c of x of ∂f/∂c · ∂c/∂x, on numbers or on graphs."""

from __future__ import annotations

from .graph import topological_order
from .op import ARITHMETIC_ERRORS, described
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .op import Op


def gradient(f: Value, xs: Any, create_graph: bool = False) -> Any:
    """∂f/∂x for each x of `xs`, in the shape of `xs`: a Value, or lists (of lists) of Values. No `grad` is touched.

    Args:
        f: the Value to differentiate.
        xs: what to differentiate by: leaves or inner nodes; 0 where f does not depend on it.
        create_graph: give Values that can be differentiated again, instead of floats.

    TypeError: f or an entry of xs is not a Value. ValueError: with create_graph, `data` of a node was changed
    after it was used, so that the graph no longer says what was computed.

    >>> x, y = Value(2.0), Value(3.0)
    >>> gradient(x * y + x, [x, [y]])
    [4.0, [2.0]]
    >>> df = gradient(x**4, x, create_graph=True)
    >>> df.data, gradient(df, x)
    (32.0, 48.0)
    """
    wanted: list[Value] = []

    def collected(x: Value) -> Value:
        wanted.append(x)
        return x

    xs = mapped(collected, xs)  # now lists, where xs may have been iterators, which can be walked but once
    adjoint = adjoints(f, wanted, create_graph)

    def derivative(x: Value) -> Value | float:
        found: Value | float = adjoint.get(x, 0.0)
        return Value(found) if create_graph and not isinstance(found, Value) else found

    return mapped(derivative, xs)


def adjoints(f: Value, wanted: Sequence[Value] | None = None, create_graph: bool = False) -> dict[Value, Any]:
    """∂f/∂node of f and of every node between it and those wanted (all, unless told).

    >>> x = Value(3.0)
    >>> list(adjoints(x * x).values())
    [1.0, 6.0]
    """
    require_value(f, "f")
    order = topological_order(f)
    needed = set(
        order if wanted is None else wanted
    )  # and all that depends on one of them; other edges need not even be differentiable
    for node in order:
        if any(x in needed for x in node.inputs):
            needed.add(node)
    adjoint: dict[Value, Any] = {f: 1.0}
    for node in reversed(order):
        if node.op is None or node not in needed:
            continue
        edges = [x if x in needed else 0.0 for x in node.inputs]
        local_derivatives = _recorded(node, edges) if create_graph else node.local_derivatives
        for x, local in zip(edges, local_derivatives, strict=True):
            if isinstance(x, Value):
                term = local if node is f else adjoint[node] * local
                adjoint[x] = adjoint[x] + term if x in adjoint else term
    return adjoint


def _recorded(node: Value, edges: Sequence[Value | float]) -> Sequence[Any]:
    """The node's local derivatives as graphs: its op's partials, run on the very Values it was computed from."""
    op = node.op
    assert op is not None  # leaves have no edges
    computed_again = op.compute(*[float(x) for x in node.inputs])
    _require_unchanged(op, "result", node.data, computed_again)
    try:
        found = op.local_derivatives(node.inputs, node, edges)
    except ARITHMETIC_ERRORS as error:
        raise type(error)(f"the derivative of this {op.name} has no derivative of its own here: {error}") from None
    for x, then, now in zip(edges, node.local_derivatives, found, strict=True):
        if isinstance(x, Value):
            _require_unchanged(op, "local derivative", then, float(now))
    return found


def _require_unchanged(op: Op, what: str, then: float | None, now: float) -> None:
    if then != now and not (then != then and now != now):
        raise ValueError(
            f"data changed after {op.name} was computed: its {what} was {then!r} and would be {now!r} now; "
            "compute f again before differentiating it"
        )


def mapped(function: Callable[[Value], Any], xs: Any) -> Any:
    """`function` of every Value in nested sequences, as nested lists."""
    if isinstance(xs, Value):
        return function(xs)
    if isinstance(xs, str) or not hasattr(xs, "__iter__") or getattr(xs, "shape", None) == ():
        raise TypeError(f"expected a Value or a sequence of Values to differentiate by, got {described(xs)}")
    return [mapped(function, x) for x in xs]


def require_value(f: object, role: str) -> None:
    """A TypeError unless `f` is a Value."""
    if not isinstance(f, Value):
        raise TypeError(f"expected a Value as {role}, got {described(f)}; build it from Values")
