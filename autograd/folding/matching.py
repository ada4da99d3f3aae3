"""Matching: a computation is run once on made-up inputs, and its graph looked for in a large one."""

from __future__ import annotations

from ..extended import same
from ..graph import topological_order
from ..recording import no_grad
from ..value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Any

    Consumers = Mapping[Value, Sequence[Value]]


class Match:
    """A place where a pattern was found: the `top` node, the `nodes` down from it, what stands for the made-up
    `inputs`, and the edges (node, which input) that read them, each with the number of what it reads."""

    __slots__ = ("inputs", "nodes", "reads", "top")

    def __init__(self, top: Value) -> None:
        self.top = top
        self.nodes: dict[Value, None] = {}
        self.inputs: dict[int, Value | float] = {}
        self.reads: dict[tuple[Value, int], int] = {}


class Pattern:
    """The graph of `function` on made-up inputs with these data; it may refer to `known` nodes of the large graph.

    A function that cannot be run on Values has no outputs and is found nowhere.

    >>> from ..rules import tanh
    >>> z = Value(0.5)
    >>> t = tanh(z)
    >>> a = t * t
    >>> pattern = Pattern(lambda zs: [tanh(zs[0]) * tanh(zs[0])], [0.0], {z, t, a})
    >>> [match.top is a for match in pattern.matches({z: [t], t: [a]}, [z])[0]]
    [True]
    """

    def __init__(
        self, function: Callable[[list[Value]], Sequence[Any]], data: Sequence[float], known: set[Value]
    ) -> None:
        self.known = known
        self.inputs = {Value(x): i for i, x in enumerate(data)}
        active = no_grad.active
        try:
            no_grad.active = 0
            found = list(function(list(self.inputs)))
        except Exception:  # it may be any function of the user's, and a diagram is no place for its errors
            found = []
        finally:
            no_grad.active = active
        self.outputs: list[Value] = found if all(isinstance(x, Value) for x in found) else []
        self.nodes = topological_order(*self.outputs, seen=known)
        known.difference_update(self.nodes)  # a copy for each of many patterns would take longer than all else

    def matches(self, consumers: Consumers, bound: Sequence[Value] | None = None) -> list[list[Match]]:
        """For each output, where the graph has it: on top of the nodes `bound` or, unless told, of any."""
        alike: dict[Value, dict[Value, None]] = {}  # for nodes of the pattern, the nodes that may be they
        if bound is not None:
            alike = {mine: {bound[i]: None} for mine, i in self.inputs.items()}
        for mine in self.nodes:
            anchored = [x for x in mine.inputs if x in alike or x in self.known]
            if mine.op is None or not anchored:
                continue
            below = anchored[0]
            assert isinstance(below, Value)
            alike[mine] = {
                other: None
                for x in alike.get(below, (below,))
                for other in consumers.get(x, ())
                if other.op is mine.op and self._agree(mine, other, alike)
            }
        return [
            [match for top in alike.get(output, ()) if (match := self._matched(output, top)) is not None]
            for output in self.outputs
        ]

    def _agree(self, mine: Value, other: Value, alike: Mapping[Value, Collection[Value]]) -> bool:
        """Whether the other node's inputs can be those of mine."""
        own, others = mine.inputs, other.inputs
        if len(own) != len(others):
            return False
        for x, y in zip(own, others, strict=True):
            if x.__class__ is float:
                if not same_number(x, y):
                    return False
            elif x in self.known:
                if x is not y:
                    return False
            elif x in alike and y not in alike[x]:  # type: ignore[index]  # x is no float
                return False
        return True

    def _matched(self, output: Value, top: Value) -> Match | None:
        """The match with that top, if all that is below it is as below the output."""
        match = Match(top)
        pairs = [(output, top)]
        seen = set()
        while pairs:
            mine, other = pairs.pop()
            if (mine, other) in seen:
                continue
            seen.add((mine, other))
            if mine.op is None:  # the pattern's own constant
                if other.op is not None or other.name or not same_number(mine.data, other.data):
                    return None
                match.nodes[other] = None
                continue
            if other.op is not mine.op or len(mine.inputs) != len(other.inputs):
                return None
            match.nodes[other] = None
            for k, (x, y) in enumerate(zip(mine.inputs, other.inputs, strict=True)):
                if x in self.inputs:
                    number = self.inputs[x]
                    if not same_number(match.inputs.setdefault(number, y), y):
                        return None
                    match.reads[other, k] = number
                elif not isinstance(x, Value) or x in self.known:
                    if not same_number(x, y):
                        return None
                elif not isinstance(y, Value):
                    return None
                else:
                    pairs.append((x, y))
        return match


def same_number(x: Value | float, y: Value | float) -> bool:
    """Whether both are one Value or one number."""
    if isinstance(x, Value) or isinstance(y, Value):
        return x is y
    return same(x, y)
