"""A worksheet as an HTML fragment for screen and paper: formulas in MathML, blanks as lines, no script."""

from __future__ import annotations

from html import escape

from ..mathml import tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..mathml import Tree
    from .sheet import Row, Rows

LEAVES = {"i": "mi", "n": "mn", "o": "mo", "t": "mtext"}
NODES = {"row": "mrow", "frac": "mfrac", "sqrt": "msqrt", "sup": "msup", "sub": "msub", "subsup": "msubsup",
         "over": "mover"}  # fmt: skip
STYLE = """
.pathgrad-sheet { max-width: 60em; line-height: 2; overflow: auto hidden; padding-bottom: .5em }
.pathgrad-sheet h4 { margin: 1em 0 .25em; break-after: avoid }
.pathgrad-sheet table { border-collapse: collapse }
.pathgrad-sheet tr { break-inside: avoid }
.pathgrad-sheet td { padding: .3em .4em; text-align: left; vertical-align: baseline }
.pathgrad-sheet td:first-child { min-width: 2.5em; text-align: right }
.pathgrad-sheet .blank { display: inline-block; min-width: 7em; height: 1.2em; border-bottom: 1px solid currentColor }
.pathgrad-sheet .answer { border-bottom: 1px solid currentColor }
.pathgrad-sheet math { math-style: normal }
"""


def html(rows: Rows, heading: str) -> str:
    """The sheet as HTML, to be put into a page or shown in a notebook."""
    parts = [f"<style>{STYLE}</style>", f"<h3>{escape(heading)}</h3>"]
    parts += [f"<div>{mathml(remark.latex)}</div>" for remark in rows.title]
    for title, found, remarks in rows.sections:
        lines = "\n".join([_line(row) for row in found])
        parts.append(f"<h4>{escape(title)}</h4>\n<table><tbody>\n{lines}\n</tbody></table>")
        parts += [f"<div>{mathml(remark.latex)}</div>" for remark in remarks]
    return '<section class="pathgrad-sheet">\n' + "\n".join(parts) + "\n</section>"


def mathml(latex: str) -> str:
    """A formula in LaTeX as MathML, which browsers typeset by themselves.

    >>> mathml("x = -2")
    '<math><mrow><mi>x</mi><mo>=</mo><mo form="prefix">−</mo><mn>2</mn></mrow></math>'

    >>> mathml("x_{1} < 2")
    '<math><mrow><msub><mi>x</mi><mn>1</mn></msub><mo>&lt;</mo><mn>2</mn></mrow></math>'
    """
    return f"<math>{_element(tree(latex))}</math>"


def _element(node: Tree | int) -> str:
    if isinstance(node, str):
        name = LEAVES[node[0]]
        return f"<{name}>{escape(node[1:], quote=False)}</{name}>"
    assert isinstance(node, list)
    kind, *parts = node
    name = NODES[str(kind)]
    inner = ""
    for before, part in zip([None, *parts], parts, strict=False):
        signed = part == "o−" and isinstance(before, str) and before[0] == "o" and before != "o)"
        inner += '<mo form="prefix">−</mo>' if signed else _element(part)  # after = or (, a minus is a sign
    return f"<{name}>{inner}</{name}>"


def _line(row: Row) -> str:
    left, colon = row.left.latex, row.left.text.endswith(":")
    first = mathml(left.removesuffix(r":\ ")) + ":" * colon
    sides = []
    for i, (sign, _, side) in enumerate(row.sides, 1):
        answer = row.number is not None and row.filled and i == len(row.sides)
        written = f'<span class="answer">{mathml(side)}</span>' if answer else mathml(side)
        sides.append(f"<math><mo>{sign}</mo></math> {written}" if sign else written)
    if row.open:
        sign = "" if colon else "<math><mo>=</mo></math> "
        sides.append(f'{sign}<span class="blank" role="img" aria-label="blank {row.number}"></span>')
    number = f"({row.number})" if row.number is not None else ""
    return f"<tr><td>{number}</td><td>{first}</td><td>{' '.join(sides)}</td></tr>"
