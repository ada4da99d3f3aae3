"""Marking a worksheet: every answer beside the right number, the number that earlier answers lead to, and mistakes."""

from __future__ import annotations

import math

from .answers import Answer, read
from .marks import Mark, Marks, remark
from .mistakes import Mistakes, arrows
from .sheet import SheetNotation
from .slips import Mistake

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .blanks import Quantities, Quantity

MOST = 2  # explanations of one wrong answer
ONCE = ("sign", "value")  # of these kinds one is enough
ALONE = ("added", "multiplied", "chain cut")  # and these are named where nothing else explains the answer


def marked(quantities: Quantities, given: dict[int, Any]) -> Marks:
    """The marks for the answers given, by the numbers of the blanks."""
    return _Marking(quantities, given).marks()


class _Marking:
    def __init__(self, quantities: Quantities, given: dict[int, Any]) -> None:
        self.quantities, self.given = quantities, given
        self.notation = notation = SheetNotation(quantities.f, quantities.xs, {})
        for node in notation.names:
            notation.symbol(node)
        self.mistakes = Mistakes(notation, quantities.routes)
        self.variables = {name: node.data for node, name in notation.names.items() if node.op is None}
        self.blanks = {each.number: each for each in quantities.all if each.number is not None}
        self.read: dict[int, Answer | None] = {}
        self.unreadable: dict[int, str] = {}
        for number in self.blanks:
            try:
                self.read[number] = read(given.get(number), self.variables)
            except ValueError as error:
                self.unreadable[number] = str(error)
        self.off = {number for number in self.blanks if self._is_off(number)}

    def marks(self) -> Marks:
        """One for each blank."""
        found = {number: self._explained(number) for number in sorted(self.off)}
        shared: dict[Any, int] = {}  # in how many answers a mistake shows that is made in one place
        for mistakes in found.values():
            for key in dict.fromkeys([_key(mistake) for mistake in mistakes if mistake.place is not None]):
                shared[key] = shared.get(key, 0) + 1
        return Marks({number: self._mark(number, found.get(number, []), shared) for number in self.blanks})

    def _is_off(self, number: int) -> bool:
        answer = self.read.get(number)
        return answer is not None and not answer.means(self.blanks[number].value)

    def _explained(self, number: int) -> list[Mistake]:
        """The mistakes that give this answer, the most typical first."""
        quantity, answer = self.blanks[number], self.read[number]
        assert answer is not None
        makers: dict[str, Callable[[Any], list[Mistake]]] = {
            "values": self.mistakes.in_value,
            "local derivatives": self.mistakes.in_local,
            "products": self.mistakes.in_product,
            "totals": self.mistakes.in_total,
        }
        return [mistake for mistake in makers[quantity.kind](quantity.about) if answer.means(mistake.value)]

    def _mark(self, number: int, mistakes: list[Mistake], shared: dict[Any, int]) -> Mark:
        quantity, answer = self.blanks[number], self.read.get(number)
        given, label, right = self.given.get(number), self._label(quantity), quantity.value

        def mark(verdict: str, *reasons: str, why: list[Mistake] | None = None) -> Mark:
            value = None if answer is None else answer.value
            return Mark(number, label, given, value, right, verdict, reasons, why or [])

        if number in self.unreadable:
            return mark("unreadable", self.unreadable[number])
        if answer is None:
            return mark("missing")
        if answer.means(right):
            return mark("right" if answer.exactly(right) else "right, rounded")
        value, sources = self._following(quantity)
        if sources and answer.means(value):
            numbers = " and ".join([f"({source})" for source in sources])
            return mark("follows", f"right with the answer{'s' * (len(sources) > 1)} to {numbers}")
        most = max([shared.get(_key(mistake), 0) for mistake in mistakes], default=0)
        if most > 1:  # what explains several answers at once is likelier than what explains one
            mistakes = [mistake for mistake in mistakes if shared.get(_key(mistake), 0) == most][:1]
        chosen = _likeliest(mistakes)
        return mark("off", *[mistake.sentence for mistake in chosen] or [remark(answer, right)], why=chosen)

    def _following(self, quantity: Quantity) -> tuple[float, list[int]]:
        """The number that earlier answers which are off lead to, and which these are."""

        def answered(source: Quantity) -> float | None:
            answer = self.read.get(source.number or 0)
            return answer.value if answer is not None and source.number in self.off else None

        value, used = self.quantities.following(quantity, answered)
        return (value, used) if math.isfinite(value) else (value, [])

    def _label(self, quantity: Quantity) -> str:
        notation, about = self.notation, quantity.about
        if quantity.kind == "values":
            return notation.symbol(about).text
        if quantity.kind == "local derivatives":
            return notation.edge(about).text
        return (
            arrows(notation, about, "text") if quantity.kind == "products" else notation.ratio(notation.f, about).text
        )


def _likeliest(mistakes: list[Mistake]) -> list[Mistake]:
    """At most two of them, which do not say the same in other words."""
    found: list[Mistake] = []
    for mistake in mistakes:
        kinds = [other.kind for other in found]
        if not kinds or (mistake.kind not in ALONE and not (mistake.kind in ONCE and mistake.kind in kinds)):
            found.append(mistake)
    return found[:MOST]


def _key(mistake: Mistake) -> Any:
    return mistake.kind, mistake.place
