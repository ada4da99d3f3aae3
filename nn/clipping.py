"""Gradients before a step: whether they are finite, and how to keep them from being too large."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autograd import Value

from .checks import checked


def clip_gradients(parameters: Iterable[Value], max_norm: float) -> float:
    """Scale all gradients by min(1, max_norm / (‖g‖ + 1e-6)), ‖g‖ = √Σ g² over all of them; gives ‖g‖ as it was.

    `max_norm` inf clips nothing. ValueError: `max_norm` is not above 0. FloatingPointError: a gradient, or ‖g‖, is
    not finite. No gradient has changed then.

    >>> w = [Value(1.0), Value(2.0)]
    >>> w[0].grad, w[1].grad = 3.0, -4.0
    >>> clip_gradients(w, max_norm=1.0), round(w[0].grad, 6), round(w[1].grad, 6)
    (5.0, 0.6, -0.8)
    """
    parameters = leaves(parameters)
    max_norm = checked("max_norm", max_norm, "a positive number", lambda x: x > 0)
    require_finite_gradients(parameters)
    norm = math.hypot(*[p.grad for p in parameters])
    if norm == math.inf:
        raise FloatingPointError("the gradients' norm is beyond 1.8e308; clip them by value first, or scale the loss")
    scale = min(1.0, max_norm / (norm + 1e-6))
    for p in parameters:
        p.grad *= scale
    return norm


def clip_gradient_values(parameters: Iterable[Value], max_value: float) -> None:
    """Bring each gradient into −max_value … max_value, for itself (it changes the direction of the step).

    ValueError: `max_value` is not above 0. FloatingPointError: a gradient is nan or infinite.

    >>> w = [Value(1.0), Value(2.0)]
    >>> w[0].grad, w[1].grad = 3.0, -4.0
    >>> clip_gradient_values(w, 3.5)
    >>> w[0].grad, w[1].grad
    (3.0, -3.5)
    """
    parameters = leaves(parameters)
    max_value = checked("max_value", max_value, "a positive number", lambda x: x > 0)
    require_finite_gradients(parameters)
    for p in parameters:
        p.grad = max(-max_value, min(max_value, p.grad))


def leaves(parameters: Iterable[Value]) -> list[Value]:
    """The parameters as a list, each once, when all are what an optimizer can move."""
    try:
        found = list(parameters)
    except TypeError:
        got = type(parameters).__name__
        raise TypeError(f"expected a list of Values, such as model.parameters(), got {got}") from None
    if not found:
        raise ValueError("there are no parameters to move: the list is empty (a generator can be used once only)")
    for i, p in enumerate(found):
        if not isinstance(p, Value):
            raise TypeError(f"parameters[{i}] must be a Value, got {type(p).__name__}")
        if p.op is not None:
            raise ValueError(f"{called(i, p)} is computed, by {p.op.name}; pass the leaves it is computed from")
    return list(dict.fromkeys(found))


def require_finite_gradients(parameters: list[Value]) -> None:
    """FloatingPointError, naming the parameter, if a gradient is nan or infinite."""
    if math.isfinite(sum([p.grad for p in parameters])):
        return
    for i, p in enumerate(parameters):
        if not math.isfinite(p.grad):
            raise FloatingPointError(
                f"the gradient of {called(i, p)} is {p.grad!r}, so nothing was changed; find out where the loss went "
                "wrong, or lower the learning rate"
            )


def called(i: int, p: Value) -> str:
    """Parameter number i in an error message, by its name if it has one."""
    return f"parameters[{i}]" + f" ({p.name})" * (p.name is not None)
