"""Second and third derivatives: against SymPy, NumPy's differences and each other, and where there are none."""

import math
import random

import numpy as np
import pytest
import sympy as sp
from expressions import SYMBOLS, SYMPY, call, counterpart, evaluated, expressions
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from oracles import samples
from strategies import chain, one_line, untidy

import autograd
from autograd import (
    Value,
    exp,
    gradient,
    hessian,
    hvp,
    jacobian,
    jvp,
    log,
    logsumexp,
    maximum,
    minimum,
    no_grad,
    relu,
    sin,
    sqrt,
)
from autograd.graph import topological_order
from autograd.op import TABLE
from nn import MLP

both = pytest.mark.parametrize("create_graph", [False, True])
every_op = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())
# no shrinking: the expressions are small, and SymPy's derivatives of a thousand variants would take minutes
steadily = settings(deadline=None, derandomize=True, database=None, phases=[Phase.generate])


def numbers(found):
    """Nested lists of floats or Values as nested lists of floats."""
    return [numbers(x) for x in found] if isinstance(found, list) else float(found)


def close(found, true, size=1.0, relative=1e-11):
    """Whether nested numbers are those expected, up to rounding of terms of that size."""
    found, true = np.array(numbers(found)), np.array(numbers(true))
    return found.shape == true.shape and np.allclose(found, true, rtol=relative, atol=relative * size)


def example():
    """f = exp(x y) sin(x) + x³ / (1 + y²), its inputs, its gradient's and its Hessian's numbers by hand."""
    x, y = Value(0.6, "x"), Value(-1.2, "y")
    f = exp(x * y) * sin(x) + x**3 / (1 + y * y)
    a, b, e, s, c, q = 0.6, -1.2, math.exp(-0.72), math.sin(0.6), math.cos(0.6), 1 + 1.44
    h_xx = e * (b * b * s + 2 * b * c - s) + 6 * a / q
    h_xy = e * ((1 + a * b) * s + a * c) - 6 * a * a * b / q**2
    h_yy = e * a * a * s + a**3 * (8 * b * b / q**3 - 2 / q**2)
    return f, [x, y], [[h_xx, h_xy], [h_xy, h_yy]]


# --- against SymPy, over the whole table


def test_every_row_has_a_sympy_formula_and_every_formula_a_row():
    missing, left_over = TABLE.keys() - SYMPY.keys(), SYMPY.keys() - TABLE.keys()
    assert not missing, f"add a SymPy formula for {sorted(missing)} to SYMPY in tests/expressions.py"
    assert not left_over, f"take {sorted(left_over)} out of SYMPY in tests/expressions.py: the table has no such row"


def test_a_missing_sympy_formula_is_asked_for_by_name():
    with pytest.raises(KeyError, match="add a SymPy formula for 'gamma'"):
        counterpart("gamma")


@every_op
@settings(steadily, max_examples=4)
@given(data=st.data())
def test_hessians_of_random_expressions_are_sympys(op, data):
    f, xs = data.draw(expressions(op, depth=3))
    assert op in {node.op for node in topological_order(f.value)}
    s = SYMBOLS[: len(xs)]
    first = [sp.diff(f.expr, a) for a in s]
    value, *true = evaluated([f.expr, *first, *[sp.diff(d, b) for d in first for b in s]], xs)
    size = max(1.0, *(abs(float(d)) for d in true))
    assert float(f.value) == pytest.approx(float(value), rel=1e-13, abs=1e-13)
    assert close(gradient(f.value, xs), true[:2], size)
    second = [true[2:4], true[4:]]
    assert close(hessian(f.value, xs), second, size)
    assert close(hessian(f.value, xs, create_graph=True), second, size)


@every_op
@settings(steadily, max_examples=3)
@given(data=st.data())
def test_third_derivatives_of_random_expressions_are_sympys(op, data):
    f, xs = data.draw(expressions(op))
    s = SYMBOLS[: len(xs)]
    second = [sp.diff(f.expr, a, b) for a in s for b in s]
    true = evaluated([*second, *[sp.diff(d, c) for d in second for c in s]], xs)
    size = max(1.0, *(abs(float(d)) for d in true))
    third = np.array([float(d) for d in true[4:]]).reshape(2, 2, 2)
    assert close(jacobian(hessian(f.value, xs, create_graph=True), xs), third.tolist(), size)
    slopes = gradient(f.value, xs, create_graph=True)
    assert close([hessian(d, xs) for d in slopes], third.tolist(), size)
    bends = hvp(f.value, xs, [0.5, -2.0], create_graph=True)
    assert close(jacobian(bends, xs), (0.5 * third[0] - 2.0 * third[1]).tolist(), size)


