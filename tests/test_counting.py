"""Steps counted in real graphs equal those of textbook loops that count, and G2's formula where that applies."""

import ast
import math
import random
import sys
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import samples
from strategies import chain, one_line

from autograd import (
    Value,
    checkpoint,
    cos,
    div,
    dot,
    exp,
    gradient,
    log,
    logsumexp,
    maximum,
    relu,
    sigmoid,
    sin,
    softplus,
    step,
    tanh,
)
from autograd.counting import count_steps
from autograd.graph import topological_order
from autograd.linearized import Linearized
from autograd.methods import partial_texts
from autograd.network_steps import Steps, network_steps, training_time
from autograd.op import TABLE, Op
from nn import (
    MLP,
    Layer,
    Parameter,
    cross_entropy,
    cross_entropy_from_probabilities,
    half_squared_error,
    squared_norm,
)

FUNCTIONS = [tanh, sigmoid, softplus, sin, exp, relu]
widths_of_networks = st.lists(st.integers(1, 6), min_size=2, max_size=4)


class Number:
    """A number whose multiplications and additions count themselves in a tally."""

    def __init__(self, number, tally):
        self.number, self.tally = number, tally

    def __mul__(self, other):
        self.tally.multiplications += 1
        return Number(self.number * getattr(other, "number", other), self.tally)

    def __add__(self, other):
        self.tally.additions += 1
        return Number(self.number + other.number, self.tally)


def new_tally():
    return SimpleNamespace(multiplications=0, additions=0, evaluations=0)


def steps(tally):
    return Steps(tally.multiplications, tally.additions, tally.evaluations)


def added(terms):
    """Their sum, without an addition for the first."""
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def textbook(weights, pattern, seeds, functions):
    """Backpropagation as a textbook writes it, layer by layer in loops: its gradient, and what each phase took."""
    forward, backward, update = new_tally(), new_tally(), new_tally()

    def evaluated(function, tally, z):
        tally.evaluations += 1
        return Number(function(z.number), tally)

    layers, activations = [], [Number(x, forward) for x in pattern]
    for rows, phi in zip(weights, functions, strict=True):
        zs = [added([Number(w, forward) * a for w, a in zip(row, activations, strict=True)]) for row in rows]
        layers.append((rows, activations, zs))
        activations = zs if phi is None else [evaluated(phi, forward, z) for z in zs]
    adjoints, gradients = [Number(seed, backward) for seed in seeds], []
    for (rows, inputs, zs), phi in zip(reversed(layers), reversed(functions), strict=True):
        deltas = adjoints
        if phi is not None:
            slopes = [evaluated(lambda z, phi=phi: phi.partials[0](z, phi(z)), backward, z) for z in zs]
            deltas = [a * slope for a, slope in zip(adjoints, slopes, strict=True)]
        gradients.insert(0, [[delta * a.number for a in inputs] for delta in deltas])
        if rows is not weights[0]:
            columns = zip(*rows, strict=True)
            adjoints = [added([delta * w for delta, w in zip(deltas, column, strict=True)]) for column in columns]
    for rows, slopes in zip(weights, gradients, strict=True):
        for row, row_slopes in zip(rows, slopes, strict=True):
            for w, slope in zip(row, row_slopes, strict=True):
                _ = Number(-0.1, update) * slope.number + Number(w, update)
    flat = [slope.number for rows in gradients for row in rows for slope in row]
    return flat, steps(forward), steps(backward), steps(update)


def drawn_weights(widths, seed):
    rng = random.Random(seed)
    return [[[rng.uniform(-1, 1) for _ in range(n)] for _ in range(m)] for n, m in pairwise(widths)]


def recorded_network(weights, pattern, functions, kind=Parameter):
    """The same network as a graph: its outputs and its parameters in order."""
    parameters, activations = [], pattern
    for rows, phi in zip(weights, functions, strict=True):
        values = [[kind(w) for w in row] for row in rows]
        parameters += [w for row in values for w in row]
        zs = [dot(row, activations) for row in values]
        activations = zs if phi is None else [phi(z) for z in zs]
    return activations, parameters


