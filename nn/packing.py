"""Samples as rows of numbers for a tape: the inputs, the target, and a column for each class of a label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .placeholder import Placeholder


class TapeError(ValueError):
    """Why a model and its loss cannot be recorded, or data not be packed for what was recorded."""


def numpy() -> Any:
    """NumPy, or None where it is not installed."""
    try:
        import numpy
    except ImportError:
        return None
    return numpy


class Columns:
    """The placeholders of one sample: `inputs` for the model, `target` for the loss, in the shape of this sample's.

    TapeError: the target is neither a number nor a list of numbers.

    >>> columns = Columns([0.5, 2.0], 1)
    >>> [x.name for x in columns.leaves], columns.target
    (['x1', 'x2', 't'], Placeholder(data=1.0, grad=0.0, name='t'))
    """

    def __init__(self, row: Sequence[float], target: Any) -> None:
        self.inputs = [Placeholder(number, f"x{i}") for i, number in enumerate(row, 1)]
        self.many = isinstance(target, list)
        names = [f"t{i}" for i in range(1, len(target) + 1)] if isinstance(target, list) else ["t"]
        try:
            self.targets = list(map(Placeholder, target if isinstance(target, list) else [target], names))
        except TypeError as error:
            raise TapeError(f"a target is a number, a class label or a list of numbers: {error}") from None

    @property
    def target(self) -> Any:
        """What the loss is given."""
        return list(self.targets) if self.many else self.targets[0]

    @property
    def leaves(self) -> list[Placeholder]:
        """All placeholders in the order of the columns; those of labels are known once the loss has asked for them."""
        return [*self.inputs, *self.targets, *[h for t in self.targets for h in t.hot]]

    def packed(self, x: Any, y: Any) -> Any:
        """One row of numbers for each sample: an array or, without NumPy, lists.

        TapeError: samples of another shape than the first, a label that is no class.
        """
        np, classes = numpy(), [(j, len(t.hot)) for j, t in enumerate(self.targets) if t.hot]
        if np is None:
            return [self._row(row, target, classes) for row, target in zip(x, y, strict=True)]
        first, behind = len(self.inputs), len(self.inputs) + len(self.targets)
        rows = np.empty((len(x), len(self.leaves)))
        try:
            rows[:, :first] = _matrix(np, x, first, first == 1)
            rows[:, first:behind] = _matrix(np, y, behind - first, not self.many)
        except (TypeError, ValueError) as error:
            raise TapeError(f"the samples are not of one shape: {error}") from None
        for j, count in classes:
            hot = rows[:, behind : behind + count]
            labels = rows[:, first + j]
            hot[:] = labels[:, None] == np.arange(count)
            if not hot.any(axis=1).all():
                raise TapeError(_no_class(labels[int(hot.any(axis=1).argmin())], count))
            behind += count
        return rows

    def _row(self, row: Sequence[float], target: Any, classes: list[tuple[int, int]]) -> list[float]:
        try:
            targets = list(map(float, target if self.many else [target]))
        except (TypeError, ValueError) as error:
            raise TapeError(f"the samples are not of one shape: {error}") from None
        if (len(row), len(targets)) != (len(self.inputs), len(self.targets)):
            raise TapeError("the samples are not of one shape")
        packed = [*row, *targets]
        for j, count in classes:
            if targets[j] not in range(count):
                raise TapeError(_no_class(targets[j], count))
            packed += [float(targets[j] == k) for k in range(count)]
        return packed

    def sample(self, row: Any) -> tuple[list[float], Any]:
        """The inputs and the target in a row of numbers."""
        numbers, first = list(map(float, row)), len(self.inputs)
        targets = numbers[first : first + len(self.targets)]
        return numbers[:first], targets if self.many else targets[0]


def _matrix(np: Any, numbers: Any, width: int, flat: bool) -> Any:
    """Numbers as a matrix of so many columns; `flat` ones may stand in a row, one for each sample."""
    found = numbers if isinstance(numbers, np.ndarray) else np.array(numbers)
    if found.dtype.kind not in "fiub":
        raise TypeError(f"expected numbers, got an array of {found.dtype}")
    if found.ndim == 1 and flat:
        return found[:, None]
    if found.ndim != 2 or found.shape[1] != width:
        raise ValueError(f"expected {width} numbers each, got an array of shape {found.shape}")
    return found


def _no_class(label: float, classes: int) -> str:
    return f"expected as class label a whole number from 0 to {classes - 1}, got {label:g}"
