"""A worksheet as plain text and as Markdown."""

from __future__ import annotations

from ..typesetting import INDENT, SIGNS, WIDTH, columns, padded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .sheet import Row, Rows

LINE = "______"


def text(rows: Rows, heading: str) -> str:
    """The sheet as plain text: numbers, left sides and the rest in columns.

    >>> from autograd import Value
    >>> from autograd.practice.worksheet import worksheet
    >>> x = Value(2.0, "x")
    >>> print(worksheet(x.exp(), x, "totals").text())
    Fill in (1)
    ∂f/∂x for f = exp(x)
    at x = 2
    <BLANKLINE>
    Values
           f = exp(x) = exp(2) ≈ 7.38906
    <BLANKLINE>
    Local derivatives
           (∂f/∂x)₁ = f ≈ 7.38906
           (∂v/∂u)₁, (∂v/∂u)₂, …: the derivative of v by its 1st, 2nd, … input alone, the other inputs held fixed
    <BLANKLINE>
    Sums over the paths
      (1)  ∂f/∂x = ______
    """
    parts = ["\n".join([heading, *[remark.text for remark in rows.title]])]
    for title, found, remarks in rows.sections:
        left = max([columns(row.left.text) for row in found])
        lines = [title]
        for row in found:
            rest = [f"{sign} {side}".strip() for sign, side, _ in row.sides]
            if row.open:
                rest.append(f"{_sign(row)} {LINE}".strip())
            before = f"{padded(f'{_numbered(row):>5}', INDENT)}{padded(row.left.text, left)} "
            wide = columns(before) + columns(" ".join(rest)) > WIDTH
            for right in rest if wide else [" ".join(rest)]:
                lines.append(before + right)
                before = " " * columns(before)
        parts.append("\n".join([*lines, *[" " * INDENT + remark.text for remark in remarks]]))
    return "\n\n".join(parts)


def markdown(rows: Rows, heading: str) -> str:
    """The sheet as Markdown, with the formulas between dollar signs."""
    parts = [f"**{heading}**", "  \n".join([f"${remark.latex}$" for remark in rows.title])]
    for title, found, remarks in rows.sections:
        parts.append(f"**{title}**")
        parts.append("\n".join([f"- {_item(row)}" for row in found]))
        parts += [f"${remark.latex}$" for remark in remarks]
    return "\n\n".join(parts)


def _item(row: Row) -> str:
    latex = " ".join([row.left.latex, *[f"{SIGNS.get(sign, '')} {side}".strip() for sign, _, side in row.sides]])
    number = f"({row.number}) " if row.number is not None else ""
    if not row.open:
        return f"{number}${latex}$"
    return f"{number}${latex}{_sign(row)}$ {LINE.replace('_', chr(92) + '_')}"


def _sign(row: Row) -> str:
    """What stands before a blank."""
    return "" if row.left.text.endswith(":") else " ="


def _numbered(row: Row) -> str:
    return f"({row.number})" if row.number is not None else ""
