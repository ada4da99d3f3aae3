"""Why one edge's local derivative is zero, tiny, infinite or NaN, in words that its op's row supplies.

∂out/∂input is a formula in the row; the reason is that formula at the edge's numbers.
"""

from __future__ import annotations

import math

from .extended import local_derivatives, same
from .labels import figures
from .methods import partial_texts
from .op import ARITHMETIC_ERRORS, Op
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_FLAT = 0.01  # a slope below this share of the one at 0 may count as saturated
_FURTHER = (1.1, 1.4, 2.0, 3.3, 10.0)  # no period of a sine goes into all of these


class Edge:
    """An edge that decides: from `input` into `node`, whose input number `index` it is, with its `local` derivative.

    `cause` is the reason in a few words, the same for edges of one kind; `reason` has the numbers.
    """

    __slots__ = ("cause", "index", "input", "local", "node", "reason")

    def __init__(self, node: Value, x: Value, index: int, local: float, cause: str, reason: str) -> None:
        self.node, self.input, self.index, self.local = node, x, index, local
        self.cause, self.reason = cause, reason

    def __repr__(self) -> str:
        return f"<edge {self.index} of {self.node.op.name if self.node.op else 'a leaf'}: {self.reason}>"


class Reasons:
    """Writes the reasons of edges; `names` are the labels of the nodes."""

    def __init__(self, names: dict[Value, str]) -> None:
        self.names = names
        self._texts: dict[tuple[Op, int], list[str] | None] = {}
        self._now: dict[Value, tuple[float | None, ...]] = {}

    def edge(self, node: Value, x: Value, local: float, index: int) -> Edge:
        """The edge, with its reason."""
        return Edge(node, x, index, local, *self._explained(node, local, index))

    def _explained(self, node: Value, local: float, index: int) -> tuple[str, str]:
        op = node.op
        assert op is not None  # a leaf has no edges
        inputs, result = node.inputs, figures(local)
        texts = self._formulas(op, len(inputs))
        if texts is None:
            return op.name, f"{op.name}'s local derivative by its input number {index + 1} is {result}"
        if not same(self._locals_now(node)[index], local):
            return "data changed", f"the local derivative was {result} when {op.name} was computed; data changed since"
        text, numbers = texts[index], [float(x) for x in inputs]
        if _is_number(text):
            return f"{op.name}'s constant derivative", f"{op.name}'s derivative is {result} everywhere"
        variables = op.variables(len(inputs))
        if text in variables and variables.index(text) != index:
            factor = inputs[variables.index(text)]
            return "a factor", f"its factor {self._named(factor)}" if isinstance(
                factor, Value
            ) else f"its factor is {result}"
        if op.kink is not None and local == 0.0:
            kinked = self._kinked(op, inputs, node.data, index, text)
            if kinked:
                return kinked
        if len(inputs) == 1:
            return _unary(op, numbers[0], text, local)
        shown = list(zip(variables, numbers, strict=True)) if op.arity else [(variables[index], numbers[index])]
        shown += [("out", node.data)] if "out" in text else []
        at = ", ".join(f"{name} = {figures(x)}" for name, x in shown)
        takes = ", ".join(variables) if op.arity else "…"
        return op.name, f"{op.name}({takes})'s derivative by {variables[index]}, {text}, is {result} at {at}"

    def _kinked(
        self, op: Op, inputs: Sequence[Value | float], out: float, index: int, text: str
    ) -> tuple[str, str] | None:
        """The words for a local derivative that is 0 on one side of a kink, or on it."""
        assert op.kink is not None
        numbers, symbol = [float(x) for x in inputs], op.symbol
        on_it = op.kink(*numbers) == 0.0
        if len(inputs) == 1:
            x, where = numbers[0], _where(numbers[0], text, "0")
            if on_it and 0.0 not in (slope(op, x - 1.0), slope(op, x + 1.0)):
                return f"{symbol} at its kink", f"{symbol} at its kink: {where} ({op.doc})"
            return f"dead {symbol}", f"dead {symbol}: {where}"
        if on_it:
            tie = ", ".join(
                f"{name} = {figures(x)}" for name, x in zip(op.variables(len(inputs)), numbers, strict=True)
            )
            return f"{symbol} at its kink", f"{symbol} at its kink, {tie}: {op.doc}"
        slopes = local_derivatives(op, numbers, out, [None] * len(numbers))
        other = next((i for i, x in enumerate(numbers) if i != index and x == out and slopes[i]), None)
        if other is None:
            return None
        return f"{symbol} takes the other input", f"{symbol} takes the other input, {self._named(inputs[other])}"

    def _named(self, x: Value | float) -> str:
        return f"{self.names[x]} = {figures(x.data)}" if isinstance(x, Value) else figures(x)

    def _formulas(self, op: Op, count: int) -> list[str] | None:
        """The local derivatives as text, or None where they cannot be written down."""
        if (op, count) not in self._texts:
            try:
                found = partial_texts(op, op.variables(count))
            except Exception:  # a row may be written for numbers alone, and raise whatever it likes
                found = []
            self._texts[op, count] = list(map(_bare, found)) if len(found) == count else None
        return self._texts[op, count]

    def _locals_now(self, node: Value) -> tuple[float | None, ...]:
        """The local derivatives that the present `data` would give; NaN where it would not give the node's number."""
        if node not in self._now:
            op, inputs = node.op, node.inputs
            assert op is not None
            numbers = [float(x) for x in inputs]
            fresh = same(_value(op, *numbers), node.data)
            self._now[node] = local_derivatives(op, numbers, node.data, inputs) if fresh else (None,) * len(inputs)
        return self._now[node]


