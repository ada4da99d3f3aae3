"""Walks over the edges between x and f that find where zeros, infinities and NaN begin. No words in here."""

from __future__ import annotations

import math

from .linearized import Linearized

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .value import Value

    Step = tuple[Value, Value, float, int]  # consumer, input, local derivative, which input it is


class Flow:
    """The edges between x and f with the adjoints, and walks over them that find where zeros, ∞ and NaN begin.

    Every walk is one pass over the edges. What lies inside checkpoints is walked, too.
    """

    def __init__(self, f: Value, x: Value) -> None:
        self.f, self.x = f, x
        self.linear = linear = Linearized([f], [x], keep=True)
        self.adjoint: dict[Value, float] = linear.backward({f: 1.0})
        self.steps: list[Step] = [(node, *edge) for node in linear.nodes for edge in linear.edges(node)]
        self.consumers: dict[Value, list[Step]] = {}
        for step in self.steps:
            self.consumers.setdefault(step[1], []).append(step)

    def terms(self, node: Value) -> list[tuple[Step, float]]:
        """What each consumer contributes to the adjoint of the node."""
        return [(step, self.adjoint[step[0]] * step[2]) for step in self.consumers.get(node, ())]

    def count(self) -> int:
        """How many paths lead from x to f."""
        counts = {self.f: 1}
        for node in reversed(self.linear.nodes):
            count = counts.pop(node)  # dropped once used: the numbers may be long
            for x, _, _ in self.linear.edges(node):
                counts[x] = counts.get(x, 0) + count
        return counts[self.x]

    def largest(self, start: Value) -> list[list[Step]]:
        """The path from start to f with the largest |product|, then that of the other sign if there is one; in
        logarithms, which neither overflow nor underflow."""
        best: dict[tuple[Value, bool], tuple[float, Step | None]] = {(start, False): (0.0, None)}
        for step in self.steps:
            node, x, local, _ = step
            if local == 0.0 or local != local:
                continue
            for negative in (False, True):
                if (x, negative) in best:
                    size = best[x, negative][0] + math.log(abs(local))
                    key = (node, negative != (local < 0.0))
                    if key not in best or size > best[key][0]:
                        best[key] = (size, step)
        found = []
        for _, negative in sorted((-best[self.f, n][0], n) for n in (False, True) if (self.f, n) in best):
            path: list[Step] = []
            key = (self.f, negative)
            while (behind := best[key][1]) is not None:
                path.append(behind)
                key = (behind[1], key[1] != (behind[2] < 0.0))
            found.append(path[::-1])
        return found

    def barrier(self, starts: Sequence[Value]) -> tuple[list[Step], int, list[Value]]:
        """The zero edges by which paths from `starts` enter the region from which f is reached over non-zero edges,
        those that no other zero shields first; how many are shielded; and the starts that lie in it already.

        Every path from the other starts has one first such edge: they cut all paths, and without any one they do not.
        """
        near = {self.f}
        for node, x, local, _ in reversed(self.steps):
            if local != 0.0 and node in near:
                near.add(x)
        reached = {x for x in starts if x not in near}
        unshielded = set(reached)
        deciding: list[Step] = []
        shielded: list[Step] = []
        for step in self.steps:
            node, x, local, _ = step
            if x not in reached:
                continue
            if node in near:
                (deciding if x in unshielded else shielded).append(step)
                continue
            reached.add(node)
            if local != 0.0 and x in unshielded:
                unshielded.add(node)
        return deciding + shielded, len(shielded), [x for x in starts if x in near]

    def lost(self, starts: Sequence[Value]) -> tuple[list[Step], list[Value]]:
        """Where adjoints become 0 without a factor 0: the edges whose product underflows, the nodes whose terms
        cancel."""
        underflows: list[Step] = []
        cancelled: list[Value] = []
        for node, push in walk(starts):
            if any(term != 0.0 for _, term in self.terms(node)):
                cancelled.append(node)
                continue
            for step in self.consumers[node]:
                if step[2] != 0.0:
                    if self.adjoint[step[0]] == 0.0:
                        push(step[0])
                    else:
                        underflows.append(step)
        return underflows, cancelled

    def blown(self) -> Blown:
        """Where the ∞ and NaN that reach x begin."""
        found = Blown()
        for node, push in walk([self.x]):
            terms = [(step, term) for step, term in self.terms(node) if not math.isfinite(term)]
            if self.adjoint[node] != self.adjoint[node]:
                undefined = [(step, term) for step, term in terms if term != term]
                if not undefined:
                    found.clashes.append((node, terms))
                terms = undefined or terms
            elif not terms:
                found.sums.append(node)
            for step, _ in terms:
                above, local = self.adjoint[step[0]], step[2]
                if not math.isfinite(above):
                    push(step[0])
                if local != local or (math.isinf(local) and above == above):
                    found.steep.append(step)
                if math.isinf(local) and above == 0.0:
                    found.vanished[step[0]] = None
                elif math.isinf(above) and local == 0.0:
                    found.zeros.append(step)
                elif math.isfinite(above) and math.isfinite(local):
                    found.overflows.append(step)
        return found


class Blown:
    """What `Flow.blown` finds."""

    def __init__(self) -> None:
        self.steep: list[Step] = []  # infinite or NaN
        self.zeros: list[Step] = []  # 0, and met by an infinite adjoint
        self.vanished: dict[Value, None] = {}  # their adjoint is 0, and meets an infinite local derivative
        self.overflows: list[Step] = []  # adjoint and local derivative are finite, their product is not
        self.sums: list[Value] = []  # the terms are finite, their sum is not
        self.clashes: list[tuple[Value, list[tuple[Step, float]]]] = []  # ∞ − ∞


def walk(starts: Sequence[Value]) -> Iterator[tuple[Value, Callable[[Value], None]]]:
    """The starts, and whatever is pushed meanwhile, each once."""
    stack = list(dict.fromkeys(starts))[::-1]
    seen = set(stack)

    def push(node: Value) -> None:
        if node not in seen:
            seen.add(node)
            stack.append(node)

    while stack:
        yield stack.pop(), push


def dominant(path: list[Step], small: bool) -> list[Step]:
    """The factors that make a product small, or large: the most extreme, up to nine tenths of the logarithm."""
    sized = [(math.log(abs(step[2])) * (1 if small else -1), step) for step in path]
    sized = sorted([(size, step) for size, step in sized if size < 0.0], key=lambda pair: pair[0])
    rest = 0.9 * sum(size for size, _ in sized)
    found = []
    for size, step in sized:
        if rest >= 0.0:
            break
        found.append(step)
        rest -= size
    return found
