"""Who runs a tape: the plain interpreter, NumPy, or the compiled kernel, and which of them when."""

from __future__ import annotations

import gc
import os
from array import array
from contextlib import contextmanager

from ..op import Operand, described, number
from .adjoint import with_adjoints
from .derived import hvp_program, only_output
from .interpreter import Interpreter
from .passes import optimised
from .plan import Plan
from .program import Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

EXECUTORS = ("compiled", "numpy", "python")
LOADING, COMPILING = 0.5, 10.0  # seconds that it takes to load the compiled kernel, and to compile it
STEP, NUMBER = 1.5e-6, 1e-9  # seconds that NumPy takes for a step, and for a number in it


def numpy() -> Any:
    """NumPy, or None."""
    try:
        import numpy
    except ImportError:
        return None
    return numpy


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without the garbage collector, which would walk through a million new objects again and again, for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def flat_array(numbers: Sequence[float]) -> Any:
    """Float64 numbers in one piece: NumPy's array where it is installed, else Python's."""
    np = numpy()
    return array("d", numbers) if np is None else np.array(numbers, dtype=float)


class Runners:
    """The ways to run one recorded program, each prepared when it is first asked for."""

    def __init__(self, program: Program, executor: str | None) -> None:
        if executor is not None and executor not in EXECUTORS:
            raise ValueError(f"executor is one of {', '.join(EXECUTORS)}, or None for the fastest, got {executor!r}")
        self.program, self.executor = program, executor
        self.threads = os.cpu_count() or 1
        self._prepared: dict[Any, Runner] = {}
        # roughly how many seconds of NumPy this tape was asked for: counted, not measured, and by tape, not by process,
        # so that the same calls always choose the same executors and give the same bits
        self.asked = 0.0

    def of(self, *task: Any) -> Runner:
        """The runner of ("forward",), ("gradient", by, summed) or ("hvp",)."""
        runner = self._prepared.get(task)
        if runner is None:
            with collector_paused():
                runner = self._prepared[task] = Runner(self, *self._program(*task))
        return runner

    def _program(self, task: str, by: str = "", summed: bool = True) -> tuple[Program, list[int], list[int]]:
        """What is to be run: a program, its results for each row, and its totals."""
        if task == "forward":
            return self.program, self.program.outputs, []
        if task == "hvp":
            program = hvp_program(self.program, "parameters", "parameters")
            return program, [], program.outputs
        program, output = self.program.copy(), only_output(self.program)
        columns, parameters = program.inputs, program.parameters
        wanted = [*(parameters if by != "inputs" else ()), *(columns if by != "parameters" else ())]
        slots = with_adjoints(program, output, wanted)
        by_inputs = slots[len(slots) - len(columns) :] if by != "parameters" else []
        rest = [output, *slots[: len(slots) - len(by_inputs)]]
        return (program, by_inputs, rest) if summed else (program, [*rest, *by_inputs], [])

    def expect(self, rows: int, calls: int) -> None:
        """Count work that is to come."""
        ops = len(self.program)
        self.asked += calls * (ops / 20 * STEP + 4 * ops * rows * NUMBER)

    def next_executor(self) -> str:
        """The executor that the next call would have."""
        return self.due()

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: without what is prepared again when it is asked for, compiled code among it."""
        return {**self.__dict__, "_prepared": {}}

    def due(self, runner: Runner | None = None, rows: int = 0) -> str:
        """The executor for a call of this runner with so many rows. Where none was asked for it is NumPy, until loading
        or compiling the kernel would be quicker than to go on; nobody waits longer than twice as long as was necessary.
        """
        if numpy() is None or self.executor == "python":
            return "python"
        if self.executor is None and runner is not None:
            plan = runner.plan
            self.asked += (len(plan.before) + len(plan.rows)) * STEP + rows * plan.size_v * NUMBER
        if self.executor == "numpy" or (self.executor is None and self.asked < LOADING):
            return "numpy"
        from .kernel import available, ready, say

        if reason := available():
            say(f"{reason}; tapes run on NumPy until then")
            return "numpy"
        if self.executor or self.asked > COMPILING or ready(runner.plan.ops if runner else set()):
            return "compiled"
        return "numpy"


class Runner:
    """One task of a tape: its plan, run by whichever executor is due; and what the numbers that come out mean."""

    def __init__(self, runners: Runners, program: Program, results: list[int], totals: list[int]) -> None:
        self.runners, self.recorded = runners, program
        self.program, slots = optimised(program, [*results, *totals])
        self.results, self.totals = slots[: len(results)], slots[len(results) :]
        self.wanted = [*results, *totals]  # the same in the recorded program
        self.width = len(program.inputs)
        self._plan: Plan | None = None
        self._engines: dict[str, Any] = {}

    @property
    def plan(self) -> Plan:
        """How the program is run as vectors."""
        if self._plan is None:
            self._plan = Plan(self.program, self.results, self.totals)
        return self._plan

    def run(self, parameters: Any, rows: Any) -> tuple[Any, Any]:
        """The sums over the rows, and the results of each row."""
        engine = self._engines.get("compiled")
        if engine is None:
            engine = self._engine(len(rows))
        else:
            engine.threads = self.runners.threads
        found: tuple[Any, Any] = engine.run(parameters, rows)
        return found

    def _engine(self, rows: int) -> Any:
        name = self.runners.due(self, rows)
        if name not in self._engines:
            with collector_paused():
                self._engines[name] = self._made(name)
        return self._engines[name]

    def _made(self, name: str) -> Any:
        if name == "compiled":
            from .compiled import KernelRunner
            from .kernel import kernel, say

            compiled = kernel()
            unknown = self.plan.ops.difference(compiled.table)
            if not unknown:
                runner = KernelRunner(self.plan, compiled)
                runner.threads = self.runners.threads
                return runner
            names = ", ".join(sorted(op.name for op in unknown))
            hint = "; give its row array=lambda xp, x: …" if any(op.array is None for op in unknown) else ""
            say(f"{names} cannot be compiled, so tapes with it run on NumPy{hint}")
        if name == "python":
            return _Plain(Interpreter(self.program, self.results, self.totals))
        from .arrays import ArrayRunner

        return ArrayRunner(self.plan)

    def rows(self, rows: Any) -> Any:
        """The rows as an array, or as lists without NumPy. ValueError: their width is not that of the inputs."""
        np = numpy()
        if np is None:
            return _plain_rows(rows, self.width)
        if rows.__class__ is not np.ndarray or rows.dtype != float:
            rows = _as_array(np, rows, self.width)
        _require_width(rows, self.width)
        return rows


class _Plain:
    """The interpreter behind the same interface; its results are arrays where there is NumPy."""

    threads = 1

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter

    def run(self, parameters: Any, rows: Any) -> tuple[Any, Any]:
        np = numpy()
        if np is None:
            return self.interpreter.run(parameters, rows)
        totals, results = self.interpreter.run([float(p) for p in parameters], rows.tolist())
        return np.array(totals), np.array(results, dtype=float).reshape(len(rows), len(self.interpreter.results))


def _as_array(np: Any, rows: Any, width: int) -> Any:
    try:
        found = np.asarray(rows)
        if found.dtype.kind not in "biufO":
            raise TypeError("texts, dates and complex numbers are no rows")
        found = found.astype(float)
    except (TypeError, ValueError):
        if isinstance(rows, np.ndarray):
            raise ValueError(f"expected rows of {width} numbers, got an array of {rows.dtype}") from None
        found = np.array(_plain_rows(rows, width))  # which says where the rows are wrong, if they are
    return found.reshape(0, width) if found.size == 0 and found.ndim < 2 else found


def _require_width(rows: Any, width: int) -> None:
    if rows.ndim != 2 or rows.shape[1] != width:
        raise ValueError(
            f"expected rows of {width} numbers, one for each input, got an array of shape {rows.shape}"
            + ("; put one row in brackets of its own" if rows.ndim == 1 else "")
        )


def _plain_rows(rows: Any, width: int) -> list[list[float]]:
    wanted = f"expected rows of {width} numbers, one for each input"
    if not hasattr(rows, "__iter__"):
        raise ValueError(f"{wanted}, got {described(rows)}")
    found = []
    for i, row in enumerate(rows):
        if isinstance(row, str) or not hasattr(row, "__iter__"):
            raise ValueError(f"{wanted}, got {described(row)} as row {i}; put a row in brackets of its own")
        found.append([_float(x, i, j) for j, x in enumerate(row)])
        if len(found[-1]) != width:
            raise ValueError(f"{wanted}, and row {i} (counted from 0) has {len(found[-1])}")
    return found


def _float(x: Any, i: int, j: int) -> float:
    if isinstance(x, Operand):  # a Value among the numbers counts as its number
        return float(x)  # type: ignore[arg-type]
    try:
        return number(x, "a number")
    except TypeError as error:
        raise ValueError(f"{error} in row {i}, column {j} of the rows (both count from 0)") from None
