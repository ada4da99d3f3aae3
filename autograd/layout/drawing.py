"""Drawing: the steps of the layout in their order, from ranks to points on the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograd.layout.coordinates import Extent, cross_coordinates
from autograd.layout.curves import Point
from autograd.layout.depths import depth_spans
from autograd.layout.graph import Edge, connected_parts
from autograd.layout.layers import Layers, build_layers, insert_label_columns
from autograd.layout.ordering import order_columns
from autograd.layout.ports import place_ports
from autograd.layout.ranks import assign_ranks
from autograd.layout.routing import route_edges

Size = tuple[float, float]

MARGIN = 8.0  # free space around the drawing
LABEL_PAD = 3.0  # distance of a label from its edge
CLEARANCE = 0.4  # distance of an edge from a box it passes, as a share of the node gap
EDGE_ROOM = 0.25  # room of a passing edge to each side, as a share of the node gap; a node has 0.5


@dataclass(frozen=True)
class Layout:
    """Places of a drawing, in points, with x to the right and y downwards.

    Each route holds 1 + 3k points: a start, then two control points and an end for each cubic Bezier piece.
    """

    centers: tuple[Point, ...]
    routes: tuple[tuple[Point, ...], ...]
    label_centers: tuple[Point | None, ...]
    width: float
    height: float


def draw(
    sizes: Sequence[Size],
    edges: Sequence[Edge],
    labels: Sequence[Size | None],
    order: Sequence[int],
    rankdir: str,
    gaps: tuple[float, float],
) -> Layout:
    """Return the layout; order lists the nodes topologically, gaps are those between ranks and nodes.

    Inside, "depth" runs along the edges and "cross" across them, whatever the direction on the page.
    """
    level = rankdir in ("LR", "RL")
    parts = connected_parts(len(sizes), edges)
    layers = _layers(order, edges, labels, parts)

    # Thickness along the depth, and the box relative to the item's coordinate across it. The edge of a
    # labelled item runs below its label, or to the left of it if the edges run up or down.
    thickness = [0.0] * len(layers.before)
    boxes: list[Extent] = [(0.0, 0.0)] * len(layers.before)
    room = [EDGE_ROOM * gaps[1]] * len(layers.before)
    for node, size in enumerate(sizes):
        thickness[node], breadth = size if level else size[::-1]
        boxes[node] = (-breadth / 2, breadth / 2)
        room[node] = gaps[1] / 2
    for item, edge in layers.label.items():
        size = labels[edge] or (0.0, 0.0)
        thickness[item], breadth = size if level else size[::-1]
        boxes[item] = (-LABEL_PAD - breadth, -LABEL_PAD) if level else (LABEL_PAD, LABEL_PAD + breadth)

    extents = [(room[i] - min(box[0], 0.0), room[i] + max(box[1], 0.0)) for i, box in enumerate(boxes)]
    flat = depth_spans(layers, [0.0] * len(extents), thickness, gaps[0])
    at = cross_coordinates(layers, extents, max((span[1] for span in flat), default=0.0))
    boxes = [(at[i] + low, at[i] + high) for i, (low, high) in enumerate(boxes)]
    spans = depth_spans(layers, at, thickness, gaps[0])
    breadths = [high - low for low, high in boxes[: len(sizes)]]
    ports = place_ports(layers, at, breadths)
    routes = route_edges(layers, at, boxes, spans, ports, CLEARANCE * gaps[1])

    centers = [((spans[i][0] + spans[i][1]) / 2, (boxes[i][0] + boxes[i][1]) / 2) for i in range(len(at))]
    cross = [value for box in boxes for value in box] + [point[1] for route in routes for point in route]
    low, high = min(cross, default=0.0), max(cross, default=0.0)
    depth = max((span[1] for span in spans), default=0.0)

    def on_page(point: Point) -> Point:
        along, across = point[0], point[1] - low + MARGIN
        along = MARGIN + (along if rankdir in ("LR", "TB") else depth - along)
        return (along, across) if level else (across, along)

    item_of = {edge: item for item, edge in layers.label.items()}
    extent = (depth + 2 * MARGIN, high - low + 2 * MARGIN)
    return Layout(
        tuple(on_page(center) for center in centers[: len(sizes)]),
        tuple(tuple(on_page(point) for point in route) for route in routes),
        tuple(on_page(centers[item_of[edge]]) if edge in item_of else None for edge in range(len(edges))),
        *(extent if level else extent[::-1]),
    )


def _layers(
    order: Sequence[int], edges: Sequence[Edge], labels: Sequence[Size | None], parts: Sequence[Sequence[int]]
) -> Layers:
    """Return the ordered layers of the graph, label columns included."""
    part_of = {node: number for number, part in enumerate(parts) for node in part}
    members: list[list[int]] = [[] for _ in parts]
    inner: list[list[Edge]] = [[] for _ in parts]
    for node in order:
        members[part_of[node]].append(node)
    for edge in edges:
        inner[part_of[edge[0]]].append(edge)
    ranks = [0] * len(order)
    for nodes, own_edges in zip(members, inner, strict=True):
        for node, rank in assign_ranks(nodes, own_edges).items():
            ranks[node] = rank
    layers = build_layers(ranks, edges)
    order_columns(layers, parts)
    labelled = [edge for edge, label in enumerate(labels) if label is not None]
    return insert_label_columns(layers, ranks, labelled)
