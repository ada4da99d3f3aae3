"""Value's own operators and methods: what `Value.apply` does, unrolled for one and two inputs, where speed is won."""

from __future__ import annotations

from . import rules  # noqa: F401  # fills the table
from .op import ARITHMETIC_ERRORS, TABLE, Op, Operand, number
from .value import Value, no_grad

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_new = object.__new__


def _unary_method(op: Op) -> Callable[[Value], Value]:
    forward = op.forward
    (partial,) = op.partials  # type: ignore[misc]  # a unary op's partials are a tuple of one

    def method(self: Value) -> Value:
        x = self._data
        try:
            out = forward(x)
            dx = partial(x, out)
        except ARITHMETIC_ERRORS:
            return self.apply(op, (self,))  # it says what is wrong, or finds the limit
        if no_grad.active:
            return Value(out)
        node = _new(Value)
        node._data = out
        node._grad = 0.0
        node.name = None
        node.op = op
        node._x = self
        node._dx = dx
        node._y = node._dy = None
        return node

    return method


def _binary_method(op: Op, generic: Callable[..., Any]) -> Callable[[Value, Any], Value]:
    forward = op.forward
    partial_x, partial_y = op.partials  # type: ignore[misc]  # a binary op's partials are a tuple of two

    def method(self: Value, other: Any) -> Value:
        kind = type(other)
        if kind is Value:
            y = other._data
        elif kind is float:
            y = other
        elif kind is int:
            return method(self, number(other))
        else:
            return generic(self, other)  # type: ignore[no-any-return]  # a Value, or NotImplemented
        x = self._data
        try:
            out = forward(x, y)
            dx = partial_x(x, y, out)
            dy = partial_y(x, y, out) if kind is Value else None
        except ARITHMETIC_ERRORS:
            return self.apply(op, (self, other))
        if no_grad.active:
            return Value(out)
        node = _new(Value)
        node._data = out
        node._grad = 0.0
        node.name = None
        node.op = op
        node._x = self
        node._y = other
        node._dx = dx
        node._dy = dy
        return node

    return method


for _op in TABLE.values():
    for _name in _op.methods:
        if _op.arity == 1:
            setattr(Value, _name, _unary_method(_op))
        elif _op.arity == 2:
            setattr(Value, _name, _binary_method(_op, getattr(Operand, _name)))
