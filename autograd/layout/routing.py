"""Routing: the free corridor of each edge, column by column, and the curve through it."""

from collections.abc import Sequence
from itertools import pairwise

from autograd.layout.curves import Point, Window, fit_curve
from autograd.layout.depths import Span
from autograd.layout.layers import Layers


def route_edges(
    layers: Layers,
    at: Sequence[float],
    boxes: Sequence[Span],
    spans: Sequence[Span],
    ports: tuple[Sequence[float], Sequence[float]],
    clearance: float,
) -> list[list[Point]]:
    """Return for each edge a Bezier path of (depth, cross) points from its tail's border to its head's.

    at is the coordinate of each item across the columns, boxes the extent of its box there, spans its
    extent in depth, ports where each edge starts and ends; clearance is the distance from passed boxes.
    """
    depths = [_column_depth(column, spans) for column in layers.columns]
    column_of = [0] * len(at)
    for number, column in enumerate(layers.columns):
        for item in column:
            column_of[item] = number
    corridors = _corridors(layers, at, boxes, clearance)
    routes = []
    for edge, chain in enumerate(layers.chains):
        start = (spans[chain[0]][1], ports[0][edge])
        end = (spans[chain[-1]][0], ports[1][edge])
        windows: list[Window] = []
        for item in chain:
            low, high = corridors[item]
            stops = set(depths[column_of[item]])
            if item in layers.label:  # the edge runs straight along its own label
                windows += [(depth, at[item], at[item], at[item]) for depth in spans[item]]
                stops -= set(spans[item])
            best = start[1] if item == chain[0] else end[1] if item == chain[-1] else at[item]
            windows += [(depth, low, high, best) for depth in stops]
        inside = sorted(window for window in windows if start[0] < window[0] < end[0])
        routes.append(fit_curve(start, end, inside))
    return routes


def _column_depth(column: Sequence[int], spans: Sequence[Span]) -> Span:
    """Return the depths between which the column lies."""
    return min(spans[item][0] for item in column), max(spans[item][1] for item in column)


def _corridors(layers: Layers, at: Sequence[float], boxes: Sequence[Span], clearance: float) -> list[Span]:
    """Return the interval in which an edge may pass each item's column.

    It ends at the box of a neighbour, or halfway to the neighbour where that is only a passing edge, so
    that edges cannot change their order inside a column.
    """
    far = float("inf")
    corridors = [(-far, far)] * len(at)
    for column in layers.columns:
        borders = [-far]
        for first, second in pairwise(column):
            solid_first = boxes[first][0] < boxes[first][1]
            solid_second = boxes[second][0] < boxes[second][1]
            upper = max(boxes[first][1], at[first])
            lower = min(boxes[second][0], at[second])
            middle = (upper + lower) / 2
            keep = min(clearance, (lower - upper) / 2)
            # An edge may come near to a box, but only halfway to another edge.
            borders += [
                lower - keep if solid_second else middle,
                upper + keep if solid_first else middle,
            ]
        borders.append(far)
        for i, item in enumerate(column):
            corridors[item] = (borders[2 * i], borders[2 * i + 1])
    return corridors