# --- the two ways to a second derivative


@every_op
def test_forward_over_reverse_gives_what_reverse_twice_gives_at_every_sample(op):
    for point in samples(op):
        inputs = [Value(x) for x in point]
        f = call(op, inputs)
        xs = [x for x, d in zip(inputs, f.local_derivatives, strict=True) if math.isfinite(d)]
        if not xs:
            continue
        try:
            slopes = gradient(f, xs, create_graph=True)
        except ArithmeticError:
            for create_graph in (False, True):
                with pytest.raises(ArithmeticError):
                    hessian(f, xs, create_graph=create_graph)
            continue
        twice = np.array([gradient(d, xs) for d in slopes])
        size = max(1.0, *(abs(d.data) for d in slopes), *map(abs, point))
        for create_graph in (False, True):
            found = np.array(numbers(hessian(f, xs, create_graph=create_graph)))
            with np.errstate(invalid="ignore"):
                assert np.allclose(found, twice, rtol=1e-13, atol=1e-15 * size, equal_nan=True), (point, found, twice)


@both
@pytest.mark.parametrize("seed", range(6))
def test_forward_over_reverse_gives_what_reverse_twice_gives_on_untidy_graphs(seed, create_graph):
    leaves, nodes = untidy(seed)
    f = sum(nodes)
    twice = [gradient(d, leaves) for d in gradient(f, leaves, create_graph=True)]
    assert close(hessian(f, leaves, create_graph=create_graph), twice, np.abs(twice).max(), 1e-12)


