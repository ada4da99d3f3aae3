"""Sums: additions that follow one another, as `sum(losses)` makes them, taken as one sum of many terms."""

from __future__ import annotations

from ..rules import add, sub
from ..value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class Sum:
    """The nodes of one sum, its total last, and its `terms` in order, each as (sign, term)."""

    __slots__ = ("nodes", "terms")

    def __init__(self, nodes: list[Value], terms: list[tuple[int, Value | float]]) -> None:
        self.nodes, self.terms = nodes, terms


def sums(order: Sequence[Value], outputs: Collection[Value], apart: Collection[Value]) -> list[Sum]:
    """Every sum in the graph, but for nodes that are `apart`. Nodes with a name, and outputs, begin a sum of their own.

    >>> from ..value import Value
    >>> a, b, c = (Value(1.0, name) for name in "abc")
    >>> (found,) = sums([a, b, c, x := a + b, y := x - c], [y], [])
    >>> [(sign, term.name) for sign, term in found.terms]
    [(1, 'a'), (1, 'b'), (-1, 'c')]
    """
    uses: dict[Value, int] = {}
    for node in order:
        for x in node.inputs:
            if x.__class__ is not float:
                uses[x] = uses.get(x, 0) + 1  # type: ignore[index, arg-type]
    inner: set[Value] = set()
    found = []
    for node in reversed(order):
        if node.op not in (add, sub) or node in apart:
            continue
        for k, x in enumerate(node.inputs):
            if not isinstance(x, Value) or x.op not in (add, sub) or uses[x] > 1 or x.name:
                continue
            if x not in outputs and x not in apart and not (node.op is sub and k == 1):
                inner.add(x)
        if node not in inner and (node.op is add or node.inputs[0] in inner):
            found.append(node)
    return [_sum(top, inner) for top in reversed(found)]


def _sum(top: Value, inner: Collection[Value]) -> Sum:
    nodes, terms = [], []
    stack: list[tuple[int, Value | float]] = [(1, top)]
    while stack:
        sign, x = stack.pop()
        if x is top or x in inner:
            nodes.append(x)
            first, second = x.inputs  # type: ignore[union-attr]  # what is inner is a Value
            stack += [(-1 if x.op is sub else 1, second), (1, first)]  # type: ignore[union-attr]
        else:
            terms.append((sign, x))
    return Sum(nodes[::-1], terms)  # type: ignore[arg-type]