@st.composite
def networks(draw):
    widths = draw(widths_of_networks)
    functions = [draw(st.sampled_from([*FUNCTIONS, None])) for _ in widths[1:]]
    weights = drawn_weights(widths, draw(st.integers(0, 10**6)))
    pattern = [draw(st.floats(-1, 1)) for _ in range(widths[0])]
    if draw(st.booleans()):
        pattern = [Value(x) for x in pattern]
    return widths, functions, weights, pattern


@given(networks())
def test_outputs_count_as_the_textbooks_loops_do_and_as_the_formula_says(network):
    widths, functions, weights, pattern = network
    outputs, parameters = recorded_network(weights, pattern, functions)
    count = count_steps(outputs)
    slopes, *phases = textbook(weights, [float(x) for x in pattern], [1.0] * widths[-1], functions)
    assert [count.forward, count.backward, count.update] == phases
    assert count == count.network == count.formula
    assert count.loss.total == 0
    # and the loops are backpropagation
    assert gradient(sum(outputs[1:], outputs[0]), parameters) == pytest.approx(slopes, rel=1e-9, abs=1e-12)


@given(networks())
def test_under_a_loss_the_networks_steps_are_told_apart_and_stay_those_of_the_loops(network):
    widths, functions, weights, pattern = network
    outputs, _ = recorded_network(weights, pattern, functions)
    count = count_steps(half_squared_error(outputs, [0.5] * widths[-1]))
    _, *phases = textbook(weights, [float(x) for x in pattern], [1.0] * widths[-1], functions)
    assert [count.network.forward, count.network.backward, count.network.update] == phases
    assert count.network == count.formula
    n = widths[-1]
    assert count.loss.forward == Steps(1, 2 * n - 1, n)  # ½ times the sum of n (y − t)²
    assert count.loss.backward == Steps(1 + n, 0, n)
    assert count.forward == count.network.forward + count.loss.forward
    assert count.backward == count.network.backward + count.loss.backward
    assert count.update == count.network.update


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6), st.sampled_from(["tanh", "sigmoid", "relu"]))
def test_G2_a_an_mlp_takes_the_steps_of_the_printed_formula(n_in, n_h, n_out, phi):
    model = MLP(n_in, [n_h, n_out], activation=phi, output=phi, bias=False, rng=0)
    count = count_steps(model([0.1 * i for i in range(n_in)]))
    assert count.total == 7 * n_out * n_h + 5 * n_h * n_in + 2 * n_out + n_h
    assert count.forward.total == 2 * (n_h * n_in + n_out * n_h)
    assert count == count.formula == network_steps([n_in, n_h, n_out])


@given(st.lists(st.integers(1, 5), min_size=4, max_size=4))
def test_two_hidden_layers_take_the_steps_of_the_formula_under_a_loss_too(widths):
    model = MLP(widths[0], widths[1:], activation="tanh", output="sigmoid", bias=False, rng=0)
    loss = half_squared_error(model([0.5] * widths[0]), [0.0] * widths[-1])
    assert count_steps(loss).network == network_steps(widths)


def test_a_network_with_plain_values_as_weights_is_recognised_too():
    outputs, _ = recorded_network(drawn_weights([2, 3, 1], 0), [1.0, 2.0], [tanh, tanh], kind=Value)
    assert count_steps(outputs).formula == network_steps([2, 3, 1])


def test_the_parameters_may_be_given_beside_inputs_that_are_values():
    outputs, parameters = recorded_network(drawn_weights([2, 3, 1], 0), [Value(1.0), Value(2.0)], [tanh, tanh], Value)
    assert count_steps(outputs, parameters).network == network_steps([2, 3, 1])


def test_weights_may_stand_on_the_right_of_dot():
    w = [Parameter(1.0), Parameter(2.0)]
    assert count_steps(tanh(dot([0.5, 0.5], w))).network == network_steps([2, 1])


def test_a_linear_output_has_no_phi_and_the_table_says_so():
    count = count_steps(MLP(2, [3, 1], bias=False, rng=0)([1.0, 2.0]))
    assert count.formula.forward.evaluations == count.formula.backward.evaluations == 3
    assert "2 → 3 relu → 1 linear (no φ)" in repr(count)


