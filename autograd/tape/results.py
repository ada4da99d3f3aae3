"""Parts of what comes out of a run, be it in arrays or, without NumPy, in lists."""

from __future__ import annotations

from array import array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def between(results: Any, first: int, last: int | str | None = "one") -> Any:
    """Of each row's results those from `first` to before `last`, or the one alone; of arrays or of lists."""
    where = first if last == "one" else slice(first, last)
    return [row[where] for row in results] if isinstance(results, list) else results[:, where]


def scaled(x: Any, factor: float) -> Any:
    """The numbers times a factor, in an array of their own."""
    if not isinstance(x, list):
        return x * factor
    return [scaled(entry, factor) if isinstance(entry, list) else entry * factor for entry in x]


def joined(numbers: Any, more: Any) -> Any:
    """One flat array of both, of the kind that the first is."""
    if isinstance(numbers, array):
        return array("d", [*numbers, *more])
    import numpy

    return numpy.concatenate((numbers, more))
