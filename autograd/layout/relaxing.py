"""Relaxing: every item moves to the median level of its neighbours, as far as its column lets it."""

from collections.abc import Sequence

from autograd.layout.layers import Layers
from autograd.layout.spacing import space_out

PASSES = 24


def relax(layers: Layers, at: list[float], distance: Sequence[float]) -> None:
    """Shorten the edges across the columns in place, column by column, forwards and backwards in turn.

    distance is, for each item, the least distance from the item before it in its column. An item between
    its two middle neighbours is content, so that nodes centred over their inputs stay so.
    """
    low, high = min(at, default=0.0), max(at, default=0.0)
    for turn in range(PASSES):
        for column in layers.columns if turn % 2 == 0 else reversed(layers.columns):
            wishes = []
            for item in column:
                levels = sorted([at[other] for other in layers.before[item] + layers.after[item]])
                if levels:
                    middle = (len(levels) - 1) // 2
                    wishes.append(min(max(at[item], levels[middle]), levels[len(levels) // 2]))
                else:
                    wishes.append(at[item])
            places = space_out(wishes, [distance[item] for item in column[1:]], low, high)
            for item, place in zip(column, places, strict=True):
                at[item] = place
