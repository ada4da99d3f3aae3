"""The sum over paths: ∂f/∂x = Σ over all paths from x to f of the product of the local derivatives along the path."""

from __future__ import annotations

import math
from heapq import heappop, heappush

from .chain_rule import require_value
from .graph import topological_order
from .labels import arrows, cut, figures, labels, whole
from .op import ARITHMETIC_ERRORS
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 1_000_000  # paths that path_sum is willing to walk


class Path:
    """One way from x to f: its `nodes`, x first, and its `factors`, one local derivative for each step.

    >>> x = Value(3.0, "x")
    >>> [path.factors for path in paths(2 * (x * x), x)]
    [(3.0, 2.0), (3.0, 2.0)]
    """

    __slots__ = ("factors", "nodes")

    def __init__(self, nodes: tuple[Value, ...], factors: tuple[float, ...]) -> None:
        self.nodes, self.factors = nodes, factors

    @property
    def product(self) -> float:
        """What the path contributes to ∂f/∂x; 1 for the path without steps, from f to itself."""
        return math.prod(self.factors)

    def __repr__(self) -> str:
        names = labels(self.nodes[-1])
        return f"{arrows(self.nodes, names)}: {self.written_product()}"

    def written_product(self) -> str:
        """The factors and what they make: `3 · 1 = 3`."""
        product = figures(self.product, 6)
        if len(self.factors) < 2:
            return product
        return f"{cut([figures(factor, 6) for factor in self.factors], ' · ')} = {product}"


def paths(f: Value, x: Value) -> Iterator[Path]:
    """Every path from x to f, one at a time, in the order of the inputs. An edge used twice makes two paths.

    Source: exercises U1. There may be more paths than anyone can walk: see `count_paths`.

    >>> x, y, z = Value(1.0, "x"), Value(2.0, "y"), Value(0.0, "z")
    >>> f = (x * y + z) ** 2 + y
    >>> [path.product for path in paths(f, y)]
    [4.0, 1.0]
    """
    on_the_way = _between(f, x)
    if not on_the_way:
        return
    trail: list[Value] = [f]
    factors: list[float] = []
    ahead = [_edges(f, on_the_way)]  # for each node of the trail, the edges not yet taken
    while ahead:
        if trail[-1] is x:
            yield Path(tuple(reversed(trail)), tuple(reversed(factors)))
            step = None
        else:
            step = next(ahead[-1], None)
        if step is None:
            ahead.pop()
            trail.pop()
            if factors:
                factors.pop()
        else:
            node, factor = step
            trail.append(node)
            factors.append(factor)
            ahead.append(_edges(node, on_the_way))


def largest_paths(f: Value, x: Value) -> Iterator[Path]:
    """Every path from x to f, those with the largest |product| first (NaN before all), found without walking the rest.

    Best-first search: the largest product that can still be reached from a node down to x is known exactly.

    >>> x = Value(3.0)
    >>> [path.product for path in largest_paths(x + x * x + 0.5 * x, x)]
    [3.0, 3.0, 1.0, 0.5]
    """
    on_the_way = _between(f, x)
    reachable = {x: 1.0}  # the largest |product| of any path from x to the node
    for node in on_the_way:
        if node is not x:
            reachable[node] = max(size(factor * reachable[i]) for i, factor in _edges(node, reachable))
    if not on_the_way:
        return
    serial = 0  # breaks ties; the newest first, so that equal paths are finished one by one
    queue: list[tuple[float, int, Value, float, tuple[Value, float, object] | None]] = [(0.0, 0, f, 1.0, None)]
    while queue:
        _, _, node, weight, behind = heappop(queue)
        if node is x:
            yield _walked(x, behind)
            continue
        for i, factor in _edges(node, reachable):
            serial -= 1
            onward = weight * factor
            heappush(queue, (-size(onward * reachable[i]), serial, i, onward, (node, factor, behind)))


def count_paths(f: Value, x: Value) -> int:
    """How many paths lead from x to f: exact, in one pass over the graph, however many there are.

    >>> x = Value(1.0)
    >>> f = x
    >>> for _ in range(100):
    ...     f = f + f
    >>> count_paths(f, x) == 2**100
    True
    """
    on_the_way = _between(f, x)
    counts = {f: 1}
    for node in reversed(on_the_way):
        count = counts.pop(node)  # dropped once used: the numbers may be long
        if node is x:
            return count
        for i, _ in _edges(node, on_the_way):
            counts[i] = counts.get(i, 0) + count
    return 0


def path_sum(f: Value, x: Value) -> float:
    """Σ over the paths from x to f of their products, walked one by one: what backprop computes without walking.

    ValueError: there are more than a million of them.

    >>> x = Value(3.0)
    >>> path_sum(x * x * x, x)
    27.0
    """
    count = count_paths(f, x)
    if count > MOST:
        raise ValueError(f"{whole(count)} paths are too many to walk; gradient(f, x) gives their sum in one pass")
    if not count:
        return 0.0
    try:
        return math.fsum(path.product for path in paths(f, x))
    except ARITHMETIC_ERRORS:  # ∞ − ∞, or sums on the way that are too large: as plain floats have it
        return sum(path.product for path in paths(f, x))


def _between(f: Value, x: Value) -> dict[Value, None]:
    """The nodes on some path from x to f, in topological order; empty if there is no path."""
    require_value(f, "f")
    require_value(x, "x")
    found: dict[Value, None] = {}
    for node in topological_order(f):
        if node is x or any(i in found for i in node.inputs):
            found[node] = None
    return found if f in found else {}


def _edges(node: Value, among: dict[Value, None] | dict[Value, float]) -> Iterator[tuple[Value, float]]:
    for i, factor in zip(node.inputs, node.local_derivatives, strict=True):
        if factor is not None and isinstance(i, Value) and i in among:
            yield i, factor


def size(product: float) -> float:
    """|product|, and infinity for NaN: trouble comes first."""
    return math.inf if product != product else abs(product)


def _walked(x: Value, behind: tuple[Value, float, object] | None) -> Path:
    nodes, factors = [x], []
    while behind is not None:
        node, factor, behind = behind  # type: ignore[assignment]  # a linked list, whose type mypy cannot write
        nodes.append(node)
        factors.append(factor)
    return Path(tuple(nodes), tuple(factors))
