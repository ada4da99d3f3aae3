"""Compaction of blocks: the closest coordinates that keep the order and the distances in every column."""

from collections.abc import Sequence
from itertools import pairwise


def compact(columns: Sequence[Sequence[int]], block: Sequence[int], distance: Sequence[float]) -> list[float]:
    """Return a coordinate for each item, equal within a block.

    distance is, for each item, the least distance from the item before it in its column.

    >>> compact([[0, 1], [2, 3]], [0, 1, 1, 3], [0, 5, 0, 7])
    [0.0, 5.0, 5.0, 12.0]
    """
    gaps: dict[tuple[int, int], float] = {}
    for column in columns:
        for first, second in pairwise(column):
            pair = (block[first], block[second])
            gaps[pair] = max(gaps.get(pair, 0.0), distance[second])
    following: list[list[tuple[int, float]]] = [[] for _ in block]
    waiting = [0] * len(block)
    for (first, second), gap in gaps.items():
        following[first].append((second, gap))
        waiting[second] += 1
    at = [0.0] * len(block)
    order = [b for b in range(len(block)) if block[b] == b and not waiting[b]]
    for b in order:  # the list grows while it is read
        for other, gap in following[b]:
            at[other] = max(at[other], at[b] + gap)
            waiting[other] -= 1
            if not waiting[other]:
                order.append(other)
    # Everything now lies as low as possible; a block with room above moves up to what follows it, so
    # that the layout holds together instead of leaning on the lower edge.
    for b in reversed(order):
        if following[b]:
            at[b] = max(at[b], min(at[other] - gap for other, gap in following[b]))
    return [at[block[item]] for item in range(len(block))]
