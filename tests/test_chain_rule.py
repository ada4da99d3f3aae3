"""gradient: the chain rule as a function, to any order, leaving every grad alone."""

import math

import numpy as np
import pytest
from mpmath import mp, mpf
from strategies import untidy

from autograd import Value, dot, exp, gradient, log, logsumexp, maximum, no_grad, relu, sin, sqrt
from autograd.chain_rule import adjoints
from autograd.graph import topological_order

both = pytest.mark.parametrize("create_graph", [False, True])


def numbers(found):
    """Nested lists of floats or Values as nested lists of floats."""
    return [numbers(x) for x in found] if isinstance(found, list) else float(found)


@both
def test_the_answer_has_the_shape_of_the_question(create_graph):
    x, y = Value(2.0), Value(3.0)
    f = x * y + x
    for xs, expected in [
        (x, 4.0),
        ([x], [4.0]),
        ((y, x), [2.0, 4.0]),
        ([x, [y, [x]], []], [4.0, [2.0, [4.0]], []]),
        (np.array([[x, y]]), [[4.0, 2.0]]),
        ((v for v in (x, y)), [4.0, 2.0]),
        ({x: "weight", y: "bias"}, [4.0, 2.0]),
        ([], []),
        ([x, x], [4.0, 4.0]),
    ]:
        assert numbers(gradient(f, xs, create_graph=create_graph)) == expected


def test_without_create_graph_it_gives_floats_and_with_it_values():
    x, y = Value(2.0), Value(3.0)
    f = x * y
    assert [type(d) for d in gradient(f, [x, y, f, Value(1.0)])] == [float] * 4
    assert all(isinstance(d, Value) for d in gradient(f, [x, y, f, Value(1.0)], create_graph=True))


@both
def test_what_f_does_not_depend_on_has_derivative_zero(create_graph):
    x = Value(2.0)
    f = x * x
    assert numbers(gradient(f, [Value(2.0), f + 1], create_graph=create_graph)) == [0.0, 0.0]


@both
def test_f_by_itself_is_one(create_graph):
    x = Value(2.0)
    f = x * x
    assert numbers(gradient(f, f, create_graph=create_graph)) == 1.0
    assert numbers(gradient(x, x, create_graph=create_graph)) == 1.0


@both
def test_inner_nodes_can_be_differentiated_by(create_graph):
    x = Value(2.0)
    h = x * x
    f = h * h + x
    assert numbers(gradient(f, [h, x], create_graph=create_graph)) == [8.0, 33.0]


@both
def test_no_grad_attribute_is_touched(create_graph):
    leaves, nodes = untidy(4)
    f = sum(nodes)
    for i, node in enumerate(topological_order(f)):
        node.grad = i
    gradient(f, leaves, create_graph=create_graph)
    assert [node.grad for node in topological_order(f)] == list(range(len(topological_order(f))))


@pytest.mark.parametrize("seed", range(10))
def test_the_numbers_are_the_same_with_and_without_a_graph(seed):
    leaves, nodes = untidy(seed)
    f = sum(nodes)
    assert numbers(gradient(f, leaves, create_graph=True)) == gradient(f, leaves)


def test_the_adjoint_of_a_node_is_the_sum_over_its_consumers():
    _, nodes = untidy(5)
    f = sum(nodes)
    adjoint = adjoints(f)
    for x in topological_order(f):
        terms = [
            adjoint[c] * d
            for c in reversed(topological_order(f))
            for i, d in zip(c.inputs, c.local_derivatives, strict=True)
            if i is x
        ]
        assert adjoint[x] == pytest.approx(sum(terms) if terms else 1.0, rel=1e-13)


ORDERS = {
    "x**5": (lambda x: x**5, lambda x: x**5, 1.5),
    "x*x*x*x*x": (lambda x: x * x * x * x * x, lambda x: x**5, 1.5),
    "sin": (sin, mp.sin, 0.7),
    "exp(-x*x)": (lambda x: exp(-x * x), lambda x: mp.exp(-x * x), 0.4),
    "1/x": (lambda x: 1 / x, lambda x: 1 / x, -0.8),
    "tanh": (lambda x: x.tanh(), mp.tanh, 0.3),
    "sigmoid": (lambda x: x.sigmoid(), lambda x: 1 / (1 + mp.exp(-x)), 0.3),
    "log": (log, mp.log, 2.5),
    "x**x": (lambda x: x**x, lambda x: x**x, 1.3),
    "logsumexp": (
        lambda x: logsumexp(x, 2 * x, 0.5),
        lambda x: mp.log(mp.e**x + mp.e ** (2 * x) + mp.e ** mpf(0.5)),
        0.2,
    ),
    "dot": (lambda x: dot([x, x * x], [x, x], 1.0), lambda x: 1 + x**2 + x**3, 1.1),
    "acosh": (lambda x: x.acosh(), mp.acosh, 1.7),
}


