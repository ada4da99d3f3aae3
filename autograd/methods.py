"""Value's own operators and methods, printed from the table as Python source: `Value.apply`, unrolled.

A training step builds tens of thousands of nodes. Calling a function for each local derivative, making a tuple or
looking at the number of inputs would double the time of each, so the formulas are written into the method's text.
What the text does not handle (numbers that are not floats, errors) it hands to the generic method.
"""

from __future__ import annotations

from . import rules  # noqa: F401  # fills the table
from .op import ARITHMETIC_ERRORS, TABLE, Op, Operand, number
from .recording import no_grad
from .value import Value, unrecorded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

UNARY = """
def {name}(self):
    x = self._float
    try:
        out = {out}
        if no_grad.active:
            return unrecorded(out, (self,))
        dx = {dx}
    except ARITHMETIC_ERRORS:
        return generic(self)
    node = new(Value)
    node._float = out
    node._grad = 0.0
    node.name = None
    node.op = op
    node._x = self
    node._dx = dx
    node._y = node._dy = None
    return node
"""

# {me} and {you} are x and y, or y and x in a reflected method: 2 * value
BINARY = """
def {name}(self, other):
    kind = type(other)
    if kind is Value:
        {you} = other._float
    elif kind is float:
        {you} = other
    elif kind is int:
        return {name}(self, number(other))
    elif isinstance(other, Value):
        {you} = other._float
    else:
        return generic(self, other)
    {me} = self._float
    try:
        out = {out}
        if no_grad.active:
            return unrecorded(out, (self, other))
        d{me} = {d_me}
        d{you} = {d_you} if kind is not float else None
    except ARITHMETIC_ERRORS:
        return generic(self, other)
    node = new(Value)
    node._float = out
    node._grad = 0.0
    node.name = None
    node.op = op
    node._{me} = self
    node._{you} = other
    node._dx = dx
    node._dy = dy
    return node
"""


class Source(Operand):
    """An operand that is its own text: an op applied to it is written down.

    >>> (1.0 - Source("out") * Source("out")).text
    '(1.0 - (out * out))'
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def apply(cls, op: Op, inputs: tuple[Any, ...]) -> Source:
        texts = [x.text if isinstance(x, Source) else repr(x) for x in inputs]
        # Python's own operators are written as such; every other op is a call of its row's `forward`
        native = getattr(op.forward, "__module__", None) == "_operator"
        return cls(f"({op.written(*texts)})" if native else f"{op.name}({', '.join(texts)})")


def partial_texts(op: Op, variables: Sequence[str]) -> list[str]:
    """The local derivatives of an op as formulas of its inputs, called so, and out.

    >>> partial_texts(TABLE["div"], ["x", "y"])
    ['(1.0 / y)', '((-out) / y)']
    """
    inputs = [Source(name) for name in variables]
    partials = op.local_derivatives(inputs, Source("out"), inputs)
    return [d.text if isinstance(d, Source) else repr(float(d)) for d in partials]


def source(op: Op, name: str) -> str:
    """The method `name` of one op as Python source.

    >>> [line.strip() for line in source(TABLE["tanh"], "tanh").splitlines() if "=" in line][:3]
    ['x = self._float', 'out = tanh(x)', 'dx = (1.0 - (out * out))']
    """
    texts = partial_texts(op, "xy"[: op.arity])
    out = Source.apply(op, (Source("x"), Source("y"))[: op.arity]).text
    if op.arity == 1:
        return UNARY.format(name=f"_{name}", out=out, dx=texts[0])
    me, you = (1, 0) if name in op.reflected else (0, 1)
    return BINARY.format(name=f"_{name}", out=out, me="xy"[me], you="xy"[you], d_me=texts[me], d_you=texts[you])


def method_of(op: Op, name: str) -> Callable[..., Any]:
    """The fast method `name` of Value: compiled when it is first called, because few of them ever are."""
    generic = getattr(Operand, name)
    compiled: list[Any] = []

    def first_call(self: Value, *others: Any) -> Any:
        if not compiled:
            scope: dict[str, Any] = {row.name: row.forward for row in TABLE.values()}
            scope.update(ARITHMETIC_ERRORS=ARITHMETIC_ERRORS, Value=Value, new=object.__new__, number=number)
            scope.update(generic=generic, no_grad=no_grad, op=op, unrecorded=unrecorded)
            exec(compile(source(op, name), f"<method {name} of the op {op.name}>", "exec"), scope)
            compiled.append(scope[f"_{name}"])
            setattr(Value, name, compiled[0])
        return compiled[0](self, *others)

    return first_call


for _op in TABLE.values():
    if _op.arity:
        _names = _op.variables(_op.arity)
        _formulas = [f"∂out/∂{x} = {text}" for x, text in zip(_names, partial_texts(_op, _names), strict=True)]
        _op.__doc__ = f"{_op.name}({', '.join(_names)}): {_op.doc}\n\n{'    '.join(_formulas)}"
    if _op.arity in (1, 2):  # the rest have the general methods, if any
        for _name in (*_op.methods, *_op.reflected):
            setattr(Value, _name, method_of(_op, _name))
