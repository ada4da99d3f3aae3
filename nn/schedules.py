"""Schedules: learning rates that change, as functions of the number k = 0, 1, 2, … of steps taken so far."""

from __future__ import annotations

import math
from collections.abc import Callable

from .checks import checked, non_negative, positive, whole

Schedule = Callable[[int], float]


def constant(rate: float) -> Schedule:
    """η(k) = rate at every step. ValueError: `rate` is not above 0.

    >>> constant(0.1)(1000)
    0.1
    """
    rate = positive("rate", rate)
    return _of_steps(lambda k: rate)


def step_decay(rate: float, every: int, factor: float) -> Schedule:
    """η(k) = rate · factor^⌊k / every⌋: times `factor` after each `every` steps (PyTorch's StepLR).

    ValueError: `rate` not above 0, `every` no whole number from 1 up, `factor` not above 0 and at most 1.

    >>> schedule = step_decay(1.0, every=10, factor=0.5)
    >>> schedule(9), schedule(10), schedule(20)
    (1.0, 0.5, 0.25)
    """
    rate, every = positive("rate", rate), whole("every", every, 1)
    factor = checked("factor", factor, "above 0 and at most 1", lambda x: 0 < x <= 1)
    return _of_steps(lambda k: rate * factor ** (k // every))


def cosine(rate: float, steps: int, final: float = 0.0) -> Schedule:
    """η(k) = final + ½ (rate − final)(1 + cos(π k / steps)), and `final` from k = steps on.

    Half a period of PyTorch's CosineAnnealingLR in closed form (theirs rises again after it).
    ValueError: `rate` not above 0, `steps` no whole number from 1 up, `final` negative.

    >>> schedule = cosine(1.0, steps=100)
    >>> schedule(0), round(schedule(50), 12), schedule(100), schedule(101)
    (1.0, 0.5, 0.0, 0.0)
    """
    rate, steps, final = positive("rate", rate), whole("steps", steps, 1), non_negative("final", final)

    return _of_steps(
        lambda k: final + 0.5 * (rate - final) * (1 + math.cos(math.pi * k / steps)) if k < steps else final
    )


def linear(rate: float, steps: int, final: float = 0.0) -> Schedule:
    """η(k) = rate + (final − rate) k / steps, and `final` from k = steps on.

    PyTorch's LinearLR, which takes both ends as factors of one rate. A `final` above `rate` is a warm-up.
    ValueError: as for `cosine`.

    >>> schedule = linear(1.0, steps=100, final=0.1)  # the two-moons demo's
    >>> schedule(0), schedule(50), schedule(100), schedule(101)
    (1.0, 0.55, 0.1, 0.1)
    """
    rate, steps, final = positive("rate", rate), whole("steps", steps, 1), non_negative("final", final)
    return _of_steps(lambda k: rate + (final - rate) * k / steps if k < steps else final)


def _of_steps(formula: Schedule) -> Schedule:
    """`formula` for numbers of steps alone: it would answer to −1 and to 2.5 as well."""
    return lambda k: formula(whole("the number of steps taken", k, 0))
