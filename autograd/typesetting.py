"""Lines of a derivation: left = side = side, where a side is a sum of products of pieces that know their numbers."""

from __future__ import annotations

from .formula import PRODUCT, SIGN, Formula

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .paths import Path

    Row = tuple[str, str]  # in text and in LaTeX

WIDTH = 100  # characters of a line of text
LATEX_WIDTH = 120  # of the text that a row of LaTeX would be; fractions make it narrower
LONG, LONGEST = 2000, 4000  # characters of a formula: where it may end, and where it must
INDENT = 7  # before the left sides, where the lines' numbers stand
POWER = 6  # what binds as strongly needs no parentheses in a product
TIMES = {"text": " · ", "latex": r" \cdot "}
SIGNS = {"=": "=", "≈": r"\approx", "+": "+", "·": r"\cdot"}


class Piece(Formula):
    """What a blank may be cut out of: notation, the `value` it stands for, and the node or edge it is `about`."""

    __slots__ = ("about", "value")

    def __init__(self, formula: Formula, value: float, about: Any = None) -> None:
        super().__init__(formula.text, formula.latex, formula.binding, formula.nodes, formula.rounded)
        self.value, self.about = value, about

    def __repr__(self) -> str:
        return f"<{self.text}: {self.value}>"


class Term:
    """A product of pieces (`factors`), its `value`, and the path it belongs to, if any."""

    def __init__(self, factors: Sequence[Piece], value: float, path: Path | None = None) -> None:
        self.factors, self.value, self.path = tuple(factors), value, path

    def written(self, notation: str, first: bool = True, alone: bool = True) -> str:
        """The product as it stands in a sum: in parentheses what would be misread without."""
        if len(self.factors) > 1:
            return TIMES[notation].join([_factor(piece, notation) for piece in self.factors])
        piece = self.factors[0]
        as_it_is = alone or (first and piece.binding == SIGN)
        return piece.enclosed(0 if as_it_is else PRODUCT, notation)


def _factor(piece: Piece, notation: str) -> str:
    return piece.latex if notation == "latex" and _is_fraction(piece.latex) else piece.enclosed(POWER, notation)


def _is_fraction(latex: str) -> bool:
    """Whether it is one fraction and nothing else, so that it holds together without parentheses."""
    if not latex.startswith(r"\frac{"):
        return False
    depth, groups = 0, 0
    for c in latex.replace(r"\{", "").replace(r"\}", ""):
        depth += {"{": 1, "}": -1}.get(c, 0)
        groups += c == "{" and depth == 1
    return groups == 2 and latex.endswith("}")


class Side:
    """A sum of terms. `role` says of what: "symbols", "formula", "numbers", or the "value" alone."""

    def __init__(self, role: str, *terms: Term) -> None:
        self.role, self.terms = role, terms
        self.relation = "≈" if any(piece.rounded for term in terms for piece in term.factors) else "="

    @property
    def text(self) -> str:
        """The sum as text."""
        return " + ".join(self.parts("text"))

    @property
    def latex(self) -> str:
        """The sum as LaTeX."""
        return " + ".join(self.parts("latex"))

    def parts(self, notation: str) -> list[str]:
        """Each term, as it stands in the sum."""
        return [term.written(notation, i == 0, len(self.terms) == 1) for i, term in enumerate(self.terms)]


