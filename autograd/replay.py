"""A recorded graph computed once more, with another number in the place of one of its nodes."""

from __future__ import annotations

from .differences import Sample, side
from .linearized import Linearized
from .value import Value


class Replay:
    """f as a function of the number of one of its nodes: the recorded graph between the two, computed once more."""

    def __init__(self, f: Value, x: Value) -> None:
        self.f, self.x = f, x
        linear = Linearized([f], [x], keep=True)
        self.plan = [(node, node.op, linear.doubles.get(node), node.inputs) for node in linear.nodes]
        self.kinked = tuple([op for _, op, _, _ in self.plan if op is not None and op.kink is not None])

    def __call__(self, number: float) -> Sample:
        numbers = {self.x: number}
        signs = []
        for node, op, double, inputs in self.plan:
            if double is not None:  # the output of a checkpoint is what it was rebuilt as
                numbers[node] = numbers[double]
                continue
            assert op is not None  # leaves are not between x and f
            operands = [float(numbers.get(i, i)) for i in inputs]  # type: ignore[arg-type]  # floats are no keys
            numbers[node] = op.compute(*operands)
            if op.kink is not None:
                signs.append(side(op, operands))
        return Sample(numbers.get(self.f, self.f.data), self.kinked, tuple(signs))
