"""Data on its way into a network: classes as one-hot rows, and rows cut into mini-batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .checks import whole
from .initializers import Rng
from .rows import Data, paired, plain, shuffled, target_list


def one_hot(labels: Iterable[Any], classes: Iterable[Any] | int | None = None) -> list[list[float]]:
    """One row a label: 1 in the column of its class, 0 elsewhere.

    Args:
        labels: class labels, ints or strings for instance.
        classes: the classes in the order of the columns, or n for 0 … n − 1; the sorted labels unless told.

    ValueError: a label is not among the classes, classes repeat, there are no labels.
    TypeError: labels of several kinds, which cannot be sorted, and no classes told.

    >>> one_hot([0, 2], 3), one_hot("cat dog cat".split())
    ([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    """
    labels = target_list(labels, "labels")
    if not labels:
        raise ValueError("labels is empty: there is no row to make")
    for i, label in enumerate(labels):
        if isinstance(label, list):
            raise TypeError(f"label {i} (counted from 0) is a list, expected a single class such as an int or a str")
    if classes is None:
        try:
            names = sorted(set(labels))
        except TypeError:
            kinds = ", ".join(sorted({type(label).__name__ for label in labels}))
            raise TypeError(f"labels of type {kinds} have no order; give classes=[...], in the order wanted") from None
    else:
        classes = plain(classes)
        names = (
            list(range(whole("classes", classes, 1))) if isinstance(classes, int) else target_list(classes, "classes")
        )
    column = {name: j for j, name in enumerate(names)}
    if len(column) != len(names):
        raise ValueError(f"every class has one column, but some of {_some(names)} repeat")
    rows = []
    for i, label in enumerate(labels):
        if label not in column:
            raise ValueError(f"label {i} (counted from 0) is {label!r}, but the classes are {_some(names)}")
        rows.append([1.0 if j == column[label] else 0.0 for j in range(len(names))])
    return rows


def minibatches(
    x: Iterable[Any], y: Iterable[Any], batch_size: int, rng: Rng | int | None = None, shuffle: bool = True
) -> Iterator[Data]:
    """One epoch: all rows in batches of `batch_size`, the last one smaller where they do not divide (exercise J4).

    Args:
        x, y: rows and their targets, as many of each.
        batch_size: 1 is online learning, the number of rows or more is full-batch.
        rng: a `random.Random`, a seed, or None for Python's `random` module; the same seed deals the same batches,
            so epochs share one `random.Random`.
        shuffle: whether the rows come in random order.

    ValueError: `batch_size` is no whole number from 1 up, x and y differ in length, or as for `require_finite`.
    TypeError: `batch_size` is no number at all.

    >>> [batch.y for batch in minibatches(range(5), range(5), 2, shuffle=False)]
    [[0, 1], [2, 3], [4]]
    """
    rows, targets = paired(x, y)
    size = whole("batch_size", batch_size, 1)
    order = shuffled(len(rows), rng) if shuffle else list(range(len(rows)))
    chunks = (order[i : i + size] for i in range(0, len(order), size))  # mistakes are raised now, batches made later
    return (Data([rows[i] for i in chunk], [targets[i] for i in chunk]) for chunk in chunks)


def _some(names: list[Any]) -> str:
    shown = [repr(name) for name in names]
    return ", ".join(shown if len(shown) <= 10 else [*shown[:8], "…", shown[-1]])
