"""One derivative by every mode: reverse, forward, path by path and by differences, and the second one in two ways.

The exact modes multiply and add the same local derivatives, each in an order of its own. So they may differ by
rounding, a few ε of Σ over paths of |∏ local derivatives|, and by nothing else.
"""

from __future__ import annotations

import math
import sys
from itertools import combinations

from .chain_rule import collected, gradient
from .check import sizes
from .check_row import Row, judge
from .hessian import hvp
from .jacobian import jvp
from .labels import aligned, cut, figures, labels, whole
from .linearized import Linearized, require_same
from .op import ARITHMETIC_ERRORS
from .paths import count_paths, path_sum
from .recording import no_grad
from .replay import Replay
from .segment import CHECKPOINT
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

EXACT = 1e-12  # how far apart exact modes may be, beside the size of their terms
TOLERANCE = 1e-6  # and reverse mode and a difference, on top of what that may be off, as in `check_gradients`
PATHS, STEPS = 10_000, 1_000_000  # how many paths, and steps on them, are walked for each x
FIRST = ("reverse", "forward", "path sum")
SECOND = ("∂² reverse twice", "∂² forward over reverse")
_SHOWN = 30  # of more rows than this, those that differ most are printed


def agreement(f: Value, xs: Any) -> Agreement:
    """∂f/∂x for each x of `xs` by `gradient`, by `jvp`, as the sum over paths and by finite differences, and ∂²f/∂x²
    as the gradient of the gradient and by `hvp`: a table with the largest disagreement, true where all agree.

    Args:
        f: what to differentiate. For the differences its recorded graph is computed again with another x: no
            function is called, and what lies below an x that was itself computed stays as it is.
        xs: what to differentiate by: a Value, or nested sequences of Values.

    Exact modes agree if they are within 1e-12 of the size of their terms, differences as in `check_gradients`. Costs
    for each x some twenty sweeps of the graph between x and f, more beside kinks and edges, and a walk along the
    paths where there are at most 10 000. TypeError: as for `gradient`. ValueError: xs is empty; data was changed.

    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> agreement(x * y + x, [x, y])
    input  value  reverse  forward  path sum  difference  ∂² reverse twice  ∂² forward over reverse
    x          2        4        4         4           4                 0                        0
    y          3        2        2         2           2                 0                        0
    All columns agree. Largest disagreement, relative: none.
    """
    active = no_grad.active
    try:
        no_grad.active = 0  # derivatives of derivatives are recorded, wherever they are asked for
        return Agreement(_rows(f, xs))
    finally:
        no_grad.active = active


class Disagreement:
    """How far two `columns` are apart for an `input`: `relative` to the size of their terms, `allowed` or not."""

    __slots__ = ("allowed", "columns", "input", "relative")

    def __init__(self, relative: float, columns: tuple[str, str], input: str, allowed: bool) -> None:
        self.relative, self.columns, self.input, self.allowed = relative, columns, input, allowed

    def __repr__(self) -> str:
        return f"{figures(self.relative, 2)} between {' and '.join(self.columns)} for {self.input}"


class Modes:
    """A row: the derivatives of f by one input, which is called `name` and is `value`.

    `reverse`, `forward` and `path_sum` are ∂f/∂x, and so is `difference`, with its error and verdict in `check`;
    `reverse_twice` and `forward_over_reverse` are ∂²f/∂x². None: this mode has no answer, and `note` says why.
    `disagreements` holds how far apart each two columns are that answer the same question.
    """

    def __init__(self, check: Row) -> None:
        self.check, self.name, self.value, self.reverse = check, check.name, check.value, check.backprop
        self.difference, self.forward = check.difference, math.nan
        self.path_sum: float | None = None
        self.reverse_twice: float | None = None
        self.forward_over_reverse: float | None = None
        self.disagreements: list[Disagreement] = []
        self.notes = [check.note] if check.note else []

    @property
    def agrees(self) -> bool:
        """Whether no two columns are further apart than they may be."""
        return all(found.allowed for found in self.disagreements)

    @property
    def largest(self) -> Disagreement:
        """The two columns that are furthest apart."""
        return max(self.disagreements, key=_severity)

    @property
    def note(self) -> str:
        """Which columns differ, and what the modes have to say beside their numbers."""
        differ = [f"{' and '.join(d.columns)} differ" for d in self.disagreements if not d.allowed]
        return "; ".join([*differ, *self.notes])

    def compare(self, columns: tuple[str, ...], found: tuple[float | None, ...], terms: float) -> None:
        """Note how far apart exact modes are, beside the size of their terms."""
        for (one, a), (other, b) in combinations(zip(columns, found, strict=True), 2):
            if a is None or b is None:
                continue
            relative, allowed = 0.0, True
            if a != b and (a == a or b == b):
                apart, size = abs(a - b), terms if 0 < terms < math.inf else max(abs(a), abs(b))
                finite = apart < math.inf and size < math.inf
                relative = apart / size if finite else math.inf
                allowed = finite and apart <= EXACT * size + sys.float_info.min
            self.disagreements.append(Disagreement(relative, (one, other), self.name, allowed))

    def cells(self) -> list[str]:
        """The row as it is printed."""
        first = ["—" if d is None else figures(d, 6) for d in (self.reverse, self.forward, self.path_sum)]
        second = ["none here" if d is None else figures(d, 6) for d in (self.reverse_twice, self.forward_over_reverse)]
        return [self.name, figures(self.value, 6), *first, self.check.cells()[3] or "—", *second, self.note]