def test_a_phi_whose_slope_is_a_constant_has_no_slope_to_evaluate_and_the_table_says_so():
    outputs, _ = recorded_network(drawn_weights([2, 3, 2], 0), [1.0, 2.0], [step, tanh])
    count = count_steps(outputs)
    assert count.network == count.formula
    assert count.backward.evaluations == 2
    assert "3 step (φ' constant)" in repr(count)


def test_logits_under_cross_entropy_are_a_linear_layer_under_a_loss():
    model = MLP(2, [3, 3], activation="tanh", output="linear", bias=False, rng=0)
    count = count_steps(cross_entropy(model([1.0, 2.0]), 1))
    assert count.network == count.formula
    assert count.loss.forward.evaluations >= 3


@pytest.mark.parametrize("loss", [lambda z: z**2, lambda z: softplus(z) - 0.5 * z, lambda z: -z], ids=["z²", "2", "-z"])
def test_an_op_of_the_loss_on_a_linear_output_is_not_taken_for_its_phi(loss):
    count = count_steps(loss(dot([Parameter(1.0), Parameter(2.0)], [3.0, 4.0])))
    assert count.network == count.formula
    assert count.network.forward == Steps(2, 1)


def another_shape(**options):
    return lambda: MLP(2, [3, 2], rng=0, **{"bias": False, **options})([1.0, 2.0])


def shared_model():
    model = MLP(2, [3, 1], bias=False, rng=0)
    return lambda x, y: (model(x) - y) ** 2, model


def two_patterns():
    error, _ = shared_model()
    return error([1.0, 2.0], 0.0) + error([2.0, 1.0], 1.0)


def one_pattern_twice():
    error, _ = shared_model()
    return error([1.0, 2.0], 0.0) + error([1.0, 2.0], 1.0)


def weight_decay():
    error, model = shared_model()
    return error([1.0, 2.0], 0.0) + 0.1 * squared_norm(model.parameters())


def hidden_penalty():
    w, v = [Parameter(1.0), Parameter(2.0)], [Parameter(1.0)]
    hidden = tanh(dot(w, [1.0, 2.0]))
    return tanh(dot(v, [hidden])) + hidden**2


def bias_added():
    return tanh(dot([Parameter(1.0)], [2.0]) + Parameter(0.5))


def products_and_sums():
    return (Parameter(1.0) * 2.0 + Parameter(2.0) * 3.0).tanh()


def phi_of_another_price():
    square = Op("square", lambda x: x * x, (lambda x, out: 2.0 * x,), "x²", steps=(1, 0, 0))
    return tanh(dot([Parameter(1.0)], [square(dot([Parameter(1.0)], [2.0]))]))


def phi_of_a_constant_slope():
    half = Op("half", lambda x: x / 2, (lambda x, out: 0.5,), "x/2")
    return tanh(dot([Parameter(1.0)], [half(dot([Parameter(1.0)], [2.0]))]))


def phi_of_two_inputs():
    return tanh(dot([Parameter(1.0)], [maximum(dot([Parameter(1.0)], [2.0]), 0.0)]))


def hidden_activation_as_an_output():
    hidden = tanh(dot([Parameter(1.0)], [2.0]))
    return [hidden, tanh(dot([Parameter(1.0)], [hidden]))]


def hidden_sum_as_an_output():
    z = dot([Parameter(1.0)], [2.0])
    return [z, tanh(dot([Parameter(1.0)], [tanh(z)]))]


def two_outputs_of_one_unit():
    z = dot([Parameter(1.0)], [2.0])
    return [z, tanh(z)]


def activation_read_twice():
    a = tanh(dot([Parameter(1.0)], [2.0]))
    return tanh(dot([Parameter(1.0), Parameter(2.0)], [a, a]))


def inputs_computed():
    x = Value(2.0)
    return tanh(dot([Parameter(1.0)], [x * x]))


