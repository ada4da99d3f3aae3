"""An op is one row: a function of numbers, and one local derivative ∂out/∂xᵢ for each edge that enters it."""

from __future__ import annotations

import math
import sys

TYPE_CHECKING = False  # typing's own constant would cost a third of the import time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, SupportsFloat, TypeGuard

TABLE: dict[str, Op] = {}  # every op by name, in the order of definition
ARITHMETIC_ERRORS = (
    ArithmeticError,
    ValueError,
)  # what float arithmetic raises: /0, overflow, outside the domain


class Interval:
    """The numbers an input may take: low < x < high, the ends included where `closed`.

    >>> positive = Interval(0.0)
    >>> str(positive), 0.0 in positive, 0.0 in Interval(0.0, closed=True)
    ('x > 0', False, True)
    """

    def __init__(self, low: float = -math.inf, high: float = math.inf, closed: bool = False) -> None:
        self.low, self.high, self.closed = low, high, closed

    def __contains__(self, x: float) -> bool:
        inside = self.low < x < self.high or (math.isinf(x) and x in (self.low, self.high))
        return inside or (self.closed and x in (self.low, self.high))

    def __str__(self) -> str:
        less, greater = ("<=", ">=") if self.closed else ("<", ">")
        if self.high == math.inf:
            return f"x {greater} {self.low:g}"
        return f"{self.low:g} {less} x {less} {self.high:g}"


def number(x: Any, expected: str = "a number or a Value") -> float:
    """`x` as a float, if it is a float, int, bool or NumPy scalar; a TypeError that says what arrived if not."""
    if x.__class__ is float:
        return x
    if isinstance(x, float | int) or _is_numpy_scalar(x):
        try:
            return float(x)
        except OverflowError:
            raise OverflowError("an int above 1.8e308 arrived, which no float can hold; scale it down first") from None
        except TypeError:  # NumPy counts its time spans among the integers
            pass
    raise TypeError(f"expected {expected}, got {described(x)}")


def _is_numpy_scalar(x: object) -> TypeGuard[SupportsFloat]:
    numpy = sys.modules.get("numpy")  # whoever holds a NumPy scalar has imported NumPy
    return numpy is not None and isinstance(x, numpy.floating | numpy.integer | numpy.bool_)


def described(x: object) -> str:
    """What arrived, for an error message: its type, its text where that is short, and what to do with a sequence."""
    shape = getattr(x, "shape", None)
    try:
        text = " ".join(repr(x).split()) if shape is None else f"of shape {shape}"
    except Exception:  # a repr may raise anything, and what arrived is to be named all the same
        text = "(without a readable text)"
    text = text if len(text) <= 60 else text[:57] + "..."
    many = isinstance(x, list | tuple) or shape is not None
    return f"{type(x).__name__} {text}{'; take one entry of it, or loop over them' if many else ''}"


def knows_better(x: object) -> bool:
    """Whether `x`, met as the other side of `value * x`, is a foreign object that may answer itself (an array)."""
    return not isinstance(x, Operand) and type(x).__module__ != "builtins" and not _is_numpy_scalar(x)


class Operand:
    """Whatever an op can be applied to. The operand's type decides what applying means: see `apply`.

    The table gives it its methods: `x * y` is `mul(x, y)`, `x.tanh()` is `tanh(x)`; each also under NumPy's name.
    """

    __slots__ = ()

    @classmethod
    def apply(cls, op: Op, inputs: tuple[Any, ...]) -> Any:
        """Apply `op` to inputs of which at least one is of this class; the rest are numbers."""
        raise NotImplementedError(f"{cls.__name__} does not say what applying an op means")

    def __pos__(self) -> Any:
        return self


