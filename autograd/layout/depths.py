"""Depths: where the columns stand one behind the other, with more room where edges would be steep."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from autograd.layout.layers import Layers

Span = tuple[float, float]
Ends = Mapping[tuple[int, int], float]

STEEP = 0.25  # a gap is at least this share of the way edges go across in it ...
MOST = 2.0  # ... up to this multiple of the rank gap,
MOST_AT_FRAMES = 4.0  # or this one, where edges go to their places on the side of a frame
LEAST = 0.3  # share of the rank gap at either side of a column of labels


def depth_spans(layers: Layers, at: Sequence[float], thickness: Sequence[float], gap: float, ends: Ends) -> list[Span]:
    """Return the extent of each item in depth; items stand in the middle of their column.

    ends tells where edges leave and enter frames, by frame and edge; others do so where their items stand.
    """
    spans: list[Span] = [(0.0, 0.0)] * len(thickness)
    depth = 0.0
    for column, space in zip(layers.columns, _spaces(layers, at, gap, ends), strict=True):
        widest = max(thickness[item] for item in column)
        for item in column:
            size = thickness[item]
            if item >= layers.nodes and item not in layers.label:
                size = widest
            spans[item] = (depth + (widest - size) / 2, depth + (widest + size) / 2)
        depth += widest + space
    return spans


def _spaces(layers: Layers, at: Sequence[float], gap: float, ends: Ends) -> list[float]:
    """Return the free space behind each column: wider where edges would be steep.

    A column of labels stands in the gap between two columns of nodes and divides it.
    """
    column_of = [0] * len(at)
    for number, column in enumerate(layers.columns):
        for item in column:
            column_of[item] = number
    steps = [0.0] * len(layers.columns)
    most = [MOST * gap] * len(layers.columns)
    for edge, chain in enumerate(layers.chains):
        for item, other in pairwise(chain):
            number = column_of[item]
            step = abs(ends.get((item, edge), at[item]) - ends.get((other, edge), at[other]))
            steps[number] = max(steps[number], step)
            if (item, edge) in ends or (other, edge) in ends:
                most[number] = MOST_AT_FRAMES * gap
    spaces: list[float] = []
    for number in range(len(layers.columns)):
        wish = min(LEAST * gap + steps[number] * STEEP, most[number])
        shared = number in layers.label_columns or number + 1 in layers.label_columns
        spaces.append(max(wish, LEAST * gap if shared else gap))
        if number in layers.label_columns:
            missing = gap - spaces[-1] - spaces[-2]
            if missing > 0:
                spaces[-2:] = [space + missing / 2 for space in spaces[-2:]]
    return spaces
