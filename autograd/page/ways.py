"""The largest paths from every node to f at once: the best of a node go on as the best of its inputs."""

from __future__ import annotations

from ..paths import size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .steps import Steps, Term

MOST = 4  # paths kept for a node

# A path as its first step: over which input of which node, and the how manieth path of that node it goes on as.
Way = tuple[int, int, int, float]


class Ways:
    """For each node below f: `counts`, how many paths lead from it to f, and `largest`, some of them.

    >>> from autograd import Value
    >>> from autograd.page.steps import Steps
    >>> from autograd.picture import Picture
    >>> x = Value(3.0, "x")
    >>> steps = Steps(Picture([x + x * x]))
    >>> ways = Ways(steps, 2, steps.backward(2))
    >>> ways.counts[0], ways.largest[0]
    (3, [(1, 0, 0, 3.0), (1, 1, 0, 3.0), (2, 0, 0, 1.0)])
    """

    def __init__(self, steps: Steps, output: int, terms: Iterable[Term]) -> None:
        self.counts = {output: 1}
        self.largest: dict[int, list[Way]] = {output: []}
        found: dict[int, list[Way]] = {}
        for term in terms:  # those of one node come together, and all those to a node before those from it
            for head, k in term.edges:
                if head in found:
                    self.largest[head] = largest(found.pop(head))
                local = steps.locals[head][k]
                assert local is not None  # constants get no term
                onward = [way[3] for way in self.largest[head]] or [1.0]
                found.setdefault(term.tail, []).extend((head, k, rank, local * p) for rank, p in enumerate(onward))
                self.counts[term.tail] = self.counts.get(term.tail, 0) + self.counts[head]
        self.largest.update({node: largest(ways) for node, ways in found.items()})


def largest(ways: list[Way]) -> list[Way]:
    """The first few by |product|, NaN before all, equal ones in the order of the backward pass."""
    return sorted(ways, key=lambda way: -size(way[3]))[:MOST]
