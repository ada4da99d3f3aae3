"""Paths on top of a picture: as wide as they contribute, each in its colour, with its product in the legend."""

from __future__ import annotations

from itertools import islice

from .chain_rule import gradient
from .extended import same
from .graph import topological_order
from .labels import cut, whole
from .op import described
from .paths import Path, count_paths, largest_paths, size
from .value import Value
from .wording import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .picture import Edge, Picture
    from .wording import Wording

THICKEST, THINNEST = 8.0, 1.2  # points: all the paths on one edge together at the most, one path at the least
# characters of a line of the legend, and of a path and a product that are written out
LONGEST, PATH, PRODUCT = 156, 80, 64


class Overlay:
    """Some paths of a graph, the largest contribution first, and what is to be said of the others.

    >>> x = Value(3.0, "x")
    >>> Overlay.of_largest([x * x + x], x, 2).rest
    '… and 1 more, together 1'
    """

    def __init__(self, paths: Sequence[Path], rest: str = "", head: str = "") -> None:
        self.paths = sorted(paths, key=lambda path: -size(path.product))
        self.rest, self.head = rest, head

    @classmethod
    def of_path(cls, outputs: Sequence[Value], path: object) -> Overlay:
        """One path. ValueError: it is not of this graph."""
        if not isinstance(path, Path):
            raise TypeError(f"expected a path, as paths(f, x) gives them, got {described(path)}")
        nodes = set(topological_order(*outputs))
        missing = next((node for node in path.nodes if node not in nodes), None)
        if missing is not None:
            raise ValueError(
                f"the path {shown(path)} is not of this graph: {named(missing)} is not a node of what is drawn; "
                "take one of paths(f, x) for the f that you draw"
            )
        edges_of(path)
        return cls([path])

    @classmethod
    def of_largest(cls, outputs: Sequence[Value], x: object, top: int, wording: Wording | None = None) -> Overlay:
        """The `top` largest of the paths from x to the one output. ValueError: there is none, or several outputs."""
        from .wording import Wording

        write = (wording or Wording()).number
        if not isinstance(x, Value):
            raise TypeError(f"expected a Value as paths_from, got {described(x)}")
        if not isinstance(top, int) or isinstance(top, bool) or top < 1:
            raise ValueError(f"top is how many paths to show, a whole number from 1 up; got {top!r}")
        if len(outputs) != 1:
            raise ValueError(f"paths_from takes one output, and there are {len(outputs)}; draw one of them")
        (f,) = outputs
        count = count_paths(f, x)
        if not count:
            raise ValueError(f"there is no path from {named(x)}: what is drawn does not depend on it")
        paths = list(islice(largest_paths(f, x), top))
        total: float = gradient(f, x)
        found = cls(paths)
        left = count - len(paths)
        if left:
            together = total - sum(path.product for path in paths)
            found.rest = f"… and {whole(left)} more, together {write(together)}"
        found.head = f"{whole(count)} path{'s' * (count > 1)}, sum {write(total)}"
        return found

    def lay(self, picture: Picture) -> None:
        """Give the picture's arrows the paths that run along them, and the picture a legend."""
        on: dict[int, list[int]] = {}
        alike: dict[tuple[object, ...], int] = {}
        for number, path in enumerate(self.paths, 1):
            key = (path.nodes, path.factors)
            alike[key] = turn = alike.get(key, -1) + 1
            for edge in edges_of(path, turn):
                if edge in picture.edges and number not in (numbers := on.setdefault(picture.edges[edge], [])):
                    numbers.append(number)
        widths = self._widths(list(on.values()))
        write = picture.wording.number
        for i, arrow in enumerate(picture.arrows):
            numbers = on.get(i, [])
            arrow.strokes = tuple((number, widths[number - 1]) for number in numbers)
            if numbers:
                few = numbers if len(numbers) <= 4 else [*numbers[:3], "…"]
                which = f"#{','.join(map(str, few))}"
                arrow.label = f"{which}: {arrow.label}" if arrow.label else which
        if self.head:
            x, f = self.paths[0].nodes[0], self.paths[0].nodes[-1]
            picture.legend.append((None, f"∂{picture.called(f)}/∂{picture.called(x)}: {self.head}"))
        steps = [_steps(path, picture.called) for path in self.paths]
        ways = [_joined(names, " → ", PATH) for names, _ in steps]
        products = [
            _product(factors, path.product, write) for (_, factors), path in zip(steps, self.paths, strict=True)
        ]
        room = max(LONGEST - max(map(len, products)), 20)
        ways = [way if len(way) <= room else way[: room - 1] + "…" for way in ways]
        wide = max(map(visible, ways))
        for number, (way, product) in enumerate(zip(ways, products, strict=True), 1):
            gap = "\u00a0" * (3 + wide - visible(way))
            picture.legend.append((number, f"#{number}\u00a0 {way}{gap}{product}"))
        if self.rest:
            picture.legend.append((None, self.rest))

    def _widths(self, shared: Sequence[Sequence[int]]) -> list[float]:
        """A width for each path, in proportion to its |product| where that is not too thin."""
        finite = [min(size(path.product), 1e300) for path in self.paths]
        largest = max(finite, default=0.0) or 1.0
        shares = [x / largest for x in finite]
        most = max((sum(shares[i - 1] for i in numbers) for numbers in shared), default=1.0) or 1.0
        scale = min(THICKEST / most, THICKEST / 2)
        return [max(scale * share, THINNEST) for share in shares]


