"""Many outputs at once: forward mode against reverse mode, every shape, and the matrices of the course material."""

import math
import random

import numpy as np
import pytest
from expressions import call
from oracles import samples
from strategies import chain, one_line, untidy

from autograd import Value, dot, exp, gradient, hessian, jacobian, jvp, log, maximum, no_grad, relu, sigmoid, sin, sqrt
from autograd.chain_rule import adjoints
from autograd.graph import topological_order
from autograd.linearized import Linearized
from autograd.op import TABLE
from nn import MLP

both = pytest.mark.parametrize("create_graph", [False, True])
every_op = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())
W2 = [[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]  # of U9 and U10


def numbers(found):
    """Nested lists of floats or Values as nested lists of floats."""
    return [numbers(x) for x in found] if isinstance(found, list) else float(found)


def outcome(ask):
    """What a question is answered with, every bit of it, or with which error."""
    try:
        return repr(numbers(ask()))
    except (ArithmeticError, ValueError) as error:
        return repr(error)


def matrix(create_graph=False):
    """Two outputs of two inputs and what they are made of: x y, x + y² of 2, 3."""
    x, y = Value(2.0, "x"), Value(3.0, "y")
    return [x * y, x + y * y], [x, y], [[3.0, 2.0], [1.0, 6.0]]


# --- forward mode is reverse mode


@both
@every_op
def test_forward_mode_gives_what_reverse_mode_gives_at_every_sample(op, create_graph):
    for point in samples(op):
        xs = [Value(x) for x in point]
        f = call(op, xs)
        for x in xs:
            reverse = outcome(lambda f=f, x=x: gradient(f, x, create_graph=create_graph))
            assert outcome(lambda f=f, x=x: jvp(f, x, 1.0, create_graph=create_graph)) == reverse, point


@both
@every_op
def test_both_shapes_of_a_jacobian_give_what_gradient_gives_at_every_sample(op, create_graph):
    for point in samples(op)[:12]:
        xs = [Value(x) for x in point]
        f = call(op, xs)
        row = outcome(lambda f=f, xs=xs: gradient(f, xs, create_graph=create_graph))
        assert outcome(lambda f=f, xs=xs: jacobian(f, xs, create_graph=create_graph)) == row, point
        many = [f, *[f + float(i) for i in range(len(xs))]]  # more outputs than inputs
        rows = outcome(lambda many=many, xs=xs: jacobian(many, xs, create_graph=create_graph)[0])
        assert rows == row, point


@pytest.mark.parametrize("seed", range(8))
@both
def test_forward_mode_is_the_gradient_times_the_direction_on_untidy_graphs(seed, create_graph):
    leaves, nodes = untidy(seed)
    f, rng = sum(nodes), random.Random(seed)
    direction = [rng.uniform(-2, 2) for _ in leaves]
    true = np.array(gradient(f, leaves)) @ direction
    size = np.abs(gradient(f, leaves)) @ np.abs(direction)
    assert numbers(jvp(f, leaves, direction, create_graph=create_graph)) == pytest.approx(true, abs=1e-13 * size)


@pytest.mark.parametrize("seed", range(8))
@both
def test_rows_and_columns_give_the_same_jacobian_on_untidy_graphs(seed, create_graph):
    leaves, nodes = untidy(seed)
    few, many = nodes[-3:], nodes[-9:]  # fewer outputs than the four inputs go backward, more go forward
    by_row, by_column = (np.array(numbers(jacobian(fs, leaves, create_graph=create_graph))) for fs in (few, many))
    assert by_row.shape == (3, 4)
    assert by_column.shape == (9, 4)
    assert np.allclose(by_column[-3:], by_row, rtol=1e-12, atol=1e-13)
    assert np.allclose(by_column, [gradient(f, leaves) for f in many], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("seed", range(4))
def test_jvp_is_the_jacobian_times_the_direction(seed):
    leaves, nodes = untidy(seed)
    fs, direction = nodes[-6:], [0.5, -1.0, 2.0, 0.25]
    assert np.allclose(jvp(fs, leaves, direction), np.array(jacobian(fs, leaves)) @ direction, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("seed", range(4))
def test_the_numbers_are_the_same_with_and_without_a_graph(seed):
    leaves, nodes = untidy(seed)
    for fs in (nodes[-3:], nodes[-9:]):
        assert numbers(jacobian(fs, leaves, create_graph=True)) == jacobian(fs, leaves)
        assert numbers(jvp(fs, leaves, [1.0] * 4, create_graph=True)) == jvp(fs, leaves, [1.0] * 4)


def test_the_sum_over_directions_is_the_sum_over_outputs():
    """⟨w, J v⟩ = ⟨Jᵀ w, v⟩: the forward and the backward sweep are transposes of each other."""
    leaves, nodes = untidy(7)
    fs, rng = nodes[-5:], random.Random(0)
    v, w = [rng.gauss(0, 1) for _ in leaves], [rng.gauss(0, 1) for _ in fs]
    forward = np.dot(w, jvp(fs, leaves, v))
    backward = np.dot(gradient(sum(a * f for a, f in zip(w, fs, strict=True)), leaves), v)
    assert forward == pytest.approx(backward, rel=1e-12)


@pytest.mark.parametrize(("rows", "columns", "sweeps"), [(2, 4, "backward"), (4, 4, "backward"), (9, 4, "forward")])
def test_it_takes_as_many_sweeps_as_there_are_rows_or_columns_whichever_are_fewer(rows, columns, sweeps, monkeypatch):
    leaves, nodes = untidy(0)
    seen = []
    for direction in ("backward", "forward"):
        right = getattr(Linearized, direction)
        monkeypatch.setattr(
            Linearized,
            direction,
            lambda self, seeds, right=right, direction=direction: (seen.append(direction), right(self, seeds))[1],
        )
    jacobian(nodes[-rows:], leaves[:columns])
    assert seen == [sweeps] * min(rows, columns)


# --- shapes


@both
def test_the_jacobian_has_outputs_by_inputs(create_graph):
    fs, xs, true = matrix()
    assert numbers(jacobian(fs, xs, create_graph=create_graph)) == true


@both
def test_the_jacobian_has_the_shape_of_the_outputs_and_in_it_that_of_the_inputs(create_graph):
    (f, g), (x, y), [[a, b], [c, d]] = matrix()
    for fs, xs, expected in [
        (f, x, a),
        (f, [x, y], [a, b]),
        ([f, g], x, [a, c]),
        ((f,), (y,), [[b]]),
        ([[f], [g, []]], [x, [y]], [[[a, [b]]], [[c, [d]], []]]),
        (iter([f, g]), iter([y, x]), [[b, a], [d, c]]),
        (np.array([[f, g]]), np.array([[x], [y]]), [[[[a], [b]], [[c], [d]]]]),
        ([f, g, f * g], [x, y], [[a, b], [c, d], [6 * c + 11 * a, 6 * d + 11 * b]]),
        ([], [x], []),
        ([f, g], [], [[], []]),
    ]:
        assert numbers(jacobian(fs, xs, create_graph=create_graph)) == expected


@both
def test_jvp_has_the_shape_of_the_outputs(create_graph):
    (f, g), (x, y), _ = matrix()
    for fs, xs, direction, expected in [
        (f, [x, y], [1.0, 10.0], 23.0),
        ([g, [f, []]], [x, y], [1.0, 10.0], [61.0, [23.0, []]]),
        (np.array([[f], [g]]), x, 2.0, [[6.0], [2.0]]),
        ([], x, 1.0, []),
        ([f, g], [], [], [0.0, 0.0]),
    ]:
        assert numbers(jvp(fs, xs, direction, create_graph=create_graph)) == expected


def test_without_create_graph_they_give_floats_and_with_it_values():
    (f, g), (x, y), _ = matrix()
    stranger = Value(1.0)
    for create_graph, kind in ((False, float), (True, Value)):
        for fs in ([f, stranger], [f, g, f + g, stranger]):
            rows = jacobian(fs, [x, y, stranger], create_graph=create_graph)
            tangents = jvp(fs, [x, y, stranger], [1.0, 2.0, 3.0], create_graph=create_graph)
            assert {type(d) for row in [*rows, tangents] for d in row} == {kind}


@both
def test_an_input_or_output_asked_for_twice_is_answered_twice(create_graph):
    (f, g), (x, y), [[a, b], [c, d]] = matrix()
    assert numbers(jacobian([f, g], [x, y, x], create_graph=create_graph)) == [[a, b, a], [c, d, c]]
    assert numbers(jacobian([f, f, g, f], [x, y], create_graph=create_graph)) == [[a, b], [a, b], [c, d], [a, b]]
    assert numbers(jacobian([f, g, f + g, f], [x, x], create_graph=create_graph)) == [
        [a, a],
        [c, c],
        [a + c, a + c],
        [a, a],
    ]


@both
def test_the_directions_of_an_input_asked_for_twice_add_up(create_graph):
    (f, _), (x, y), _ = matrix()
    assert numbers(jvp(f, [x, y, x], [1.0, 1.0, 4.0], create_graph=create_graph)) == 17.0


@both
def test_outputs_that_do_not_depend_on_an_input_have_derivative_zero(create_graph):
    (f, g), (x, y), [[a, b], [c, d]] = matrix()
    only_y, constant = y * y, Value(5.0)
    few = jacobian([f, only_y], [x, y, constant], create_graph=create_graph)
    assert numbers(few) == [[a, b, 0.0], [0.0, 6.0, 0.0]]
    many = jacobian([f, g, only_y, constant], [x, y], create_graph=create_graph)
    assert numbers(many) == [[a, b], [c, d], [0.0, 6.0], [0.0, 0.0]]
    assert numbers(jvp([f, only_y, constant], x, 1.0, create_graph=create_graph)) == [a, 0.0, 0.0]


@both
def test_the_jacobian_of_values_by_themselves_is_the_identity(create_graph):
    x, y = Value(2.0), Value(3.0)
    for extra in ([], [x * y]):
        rows = numbers(jacobian([x, y, *extra], [x, y], create_graph=create_graph))
        assert rows[:2] == [[1.0, 0.0], [0.0, 1.0]]
    assert numbers(jvp([x, y], [x, y], [7.0, 8.0], create_graph=create_graph)) == [7.0, 8.0]


@both
def test_inner_nodes_can_be_differentiated_by(create_graph):
    x = Value(2.0)
    h = x * x
    f, g = h * h + x, h * 3.0
    assert numbers(jacobian([f, g], h, create_graph=create_graph)) == [8.0, 3.0]
    assert numbers(jvp([f, g, x], h, 10.0, create_graph=create_graph)) == [80.0, 30.0, 0.0]


@both
def test_an_output_may_be_computed_from_another(create_graph):
    x, y = Value(2.0), Value(3.0)
    f = x * y
    g = f * f + y
    assert numbers(jacobian([g, f], [x, y], create_graph=create_graph)) == [[36.0, 25.0], [3.0, 2.0]]
    assert numbers(jacobian([g, f, g - f], [x, y], create_graph=create_graph)) == [
        [36.0, 25.0],
        [3.0, 2.0],
        [33.0, 23.0],
    ]


@both
def test_an_input_may_be_computed_from_another_and_both_modes_count_all_its_paths(create_graph):
    x, y = Value(2.0), Value(3.0)
    h = x * x
    f, g = h * y + x, h - y
    rows = [[13.0, 3.0, 4.0], [4.0, 1.0, -1.0]]
    assert numbers([gradient(out, [x, h, y], create_graph=create_graph) for out in (f, g)]) == rows
    assert numbers(jacobian([f, g], [x, h, y], create_graph=create_graph)) == rows
    assert numbers(jacobian([f, g, f + g, h], [x, h, y], create_graph=create_graph)) == [
        *rows,
        [17.0, 4.0, 3.0],
        [4.0, 1.0, 0.0],
    ]
    for i in range(3):
        direction = [float(i == j) for j in range(3)]
        assert numbers(jvp([f, g], [x, h, y], direction, create_graph=create_graph)) == [row[i] for row in rows]


@both
def test_an_input_that_stands_in_an_edge_twice_counts_twice(create_graph):
    x, y = Value(3.0), Value(4.0)
    f = dot([x, y], [x, x])
    assert numbers(jvp(f, [x, y], [1.0, 10.0], create_graph=create_graph)) == 40.0
    assert numbers(jacobian([f, x * x, x + x], [x, y], create_graph=create_graph)) == [
        [10.0, 3.0],
        [6.0, 0.0],
        [2.0, 0.0],
    ]


# --- derivatives of derivatives


def test_a_jacobians_entries_can_be_differentiated_whichever_way_they_were_found():
    x, y = Value(2.0), Value(3.0)
    f, g = x * x * y, exp(x) + y
    for fs in ([f, g], [f, g, f + g]):
        entries = jacobian(fs, [x, y], create_graph=True)
        assert np.allclose(jacobian(entries[0], [x, y]), [[6.0, 4.0], [4.0, 0.0]], rtol=1e-15)
        assert gradient(entries[1][0], [x, y]) == [pytest.approx(math.exp(2.0), rel=1e-15), 0.0]


def test_the_gradient_of_a_jvp_is_the_hessian_times_the_direction():
    x, y = Value(2.0), Value(3.0)
    f = x**3 * y * y
    slope = jvp(f, [x, y], [1.0, 10.0], create_graph=True)
    assert gradient(slope, [x, y]) == (np.array(hessian(f, [x, y])) @ [1.0, 10.0]).tolist()


def test_with_create_graph_a_jvp_can_be_differentiated_by_a_direction_of_values():
    (f, g), xs, true = matrix()
    direction = [Value(1.0), Value(10.0)]
    tangents = jvp([f, g], xs, direction, create_graph=True)
    assert numbers(tangents) == [23.0, 61.0]
    assert jacobian(tangents, direction) == true


def test_without_create_graph_a_direction_of_values_is_taken_as_numbers():
    (f, _), xs, _ = matrix()
    assert jvp(f, xs, [Value(1.0), 10]) == 23.0


# --- directions


@both
@pytest.mark.parametrize(
    "direction",
    [[1.0, 10.0], (1, 10), [[1.0], [10.0]], np.array([1.0, 10.0]), np.array([[1, 10]]), [True, np.float32(10)]],
    ids=repr,
)
def test_a_direction_may_be_nested_an_array_or_a_sequence_of_any_numbers(direction, create_graph):
    (f, _), xs, _ = matrix()
    assert numbers(jvp(f, xs, direction, create_graph=create_graph)) == 23.0


@both
@pytest.mark.parametrize(("direction", "got"), [([], 0), ([1.0], 1), ([1.0, [2.0, 3.0]], 3), (1.0, 1), (Value(1.0), 1)])
def test_a_direction_of_another_length_names_both_lengths(direction, got, create_graph):
    (f, _), xs, _ = matrix()
    with pytest.raises(ValueError, match=rf"expected a direction of 2 numbers, .*got {got}\b") as raised:
        jvp(f, xs, direction, create_graph=create_graph)
    one_line(raised)


@both
@pytest.mark.parametrize("direction", [None, "12", [1.0, "2"], [None, 1.0], {"x": 1.0, "y": 2.0}, [1j, 2.0]], ids=repr)
def test_a_direction_of_something_else_than_numbers_is_named(direction, create_graph):
    (f, _), xs, _ = matrix()
    with pytest.raises(TypeError, match="as direction, got ") as raised:
        jvp(f, xs, direction, create_graph=create_graph)
    one_line(raised)


@both
def test_nan_in_the_data_or_in_the_direction_is_in_the_answer(create_graph):
    x, y = Value(math.nan), Value(2.0)
    assert math.isnan(numbers(jvp(x * x, x, 1.0, create_graph=create_graph)))
    assert math.isnan(numbers(jvp(y * y, y, math.nan, create_graph=create_graph)))
    rows = numbers(jacobian([x * y, y * y, x + y], [x, y], create_graph=create_graph))
    assert rows[0][0] == 2.0
    assert math.isnan(rows[0][1])
    assert rows[1:] == [[0.0, 4.0], [1.0, 1.0]]


def test_infinite_derivatives_are_the_same_forward_and_backward():
    x = Value(0.0)
    f = 3.0 * sqrt(x) + x
    assert jvp(f, x, 1.0) == jacobian([f, f + 1], x)[0] == gradient(f, x) == math.inf


@both
@pytest.mark.parametrize(("function", "slope"), [(relu, 0.0), (abs, 0.0), (lambda x: maximum(x, 0.0), 1.0)])
def test_on_a_kink_forward_mode_makes_the_same_choice(function, slope, create_graph):
    x = Value(0.0)
    f = function(x)
    assert numbers(jvp(f, x, 1.0, create_graph=create_graph)) == slope
    assert numbers(gradient(f, x, create_graph=create_graph)) == slope


# --- what may not be asked


@pytest.mark.parametrize("ask", [jacobian, lambda fs, xs: jvp(fs, xs, [1.0])], ids=["jacobian", "jvp"])
@pytest.mark.parametrize("fs", [3.0, None, "x", [Value(1.0), 2.0], np.array(1.0)], ids=lambda f: type(f).__name__)
def test_outputs_must_be_values(ask, fs):
    with pytest.raises(TypeError, match="expected a Value or a sequence of Values as outputs, got ") as raised:
        ask(fs, [Value(1.0)])
    one_line(raised)


@pytest.mark.parametrize("ask", [jacobian, lambda fs, xs: jvp(fs, xs, [1.0])], ids=["jacobian", "jvp"])
@pytest.mark.parametrize("xs", ["x", 3.0, None, [1.0], [[None]], {"w": Value(1.0)}], ids=repr)
def test_inputs_must_be_values(ask, xs):
    with pytest.raises(TypeError, match="expected a Value or a sequence of Values to differentiate by, got ") as raised:
        ask(Value(1.0), xs)
    one_line(raised)


# --- changed data


def asked(f, x, create_graph):
    """Each mode's derivative of f, as a function to call."""
    return [
        lambda: jvp(f, x, 1.0, create_graph=create_graph),
        lambda: jacobian(f, x, create_graph=create_graph),
        lambda: jacobian([f, f + 0.0], x, create_graph=create_graph)[0],
    ]


@pytest.mark.parametrize(("then", "now"), [(3.0, 2.0), (3.0, -3.0)], ids=["the result", "the local derivative alone"])
def test_changed_data_is_an_error_with_create_graph(then, now):
    x = Value(then)
    f = x * x
    x.data = now
    for ask in asked(f, x, True):
        with pytest.raises(ValueError, match=r"data changed .*compute f again") as raised:
            ask()
        one_line(raised)


@pytest.mark.parametrize(("function", "then", "now"), [(log, 2.0, -1.0), (lambda x: 1.0 / x, 2.0, 0.0)])
def test_data_changed_to_where_there_is_no_value_is_the_same_error_with_create_graph(function, then, now):
    x = Value(then)
    f = function(x)
    x.data = now
    for ask in asked(f, x, True):
        with pytest.raises(ValueError, match=r"data changed .*compute f again") as raised:
            ask()
        one_line(raised)


@pytest.mark.parametrize("now", [2.0, -3.0])
def test_changed_data_changes_no_float_derivative(now):
    x = Value(3.0)
    f = x * x
    x.data = now
    for ask in asked(f, x, False):
        assert ask() == 6.0


def test_with_create_graph_an_op_without_a_second_derivative_is_named():
    x = Value(0.0)
    f = sqrt(x)
    for ask in asked(f, x, True):
        with pytest.raises(
            ArithmeticError, match=r"^the derivative of this sqrt has no derivative of its own here"
        ) as e:
            ask()
        one_line(e)


# --- what they leave alone


@both
def test_no_grad_attribute_is_touched(create_graph):
    leaves, nodes = untidy(4)
    fs = nodes[-9:]
    for i, node in enumerate(topological_order(*fs)):
        node.grad = i
    jacobian(fs, leaves, create_graph=create_graph)
    jacobian(fs[:2], leaves, create_graph=create_graph)
    jvp(fs, leaves, [1.0, 2.0, 3.0, 4.0], create_graph=create_graph)
    assert [node.grad for node in topological_order(*fs)] == list(range(len(topological_order(*fs))))


@both
def test_within_no_grad_they_give_the_same_numbers(create_graph):
    leaves, nodes = untidy(3)
    fs, v = nodes[-9:], [1.0, -2.0, 0.5, 0.0]
    outside = jacobian(fs, leaves), jacobian(fs[:2], leaves), jvp(fs, leaves, v)
    with no_grad():
        assert numbers(jacobian(fs, leaves, create_graph=create_graph)) == outside[0]
        assert numbers(jacobian(fs[:2], leaves, create_graph=create_graph)) == outside[1]
        assert numbers(jvp(fs, leaves, v, create_graph=create_graph)) == outside[2]


# --- depth


@both
def test_a_chain_of_a_hundred_thousand_nodes_goes_forward_in_every_mode(create_graph):
    x, end = chain(100_000)
    f = end * 3.0
    assert numbers(jvp(f, x, 2.0, create_graph=create_graph)) == 6.0
    assert numbers(jacobian([f, end], x, create_graph=create_graph)) == [3.0, 1.0]
    assert numbers(jacobian(f, [x, end], create_graph=create_graph)) == [3.0, 3.0]


def test_forward_and_reverse_mode_agree_along_a_deep_chain_that_bends():
    x = f = Value(0.5)
    for _ in range(50_000):
        f = sin(f) * 1.0001
    assert jvp(f, x, 1.0) == pytest.approx(gradient(f, x), rel=1e-12)


# --- the course material


def linear_network():
    """U9: H1 = W1 X, H2 = W2 H1. W1 is not printed; this one gives its H1 = [6, 15, 24] for X = [1, 1, 1]."""
    W1 = [[Value(float(3 * i + j + 1)) for j in range(3)] for i in range(3)]
    w2 = [[Value(w) for w in row] for row in W2]
    H1 = [dot(row, [1.0, 1.0, 1.0]) for row in W1]
    return W1, w2, H1, [dot(row, H1) for row in w2]


@both
def test_U3_the_gradient_of_a_composition_is_the_jacobian_transposed_times_the_gradient(create_graph):
    x = [Value(0.5), Value(-1.0), Value(2.0)]
    y = [exp(x[0]) * x[1], x[1] * x[2] + x[0]]
    z = sin(y[0]) * y[1]
    J = np.array(numbers(jacobian(y, x, create_graph=create_graph)))
    assert J.shape == (2, 3)
    assert np.allclose(gradient(z, x), J.T @ gradient(z, y), rtol=1e-13)
    transposed = [math.exp(0.5) * -1.0, 1.0], [math.exp(0.5), 2.0], [0.0, -1.0]
    assert np.allclose(J.T, transposed, rtol=1e-15)


def test_U3_a_sigmoid_unit_by_its_weights_and_inputs_in_one_call():
    w, x, b = [Value(0.5), Value(-1.0)], [Value(2.0), Value(0.25)], Value(0.1)
    a = sigmoid(dot(x, w, b))
    slope = a.data * (1 - a.data)
    by_w, by_x = jacobian(a, [w, x])
    assert by_w == pytest.approx([2.0 * slope, 0.25 * slope], rel=1e-14)
    assert by_x == pytest.approx([0.5 * slope, -1.0 * slope], rel=1e-14)


@both
def test_U9_the_tensor_of_the_outputs_by_the_first_weights(create_graph):
    """∂H2_k/∂W1_ij = Σ_l ∂H2_k/∂H1_l · ∂H1_l/∂W1_ij = W2_ki · X_j."""
    W1, _, H1, H2 = linear_network()
    assert [h.data for h in H1] == [6.0, 15.0, 24.0]
    assert [h.data for h in H2] == [21.0, 39.0, 30.0]
    tensor = np.array(numbers(jacobian(H2, W1, create_graph=create_graph)))
    assert tensor.shape == (3, 3, 3)
    assert tensor.tolist() == [[[W2[k][i]] * 3 for i in range(3)] for k in range(3)]


@both
def test_U9_the_tensor_of_the_outputs_by_the_second_weights(create_graph):
    """∂H2_k/∂W2_ij = H1_j where i = k, else 0."""
    _, w2, _, H2 = linear_network()
    tensor = numbers(jacobian(H2, w2, create_graph=create_graph))
    assert tensor == [[[6.0, 15.0, 24.0] if i == k else [0.0] * 3 for i in range(3)] for k in range(3)]


def test_U9_the_tensors_obey_the_chain_rule_through_the_hidden_layer():
    W1, _, H1, H2 = linear_network()
    outer, inner = np.array(jacobian(H2, H1)), np.array(jacobian(H1, W1))
    assert outer.tolist() == W2
    assert np.einsum("kl,lij->kij", outer, inner).tolist() == jacobian(H2, W1)


def test_U9_the_error_contracted_with_the_outputs_axis_is_the_printed_matrix():
    """(f − Y) · ∇_W1 f sums over the outputs k: Σ_k (f_k − Y_k) W2_ki X_j, by hand [1+30, 1+39, 39+30] in every column.

    It is also half the gradient of Σ (f_k − Y_k)².
    """
    W1, _, _, f = linear_network()
    Y = [20.0, 0.0, 0.0]
    error = [v.data - y for v, y in zip(f, Y, strict=True)]
    printed = [[31.0] * 3, [40.0] * 3, [69.0] * 3]
    assert np.einsum("k,kij->ij", error, jacobian(f, W1)).tolist() == printed
    loss = sum((v - y) ** 2 for v, y in zip(f, Y, strict=True))
    assert (np.array(gradient(loss, W1)) / 2).tolist() == printed


@both
def test_U10_the_tensors_of_the_sigmoid_network(create_graph):
    """∂H2/∂V = W2 diag(σ(1−σ)), and ∂H2_k/∂W1_ij = W2_ki σ_i(1−σ_i) X_j; V = W1 X + b = [3, 0, −1]."""
    X = [1.0, 1.0, 1.0]
    W1 = [[Value(w) for w in row] for row in ([1.0, 1.0, 1.0], [1.0, -2.0, 1.0], [0.0, 0.0, -1.0])]
    w2 = [[Value(w) for w in row] for row in W2]
    V = [dot(row, X) for row in W1]
    H2 = [dot(row, [sigmoid(v) for v in V]) for row in w2]
    assert [v.data for v in V] == [3.0, 0.0, -1.0]
    s = 1 / (1 + np.exp(-np.array([3.0, 0.0, -1.0])))
    assert np.round(s, 2).tolist() == [0.95, 0.5, 0.27]
    slope = s * (1 - s)
    by_v, by_w1, by_w2 = (np.array(numbers(jacobian(H2, by, create_graph=create_graph))) for by in (V, W1, w2))
    assert np.allclose(by_v, np.array(W2) @ np.diag(slope), rtol=1e-13)
    assert np.allclose(by_w1, np.einsum("ki,i,j->kij", W2, slope, X), rtol=1e-13)
    assert np.allclose(by_w2, np.einsum("ki,j->kij", np.eye(3), s), rtol=1e-13)


@both
def test_J8_one_layers_jacobian_is_the_diagonal_of_slopes_times_the_weights(create_graph):
    layer = MLP(3, [4], activation=["tanh"], rng=0).layers[0]
    x = [Value(0.2), Value(-1.0), Value(0.6)]
    a = layer(x)
    slopes = np.diag([1 - v.data**2 for v in a])
    found = np.array(numbers(jacobian(a, x, create_graph=create_graph)))  # four outputs of three inputs: by column
    assert np.allclose(found, slopes @ np.array(layer.weights), rtol=1e-13)


@both
def test_J8_the_outputs_by_the_inputs_are_the_product_of_the_layers_jacobians(create_graph):
    model = MLP(4, [5, 3, 2], activation=["tanh", "sigmoid", "tanh"], rng=0)
    x = [Value(v) for v in (0.2, -1.0, 0.6, 0.9)]
    one, two, three = model.layers
    hidden = one(x)
    above = two(hidden)
    out = three(above)
    product = np.array(jacobian(out, above)) @ np.array(jacobian(above, hidden)) @ np.array(jacobian(hidden, x))
    found = np.array(numbers(jacobian(out, x, create_graph=create_graph)))
    assert found.shape == (2, 4)
    assert np.allclose(found, product, rtol=1e-12)


def test_J8_the_jacobian_of_a_loss_by_the_parameters_is_its_gradient():
    model = MLP(2, [3, 1], activation="tanh", rng=0)
    loss = (model([0.5, -1.0]) - 1.0) ** 2
    found = jacobian(loss, model.parameters())
    adjoint = adjoints(loss)
    assert found == gradient(loss, model.parameters()) == [adjoint[p] for p in model.parameters()]
