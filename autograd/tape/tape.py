"""Tape: a graph of Values, recorded once as a flat program and replayed over whole batches of rows."""

from __future__ import annotations

from ..value import Value
from .results import between, joined, scaled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from .program import Program
    from .runners import Runner

REDUCE, BY = ("sum", "mean", None), ("parameters", "inputs", "both")


class Tape:
    """The program of a graph, to be run on other numbers, over many rows at once.

    Args:
        outputs: the Value, or the Values, that were computed.
        inputs: leaves that differ from row to row, one for each column of the rows.
        parameters: leaves that are the same in every row. All other leaves stay the numbers that they are.
        allow_branches: record although Values of the graph were compared. A tape cannot see an `if`: it repeats the
            branch that was taken. Write `where(condition, a, b)` to record both.
        executor: "compiled", "numpy" or "python". None starts with NumPy and goes on with the compiled kernel when
            this tape has enough work for it; the kernel is compiled once on a machine. The last bits may differ.

    `parameters` is one flat float64 array, taken from the Values (`from_values` takes it again, `to_values` gives it
    back). Tapes compute as IEEE 754 arrays do: ∞ and NaN where Values raise. The adjoint program is recorded from the
    same table of local derivatives. A tape is for one thread of Python at a time; it uses further ones itself.
    ValueError: an input or parameter is computed, or is both; an output is a leaf of no graph; Values were compared.
    Source: Griewank & Walther, "Evaluating Derivatives" (2008), chapter 4.

    >>> x, w = Value(2.0, "x"), Value(3.0, "w")
    >>> tape = Tape(x * w + w, inputs=[x], parameters=[w])
    >>> list(map(float, tape.forward([[2.0], [10.0]])))
    [9.0, 33.0]
    >>> value, gradient = tape.value_and_gradient([[2.0], [10.0]])
    >>> value, list(map(float, gradient))
    (42.0, [14.0])
    """

    def __init__(
        self,
        outputs: Value | Sequence[Value],
        inputs: Iterable[Value] = (),
        parameters: Iterable[Value] = (),
        allow_branches: bool = False,
        executor: str | None = None,
    ) -> None:
        from .checks import checked_values, refuse_branches
        from .recorder import recorded

        single = isinstance(outputs, Value)
        wanted, columns, self.values = checked_values(outputs, inputs, parameters)
        program, nodes = recorded(wanted, columns, self.values)
        if not allow_branches:
            refuse_branches([*nodes, *columns, *self.values])
        self._start(program, single, executor)
        self.from_values()

    def _start(self, program: Program, single: bool, executor: str | None) -> None:
        from .runners import Runners, flat_array

        self.program, self._single = program, single
        self.parameters: Any = flat_array([0.0] * len(program.parameters))
        self._runners = Runners(program, executor)

    def _derived(self, program: Program, single: bool) -> Tape:
        other = Tape.__new__(Tape)
        other.values = self.values
        other._start(program, single, self._runners.executor)
        other.parameters[:] = self.parameters
        return other

    @property
    def threads(self) -> int:
        """How many threads may be used where there is enough work; results do not depend on it."""
        return self._runners.threads

    @threads.setter
    def threads(self, threads: int) -> None:
        self._runners.threads = threads

    @property
    def executor(self) -> str:
        """What would run the next call: "compiled", "numpy" or "python"."""
        return self._runners.next_executor()

    def from_values(self) -> None:
        """Take the parameters' numbers from the Values."""
        for i, p in enumerate(self.values):
            self.parameters[i] = p.data

    def to_values(self) -> None:
        """Give the parameters' numbers to the Values."""
        for p, number in zip(self.values, self.parameters, strict=True):
            p.data = float(number)

    def expect(self, rows: int, calls: int = 1) -> None:
        """Announce so many calls with so many rows each: with enough work ahead the kernel is made ready at once."""
        self._runners.expect(rows, calls)

    def forward(self, rows: Any, check_finite: bool = False) -> Any:
        """The outputs of each row: (n,) where `outputs` was one Value, else (n, outputs).

        ValueError: rows of another width. FloatingPointError, with check_finite: a result is not finite.
        """
        runner = self._runners.of("forward")
        rows = runner.rows(rows)
        _, results = runner.run(self.parameters, rows)
        if check_finite:
            self._require_finite(runner, (results,), rows)
        return between(results, 0) if self._single else results

    def value_and_gradient(
        self, rows: Any, reduce: str | None = "sum", by: str = "parameters", check_finite: bool = False
    ) -> tuple[Any, Any]:
        """The output and its derivatives.

        Args:
            rows: a sequence of rows or an array (n, inputs).
            reduce: "sum" or "mean" over the rows, of which the derivatives then are; None gives those of each row.
            by: "parameters", "inputs" (derivatives (n, inputs)), or "both", a pair.
            check_finite: raise a FloatingPointError, with the row and the first instruction, where something is not.

        ValueError: there are several outputs (`gradient_tape` and one tape for each), or a mean of no rows.
        """
        if reduce not in REDUCE or by not in BY:
            raise ValueError(f"reduce is one of {REDUCE} and by one of {BY}, got {reduce!r} and {by!r}")
        runner = self._runners.of("gradient", by, reduce is not None)
        rows = runner.rows(rows)
        n = len(rows)
        if reduce == "mean" and not n:
            raise ValueError("the mean of no rows was asked for; give at least one row")
        totals, results = runner.run(self.parameters, rows)
        if check_finite:
            self._require_finite(runner, (totals, results), rows)
        if reduce is None:
            split = 1 + len(self.parameters)
            parts = between(results, 1, split), between(results, split if by == "both" else 1, None)
            return between(results, 0), parts if by == "both" else parts[by == "inputs"]
        factor = 1.0 / n if reduce == "mean" else 1.0
        totals = scaled(totals, factor)
        if by == "parameters":
            return float(totals[0]), totals[1:]
        by_inputs = scaled(results, factor)
        return float(totals[0]), by_inputs if by == "inputs" else (totals[1:], by_inputs)

    def _require_finite(self, runner: Runner, found: tuple[Any, ...], rows: Any) -> None:
        from .finite import require_finite

        require_finite(found, runner.recorded, runner.wanted, self.parameters, rows)

    def hvp(self, rows: Any, direction: Sequence[float], reduce: str = "sum") -> Any:
        """The Hessian by the parameters, summed or averaged over rows, times a direction: the adjoint program's own
        adjoint program. ValueError: a direction of another length."""
        if reduce not in ("sum", "mean"):
            raise ValueError(f"reduce is 'sum' or 'mean', got {reduce!r}")
        if len(direction) != len(self.parameters):
            raise ValueError(f"expected a direction of length {len(self.parameters)}, got one of {len(direction)}")
        runner = self._runners.of("hvp")
        rows = runner.rows(rows)
        if reduce == "mean" and not len(rows):
            raise ValueError("the mean of no rows was asked for; give at least one row")
        totals, _ = runner.run(joined(self.parameters, direction), rows)
        return scaled(totals, 1.0 / len(rows) if reduce == "mean" else 1.0)

    def gradient_tape(self, by: str = "parameters") -> Tape:
        """A tape whose outputs are the derivatives of this one's output by each parameter, or input."""
        from .derived import gradient_program

        return self._derived(gradient_program(self.program, by), single=False)

    def hvp_tape(self, by: str = "parameters") -> Tape:
        """A tape whose outputs are the Hessian (of each row's own output) times a direction, which its rows have in
        as many further columns, behind the inputs."""
        from .derived import hvp_program

        return self._derived(hvp_program(self.program, by), single=False)

    def to_source(self, language: str = "python") -> str:
        """The program, and its gradient, as the source of functions without dependencies: "python" or "c"."""
        from .source import source

        return source(self.program, language)

    def adjoint_text(self) -> str:
        """The adjoint program, as a list of instructions in the order in which they run."""
        from .listing import adjoint_listing

        return adjoint_listing(self.program)

    def __str__(self) -> str:
        """The recorded program, one line an instruction: the Wengert list."""
        from .listing import listing

        return listing(self.program)

    def __repr__(self) -> str:
        counts = f"{len(self.program.inputs)} inputs, {len(self.parameters)} parameters"
        ops = sum(op is not None for op in self.program.ops)
        return f"<Tape of {ops} instructions, {counts}, {len(self.program.outputs)} outputs>"