def _steps(path: Path, called: Callable[[Value], str]) -> tuple[list[str], list[float]]:
    """The names of the path's nodes and its factors; steps within a box, under one name, are one."""
    names, factors = [called(path.nodes[0])], list[float]()
    for node, factor in zip(path.nodes[1:], path.factors, strict=True):
        name = called(node)
        if name == names[-1] and factors:
            factors[-1] *= factor
        else:
            names.append(name)
            factors.append(factor)
    return names, factors


def _joined(words: list[str], between: str, most: int) -> str:
    """All the words where they are short, else the first and the last."""
    text = between.join(words)
    return text if len(text) <= most else cut(words, between)


def _product(factors: Sequence[float], product: float, write: Callable[[float], str]) -> str:
    """`2 · 1 · 4 = 8`."""
    if len(factors) < 2:
        return write(product)
    return f"{_joined(list(map(write, factors)), ' · ', PRODUCT)} = {write(product)}"


def edges_of(path: Path, turn: int = 0) -> list[Edge]:
    """The edges of the path, each as its head and which input of that it is.

    Where a node uses one input several times, with one local derivative, several paths look alike; `turn` counts
    them. ValueError: some step is not an edge.

    >>> from autograd.paths import paths
    >>> x = Value(3.0)
    >>> [[k for _, k in edges_of(path, turn)] for turn, path in enumerate(paths(x * x, x))]
    [[0], [1]]
    """
    found = []
    for tail, head, factor in zip(path.nodes, path.nodes[1:], path.factors, strict=False):
        inputs = zip(head.inputs, head.local_derivatives, strict=True)
        places = [k for k, (x, local) in enumerate(inputs) if x is tail and same(local, factor)]
        if not places:
            raise ValueError(
                f"the path {shown(path)} is not of this graph: no edge with {factor!r} leads from {named(tail)} to "
                f"{named(head)}"
            )
        turn, which = divmod(turn, len(places))
        found.append((head, places[which]))
    return found


def named(node: Value) -> str:
    """What an error calls a node."""
    from .wording import printable

    return repr(printable(node.name)) if node.name else f"the unnamed {node.op.name if node.op else 'input'}"


def shown(path: Path) -> str:
    """What an error calls a path."""
    return f"of {len(path.factors)} steps from {named(path.nodes[0])} to {named(path.nodes[-1])}"