OTHER_SHAPES = {
    "biases": (another_shape(bias=True), "its units have biases"),
    "x0": (another_shape(bias="x0"), "a layer reads a constant beside activations"),
    "softmax among the outputs": (another_shape(output="softmax"), "its outputs are not the activations"),
    "softmax inside": (another_shape(activation=["softmax", "linear"]), "layer 1 is not followed by one φ a unit"),
    "φ of several ops": (another_shape(activation="half_tanh"), "layer 1 is not followed by one φ a unit"),
    "φ of another price": (phi_of_another_price, "layer 1 is not followed by one φ a unit"),
    "φ of slope ½": (phi_of_a_constant_slope, "layer 1 is not followed by one φ a unit"),
    "φ of two inputs": (phi_of_two_inputs, "layer 1 is not followed by one φ a unit"),
    "a hidden activation among the outputs": (hidden_activation_as_an_output, "its outputs are not the activations"),
    "a hidden sum among the outputs": (hidden_sum_as_an_output, "its outputs are not the activations"),
    "two patterns": (two_patterns, "2 patterns go through it"),
    "one pattern twice": (one_pattern_twice, "a weight is used more than once"),
    "weight decay": (weight_decay, "parameters are multiplied with each other"),
    "a hidden activation in the loss": (hidden_penalty, "a hidden activation goes elsewhere"),
    "a bias that is added": (bias_added, "one of the parameters, be it a bias, is no weight"),
    "products and sums": (products_and_sums, "it has no layer that multiplies parameters"),
    "z and φ(z)": (two_outputs_of_one_unit, "its outputs are not the activations"),
    "an activation read twice": (activation_read_twice, "a hidden activation goes elsewhere"),
    "inputs that are computed": (inputs_computed, "it has no layer that multiplies parameters"),
}


@pytest.mark.parametrize(("make", "reason"), OTHER_SHAPES.values(), ids=OTHER_SHAPES)
def test_what_is_not_G2s_network_has_no_formula_and_one_line_says_why(make, reason):
    count = count_steps(make())
    assert count.formula is None and count.network is None and count.loss is None
    (line,) = [line for line in repr(count).splitlines() if line.startswith("not G2's network: ")]
    assert reason in line
    assert count.total > 0


def test_the_softmax_of_a_network_under_a_loss_counts_with_the_loss():
    model = MLP(2, [3, 2], activation="tanh", output="softmax", bias=False, rng=0)
    count = count_steps(cross_entropy_from_probabilities(model([1.0, 2.0]), [0.5, 0.5]))
    assert count.network == count_steps(MLP(2, [3, 2], activation="tanh", bias=False, rng=0)([1.0, 2.0])).network


def test_a_part_of_the_parameters_is_counted_but_is_not_G2s_network():
    model = MLP(2, [3, 1], bias=False, rng=0)
    count = count_steps(model([1.0, 2.0]), model.layers[1].parameters())
    assert count.backward == Steps(3)  # the outer product alone
    assert count.update == Steps(3, 3)
    assert "some of its parameters are not among those given" in repr(count)


def test_inputs_among_the_parameters_are_one_more_step_back_than_G2_goes():
    outputs, parameters = recorded_network(drawn_weights([2, 3, 1], 0), [Value(1.0), Value(2.0)], [tanh, tanh])
    inputs = [x for x in topological_order(*outputs) if x.op is None and x.role != "parameter"]
    count = count_steps(outputs, parameters + inputs)
    assert "counts among them" in repr(count)
    assert count.backward.total == network_steps([2, 3, 1]).backward.total + 2 * (2 * 3 - 1)


def x_y():
    return Value(2.0, "x"), Value(3.0, "y")