class Op:
    """One row of the table. Making it registers it: it can be called, and operands get its methods.

    Args:
        name: the name of the function.
        forward: takes and gives floats.
        partials: one function per input, `(*inputs, out) -> ∂out/∂input`, free of branches and written with ops,
            so that it runs on numbers, Values and every later operand alike. An op of any number of inputs has
            one function instead, `(inputs, out) -> all of them`.
        doc: what it computes, where, and what holds at kinks.
        symbol: what a diagram shows (the name, unless told).
        code: how it looks in code, a template with a {} for each input, or a function of the inputs' texts.
        latex: the same in LaTeX, or just the function's name; {{{}}} is an input in braces of its own, which needs no
            parentheses.
        binding: how strongly it binds, as an operand of another op, and how strongly its own first and other operands
            must bind to go without parentheses: sum 2, product 4, power 6, function 8, name 9; a sign binds with 1.
        methods: more names under which operands carry it, among them Python's operators; None: it is no method of them.
        domain: an Interval for each input.
        kink: a function of the inputs that changes sign where the local derivatives jump.
        arrange: turns the arguments of a call into the flat inputs.
        array: the same on arrays, `(xp, *inputs)` with NumPy's functions in xp and no `if`, for the tape; not needed
            where `forward` is a function of Python's math or operator modules, or arithmetic alone.
        steps: how many multiplications, additions and function evaluations it takes (exercise G2), or a function of
            the number of inputs that says so; one evaluation, unless told.
        variables: what formulas call the inputs; x, y and z, unless told.

    Source of the one-row shape: DiffRules.jl; of the method: Griewank & Walther, "Evaluating Derivatives" (2008).

    >>> cube = Op("cube", lambda x: x * x * x, (lambda x, out: 3 * x * x,), "x³")
    >>> cube(2.0)
    8.0
    >>> del TABLE["cube"]
    """

    listed = True  # a subclass may stand for what is no row of the table

    def __init__(
        self,
        name: str,
        forward: Callable[..., float],
        partials: tuple[Callable[..., Any], ...] | Callable[..., Iterable[Any]],
        doc: str,
        symbol: str = "",
        code: str | Callable[..., str] = "",
        latex: str | Callable[..., str] = "",
        binding: tuple[int, int, int] = (8, 0, 0),
        methods: tuple[str, ...] | None = (),
        domain: tuple[Interval, ...] = (),
        kink: Callable[..., float] | None = None,
        arrange: Callable[..., tuple[Any, ...]] | None = None,
        array: Callable[..., Any] | None = None,
        steps: tuple[int, int, int] | Callable[[int], tuple[int, int, int]] = (0, 0, 1),
        variables: tuple[str, ...] = (),
    ) -> None:
        if self.listed and name in TABLE:
            raise ValueError(f"there is an op named {name!r} already; choose another name")
        self.name, self.forward, self.partials = name, forward, partials
        self.arity = len(partials) if isinstance(partials, tuple) else None  # None: any number of inputs
        self.symbol = symbol or name
        self.code = code or name + "({inputs})"
        self.latex = latex or rf"\operatorname{{{name}}}"
        self.binding = binding
        self.methods = (name, *methods) if self.arity and methods is not None else ()
        self.domain = domain or (Interval(),) * (self.arity or 0)
        self.kink, self.arrange, self.array = kink, arrange, array
        self.steps = steps if callable(steps) else lambda inputs: steps
        self._variables = variables
        self.doc = doc
        self.__doc__ = f"{name}: {doc}"
        if self.listed:
            TABLE[name] = self
        self.reflected = [f"__r{m[2:]}" for m in self.methods if m.startswith("__") and self.arity == 2]
        for method in (*self.methods, *self.reflected):
            setattr(Operand, method, _method(self, method in self.reflected))

    def __call__(self, *arguments: Any) -> Any:
        """Apply the op: to numbers it gives a float, to Values a Value."""
        inputs = arguments if self.arrange is None else self._arranged(arguments)
        for x in inputs:
            if x.__class__ is not float and isinstance(x, Operand):
                if self.arity == 1 == len(inputs):
                    return getattr(x, self.name)()  # the operand's own method may be faster
                return x.apply(self, inputs)
        return self.compute(*map(number, inputs))

    def _arranged(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        try:
            return self.arrange(*arguments)  # type: ignore[misc]  # called only where there is one
        except TypeError:
            got = ", ".join(map(described, arguments)) or "nothing"
            raise TypeError(f"{self.name} takes other inputs than {got}; {self.name}: {self.doc}") from None

    def compute(self, *numbers: float) -> float:
        """`forward` on floats; what float arithmetic raises is raised again with the op and the operands named."""
        if len(numbers) != self.arity is not None:
            raise TypeError(f"{self.name} takes {self.arity} input{'s' * (self.arity > 1)}, got {len(numbers)}")
        try:
            return self.forward(*numbers)
        except ARITHMETIC_ERRORS as error:
            reasons = [f"it takes {d}" for x, d in zip(numbers, self.domain, strict=False) if x == x and x not in d]
            reason = "the result is beyond 1.8e308" if isinstance(error, OverflowError) else str(error)
            operands = " and ".join(map(repr, numbers)) or "nothing"
            raise type(error)(f"{self.name} of {operands}: {(reasons or [reason])[0]}") from None

    def variables(self, count: int) -> tuple[str, ...]:
        """What formulas call the op's inputs, of which there are so many.

        >>> TABLE["div"].variables(2), TABLE["where"].variables(3), TABLE["logsumexp"].variables(2)
        (('x', 'y'), ('condition', 'a', 'b'), ('x[0]', 'x[1]'))
        """
        few = self.arity is not None and count <= 3
        return self._variables or tuple("xyz"[:count] if few else [f"x[{i}]" for i in range(count)])

    def local_derivatives(self, inputs: Sequence[Any], out: Any, edges: Sequence[Any]) -> tuple[Any, ...]:
        """∂out/∂input for every edge that is not a plain float, in the arithmetic of the inputs given."""
        if not isinstance(self.partials, tuple):
            return tuple(self.partials(inputs, out))
        return tuple(
            [None if x.__class__ is float else d(*inputs, out) for d, x in zip(self.partials, edges, strict=True)]
        )

    def written(self, *inputs: str) -> str:
        """The op applied to inputs of these names, as code.

        >>> TABLE["mul"].written("x", "y"), TABLE["logsumexp"].written("x", "y", "z")
        ('x * y', 'logsumexp(x, y, z)')
        """
        if callable(self.code):
            return self.code(*inputs)
        if "{inputs}" not in self.code:  # among operators a sign binds too loosely
            inputs = tuple(f"({x})" if x.startswith("-") else x for x in inputs)
        return self.code.format(*inputs, inputs=", ".join(inputs))

    def __repr__(self) -> str:
        return f"<op {self.name}: {self.doc}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return op_named, (self.name,)  # rows travel by name: a copy of an op is the op


def op_known_as(name: str) -> Op | None:
    """The row of that name, or the one that operands carry under it, such as NumPy's `arctan`; None without one."""
    return TABLE.get(name) or next((op for op in TABLE.values() if name in op.methods), None)


def op_named(name: str) -> Op:
    """The row of that name; a LookupError that says so if this table has none."""
    try:
        return TABLE[name]
    except KeyError:
        raise LookupError(f"no op named {name!r} in the table; define its row before loading this") from None


def _method(op: Op, reflected: bool) -> Callable[..., Any]:
    def method(self: Operand, *others: Any) -> Any:
        if others and knows_better(others[0]):
            return NotImplemented
        return self.apply(op, (*others, self) if reflected else (self, *others))

    return method
