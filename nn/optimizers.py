"""Optimizers: turn gradients into steps, w ← w − η ∂L/∂w and what improves on it, as PyTorch documents each."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from autograd import Value

from .checks import checked, non_negative, positive
from .clipping import called, leaves, require_finite_gradients
from .schedules import Schedule


class Optimizer:
    """What all optimizers share. One of your own says in `update` how one weight moves.

    Those of this module say it in arithmetic alone: the same `update` moves one weight, a float, and all weights at
    once, NumPy arrays, with the same bits. That is how `fit` and `compile` take steps beside a tape.

    Args:
        parameters: the leaves to move; one listed twice (shared weights) moves once.
        learning_rate: a number from 0 up (0, where a schedule may end, moves nothing), or a schedule: a function of
            the number of steps taken so far. It is read at each step and may be replaced between steps.
        weight_decay: λ ≥ 0.

    `steps` counts the steps taken; `state` holds, for each parameter, the list of floats that `update` remembers.
    TypeError: a parameter is no Value. ValueError: no parameters, one that is computed, or a number out of range.

    >>> class SignDescent(Optimizer):
    ...     def update(self, w, g, rate):
    ...         return [w - rate * math.copysign(1.0, g)]
    >>> w = Value(1.0)
    >>> optimizer = SignDescent([w], learning_rate=0.25)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    0.75
    """

    def __init__(self, parameters: Iterable[Value], learning_rate: float | Schedule, weight_decay: float = 0.0) -> None:
        self.parameters = leaves(parameters)
        self.learning_rate = learning_rate
        self.weight_decay = non_negative("weight_decay", weight_decay)
        self.steps = 0
        self.state: list[list[float]] = [[] for _ in self.parameters]

    @property
    def learning_rate(self) -> float | Schedule:
        """The learning rate as it was given: a number, or a schedule."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, rate: float | Schedule) -> None:
        self._learning_rate = rate if callable(rate) else non_negative("learning_rate", rate)

    def rate(self) -> float:
        """The learning rate of the next step. ValueError: the schedule gives a negative one."""
        if callable(self._learning_rate):
            return non_negative(
                f"the schedule's learning rate after {self.steps} steps", self._learning_rate(self.steps)
            )
        return self._learning_rate

    def update(self, w: Any, g: Any, rate: float) -> list[Any]:
        """The new weight for weight `w` with gradient `g`, then whatever is to be handed in again at the next step
        as further arguments, which at the first step have their defaults."""
        raise NotImplementedError(f"{type(self).__name__} does not say how a weight moves; give it a method update")

    def step(self) -> None:
        """Move every parameter one step, by its gradient.

        FloatingPointError: a gradient, or what would come of it, is not finite. No weight has changed then.
        """
        rate = self.rate()
        require_finite_gradients(self.parameters)
        moved = [
            self.update(p.data, p.grad, rate, *state) for p, state in zip(self.parameters, self.state, strict=True)
        ]
        if not math.isfinite(sum(map(sum, moved))):  # one look at the sum, a search only where that is not finite
            for i, (p, new) in enumerate(zip(self.parameters, moved, strict=True)):
                if not all(map(math.isfinite, new)):
                    raise FloatingPointError(
                        f"{called(i, p)}, {p.data!r} with gradient {p.grad!r}, would not stay finite in a step with "
                        f"learning rate {rate!r}, so no weight was changed; lower the rate, or clip the gradients"
                    )
        for p, state, (w, *rest) in zip(self.parameters, self.state, moved, strict=True):
            p.data = w
            state[:] = rest
        self.steps += 1

    def zero_grad(self) -> None:
        """Set every gradient to 0, before the next `backward()` adds to it."""
        for p in self.parameters:
            p.grad = 0.0

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.parameters)} parameters, {self.steps} steps taken)"