BY_HAND = {
    "x": (lambda x, y: x, (0, 0, 0), (0, 0, 0)),
    "x + y": (lambda x, y: x + y, (0, 1, 0), (0, 0, 0)),
    "x + x": (lambda x, y: x + x, (0, 1, 0), (0, 1, 0)),
    "x - y": (lambda x, y: x - y, (0, 1, 0), (0, 0, 0)),
    "-x": (lambda x, y: -x, (0, 0, 0), (0, 0, 0)),
    "x * y": (lambda x, y: x * y, (1, 0, 0), (2, 0, 0)),
    "x * x": (lambda x, y: x * x, (1, 0, 0), (2, 1, 0)),
    "2 * x": (lambda x, y: 2 * x, (1, 0, 0), (1, 0, 0)),
    "x / y": (lambda x, y: x / y, (1, 0, 0), (4, 0, 0)),
    "x / 2": (lambda x, y: x / 2, (1, 0, 0), (2, 0, 0)),
    "2 / x": (lambda x, y: 2 / x, (1, 0, 0), (2, 0, 0)),
    "x ** 2": (lambda x, y: x**2, (0, 0, 1), (1, 0, 1)),
    "x ** y": (lambda x, y: x**y, (0, 0, 1), (2, 0, 2)),
    "x * y + x": (lambda x, y: x * y + x, (1, 1, 0), (2, 1, 0)),
    "tanh(x) * x": (lambda x, y: tanh(x) * x, (1, 0, 1), (3, 1, 1)),
    "x + step(x)": (lambda x, y: x + step(x), (0, 1, 1), (0, 0, 0)),
    "dot": (lambda x, y: dot([x, 2.0, y], [3.0, y, y]), (3, 2, 0), (4, 2, 0)),
    "dot with a start": (lambda x, y: dot([x], [y], x), (1, 1, 0), (2, 1, 0)),
    "logsumexp": (lambda x, y: logsumexp(x, y, 1.0), (0, 2, 4), (2, 0, 2)),
    "outputs": (lambda x, y: [x * y, [tanh(x)]], (1, 0, 1), (3, 1, 1)),
    "an output inside another": (lambda x, y: [p := x * y, tanh(p)], (1, 0, 1), (3, 1, 1)),
    "an output twice": (lambda x, y: [p := x * y, p], (1, 0, 0), (2, 0, 0)),
}


@pytest.mark.parametrize(("make", "forward", "backward"), BY_HAND.values(), ids=BY_HAND)
def test_small_graphs_take_the_steps_counted_by_hand(make, forward, backward):
    count = count_steps(make(*x_y()))
    assert (tuple(count.forward), tuple(count.backward)) == (forward, backward)


def occurrences(text):
    """The multiplications, divisions, additions and subtractions written in a formula."""
    kinds = [type(node.op) for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.BinOp)]
    return sum(k in (ast.Mult, ast.Div) for k in kinds), sum(k in (ast.Add, ast.Sub) for k in kinds)


def is_number(text):
    return text.lstrip("-").replace(".", "").isdigit()


@pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())
def test_every_row_of_the_table_is_counted_by_its_own_column_and_its_own_partials(op):
    point = next(iter(samples(op)))
    count = count_steps(Value.apply(op, tuple(Value(x) for x in point)))
    assert tuple(count.forward) == op.steps(len(point))
    if op.arity is None:
        entries = 2 * (len(point) // 2) if op.name == "dot" else len(point)
        assert tuple(count.backward) == (entries, 0, len(point) if count.forward.evaluations else 0)
        return
    texts = partial_texts(op, op.variables(op.arity))
    products = sum(not (is_number(t) and float(t) in (0, 1, -1)) for t in texts)
    if count.forward.evaluations:
        varying = sum(not is_number(t) for t in texts)
        assert tuple(count.backward) == (products, 0, varying)
    else:
        inside = [occurrences(t) for t in texts]
        assert tuple(count.backward) == (sum(m for m, _ in inside) + products, sum(a for _, a in inside), 0)


def test_a_new_row_is_counted_without_another_edit():
    cube = Op("cube", lambda x: x * x * x, (lambda x, out: 3.0 * x * x,), "x³", steps=(2, 0, 0))
    count = count_steps(cube(Value(2.0)))
    assert (count.forward, count.backward) == (Steps(2), Steps(3))


def test_a_new_row_of_any_number_of_inputs_counts_once_what_its_partials_share():
    def partials(xs, out):
        ratio = out * out
        return [ratio * x for x in xs]

    joined = Op("joined", lambda *xs: sum(xs), partials, "for counting", steps=lambda n: (n, n - 1, 0))
    x, y = x_y()
    count = count_steps(Value.apply(joined, (x, y, Value(1.0))))
    assert (count.forward, count.backward) == (Steps(3, 2), Steps(1 + 3 + 3))
    assert count_steps(Value.apply(joined, (x, 2.0, 3.0))).backward == Steps(1 + 1 + 1)


def test_a_function_whose_partial_is_not_written_with_ops_is_one_step_back_all_the_same():
    mine = Op("mine", math.sin, (lambda x, out: math.cos(x),), "a sine")
    assert tuple(count_steps(mine(Value(1.0))).backward) == (1, 0, 1)


def test_arithmetic_whose_partial_is_not_written_with_ops_is_refused():
    mine = Op("mine", lambda x: x * x, (lambda x, out: 2.0 * math.fabs(x),), "a square", steps=(1, 0, 0))
    with pytest.raises(TypeError) as raised:
        count_steps(mine(Value(1.0)))
    assert one_line(raised).startswith("the local derivatives of mine are not written with ops")


def products_graph(seed):
    """A random graph whose local derivatives are never constants."""
    rng = random.Random(seed)
    leaves = [Value(rng.uniform(-1, 1)) for _ in range(3)]
    pool = list(leaves)
    for _ in range(25):
        a, b, c = (rng.choice(pool) for _ in range(3))
        pool.append(rng.choice([a * b, tanh(a), dot([a, b], [c, a])]))
    return pool[-3:], leaves


@pytest.mark.parametrize("seed", range(20))
def test_products_and_additions_are_those_that_the_sweep_itself_does(seed):
    outputs, leaves = products_graph(seed)
    tally = new_tally()
    Linearized(outputs, leaves).backward({f: Number(1.0, tally) for f in outputs})
    found = count_steps(outputs, leaves).backward
    assert (found.multiplications, found.additions) == (tally.multiplications, tally.additions)


def rational(x, y, z):
    return [x + y, x - z, x * y, -x, dot([x, y], [y, z]), dot([x, 0.5], [z, y], x), x * 3.0, 2.0 - y]


def smooth(x, y, z):
    return [*rational(x, y, z), tanh(x), x**2, sigmoid(y), logsumexp(x, y, z)]


@given(st.integers(0, 10**6), st.sampled_from([rational, smooth]))
def test_products_and_functions_of_one_input_keep_within_the_bound(seed, choices):
    rng = random.Random(seed)
    pool = [Value(rng.uniform(0, 1)) for _ in range(3)]
    for _ in range(15):
        pool.append(rng.choice(choices(*[rng.choice(pool) for _ in range(3)])))
    count = count_steps(pool[-1])
    assert count.costly == ()
    if count.forward.multiplications or count.forward.evaluations:
        assert 1 <= count.multiplicative <= count.bound == 3
    if count.forward.total:
        assert 1 <= count.ratio <= 5  # a product brings two products back and at most two additions


def test_three_is_reached_by_a_product():
    x, y = x_y()
    assert count_steps(x * y).multiplicative == 3


@pytest.mark.parametrize("op", [div, maximum], ids=["div", "maximum"])
def test_above_the_bound_the_table_names_the_op_that_takes_more(op):
    count = count_steps(op(*x_y()))
    assert count.multiplicative == 5
    assert count.costly == (op.name,)
    assert f"more than 3 here because of {op.name}," in repr(count)


def test_an_op_that_takes_three_back_for_one_forward_is_above_the_bound():
    cheap = Op("cheap", lambda x: x**3, (lambda x, out: 3.0 * x * x,), "x³", steps=(1, 0, 0))
    count = count_steps(cheap(Value(2.0)))
    assert (count.multiplicative, count.costly) == (4, ("cheap",))


def test_within_the_bound_the_table_names_none_though_an_op_takes_more():
    x, y = x_y()
    count = count_steps(dot([x, y, x, y], [2.0, 3.0, 4.0, 5.0]) + x / y)
    assert count.costly == ("div",) and count.multiplicative < 3
    assert "here because of" not in repr(count)


def test_the_ratio_is_forward_and_backward_over_forward_without_the_update():
    count = network_steps([3, 4, 2])
    assert count.ratio == (count.forward.total + count.backward.total) / count.forward.total


def test_where_nothing_is_computed_there_is_no_ratio():
    count = count_steps(Value(1.0))
    assert math.isnan(count.ratio) and math.isnan(count.multiplicative)
    assert "ratio" not in repr(count) and "/" not in repr(count)


def test_sums_alone_have_a_ratio_but_none_of_products():
    x, y = x_y()
    assert repr(count_steps(x + y)).splitlines()[-1] == "(forward + backward) / forward = 1 in steps"


def test_the_default_are_the_leaves_that_call_themselves_parameters():
    assert count_steps(Parameter(1.0) * Value(2.0)).update == Steps(1, 1)


def test_without_such_leaves_all_leaves_are_parameters():
    assert count_steps(Value(1.0) * Value(2.0)).update == Steps(2, 2)


def test_a_parameter_given_twice_is_updated_once_and_one_that_f_does_not_use_too():
    x, y = x_y()
    count = count_steps(x * x, [x, [x, y]])
    assert (count.backward, count.update) == (Steps(2, 1), Steps(2, 2))


def test_an_inner_node_may_be_a_parameter_and_nothing_goes_further_back():
    x, y = x_y()
    p = x * y
    assert count_steps(tanh(p), p).backward == Steps(1, 0, 1)


def test_a_graph_as_deep_as_a_hundred_thousand_nodes_is_counted():
    _, f = chain(100_000)
    count = count_steps(f * f)
    assert sys.getrecursionlimit() < 10_000
    assert (count.forward, count.backward) == (Steps(1, 100_000), Steps(2, 1))


def test_neither_numbers_nor_grads_are_touched():
    x, y = x_y()
    f = x * y
    x.grad = 7.0
    count_steps(f)
    assert (x.data, x.grad, f.grad) == (2.0, 7.0, 0.0)


def test_the_table_of_a_loss_reads_like_this():
    w = [Parameter(0.5), Parameter(-1.0)]
    assert repr(count_steps((dot(w, [1.0, 2.0]).tanh() - 1.0) ** 2)).splitlines() == [
        "                   multiplications  additions  evaluations  steps",
        "forward                          2          2            2      6",
        "backward                         4          0            2      6",
        "update                           2          2            0      4",
        "total                            8          4            4     16",
        "network: forward                 2          1            1      4",
        "network: backward                3          0            1      4",
        "network: update                  2          2            0      4",
        "network: total                   7          3            2     12",
        "loss: forward                    0          1            1      2",
        "loss: backward                   1          0            1      2",
        "loss: total                      1          1            2      4",
        "G2's formula for 2 → 1 tanh:",
        "  forward, backward, update: 4, 4, 4, equal to the network's count",
        "(forward + backward) / forward = 2 in steps, 2.5 without additions",
        "  (Baur & Strassen 1983: 3 suffice in multiplications and divisions, for rational f)",
    ]


def test_counts_that_differ_are_printed_as_different():
    count = count_steps(tanh(dot([Parameter(1.0)], [2.0])))
    count.formula = network_steps([2, 1])
    assert "forward, backward, update: 4, 4, 4, not equal to the network's count" in repr(count)


def test_equal_counts_have_equal_hashes_and_are_not_equal_to_something_else():
    a, b = network_steps([2, 3]), network_steps([2, 3])
    assert (a, hash(a), hash(a.forward)) == (b, hash(b), hash(b.forward))
    assert a != network_steps([3, 2]) and a != 5 and a.forward != (6, 3, 3)


def test_G2_c_the_image_network_takes_as_many_steps_as_printed():
    count = network_steps([256 * 256, 1000, 1000, 5])
    assert count.total == 334_717_010
    assert count.update.multiplications == 66_541_000  # the weights
    assert "334 717 010" in repr(count)


def test_G2_b_a_cycle_takes_a_hundredth_of_a_second():
    assert training_time([100, 100, 5], 2000) == pytest.approx(0.0107, abs=5e-5)
    assert training_time([100, 100, 5], 2000, epochs=10_000) == pytest.approx(107.2, abs=0.05)


def test_G2_d_training_on_images_takes_most_of_a_day_and_a_test_pass_half_a_minute():
    assert training_time([65536, 1000, 1000, 5], 2000, 1000) == pytest.approx(66_943, abs=0.5)
    assert training_time([65536, 1000, 1000, 5], 2000, training=False) == pytest.approx(26.6, abs=0.05)
    assert training_time([65536, 1000, 5], 2000, 1000) / 3600 == pytest.approx(18.2, abs=0.05)
    assert 1 < training_time([65536, 100, 1000, 5], 2000, 1000) / 3600 < 4


def test_twice_the_speed_is_half_the_time():
    assert training_time([3, 2], 10, steps_per_second=2e10) == training_time([3, 2], 10) / 2


@pytest.mark.parametrize(
    ("widths", "words"),
    [
        ([], "expected the widths of two or more layers, inputs first, got []"),
        ([5], "expected the widths of two or more layers, inputs first, got [5]"),
        (7, "expected the widths of the layers, such as [100, 100, 5], got int 7"),
        ("100", "expected the widths of the layers, such as [100, 100, 5], got str '100'"),
        ([2, 0], "expected a whole number of units in each layer, from 1 up, got int 0"),
        ([2, -1], "expected a whole number of units in each layer, from 1 up, got int -1"),
        ([2.5, 1], "expected a whole number of units in each layer, from 1 up, got float 2.5"),
        ([2, "3"], "expected a whole number of units in each layer, from 1 up, got str '3'"),
        ([[2, 3], 1], "expected a whole number of units in each layer, from 1 up, got list [2, 3]"),
    ],
)
def test_widths_that_are_none_are_refused(widths, words):
    with pytest.raises(ValueError) as raised:  # noqa: PT011  # the words are compared below
        network_steps(widths)
    assert one_line(raised).startswith(words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"patterns": 0}, "expected a whole number of patterns, from 1 up, got int 0"),
        ({"patterns": 10, "epochs": 1.5}, "expected a whole number of epochs, from 1 up, got float 1.5"),
        ({"patterns": 10, "steps_per_second": 0}, "expected a positive number of steps per second, got 0"),
        ({"patterns": 10, "steps_per_second": math.nan}, "expected a positive number of steps per second, got nan"),
        ({"patterns": 10, "steps_per_second": math.inf}, "expected a positive number of steps per second, got inf"),
    ],
)
def test_counts_and_speeds_that_are_not_positive_are_refused(arguments, words):
    with pytest.raises(ValueError) as raised:  # noqa: PT011  # the words are compared below
        training_time([2, 1], **arguments)
    assert one_line(raised) == words


