"""Splits: training, validation and test parts, at random, with each class keeping its share if asked to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import Any

from .initializers import Rng
from .rows import Data, finite, listed, paired, shuffled

OUTSIDE = 1000.0  # for `_table`: what a whole step away from a share costs, more than any sum of smaller misses


class Split(tuple[Data, ...]):
    """The parts of a split, in the order of the fractions; a tuple, so `train, validation, test = split(x, y)`.

    `train` is the first part, `test` the last; `validation` is the middle one of three.
    """

    __slots__ = ()

    @property
    def train(self) -> Data:
        """The first part."""
        return self[0]

    @property
    def validation(self) -> Data:
        """The second of three parts. AttributeError: there are not three."""
        if len(self) != 3:
            raise AttributeError(f"a split into {len(self)} parts has no validation part; three fractions give one")
        return self[1]

    @property
    def test(self) -> Data:
        """The last part."""
        return self[-1]

    def __repr__(self) -> str:
        return f"Split({' + '.join(str(len(part.y)) for part in self)} rows)"


def split(
    x: Iterable[Any],
    y: Iterable[Any],
    fractions: Sequence[float] = (0.8, 0.1, 0.1),
    rng: Rng | int | None = None,
    stratify: bool = False,
) -> Split:
    """The rows dealt out at random: 80 % to train on, 10 % to validate, 10 % to test (exercise J4).

    Args:
        x, y: rows and their targets, as many of each.
        fractions: one a part; they add up to 1. (0.8, 0.2) gives train and test, five times 0.2 five folds.
        rng: a `random.Random`, a seed, or None for Python's `random` module.
        stratify: whether each class (each distinct target) keeps its share of every part.

    Every row goes to one part. Sizes are as near to the fractions as whole numbers and no empty part allow; with
    `stratify` they are the same, and so are the classes' shares in them as far as whole numbers allow.
    ValueError: x and y differ in length, fractions are not positive or do not add up to 1, there are fewer rows than
    parts, or as for `require_finite`.

    >>> train, validation, test = parts = split(range(10), range(10), rng=0)
    >>> parts, sorted(train.y + validation.y + test.y) == list(range(10)), parts.test == test
    (Split(8 + 1 + 1 rows), True, True)
    """
    rows, targets = paired(x, y)
    fractions = [finite(f, "fractions", i) for i, f in enumerate(listed(fractions, "fractions", "numbers"))]
    if not all(f > 0 for f in fractions) or abs(math.fsum(fractions) - 1) > 1e-9:
        raise ValueError(f"fractions are positive and add up to 1, got {fractions}, which add up to {sum(fractions):g}")
    if len(rows) < len(fractions):
        raise ValueError(f"{len(fractions)} parts need as many rows or more, got {len(rows)}")
    if not isinstance(stratify, bool):
        raise TypeError(f"stratify is True or False (the classes are read from y), got {type(stratify).__name__}")
    kinds = [tuple(t) if isinstance(t, list) else t for t in targets] if stratify else [None] * len(rows)
    counts = Counter(kinds)
    table = _table(list(counts.values()), fractions, _sizes(len(rows), fractions, least=1))
    places = {
        kind: iter([p for p, count in enumerate(shares) for _ in range(count)])
        for kind, shares in zip(counts, table, strict=True)
    }
    parts = [Data([], []) for _ in fractions]
    for i in shuffled(len(rows), rng):
        part = parts[next(places[kinds[i]])]
        part.x.append(rows[i])
        part.y.append(targets[i])
    return Split(parts)


def _sizes(n: int, fractions: Sequence[float], least: int = 0) -> list[int]:
    """Whole numbers with sum n nearest to n · fractions, none below `least`: one by one to whom most is missing."""
    sizes = [least] * len(fractions)
    for _ in range(n - sum(sizes)):
        sizes[max(range(len(sizes)), key=lambda p: n * fractions[p] - sizes[p])] += 1
    return sizes


def _table(counts: Sequence[int], fractions: Sequence[float], sizes: Sequence[int]) -> list[list[int]]:
    """How many rows of class c go to part p: near counts[c] · fractions[p], with sums `counts` and `sizes`.

    Each class is rounded on its own; then a row at a time leaves a part that is too large, by the cheapest chain of
    moves to one that is too small (a minimum-cost flow by successive shortest paths, so no table is nearer).
    """
    table = [_sizes(n, fractions) for n in counts]

    def miss(c: int, p: int, change: int) -> float:
        share, n = counts[c] * fractions[p], table[c][p] + change
        return (n - share) ** 2 + OUTSIDE * max(0, math.floor(share + 1e-9) - n, n - math.ceil(share - 1e-9))

    def price(c: int, p: int, q: int) -> float:
        return miss(c, p, -1) - miss(c, p, 0) + miss(c, q, 1) - miss(c, q, 0)

    while True:
        surplus = [sum(column) - size for column, size in zip(zip(*table, strict=True), sizes, strict=True)]
        if not any(surplus):
            return table
        moves = [  # the cheapest move between each two parts, and whose row it is
            (p, q, *min((price(c, p, q), c) for c, row in enumerate(table) if row[p]))
            for p, q in permutations(range(len(sizes)), 2)
            if any(row[p] for row in table)
        ]
        cost = [0.0 if s > 0 else math.inf for s in surplus]
        came: dict[int, tuple[int, int]] = {}
        for _ in sizes:  # Bellman and Ford's shortest paths: as many rounds as there are parts
            for p, q, step, c in moves:
                if cost[p] + step < cost[q] - 1e-9:
                    cost[q], came[q] = cost[p] + step, (p, c)
        q = min((p for p, s in enumerate(surplus) if s < 0), key=cost.__getitem__)
        while q in came:
            p, c = came[q]
            table[c][p] -= 1
            table[c][q] += 1
            q = p
