"""A segment of a graph that was not kept: the function that made it, and what it takes to make it again.

Its outputs are nodes whose inputs are all Values that the function used. Of their local derivatives only the way to
get them is kept; every pass that needs them builds the inner graph again.
"""

from __future__ import annotations

from operator import attrgetter

from .extended import same
from .graph import topological_order
from .op import Op, Operand
from .recording import no_grad

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

    from .value import Value

_float_of = attrgetter("_float")


class _Unlisted(Op):
    """What the outputs of segments have for an op; no row of the table, since it computes what a function does."""

    listed = False

    def __init__(self, name: str, doc: str) -> None:
        super().__init__(name, self.compute, (), doc, steps=(0, 0, 0))
        self.arity = None  # it takes any number of inputs; `partials` it has none

    def compute(self, *numbers: float) -> float:
        raise ValueError("a checkpoint cannot be computed from numbers alone: its function takes Values")

    def written(self, *inputs: str) -> str:
        shown = inputs if len(inputs) <= 6 else (*inputs[:3], f"… {len(inputs) - 6} more …", *inputs[-3:])
        return f"{self.name}({', '.join(shown)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a graph with a checkpoint cannot be copied or pickled: it would still be rebuilt from the original's "
            "parameters; copy the model, and compute with the copy"
        )


CHECKPOINT = _Unlisted("checkpoint", "the result of a function whose inner graph is rebuilt when it is needed")


class Output:
    """In the place of an output's local derivatives: its segment, and which output of it this is."""

    __slots__ = ("position", "segment")

    def __init__(self, segment: Segment, position: int) -> None:
        self.segment, self.position = segment, position

    def local_derivatives(self) -> tuple[float, ...]:
        """∂output/∂input for each input of the segment, by building the inner graph once more."""
        out = self.segment.rebuilt()[self.position]
        below: dict[Value, float] = {out: 1.0}
        for node in reversed(topological_order(out, seen=set(self.segment.boundary))):
            above = below.get(node, 0.0)
            for x, local in zip(node.inputs, node.local_derivatives, strict=True):
                if local is not None:
                    below[x] = below.get(x, 0.0) + above * local  # type: ignore[index, arg-type]
        return tuple(below.get(x, 0.0) for x in self.segment.boundary)


class Segment:
    """One call of `function`: `boundary` holds the Values that it used, `numbers` what they were."""

    __slots__ = ("arguments", "boundary", "function", "numbers", "places", "results")

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...], boundary: tuple[Value, ...]) -> None:
        self.function, self.arguments, self.boundary = function, arguments, boundary
        self.numbers = tuple(map(_float_of, boundary))
        self.places: list[int] = []  # where among the Values of the result the outputs stand
        self.results: list[float] = []  # what the outputs were

    def rebuilt(self) -> list[Value]:
        """The outputs once more, now with their graph, which ends in the very Values of the boundary.

        These get for that time the numbers they had, so that changed `data` does not change a gradient.
        ValueError: the function gives something else than it did.
        """
        now = tuple(map(_float_of, self.boundary))
        active, watch = no_grad.active, no_grad.watch
        try:
            no_grad.active, no_grad.watch = 0, None
            self._set(self.numbers, now)
            values = values_in(self.function(*self.arguments))
        finally:
            no_grad.active, no_grad.watch = active, watch
            self._set(now, self.numbers)
        try:
            outputs = [values[place] for place in self.places]
        except IndexError:
            outputs = []
        found = [out._float for out in outputs]
        if len(found) != len(self.results) or not all(map(same, found, self.results)):
            raise ValueError(
                f"the checkpointed {name_of(self.function)} gave {self.results} when it ran and gives {found} when it "
                "is rebuilt; it must compute the same each time: no random numbers, no state that changes"
            )
        return outputs

    def _set(self, numbers: Sequence[float], now: Sequence[float]) -> None:
        if numbers != now:
            for x, number in zip(self.boundary, numbers, strict=True):
                x._float = number


class Awaited:
    """What a sweep backward has for each output of a segment, until it has met all outputs that there are in `order`.

    Only then are their adjoints complete, and the segment is built once for all of them.
    """

    def __init__(self, order: Sequence[Value]) -> None:
        self._last = {node._dx.segment: node for node in reversed(order) if node.op is CHECKPOINT}
        self._found: dict[Segment, dict[int, Any]] = {segment: {} for segment in self._last}

    def complete(self, node: Value, found: Any) -> dict[int, Any] | None:
        """Note what was found for this output; all that was found, by position, if it is the last of its segment."""
        segment = node._dx.segment
        self._found[segment][node._dx.position] = found
        return self._found.pop(segment) if node is self._last[segment] else None


def unfolded(order: list[Value], doubles: dict[Value, Value]) -> list[Value]:
    """The order with the inner graph of each segment put in, and in `doubles` what each output was rebuilt as."""
    found: list[Value] = []
    built: dict[Segment, list[Value]] = {}
    for node in order:
        if node.op is CHECKPOINT:
            segment = node._dx.segment
            if segment not in built:
                built[segment] = segment.rebuilt()
                inner = topological_order(*built[segment], seen=set(segment.boundary))
                found += unfolded(inner, doubles)
            doubles[node] = built[segment][node._dx.position]
        found.append(node)
    return found


def values_in(content: Any) -> list[Value]:
    """The Values in nested lists and tuples, in order."""
    if isinstance(content, Operand):
        return [content]  # type: ignore[list-item]  # Values are the operands that people hold
    if isinstance(content, list | tuple):
        return [x for part in content for x in values_in(part)]
    return []


def name_of(function: Callable[..., Any]) -> str:
    """What an error calls it."""
    return getattr(function, "__name__", type(function).__name__)
