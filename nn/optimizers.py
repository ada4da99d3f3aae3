"""Optimizers: turn gradients into steps. w ← w − η ∂L/∂w."""

from __future__ import annotations

from collections.abc import Iterable

from autograd import Value


class SGD:
    """Gradient descent: w ← w − learning_rate · w.grad (exercise sheet D, "SGD").

    `learning_rate` may be changed between steps.

    >>> w = Value(1.0)
    >>> optimizer = SGD([w], learning_rate=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    0.8
    """

    def __init__(self, parameters: Iterable[Value], learning_rate: float) -> None:
        self.parameters = list(parameters)
        self.learning_rate = learning_rate

    def step(self) -> None:
        """Move every parameter one step against its gradient."""
        for p in self.parameters:
            p.data -= self.learning_rate * p.grad

    def zero_grad(self) -> None:
        """Set every gradient to 0, before the next `backward()` adds to it."""
        for p in self.parameters:
            p.grad = 0.0
