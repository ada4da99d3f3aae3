"""What the losses have in common: outputs and targets are paired and checked, and terms added up."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterable
from typing import Any

from autograd import Value

Output = Value | float
Prediction = Output | Iterable[Output]
Target = float | Iterable[float]

SUM_TOLERANCE = 1e-6  # a distribution that comes from single precision adds up to 1 only so far


def outputs(prediction: Prediction, what: str = "prediction") -> list[Output]:
    """The outputs as a list of Values and floats, be it one or a sequence of them."""
    given = _listed(prediction)
    if not given:
        raise ValueError(f"empty {what}: a loss takes at least one output")
    return [x if isinstance(x, Value) else number(x, place(what, i, given)) for i, x in enumerate(given)]


def pairs(prediction: Prediction, target: Target, what: str = "prediction") -> list[tuple[Output, float]]:
    """Each output with its target. ValueError: a target that is not finite, or not as many of one as of the other.

    >>> pairs(0.5, 1), pairs([0.5, 0.25], [1, 0])
    ([(0.5, 1.0)], [(0.5, 1.0), (0.25, 0.0)])
    """
    ys = outputs(prediction, what)
    return list(zip(ys, _finite(target, len(ys), what), strict=True))


def total(terms: list[Any]) -> Value:
    """The terms added up from left to right, without a first 0 that would be a node of its own."""
    added: Value = sum(terms[1:], terms[0])
    return added


def class_index(label: Any, classes: int) -> int:
    """The class label as an int in 0 … classes − 1.

    >>> class_index(2.0, 3)
    2
    """
    found = number(label, "the class label")
    if not (0 <= found < classes and found == int(found)):
        raise ValueError(f"expected as class label a whole number from 0 to {classes - 1}, got {label}")
    return int(found)


def distribution(target: Target, classes: int, what: str) -> list[float]:
    """Weights of the classes that add up to 1, from a label or from the weights themselves.

    >>> distribution(1, 3, "logits"), distribution([0.5, 0.5], 2, "logits")
    ([0.0, 1.0, 0.0], [0.5, 0.5])
    """
    if isinstance(target, str) or not hasattr(target, "__iter__"):
        chosen = class_index(target, classes)
        return [1.0 if k == chosen else 0.0 for k in range(classes)]
    weights = _finite(target, classes, what)
    for i, t in enumerate(weights):
        if t < 0:
            raise ValueError(f"a distribution has no negative entries, but {place('target', i, weights)} is {t!r}")
    if abs(math.fsum(weights) - 1) > SUM_TOLERANCE:
        raise ValueError(f"a target distribution adds up to 1, this one to {math.fsum(weights):.6g}; divide by its sum")
    return weights


def number(x: Any, what: str) -> float:
    """`x` as a float; a TypeError that says what arrived where it is not a number."""
    if isinstance(x, float):
        return float(x)
    if isinstance(x, Value):
        raise TypeError(f"expected a number as {what}, got {x!r}; take its .data")
    try:
        found: float = Value(x).data  # the engine knows which types are numbers, NumPy's among them
        return found
    except TypeError:
        raise TypeError(f"expected a number as {what}, got {type(x).__name__} {reprlib.repr(x)}") from None


def place(what: str, i: int, among: list[Any]) -> str:
    """What an error calls entry i: the name alone where there is one entry."""
    return what if len(among) == 1 else f"{what}[{i}]"


def data(output: Output) -> float:
    """The number in it: what a check looks at, where comparing the Value would be a branch of the computation."""
    return output.data if isinstance(output, Value) else output


def _finite(target: Target, count: int, what: str) -> list[float]:
    given = _listed(target)
    if len(given) != count:
        raise ValueError(f"expected a target of length {count}, as the {what} has, got one of length {len(given)}")
    found = [number(t, place("target", i, given)) for i, t in enumerate(given)]
    for i, t in enumerate(found):
        if not math.isfinite(t):
            raise ValueError(f"{place('target', i, given)} is {t!r}; a loss takes finite targets, so leave it out")
    return found


def _listed(x: Any) -> list[Any]:
    return [x] if isinstance(x, str) or not hasattr(x, "__iter__") else list(x)
