"""Coordinates across the columns: the balanced mean of four extreme layouts (Brandes and Koepf 2002)."""

from collections.abc import Sequence
from itertools import pairwise

from autograd.layout.alignment import align, mark_conflicts
from autograd.layout.compaction import compact
from autograd.layout.layers import Layers
from autograd.layout.relaxing import relax
from autograd.layout.snapping import snap
from autograd.layout.squeeze import squeeze
from autograd.layout.straighten import straighten

Extent = tuple[float, float]


def cross_coordinates(layers: Layers, extents: Sequence[Extent], depth: float) -> list[float]:
    """Return the coordinate of each item across the columns.

    extents is the room each item needs before and after its coordinate, its share of the gap included;
    depth is about the extent of the drawing in the other direction.
    """
    place = layers.positions()
    conflicts = mark_conflicts(layers.columns, layers.before, place, layers.nodes)
    last = max(place, default=0)
    mirror = [last - p for p in place]
    layouts = []
    for towards_first in (False, True):
        near = layers.after if towards_first else layers.before
        for mirrored in (False, True):
            columns = [column[::-1] if mirrored else column for column in layers.columns]
            swept = columns[::-1] if towards_first else columns
            block = align(swept, near, mirror if mirrored else place, conflicts)
            at = compact(columns, block, _distances(columns, extents, mirrored))
            layouts.append([-x for x in at] if mirrored else at)
    result = _balance(layouts, extents)
    distance = _distances(layers.columns, extents, False)
    if squeeze(layers.columns, result, distance, depth):
        relax(layers, result, distance)
    snap(layers, result, distance)
    straighten(layers, result, distance)
    return result


def _distances(columns: Sequence[Sequence[int]], extents: Sequence[Extent], mirrored: bool) -> list[float]:
    """Return for each item its least distance from the item before it in its column."""
    after, before = (0, 1) if mirrored else (1, 0)
    distance = [0.0] * len(extents)
    for column in columns:
        for first, second in pairwise(column):
            distance[second] = extents[first][after] + extents[second][before]
    return distance


def _balance(layouts: list[list[float]], extents: Sequence[Extent]) -> list[float]:
    """Shift the layouts onto the narrowest one and return the mean of the two middle values per item."""
    bounds = []
    for at in layouts:
        low = min((x - extent[0] for x, extent in zip(at, extents, strict=True)), default=0.0)
        high = max((x + extent[1] for x, extent in zip(at, extents, strict=True)), default=0.0)
        bounds.append((low, high))
    low, high = min(bounds, key=lambda bound: bound[1] - bound[0])
    shifted = []
    for number, at in enumerate(layouts):
        # Layouts packed towards the far side (every second one) are aligned at that side.
        shift = high - bounds[number][1] if number % 2 else low - bounds[number][0]
        shifted.append([x + shift for x in at])
    result = []
    for values in zip(*shifted, strict=True):
        middle = sorted(values)
        result.append((middle[1] + middle[2]) / 2)
    return result
