"""Initial weights: functions `(fan_in, rng) -> float`, one call a weight, from an explicit source of randomness."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Protocol


class Rng(Protocol):
    """A source of randomness: a `random.Random`, or the `random` module itself."""

    def uniform(self, a: float, b: float, /) -> float: ...
    def gauss(self, mu: float, sigma: float, /) -> float: ...


Initializer = Callable[[int, Rng], float]


def generator(rng: Rng | int | None) -> Rng:
    """The source to draw from: `rng` itself, a new one with that seed, or Python's `random` module for None.

    >>> generator(7).uniform(0, 1) == random.Random(7).uniform(0, 1)
    True
    """
    if rng is None:
        return random
    return random.Random(rng) if isinstance(rng, int) else rng


def uniform(low: float = -1.0, high: float = 1.0) -> Initializer:
    """Weights spread evenly over low … high. micrograd's choice is −1 … 1.

    >>> -1 <= uniform()(3, random.Random(0)) <= 1
    True
    """
    return lambda fan_in, rng: rng.uniform(low, high)


def normal(gain: float = 1.0) -> Initializer:
    """Gaussian weights of mean 0 and variance gain / fan_in: gain 2 suits ReLU (He et al. 2015), 1 the others.

    >>> weights = [normal(2.0)(50, rng) for rng in [random.Random(0)] for _ in range(10_000)]
    >>> round(sum(w * w for w in weights) / len(weights), 2)
    0.04
    """
    return lambda fan_in, rng: rng.gauss(0.0, (gain / fan_in) ** 0.5)


def zeros() -> Initializer:
    """Every weight 0: for a linear model. Hidden units that start equal stay equal.

    >>> zeros()(3, random.Random(0))
    0.0
    """
    return lambda fan_in, rng: 0.0
