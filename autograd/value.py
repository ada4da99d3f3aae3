"""Value: a number that remembers how it was computed, so that ∂f/∂x = Σ over paths of ∏ local derivatives."""

from __future__ import annotations

from operator import attrgetter

from . import copying
from .comparisons import remember
from .extended import limits
from .graph import topological_order
from .op import ARITHMETIC_ERRORS, Op, Operand, knows_better, number
from .recording import IN_CHECKPOINT, no_grad
from .segment import Awaited, Output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .segment import Segment

_new = object.__new__
_float_of = attrgetter("_float")


class Value(Operand):
    """A float that records the computation it takes part in. It behaves like a Python float.

    Args:
        data: the number (float, int, bool or NumPy scalar).
        name: what diagrams, tables and derivations call it.

    `data` is the number, `grad` the derivative that the last `backward()` found, `op` and `inputs` how the node
    was made (op is None for a leaf), `local_derivatives` one ∂node/∂input for each input that is a Value.
    These belong to the forward pass: to change `data` afterwards does not change them.
    Comparisons and `if x` leave a mark that makes a tape over the graph refuse; `float(x)` and `x.data` do not.
    TypeError: `data` is not a number.

    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> f = x * y + x
    >>> f.backward()
    >>> f.data, x.grad, y.grad
    (8.0, 4.0, 2.0)
    """

    # One slot an operand and a local derivative, because every tuple or closure is one more object for the garbage
    # collector to walk. A variadic op's inputs and local derivatives are tuples in _x and _dx. `_compared_at` is left
    # unset until the Value is compared.
    __slots__ = ("_compared_at", "_dx", "_dy", "_float", "_grad", "_x", "_y", "name", "op")

    role = "input"  # what a leaf stands for in a diagram; nn's parameters say "parameter"

    def __init__(self, data: Any, name: str | None = None) -> None:
        if name is not None and not isinstance(name, str):
            raise TypeError(f"expected a str as name, got {type(name).__name__} {name!r}")
        self._float = number(data, "a number as data")
        self._grad = 0.0
        self.name = name
        self.op: Op | None = None
        self._x: Any = None
        self._y: Any = None
        self._dx: Any = None
        self._dy: Any = None

    def _set_data(self, data: Any) -> None:
        self._float = number(data, "a number as data")

    def _set_grad(self, grad: Any) -> None:
        self._grad = number(grad, "a number as grad")

    data = property(_float_of, _set_data, doc="The number.")
    grad = property(attrgetter("_grad"), _set_grad, doc="∂f/∂(this node), for the f that went backward.")

    @property
    def inputs(self) -> tuple[Value | float, ...]:
        """The operands in order, repeats and constants (as floats) included; empty for a leaf."""
        if self.op is None:
            return ()
        if self._x.__class__ is tuple:
            inputs: tuple[Value | float, ...] = self._x
            return inputs
        return (self._x,) if self._y is None else (self._x, self._y)

    @property
    def local_derivatives(self) -> tuple[float | None, ...]:
        """∂(this node)/∂(input), one for each of `inputs`, taken when the node was made; None for constants."""
        if self._dx.__class__ is Output:
            return self._dx.local_derivatives()
        found = self._dx if self._dx.__class__ is tuple else (self._dx, self._dy)
        return tuple(d if isinstance(x, Value) else None for x, d in zip(self.inputs, found, strict=False))

    @classmethod
    def apply(cls, op: Op, inputs: tuple[Any, ...]) -> Value:
        """Record one node: compute the number, take the local derivatives, keep both. The fast methods
        (methods.py) do the same where nothing goes wrong, and call this when anything does."""
        try:
            numbers = list(map(_float_of, inputs))
        except AttributeError:  # some are numbers
            inputs = tuple([x if isinstance(x, Value) else number(x) for x in inputs])
            numbers = [x if x.__class__ is float else x._float for x in inputs]
        try:
            # without the call in between, which costs where there are dozens of numbers; one of few may get too many
            out = op.forward(*numbers) if op.arity is None else op.compute(*numbers)
        except ARITHMETIC_ERRORS:
            out = op.compute(*numbers)  # says what is wrong
        if no_grad.active:
            return unrecorded(out, inputs)
        try:
            found = op.local_derivatives(numbers, out, inputs)
        except ARITHMETIC_ERRORS:
            found = limits(op, numbers, out, inputs)
        node = _new(Value)
        node._float = out
        node._grad = 0.0
        node.name = node._x = node._y = node._dx = node._dy = None
        node.op = op
        if op.arity == 1:
            (node._x,), (node._dx,) = inputs, found
        elif op.arity == 2:
            (node._x, node._y), (node._dx, node._dy) = inputs, found
        else:
            node._x, node._dx = inputs, found
        return node

    def backward(self) -> None:
        """Fill `grad` of every node this one depends on: ∂self/∂node, by the chain rule from here to the leaves.

        Leaves accumulate, as in `loss1.backward(); loss2.backward()`; inner nodes are computed afresh.

        >>> x = Value(3.0)
        >>> (x * x).backward()
        >>> x.grad
        6.0
        """
        if no_grad.watch is not None:
            raise RuntimeError(IN_CHECKPOINT)
        order = topological_order(self)
        for node in order:
            if node.op is not None:
                node._grad = 0.0
        self._grad = 1.0 if self.op is not None else self._grad + 1.0
        _sweep(order)

    def __float__(self) -> float:
        return self._float

    def __int__(self) -> int:
        return int(self._float)

    def __bool__(self) -> bool:
        remember(self)
        return self._float != 0.0

    def __round__(self, digits: int | None = None) -> float:
        return round(self._float, digits)

    def __format__(self, spec: str) -> str:
        return format(self._float, spec) if spec else str(self)

    def __lt__(self, other: Any) -> bool:
        return NotImplemented if (y := _comparable(self, other)) is None else self._float < y

    def __le__(self, other: Any) -> bool:
        return NotImplemented if (y := _comparable(self, other)) is None else self._float <= y

    def __gt__(self, other: Any) -> bool:
        return NotImplemented if (y := _comparable(self, other)) is None else self._float > y

    def __ge__(self, other: Any) -> bool:
        return NotImplemented if (y := _comparable(self, other)) is None else self._float >= y

    def __repr__(self) -> str:
        name = f", name={self.name!r}" if self.name is not None else ""
        return f"{type(self).__name__}(data={self._float}, grad={self._grad}{name})"

    def __copy__(self) -> Value:
        return copying.twin(self, lambda x: x)

    def __deepcopy__(self, memo: dict[Any, Any]) -> Value:
        return copying.deep(self, memo)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return copying.reduced(self)

    # micrograd's names, for code written for it (hand-made `trace` and `draw_dot` functions)
    @property
    def _prev(self) -> tuple[Value, ...]:
        return tuple(x if isinstance(x, Value) else Value(x) for x in self.inputs)

    @property
    def _op(self) -> str:
        return self.op.symbol if self.op else ""

    if TYPE_CHECKING:  # the table adds the operators and a method for each op; a type checker cannot see it do so
        _compared_at: tuple[str, int]  # file and line

        def __getattr__(self, name: str) -> Callable[..., Value]: ...
        def __add__(self, other: Any) -> Value: ...
        def __radd__(self, other: Any) -> Value: ...
        def __sub__(self, other: Any) -> Value: ...
        def __rsub__(self, other: Any) -> Value: ...
        def __mul__(self, other: Any) -> Value: ...
        def __rmul__(self, other: Any) -> Value: ...
        def __truediv__(self, other: Any) -> Value: ...
        def __rtruediv__(self, other: Any) -> Value: ...
        def __pow__(self, other: Any) -> Value: ...
        def __rpow__(self, other: Any) -> Value: ...
        def __neg__(self) -> Value: ...
        def __abs__(self) -> Value: ...


