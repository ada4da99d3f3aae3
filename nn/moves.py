"""Steps beside a tape: weights and what an optimizer remembers as arrays, moved by the optimizer's own formula."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd import Value

from .optimizers import SGD, Adam, AdamW, RMSProp
from .packing import numpy
from .steps import Snapshot, TrainingError, take_step

OURS = (SGD, RMSProp, Adam, AdamW)  # a class derived from one of them may do anything


def moves(optimizer: Any, weights: list[Value]) -> Moves:
    """How the weights move: in arrays, or as Values where the optimizer is not one of ours."""
    if (optimizer is None or type(optimizer) in OURS) and numpy() is not None:
        return ArrayMoves(optimizer, weights)
    return Moves(optimizer, weights)


class Moves:
    """Any optimizer: it finds gradients in the Values and moves these."""

    def __init__(self, optimizer: Any, weights: list[Value]) -> None:
        self.optimizer, self.weights = optimizer, weights

    @property
    def numbers(self) -> Any:
        """The weights."""
        np, numbers = numpy(), [p.data for p in self.weights]
        return numbers if np is None else np.array(numbers)

    @numbers.setter
    def numbers(self, numbers: Any) -> None:
        for p, number in zip(self.weights, numbers, strict=True):
            p.data = float(number)

    def load(self, tape: Any) -> None:
        """Give the tape the weights."""
        tape.from_values()

    def step(self, gradient: Any, place: Callable[[], str]) -> None:
        """One whole step or none. TrainingError: something would not be finite."""
        self.optimizer.zero_grad()
        for p, g in zip(self.weights, gradient, strict=True):
            p.grad += float(g)
        take_step(self.optimizer, self.weights, place())

    def snapshot(self) -> Snapshot:
        """The weights as they are."""
        return Snapshot(self.weights)

    def from_values(self) -> None:
        """Take what the Values and the optimizer have now."""

    def to_values(self) -> None:
        """Give it to the Values and the optimizer."""


class ArrayMoves(Moves):
    """Our own optimizers: `update` is arithmetic, so it moves arrays as it moves floats, to the last bit.

    `now` has the weights, what the optimizer remembers and how many steps it took. No step writes to these arrays,
    and it ends with one assignment: an interrupt finds all of a step or nothing.
    """

    def __init__(self, optimizer: Any, weights: list[Value]) -> None:
        super().__init__(optimizer, weights)
        self.np, self.place = numpy(), {p: k for k, p in enumerate(weights)}
        self.now: tuple[Any, list[Any], int] = (None, [], 0)
        self.gradient: Any = None
        self.at: Any = None  # where the optimizer's parameters are among the weights, if not in their order
        self.from_values()

    @property
    def numbers(self) -> Any:
        return self.now[0]

    @numbers.setter
    def numbers(self, numbers: Any) -> None:
        found = self.np.array(numbers, dtype=float)
        if found.shape != (len(self.weights),):
            raise ValueError(f"expected {len(self.weights)} numbers, one for each weight, got shape {found.shape}")
        self.now = found, *self.now[1:]

    def load(self, tape: Any) -> None:
        tape.parameters[:] = self.now[0]

    def step(self, gradient: Any, place: Callable[[], str]) -> None:
        optimizer, at = self.optimizer, self.at
        weights, state, steps = self.now
        optimizer.steps = steps
        try:
            rate = optimizer.rate()
        except (ArithmeticError, ValueError) as error:
            raise TrainingError(f"{place()}: {error}") from error
        if at is None:
            found = optimizer.update(weights, gradient, rate, *state)
        else:
            found = optimizer.update(weights[at], gradient[at], rate, *state)
        self.gradient = gradient
        for x in found:
            if not math.isfinite(x.dot(x)) and not self.np.isfinite(x).all():
                self._step_of_values(place)
                return
        new, *state = found
        if at is not None:
            moved, new = new, weights.copy()
            new[at] = moved
        self.now = new, state, steps + 1

    def _step_of_values(self, place: Callable[[], str]) -> None:
        """The same step taken by the optimizer itself, which says what is wrong."""
        self.to_values()
        take_step(self.optimizer, self.weights, place())
        self.from_values()

    def snapshot(self) -> Snapshot:
        return Snapshot(self.weights, numbers=self.now[0])

    def from_values(self) -> None:
        """Take what the Values and the optimizer have now. KeyError: it moves what is not among the weights."""
        np, optimizer, weights = self.np, self.optimizer, self.np.array([p.data for p in self.weights])
        self.gradient = None
        if optimizer is None:
            self.now = weights, [], 0
            return
        moved = [self.place[p] for p in optimizer.parameters]
        self.at = None if moved == list(range(len(weights))) else np.array(moved)
        self.now = weights, [np.array(column) for column in zip(*optimizer.state, strict=True)], optimizer.steps

    def to_values(self) -> None:
        """Give it to the Values and the optimizer; a Ctrl-C that arrives meanwhile has to wait until that is done."""
        try:
            self._write()
        except KeyboardInterrupt:
            self._write()
            raise

    def _write(self) -> None:
        (weights, state, steps), optimizer = self.now, self.optimizer
        for p, number in zip(self.weights, weights.tolist(), strict=True):
            p.data = number
        if optimizer is None:
            return
        rows = zip(*[x.tolist() for x in state], strict=True) if state else [()] * len(optimizer.parameters)
        optimizer.state, optimizer.steps = [list(row) for row in rows], steps
        if self.gradient is not None:
            found = self.gradient if self.at is None else self.gradient[self.at]
            for p, g in zip(optimizer.parameters, found.tolist(), strict=True):
                p.grad = g