class Line:
    """One line of a derivation.

    `kind` is "given", "definition", "chain", "local", "formulas", "numbers", "products", "tangent", "adjoint" or
    "total"; `left` what stands left, `sides` what it equals, one after the other, without one that looks like the next;
    `value` the exact number; `about` the node or the edge (a node, and which of its inputs it comes from); `number`
    the line's own, None where it has none.
    """

    number: int | None = None

    def __init__(self, kind: str, left: Formula, sides: Sequence[Side], value: float, about: Any) -> None:
        self.kind, self.left, self.value, self.about = kind, Piece(left, value, about), value, about
        following = [*[side.latex for side in sides[1:]], ""]
        self.sides = tuple([side for side, latex in zip(sides, following, strict=True) if side.latex != latex])

    @property
    def text(self) -> str:
        """The whole line as text."""
        return " ".join([self.left.text, *[f"{side.relation} {side.text}" for side in self.sides]])

    @property
    def latex(self) -> str:
        """The whole line as LaTeX, to be set in math."""
        return " ".join([self.left.latex, *[f"{SIGNS[side.relation]} {side.latex}" for side in self.sides]])

    def __repr__(self) -> str:
        return f"<{self.kind}: {self.text}>"

    def rows(self, width: int) -> list[Row]:
        """What stands right of the left side, broken before relations and, where it must be, between these."""
        found: list[Row] = []
        room = False  # for another side in the same row
        for side in self.sides:
            rows = _broken(side, width)
            if room and len(rows) == 1 and columns(f"{found[-1][0]} {rows[0][0]}") <= width:
                found[-1] = f"{found[-1][0]} {rows[0][0]}", f"{found[-1][1]} {rows[0][1]}"
            else:
                found += rows
            room = len(rows) == 1
        return found


def _row(sign: str, text: str, latex: str) -> Row:
    return f"{sign} {text}", f"{SIGNS[sign]} {latex}"


def _broken(side: Side, width: int) -> list[Row]:
    """A side in as many rows as it needs, broken before terms and, in terms longer than a row, before factors."""
    rows: list[Row] = []
    full = True
    for i, (term, text, latex) in enumerate(zip(side.terms, side.parts("text"), side.parts("latex"), strict=True)):
        long = columns(text) > width - 2
        parts = _parts(term, text, latex) if long else [("+", text, latex)]
        for j, (sign, *part) in enumerate(parts):
            row = _row("+" if i or j else side.relation, *part) if sign == "+" else _row(sign, *part)
            full = full or (long and not j) or columns(f"{rows[-1][0]} {row[0]}") > width
            if full:
                rows.append(row if sign == "+" else (f"  {row[0]}", rf"\quad {row[1]}"))
            else:
                rows[-1] = f"{rows[-1][0]} {row[0]}", f"{rows[-1][1]} {row[1]}"
            full = False
        full = long
    return rows


def _parts(term: Term, text: str, latex: str) -> list[tuple[str, str, str]]:
    """Where a long term can be broken: between its factors or, if it is a formula that is a sum, between its terms."""
    if len(term.factors) > 1:
        return [("·" if i else "+", _factor(x, "text"), _factor(x, "latex")) for i, x in enumerate(term.factors)]
    texts, latexes = text.split(" + "), latex.split(" + ")
    if len(texts) == len(latexes) and all(x.count("{") == x.count("}") for x in latexes):
        return [("+", *pair) for pair in zip(texts, latexes, strict=True)]
    return [("+", text, latex)]


class Remark:
    """A plain sentence among the lines, in text and in LaTeX."""

    def __init__(self, text: str, latex: str = "") -> None:
        self.text, self.latex = text, latex or rf"\text{{{text}}}"


class Section:
    """Lines and remarks under a heading."""

    def __init__(self, heading: str, entries: Sequence[Line | Remark]) -> None:
        self.heading, self.entries = heading, entries
        self.lines = [entry for entry in entries if isinstance(entry, Line)]

    def text(self) -> str:
        """The section as plain text, about 100 columns wide."""
        left = max([columns(line.left.text) for line in self.lines], default=0)
        left = left if left <= WIDTH // 4 else 0
        found: list[str] = []
        above = ""
        for entry in self.entries:
            if isinstance(entry, Remark):
                found.append(" " * INDENT + entry.text)
                continue
            before = padded(f"{numbered(entry):>5}", INDENT)
            shown, above = "" if entry.left.text == above else entry.left.text, entry.left.text
            for right, _ in entry.rows(WIDTH - INDENT - max(left, columns(shown)) - 1):
                found.append(f"{before}{padded(shown, left)} {right}")
                before, shown = " " * INDENT, ""
        return "\n".join(found)

    def latex(self) -> list[str]:
        """The section as LaTeX, without its heading, in formulas of bearable length."""
        rows, above = [], ""
        for entry in self.entries:
            if isinstance(entry, Remark):
                rows.append(f"&&& {entry.latex}")
                continue
            number = numbered(entry)
            shown, above = "" if entry.left.latex == above else entry.left.latex, entry.left.latex
            for _, right in entry.rows(LATEX_WIDTH - columns(entry.left.text)):
                rows.append(f"{number} && {shown} &{right}")
                number = shown = ""
        return [environment("aligned", some) for some in in_parts(rows)]


