"""Drawing: the steps of the layout in their order, from ranks to points on the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograd.layout.columns import arranged
from autograd.layout.coordinates import Extent, cross_coordinates
from autograd.layout.curves import Point
from autograd.layout.depths import depth_spans
from autograd.layout.framing import Placed, framed
from autograd.layout.graph import Edge
from autograd.layout.nesting import PAGE, Frame, Level, Size, levels
from autograd.layout.ports import edges_in_order, place_ports
from autograd.layout.routing import route_edges

MARGIN = 8.0  # free space around the drawing
LABEL_PAD = 3.0  # distance of a label from its edge
CLEARANCE = 0.4  # distance of an edge from a box it passes, as a share of the node gap
EDGE_ROOM = 0.25  # room of a passing edge to each side, as a share of the node gap; a node has 0.5

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Layout:
    """Places of a drawing, in points, with x to the right and y downwards.

    Each route holds 1 + 3k points: a start, then two control points and an end for each cubic Bezier piece. Each of
    `frames` is (left, top, right, bottom).
    """

    centers: tuple[Point, ...]
    routes: tuple[tuple[Point, ...], ...]
    label_centers: tuple[Point | None, ...]
    width: float
    height: float
    frames: tuple[Box, ...] = ()
    title_centers: tuple[Point, ...] = ()


def draw(
    sizes: Sequence[Size],
    edges: Sequence[Edge],
    labels: Sequence[Size | None],
    frames: Sequence[Frame],
    rankdir: str,
    gaps: tuple[float, float],
) -> Layout:
    """Return the layout; gaps are those between ranks and nodes.

    Inside, "depth" runs along the edges and "cross" across them, whatever the direction on the page.
    """
    level = rankdir in ("LR", "RL")
    page = _Drawing(sizes, labels, frames, levels(len(sizes), edges, frames), rankdir, gaps).placed(PAGE, [], [])

    def on_page(point: Point) -> Point:
        along, across = point[0], point[1] + MARGIN
        along = MARGIN + (along if rankdir in ("LR", "TB") else page.depth - along)
        return (along, across) if level else (across, along)

    def box(number: int) -> Box:
        (left, top), (right, bottom) = map(on_page, page.frames[number])
        return (min(left, right), min(top, bottom), max(left, right), max(top, bottom))

    extent = (page.depth + 2 * MARGIN, page.breadth + 2 * MARGIN)
    return Layout(
        tuple(on_page(page.centers[node]) for node in range(len(sizes))),
        tuple(tuple(on_page(point) for point in page.routes[edge]) for edge in range(len(edges))),
        tuple(on_page(page.labels[edge]) if edge in page.labels else None for edge in range(len(edges))),
        *(extent if level else extent[::-1]),
        tuple(box(number) for number in range(len(frames))),
        tuple(on_page(page.titles[number]) for number in range(len(frames))),
    )


class _Drawing:
    """What is to be drawn; `placed` draws one level of it, and for that the frames that stand in it."""

    def __init__(
        self,
        sizes: Sequence[Size],
        labels: Sequence[Size | None],
        frames: Sequence[Frame],
        nest: dict[int, Level],
        rankdir: str,
        gaps: tuple[float, float],
    ) -> None:
        self.sizes, self.labels, self.frames, self.nest = sizes, labels, frames, nest
        self.rankdir, self.gaps, self.level = rankdir, gaps, rankdir in ("LR", "RL")

    def placed(self, number: int, entering: Sequence[int], leaving: Sequence[int]) -> Placed:
        """Return the drawing of what stands in a frame; entering and leaving are the edges that cross it, in the order
        in which they do."""
        here = self.nest[number]
        count = len(here.nodes) + len(here.frames)
        into = [(edge, count + i, here.entering[edge]) for i, edge in enumerate(entering)]
        out = [(edge, here.leaving[edge], count + len(into) + i) for i, edge in enumerate(leaving)]
        steps = sorted([*here.edges, *into, *out])
        edges = [(tail, head) for _, tail, head in steps]
        numbers = [edge for edge, _, _ in steps]
        labels = [None if edge in here.entering or edge in here.leaving else self.labels[edge] for edge in numbers]
        labelled = [i for i, label in enumerate(labels) if label is not None]
        layers = arranged(count, len(into), len(out), edges, labelled)

        arriving, departing = edges_in_order(layers)
        inner = {
            place: framed(
                self.placed(
                    frame, [numbers[i] for i in arriving.get(place, ())], [numbers[i] for i in departing.get(place, ())]
                ),
                self.frames[frame].title,
                self.rankdir,
            )
            for place, frame in enumerate(here.frames, len(here.nodes))
        }

        # Thickness along the depth, and the box relative to the item's coordinate across it. The edge of a
        # labelled item runs below its label, or to the left of it if the edges run up or down.
        thickness = [0.0] * len(layers.before)
        boxes: list[Extent] = [(0.0, 0.0)] * len(layers.before)
        room = [EDGE_ROOM * self.gaps[1]] * len(layers.before)
        for place in range(count):
            if place in inner:
                thickness[place], breadth = inner[place].depth, inner[place].breadth
            else:
                size = self.sizes[here.nodes[place]]
                thickness[place], breadth = size if self.level else size[::-1]
            boxes[place] = (-breadth / 2, breadth / 2)
            room[place] = self.gaps[1] / 2
        for item, i in layers.label.items():
            size = labels[i] or (0.0, 0.0)
            thickness[item], breadth = size if self.level else size[::-1]
            boxes[item] = (-LABEL_PAD - breadth, -LABEL_PAD) if self.level else (LABEL_PAD, LABEL_PAD + breadth)

        extents = [(room[i] - min(box[0], 0.0), room[i] + max(box[1], 0.0)) for i, box in enumerate(boxes)]
        flat = depth_spans(layers, [0.0] * len(extents), thickness, self.gaps[0], {})
        at = cross_coordinates(layers, extents, max((span[1] for span in flat), default=0.0))
        boxes = [(at[i] + low, at[i] + high) for i, (low, high) in enumerate(boxes)]
        breadths = [high - low for low, high in boxes[: layers.nodes]]
        fixed = {
            (place, i): boxes[place][0] + ports[numbers[i]]
            for place, content in inner.items()
            for of_place, ports in ((arriving, content.entering), (departing, content.leaving))
            for i in of_place.get(place, ())
        }
        spans = depth_spans(layers, at, thickness, self.gaps[0], fixed)
        ports = place_ports(layers, at, breadths, fixed)
        routes = route_edges(layers, at, boxes, spans, ports, CLEARANCE * self.gaps[1])

        centers = [((spans[i][0] + spans[i][1]) / 2, (boxes[i][0] + boxes[i][1]) / 2) for i in range(len(at))]
        result = Placed(
            {node: centers[place] for place, node in enumerate(here.nodes)},
            dict(zip(numbers, routes, strict=True)),
            {numbers[i]: centers[item] for item, i in layers.label.items()},
            max((span[1] for span in spans), default=0.0),
            entering={edge: at[count + i] for i, edge in enumerate(entering)},
            leaving={edge: at[count + len(into) + i] for i, edge in enumerate(leaving)},
        )
        cross = [value for box in boxes for value in box] + [point[1] for route in routes for point in route]
        for place, content in inner.items():
            result.take(here.frames[place - len(here.nodes)], content, spans[place][0], boxes[place][0])
        return result.normal(min(cross, default=0.0), max(cross, default=0.0))
