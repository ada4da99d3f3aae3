"""Framing: a part of the drawing that was placed on its own is put behind a border and taken into what is around it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from autograd.layout.curves import Point
from autograd.layout.nesting import Size

PAD = 9.0  # distance of a frame from what it holds
TITLE_PAD = 5.0  # distance of a title from its frame and from the edges that run past it

Corners = tuple[Point, Point]


@dataclass
class Placed:
    """A part of a drawing, its (depth, cross) from 0 up: nodes, routes, labels and frames by their numbers.

    entering and leaving tell where, across, an edge crosses the border.
    """

    centers: dict[int, Point]
    routes: dict[int, list[Point]]
    labels: dict[int, Point]
    depth: float
    breadth: float = 0.0
    entering: dict[int, float] = field(default_factory=dict)
    leaving: dict[int, float] = field(default_factory=dict)
    frames: dict[int, Corners] = field(default_factory=dict)
    titles: dict[int, Point] = field(default_factory=dict)
    title: Point = (0.0, 0.0)

    def shift(self, depth: float, cross: float) -> None:
        """Move everything."""

        def moved(point: Point) -> Point:
            return (point[0] + depth, point[1] + cross)

        self.centers = {node: moved(point) for node, point in self.centers.items()}
        self.routes = {edge: [moved(point) for point in route] for edge, route in self.routes.items()}
        self.labels = {edge: moved(point) for edge, point in self.labels.items()}
        self.frames = {number: (moved(low), moved(high)) for number, (low, high) in self.frames.items()}
        self.titles = {number: moved(point) for number, point in self.titles.items()}
        self.entering = {edge: at + cross for edge, at in self.entering.items()}
        self.leaving = {edge: at + cross for edge, at in self.leaving.items()}
        self.title = moved(self.title)

    def normal(self, low: float, high: float) -> "Placed":
        """Return it moved so that what lay at `low` lies at 0 across."""
        self.shift(0.0, -low)
        self.breadth = high - low
        return self

    def take(self, number: int, content: "Placed", depth: float, cross: float) -> None:
        """Put the content of frame `number` where the frame begins, and join the routes that cross its border."""
        content.shift(depth, cross)
        self.centers |= content.centers
        self.labels |= content.labels
        self.frames |= content.frames
        self.titles |= content.titles
        self.frames[number] = ((depth, cross), (depth + content.depth, cross + content.breadth))
        self.titles[number] = content.title
        for edge, route in content.routes.items():
            if edge in content.leaving:
                self.routes[edge] = route + self.routes[edge][1:]
            elif edge in content.entering:
                self.routes[edge] = self.routes[edge] + route[1:]
            else:
                self.routes[edge] = route


def framed(content: Placed, title: Size, rankdir: str) -> Placed:
    """Return the content with a border around it, and on the page above it the room for a title.

    Where edges run down or up, they pass beside the title.
    """
    width, height = title
    strip = height + TITLE_PAD if width else 0.0
    level = rankdir in ("LR", "RL")
    before = PAD + (strip if rankdir == "TB" else 0.0)
    after = PAD + (strip if rankdir == "BT" else 0.0)
    content.shift(before, PAD + (strip if level else 0.0))
    end = content.depth + before
    content.depth = end + after
    content.breadth += 2 * PAD + (strip if level else 0.0)
    if level:
        content.depth = max(content.depth, width + 2 * TITLE_PAD)
        along = TITLE_PAD + width / 2
        along = along if rankdir == "LR" else content.depth - along
        content.title = (along, TITLE_PAD + height / 2)
    else:
        passing = content.entering if rankdir == "TB" else content.leaving
        left = _free(passing.values(), width, content.breadth)
        content.breadth = max(content.breadth, left + width + TITLE_PAD)
        along = TITLE_PAD + height / 2
        along = along if rankdir == "TB" else content.depth - along
        content.title = (along, left + width / 2)
    for edge, at in content.entering.items():
        content.routes[edge] = [*_straight(0.0, before, at), *content.routes[edge][1:]]
    for edge, at in content.leaving.items():
        content.routes[edge] = [*content.routes[edge], *_straight(end, content.depth, at)[1:]]
    return content


def _free(passing: Iterable[float], width: float, breadth: float) -> float:
    """Return where a title of that width can begin without being crossed: as far left as it can."""
    left = TITLE_PAD
    for at in sorted(passing):
        if at - TITLE_PAD >= left + width:
            break
        left = max(left, at + TITLE_PAD)
    return left


def _straight(start: float, end: float, at: float) -> list[Point]:
    third = (end - start) / 3
    return [(start, at), (start + third, at), (end - third, at), (end, at)]