def _comparable(node: Value, other: Any) -> float | None:
    """The number that `node` is about to be compared with, which both remember; None if `other` is to answer."""
    if isinstance(other, Value):
        y = other._float
    elif isinstance(other, float | int):
        y = other  # as it is: floats compare exactly with ints that no float can hold
    elif knows_better(other) or isinstance(other, str | complex):
        return None
    else:
        y = number(other)
    remember(node, other)
    return y


def unrecorded(out: float, inputs: tuple[Any, ...]) -> Value:
    """The result of an op within no_grad(): a leaf."""
    node = _new(Value)
    node._float = out
    node._grad = 0.0
    node.name = node.op = node._x = node._y = node._dx = node._dy = None
    if no_grad.watch is not None:
        no_grad.watch((inputs, node))
    return node


def _sweep(order: list[Value]) -> None:
    """Each node's `grad` times its local derivatives, added to the `grad` of its inputs; consumers first."""
    awaited = Awaited(order)
    for node in reversed(order):
        dx = node._dx
        if dx.__class__ is tuple:
            grad = node._grad
            for x, d in zip(node._x, dx, strict=True):
                if x.__class__ is not float:
                    x._grad += grad * d
        elif dx.__class__ is Output:
            grads = awaited.complete(node, node._grad)
            if grads is not None:
                _sweep_segment(dx.segment, grads)
        elif dx is not None:
            node._x._grad += node._grad * dx
        dy = node._dy
        if dy is not None:
            node._y._grad += node._grad * dy


def _sweep_segment(segment: Segment, grads: dict[int, float]) -> None:
    """The same for a segment: its inner graph is built, swept and dropped."""
    outputs = segment.rebuilt()
    for position, grad in grads.items():
        outputs[position]._grad = grad
    # in the order in which a graph that was kept would have them, so that sums are added up alike
    _sweep(topological_order(*[outputs[i] for i in reversed(grads)], seen=set(segment.boundary)))
