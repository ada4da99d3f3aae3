"""Rows: data of any make as lists of finite floats, with errors that name the row and the column."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Real
from typing import Any, NamedTuple

from .initializers import Rng, generator


class Data(NamedTuple):
    """Rows and their targets: what a toy set, a part of a split and a mini-batch are. `x, y = data` takes it apart.

    >>> Data([[0.0, 1.0]], [1])
    Data(x=[[0.0, 1.0]], y=[1])
    """

    x: list[list[float]]
    y: list[Any]


def require_finite(x: Iterable[Any], name: str = "x") -> list[list[float]]:
    """The rows of `x` as lists of floats, of one width; a row that is a single number is a row of width 1.

    Args:
        x: sequences of numbers in a sequence, or an array.
        name: what errors call it.

    ValueError: a number is nan or infinite (rows and columns count from 0), rows differ in width, there are none.
    TypeError: something else than numbers.

    >>> require_finite([(1, 2), [3.5, True]]), require_finite(range(2))
    ([[1.0, 2.0], [3.5, 1.0]], [[0.0], [1.0]])
    >>> require_finite([[1, 2, 3], [4, 5, float("nan")]])
    Traceback (most recent call last):
    ValueError: x: row 1, column 2 is nan (both count from 0); leave such rows out or fill the gaps first
    """
    rows: list[list[float]] = []
    for i, entry in enumerate(listed(x, name)):
        entry = plain(entry)
        entries = [entry] if isinstance(entry, Real) else listed(entry, f"{name}: row {i}", "numbers")
        rows.append([finite(number, name, i, j) for j, number in enumerate(entries)])
        if len(rows[i]) != len(rows[0]):
            raise ValueError(f"{name}: row {i} has {len(rows[i])} numbers, row 0 has {len(rows[0])}; all need as many")
    if not rows or not rows[0]:
        raise ValueError(f"{name} is empty: it has {'rows without columns' if rows else 'no rows'}")
    return rows


def paired(x: Iterable[Any], y: Iterable[Any]) -> tuple[list[list[float]], list[Any]]:
    """The rows of x and the targets y, as many of each."""
    rows, targets = require_finite(x), target_list(y, "y")
    if len(rows) != len(targets):
        raise ValueError(f"x has {len(rows)} rows and y {len(targets)}; every row needs one target")
    return rows, targets


def target_list(y: Iterable[Any], name: str) -> list[Any]:
    """Labels, numbers or lists of them, as they are but for arrays and tuples, which become lists."""
    targets = []
    for i, target in enumerate(listed(y, name, "targets")):
        target = plain(target)
        if isinstance(target, list | tuple):
            target = [plain(t) for t in target]
        for j, t in enumerate(target if isinstance(target, list) else [target]):
            if isinstance(t, float):
                finite(t, name, i, j if isinstance(target, list) else None)
        targets.append(target)
    return targets


def plain(data: Any) -> Any:
    """What NumPy, pandas or PyTorch hold as Python's lists and numbers; all else as it is."""
    if hasattr(data, "tolist"):
        return data.tolist()
    return data.__array__().tolist() if hasattr(data, "__array__") else data


def listed(data: Any, name: str, of: str = "rows") -> list[Any]:
    """The entries of a sequence or an array. TypeError: it is something else."""
    data = plain(data)
    if not isinstance(data, Iterable) or isinstance(data, str | bytes | dict | set | frozenset):
        raise TypeError(f"{name}: expected a sequence of {of} or an array, got {type(data).__name__}")
    return list(data)


def finite(number: Any, name: str, i: int, j: int | None = None) -> float:
    """The number as a float; an error names entry i, or row i and column j, if it is none or not finite."""
    if number.__class__ is float and math.isfinite(number):  # nearly always
        return float(number)
    where = f"{name}: row {i}, column {j}" if j is not None else f"{name}: entry {i}"
    number = plain(number)
    if not isinstance(number, Real):
        raise TypeError(f"{where} is of type {type(number).__name__}, expected a plain number")
    try:
        found = float(number)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        count = "both count" if j is not None else "counted"
        raise ValueError(f"{where} is {found} ({count} from 0); leave such rows out or fill the gaps first")
    return found


def shuffled(n: int, rng: Rng | int | None) -> list[int]:
    """The numbers 0 … n − 1 in random order: sorted by a random key each."""
    source = generator(rng)
    return sorted(range(n), key=lambda _: source.uniform(0.0, 1.0))
