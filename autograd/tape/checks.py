"""What a tape can be made of, and errors that say what is wrong with the rest."""

from __future__ import annotations

from ..comparisons import compared
from ..value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any


def checked_values(outputs: Any, inputs: Any, parameters: Any) -> tuple[list[Value], list[Value], list[Value]]:
    """The three as lists of Values."""
    single = isinstance(outputs, Value)
    wanted = _listed("outputs", [outputs] if single else outputs)
    columns, same = _listed("inputs", inputs), _listed("parameters", parameters)
    if not wanted:
        raise ValueError("a tape needs at least one output")
    given = dict.fromkeys(columns, "inputs")
    if len(given) != len(columns):
        raise ValueError("an input is listed twice; each column of the rows is an input of its own")
    for p in same:
        if given.get(p) == "inputs":
            raise ValueError(f"{_called(p)} is among the inputs and the parameters; it is either")
        if p in given:
            raise ValueError(f"{_called(p)} is listed twice among the parameters")
        given[p] = "parameters"
    for x, kind in given.items():
        if x.op is not None:
            raise ValueError(f"{_called(x)} of the {kind} is computed, by {x.op.name}; give the leaves it comes from")
    for x in wanted:
        if x.op is None and x not in given:
            raise ValueError(
                f"the output {_called(x)} belongs to no graph: it is a leaf, and was computed from nothing"
            )
    return wanted, columns, same


def refuse_branches(nodes: Iterable[Value]) -> None:
    """ValueError, saying where, if one of the nodes was compared."""
    found = compared(nodes)
    if found:
        node, where = found[0]
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise ValueError(
            f"{_called(node)} was compared, at {where}{more}, and a tape repeats the branch taken there whatever the "
            "numbers are; instead of an if write where(condition, a, b), with less(a, b) or step(x) as a condition, "
            "or pass allow_branches=True"
        )


def _listed(name: str, values: Any) -> list[Value]:
    if not isinstance(values, Value) and hasattr(values, "__iter__"):
        found: Sequence[Any] = list(values)
        wrong = [x for x in found if not isinstance(x, Value)]
        if not wrong:
            return list(found)
        values = wrong[0]
    raise TypeError(f"expected {name} as a list of Values, got {type(values).__name__}")


def _called(x: Value) -> str:
    return x.name or f"a Value of {x.data:g} without a name"
