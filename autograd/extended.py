"""Local derivatives where they are infinite or undefined: arithmetic on ℝ ∪ {±∞, NaN}, where 0 · ∞ = 0.

√x is a number at 0 though its derivative is not. Python's floats raise there; here 0.5/0 is ∞, the slope from
inside the domain, log of a negative number is NaN, and 0 · ∞ = 0 makes x**0 have slope 0 everywhere.
"""

from __future__ import annotations

import math

from .op import ARITHMETIC_ERRORS, Op, Operand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class Extended(Operand):
    """A number on which every op answers. `Extended(1.0) / 0.0` holds ∞."""

    __slots__ = ("number",)

    def __init__(self, number: float) -> None:
        self.number = number

    @classmethod
    def apply(cls, op: Op, inputs: tuple[Any, ...]) -> Extended:
        xs = [x.number if isinstance(x, Extended) else float(x) for x in inputs]
        if op.name == "mul" and 0.0 in xs and not any(map(math.isnan, xs)):
            return cls(0.0)
        try:
            return cls(op.forward(*xs))
        except ZeroDivisionError:  # x/0 with the zero approached from above, or 0 to a negative power
            return cls(math.copysign(math.inf, xs[0]) if op.name == "div" and xs[0] else math.inf)
        except OverflowError:  # only a power can overflow where the op it belongs to did not
            odd = op.name == "pow" and xs[1] % 2 == 1
            return cls(math.copysign(math.inf, xs[0]) if odd else math.inf)
        except ValueError:
            return cls(-math.inf if op.name == "log" and xs[0] == 0 else math.nan)


def local_derivatives(op: Op, numbers: Sequence[float], out: float, edges: Sequence[Any]) -> tuple[float | None, ...]:
    """`op.local_derivatives` on floats, infinite or NaN where float arithmetic raises.

    >>> from autograd.op import TABLE
    >>> local_derivatives(TABLE["sqrt"], [0.0], 0.0, [None])
    (inf,)
    """
    try:
        return op.local_derivatives(numbers, out, edges)
    except ARITHMETIC_ERRORS:
        return limits(op, numbers, out, edges)


def same(a: float | None, b: float | None) -> bool:
    """Whether two are one number, a NaN being the same as a NaN; None, no number at all, is the same as None.

    >>> same(0.0, -0.0), same(math.nan, math.nan), same(math.nan, None)
    (True, True, False)
    """
    return a == b or (a is not None and b is not None and a != a and b != b)


def limits(op: Op, numbers: Sequence[float], out: float, edges: Sequence[Any]) -> tuple[float | None, ...]:
    """`op.local_derivatives` with ±∞ and NaN in place of the errors of float arithmetic."""
    found = op.local_derivatives([Extended(x) for x in numbers], Extended(out), edges)
    return tuple(d.number if isinstance(d, Extended) else d for d in found)
