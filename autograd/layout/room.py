"""Room: whether an item can move to another level between its two neighbours in the column."""

from collections.abc import Sequence
from itertools import pairwise

LEVEL = 1e-6  # levels that differ by less are equal up to rounding


class Room:
    """The free space of each item, as the coordinates `at` stand at the time of the question."""

    def __init__(self, columns: Sequence[Sequence[int]], at: Sequence[float], distance: Sequence[float]) -> None:
        self.at = at
        self.distance = distance
        self.low, self.high = min(at, default=0.0), max(at, default=0.0)
        self.previous = [-1] * len(at)
        self.following = [-1] * len(at)
        for column in columns:
            for first, second in pairwise(column):
                self.previous[second], self.following[first] = first, second

    def fits(self, item: int, level: float, slack: float = 0.0) -> bool:
        """Say whether the item, moved to the level, keeps its distances but for the slack."""
        before, after = self.previous[item], self.following[item]
        low = self.low if before < 0 else self.at[before] + self.distance[item]
        high = self.high if after < 0 else self.at[after] - self.distance[after]
        return low - slack <= level <= high + slack
