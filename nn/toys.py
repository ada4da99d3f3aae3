"""Toy sets, made by formula: XOR, moons, circles, spirals, Bishop's four curves. Class labels are the ints 0, 1, …"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from .checks import checked, non_negative, whole
from .initializers import Rng, generator
from .rows import Data

CURVES: dict[str, Callable[[float], float]] = {
    "square": lambda x: x * x,
    "sin": lambda x: math.sin(math.pi * x),
    "abs": abs,
    "heaviside": lambda x: 1.0 if x > 0 else 0.0,
}


class NoisyXor(NamedTuple):
    """The warm-up data of exercise J1: eight points and their classes 0 and 1, and two points to predict."""

    x: list[list[float]]
    y: list[int]
    to_predict: list[list[float]]


def xor() -> Data:
    """The four corners of the unit square, of class 1 where the coordinates differ (exercise J1).

    >>> xor()
    Data(x=[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], y=[0, 1, 1, 0])
    """
    return Data([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])


def noisy_xor() -> NoisyXor:
    """Eight points near the corners and two without a class, as printed in exercise J1.

    >>> x, y, to_predict = noisy_xor()
    >>> x[3], y[3], to_predict
    ([0.97, -0.01], 1, [[1.0, 0.01], [-0.04, 0.03]])
    """
    x = [[-0.02, 0.01], [1.05, 0.99], [0.03, 0.01], [0.97, -0.01]]
    x += [[0.02, 0.98], [1.03, -0.02], [1.03, 1.01], [0.96, 0.03]]
    return NoisyXor(x, [0, 0, 0, 1, 1, 1, 0, 1], [[1.0, 0.01], [-0.04, 0.03]])


def p2_samples() -> Data:
    """The four samples of exercise P2, with targets 1 and −1 (numbers to reach, not classes).

    >>> p2_samples().y
    [1.0, 1.0, -1.0, -1.0]
    """
    return Data([[0.75, 0.80], [0.20, 0.05], [-0.75, 0.80], [0.20, -0.05]], [1.0, 1.0, -1.0, -1.0])


def moons(n: int = 100, noise: float = 0.1, rng: Rng | int | None = None) -> Data:
    """Two interleaved half circles of radius 1, class 0 above and class 1 below.

    Args:
        n: how many points, half of them (rounded down) of class 0, which come first.
        noise: standard deviation of the Gaussian noise on each coordinate.
        rng: a `random.Random`, a seed, or None for Python's `random` module.

    ValueError: fewer points than classes, or `noise` is below 0 or not finite. The points are those of scikit-learn's
    `make_moons`, the noise is not.

    >>> [[round(v, 2) for v in row] for row in moons(4, noise=0).x]
    [[1.0, 0.0], [-1.0, 0.0], [0.0, 0.5], [2.0, 0.5]]
    """
    upper, lower = _shared(n, 2)
    x = [[math.cos(t), math.sin(t)] for t in _evenly(0.0, math.pi, upper)]
    x += [[1 - math.cos(t), 0.5 - math.sin(t)] for t in _evenly(0.0, math.pi, lower)]
    return Data(_noisy(x, noise, rng), [0] * upper + [1] * lower)


def circles(n: int = 100, noise: float = 0.05, rng: Rng | int | None = None, factor: float = 0.5) -> Data:
    """A circle of radius 1 (class 0, which comes first) around one of radius `factor` (class 1).

    Args: as for `moons`; `factor` lies between 0 and 1. ValueError: as for `moons`, or another factor.

    >>> [[round(v, 2) for v in row] for row in circles(4, noise=0).x]
    [[1.0, 0.0], [-1.0, 0.0], [0.5, 0.0], [-0.5, 0.0]]
    """
    factor = checked("factor", factor, "above 0 and below 1, the radius of the outer circle", lambda r: 0 < r < 1)
    counts = _shared(n, 2)
    x = [
        [radius * math.cos(2 * math.pi * i / count), radius * math.sin(2 * math.pi * i / count)]
        for radius, count in zip((1.0, factor), counts, strict=True)
        for i in range(count)
    ]
    return Data(_noisy(x, noise, rng), [0] * counts[0] + [1] * counts[1])


def spirals(n: int = 100, noise: float = 0.02, rng: Rng | int | None = None, arms: int = 2, turns: float = 1.0) -> Data:
    """Spiral arms about the origin, one class each: radius t, angle 2π (turns · t + class / arms) for t up to 1.

    Args: as for `moons`; `arms` spirals, classes 0 … arms − 1 one after the other, wind `turns` times (backwards where
    it is negative). ValueError: as for `moons`, or no arm, or `turns` is not finite.

    >>> x, y = spirals(4, noise=0)
    >>> [round(math.hypot(*point), 2) for point in x], y
    ([0.5, 1.0, 0.5, 1.0], [0, 0, 1, 1])
    """
    turns, arms = checked("turns", turns, "a finite number", math.isfinite), whole("arms", arms, 1)
    x, y = [], []
    for arm, count in enumerate(_shared(n, arms)):
        for i in range(1, count + 1):  # not from 0: there all arms meet
            t = i / count
            angle = 2 * math.pi * (turns * t + arm / arms)
            x.append([t * math.cos(angle), t * math.sin(angle)])
            y.append(arm)
    return Data(_noisy(x, noise, rng), y)


def bishop_curve(name: str, n: int = 50) -> Data:
    """n points of a curve over −1 … 1, evenly spaced: the targets of exercise D (Bishop, PRML, figure 5.3).

    Args:
        name: "square" x², "sin" sin(πx), "abs" |x| or "heaviside" (1 for x > 0, else 0): the keys of `CURVES`.
        n: how many, at least 2; 50 as in the figure.

    The figure's caption says sin(x), which is nearly a straight line over −1 … 1; its panel shows one full wave, and
    sin(πx) is what draws it. ValueError: an unknown name, or fewer than 2 points.

    >>> bishop_curve("square", 3), bishop_curve("heaviside", 3).y
    (Data(x=[[-1.0], [0.0], [1.0]], y=[1.0, 0.0, 1.0]), [0.0, 0.0, 1.0])
    """
    if name not in CURVES:
        raise ValueError(f"unknown curve {name!r}; the curves are {', '.join(CURVES)}")
    n = whole("n", n, 2)
    xs = [(2 * i - (n - 1)) / (n - 1) for i in range(n)]  # exactly as far to the left of 0 as to the right
    return Data([[x] for x in xs], [CURVES[name](x) for x in xs])


def _shared(n: int, classes: int) -> list[int]:
    """How many of n points each class has, the later ones one more where it does not divide."""
    n = whole("n", n, classes)
    return [(n + k) // classes for k in range(classes)]


def _evenly(start: float, end: float, n: int) -> list[float]:
    return [start + (end - start) * i / max(n - 1, 1) for i in range(n)]


def _noisy(x: list[list[float]], noise: float, rng: Rng | int | None) -> list[list[float]]:
    noise, source = non_negative("noise", noise), generator(rng)
    return [[v + source.gauss(0.0, noise) for v in row] for row in x]
