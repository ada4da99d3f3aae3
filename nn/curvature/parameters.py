"""Parameters in a row, directions among them, and the loss that was computed from them, all checked."""

from __future__ import annotations

import math
import random
import reprlib
from collections.abc import Callable, Iterable, Iterator
from operator import mul
from typing import Any

from autograd import Value

from ..targets import number


def flattened(parameters: Any) -> list[Value]:
    """The parameters of nested sequences in a row, each once.

    >>> a, b = Value(1.0), Value(2.0)
    >>> flattened([a, [b, a]]) == [a, b]
    True
    """
    found = list(dict.fromkeys(_walk(parameters)))
    if not found:
        raise ValueError("there are no parameters: the list is empty (a generator can be used once only)")
    return found


def evaluated(loss_function: Callable[[], Any], parameters: list[Value]) -> Value:
    """The loss as a graph, computed now. TypeError, ValueError: it is no function, or gives something without one."""
    if not callable(loss_function):
        raise TypeError(
            "expected a function without arguments that computes the loss from the parameters each time, "
            f"got {type(loss_function).__name__} {reprlib.repr(loss_function)}; put 'lambda:' before the computation"
        )
    return with_graph(loss_function(), parameters)


def with_graph(loss: Any, parameters: list[Value]) -> Value:
    """The loss itself, if derivatives can be taken of it."""
    if not isinstance(loss, Value):
        got = "a function; call it" if callable(loss) else f"{type(loss).__name__} {reprlib.repr(loss)}"
        raise TypeError(f"expected the loss as a Value, computed from the parameters, got {got}")
    if loss.op is None and loss not in parameters:
        raise ValueError(
            f"the loss, {loss.data:g}, is not computed from anything, so it has no derivatives; "
            "compute it from the parameters, outside of no_grad()"
        )
    return loss


def directed(numbers: Iterable[Any], count: int, what: str) -> list[float]:
    """The entries of a step or direction as floats, one for each parameter."""
    if isinstance(numbers, str | Value) or not hasattr(numbers, "__iter__"):
        raise TypeError(f"expected the {what} as a list of {count} numbers, got {reprlib.repr(numbers)}")
    found = [number(x, f"an entry of the {what}") for x in numbers]
    if len(found) != count:
        raise ValueError(f"expected a {what} of {count} numbers, one for each parameter, got {len(found)}")
    return found


def unit_direction(count: int, seed: int) -> list[float]:
    """A random direction of length 1."""
    rng = random.Random(seed)
    drawn = [rng.gauss(0.0, 1.0) for _ in range(count)]
    length = math.hypot(*drawn)
    return [d / length for d in drawn]


def inner(a: Iterable[float], b: Iterable[float]) -> float:
    """Σ aᵢ bᵢ."""
    found: float = sum(map(mul, a, b))
    return found


def _walk(parameters: Any) -> Iterator[Value]:
    if isinstance(parameters, Value):
        yield parameters
    elif isinstance(parameters, str | dict) or not hasattr(parameters, "__iter__"):
        got = f"{type(parameters).__name__} {reprlib.repr(parameters)}"
        raise TypeError(f"expected Values or nested lists of them, such as model.parameters(), got {got}")
    else:
        for entry in parameters:
            yield from _walk(entry)
