"""Both passes, one step at a time: each node's number forward, then ∂f/∂x += ∂f/∂c · ∂c/∂x, one edge after another."""

from __future__ import annotations

from functools import cached_property

from ..extended import same
from ..graph import topological_order
from ..linearized import Linearized
from ..op import ARITHMETIC_ERRORS
from ..segment import CHECKPOINT, Awaited
from ..value import Value
from .naming import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..op import Op
    from ..picture import Picture

MOST = 4000  # steps that a page can play
Edge = tuple[int, int]  # the number of a node, and which of its inputs


class Term:
    """One step backward: what comes to node number `tail` over `edges`, and the adjoint that it then has.

    There is one edge, from the node that is done with its own adjoint, and `product` is that adjoint times the
    edge's local derivative. Only for a checkpoint there are the edges from all its outputs and `product` is None:
    its inner graph was built and swept, and only the total is to be had.
    """

    __slots__ = ("edges", "product", "tail", "total")

    def __init__(self, edges: tuple[Edge, ...], tail: int, product: float | None, total: float) -> None:
        self.edges, self.tail, self.product, self.total = edges, tail, product, total


class Steps:
    """The nodes of a picture's graph with their numbers, as they were when this was made, and the passes over them.

    >>> from autograd.picture import Picture
    >>> a = Value(3.0, "a")
    >>> steps = Steps(Picture([a * a]))
    >>> [(steps.names[term.tail], term.product, term.total) for term in steps.backward(steps.outputs[0])]
    [('a', 3.0, 3.0), ('a', 3.0, 6.0)]
    """

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.nodes = topological_order(*picture.outputs)
        self.number = {node: i for i, node in enumerate(self.nodes)}
        self.data = [node.data for node in self.nodes]
        self.grads = [node.grad for node in self.nodes]
        self.outputs = [self.number[f] for f in dict.fromkeys(picture.outputs)]
        self.went_backward = any(node.grad for node in picture.outputs)
        few = len(self.nodes) <= MOST  # of more there will be no page
        # their names, and how the picture shows these
        self.names, self.shown = names(picture) if few else ([], [])

    @cached_property
    def locals(self) -> list[tuple[float | None, ...]]:
        """The local derivatives of each node; taken once, because a checkpoint has to build them."""
        return [node.local_derivatives for node in self.nodes]

    @cached_property
    def inputs(self) -> list[tuple[int | float, ...]]:
        """For each node its inputs: numbers of nodes (int) and constants (float)."""
        return [tuple(self.number[x] if isinstance(x, Value) else x for x in node.inputs) for node in self.nodes]

    @cached_property
    def count(self) -> int:
        """How many steps there are for one output at the most: all ops, the seed, all edges."""
        edges = sum(1 for inputs in self.inputs for x in inputs if x.__class__ is int)
        return sum(1 for node in self.nodes if node.op) + 1 + edges

    @property
    def too_many(self) -> bool:
        """Whether a page cannot play them."""
        return len(self.nodes) > MOST or self.count > MOST

    def stale(self, i: int) -> bool:
        """Whether the node's inputs were given other data since it was computed, so that its op now says otherwise."""
        node = self.nodes[i]
        numbers = [x if x.__class__ is float else self.data[x] for x in self.inputs[i]]  # type: ignore[index]
        if node.op is None:
            return False
        if node.op is CHECKPOINT:
            return not all(map(same, node._dx.segment.numbers, numbers))
        return not same(computed(node.op, numbers), self.data[i])

    def backward(self, output: int) -> list[Term]:
        """The steps after the seed ∂f/∂f = 1: the additions of `Value.backward`, in its order.

        The first term of a sum is not added to 0 but is the sum so far, as in `gradient`, which keeps a -0.0.
        """
        order = topological_order(self.nodes[output])
        number = self.number
        adjoint = {output: 1.0}
        found: list[Term] = []
        awaited = Awaited(order)
        for node in reversed(order):
            head = number[node]
            if node.op is CHECKPOINT:
                outputs = awaited.complete(node, node)
                if outputs is not None:
                    found += self._through([*outputs.values()], adjoint)
                continue
            for k, (tail, local) in enumerate(zip(self.inputs[head], self.locals[head], strict=True)):
                if tail.__class__ is int:
                    product = adjoint[head] * local  # type: ignore[operator]
                    adjoint[tail] = adjoint[tail] + product if tail in adjoint else product
                    found.append(Term(((head, k),), tail, product, adjoint[tail]))
        return found

    def fits(self, output: int, terms: Sequence[Term]) -> bool:
        """Whether the grads that inner nodes held are these adjoints, as after `backward()`: then what a picture
        adds up of them is right."""
        adjoint = {output: 1.0} | {term.tail: term.total for term in terms}
        inner = [i for i, node in enumerate(self.nodes) if node.op]
        return all(same(self.grads[i], adjoint.get(i, 0.0)) for i in inner)

    def _through(self, ends: list[Value], adjoint: dict[int, float]) -> list[Term]:
        """One term for each input of a checkpoint whose outputs are `ends`; the sums are made inside it."""
        segment = ends[0]._dx.segment
        outputs = segment.rebuilt()
        seeds = {x: adjoint[self.number[x]] for x in segment.boundary if self.number[x] in adjoint}
        seeds |= {outputs[end._dx.position]: adjoint[self.number[end]] for end in ends}
        inner = Linearized(
            [outputs[end._dx.position] for end in reversed(ends)], segment.boundary, ends=segment.boundary
        )
        after = inner.backward(seeds)
        found = []
        for k, x in enumerate(segment.boundary):
            tail = self.number[x]
            adjoint[tail] = after.get(x, 0.0)
            found.append(Term(tuple((self.number[end], k) for end in ends), tail, None, adjoint[tail]))
        return found


def computed(op: Op, numbers: Sequence[float]) -> float | None:
    """What the op gives for the numbers; None for an error."""
    try:
        return op.compute(*numbers)
    except ARITHMETIC_ERRORS:
        return None
