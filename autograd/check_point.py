"""Where gradients are checked: numbers to call a function with, or Values that the function reads by itself."""

from __future__ import annotations

from .differences import Sample, side
from .graph import topological_order
from .op import described, number
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class Point:
    """The inputs' `names` and `numbers`, and the function of them, which is varied one input at a time.

    The entries of `point` tell the two forms apart: numbers become arguments, Values are varied in place.
    """

    def __init__(self, function: Callable[..., Any], point: Any) -> None:
        if not callable(function):
            raise TypeError(f"expected a function, got {described(function)}; write lambda: in front of it")
        if isinstance(point, str | bytes | set | frozenset):
            raise TypeError(f"expected numbers or Values as point, in a sequence or a dict, got {described(point)}")
        self.function, self.by_name = function, isinstance(point, dict)
        entries = list(point.values() if self.by_name else point if hasattr(point, "__iter__") else [point])
        if not entries:
            raise ValueError("the point is empty; give at least one number, or one Value that the function reads")
        self.values = [x for x in entries if isinstance(x, Value)]
        if self.values and len(self.values) < len(entries):
            raise TypeError("the point mixes Values and numbers; give Values alone or numbers alone")
        for x in self.values:
            if x.op is not None:
                raise ValueError(f"{x.name or 'an input'} was computed by {x.op.name}; give the leaves it came from")
        self.numbers = [x.data if isinstance(x, Value) else number(x, "numbers or Values as point") for x in entries]
        given = list(point) if self.by_name else [x.name for x in self.values] or _parameter_names(function)
        given += [None] * (len(entries) - len(given))
        self.names = _told_apart([name or f"x{i}" for i, name in enumerate(given[: len(entries)], 1)])
        self.result, self.leaves, self.base = self._run(0, self.numbers[0])

    def sample(self, i: int, x: float) -> Sample:
        """The function with input i at x and the others where they were."""
        result, _, sample = self._run(i, x)
        if self.values and result is self.result and result.op is not None:
            raise TypeError("function returned the same Value twice; it must compute it afresh, as lambda: loss(model)")
        return sample

    def value(self) -> float:
        """The function at the point, computed once more."""
        return float(self._run(0, self.numbers[0])[0])

    def _run(self, i: int, x: float) -> tuple[Value, Sequence[Value], Sample]:
        if self.values:
            try:
                self.values[i].data = x
                result = self.function()
                return result, self.values, _traced(result)
            finally:
                self.values[i].data = self.numbers[i]
        numbers = [*self.numbers[:i], x, *self.numbers[i + 1 :]]
        leaves = [Value(data, name) for data, name in zip(numbers, self.names, strict=True)]
        arguments = dict(zip(self.names, leaves, strict=True))
        result = self.function(**arguments) if self.by_name else self.function(*leaves)
        return result, leaves, _traced(result)


def _traced(result: Any) -> Sample:
    """The result's number, and which branches led to it."""
    if not isinstance(result, Value):
        raise TypeError(f"function returned {described(result)}; build the result from the Values it is given")
    order = topological_order(result)
    kinked = [node for node in order if node.op is not None and node.op.kink is not None]
    return Sample(
        result.data,
        tuple([node.op for node in order if node.op is not None]),
        tuple([side(node.op, [float(x) for x in node.inputs]) for node in kinked if node.op is not None]),
        tuple([x for node in order for x in node.inputs if x.__class__ is float]),
    )


def _parameter_names(function: Callable[..., Any]) -> list[str | None]:
    """What the function calls its positional arguments; nothing where Python cannot tell."""
    import inspect  # slow to import, and needed here alone

    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def _told_apart(names: list[str]) -> list[str]:
    """Where a name occurs twice, all get their place in the point: w[0], b[1], w[2]."""
    return names if len(set(names)) == len(names) else [f"{name}[{i}]" for i, name in enumerate(names)]
