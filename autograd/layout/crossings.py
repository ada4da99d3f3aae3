"""Crossings between neighbouring columns: counting them, and swapping neighbours to remove some."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Sequence

Columns = Sequence[Sequence[int]]
Neighbours = Sequence[Sequence[int]]


def count_crossings(columns: Columns, after: Neighbours, place: Sequence[int]) -> int:
    """Return the number of crossing pairs of steps between neighbouring columns.

    >>> count_crossings([[0, 1], [2, 3]], [[3], [2], [], []], [0, 1, 0, 1])
    1
    """
    total = 0
    for column in columns:
        seen: list[int] = []
        for item in column:
            for target in sorted([place[other] for other in after[item]]):
                total += len(seen) - bisect_right(seen, target)
                insort(seen, target)
    return total


def _gain(first: list[int], second: list[int]) -> int:
    """Return how many crossings vanish when the owner of `first` moves behind the owner of `second`."""
    if len(first) == 1 == len(second):  # by far the most frequent case
        return (first[0] > second[0]) - (first[0] < second[0])
    gain = 0
    for target in first:
        gain += bisect_left(second, target) - (len(second) - bisect_right(second, target))
    return gain


def transpose(
    columns: list[list[int]], before: Neighbours, after: Neighbours, place: list[int], fixed: Collection[int] = ()
) -> int:
    """Swap neighbours in the columns that are not fixed while that removes crossings; return how many were removed."""
    removed = 0
    stale = [rank not in fixed for rank in range(len(columns))]
    while any(stale):
        for rank, column in enumerate(columns):
            if not stale[rank]:
                continue
            stale[rank] = False
            behind = [sorted([place[other] for other in before[item]]) for item in column]
            ahead = [sorted([place[other] for other in after[item]]) for item in column]
            changed = False
            for i in range(len(column) - 1):
                j = i + 1
                gain = _gain(behind[i], behind[j]) + _gain(ahead[i], ahead[j])
                if gain > 0:
                    removed += gain
                    changed = True
                    column[i], column[j] = column[j], column[i]
                    behind[i], behind[j] = behind[j], behind[i]
                    ahead[i], ahead[j] = ahead[j], ahead[i]
                    place[column[i]], place[column[j]] = i, j
            if changed:
                for near in range(max(rank - 1, 0), min(rank + 2, len(columns))):
                    stale[near] = near not in fixed
    return removed
