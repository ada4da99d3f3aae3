"""Random programs over the whole table, as Values and as SymPy expressions: their derivatives are the same."""

import math
import operator
from dataclasses import dataclass

import hypothesis.strategies as st
import mpmath
import pytest
import sympy
from hypothesis import assume, given, settings

from autograd import Value, gradient
from autograd.chain_rule import adjoints
from autograd.graph import topological_order
from autograd.op import TABLE, Interval

VARIABLES = sympy.symbols("x y z", real=True)
ARITHMETIC = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
}
unit = (
    sympy.Heaviside
)  # SymPy differentiates its products, where it gives up on the sign of what it cannot tell is real
SYMPYS = {  # those that do not go by the same name
    "neg": lambda x: -x,
    "abs": lambda x: x * (2 * unit(x) - 1),
    "expm1": lambda x: sympy.exp(x) - 1,
    "log1p": lambda x: sympy.log(1 + x),
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)),
    "relu": lambda x: x * unit(x),
    "step": unit,
    "less": lambda x, y: unit(y - x),
    "sign": lambda x: 2 * unit(x) - 1,
    "maximum": lambda x, y: x * unit(x - y) + y * unit(y - x),
    "minimum": lambda x, y: x * unit(y - x) + y * unit(x - y),
    "where": lambda condition, a, b: sympy.Piecewise((a, sympy.Ne(condition, 0)), (b, True)),
    "dot": lambda *xs: sum(x * y for x, y in zip(xs[: len(xs) // 2], xs[len(xs) // 2 :], strict=False)),
    "logsumexp": lambda *xs: sympy.log(sum(sympy.exp(x) for x in xs)),
}
EXACT = (None, TABLE["less"], TABLE["step"], TABLE["relu"])
NAMES = sorted(TABLE)
NUMERIC = [{"Heaviside": lambda x, *at_0: mpmath.mpf(x > 0), "DiracDelta": lambda *x: mpmath.mpf(0)}, "mpmath"]


def in_sympy(name):
    return ARITHMETIC.get(name) or SYMPYS.get(name) or getattr(sympy, name)


def in_values(name):
    op = TABLE[name]
    return op if op.name != "dot" else lambda *xs: op(xs[: len(xs) // 2], xs[len(xs) // 2 :])


def inside(interval: Interval, x, tanh):
    """x, moved into the interval by a smooth function."""
    low, high = interval.low, interval.high
    if math.isfinite(low) and math.isfinite(high):
        return (high + low) / 2 + (high - low) / 2 * 0.75 * tanh(x)
    return low + 0.125 + x * x if math.isfinite(low) else x


@dataclass(frozen=True)
class Step:
    """One line of a program: an op on entries of the pool counted from its end, one of them maybe a constant."""

    name: str
    picks: tuple[int, ...]
    constant: float | None

    def apply(self, pool, functions, tanh):
        op = TABLE[self.name]
        xs = [pool[-1 - i % len(pool)] for i in self.picks[: op.arity or 4]]
        if self.constant is not None and len(xs) > 1:
            xs[self.picks[3] % 2] = functions("constant")(self.constant)
        if self.name == "div":
            xs[1] = xs[1] * xs[1] + 0.5
        elif self.name == "pow":
            xs[0] = xs[0] * xs[0] + 0.5
            xs[1] = tanh(xs[1]) * 2.5
        else:
            xs = [inside(i, x, tanh) for i, x in zip(op.domain or [Interval()] * 4, xs, strict=False)]
        return functions(self.name)(*xs)


def run(program, pool, functions, tanh):
    pool = list(pool)
    for step in program:
        pool.append(step.apply(pool, functions, tanh))
    return pool[-1]


def as_values(program, numbers):
    """The leaves and the result; refused where a kink is near, or a number or local derivative is large."""
    xs = [Value(x) for x in numbers]
    try:
        f = run(program, xs, lambda n: float if n == "constant" else in_values(n), TABLE["tanh"])
    except OverflowError:
        assume(False)
    assume(isinstance(f, Value))
    for node in topological_order(f):
        assume(abs(node.data) < 1e3)
        assume(all(d is None or abs(d) < 1e3 for d in node.local_derivatives))
        if node.op is not None and node.op.kink is not None:
            assume(abs(float(node.op.kink(*map(float, node.inputs)))) > 1e-3)
        if node.op is TABLE["where"]:  # a condition is 0 or not, whatever its rounding errors
            condition = node.inputs[0]
            exact = isinstance(condition, float) or condition.op in EXACT
            assume(exact or abs(condition.data) > 1e-3)
    return xs, f


def as_sympy(program):
    return run(program, VARIABLES, lambda n: sympy.nsimplify if n == "constant" else in_sympy(n), sympy.tanh)


def evaluated(expressions, numbers):
    """SymPy's expressions at a point, to 40 digits, as floats."""
    with mpmath.workdps(40):
        found = sympy.lambdify(VARIABLES, expressions, modules=NUMERIC, cse=True)(*map(mpmath.mpf, numbers))
        return [float(mpmath.re(x)) for x in found]


def path_sizes(f):
    """For each node the sum over paths of |product of local derivatives|: what rounding errors are relative to."""
    size = {f: 1.0}
    for node in reversed(topological_order(f)):
        for x, d in zip(node.inputs, node.local_derivatives, strict=True):
            if isinstance(x, Value):
                size[x] = size.get(x, 0.0) + size[node] * abs(d)
    return size


def programs(least, most):
    recent, any_entry = st.sampled_from([0, 0, 0, 1, 2]), st.integers(0, most + 2)
    step = st.builds(
        Step,
        st.sampled_from(NAMES),
        st.tuples(recent, any_entry, any_entry, any_entry),
        st.sampled_from([None, None, None, 0.5, -1.5, 2.0, 3.0]),
    )
    return st.lists(step, min_size=least, max_size=most)


points = st.tuples(*[st.integers(-2000, 2000).filter(bool).map(lambda i: i / 1024)] * 3)
steadily = settings(deadline=None, derandomize=True, database=None)


@settings(steadily, max_examples=300)
@given(programs(3, 6), points)
def test_the_gradient_of_a_random_program_is_sympys(program, numbers):
    xs, f = as_values(program, numbers)
    expression = as_sympy(program)
    value, *true = evaluated([expression, *[expression.diff(v) for v in VARIABLES]], numbers)
    assert f.data == pytest.approx(value, rel=1e-9, abs=1e-9)
    size = path_sizes(f)
    for x, d, t in zip(xs, gradient(f, xs), true, strict=True):
        assert d == pytest.approx(t, rel=1e-9, abs=1e-11 * (1 + size.get(x, 0.0)))


@settings(steadily, max_examples=120)
@given(programs(2, 3), points)
def test_the_second_derivatives_of_a_random_program_are_sympys(program, numbers):
    xs, f = as_values(program, numbers)
    expression = as_sympy(program)
    true = evaluated([expression.diff(v, w) for v in VARIABLES for w in VARIABLES], numbers)
    first = gradient(f, xs, create_graph=True)
    found = [d for df in first for d in gradient(df, xs)]
    size = sum(sum(path_sizes(df).values()) for df in first)
    assert found == pytest.approx(true, rel=1e-8, abs=1e-11 * (1 + size))


@pytest.mark.parametrize("name", NAMES)
@settings(steadily, max_examples=4)
@given(st.tuples(*[st.integers(0, 2)] * 4), points)
def test_each_op_alone_has_sympys_gradient(name, picks, numbers):
    program = [Step(name, picks, None)]
    xs, f = as_values(program, numbers)
    expression = as_sympy(program)
    true = evaluated([expression.diff(v) for v in VARIABLES], numbers)
    assert gradient(f, xs) == pytest.approx(true, rel=1e-10, abs=1e-12)


@settings(steadily, max_examples=150)
@given(programs(4, 12), points)
def test_the_adjoint_of_every_node_is_the_sum_over_its_consumers(program, numbers):
    _, f = as_values(program, numbers)
    adjoint, size = adjoints(f), path_sizes(f)
    for x in topological_order(f):
        edges = [(c, i, d) for c in adjoint for i, d in zip(c.inputs, c.local_derivatives, strict=True)]
        total = math.fsum(adjoint[c] * d for c, i, d in edges if i is x)
        assert adjoint[x] == pytest.approx(total if x is not f else 1.0, rel=1e-12, abs=1e-13 * size[x])


@settings(steadily, max_examples=150)
@given(programs(4, 12), points)
def test_backward_gradient_and_gradient_with_a_graph_agree_bit_for_bit(program, numbers):
    xs, f = as_values(program, numbers)
    found = gradient(f, xs)
    assert [d.data for d in gradient(f, xs, create_graph=True)] == found
    f.backward()
    assert [x.grad for x in xs] == found
