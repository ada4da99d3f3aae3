"""Typical mistakes in one place, made on purpose: with a node's number, or with the local derivative of an edge."""

from __future__ import annotations

import math

from ..graph import topological_order
from ..labels import figures
from ..op import ARITHMETIC_ERRORS, TABLE
from ..recording import no_grad
from ..value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..notation import Edge, Notation

ARITHMETIC = ("add", "sub", "mul", "div", "pow")
LINEAR = tuple([TABLE[name] for name in ("add", "sub", "mul", "neg")])


class Mistake:
    """A wrong number and how one comes by it: its `kind`, the `value` it gives, and a `sentence` that explains it.

    `place` is the node or edge where it happens, if it is one: the same mistake may show in several numbers.
    """

    __slots__ = ("kind", "place", "sentence", "value")

    def __init__(self, kind: str, value: float, sentence: str, place: Value | Edge | None = None) -> None:
        self.kind, self.value, self.sentence, self.place = kind, value, sentence, place

    def __repr__(self) -> str:
        return f"<{self.kind}: {figures(self.value, 6)}, {self.sentence}>"


class AtEdge(Mistake):
    """A mistake with the local derivative of one `edge`; `value` is what is taken for it."""

    __slots__ = ("edge",)

    def __init__(self, kind: str, value: float, sentence: str, edge: Edge, place: Value | Edge | None = None) -> None:
        super().__init__(kind, value, sentence, edge if place is None else place)
        self.edge = edge


