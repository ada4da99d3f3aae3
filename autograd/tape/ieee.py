"""Ops on ℝ ∪ {±∞, NaN} as IEEE 754 has it, where Python's floats raise: what every executor of a tape computes."""

from __future__ import annotations

import math

from ..op import ARITHMETIC_ERRORS, Op

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def ieee(op: Op) -> Callable[..., float]:
    """`op.forward` with ±∞ and NaN in the place of errors.

    >>> from autograd.op import TABLE
    >>> ieee(TABLE["div"])(1.0, -0.0), ieee(TABLE["log"])(0.0), ieee(TABLE["sqrt"])(-1.0)
    (-inf, -inf, nan)
    """
    forward = op.forward

    def computed(*xs: float) -> float:
        try:
            return forward(*xs)
        except ARITHMETIC_ERRORS as error:
            return _limit(op, xs, error)

    return computed


def _limit(op: Op, xs: tuple[float, ...], error: Exception) -> float:
    if op.name == "div":
        x, y = xs
        return math.nan if x == 0 or x != x else math.copysign(math.inf, x) * math.copysign(1.0, y)
    if op.name == "pow":
        return _power(*xs)
    x = xs[0]
    try:
        if isinstance(error, OverflowError):  # ±∞, on the side where smaller inputs go
            return math.copysign(math.inf, op.forward(math.copysign(2.0, x), *xs[1:]))
        for edge, inside in ((op.domain[0].low, math.inf), (op.domain[0].high, -math.inf)):
            if x == edge and math.isfinite(edge):  # a pole: its sign is that of the neighbour inside the domain
                return math.copysign(math.inf, op.forward(math.nextafter(x, inside), *xs[1:]))
    except (*ARITHMETIC_ERRORS, IndexError):
        pass
    return math.nan


def _power(x: float, y: float) -> float:
    """Where Python raises: a negative number to a power that is not whole, 0 to a negative power, overflow."""
    whole = not math.isfinite(y) or y == int(y)
    if x < 0 and not whole:
        return math.nan
    odd = whole and math.isfinite(y) and int(y) % 2 == 1
    return math.copysign(math.inf, x) if odd else math.inf
