"""A program run in plain Python, one row after the other: the meaning that the faster executors are held against."""

from __future__ import annotations

from .ieee import ieee

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..op import Op
    from .program import Program


class Interpreter:
    """Runs a program with the standard library alone. `results` are wanted for each row, `totals` as sums over rows.

    >>> from autograd.op import TABLE
    >>> from autograd.tape.program import Program
    >>> program = Program()
    >>> program.inputs = [program.leaf("x")]
    >>> program.parameters = [program.leaf("w")]
    >>> y = program.append(TABLE["mul"], (0, 1))
    >>> Interpreter(program, [y], [y]).run([2.0], [[1.0], [10.0]])
    ([22.0], [[2.0], [20.0]])
    """

    def __init__(self, program: Program, results: Sequence[int], totals: Sequence[int]) -> None:
        self.program, self.results, self.totals = program, list(results), list(totals)
        live, varying = program.live([*results, *totals]), program.dependent(program.inputs)
        functions: dict[Op, Callable[..., float]] = {}
        self.before: list[tuple[int, Callable[..., float], tuple[int, ...]]] = []
        self.each: list[tuple[int, Callable[..., float], tuple[int, ...]]] = []
        for i, op in enumerate(program.ops):
            if live[i] and op is not None:
                if op not in functions:
                    functions[op] = ieee(op)
                (self.each if varying[i] else self.before).append((i, functions[op], program.arguments(i)))

    def run(
        self, parameters: Iterable[float], rows: Iterable[Sequence[float]]
    ) -> tuple[list[float], list[list[float]]]:
        """The sums over rows, and the results of each row."""
        slots = self.slots(parameters)
        totals = [0.0] * len(self.totals)
        results = []
        for row in rows:
            self.fill(slots, row)
            for t, slot in enumerate(self.totals):
                totals[t] += slots[slot]
            results.append([slots[slot] for slot in self.results])
        return totals, results

    def slots(self, parameters: Iterable[float]) -> list[float]:
        """All slots, those filled that are the same in every row."""
        slots = [0.0] * len(self.program)
        for slot, number in self.program.numbers.items():
            slots[slot] = number
        for slot, number in zip(self.program.parameters, parameters, strict=True):
            slots[slot] = number
        for i, function, reads in self.before:
            slots[i] = function(*[slots[x] for x in reads])
        return slots

    def fill(self, slots: list[float], row: Sequence[float]) -> None:
        """The other slots, for one row."""
        for slot, number in zip(self.program.inputs, row, strict=True):
            slots[slot] = number
        for i, function, reads in self.each:
            slots[i] = function(*[slots[x] for x in reads])
