"""What an op costs in steps: a column of its row, and backward what the row's partials show when they are run."""

from __future__ import annotations

from .network_steps import Steps
from .op import TABLE, Op, Operand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class Counted(Operand):
    """An operand that knows only what it was computed from: a local derivative run on it shows its ops.

    >>> y = Counted()
    >>> steps_of([1.0 / y, 2.0 - y, y])
    Steps(multiplications=1, additions=1, evaluations=0)
    """

    __slots__ = ("inputs", "op")

    def __init__(self, op: Op | None = None, inputs: tuple[Any, ...] = ()) -> None:
        self.op, self.inputs = op, inputs

    @classmethod
    def apply(cls, op: Op, inputs: tuple[Any, ...]) -> Counted:
        return cls(op, inputs)


def steps_of(results: Sequence[Any]) -> Steps:
    """The steps that `results` were computed with; what several have in common counts once."""
    total, seen, stack = Steps(), set(), [x for x in results if isinstance(x, Counted)]
    while stack:
        x = stack.pop()
        if x.op is not None and x not in seen:
            seen.add(x)
            total += Steps(*x.op.steps(len(x.inputs)))
            stack += [i for i in x.inputs if isinstance(i, Counted)]
    return total


class Costs:
    """What nodes cost, by op and number of inputs, each found once."""

    def __init__(self) -> None:
        self.high: list[str] = []  # ops that take more than two multiplications or evaluations back for each forward
        self._forward: dict[tuple[Op, int], Steps] = {}
        self._backward: dict[tuple[Op, int, tuple[int, ...]], tuple[Steps, list[bool]]] = {}

    def forward(self, op: Op, n: int) -> Steps:
        """The steps of the op itself."""
        found = self._forward.get((op, n))
        if found is None:
            if TABLE.get(op.name) is not op:
                raise ValueError(
                    f"the graph has a {op.name} in it, which is no row of the table, so that its steps are not known; "
                    "count the steps of the same computation without it"
                )
            found = self._forward[op, n] = Steps(*op.steps(n))
        return found

    def backward(self, op: Op, n: int, edges: tuple[int, ...]) -> tuple[Steps, list[bool]]:
        """The steps from a node to the inputs `edges` without the additions there; and which get a contribution."""
        found = self._backward.get((op, n, edges))
        if found is None:
            found = self._backward[op, n, edges] = self._found(op, n, edges)
        return found

    def _found(self, op: Op, n: int, edges: tuple[int, ...]) -> tuple[Steps, list[bool]]:
        forward = self.forward(op, n)
        locals_ = _local_derivatives(op, n, edges, forward.evaluations > 0)
        varying = [d for d in locals_ if isinstance(d, Counted)]
        products = len([d for d in locals_ if isinstance(d, Counted) or d not in (0, 1, -1)])
        own = Steps(0, 0, len(varying)) if forward.evaluations else steps_of(varying)
        cost = own + Steps(products)
        if cost.total - cost.additions > 2 * (forward.total - forward.additions) and op.name not in self.high:
            self.high.append(op.name)
        return cost, [isinstance(d, Counted) or d != 0 for d in locals_]


def _local_derivatives(op: Op, n: int, edges: tuple[int, ...], evaluated: bool) -> list[Any]:
    """What the row's partials give on Counted operands: Counted where they depend on anything, else the constant."""
    inputs = [Counted() for _ in range(n)]
    wanted: list[Any] = [0.0] * n
    for i in edges:
        wanted[i] = inputs[i]
    try:
        found = op.local_derivatives(inputs, Counted(), wanted)
    except (TypeError, AttributeError) as error:
        if evaluated:  # φ' is one step however it is computed
            return [Counted() for _ in edges]
        raise TypeError(
            f"the local derivatives of {op.name} are not written with ops, so their steps cannot be counted: {error}"
        ) from None
    return [found[i] for i in edges]
