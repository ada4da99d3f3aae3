"""What the losses have in common: outputs and targets are paired and checked, and terms added up."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Callable, Iterable
from typing import Any

from autograd import Value, less, where

from .placeholder import Placeholder, placeholders

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


def pairs(prediction: Prediction, target: Target, what: str = "prediction") -> list[tuple[Output, Any]]:
    """Each output with its target, a float, or a placeholder where a sample is being recorded for a tape.

    ValueError: a target that is not finite, or not as many of one as of the other.

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


def distribution(target: Target, classes: int, what: str) -> list[Any]:
    """Weights of the classes that add up to 1, from a label or from the weights themselves; floats or placeholders.

    >>> distribution(1, 3, "logits"), distribution([0.5, 0.5], 2, "logits")
    ([0.0, 1.0, 0.0], [0.5, 0.5])
    """
    if isinstance(target, Placeholder):
        return list(target.one_hot(classes))
    if isinstance(target, str) or not hasattr(target, "__iter__"):
        chosen = class_index(target, classes)
        return [1.0 if k == chosen else 0.0 for k in range(classes)]
    weights = _finite(target, classes, what)
    numbers = list(map(looked_at, weights))
    for i, t in enumerate(numbers):
        if t < 0:
            raise ValueError(f"a distribution has no negative entries, but {place('target', i, weights)} is {t!r}")
    if abs(math.fsum(numbers) - 1) > SUM_TOLERANCE:
        raise ValueError(f"a target distribution adds up to 1, this one to {math.fsum(numbers):.6g}; divide by its sum")
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


def looked_at(target: Any) -> Any:
    """The number that a target is, or has while it stands for others: those are to be looked at as well."""
    if not isinstance(target, Value):
        return target
    for p in placeholders(target):
        p.looked_at = True
    return target.data


def weighted(t: Any, function: Callable[[Any], Any], y: Output, safe: float) -> list[Any]:
    """The term t · function(y), or none where t = 0, whatever y is.

    A placeholder for t cannot be asked, so it takes the function of a `safe` number where it is 0.

    >>> weighted(0.0, math.log, 0.0, 1.0), weighted(2.0, math.log, 1.0, 1.0)
    ([], [0.0])
    """
    if isinstance(t, Value):
        return [t * function(where(t, y, safe))]
    return [function(y) if t == 1 else t * function(y)] if t else []


def allowed(y: Output, target: Any, low: float, high: float = math.inf) -> Output:
    """y as it is; in a recording NaN where it leaves low … high, since what it is there says nothing of later."""
    if not isinstance(target, Value):
        return y
    outside = less(y, low) if high == math.inf else less(y, low) + less(high, y)
    found: Output = where(outside, math.nan, y)
    return found


def _finite(target: Target, count: int, what: str) -> list[Any]:
    given = _listed(target)
    if len(given) != count:
        raise ValueError(f"expected a target of length {count}, as the {what} has, got one of length {len(given)}")
    found = [
        t if isinstance(t, Value) and placeholders(t) else number(t, place("target", i, given))
        for i, t in enumerate(given)
    ]
    for i, t in enumerate(found):
        if not (isinstance(t, Value) or math.isfinite(t)):
            raise ValueError(f"{place('target', i, given)} is {t!r}; a loss takes finite targets, so leave it out")
    return found


def _listed(x: Any) -> list[Any]:
    return [x] if isinstance(x, str) or not hasattr(x, "__iter__") else list(x)