class SGD(Optimizer):
    """Gradient descent: w ← w − η g, with g = ∂L/∂w + λ w (exercise sheet D, "SGD").

    With momentum μ: b ← μ b + g and w ← w − η b; with Nesterov's, w ← w − η (g + μ b).
    Args: as for `Optimizer`; ValueError: `momentum` outside 0 ≤ μ < 1, `nesterov` without momentum.

    >>> w = Value(1.0)
    >>> optimizer = SGD([w], learning_rate=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    0.8
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float | Schedule,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, learning_rate, weight_decay)
        self.momentum, self.nesterov = _below_one("momentum", momentum), nesterov
        if nesterov and not momentum:
            raise ValueError("nesterov needs a momentum above 0, such as momentum=0.9")

    def update(self, w: Any, g: Any, rate: float, b: Any = 0.0) -> list[Any]:
        if self.weight_decay:
            g = g + self.weight_decay * w
        if not self.momentum:
            return [w - rate * g]
        b = self.momentum * b + g
        return [w - rate * (g + self.momentum * b if self.nesterov else b), b]


class RMSProp(Optimizer):
    """Each weight's gradient over its own recent size: v ← α v + (1 − α) g², w ← w − η g / (√v + ε).

    g = ∂L/∂w + λ w. With momentum μ: b ← μ b + g / (√v + ε) and w ← w − η b. Source: Hinton's lecture 6e (2012).
    Args: as for `Optimizer`; ValueError: `alpha` or `momentum` outside 0 … 1 (1 excluded), `eps` not above 0.

    >>> w = Value(1.0)
    >>> optimizer = RMSProp([w])
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)  # v = 0.01 · 2², so the first step is 0.01 · 2 / 0.2
    0.9
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float | Schedule = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, learning_rate, weight_decay)
        self.alpha, self.momentum = _below_one("alpha", alpha), _below_one("momentum", momentum)
        self.eps = positive("eps", eps)

    def update(self, w: Any, g: Any, rate: float, v: Any = 0.0, b: Any = 0.0) -> list[Any]:
        if self.weight_decay:
            g = g + self.weight_decay * w
        v = self.alpha * v + (1 - self.alpha) * g * g
        if not self.momentum:
            return [w - rate * g / (_sqrt(v) + self.eps), v]
        b = self.momentum * b + g / (_sqrt(v) + self.eps)
        return [w - rate * b, v, b]


class Adam(Optimizer):
    """Momentum and RMSProp, freed of their start at 0: w ← w − η m̂ / (√v̂ + ε) (Kingma & Ba 2015).

    g = ∂L/∂w + λ w, m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), t = 1, 2, …
    Args: as for `Optimizer`; ValueError: `betas` are not two numbers from 0 up to, without, 1; `eps` not above 0.

    >>> w = Value(1.0)
    >>> optimizer = Adam([w], learning_rate=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)  # the first step is the learning rate, whatever the gradient
    0.9
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float | Schedule = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, learning_rate, weight_decay)
        if not isinstance(betas, tuple | list) or len(betas) != 2:
            raise ValueError(f"betas must be two numbers, such as (0.9, 0.999), got {betas!r}")
        self.betas = _below_one("betas[0]", betas[0]), _below_one("betas[1]", betas[1])
        self.eps = positive("eps", eps)

    def update(self, w: Any, g: Any, rate: float, m: Any = 0.0, v: Any = 0.0) -> list[Any]:
        return self._moved(w, g + self.weight_decay * w if self.weight_decay else g, rate, m, v)

    def _moved(self, w: Any, g: Any, rate: float, m: Any, v: Any) -> list[Any]:
        (beta1, beta2), t = self.betas, self.steps + 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return [w - rate * m_hat / (_sqrt(v_hat) + self.eps), m, v]


class AdamW(Adam):
    """Adam with the decay taken out of the gradient: w ← w − η λ w, then Adam's step (Loshchilov & Hutter 2019).

    Args: as for `Adam`, with a `weight_decay` λ of 0.01.

    >>> w = Value(1.0)
    >>> optimizer = AdamW([w], learning_rate=0.1)
    >>> optimizer.step()  # no gradient: the decay alone
    >>> w.data
    0.999
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float | Schedule = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(parameters, learning_rate, betas, eps, weight_decay)

    def update(self, w: Any, g: Any, rate: float, m: Any = 0.0, v: Any = 0.0) -> list[Any]:
        return self._moved(w - rate * self.weight_decay * w, g, rate, m, v)


def _sqrt(x: Any) -> Any:
    """The root of a float, or of each number of an array."""
    if x.__class__ is float:
        return math.sqrt(x)
    from numpy import sqrt

    return sqrt(x)


def _below_one(name: str, x: float) -> float:
    return checked(name, x, "at least 0 and below 1", lambda x: 0 <= x < 1)
