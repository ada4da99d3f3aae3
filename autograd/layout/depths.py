"""Depths: where the columns stand one behind the other, with more room where edges would be steep."""

from collections.abc import Sequence

from autograd.layout.layers import Layers

Span = tuple[float, float]

STEEP = 0.25  # a gap is at least this share of the way edges go across in it ...
MOST = 2.0  # ... up to this multiple of the rank gap
LEAST = 0.3  # share of the rank gap at either side of a column of labels


def depth_spans(layers: Layers, at: Sequence[float], thickness: Sequence[float], gap: float) -> list[Span]:
    """Return the extent of each item in depth; items stand in the middle of their column."""
    spans: list[Span] = [(0.0, 0.0)] * len(thickness)
    depth = 0.0
    for column, space in zip(layers.columns, _spaces(layers, at, gap), strict=True):
        widest = max(thickness[item] for item in column)
        for item in column:
            size = thickness[item]
            if item >= layers.nodes and item not in layers.label:
                size = widest
            spans[item] = (depth + (widest - size) / 2, depth + (widest + size) / 2)
        depth += widest + space
    return spans


def _spaces(layers: Layers, at: Sequence[float], gap: float) -> list[float]:
    """Return the free space behind each column: wider where edges would be steep.

    A column of labels stands in the gap between two columns of nodes and divides it.
    """
    spaces = []
    for number, column in enumerate(layers.columns):
        steps = [abs(at[item] - at[other]) for item in column for other in layers.after[item]]
        wish = min(LEAST * gap + max(steps, default=0.0) * STEEP, MOST * gap)
        shared = number in layers.label_columns or number + 1 in layers.label_columns
        spaces.append(max(wish, LEAST * gap if shared else gap))
        if number in layers.label_columns:
            missing = gap - spaces[-1] - spaces[-2]
            if missing > 0:
                spaces[-2:] = [space + missing / 2 for space in spaces[-2:]]
    return spaces
