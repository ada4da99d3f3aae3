"""Every path from x to f as the edges it takes, and what changes in ∂f/∂x if one of them had another derivative."""

from __future__ import annotations

import math

from ..linearized import Linearized
from ..value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..notation import Edge


class Route:
    """A path from x up to f: its `edges` (a node, and which of its inputs) and their `factors`, from x on."""

    __slots__ = ("edges", "factors", "x")

    def __init__(self, x: Value, edges: tuple[Edge, ...], factors: tuple[float, ...]) -> None:
        self.x, self.edges, self.factors = x, edges, factors

    @property
    def product(self) -> float:
        """What the path contributes to ∂f/∂x."""
        return math.prod(self.factors)

    @property
    def nodes(self) -> list[Value]:
        """The nodes on the way, x first."""
        return [self.x, *[node for node, _ in self.edges]]

    def product_with(self, place: int, factor: float) -> float:
        """The product with another factor in one place."""
        return math.prod([*self.factors[:place], factor, *self.factors[place + 1 :]])


class Routes:
    """All paths from x to f, in the order of the inputs, with the adjoints above and the tangents below each edge.

    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> routes = Routes(x * y + x, x)
    >>> [route.factors for route in routes.all], routes.total
    ([(3.0, 1.0), (1.0,)], 4.0)
    """

    def __init__(self, f: Value, x: Value) -> None:
        self.f, self.x = f, x
        linear = Linearized([f], [x])
        self.inputs = {node: linear.edges(node) for node in linear.nodes}
        self.adjoint: dict[Value, float] = linear.backward({f: 1.0})
        self.tangent: dict[Value, float] = linear.forward({x: 1.0})
        self._all: list[Route] | None = None

    @property
    def all(self) -> list[Route]:
        """The paths; see to it that they are not too many."""
        if self._all is None:
            self._all = self._walked()
        return self._all

    @property
    def total(self) -> float:
        """∂f/∂x."""
        return self.adjoint.get(self.x, 0.0)

    @property
    def edges(self) -> list[tuple[Edge, float]]:
        """Every edge on a path once, with its local derivative, inputs first."""
        return [
            ((node, i), factor) for node, edges in self.inputs.items() for _, factor, i in edges if node in self.adjoint
        ]

    def total_with(self, edge: Edge, factor: float) -> float:
        """∂f/∂x if that edge had another local derivative."""
        node, i = edge
        below = node.inputs[i]
        assert isinstance(below, Value)
        right: float = next(factor for _, factor, place in self.inputs[node] if place == i)
        return self.total + self.adjoint[node] * (factor - right) * self.tangent[below]

    def _walked(self) -> list[Route]:
        found: list[Route] = []
        stack: list[tuple[Value, tuple[Edge, ...], tuple[float, ...]]] = [(self.f, (), ())]
        while stack:
            node, edges, factors = stack.pop()
            if node is self.x:
                found.append(Route(self.x, edges, factors))
                continue
            for below, factor, i in reversed(self.inputs.get(node, [])):
                stack.append((below, ((node, i), *edges), (factor, *factors)))
        return found
