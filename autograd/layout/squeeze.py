"""Squeezing: a drawing much taller than its fullest column needs is pressed together."""

from collections.abc import Sequence

from autograd.layout.spacing import space_out

SPREAD = 2.0  # a drawing may be this much larger, across the columns, than its fullest column ...
FLAT = 2 / 3  # ... or this share of its depth: the shape of a landscape page


def squeeze(columns: Sequence[Sequence[int]], at: list[float], distance: Sequence[float], depth: float) -> bool:
    """Scale the coordinates down in place if they spread too far, keeping the distances; say if so.

    distance is, for each item, the least distance from the item before it in its column; depth is the
    extent of the drawing in the other direction. Straight blocks can force one another apart without
    end; scaling keeps what is level level, except where a column is full.
    """
    fullest = max((sum(distance[item] for item in column) for column in columns), default=0.0)
    low, high = min(at, default=0.0), max(at, default=0.0)
    allowed = max(SPREAD * fullest, FLAT * depth)
    if high - low <= allowed:
        return False
    scale = allowed / (high - low)
    for column in columns:
        wishes = [(at[item] - low) * scale for item in column]
        places = space_out(wishes, [distance[item] for item in column[1:]], 0.0, allowed)
        for item, place in zip(column, places, strict=True):
            at[item] = place
    return True
