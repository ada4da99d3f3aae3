"""Checks of numeric arguments: the number as wanted, or one sentence that says what was expected and what arrived."""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real
from typing import Any


def checked(name: str, x: Any, expected: str, fits: Callable[[float], bool]) -> float:
    """`x` as a float if it is a number that fits; else one sentence, as TypeError (no number) or ValueError.

    >>> checked("momentum", 2, "at least 0 and below 1", lambda m: 0 <= m < 1)
    Traceback (most recent call last):
    ...
    ValueError: momentum must be at least 0 and below 1, got 2
    """
    text = " ".join(repr(x).split())
    text = text if len(text) <= 60 else text[:57] + "..."
    if not isinstance(x, Real):
        raise TypeError(f"{name} must be {expected}, got {type(x).__name__} {text}")
    try:
        number = float(x)
    except OverflowError:  # an int or a fraction that no float can hold
        number = -math.inf if x < 0 else math.inf
    if not fits(number):
        raise ValueError(f"{name} must be {expected}, got {text}")
    return number


def positive(name: str, x: Any) -> float:
    """`x` as a float if it is above 0 and finite."""
    return checked(name, x, "a positive finite number", lambda x: 0 < x < math.inf)


def non_negative(name: str, x: Any) -> float:
    """`x` as a float if it is 0 or above, and finite."""
    return checked(name, x, "0 or a positive finite number", lambda x: 0 <= x < math.inf)


def whole(name: str, x: Any, low: int) -> int:
    """`x` as an int if it is a whole number, `low` or above."""
    return int(checked(name, x, f"a whole number from {low} up", lambda x: low <= x < math.inf and x % 1 == 0))
