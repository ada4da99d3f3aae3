"""Dual numbers x + ẋ ε with ε² = 0: an op applied to them gives its value and, along with it, its tangent."""

from __future__ import annotations

from .op import Op, Operand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Dual(Operand):
    """A number (or a Value) and how fast it moves. Source: Griewank & Walther, "Evaluating Derivatives" (2008), §3.1.

    Run a row's partials on them, and the local derivatives' own derivatives come out: second derivatives without a
    second table.

    >>> x = Dual(3.0, 1.0)
    >>> y = x * x + 1.0
    >>> y.primal, y.tangent
    (10.0, 6.0)
    """

    __slots__ = ("primal", "tangent")

    def __init__(self, primal: Any, tangent: Any = None) -> None:
        self.primal, self.tangent = primal, tangent  # None: it stands still

    @classmethod
    def apply(cls, op: Op, inputs: tuple[Any, ...]) -> Dual:
        primals = [x.primal if x.__class__ is cls else x for x in inputs]
        recording = [x for x in primals if isinstance(x, Operand)]
        out = recording[0].apply(op, tuple(primals)) if recording else op.compute(*primals)
        moving = [x if x.__class__ is cls and x.tangent is not None else 0.0 for x in inputs]
        tangent: Any = None
        for local, x in zip(op.local_derivatives(primals, out, moving), moving, strict=True):
            if x.__class__ is cls:
                term = local * x.tangent
                tangent = term if tangent is None else tangent + term
        return cls(out, tangent)