def slope(op: Op, x: float) -> float:
    """The local derivative of an op of one input at x; NaN where there is none.

    >>> from autograd.op import TABLE
    >>> slope(TABLE["sin"], 0.0)
    1.0
    """
    out = _value(op, x)
    return math.nan if out != out else float(local_derivatives(op, [x], out, [None])[0])  # type: ignore[arg-type]


def saturated(op: Op, x: float, local: float) -> bool:
    """Whether the op levels off: its slope is far below that at 0, no larger anywhere further out, and what further
    out can add to the result comes to an end. So cos at 0 is not, which is steep again, nor log, which has no end.

    >>> from autograd.op import TABLE
    >>> saturated(TABLE["tanh"], 20.0, 0.0), saturated(TABLE["cosh"], 0.0, 0.0)
    (True, False)
    """
    if x == 0.0 or not abs(local) <= _FLAT * abs(slope(op, 0.0)):
        return False
    if not all(abs(slope(op, x * times)) <= abs(local) for times in _FURTHER):
        return False
    near, far, farther = (_value(op, x * times) for times in (1.0, 1e3, 1e6))
    return abs(farther - far) <= 0.5 * abs(far - near)


def _unary(op: Op, x: float, text: str, local: float) -> tuple[str, str]:
    if math.isinf(local):
        return f"{op.name} is steep", f"{op.name} at {figures(x)} has infinite slope: the local derivative is {text}"
    where = _where(x, text, figures(local))
    if saturated(op, x, local):
        return f"saturated {op.name}", f"saturated {op.name}: {where}"
    return (f"flat {op.name}", f"{op.name} is flat there: {where}") if local == 0.0 else (op.name, where)


def _where(x: float, text: str, result: str) -> str:
    return f"its input is {figures(x)}, where the local derivative {text} is {result}"


def _value(op: Op, *numbers: float) -> float:
    """The op at the numbers; NaN where it raises."""
    try:
        return op.forward(*numbers)
    except ARITHMETIC_ERRORS:
        return math.nan


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _bare(text: str) -> str:
    """Without the parentheses around all of it: `(a) * (b)` keeps its own."""
    depth = 0
    for i, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and i < len(text) - 1:
            return text
    return text[1:-1] if text.startswith("(") else text