@both
@pytest.mark.parametrize("seed", range(6))
def test_hvp_is_the_hessian_times_the_direction(seed, create_graph):
    leaves, nodes = untidy(seed)
    f, rng = sum(nodes), random.Random(seed)
    direction = [rng.uniform(-2, 2) for _ in leaves]
    true = np.array(hessian(f, leaves)) @ direction
    assert close(hvp(f, leaves, direction, create_graph=create_graph), true.tolist(), np.abs(true).max(), 1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_hvp_is_the_gradient_of_the_slope_along_the_direction(seed):
    leaves, nodes = untidy(seed)
    f, rng = sum(nodes), random.Random(seed)
    direction = [rng.uniform(-2, 2) for _ in leaves]
    slopes = gradient(f, leaves, create_graph=True)
    true = gradient(sum(d * v for d, v in zip(slopes, direction, strict=True)), leaves)
    assert close(hvp(f, leaves, direction), true, np.abs(true).max(), 1e-12)
    assert close(gradient(jvp(f, leaves, direction, create_graph=True), leaves), true, np.abs(true).max(), 1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_the_hessian_is_exactly_symmetric(seed):
    leaves, nodes = untidy(seed)
    f = sum(nodes)
    found = np.array(hessian(f, leaves))
    assert (found == found.T).all()
    graphs = hessian(f, leaves, create_graph=True)
    assert all(graphs[i][j] is graphs[j][i] for i in range(4) for j in range(4))


@both
def test_the_hessian_is_the_one_worked_out_by_hand(create_graph):
    f, xs, true = example()
    assert close(hessian(f, xs, create_graph=create_graph), true, 1.0, 1e-13)


def test_J9_the_hessian_of_a_small_network_is_numpys_difference_of_gradients():
    points = np.array([[0.3, -0.8], [1.1, 0.4], [-0.5, 0.9]])
    targets = np.array([0.2, -1.0, 0.7])
    model = MLP(2, [4, 1], activation=["tanh", "linear"], rng=0)
    rng = random.Random(1)
    for p in model.parameters():
        p.data = rng.uniform(-1.5, 1.5)
    loss = sum(0.5 * (model(x) - t) ** 2 for x, t in zip(points.tolist(), targets.tolist(), strict=True))

    def slopes(theta):
        """The gradient in NumPy: parameters come unit by unit, weights before the bias."""
        W, b = theta[:12].reshape(4, 3)[:, :2], theta[:12].reshape(4, 3)[:, 2]
        w, c = theta[12:16], theta[16]
        a = np.tanh(points @ W.T + b)
        delta = a @ w + c - targets
        below = delta[:, None] * w * (1 - a**2)
        return np.concatenate(
            [np.column_stack([below.T @ points, below.sum(0)]).ravel(), a.T @ delta, [delta.sum()]],
        )

    theta, h = np.array([p.data for p in model.parameters()]), 1e-5
    assert np.allclose(gradient(loss, model.parameters()), slopes(theta), rtol=1e-12, atol=1e-13)
    differences = [(slopes(theta + h * e) - slopes(theta - h * e)) / (2 * h) for e in np.eye(17)]
    found = np.array(hessian(loss, model.parameters()))
    assert found.shape == (17, 17)
    assert np.allclose(found, differences, rtol=1e-7, atol=1e-8)


# --- shapes


@both
def test_the_hessian_has_the_shape_of_xs_twice(create_graph):
    f, (x, y), [[a, b], [_, d]] = example()
    for xs, expected in [
        (x, a),
        ([x], [[a]]),
        ((y, x), [[d, b], [b, a]]),
        (iter([x, y]), [[a, b], [b, d]]),
    ]:
        assert close(hessian(f, xs, create_graph=create_graph), expected, 1.0, 1e-13)
    nested = hessian(f, [x, [y, []]], create_graph=create_graph)
    assert numbers(nested) == [
        [pytest.approx(a), [pytest.approx(b), []]],
        [[pytest.approx(b), [pytest.approx(d), []]], []],
    ]


@both
def test_hvp_has_the_shape_of_xs(create_graph):
    f, (x, y), [[a, b], [_, d]] = example()
    for xs, direction, expected in [
        (x, 2.0, 2 * a),
        ([x], [2.0], [2 * a]),
        ([x, y], [2.0, 0.0], [2 * a, 2 * b]),
        (np.array([[y, x]]), [1.0, 2.0], [[d + 2 * b, b + 2 * a]]),
    ]:
        assert close(hvp(f, xs, direction, create_graph=create_graph), expected, 1.0, 1e-13)


@both
def test_of_no_inputs_there_is_an_empty_answer(create_graph):
    f, *_ = example()
    assert hessian(f, [], create_graph=create_graph) == hvp(f, [], [], create_graph=create_graph) == []


def test_without_create_graph_they_give_floats_and_with_it_values():
    f, xs, _ = example()
    for create_graph, kind in ((False, float), (True, Value)):
        rows = hessian(f, [*xs, Value(1.0)], create_graph=create_graph)
        products = hvp(f, [*xs, Value(1.0)], [1.0, 2.0, 3.0], create_graph=create_graph)
        assert {type(d) for row in [*rows, products] for d in row} == {kind}


@both
def test_an_input_asked_for_twice_has_its_row_and_column_twice(create_graph):
    f, (x, y), [[a, b], [_, d]] = example()
    expected = [[a, b, a], [b, d, b], [a, b, a]]
    assert close(hessian(f, [x, y, x], create_graph=create_graph), expected, 1.0, 1e-13)


@both
def test_the_directions_of_an_input_asked_for_twice_add_up(create_graph):
    f, (x, y), [[a, b], _] = example()
    found = hvp(f, [x, y, x], [1.0, 0.0, 0.5], create_graph=create_graph)
    assert close(found, [1.5 * a, 1.5 * b, 1.5 * a], 1.0, 1e-13)


@both
def test_what_f_does_not_depend_on_has_second_derivatives_zero(create_graph):
    x, stranger = Value(2.0), Value(3.0)
    f = x * x * x
    assert numbers(hessian(f, [x, stranger], create_graph=create_graph)) == [[12.0, 0.0], [0.0, 0.0]]
    assert numbers(hvp(f, [stranger, x], [5.0, 1.0], create_graph=create_graph)) == [0.0, 12.0]


@both
def test_the_second_derivative_of_f_by_itself_is_zero(create_graph):
    x = Value(2.0)
    f = x * x
    assert numbers(hessian(f, f, create_graph=create_graph)) == 0.0
    assert numbers(hvp(x, x, 3.0, create_graph=create_graph)) == 0.0


@both
def test_inner_nodes_can_be_differentiated_by_twice(create_graph):
    x, y = Value(2.0), Value(3.0)
    h = x * x
    f = h * h * y + x
    assert numbers(hessian(f, [h, y], create_graph=create_graph)) == [[6.0, 8.0], [8.0, 0.0]]
    assert numbers(hvp(f, [h, y], [1.0, 10.0], create_graph=create_graph)) == [86.0, 8.0]


@both
def test_an_input_that_stands_in_an_edge_twice_counts_twice(create_graph):
    x, y = Value(3.0), Value(4.0)
    f = autograd.dot([x, y], [x, x])  # x² + x y
    assert numbers(hessian(f, [x, y], create_graph=create_graph)) == [[2.0, 1.0], [1.0, 0.0]]


@both
def test_constants_beside_the_inputs_do_not_move(create_graph):
    x = Value(2.0)
    f = logsumexp(x, 1.0, x) + 3.0**x + maximum(1.0, x) ** 3 + autograd.dot([x, 2.0], [5.0, x])
    second = 2 * math.exp(3.0) / (2 * math.exp(2.0) + math.e) ** 2 + 9 * math.log(3.0) ** 2 + 12.0
    assert close(hessian(f, [x], create_graph=create_graph), [[second]], 1.0, 1e-13)


# --- derivatives of derivatives


def test_the_gradient_of_a_hessians_entries_are_the_third_derivatives():
    x, y = Value(2.0), Value(3.0)
    found = jacobian(hessian(x**3 * y * y, [x, y], create_graph=True), [x, y])
    assert found == [[[54.0, 72.0], [72.0, 24.0]], [[72.0, 24.0], [24.0, 0.0]]]


def test_the_gradient_of_an_hvp_is_the_third_derivative_along_the_direction():
    x, y = Value(2.0), Value(3.0)
    bends = hvp(x**3 * y * y, [x, y], [1.0, 10.0], create_graph=True)
    assert jacobian(bends, [x, y]) == [[54.0 + 720.0, 72.0 + 240.0], [72.0 + 240.0, 24.0]]


def test_jvp_of_jvp_is_the_curvature_along_the_direction():
    f, xs, true = example()
    v = [0.7, -1.3]
    found = jvp(jvp(f, xs, v, create_graph=True), xs, v)
    assert found == pytest.approx(np.array(v) @ true @ v, rel=1e-13)


def test_jvp_of_the_gradient_is_hvp():
    f, xs, true = example()
    v = [0.7, -1.3]
    assert close(jvp(gradient(f, xs, create_graph=True), xs, v), (np.array(true) @ v).tolist(), 1.0, 1e-13)


def test_the_jacobian_of_the_gradient_is_the_hessian():
    f, xs, true = example()
    assert close(jacobian(gradient(f, xs, create_graph=True), xs), true, 1.0, 1e-13)


def test_the_hessian_of_a_second_derivative_is_the_fourth():
    x = Value(1.5)
    second = hessian(exp(2 * x) + x**5, x, create_graph=True)
    assert hessian(second, x) == pytest.approx(16 * math.exp(3.0) + 120 * 1.5, rel=1e-13)


def test_derivatives_to_the_sixth_order_by_forward_mode_alone():
    x = Value(0.7)
    d = sin(x)
    for order in range(1, 7):
        d = jvp(d, x, 1.0, create_graph=True)
        assert d.data == pytest.approx(math.sin(0.7 + order * math.pi / 2), rel=1e-13)


def test_every_second_order_mode_is_differentiable_once_more():
    x = Value(0.4)
    f = exp(sin(x) * x)
    third = gradient(gradient(gradient(f, x, create_graph=True), x, create_graph=True), x)
    for second in (
        hessian(f, x, create_graph=True),
        hvp(f, x, 1.0, create_graph=True),
        gradient(jvp(f, x, 1.0, create_graph=True), x, create_graph=True),
        jvp(gradient(f, x, create_graph=True), x, 1.0, create_graph=True),
    ):
        assert gradient(second, x) == pytest.approx(third, rel=1e-13)
        assert jvp(second, x, 1.0) == pytest.approx(third, rel=1e-13)


# --- directions


@both
@pytest.mark.parametrize(
    "direction",
    [[1.0, 2.0], (1, 2), [[1.0], [2.0]], np.array([1.0, 2.0]), np.array([[1, 2]]), [np.float32(1), True + True]],
    ids=repr,
)
def test_a_direction_may_be_nested_an_array_or_a_sequence_of_any_numbers(direction, create_graph):
    f, xs, true = example()
    found = hvp(f, xs, direction, create_graph=create_graph)
    assert close(found, (np.array(true) @ [1.0, 2.0]).tolist(), 1.0, 1e-13)


def test_a_direction_of_values_is_taken_as_numbers():
    f, xs, true = example()
    found = hvp(f, xs, [Value(1.0), Value(2.0)])
    assert close(found, (np.array(true) @ [1.0, 2.0]).tolist(), 1.0, 1e-13)


def test_with_create_graph_the_answer_can_be_differentiated_by_a_direction_of_values():
    f, xs, true = example()
    direction = [Value(1.0), Value(2.0)]
    assert close(jacobian(hvp(f, xs, direction, create_graph=True), direction), true, 1.0, 1e-13)


@both
@pytest.mark.parametrize("direction", [[], [1.0], [1.0, 2.0, 3.0], [[1.0, 2.0], [3.0]], 1.0], ids=repr)
def test_a_direction_of_another_length_names_both_lengths(direction, create_graph):
    f, xs, _ = example()
    got = len(np.ravel(direction)) if direction != [[1.0, 2.0], [3.0]] else 3
    with pytest.raises(ValueError, match=rf"expected a direction of 2 numbers, .*got {got}\b") as raised:
        hvp(f, xs, direction, create_graph=create_graph)
    one_line(raised)


@both
@pytest.mark.parametrize("direction", [None, "12", [1.0, "2"], [None, 1.0], {"x": 1.0, "y": 2.0}, [1j, 2.0]], ids=repr)
def test_a_direction_of_something_else_than_numbers_is_named(direction, create_graph):
    f, xs, _ = example()
    with pytest.raises(TypeError, match="as direction, got ") as raised:
        hvp(f, xs, direction, create_graph=create_graph)
    one_line(raised)


# --- where there is no second derivative


@both
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("sqrt", lambda: (lambda x: (sqrt(x), x))(Value(0.0))),
        ("sqrt", lambda: (lambda x: (3.0 * sqrt(x * x), x))(Value(0.0))),
        ("pow", lambda: (lambda x: (x**1.5, x))(Value(0.0))),
        ("pow", lambda: (lambda y: (0.0**y, y))(Value(2.0))),
        ("pow", lambda: (lambda x, y: (x**y, [x, y]))(Value(0.0), Value(2.0))),
        ("asin", lambda: (lambda x: (x.asin(), x))(Value(1.0))),
        ("acos", lambda: (lambda x: (x.acos(), x))(Value(-1.0))),
        ("acosh", lambda: (lambda x: (x.acosh(), x))(Value(1.0))),
    ],
    ids=["sqrt(0)", "sqrt(x*x) at 0", "x**1.5 at 0", "0.0**y", "x**y at 0", "asin(1)", "acos(-1)", "acosh(1)"],
)
def test_where_an_op_has_no_second_derivative_it_is_named(name, make, create_graph):
    f, xs = make()
    for ask in (
        lambda: hessian(f, xs, create_graph=create_graph),
        lambda: hvp(f, xs, [1.0] * np.size(xs), create_graph=create_graph),
    ):
        with pytest.raises(ArithmeticError, match=rf"^the derivative of this {name} has no derivative of its own") as e:
            ask()
        one_line(e)


