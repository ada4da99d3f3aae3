"""What a gradient check found, as a table: a row for each input, the rules that are off, and a verdict."""

from __future__ import annotations

import math

from .check_row import Row, apart
from .labels import aligned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 30  # of more rows than this, the worst are printed
_WIDTH, _NARROWEST = 100, 40  # of a line, and of what is left of one for a note


class Suspect:
    """An op whose local derivative by one of its inputs (counted from 1) is not its slope; `str` says so."""

    def __init__(self, op: str, edge: int, row: Row, node: str) -> None:
        self.op, self.edge, self.node = op, edge, node
        self.local_derivative, self.relative_error = row.backprop, row.relative_error
        self.difference = 0.0 if abs(row.difference) <= row.error else row.difference

    @property
    def finding(self) -> str:
        """What the rule says and what is so, and where."""
        rule, truth = apart(self.local_derivative, self.difference)
        found = "" if math.isnan(self.difference) else f", finite difference {truth}"
        return f"local derivative by input {self.edge} is {rule}{found} (node {self.node})"

    def __str__(self) -> str:
        return f"{self.op}: {self.finding}"

    def __repr__(self) -> str:
        return f"<suspect {self}>"


class Report:
    """The result of `check_gradients`: true when every row agrees. `print` it to see the table.

    `rows` has a Row for each input; `suspects` the rules that are off, worst first; `reason` what else may be wrong.
    """

    def __init__(self, rows: Sequence[Row], suspects: Sequence[Suspect], reason: str, tolerance: float) -> None:
        self.rows, self.suspects, self.reason, self.tolerance = list(rows), list(suspects), reason, tolerance

    def __bool__(self) -> bool:
        return all(row.agrees for row in self.rows)

    def __repr__(self) -> str:
        worst = sorted(self.rows, key=lambda row: (row.agrees, -row.relative_error))[:_SHOWN]
        head = ["input", "value", "backprop", "difference", "rel. error", "step", "note"]
        table = [head, *[row.cells() for row in self.rows if row in worst]]
        if not any(cells[-1] for cells in table[1:]):
            head[-1] = ""
        lines = []
        for line, cells in zip(aligned(table), table, strict=True):
            note = cells[-1] if cells is not head else ""
            lines += _wrapped(note, line.removesuffix(note))
        if len(self.rows) > _SHOWN:
            lines.append(f"… and {len(self.rows) - _SHOWN} more that are no worse; all are in .rows")
        lines.append("")
        for suspect in self.suspects:
            fault = "has no answer" if math.isnan(suspect.local_derivative) else "is off"
            lines += _wrapped(f"The rule of {suspect.op} {fault}: {suspect.finding}.")
        return "\n".join([*lines, *(_wrapped(self.reason) if self.reason else []), *_wrapped(self.verdict)])

    @property
    def verdict(self) -> str:
        """The outcome in a sentence."""
        differing = [row.name for row in self.rows if row.verdict == "differs"]
        unknown = [row.name for row in self.rows if row.verdict == "unknown"]
        within = f"(relative tolerance {self.tolerance:g})"
        parts = []
        if differing:
            parts.append(f"Backprop and finite differences differ for {_listed(differing)} {within}.")
        if unknown:
            parts.append(f"There is no reliable finite difference for {_listed(unknown)}.")
        return " ".join(parts) or f"Backprop agrees with finite differences for every input {within}."


def _wrapped(text: str, before: str = "") -> list[str]:
    """The text in lines, the further ones of a note below the first."""
    from textwrap import wrap

    width = max(_WIDTH - len(before), _NARROWEST)
    first, *others = wrap(text, width, break_on_hyphens=False) or [""]
    return [before + first, *[" " * len(before) + line for line in others]]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
