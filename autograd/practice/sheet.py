"""A worksheet's rows: the derivation's lines, cut off where a blank begins; further on, □₃ is the number of blank 3."""

from __future__ import annotations

import math

from ..derivation_lines import BY_INPUT
from ..formula import NAME, Formula, written_number
from ..labels import cut
from ..names import SUBSCRIPTS
from ..notation import Notation
from ..typesetting import SIGNS, WIDTH, Piece, Remark, Side, Term, columns
from ..value import Value
from .mistakes import arrows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..notation import Edge
    from .blanks import Quantities, Quantity
    from .routes import Route

HEADINGS = {
    "values": "Values",
    "local derivatives": "Local derivatives",
    "products": "Products along the paths",
    "totals": "Sums over the paths",
}
TERMS = 9  # of a longer product or sum the middle is left out
FEW = 6  # leaves that are easy to find in any order
LEAVES = 40  # of so many, besides xs, the numbers are given


class SheetNotation(Notation):
    """The derivation's notation for several xs, with the numbers of `blanks` hidden."""

    def __init__(self, f: Value, xs: Sequence[Value], blanks: dict[Any, int]) -> None:
        super().__init__(f, xs[0])
        self.xs, self.blanks = xs, blanks

    def number(self, node: Value) -> Piece:
        """The node's number, or the blank it stands in."""
        number = self.blanks.get(node)
        return super().number(node) if number is None else Piece(blank(number), node.data, node)

    def factor(self, edge: Edge) -> tuple[Piece, Piece, Piece]:
        """The local derivative, whose value may stand in a blank."""
        formula, numbers, value = super().factor(edge)
        number = self.blanks.get(edge)
        return formula, numbers, value if number is None else Piece(blank(number), value.value, edge)

    def doubled(self, edge: Edge) -> bool:
        """Whether ∂node/∂input would not say which derivative is meant."""
        return super().doubled(edge) or (edge[0] is self.f and self.below(edge) in self.xs)

    def product(self, route: Route) -> list[Side]:
        """The product along a path: in symbols, and in numbers."""
        down = route.edges[::-1]
        symbols = [self.edge(edge) for edge in down]
        numbers = [self.factor(edge)[2] for edge in down]
        return [Side("symbols", _product(symbols)), Side("numbers", _product(numbers)), self.valued(route.product)]


class Row:
    """One line: its `left` side, then (sign, text, LaTeX) for each further one; then a blank, if it has a `number` and
    is not `filled`."""

    def __init__(self, left: Formula, sides: Sequence[tuple[str, str, str]], number: int | None, filled: bool) -> None:
        self.left, self.sides, self.number, self.filled = left, sides, number, filled

    @property
    def open(self) -> bool:
        """Whether there is something to fill in."""
        return self.number is not None and not self.filled