@both
def test_what_is_not_asked_for_need_not_be_twice_differentiable(create_graph):
    x, a = Value(2.0), Value(0.0)
    f = sqrt(a) + x**3
    assert numbers(hessian(f, [x], create_graph=create_graph)) == [[12.0]]


@both
def test_a_negative_base_under_a_value_as_exponent_has_second_derivatives_by_the_base(create_graph):
    x, n = Value(-3.0), Value(2.0)
    assert numbers(hessian(x**n, x, create_graph=create_graph)) == 2.0


@both
@pytest.mark.parametrize("power", [0, 1, 2, 3])
def test_a_whole_power_has_its_second_derivative_at_zero(power, create_graph):
    x = Value(0.0)
    assert numbers(hessian(x**power, x, create_graph=create_graph)) == (2.0 if power == 2 else 0.0)


@both
def test_nan_flows_through_without_a_false_alarm(create_graph):
    x, y = Value(math.nan), Value(2.0)
    f = x * x * y + exp(y)
    rows = numbers(hessian(f, [x, y], create_graph=create_graph))
    assert rows[0][0] == 4.0
    assert math.isnan(rows[0][1])
    assert math.isnan(numbers(hvp(f, [x, y], [1.0, 0.0], create_graph=create_graph))[1])
    assert rows[1][1] == math.exp(2.0)


