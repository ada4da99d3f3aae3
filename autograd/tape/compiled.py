"""A plan run by the compiled kernel: encoded as numbers, block by block, on as many threads as there is work for."""

from __future__ import annotations

import os
from functools import cache

from .kernel import Kernel
from .kernel_source import STEP_KINDS
from .step import DOT, FILL, MATMUL, OUTER, PAIRS, SUM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import Executor
    from typing import Any

    from .plan import Plan
    from .step import Step

BLOCK = 1 << 16  # numbers in V at most (512 KB), as long as a block has some rows
ROWS = 128  # in a block at most
CHUNK = 1 << 20  # multiplications in a chunk at least, of the rows that are divided among threads


@cache
def _pool(threads: int) -> Executor:
    """So many threads, kept: to start them takes as long as a small batch."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(threads, thread_name_prefix="tape")


if hasattr(os, "register_at_fork"):  # a forked process has none of the threads, and would wait for them
    os.register_at_fork(after_in_child=_pool.cache_clear)


class KernelRunner:
    """Runs a plan with the kernel. `run` gives the sums over rows, and the results of each row.

    The rows are cut into chunks by their number alone and each chunk is summed by itself, so that results do not
    depend on how many threads there are.
    """

    def __init__(self, plan: Plan, kernel: Kernel) -> None:
        import numpy as np

        self.np, self.plan, self.function = np, plan, kernel.function
        self.threads = 1
        index: list[int] = []
        self._before = self._encoded(plan.before, kernel, index)
        self._code = self._encoded([*plan.rows, *plan.sums], kernel, index)
        self._index = np.array(index or [0], dtype=np.int64)
        self.u = np.zeros(plan.size_u)
        for place, number in plan.numbers:
            self.u[place] = number
        self._parameters = self.u[: plan.parameters]
        self._places = np.array([at if kind == "v" else -1 for kind, at in plan.results], dtype=np.int64)
        self._uniform = np.array(plan.uniform, dtype=np.int64)
        self._totals = np.zeros(len(plan.uniform))
        self._out = np.zeros(len(plan.uniform))
        self.work = sum(
            step.count * (len(step.operands[step.kind == OUTER]) if step.kind in (MATMUL, OUTER) else 4)
            for step in (*plan.rows, *plan.sums)
        )
        self._memory: tuple[int, Any] = (0, np.zeros(0))

    def run(self, parameters: Any, rows: Any) -> tuple[Any, Any]:
        """The totals, in an array that the next run writes again, and the results of each row, one column each."""
        n, np = len(rows), self.np
        self._parameters[:] = parameters
        size = self._size(n)
        data = _in_one_piece(np, rows)
        results = np.empty((len(self.plan.results), n))  # column by column, which is how they are computed
        chunks = min(16, n * self.work // CHUNK)
        if chunks < 2:
            if self._memory[0] != size:
                self._memory = size, np.zeros(self.plan.size_v * size)
            self._call(size, self._memory[1], data, 0, n, True, self._totals, results)
        else:
            self._run_chunks(data, n, results, size, chunks)
        if not n:  # a sum over no rows is 0, even of ∞
            self._out[:] = 0.0
        for k, (kind, at) in enumerate(self.plan.results):
            if kind == "u":
                results[k] = self.u[at]
        return self._out, results.T

    def _call(self, size: int, v: Any, data: Any, first: int, last: int, once: bool, totals: Any, results: Any) -> None:
        self.function(
            self._before, self._code, self._index, self.u, v, size, *data, first, last, once, totals, results,
            self._places, self._uniform, self._out,
        )  # fmt: skip

    def _size(self, n: int) -> int:
        """Rows in a block: as many as V may have, all blocks about equally full, a multiple of 8."""
        most = max(8, min(ROWS, BLOCK // max(self.plan.size_v, 1)))
        blocks = -(-n // most) or 1
        return -(-n // blocks // 8) * 8 or 8

    def _run_chunks(self, data: Any, n: int, results: Any, size: int, chunks: int) -> None:
        np = self.np
        cuts = [n * k // chunks // size * size for k in range(chunks)] + [n]
        self._call(size, np.zeros(0), data, 0, 0, True, self._totals, results)
        totals = np.zeros((chunks, len(self._totals)))

        def chunk(k: int) -> None:
            v = np.zeros(self.plan.size_v * size)
            self._call(size, v, data, cuts[k], cuts[k + 1], False, totals[k], results)

        if self.threads > 1:
            list(_pool(self.threads).map(chunk, range(chunks)))
        else:
            for k in range(chunks):
                chunk(k)
        self._out[:] = 0.0
        for k in range(chunks):
            self._out += totals[k]
        same = self._uniform >= 0
        self._out[same] += n * self.u[self._uniform[same]]

    def _encoded(self, steps: list[Step], kernel: Kernel, index: list[int]) -> Any:
        """Six numbers a step: its case, where it writes, how many, and three more; lists go to the index."""
        code, cases = [], kernel.cases
        for step in steps:
            at, operands = len(index), step.operands
            if step.op is not None:  # one thing on each slot
                code.append([cases[step.op, step.kinds], step.out, step.count, *operands, *[0] * (3 - len(operands))])
                continue
            case = STEP_KINDS[step.kind]
            if step.kind == FILL:
                code.append([case, step.out, 1, operands[0], 0, 0])
                continue
            if step.kind == MATMUL:
                more = at, len(operands[0]), 0
            elif step.kind in (DOT, PAIRS):
                more, operands = (at, len(operands[0]), operands[2]), operands[:2]
            elif step.kind == OUTER:
                more = at, len(operands[1]), 0
            else:
                assert step.kind == SUM
                more = at, 0, 0
            for places in operands:
                index.extend(places)
            code.append([case, step.out, step.count, *more])
        return self.np.array(code, dtype=self.np.int64).reshape(-1, 6)


def _in_one_piece(np: Any, rows: Any) -> tuple[Any, int, int, int]:
    """The rows as a flat array, how many columns there are, and how far apart in it rows and columns are. Rows that lie
    column by column (Fortran's order) are read fastest."""
    n, columns = rows.shape
    flags = rows.flags
    if not flags.behaved or not (flags.c_contiguous or flags.f_contiguous):
        rows = np.array(rows, order="F")  # the kernel is compiled for arrays that may be written, the usual kind
        flags = rows.flags
    if flags.f_contiguous:
        return rows.T.reshape(-1), columns, 1, n
    return rows.reshape(-1), columns, columns, 1