def test_a_speed_that_is_no_number_is_refused():
    with pytest.raises(TypeError) as raised:
        training_time([2, 1], 10, steps_per_second="fast")
    assert one_line(raised) == "expected a number of steps per second, got str 'fast'"


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (1.0, "float 1.0"),
        ("abc", "str 'abc'"),
        ([1.0], "float 1.0"),
        ([None], "NoneType None"),
        (Layer(2, 1, rng=0), "Layer Layer(2 → 1 ReLU, 3 parameters)"),
    ],
    ids=repr,
)
def test_what_is_no_value_is_refused_as_f_and_as_parameter(x, words):
    for arguments, role in [((x,), "to count the steps of"), ((Value(1.0), x), "as parameters")]:
        with pytest.raises(TypeError) as raised:
            count_steps(*arguments)
        assert one_line(raised) == f"expected a Value or a sequence of Values {role}, got {words}"


def test_no_outputs_are_refused():
    with pytest.raises(ValueError, match="expected a loss or the outputs of a network, got an empty sequence"):
        count_steps([])


def test_an_op_that_is_no_row_has_no_steps_and_is_refused():
    gone = Op("gone", math.sin, (lambda x, out: cos(x),), "soon deleted")
    f = log(gone(Value(1.0)))
    del TABLE["gone"]
    with pytest.raises(ValueError, match="the graph has a gone in it, which is no row of the table") as raised:
        count_steps(f)
    one_line(raised)


def test_a_checkpoint_keeps_no_graph_to_count_and_is_refused():
    f = checkpoint(lambda x: (3 * x + 1) ** 2, Value(2.0))
    with pytest.raises(ValueError, match="the graph has a checkpoint in it, which is no row of the table") as raised:
        count_steps(f)
    one_line(raised)


def test_a_layer_alone_is_a_network_too():
    assert count_steps(Layer(3, 2, activation="tanh", bias=False, rng=0)([1.0, 2.0, 3.0])).network == network_steps(
        [3, 2]
    )