@both
def test_a_nan_in_the_direction_is_in_the_answer(create_graph):
    x = Value(3.0)
    assert math.isnan(numbers(hvp(x**3, x, math.nan, create_graph=create_graph)))


# --- kinks


@both
@pytest.mark.parametrize("x", [-2.0, 0.0, 2.0])
@pytest.mark.parametrize("name", ["relu", "abs", "step", "sign"])
def test_the_second_derivative_of_a_function_of_straight_pieces_is_zero(name, x, create_graph):
    v = Value(x)
    assert numbers(hessian(TABLE[name](v), v, create_graph=create_graph)) == 0.0


@both
@pytest.mark.parametrize(("x", "expected"), [(-2.0, 0.0), (0.0, 0.0), (2.0, 2.0)])
def test_the_square_of_relu_bends_where_relu_rises(x, expected, create_graph):
    v = Value(x)
    assert numbers(hessian(relu(v) ** 2, v, create_graph=create_graph)) == expected


@both
@pytest.mark.parametrize("op", [maximum, minimum], ids=["maximum", "minimum"])
def test_at_a_tie_the_first_argument_gets_the_second_derivative_too(op, create_graph):
    x, y = Value(1.5), Value(1.5)
    assert numbers(hessian(op(x, y) ** 2, [x, y], create_graph=create_graph)) == [[2.0, 0.0], [0.0, 0.0]]