class Agreement:
    """The result of `agreement`: true where all columns agree. `print` it to see the table.

    `rows` has one Modes for each input; `largest` is the Disagreement that weighs most.
    """

    def __init__(self, rows: Sequence[Modes]) -> None:
        self.rows = list(rows)

    def __bool__(self) -> bool:
        return all(row.agrees for row in self.rows)

    @property
    def largest(self) -> Disagreement:
        """The two columns that are furthest apart, relative to the size of their terms, and for which input; where
        some differ by more than they may, the furthest of those."""
        return max([d for row in self.rows for d in row.disagreements], key=_severity)

    def __repr__(self) -> str:
        ranked = sorted(range(len(self.rows)), key=lambda i: _severity(self.rows[i].largest), reverse=True)
        shown = [self.rows[i].cells() for i in sorted(ranked[:_SHOWN])]
        head = ["input", "value", *FIRST, "difference", *SECOND, "note" if any(cells[-1] for cells in shown) else ""]
        table = [head, *shown]
        lines = aligned(table)
        if len(self.rows) > _SHOWN:
            lines.append(f"… and {len(self.rows) - _SHOWN} more that agree no worse; all are in .rows")
        return "\n".join([*lines, self.verdict])

    @property
    def verdict(self) -> str:
        """Whether all agree, and the largest disagreement; where a difference is part of it, that of the others too."""
        lines, largest = [], self.largest
        if "difference" in largest.columns:
            exact = [d for row in self.rows for d in row.disagreements if "difference" not in d.columns]
            worst = max(exact, key=_severity)
            lines.append(f"Largest disagreement without differences: {worst if worst.relative else 'none'}.")
        differing = [row.name for row in self.rows if not row.agrees]
        said = f"The columns differ for {cut(differing, ', ')}." if differing else "All columns agree."
        lines.append(f"{said} Largest disagreement, relative: {largest if largest.relative else 'none'}.")
        return "\n".join(lines)


def _severity(found: Disagreement) -> tuple[bool, float]:
    return not found.allowed, found.relative


def _rows(f: Value, xs: Any) -> list[Modes]:
    _, wanted = collected(xs)
    reverse = dict(zip(wanted, gradient(f, wanted), strict=True))
    if not reverse:
        raise ValueError("xs is empty; give at least one Value to differentiate by")
    for node in Linearized([f], wanted, keep=True).nodes:  # or differences and modes would be about two functions
        if node.op is not CHECKPOINT:
            require_same(node)
    names, (terms, noise) = labels(f, *wanted), sizes(f)
    found = {x: _row(f, x, Row(names[x], x.data, reverse[x]), terms.get(x, 0.0), noise) for x in reverse}
    return [found[x] for x in wanted]


def _row(f: Value, x: Value, check: Row, terms: float, noise: float) -> Modes:
    """Every mode's answer for one x, and how far they are apart."""
    replay = Replay(f, x)
    judge(check, replay, replay(x.data), terms, noise, TOLERANCE)
    row = Modes(check)
    row.forward = jvp(f, x, 1.0)
    row.path_sum = _path_sum(f, x, len(replay.plan), row.notes)
    row.compare(FIRST, (row.reverse, row.forward, row.path_sum), terms)
    if check.verdict != "unknown" and (row.reverse == row.reverse or row.difference == row.difference):
        off = check.relative_error  # nan where the slope is infinite or nan
        relative = off if off == off else 0.0 if check.agrees else math.inf
        row.disagreements.append(Disagreement(relative, ("reverse", "difference"), row.name, check.agrees))
    size = 0.0
    try:
        slope = gradient(f, x, create_graph=True)
        size = sizes(slope)[0].get(x, 0.0)
        row.reverse_twice = gradient(slope, x)
    except ARITHMETIC_ERRORS as error:
        row.notes.append(str(error))
    try:
        row.forward_over_reverse = hvp(f, x, 1.0)
    except ARITHMETIC_ERRORS as error:
        if row.reverse_twice is not None:  # else the reason is the same
            row.notes.append(str(error))
    row.compare(SECOND, (row.reverse_twice, row.forward_over_reverse), size)
    return row


def _path_sum(f: Value, x: Value, inner: int, notes: list[str]) -> float | None:
    """The sum over paths, None with a note where they are too many, or too long, for a table.

    Args: `inner`, the nodes between x and f. A step onto a checkpoint rebuilds some of them, which counts as all.
    """
    count = count_paths(f, x)
    if count > PATHS:
        notes.append(f"too many paths to walk ({whole(count)})")
        return None
    ways, steps = {x: 1}, {x: 0}  # how many paths lead from x to a node, and how many steps they have together
    for node in Linearized([f], [x]).nodes:
        below = [i for i in node.inputs if isinstance(i, Value) and i in ways]
        ways[node] = sum([ways[i] for i in below])
        steps[node] = sum([steps[i] for i in below]) + ways[node] * (inner if node.op is CHECKPOINT else 1)
    if steps.get(f, 0) > STEPS:
        notes.append(f"paths too long to walk ({whole(count)} of {whole(steps[f])} steps together)")
        return None
    try:
        return path_sum(f, x)
    except ARITHMETIC_ERRORS:  # some paths are ∞ and others −∞
        return math.nan
