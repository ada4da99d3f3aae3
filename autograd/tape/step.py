"""A step of a plan: the same thing done to neighbouring slots."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..op import Op

EACH, MATMUL, PAIRS, FILL, DOT, OUTER, SUM = "each", "matmul", "pairs", "fill", "dot", "outer", "sum"


class Step:
    """One step of a plan: what it computes into the slots `out` … `out + count - 1`.

    each: `op` on each slot; `kinds` has a letter for each operand: "v" moves along with the slots, "u" is one number
    of U for all.   matmul: out_j = start_j + Σ_i weight_ji x_i, with weights and starts from U, operands (xs, weights,
    starts).   pairs: out = start + Σ x_i y_i, operands (xs, ys, start).   fill: out = a number of U.   dot: as pairs,
    all in U.   outer: total_ji += Σ_rows d_j x_i, operands (ds, xs, totals).   sum: total_j += u_j Σ_rows x_j,
    operands (totals, xs, us). A start of -1 is none.
    """

    __slots__ = ("count", "kind", "kinds", "op", "operands", "out")

    def __init__(
        self, kind: str, out: int, count: int, operands: tuple[Any, ...], op: Op | None = None, kinds: str = ""
    ) -> None:
        self.kind, self.out, self.count, self.operands, self.op, self.kinds = kind, out, count, operands, op, kinds

    def __repr__(self) -> str:
        return f"<{self.op.name if self.op else self.kind} {self.kinds} {self.out}+{self.count} {self.operands}>"


def may_stand_still(op: Op) -> bool:
    """Whether one of its operands may be a single number: in Python's own operators. Elsewhere such an operand is
    spread over the rows first, since each combination is one more case for the kernel to be compiled with."""
    return op.arity == 2 and getattr(op.forward, "__module__", None) == "_operator"
