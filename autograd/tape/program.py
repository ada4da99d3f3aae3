"""A program: a straight line of instructions, each one op applied to earlier slots. Instruction i writes slot i."""

from __future__ import annotations

from array import array

from ..op import Op, Operand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any


class Program:
    """Instructions in the order in which they run. A slot without an op is a leaf: an input, a parameter, a constant.

    `inputs`, `parameters` and `outputs` are slots, `numbers` holds what the constants are, `names` what slots are
    called. Operands lie in one flat array, because a tuple and its ints for each instruction would take 100 bytes.

    >>> from autograd.op import TABLE
    >>> program = Program()
    >>> x, two = program.leaf("x"), program.constant(2.0)
    >>> y = program.append(TABLE["mul"], (x, two))
    >>> program.arguments(y), program.ops[y].name, program.numbers
    ((0, 1), 'mul', {1: 2.0})
    """

    def __init__(self) -> None:
        self.ops: list[Op | None] = []
        self.inputs: list[int] = []
        self.parameters: list[int] = []
        self.outputs: list[int] = []
        self.numbers: dict[int, float] = {}
        self.names: dict[int, str] = {}
        self._operands, self._ends = array("q"), array("q", [0])
        self._constants: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.ops)

    def append(self, op: Op | None, arguments: Iterable[int]) -> int:
        """One more instruction; gives its slot."""
        self.ops.append(op)
        self._operands.extend(arguments)
        self._ends.append(len(self._operands))
        return len(self.ops) - 1

    def leaf(self, name: str | None = None) -> int:
        """A slot that is given from outside."""
        slot = self.append(None, ())
        if name is not None:
            self.names[slot] = name
        return slot

    def constant(self, number: float) -> int:
        """The slot of that number, one for each number (-0.0 and 0.0 are two)."""
        key = number.hex()
        slot = self._constants.get(key)
        if slot is None:
            slot = self._constants[key] = self.append(None, ())
            self.numbers[slot] = number
        return slot

    def arguments(self, slot: int) -> tuple[int, ...]:
        """The slots that instruction reads."""
        return tuple(self._operands[self._ends[slot] : self._ends[slot + 1]])

    def instructions(self) -> Iterator[tuple[Op | None, tuple[int, ...]]]:
        """The op of each slot, in order, and the slots that it reads."""
        operands, start = self._operands, 0
        for op, end in zip(self.ops, self._ends[1:], strict=True):
            yield op, tuple(operands[start:end])
            start = end

    def copy(self) -> Program:
        """Another program with the same instructions, to append to."""
        other = Program()
        other.ops, other.inputs, other.parameters = self.ops[:], self.inputs[:], self.parameters[:]
        other.outputs, other.numbers, other.names = self.outputs[:], dict(self.numbers), dict(self.names)
        other._operands, other._ends = self._operands[:], self._ends[:]
        other._constants = dict(self._constants)
        return other

    def started(self, other: Program) -> list[int]:
        """Take over the leaves of another program; gives for each of its slots the place here, or -1."""
        place = [-1] * len(other)
        for slot in (*other.inputs, *other.parameters):
            place[slot] = self.leaf(other.names.get(slot))
        for slot, number in other.numbers.items():
            place[slot] = self.constant(number)
        self.inputs = [place[slot] for slot in other.inputs]
        self.parameters = [place[slot] for slot in other.parameters]
        return place

    def dependent(self, slots: Sequence[int]) -> bytearray:
        """For each slot whether it is one of those or is computed from one."""
        found = bytearray(len(self))
        for slot in slots:
            found[slot] = 1
        operands, ends, start = self._operands, self._ends, 0
        for i, end in enumerate(ends[1:]):
            for k in range(start, end):
                if found[operands[k]]:
                    found[i] = 1
                    break
            start = end
        return found

    def live(self, results: Sequence[int]) -> bytearray:
        """For each slot whether a result is computed from it; the rest is dead code."""
        found = bytearray(len(self))
        for slot in results:
            found[slot] = 1
        operands, ends = self._operands, self._ends
        for i in range(len(self) - 1, -1, -1):
            if found[i]:
                for k in range(ends[i], ends[i + 1]):
                    found[operands[k]] = 1
        return found

    def readers(self, results: Sequence[int]) -> list[int]:
        """How often each slot is read, once more for each time that it is a result."""
        found = [0] * len(self)
        for slot in self._operands:
            found[slot] += 1
        for slot in results:
            found[slot] += 1
        return found


class Slot(Operand):
    """A slot of a program as an operand: an op applied to it becomes an instruction. So a row's partials record
    themselves."""

    __slots__ = ("index", "program")

    def __init__(self, program: Program, index: int) -> None:
        self.program, self.index = program, index

    @classmethod
    def apply(cls, op: Op, inputs: tuple[Any, ...]) -> Slot:
        program: Program = next(x.program for x in inputs if x.__class__ is cls)
        places = [x.index if x.__class__ is cls else program.constant(float(x)) for x in inputs]
        return cls(program, program.append(op, places))

    def __bool__(self) -> bool:
        raise TypeError("a recorded slot is neither true nor false; write branches with where(condition, a, b)")