@pytest.mark.parametrize(("f", "true", "at"), ORDERS.values(), ids=ORDERS)
def test_derivatives_to_the_fifth_order(f, true, at):
    x = Value(at)
    d = f(x)
    for order in range(1, 6):
        d = gradient(d, x, create_graph=True)
        with mp.workdps(40):
            expected = float(mp.diff(true, mpf(at), order))
        assert d.data == pytest.approx(expected, rel=1e-11, abs=1e-11), order


@pytest.mark.parametrize("power", [0, 1, 2, 3, 2.0, 1.0])
def test_every_derivative_of_a_whole_power_exists_at_zero(power):
    x = Value(0.0)
    d = x**power
    for order in range(1, 6):
        d = gradient(d, x, create_graph=True)
        assert d.data == (math.factorial(order) if order == power else 0.0), order


def test_the_hessian_of_a_polynomial_written_with_powers_exists_at_zero():
    x = Value(0.0)
    f = sum(c * x**i for i, c in enumerate([5.0, 3.0, 7.0]))
    d = gradient(f, x, create_graph=True)
    assert (d.data, gradient(d, x)) == (3.0, 14.0)


def test_mixed_second_derivatives_are_symmetric():
    x, y = Value(0.6), Value(-1.2)
    f = exp(x * y) * sin(x) + x**3 / (1 + y * y)
    dx, dy = gradient(f, [x, y], create_graph=True)
    assert gradient(dx, y) == pytest.approx(gradient(dy, x), rel=1e-14)


def test_the_gradient_graph_ends_in_the_very_leaves_so_its_backward_fills_their_grad():
    x = Value(2.0)
    gradient(x**3, x, create_graph=True).backward()
    assert x.grad == 12.0


def test_second_derivatives_of_piecewise_linear_functions_are_zero():
    x = Value(2.0)
    for f in (relu(x), abs(x), maximum(x, 1.0), x * 3.0):
        assert gradient(gradient(f, x, create_graph=True), x) == 0.0


def test_a_derivative_without_a_derivative_says_so():
    x = Value(0.0)
    f = sqrt(x)
    assert gradient(f, x) == math.inf
    with pytest.raises(ZeroDivisionError, match=r"^the derivative of this sqrt has no derivative of its own here: "):
        gradient(f, x, create_graph=True)


def test_what_is_not_asked_for_need_not_be_twice_differentiable():
    x, a = Value(2.0), Value(0.0)
    f = sqrt(a) + x * x
    assert gradient(f, x, create_graph=True).data == 4.0


def test_a_negative_base_under_a_value_as_exponent_can_be_differentiated_twice_by_the_base():
    x, n = Value(-3.0), Value(2.0)
    d = gradient(x**n, x, create_graph=True)
    assert (d.data, gradient(d, x)) == (-6.0, 2.0)


def test_within_no_grad_a_gradient_with_a_graph_has_the_right_number():
    x = Value(3.0)
    f = x**3
    with no_grad():
        assert gradient(f, x, create_graph=True).data == 27.0


def test_nan_flows_through_gradients_without_a_false_alarm():
    x = Value(math.nan)
    d = gradient(x * x * x, x, create_graph=True)
    assert math.isnan(d.data)


@pytest.mark.parametrize("f", [3.0, None, "x", [Value(1.0)], np.array([Value(1.0)])], ids=lambda f: type(f).__name__)
def test_f_must_be_a_value(f):
    with pytest.raises(TypeError, match="expected a Value as f, got ") as raised:
        gradient(f, Value(1.0))
    assert "\n" not in str(raised.value)


@both
@pytest.mark.parametrize(
    "xs",
    ["x", b"x", 3.0, None, np.float64(1.0), np.array(1.0), [1.0], [[None]], {"w": Value(1.0)}, [Value(1.0), "x"]],
    ids=repr,
)
def test_xs_must_be_values(xs, create_graph):
    with pytest.raises(TypeError, match="expected a Value or a sequence of Values to differentiate by, got ") as raised:
        gradient(Value(1.0), xs, create_graph=create_graph)
    assert "\n" not in str(raised.value)
