"""Standardized columns: mean 0 and variance 1, measured on the training set alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from .rows import finite, listed, require_finite


class Standardizer:
    """Columns of mean 0 and variance 1: z = (x − mean) / deviation, fitted on the training set alone (exercise J10).

    `mean` and `deviation` (of the population, divided by n) hold a number a column. A column that never varies has
    deviation 0 and becomes 0: only its mean is taken away.

    >>> scale = Standardizer().fit([[1.0, 5.0], [3.0, 5.0]])
    >>> scale, scale.mean, scale.deviation
    (Standardizer(2 columns), [2.0, 5.0], [1.0, 0.0])
    >>> scale.transform([[4.0, 5.0]]), scale.inverse([[2.0, 0.0]])
    ([[2.0, 0.0]], [[4.0, 5.0]])
    """

    def __init__(self) -> None:
        self.mean: list[float] = []
        self.deviation: list[float] = []

    def fit(self, x: Iterable[Any]) -> Standardizer:
        """Measure the columns of `x`, the training rows; gives itself. ValueError: as for `require_finite`, or a column
        too wide for floats."""
        columns = list(zip(*require_finite(x), strict=True))
        moments = [_moments(column, j) for j, column in enumerate(columns)]  # all of them before any is kept
        self.mean, self.deviation = [m for m, _ in moments], [d for _, d in moments]
        return self

    def transform(self, x: Iterable[Any]) -> list[list[float]]:
        """The rows, standardized. ValueError: another width than the fitted one, or as for `require_finite`."""
        rows = self._fitting(x)
        scale = [d or 1.0 for d in self.deviation]
        found = [[(v - m) / d for v, m, d in zip(row, self.mean, scale, strict=True)] for row in rows]
        return require_finite(found, "the standardized x")  # what overflows is no number to train on

    def inverse(self, z: Iterable[Any]) -> list[list[float]]:
        """The rows that `transform` turns into `z`. ValueError: as for `transform`."""
        rows = self._fitting(z)
        scale = [d or 1.0 for d in self.deviation]
        found = [[v * d + m for v, m, d in zip(row, self.mean, scale, strict=True)] for row in rows]
        return require_finite(found, "the restored x")

    def to_dict(self) -> dict[str, list[float]]:
        """What `from_dict` needs, ready for JSON, exact. ValueError: not fitted yet.

        >>> Standardizer().fit([[1.0], [3.0]]).to_dict()
        {'mean': [2.0], 'deviation': [1.0]}
        """
        self._require_fit()
        return {"mean": list(self.mean), "deviation": list(self.deviation)}

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> Standardizer:
        """The standardizer that `to_dict` described. ValueError, TypeError: it does not describe one.

        >>> Standardizer.from_dict({"mean": [2.0], "deviation": [1.0]}).transform([[5.0]])
        [[3.0]]
        """
        if not isinstance(saved, dict) or set(saved) != {"mean", "deviation"}:
            found = list(saved) if isinstance(saved, dict) else type(saved).__name__
            raise ValueError(f"a saved standardizer has 'mean' and 'deviation' and nothing else, got {found}")
        made = cls()
        made.mean, made.deviation = (
            [finite(v, key, j) for j, v in enumerate(listed(saved[key], key, "numbers"))]
            for key in ("mean", "deviation")
        )
        if not 0 < len(made.mean) == len(made.deviation) or min(made.deviation) < 0:
            raise ValueError(
                "a saved standardizer has as many means as deviations, one at least, and no deviation below 0; "
                f"got mean {made.mean}, deviation {made.deviation}"
            )
        return made

    def _require_fit(self) -> None:
        if not self.mean:
            raise ValueError("this Standardizer knows no columns yet; call fit(x) with the training rows first")

    def _fitting(self, x: Iterable[Any]) -> list[list[float]]:
        self._require_fit()
        rows = require_finite(x)
        if len(rows[0]) != len(self.mean):
            raise ValueError(
                f"the Standardizer was fitted on rows of {len(self.mean)} numbers, got rows of {len(rows[0])} "
                "(a single row goes in as [row])"
            )
        return rows

    def __repr__(self) -> str:
        return f"Standardizer({len(self.mean)} columns)" if self.mean else "Standardizer(not fitted)"


def _moments(column: Sequence[float], j: int) -> tuple[float, float]:
    """Mean and standard deviation, the sums without rounding errors that grow with n."""
    if min(column) == max(column):
        return column[0], 0.0  # a rounded mean would make a deviation out of nothing
    try:
        mean = math.fsum(column) / len(column)
        deviation = math.hypot(*[v - mean for v in column]) / math.sqrt(len(column))  # no square under- or overflows
    except OverflowError:
        deviation = math.inf
    if deviation == math.inf:
        raise ValueError(f"column {j} reaches from {min(column)} to {max(column)}, too far for floats; scale it first")
    return mean, deviation
