"""A plan run by the compiled kernel: encoded as numbers, block by block, on as many threads as there is work for."""

from __future__ import annotations

from functools import cache

from .kernel import Kernel
from .kernel_source import STEP_KINDS
from .step import DOT, EACH, FILL, MATMUL, OUTER, PAIRS, SUM

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
        n = len(rows)
        if not rows.flags.behaved:  # the kernel is compiled for arrays that may be written, which is the usual kind
            rows = rows.copy()
        self._parameters[:] = parameters
        size = self._size(n)
        results = self.np.empty((n, len(self.plan.results)))
        chunks = min(16, n * self.work // CHUNK)
        if chunks < 2:
            if self._memory[0] != size:
                self._memory = size, self.np.zeros(self.plan.size_v * size)
            self.function(
                self._before, self._code, self._index, self.u, self._memory[1], size, rows, 0, n, True,
                self._totals, results, self._places, self._uniform, self._out,
            )  # fmt: skip
        else:
            self._run_chunks(rows, results, size, chunks)
        if not n:  # a sum over no rows is 0, even of ∞
            self._out[:] = 0.0
        for k, (kind, at) in enumerate(self.plan.results):
            if kind == "u":
                results[:, k] = self.u[at]
        return self._out, results

    def _size(self, n: int) -> int:
        """Rows in a block: as many as V may have, all blocks about equally full, a multiple of 8."""
        most = max(8, min(ROWS, BLOCK // max(self.plan.size_v, 1)))
        blocks = -(-n // most) or 1
        return -(-n // blocks // 8) * 8 or 8

    def _run_chunks(self, rows: Any, results: Any, size: int, chunks: int) -> None:
        np, n = self.np, len(rows)
        cuts = [n * k // chunks // size * size for k in range(chunks)] + [n]
        empty = np.zeros(0)
        self.function(
            self._before, self._code, self._index, self.u, empty, size, rows, 0, 0, True,
            self._totals, results, self._places, self._uniform, self._out,
        )  # fmt: skip
        totals = np.zeros((chunks, len(self._totals)))

        def chunk(k: int) -> None:
            memory = np.zeros(self.plan.size_v * size)
            self.function(
                self._before, self._code, self._index, self.u, memory, size, rows, cuts[k], cuts[k + 1], False,
                totals[k], results, self._places, self._uniform, self._out,
            )  # fmt: skip

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
            if step.kind == EACH:
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
