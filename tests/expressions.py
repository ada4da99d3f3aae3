"""Random expressions over the whole table, each made twice: of Values, and of SymPy's symbols as an oracle."""

import sympy as sp
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import Value
from autograd.op import TABLE, Interval, Op

DIGITS = 50
SYMBOLS = sp.symbols("x y z")


def _dot(*inputs):
    n = len(inputs) // 2
    return sum([a * b for a, b in zip(inputs[:n], inputs[n : 2 * n], strict=True)], sum(inputs[2 * n :]))


def _if(condition, then, otherwise):
    return sp.Piecewise((then, condition), (otherwise, True))


SYMPY = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: x**y,
    "neg": lambda x: -x,
    "abs": lambda x: _if(x > 0, x, -x),
    "sqrt": sp.sqrt,
    "exp": sp.exp,
    "expm1": lambda x: sp.exp(x) - 1,
    "log": sp.log,
    "log1p": lambda x: sp.log(1 + x),
    "sin": sp.sin,
    "cos": sp.cos,
    "tan": sp.tan,
    "asin": sp.asin,
    "acos": sp.acos,
    "atan": sp.atan,
    "sinh": sp.sinh,
    "cosh": sp.cosh,
    "tanh": sp.tanh,
    "asinh": sp.asinh,
    "acosh": sp.acosh,
    "atanh": sp.atanh,
    "sigmoid": lambda x: 1 / (1 + sp.exp(-x)),
    "softplus": lambda x: sp.log(1 + sp.exp(x)),
    "erf": sp.erf,
    "relu": lambda x: _if(x > 0, x, 0),
    "step": lambda x: _if(x > 0, 1, 0),
    "sign": lambda x: _if(x > 0, 1, -1),
    "less": lambda x, y: _if(x < y, 1, 0),
    "maximum": lambda x, y: _if(x >= y, x, y),
    "minimum": lambda x, y: _if(x <= y, x, y),
    "where": lambda condition, a, b: _if(sp.Ne(condition, 0), a, b),
    "dot": _dot,
    "logsumexp": lambda *xs: sp.log(sum([sp.exp(x) for x in xs])),
}


def counterpart(name: str):
    """SymPy's formula of an op, or a KeyError that says what to add."""
    try:
        return SYMPY[name]
    except KeyError:
        raise KeyError(f"add a SymPy formula for {name!r} to SYMPY in tests/expressions.py") from None


def inside(interval: Interval, kinked: bool) -> tuple[float, float]:
    """A range of numbers well inside, small enough that three derivatives stay of moderate size, off a kink at 0."""
    low, high = max(interval.low, -1.2), min(interval.high, 1.2)
    if interval.low > -1.2:
        high = min(interval.high, interval.low + 2.4)
    margin = 0.15 * (high - low)
    return 0.2 if kinked else low + margin, high - margin


class Twin:
    """The same expression as a Value (or a float) and as SymPy's."""

    def __init__(self, value, expr) -> None:
        self.value, self.expr = value, expr

    def __float__(self) -> float:
        return float(self.value)

    def __repr__(self) -> str:
        return f"{sp.N(self.expr, 6)} = {self.value!r}"


def constant(number: float) -> Twin:
    """A number, exact in SymPy too."""
    return Twin(number, sp.Integer(int(number)) if number == int(number) else sp.Float(number, 2 * DIGITS))


def applied(op: Op, *inputs: Twin) -> Twin:
    """The op on twins."""
    formula = piece(op, list(map(float, inputs))) if op.kink else counterpart(op.name)
    return Twin(call(op, [x.value for x in inputs]), formula(*[x.expr for x in inputs]))


def piece(op: Op, numbers: list[float]):
    """Of a formula in pieces the one that holds at the numbers: where it is an input the others may divide by 0."""
    symbols = sp.symbols(f"t:{len(numbers)}")
    here = dict(zip(symbols, numbers, strict=True))
    then = next(then for then, condition in counterpart(op.name)(*symbols).args if condition.subs(here) == sp.true)
    return lambda *exprs: then.subs(dict(zip(symbols, exprs, strict=True)))


def call(op: Op, inputs):
    """The op applied to flat inputs, arranged as the caller of an op of any number of inputs would."""
    if op.name == "dot":
        n = len(inputs) // 2
        return op(inputs[:n], inputs[n : 2 * n], *inputs[2 * n :])
    return op(*inputs)


def moved(x: Twin, low: float, high: float) -> Twin:
    """x, plus a constant if it is not between low and high."""
    if low <= float(x) <= high:
        return x
    return applied(TABLE["add"], x, constant(round((low + high) / 2 - float(x), 2)))


@st.composite
def expressions(draw, op: Op, variables: int = 2, depth: int = 2):
    """An expression with `op` in it and others drawn from the table, as a Twin, and the variables as Values."""
    numbers = st.integers(-120, 120).map(lambda n: n / 100)
    leaves = [Twin(Value(draw(numbers), str(s)), s) for s in SYMBOLS[:variables]]

    def inputs_of(op: Op, depth: int) -> list[Twin]:
        count = op.arity or draw(st.integers(2, 4))
        found = [grown(depth) for _ in range(count)]
        if op.arity == 2 and draw(st.integers(0, 3)) == 0:
            found[draw(st.integers(0, 1))] = constant(draw(st.sampled_from([-2.0, 0.5, 2.0, 3.0])))
        return fitted(op, found)

    def grown(depth: int) -> Twin:
        if depth == 0 or draw(st.integers(0, 3)) == 0:
            return draw(st.sampled_from(leaves))
        op = draw(st.sampled_from(list(TABLE.values())))
        return applied(op, *inputs_of(op, depth - 1))

    middle = applied(op, *inputs_of(op, depth - 1))
    outer = draw(st.sampled_from([TABLE[name] for name in ("mul", "sin", "exp", "tanh", "div", "logsumexp")]))
    rest = [draw(st.sampled_from(leaves)) for _ in range((outer.arity or 2) - 1)]
    f = applied(outer, *fitted(outer, [middle, *rest]))
    return f, [x.value for x in leaves]


def fitted(op: Op, inputs: list[Twin]) -> list[Twin]:
    """The inputs, moved to where the op is defined and smooth."""
    if op.arity == 1:
        return [moved(inputs[0], *inside(op.domain[0], op.kink is not None))]
    if op.name == "pow":
        base, exponent = inputs
        whole = not isinstance(exponent.value, Value) and float(exponent).is_integer()
        return [base if whole and abs(float(base)) > 0.2 else moved(base, 0.3, 2.0), moved(exponent, -2.0, 3.0)]
    if op.name == "div":
        return [inputs[0], inputs[1] if abs(float(inputs[1])) > 0.3 else moved(inputs[1], 0.4, 2.0)]
    if op.kink is not None and abs(op.kink(*map(float, inputs))) < 0.1:
        return [inputs[0], moved(inputs[1], float(inputs[0]) + 0.3, float(inputs[0]) + 0.5)]
    return inputs


def evaluated(derivatives: list, at: list[Value]) -> list[mpf]:
    """SymPy's expressions as numbers, to 50 digits."""
    function = sp.lambdify(SYMBOLS[: len(at)], derivatives, modules="mpmath", cse=True)
    with mp.workdps(DIGITS):
        return [mp.mpmathify(d) for d in function(*[mpf(x.data) for x in at])]
