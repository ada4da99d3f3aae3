"""What a gradient check found: a row for each input, the rules that are off, and a verdict in a sentence."""

from __future__ import annotations

import math

from .labels import figures

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 30  # of more rows than this, the worst are printed


class Row:
    """One derivative, found twice.

    `value` is the input's number, `backprop` and `difference` its derivative, `error` how far the difference itself
    may be off, `step` the h it was taken with, `sides` the two slopes where the input is on a kink, otherwise None.
    `verdict` is "agrees", "differs" or "unknown": no difference was accurate enough.
    """

    def __init__(self, name: str, value: float, backprop: float) -> None:
        self.name, self.value, self.backprop = name, value, backprop
        self.difference = self.error = self.step = self.relative_error = math.nan
        self.sides: tuple[float, float] | None = None
        self.verdict, self.note = "unknown", ""

    @property
    def agrees(self) -> bool:
        """Whether backprop and the difference are equal within their tolerance."""
        return self.verdict == "agrees"

    def cells(self) -> list[str]:
        """The row as it is printed; what is 0 within the difference's error is printed as 0."""
        backprop, difference = apart(self.backprop, self.difference) if self.verdict == "differs" else (
            _six(self.backprop), _six(self.difference))  # fmt: skip
        if self.sides is not None:
            low, high = sorted(self.sides)
            difference = _six(low) if low == high else f"{_six(low)} … {_six(high)}"
        elif abs(self.difference) <= self.error:
            difference = "0"
        note = "; ".join(filter(None, ["" if self.agrees else self.verdict, self.note]))
        small = [_six(self.value), backprop, difference, _two(self.relative_error), _two(self.step)]
        return [self.name, *small, note]

    def __repr__(self) -> str:
        name, value, backprop, difference, *_, note = self.cells()
        note = note or self.verdict
        return f"<row {name} = {value}: backprop {backprop}, difference {difference}; {note}>"


class Suspect:
    """An op whose local derivative by one of its inputs (counted from 1) is not its slope; `str` says so."""

    def __init__(self, op: str, edge: int, row: Row, node: str) -> None:
        self.op, self.edge, self.node = op, edge, node
        self.local_derivative, self.difference, self.relative_error = row.backprop, row.difference, row.relative_error

    @property
    def finding(self) -> str:
        """What the rule says and what is so, and where."""
        rule, truth = apart(self.local_derivative, self.difference)
        found = f"finite difference {truth}" if truth else "there is no finite difference to compare with"
        return f"local derivative by input {self.edge} is {rule}, {found} (node {self.node})"

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
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = []
        for name, *numbers, note in table:
            aligned = [cell.rjust(width) for cell, width in zip(numbers, widths[1:-1], strict=True)]
            lines.append("  ".join([name.ljust(widths[0]), *aligned, note]).rstrip())
        if len(self.rows) > _SHOWN:
            lines.append(f"… and {len(self.rows) - _SHOWN} more that are no worse; all are in .rows")
        lines.append("")
        off = "The rule of {} is off: {}."
        lines += [off.format(suspect.op, suspect.finding) for suspect in self.suspects]
        return "\n".join([*lines, *filter(None, [self.reason]), self.verdict])

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
            parts.append(f"No difference is accurate enough to judge {_listed(unknown)}.")
        return " ".join(parts) or f"Backprop agrees with finite differences for every input {within}."


def apart(a: float, b: float) -> tuple[str, str]:
    """Both numbers with as many digits, 6 or more, as show that they are not the same."""
    return next(((_six(a, d), _six(b, d)) for d in range(6, 17) if _six(a, d) != _six(b, d)), (_six(a), _six(b)))


def _six(x: float, digits: int = 6) -> str:
    return "" if math.isnan(x) else figures(x, digits)


def _two(x: float) -> str:
    return "" if math.isnan(x) else figures(x, 2)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
