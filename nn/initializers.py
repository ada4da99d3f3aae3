"""Initial weights: functions `(fan_in, rng) -> float`, one call a weight, from an explicit source of randomness."""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable
from typing import Any, Protocol

from .activations import Activation, activation
from .checks import checked, positive


class Rng(Protocol):
    """A source of randomness: a `random.Random`, or the `random` module itself."""

    def uniform(self, a: float, b: float, /) -> float: ...
    def gauss(self, mu: float, sigma: float, /) -> float: ...


Initializer = Callable[[int, Rng], float]
CUT = 2.0  # where `truncated_normal` ends, in standard deviations of the Gaussian that is cut
# What the cut leaves of a variance of 1: 1 − 2 c φ(c) / (Φ(c) − Φ(−c)), which is 0.7737 for c = 2.
LEFT = 1 - 2 * CUT * math.exp(-CUT * CUT / 2) / math.sqrt(2 * math.pi) / math.erf(CUT / math.sqrt(2))


def generator(rng: Rng | int | None) -> Rng:
    """The source to draw from: `rng` itself, a new one with that seed, or Python's `random` module for None.

    TypeError: none of these.

    >>> generator(7).uniform(0, 1) == random.Random(7).uniform(0, 1)
    True
    """
    if rng is None:
        return random
    if hasattr(rng, "uniform") and hasattr(rng, "gauss"):
        return rng
    try:
        return random.Random(operator.index(rng))  # NumPy's ints are seeds too
    except TypeError:
        text = f"expected a random.Random, a seed (an int) or None, got {type(rng).__name__} {rng!r}"
        raise TypeError(text) from None


def uniform(low: float = -1.0, high: float = 1.0) -> Initializer:
    """Weights spread evenly over low … high, whatever the fan-in. micrograd's choice is −1 … 1.

    ValueError: `low` is above `high`, or one of them is not finite.

    >>> -1 <= uniform()(3, random.Random(0)) <= 1
    True
    """
    low, high = _finite("low", low), _finite("high", high)
    if low > high:
        raise ValueError(f"low must not be above high, got low {low!r} and high {high!r}")
    return lambda fan_in, rng: rng.uniform(low, high)


def normal(gain: float = 1.0) -> Initializer:
    """Gaussian weights of mean 0 and variance gain / fan_in: gain 2 suits ReLU (He et al. 2015), 1 the others (J10).

    ValueError: `gain` is not positive; when drawing: fan_in is below 1.

    >>> weights = [normal(2.0)(50, rng) for rng in [random.Random(0)] for _ in range(10_000)]
    >>> round(sum(w * w for w in weights) / len(weights), 2)
    0.04
    """
    gain = positive("gain", gain)
    return lambda fan_in, rng: rng.gauss(0.0, _variance(gain, fan_in) ** 0.5)


def scaled_uniform(gain: float = 1.0) -> Initializer:
    """Weights spread evenly over ±√(3 gain / fan_in), so that their variance is gain / fan_in (J10).

    ValueError: as for `normal`.

    >>> abs(scaled_uniform()(3, random.Random(0))) <= 1
    True
    """
    gain = positive("gain", gain)

    def draw(fan_in: int, rng: Rng) -> float:
        limit = math.sqrt(3 * _variance(gain, fan_in))
        return rng.uniform(-limit, limit)

    return draw


def truncated_normal(gain: float = 1.0) -> Initializer:
    """Gaussian weights without the tails, of variance gain / fan_in after the cut (J10).

    A standard normal number is drawn until it lies within ±2 (1.05 draws on average). The cut leaves 0.7737 of its
    variance, so it is then multiplied by √(gain / fan_in / 0.7737): no weight is beyond 2.27 √(gain / fan_in).
    ValueError: as for `normal`.

    >>> abs(truncated_normal()(1, random.Random(0))) < 2.28
    True
    """
    gain = positive("gain", gain)

    def draw(fan_in: int, rng: Rng) -> float:
        scale = math.sqrt(_variance(gain, fan_in) / LEFT)
        while abs(x := rng.gauss(0.0, 1.0)) > CUT:
            pass
        return scale * x

    return draw


def zeros() -> Initializer:
    """Every weight 0: for a linear model. Hidden units that start equal stay equal.

    >>> zeros()(3, random.Random(0))
    0.0
    """
    return constant(0.0)


def constant(c: float) -> Initializer:
    """Every weight c, whatever the fan-in. ValueError: `c` is not finite.

    >>> constant(0.5)(3, random.Random(0))
    0.5
    """
    c = _finite("c", c)
    return lambda fan_in, rng: c


def default_for(wanted: str | Callable[[Any], Any] | Activation) -> Initializer:
    """Gaussian weights with the gain of that activation: 2 for ReLU and its like, 1 otherwise (J10).

    ValueError: an unknown name.

    >>> default_for("relu")(8, random.Random(0)) == normal(2.0)(8, random.Random(0))
    True
    """
    return normal(activation(wanted).gain)


def _finite(name: str, x: float) -> float:
    return checked(name, x, "a finite number", math.isfinite)


def _variance(gain: float, fan_in: int) -> float:
    if fan_in < 1:
        raise ValueError(f"fan_in must be 1 or more, got {fan_in!r}: a unit without inputs needs no weights")
    return gain / fan_in
