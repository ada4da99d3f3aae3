"""A placeholder: the number that stands in a column of the data while one sample is recorded for all of them."""

from __future__ import annotations

from typing import Any, NoReturn

from autograd import Value


class Placeholder(Value):
    """A leaf that can be computed with, but not looked at: what an `if` made of its number would not hold for others.

    `looked_at` says that a loss checked the number all the same, with `targets.data`, so that the numbers which it
    stands for have to be checked too. `hot` has the columns of a class label, once a loss has asked for them.

    >>> x = Placeholder(2.0, "x")
    >>> (3 * x).data
    6.0
    >>> x > 1
    Traceback (most recent call last):
    TypeError: x differs from sample to sample, so it cannot be compared
    """

    __slots__ = ("hot", "looked_at")

    def __init__(self, data: Any, name: str) -> None:
        super().__init__(data, name)
        self.looked_at = False
        self.hot: list[Placeholder] = []

    def one_hot(self, classes: int) -> list[Placeholder]:
        """A placeholder for each class: 1 for the one that this label is, else 0. ValueError: it is none of them."""
        label = self.data
        if not (0 <= label < classes and label == int(label)):
            raise ValueError(f"expected as class label a whole number from 0 to {classes - 1}, got {label}")
        if not self.hot:
            self.hot = [Placeholder(float(k == label), f"{self.name}_{k}") for k in range(classes)]
        if len(self.hot) != classes:
            raise ValueError(f"the label is taken as one of {len(self.hot)} classes and as one of {classes}")
        return self.hot

    def _refuse(self, doing: str) -> NoReturn:
        raise TypeError(f"{self.name} differs from sample to sample, so it cannot be {doing}")

    def _compared(self, other: Any) -> NoReturn:
        self._refuse("compared")

    def _counted(self) -> NoReturn:
        self._refuse("made a plain number")

    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = _compared
    __bool__ = __float__ = __int__ = __index__ = _counted
    __hash__ = Value.__hash__


def placeholders(x: Any) -> list[Placeholder]:
    """The placeholders that x is, or is computed from together with numbers alone; none if it has another origin.

    >>> t = Placeholder(1.0, "t")
    >>> [p.name for p in placeholders(2 * t - 1)], placeholders(Value(2.0) * t), placeholders(2.0)
    (['t'], [], [])
    """
    if not isinstance(x, Value):
        return []
    nodes, found = {x}, []
    for node in (left := [x]):  # which grows
        if isinstance(node, Placeholder):
            found.append(node)
        elif node.op is None:
            return []
        for part in node.inputs:
            if isinstance(part, Value) and part not in nodes:
                nodes.add(part)
                left.append(part)
    return found
