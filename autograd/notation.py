"""The symbols of a graph: v₁, v̄₁ and v̇₁ for a node, ∂v₂/∂v₁ for an edge; and each as its row's formula, in numbers."""

from __future__ import annotations

from .formula import NAME, TERMS, Formula, named, typeset, written_number
from .labels import labels
from .linearized import require_same, require_unchanged
from .names import SUBSCRIPTS
from .op import ARITHMETIC_ERRORS
from .segment import CHECKPOINT
from .typesetting import Line, Piece, Side, Term
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    Edge = tuple[Value, int]  # the node that the edge enters, and which of its inputs it comes from

LONGEST = 80  # characters of f as one expression


class Notation:
    """How the nodes and edges between x and f are written. No two nodes look alike; an unnamed f is called f, where
    nothing else is.

    >>> x = Value(3.0, "x")
    >>> notation = Notation(x * x, x)
    >>> notation.local((notation.f, 0)).text
    '(∂f/∂x)₁ = x = 3'
    """

    def __init__(self, f: Value, x: Value) -> None:
        self.f, self.x = f, x
        self.names = labels(f, x)
        if not f.name and "f" not in self.names.values():
            self.names[f] = "f"
        self._symbols: dict[Value, tuple[Formula, int]] = {}
        self._taken: set[str] = set()
        self._numbers: dict[Value, Piece] = {}
        self._locals: dict[Value, tuple[Sequence[Any], Sequence[Any], Sequence[float | None]]] = {}

    def symbol(self, node: Value, accent: str = "", value: float | None = None) -> Piece:
        """What the node is called; with an accent, its adjoint ("bar") or its tangent ("dot"), of that value."""
        if node not in self._symbols:
            found, primes = named(self.names[node]), 0
            while found.text in self._taken or found.latex in self._taken:  # x1 and x_1 would both be x₁
                primes += 1
                found = named(self.names[node], "", primes)
            self._taken |= {found.text, found.latex}
            self._symbols[node] = found, primes
        found, primes = self._symbols[node]
        if accent:
            found = named(self.names[node], accent, primes)
        nodes = () if accent else (node,)
        return Piece(Formula(found.text, found.latex, NAME, nodes), node.data if value is None else value, node)

    def number(self, node: Value) -> Piece:
        """The node's number."""
        if node not in self._numbers:
            self._numbers[node] = Piece(written_number(node.data), node.data, node)
        return self._numbers[node]

    def edge(self, edge: Edge) -> Piece:
        """∂node/∂input; by which input, where that would not be plain: there are two such edges, or it might be
        taken for ∂f/∂x as a whole."""
        node, i = edge
        ratio = self.ratio(node, self.below(edge))
        if self.doubled(edge):
            index = str(i + 1).translate(SUBSCRIPTS)
            ratio = Formula(f"({ratio.text}){index}", rf"\left({ratio.latex}\right)_{{{i + 1}}}")
        return Piece(ratio, self.factor(edge)[2].value, edge)

    def below(self, edge: Edge) -> Value:
        """The node that the edge comes from."""
        below = edge[0].inputs[edge[1]]
        assert isinstance(below, Value)
        return below

    def doubled(self, edge: Edge) -> bool:
        """Whether ∂node/∂input would not say which derivative is meant."""
        node, below = edge[0], self.below(edge)
        return (node is self.f and below is self.x) or node.inputs.count(below) > 1

    def ratio(self, node: Value, below: Value) -> Formula:
        """∂node/∂below."""
        upper, lower = self.symbol(node), self.symbol(below)
        latex = rf"\frac{{\partial {upper.latex}}}{{\partial {lower.latex}}}"
        return Formula(f"∂{upper.text}/∂{lower.text}", latex)

    def given(self, node: Value) -> Line:
        """The node is its number; what is made of one or two leaves says so."""
        simple = len(node.inputs) in (1, 2) and not any(getattr(x, "op", None) for x in node.inputs)
        sides = self.definition(node).sides if simple and node.op is not CHECKPOINT else [self.valued(node.data, node)]
        return Line("given", self.symbol(node), [sides[0], sides[-1]], node.data, node)

    def valued(self, value: float, about: Any = None) -> Side:
        """A side that is nothing but the value."""
        return Side("value", Term([Piece(written_number(value), value, about)], value))

    def definition(self, node: Value, wanted: Collection[int] = (), most: int = TERMS) -> Line:
        """The node as its op of its inputs, in symbols and in numbers; of many inputs some, those wanted among them.

        ValueError: `data` of an input was changed since.
        """
        op = node.op
        assert op is not None
        sides = []
        for role, of in (("formula", self.symbol), ("numbers", self.number)):
            if role == "formula" or op is not CHECKPOINT:  # which is a function of Values, not of numbers
                inputs = [of(x) if isinstance(x, Value) else x for x in node.inputs]
                sides.append(Side(role, Term([Piece(typeset(op, inputs, wanted, most), node.data, node)], node.data)))
        self._derivatives(node)
        return Line("definition", self.symbol(node), [*sides, self.valued(node.data, node)], node.data, node)

    def factor(self, edge: Edge) -> tuple[Piece, Piece, Piece]:
        """The local derivative of an edge as its formula, as that with numbers put in, and as its value."""
        node, i = edge
        formulas, numbers, values = self._derivatives(node)
        value = values[i]
        assert value is not None
        whole = Piece(written_number(value), value, edge)
        formula, number = [
            Piece(x, value, edge) if isinstance(x, Formula) else whole for x in (formulas[i], numbers[i])
        ]
        return formula, number, whole

    def values(self, node: Value) -> Sequence[float | None]:
        """The node's local derivatives, which a checkpoint has to be asked for but once."""
        return self._derivatives(node)[2]

    def local(self, edge: Edge) -> Line:
        """The local derivative of an edge as a line."""
        formula, numbers, value = self.factor(edge)
        sides = [
            Side(role, Term([piece], piece.value))
            for role, piece in (("formula", formula), ("numbers", numbers), ("value", value))
        ]
        return Line("local", self.edge(edge), sides, value.value, edge)

    def _derivatives(self, node: Value) -> tuple[Sequence[Any], Sequence[Any], Sequence[float | None]]:
        """The local derivatives of a node, as formulas and numbers put into these (None where there are none)."""
        if node not in self._locals:
            values, nothing = node.local_derivatives, [None] * len(node.inputs)
            if node.op is CHECKPOINT:
                self._locals[node] = nothing, nothing, values
            else:
                symbols = {x: self.symbol(x) for x in (*node.inputs, node) if isinstance(x, Value)}
                numbers = {x: self.number(x) for x in symbols}
                self._locals[node] = _partials(node, symbols) or nothing, _partials(node, numbers) or nothing, values
            _require_unchanged(node)
        return self._locals[node]

    def whole(self) -> Formula | None:
        """f as one expression of x and the leaves, if that is short."""
        nodes = list(self.names)
        found: dict[Value, Formula] = {}
        for node in nodes if len(nodes) <= LONGEST else ():
            if node.op is None or node is self.x:
                found[node] = self.symbol(node)
            else:
                found[node] = typeset(node.op, [found[x] if isinstance(x, Value) else x for x in node.inputs])
            if len(found[node].text) > LONGEST:
                break
        else:
            return found.get(self.f)
        return None


def _partials(node: Value, of: dict[Value, Piece]) -> Sequence[Any] | None:
    """The row's partials run on formulas; None for a row that cannot be."""
    assert node.op is not None
    inputs = [of[x] if isinstance(x, Value) else x for x in node.inputs]
    # with constants as formulas too, log of a negative one is just written down
    for arguments in (inputs, [x if isinstance(x, Formula) else written_number(x) for x in inputs]):
        try:
            return node.op.local_derivatives(arguments, of[node], node.inputs)
        except (TypeError, *ARITHMETIC_ERRORS):
            continue
    return None


def _require_unchanged(node: Value) -> None:
    """A ValueError unless the graph's numbers are still those it was computed from."""
    if node.op is CHECKPOINT:
        for x, then in zip(node.inputs, node._dx.segment.numbers, strict=True):
            require_unchanged(node, "input", then, float(x))
        return
    require_same(node)
