"""A plan: what is the same in every row is computed once, and equal instructions become vectors.

It has two memories: U, one number a slot, for parameters, constants and what is computed from them alone; and V, one
number for each row of a block, for all that depends on an input.
"""

from __future__ import annotations

from .grouping import Memory, grouped
from .program import Program
from .splitting import Splitter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .step import Step


class Plan:
    """The steps that run once (`before`), for each block of rows (`rows`), and those that add up over rows (`sums`).

    `results` says for each per-row result whether it is in "v" or "u", and where; `uniform[t]` is the slot of U that
    total t gets once for each row on top of its sums, or -1; `numbers` are the constants with their places in U.

    >>> from autograd.op import TABLE
    >>> program = Program()
    >>> program.inputs, program.parameters = [program.leaf()], [program.leaf(), program.leaf()]
    >>> products = [program.append(TABLE["mul"], (0, w)) for w in program.parameters]
    >>> Plan(program, products, []).rows  # two products of one input: a matrix of one column
    [<matmul  1+2 ((0,), (0, 1), (-1, -1))>]
    """

    def __init__(self, program: Program, results: Sequence[int], totals: Sequence[int]) -> None:
        split = Splitter(program, results, totals)
        memory = Memory(program, len(split.varying))
        self.inputs, self.parameters = len(program.inputs), len(program.parameters)
        self.before: list[Step] = grouped(split.before, memory, varying=False)
        self.rows: list[Step] = grouped(split.rows, memory, varying=True)
        self.sums: list[Step] = split.sums(memory)
        self.uniform = [-1 if slot is None else memory.place[slot] for slot, _ in split.totals]
        self.results = [("v" if split.varying[x] else "u", memory.place[x]) for x in results]
        self.numbers = [(memory.place[slot], number) for slot, number in program.numbers.items()]
        self.ops = {step.op for step in (*self.before, *self.rows) if step.op is not None}
        self.size_u, self.size_v = memory.size_u, memory.size_v