class Slips:
    """Mistakes with the numbers and the local derivatives of the nodes that `notation` writes."""

    def __init__(self, notation: Notation) -> None:
        self.notation = notation

    def local(self, edge: Edge) -> float:
        """The right local derivative."""
        found = self.notation.values(edge[0])[edge[1]]
        assert found is not None
        return found

    def in_local(self, edge: Edge) -> Iterator[Mistake]:
        """With a local derivative that is asked for itself."""
        node, right, notation = edge[0], self.local(edge), self.notation
        yield Mistake("sign", -right, "the sign is wrong", edge)
        yield from self.swapped(edge)
        yield from self.rule(edge)
        yield from self.value_instead(edge)
        if right != 0.0:
            yield Mistake("upside down", 1 / right, f"this is 1 divided by {notation.edge(edge).text}", edge)
        below = notation.below(edge)
        what = f"this is the number of {notation.symbol(below).text}, not the slope of {notation.symbol(node).text}"
        yield Mistake("value", below.data, what, edge)

    def in_value(self, node: Value) -> Iterator[Mistake]:
        """With the number of a node."""
        notation, op, inputs = self.notation, node.op, node.inputs
        assert op is not None
        yield Mistake("sign", -node.data, "the sign is wrong", node)
        numbers = [float(x) for x in inputs]
        names = [notation.symbol(x).text if isinstance(x, Value) else figures(x) for x in inputs]
        if len(inputs) == 2:
            for name in ARITHMETIC:
                for order in ((0, 1), (1, 0)):
                    try:
                        value = TABLE[name].forward(*[numbers[i] for i in order])
                    except ARITHMETIC_ERRORS:
                        continue
                    written = TABLE[name].written(*[names[i] for i in order])
                    yield Mistake("other op", value, f"this is {written.replace(' * ', ' · ')}", node)
        for name, number in zip(names, numbers, strict=True):
            yield Mistake("op left out", number, f"this is {name} alone", node)
        for i, x in enumerate(inputs):
            if isinstance(x, Value):
                edge = node, i
                this = f"this is the derivative {notation.edge(edge).text}, not the value"
                yield Mistake("derivative", self.local(edge), this, node)

    def sign(self, edge: Edge) -> Iterator[AtEdge]:
        """A minus sign of the rule is forgotten."""
        if (right := self.local(edge)) < 0.0:
            minus = f"the minus sign of {self.notation.edge(edge).text} = {figures(right, 6)} is missing"
            yield AtEdge("sign", -right, minus, edge)

    def swapped(self, edge: Edge) -> Iterator[AtEdge]:
        """The derivative by another input is taken for that by this one, as x for y in x · y."""
        node, i = edge
        notation, right = self.notation, self.local(edge)
        for j, other in enumerate(node.inputs):
            if not isinstance(other, Value) or other is node.inputs[i]:
                continue
            taken = self.local((node, j))
            factors = right == other.data and taken == notation.below(edge).data
            if (len(node.inputs) > 2 and not factors) or taken == -right:  # which is a wrong sign
                continue
            names = [notation.symbol(x).text for x in (notation.below(edge), other)]
            if factors:
                what = f"the factors {names[0]} and {names[1]} are swapped in {self._definition(node)}"
            else:
                what = f"the derivatives of {self._definition(node)} by {names[0]} and {names[1]} are swapped"
            yield AtEdge("swapped", taken, f"{what}: {self._fact(edge)}, not {self._derived((node, j))}", edge, node)

    def left_out(self, edge: Edge, x: Value) -> Iterator[AtEdge]:
        """The factor is missing."""
        node, notation = edge[0], self.notation
        if self.local(edge) == -1.0:  # which is a wrong sign
            return
        outer, inner = node is notation.f, notation.below(edge) is x
        which = "the outer derivative" if outer else "the inner derivative" if inner else "the factor"
        what = f"{which} {notation.edge(edge).text} = {figures(self.local(edge), 6)} is missing"
        yield AtEdge("left out", 1.0, what, edge)

    def rule(self, edge: Edge) -> Iterator[AtEdge]:
        """Half of a rule: a factor is missing in the local derivative's own formula, as the 2 in 2x."""
        node, right = edge[0], self.local(edge)
        for value in _without_a_factor(edge):
            if value not in (right, 1.0, node.data):  # which have better explanations
                what = f"{self._fact(edge)}, not {figures(value, 6)}: a factor of it is missing"
                yield AtEdge("half a rule", value, what, edge)

    def value_instead(self, edge: Edge) -> Iterator[AtEdge]:
        """A function's own value stands where its derivative belongs."""
        node = edge[0]
        if sum([isinstance(x, Value) for x in node.inputs]) > 1 or node.op in LINEAR:
            return
        name = self.notation.symbol(node).text
        what = f"{self._fact(edge)}, and not the value of {name} itself, {figures(node.data, 6)}"
        yield AtEdge("value", node.data, what, edge)

    def _definition(self, node: Value) -> str:
        return f"{self.notation.symbol(node).text} = {self.notation.definition(node).sides[0].text}"

    def _fact(self, edge: Edge) -> str:
        """What the derivative is: `∂v₁/∂x is y = 2`."""
        return f"{self.notation.edge(edge).text} is {self._derived(edge)}"

    def _derived(self, edge: Edge) -> str:
        formula, _, value = self.notation.factor(edge)
        return value.text if formula.text == value.text else f"{formula.text} = {value.text}"


def _without_a_factor(edge: Edge) -> list[float]:
    """What the row's partial comes out as if one factor of one product in it is dropped."""
    node, i = edge
    op = node.op
    if op is None or not isinstance(op.partials, tuple):
        return []
    leaves = [Value(float(x)) if isinstance(x, Value) else x for x in node.inputs]
    try:
        partial = op.partials[i](*leaves, Value(node.data))
    except (TypeError, *ARITHMETIC_ERRORS):
        return []
    if not isinstance(partial, Value) or no_grad.active:
        return []
    order = topological_order(partial)
    found: list[float] = []
    for product in order:
        for kept in product.inputs if product.op is TABLE["mul"] else ():
            numbers = {product: float(kept)}
            try:
                for step in order:
                    if step not in numbers:
                        inputs = [numbers[x] if isinstance(x, Value) else x for x in step.inputs]
                        numbers[step] = step.op.compute(*inputs) if step.op else step.data
            except ARITHMETIC_ERRORS:
                continue
            found.append(numbers[partial])
    return [value for value in dict.fromkeys(found) if math.isfinite(value)]