class Rows:
    """The rows of a sheet, or of its key: `sections` has (heading, rows, remarks), `title` says what is to be found."""

    def __init__(self, quantities: Quantities, filled: bool) -> None:
        self.quantities, self.filled = quantities, filled
        asked = [quantity for quantity in quantities.all if quantity.number is not None and not filled]
        self._hidden: dict[Any, int] = {q.about: q.number for q in asked if q.kind != "totals" and q.number}
        self.notation = SheetNotation(quantities.f, quantities.xs, self._hidden)
        for node in self.notation.names:  # so that a sheet and its key call all nodes alike
            self.notation.symbol(node)
        self.title = self._title()
        self.sections: list[tuple[str, list[Row], list[Remark]]] = []
        for kind, heading in HEADINGS.items():
            shown = [each for each in quantities.all if each.kind == kind and self._shown(each)]
            doubled = kind == "local derivatives" and any(self.notation.doubled(each.about) for each in shown)
            if shown:
                self.sections.append((heading, [self._row(each) for each in shown], [BY_INPUT] * doubled))

    def _title(self) -> list[Remark]:
        """What is to be found, and where."""
        notation, f = self.notation, self.notation.symbol(self.notation.f)
        wanted = [notation.ratio(notation.f, x) for x in self.quantities.xs]
        texts, latexes = (cut([getattr(x, form) for x in wanted], ", ") for form in ("text", "latex"))
        rows = [Remark(texts, latexes)]
        whole = notation.whole()
        if whole is not None:
            sign = "≈" if whole.rounded else "="
            what = rf"\text{{ for }} {f.latex} {SIGNS[sign]} {whole.latex}"
            rows = [Remark(f"{texts} for {f.text} {sign} {whole.text}", latexes + what)]
        return [*rows, *self._given()]

    def _given(self) -> list[Remark]:
        """The leaves' numbers, "at" and lines of them: a few in the order of xs, many as the nodes need them."""
        nodes, xs = self.notation.names, self.quantities.xs
        used = [x for node in nodes for x in node.inputs if isinstance(x, Value)]
        leaves = [x for x in dict.fromkeys([*used, *nodes]) if x.op is None]
        if len(leaves) <= FEW:
            leaves = [x for x in dict.fromkeys([*xs, *leaves]) if x.op is None]
        kept = [x for i, x in enumerate(leaves) if i < LEAVES or x in xs]
        given = [(line.text, line.latex) for line in map(self.notation.given, kept)]
        if left := len(leaves) - len(kept):
            given.append((f"… {left} more", rf"\cdots \text{{ {left} more}}"))
        rows, room = list[list[tuple[str, str]]](), 0
        for text, latex in given:
            room -= columns(f"{text}, ")
            if room < 0:  # as at first
                rows.append([])
                room = WIDTH - columns(f"at {text}, ")
            rows[-1].append((text, latex))
        found: list[Remark] = []
        for row in rows:
            text, latex = (", ".join(parts) + "," * (row is not rows[-1]) for parts in zip(*row, strict=True))
            found.append(Remark(f"   {text}", latex) if found else Remark(f"at {text}", rf"\text{{at }} {latex}"))
        return found

    def _shown(self, quantity: Quantity) -> bool:
        """Products give away a total that is asked for, unless they are asked for themselves."""
        if quantity.kind != "products" or self.filled or quantity.number is not None:
            return True
        quantities, x = self.quantities, quantity.about.x
        ways = [quantities.of("products", route) for route in quantities.routes[x].all]
        total = quantities.of("totals", x)
        return total is None or total.number is None or any(way is not None and way.number for way in ways)

    def _row(self, quantity: Quantity) -> Row:
        notation, about = self.notation, quantity.about
        asked = quantity.number is not None and not self.filled
        left: Formula
        sides: Sequence[Side]
        kept = 0  # of a blank's own working nothing is shown but a definition
        if quantity.kind == "values":
            line = notation.definition(about)
            left, sides, kept = line.left, line.sides, 1
        elif quantity.kind == "local derivatives":
            line = notation.local(about)
            left, sides = line.left, line.sides
        elif quantity.kind == "products":
            left = Formula(f"{arrows(notation, about, 'text')}:", rf"{arrows(notation, about, 'latex')}:\ ")
            sides = notation.product(about)
        else:
            left, sides = notation.ratio(notation.f, about), self._sum(about)
        found = [(side.relation, side.text, side.latex) for side in (sides[:kept] if asked else sides)]
        found = [side for i, side in enumerate(found) if not i or side[2] != found[i - 1][2]]
        if quantity.kind == "products" and found:
            found[0] = "", *found[0][1:]
        return Row(left, found, quantity.number, self.filled)

    def _sum(self, x: Value) -> Sequence[Side]:
        """The products of the paths, and what they add up to."""
        terms = []
        for route in self.quantities.routes[x].all:
            number = self._hidden.get(route.edges[0] if len(route.edges) == 1 else route)
            written = written_number(route.product) if number is None else blank(number)
            terms.append(Term([Piece(written, route.product)], route.product))
        value = self.notation.valued(self.quantities.routes[x].total)
        return [Side("numbers", *_shortened(terms)), value]


def blank(number: int) -> Formula:
    """What stands for the number that belongs into a blank.

    >>> blank(12).text
    '□₁₂'
    """
    lower = str(number).translate(SUBSCRIPTS)
    return Formula(f"□{lower}", rf"\text{{□}}_{{{number}}}", NAME)


def _shortened(terms: list[Term]) -> list[Term]:
    if len(terms) <= TERMS:
        return terms
    return [*terms[: TERMS // 2], _gap(len(terms) - TERMS // 2 * 2), *terms[-(TERMS // 2) :]]


def _product(factors: list[Piece]) -> Term:
    value = math.prod([factor.value for factor in factors])
    if len(factors) > TERMS:
        ends = TERMS // 2
        factors = [*factors[:ends], *_gap(len(factors) - 2 * ends).factors, *factors[-ends:]]
    return Term(factors, value)


def _gap(count: int) -> Term:
    return Term([Piece(Formula(f"… {count} more …", rf"\cdots \text{{ {count} more }} \cdots"), math.nan)], math.nan)
