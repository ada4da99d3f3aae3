"""A derivation as text, Markdown and LaTeX: what stands at its head, its sections, and its lines by number."""

from __future__ import annotations

from .chain_rule import gradient
from .derivation_lines import by_nodes, by_paths
from .graph import topological_order
from .labels import whole
from .notation import Notation
from .typesetting import SIGNS, WIDTH, Line, Remark, Section, columns, environment, in_parts
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

GIVEN = 24  # numbers listed at the top


class Derivation:
    """How ∂f/∂x comes about, line by line; prints as text, notebooks typeset it. Made by `derivation`.

    `value` is ∂f/∂x; `sections` hold the lines under their headings, `lines` all of them in order, each with its
    pieces and their exact numbers.
    """

    def __init__(self, f: Value, x: Value, style: str, limit: int) -> None:
        self.f, self.x, self.style = f, x, style
        notation = Notation(f, x)
        total = gradient(f, x)
        self.sections: list[Section] = []
        if f is x or x not in topological_order(f):
            lines = [Line("total", notation.ratio(f, x), [notation.valued(total)], total, x)]
            self.head = [_because(notation, lines[0])]
        else:
            self.sections = by_paths(notation, limit, total) if style == "paths" else by_nodes(notation, limit)
            lines = [line for section in self.sections for line in section.lines]
            given = _given(notation, lines)
            self.head = [_title(notation), *_listed(given), *([_accents(notation)] if style == "nodes" else [])]
            lines = list(dict.fromkeys([*given, *lines]))
        self.lines: list[Line] = lines
        self.value: float = lines[-1].value
        for number, line in enumerate([line for line in lines if line.kind not in ("given", "tangent")], 1):
            line.number = number

    def text(self) -> str:
        """The derivation as plain text."""
        parts = ["\n".join([remark.text for remark in self.head])]
        return "\n\n".join([*parts, *[f"{section.heading}\n{section.text()}" for section in self.sections]])

    __repr__ = text

    def markdown(self) -> str:
        """The derivation as Markdown, with the formulas between $$ and $$."""
        parts = [*map(_displayed, self._head())]
        for section in self.sections:
            parts += [f"**{section.heading}**", *map(_displayed, section.latex())]
        return "\n\n".join(parts)

    def latex(self) -> str:
        """The derivation as one formula for displayed math: in LaTeX (with amsmath), KaTeX or, if short, MathJax."""
        rows = self._head()
        for section in self.sections:
            rows += [rf"\text{{{section.heading}}}", *section.latex()]
        return environment("array", rows, "{l}")

    def _head(self) -> list[str]:
        return [environment("aligned", rows) for rows in in_parts([f"& {remark.latex}" for remark in self.head])]

    def _repr_markdown_(self) -> str:
        return self.markdown()

    def _repr_latex_(self) -> str:  # in several formulas, so that pages can be broken between them
        parts = self._head()
        for section in self.sections:
            first, *rest = section.latex()
            parts += [environment("array", [rf"\text{{{section.heading}}}", first], "{l}"), *rest]
        return "\n\n".join(map(_displayed, parts))


def _displayed(latex: str) -> str:
    return f"$$\n{latex}\n$$"


def _because(notation: Notation, line: Line) -> Remark:
    f, x = notation.symbol(notation.f), notation.symbol(notation.x)
    if notation.f is notation.x:
        return Remark(
            f"{line.text}, the derivative of a node by itself",
            rf"{line.latex} \text{{, the derivative of a node by itself}}",
        )
    return Remark(
        f"{line.text}, because no path leads from {x.text} to {f.text}",
        rf"{line.latex} \text{{, because no path leads from }} {x.latex} \text{{ to }} {f.latex}",
    )


def _title(notation: Notation) -> Remark:
    ratio, f, found = notation.ratio(notation.f, notation.x), notation.symbol(notation.f), notation.whole()
    if found is None:
        return Remark(ratio.text, ratio.latex)
    sign = "≈" if found.rounded else "="
    return Remark(
        f"{ratio.text} for {f.text} {sign} {found.text}",
        rf"{ratio.latex} \text{{ for }} {f.latex} {SIGNS[sign]} {found.latex}",
    )


def _accents(notation: Notation) -> Remark:
    """What v̇ and v̄ stand for."""
    f, x = notation.symbol(notation.f), notation.symbol(notation.x)
    return Remark(
        f"v̇ = ∂v/∂{x.text} and v̄ = ∂{f.text}/∂v for every node v",
        rf"\dot{{v}} = \frac{{\partial v}}{{\partial {x.latex}}} \text{{ and }} "
        rf"\bar{{v}} = \frac{{\partial {f.latex}}}{{\partial v}} \text{{ for every node }} v",
    )


def _given(notation: Notation, lines: Sequence[Line]) -> list[Line]:
    """The numbers of x and of all other nodes whose symbols occur without a definition."""
    defined = {line.about for line in lines if line.kind == "definition"}
    found = {line.about: line for line in lines if line.kind == "given"}
    todo = [*lines]
    for line in todo:
        for piece in [line.left, *[piece for side in line.sides for term in side.terms for piece in term.factors]]:
            for node in piece.nodes:
                if node not in defined and node not in found:
                    found[node] = notation.given(node)
                    todo.append(found[node])
    return [found[node] for node in notation.names if node in found]


def _listed(given: Sequence[Line]) -> list[Remark]:
    """At x = 1, y = 2, …, in rows."""
    entries = [Remark(f"{line.text},", rf"{line.latex},\ ") for line in given[:GIVEN]]
    if len(given) > GIVEN:
        entries.append(Remark(f"… and {whole(len(given) - GIVEN)} more"))
    else:
        entries[-1] = Remark(given[-1].text, given[-1].latex)
    rows = [Remark("at", r"\text{at }")]
    for entry in entries:
        if columns(rows[-1].text) + columns(entry.text) >= WIDTH:
            rows.append(Remark("  ", r"\quad "))
        rows[-1] = Remark(f"{rows[-1].text} {entry.text}", rows[-1].latex + entry.latex)
    return rows