@both
@pytest.mark.parametrize("order", [1, -1])
def test_away_from_a_tie_the_larger_argument_gets_it(order, create_graph):
    x, y = Value(1.0), Value(2.0)
    f = maximum(*[x, y][::order]) ** 3 + minimum(*[x, y][::order]) ** 2
    assert numbers(hessian(f, [x, y], create_graph=create_graph)) == [[2.0, 0.0], [0.0, 12.0]]


# --- what may not be asked


@both
@pytest.mark.parametrize("xs", ["leaf first", "leaf last"])
def test_inputs_one_of_which_is_computed_from_another_are_refused(xs, create_graph):
    x = Value(2.0, "x")
    h = x * x
    f = h * x
    wanted = [x, h] if xs == "leaf first" else [h, x]
    for ask in (
        lambda: hessian(f, wanted, create_graph=create_graph),
        lambda: hvp(f, wanted, [1.0, 0.0], create_graph=create_graph),
    ):
        with pytest.raises(ValueError, match=r"^the mul node is computed from another of xs, .*ask for the two apart"):
            ask()


def test_the_refusal_calls_an_input_by_its_name():
    x = Value(2.0, "x")
    h = x * x
    h.name = "h"
    with pytest.raises(ValueError, match=r"^h is computed from another of xs"):
        hessian(h * h, [x, h])


@pytest.mark.parametrize("f", [3.0, None, "x", [Value(1.0)], np.array([Value(1.0)])], ids=lambda f: type(f).__name__)
@pytest.mark.parametrize("ask", [hessian, lambda f, xs: hvp(f, xs, [1.0])], ids=["hessian", "hvp"])
def test_f_must_be_a_value(ask, f):
    with pytest.raises(TypeError, match="expected a Value as f, got ") as raised:
        ask(f, [Value(1.0)])
    one_line(raised)


@pytest.mark.parametrize("xs", ["x", 3.0, None, np.array(1.0), [1.0], [[None]], {"w": Value(1.0)}], ids=repr)
@pytest.mark.parametrize("ask", [hessian, lambda f, xs: hvp(f, xs, [1.0])], ids=["hessian", "hvp"])
def test_xs_must_be_values(ask, xs):
    with pytest.raises(TypeError, match="expected a Value or a sequence of Values to differentiate by, got ") as raised:
        ask(Value(1.0), xs)
    one_line(raised)