class Table(Section):
    """Lines as the rows of a table: below the `head`, the `cells` of each line. Of the lines
    `further` it shows no more than a cell."""

    def __init__(
        self,
        heading: str,
        entries: Sequence[Line | Remark],
        head: Sequence[Formula],
        cells: dict[Line, Sequence[Formula]],
        further: Sequence[Line] = (),
    ) -> None:
        super().__init__(heading, entries)
        self.head, self.cells = head, cells
        self.lines += further

    def text(self) -> str:
        """The table as plain text."""
        rows = {line: [cell.text for cell in cells] for line, cells in self.cells.items()}
        head = [cell.text for cell in self.head]
        widths = [max(map(columns, column)) for column in zip(head, *rows.values(), strict=True)]

        def aligned(number: str, cells: Sequence[str]) -> str:
            padding = [" " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)]
            ready = [
                cell + gap if i == 1 else gap + cell for i, (cell, gap) in enumerate(zip(cells, padding, strict=True))
            ]
            return f"{number:>{INDENT - 2}}  {'   '.join(ready)}".rstrip()

        found = [aligned("", head)]
        for entry in self.entries:
            if isinstance(entry, Remark):
                found.append(" " * INDENT + entry.text)
            else:
                found.append(aligned(numbered(entry), rows[entry]))
        return "\n".join(found)

    def latex(self) -> list[str]:
        """The table as LaTeX, without its heading, its head repeated where it is a long one."""
        rows = []
        for entry in self.entries:
            if isinstance(entry, Remark):
                rows.append(f"& & {entry.latex}")
            else:
                node, definition, *numbers = [cell.latex for cell in self.cells[entry]]
                rows.append(" & ".join([numbered(entry), node, rf"\displaystyle {definition}", *numbers]))
        head, layout = " & ".join(["", *[cell.latex for cell in self.head]]), "{rrl" + "r" * (len(self.head) - 2) + "}"
        return [environment("array", [head, rf"\hline {row}", *rest], layout) for row, *rest in in_parts(rows)]


def numbered(line: Line) -> str:
    """The line's number as it is printed."""
    return f"({line.number})" if line.number else ""


def in_parts(rows: Sequence[str]) -> list[list[str]]:
    """The rows in groups that MathJax accepts, whose buffer holds 5 KB; if possible, lines are kept in one piece."""
    parts: list[list[str]] = []
    size = LONGEST
    for row in rows:
        size += len(row)
        if not parts or size > LONGEST or (size > LONG and row.startswith("(")):
            parts.append([])
            size = len(row)
        parts[-1].append(row)
    return parts


def environment(name: str, rows: Sequence[str], layout: str = "") -> str:
    """LaTeX's environment of that name around the rows, with more room below fractions."""
    ended = [rf"{row} \\{'[8pt]' if 'frac' in row else ''}" for row in rows[:-1]]
    return "\n".join([rf"\begin{{{name}}}{layout}", *ended, rows[-1], rf"\end{{{name}}}"])


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum([0 if category(c) in ("Mn", "Me", "Cf") else 2 if east_asian_width(c) in "WF" else 1 for c in text])


def padded(text: str, width: int) -> str:
    """The text with spaces behind it up to that many columns."""
    return text + " " * (width - columns(text))