# --- changed data

CHANGES = {
    "the result": (lambda x: x * x * x, 3.0, 2.0, "result"),
    "the local derivative alone": (lambda x: x * x, 3.0, -3.0, "local derivative"),
    "the local derivative of a function": (lambda x: x.cosh(), 0.5, -0.5, "local derivative"),
    "of one of many inputs": (lambda x: autograd.dot([x, 2.0], [x, 3.0]), 3.0, -3.0, "local derivative"),
    "to where there is no value": (lambda x: log(x), 2.0, -1.0, ""),
    "to where it divides by zero": (lambda x: 1.0 / x, 2.0, 0.0, ""),
}


@both
@pytest.mark.parametrize(("function", "then", "now", "what"), CHANGES.values(), ids=CHANGES)
def test_data_that_was_changed_is_an_error_and_never_another_number(function, then, now, what, create_graph):
    x = Value(then)
    f = function(x)
    x.data = now
    for ask in (
        lambda: hvp(f, [x], [1.0], create_graph=create_graph),
        lambda: hessian(f, [x], create_graph=create_graph),
    ):
        with pytest.raises(ValueError, match=rf"data changed .*{what}.*compute f again") as raised:
            ask()
        one_line(raised)


@both
def test_data_changed_back_is_no_error(create_graph):
    x = Value(3.0)
    f = x**3
    x.data = 5.0
    x.data = 3.0
    assert numbers(hessian(f, x, create_graph=create_graph)) == 18.0


@both
def test_data_changed_where_nothing_is_differentiated_does_no_harm(create_graph):
    x, a = Value(3.0), Value(2.0)
    b = a * a
    f = x**3 * b
    a.data = 100.0
    assert numbers(hessian(f, x, create_graph=create_graph)) == 72.0


# --- what they leave alone


@both
def test_no_grad_attribute_is_touched(create_graph):
    leaves, nodes = untidy(4)
    f = sum(nodes)
    for i, node in enumerate(topological_order(f)):
        node.grad = i
    hessian(f, leaves, create_graph=create_graph)
    hvp(f, leaves, [1.0, 2.0, 3.0, 4.0], create_graph=create_graph)
    assert [node.grad for node in topological_order(f)] == list(range(len(topological_order(f))))


@both
def test_within_no_grad_they_give_the_same_numbers(create_graph):
    leaves, nodes = untidy(3)
    f, v = sum(nodes), [1.0, -2.0, 0.5, 0.0]
    outside = hessian(f, leaves), hvp(f, leaves, v)
    with no_grad():
        inside = hessian(f, leaves, create_graph=create_graph), hvp(f, leaves, v, create_graph=create_graph)
    assert close(inside[0], outside[0], 1.0, 1e-12)
    assert close(inside[1], outside[1], 1.0, 1e-12)


def test_asking_twice_gives_the_same_bits():
    leaves, nodes = untidy(5)
    f = sum(nodes)
    assert hessian(f, leaves) == hessian(f, leaves)
    assert hvp(f, leaves, [1.0, 2.0, 3.0, 4.0]) == hvp(f, leaves, [1.0, 2.0, 3.0, 4.0])


# --- depth


@both
def test_a_chain_of_a_hundred_thousand_nodes_has_a_second_derivative(create_graph):
    x, end = chain(100_000)
    f = end * end * x  # (x + n)² x at x = 1
    second = hessian(f, x, create_graph=create_graph)
    assert numbers(second) == numbers(hvp(f, x, 1.0, create_graph=create_graph)) == 4 * 100_001.0 + 2.0
    if create_graph:
        assert gradient(second, x) == 6.0


def test_second_derivatives_agree_along_a_deep_chain_that_bends():
    x = f = Value(0.5)
    for _ in range(10_000):
        f = f.sin() * 1.0001
    twice = gradient(gradient(f, x, create_graph=True), x)
    assert hessian(f, x) == pytest.approx(twice, rel=1e-11)
    assert jvp(jvp(f, x, 1.0, create_graph=True), x, 1.0) == pytest.approx(twice, rel=1e-11)
