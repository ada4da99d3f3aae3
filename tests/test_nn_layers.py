"""Activations, layers, networks and other units: against formulas written by hand, and what they refuse."""

import functools
import math
import random

import by_hand
import numpy as np
import pytest

from autograd import Value, check_gradients, gradient, tanh
from nn import ACTIVATIONS, MLP, GaussianLayer, Layer, Module, Neuron, Parameter, Perceptron, Sequential, Skip, zeros
from nn.activations import activation, softmax

POINTS = [-3.0, -0.7, -1e-3, 1e-3, 0.4, 2.5]
FORMULAS = {
    "linear": lambda z: z,
    "relu": lambda z: max(0.0, z),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "half_tanh": lambda z: 1 / (1 + math.exp(-2 * z)),
    "selu": lambda z: 1.0507009873554805 * (z if z > 0 else 1.6732632423543772 * (math.exp(z) - 1)),
    "gelu": lambda z: z * 0.5 * math.erfc(-z / math.sqrt(2)),
    "softplus": lambda z: math.log(1 + math.exp(z)),
    "heaviside": lambda z: float(z > 0),
}
OF_UNITS = [name for name, row in ACTIVATIONS.items() if not row.of_layer]


def test_every_activation_of_units_has_a_formula_here():
    assert set(OF_UNITS) == set(FORMULAS)


@pytest.mark.parametrize("name", OF_UNITS)
def test_an_activation_computes_its_formula_on_numbers_and_values(name):
    function = ACTIVATIONS[name].function
    for z in POINTS:
        assert float(function(z)) == pytest.approx(FORMULAS[name](z), rel=1e-12, abs=1e-15)
        assert float(function(Value(z))) == float(function(z))


@pytest.mark.parametrize("name", [name for name in OF_UNITS if name != "linear"])
def test_an_activations_derivative_agrees_with_differences(name):
    for z in POINTS:
        assert check_gradients(ACTIVATIONS[name].function, [z])


@pytest.mark.parametrize(
    ("name", "slope"),
    [("relu", 0.0), ("leaky_relu", 0.01), ("heaviside", 0.0), ("selu", 1.0507009873554805 * 1.6732632423543772)],
)
def test_the_derivative_at_the_kink_is_the_left_one(name, slope):
    z = Value(0.0)
    assert gradient(ACTIVATIONS[name].function(z), z) == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize("name", OF_UNITS)
@pytest.mark.parametrize("z", [-1000.0, 1000.0])
def test_activations_far_out_are_finite_and_so_are_their_derivatives(name, z):
    x = Value(z)
    out = ACTIVATIONS[name].function(x)
    assert math.isfinite(float(out))
    if isinstance(out, Value):
        assert math.isfinite(gradient(out, x))


def test_softmax_and_its_jacobian():
    zs = [Value(0.5), Value(-1.0), Value(2.0)]
    a = np.exp([0.5, -1.0, 2.0])
    a /= a.sum()
    found = softmax(zs)
    assert [v.data for v in found] == pytest.approx(a, rel=1e-14)
    jacobian = np.diag(a) - np.outer(a, a)
    assert np.allclose([gradient(v, zs) for v in found], jacobian, rtol=1e-12, atol=1e-16)


def test_softmax_of_large_logits_is_stable():
    assert [v.data for v in softmax([Value(1000.0), Value(-1000.0)])] == [1.0, 0.0]


@pytest.mark.parametrize("spelling", ["relu", "ReLU", " RELU "])
def test_names_are_read_as_people_write_them(spelling):
    assert activation(spelling) is ACTIVATIONS["relu"]
    assert activation("½(1+tanh)") is ACTIVATIONS["half_tanh"]
    assert activation("Leaky ReLU") is activation("leaky-relu") is ACTIVATIONS["leaky_relu"]


def test_an_unknown_activation_lists_the_known_and_the_nearest():
    with pytest.raises(
        ValueError, match=r"^there is no activation 'sigmoud'; did you mean 'sigmoid'\? Known are linear, "
    ):
        MLP(2, [2, 1], activation="sigmoud")
    with pytest.raises(ValueError, match=r"^there is no activation 'xyzzy'\. Known are linear, "):
        Neuron(2, activation="xyzzy")
    with pytest.raises(TypeError, match=r"^expected the name of an activation or a function, got int 3$"):
        Neuron(2, activation=3)


def test_an_activation_may_be_any_function():
    assert activation(tanh) is ACTIVATIONS["tanh"]
    neuron = Neuron(1, activation=lambda z: z * z, init=lambda fan_in, rng: 3.0)
    assert neuron([2.0]).data == 36.0
    assert repr(neuron) == "Neuron(1 → lambda, 2 parameters)"


@pytest.mark.parametrize("names", [["tanh", "linear"], ["relu", "sigmoid"], ["sigmoid", "tanh", "linear"]])
def test_a_network_is_the_textbooks_forward_recursion(names):
    widths = [4, 3, 2][: len(names)]
    model = MLP(3, widths, activation=names, rng=1)
    x = [0.3, -1.2, 0.8]
    weights = [layer.weights for layer in model.layers]
    biases = [[neuron.b.data for neuron in layer.neurons] for layer in model.layers]
    _, outs = by_hand.forward(weights, biases, names, x)
    out = model(x)
    assert [v.data for v in out] == pytest.approx(outs[-1], rel=1e-13)


def test_a_layer_with_softmax_sees_all_its_units():
    model = MLP(2, [3, 4], activation="tanh", output="softmax", rng=0)
    assert sum(v.data for v in model([1.0, -1.0])) == pytest.approx(1, rel=1e-14)
    assert Neuron(2, activation="softmax", rng=0)([1.0, 2.0]).data == 1.0


def test_a_bias_may_be_left_out_or_be_the_weight_of_an_extra_input():
    without = Layer(2, 2, activation="linear", bias=False, rng=0)
    assert len(without.parameters()) == 4
    assert [v.data for v in without([0.0, 0.0])] == [0.0, 0.0]
    extra = Neuron(2, activation="linear", bias="x0", rng=0)
    extra.set([7.0, 1.0, 2.0])
    assert extra([10.0, 100.0]).data == 7.0 + 10.0 + 200.0
    assert [p.name for p in extra.parameters()] == ["w0", "w1", "w2"]
    with_b = Neuron(2, activation="linear", rng=0)
    with_b.set([1.0, 2.0], 7.0)
    assert with_b([10.0, 100.0]).data == 217.0


def test_initial_weights_follow_the_activation_where_one_is_named():
    for name, gain in (("relu", 2.0), ("tanh", 1.0), ("leaky_relu", 2.0), ("sigmoid", 1.0)):
        layer = Layer(50, 200, activation=name, rng=0)
        variance = np.var(layer.weights)
        assert variance == pytest.approx(gain / 50, rel=0.05)
    assert np.var(Layer(50, 200, rng=0).weights) == pytest.approx(1 / 3, rel=0.05)  # micrograd's uniform in -1 … 1


def test_parameters_are_found_by_path_and_by_name():
    model = MLP(2, [5, 1], rng=0)
    assert list(model.named_parameters())[:4] == [
        "layers.0.neurons.0.w.0",
        "layers.0.neurons.0.w.1",
        "layers.0.neurons.0.b",
        "layers.0.neurons.1.w.0",
    ]
    assert list(model.named_parameters().values()) == model.parameters()
    assert model.parameter("w1_52") is model.parameter("layers.0.neurons.4.w.1") is model.layers[0].neurons[4].w[1]


def test_a_parameter_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(LookupError, match=r"^no parameter 'w1_53' among the 21 of this module; did you mean 'w1_5"):
        MLP(2, [5, 1], rng=0).parameter("w1_53")
    layer = Layer(2, 2, rng=0)
    with pytest.raises(LookupError, match=r"^2 parameters are named 'w1'; give the path of one$"):
        layer.parameter("w1")


def test_weights_are_set_from_lists_and_arrays():
    layer = Layer(2, 3, activation="linear", rng=0)
    layer.set(np.arange(6).reshape(3, 2), np.array([1, 2, 3]))
    assert layer.weights == [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]
    assert [v.data for v in layer([1.0, 10.0])] == [11.0, 34.0, 57.0]


@pytest.mark.parametrize(
    ("weights", "biases", "message"),
    [
        ([[1, 2]], None, r"expected 2 rows of 2 weights, got rows of \[2\]"),
        ([[1, 2], [3]], None, r"expected 2 rows of 2 weights, got rows of \[2, 1\]"),
        ([[1, 2], [3, 4]], [1], "expected 2 biases, got 1"),
    ],
)
def test_weights_of_another_shape_are_refused_and_change_nothing(weights, biases, message):
    layer = Layer(2, 2, rng=0)
    before = layer.weights
    with pytest.raises(ValueError, match=message):
        layer.set(weights, biases)
    assert layer.weights == before


def test_a_neuron_refuses_what_it_has_no_place_for():
    with pytest.raises(ValueError, match=r"^a neuron with 2 weights was given 3$"):
        Neuron(2, rng=0).set([1, 2, 3])
    with pytest.raises(ValueError, match=r"^a neuron without a bias was given 1\.0 as its bias$"):
        Neuron(2, bias=False, rng=0).set([1, 2], 1.0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Neuron(0), "expected a whole number of inputs from 1 up, got 0"),
        (lambda: Neuron(1.5), "expected a whole number of inputs from 1 up, got 1.5"),
        (lambda: Layer(2, 0), "expected a whole number of units from 1 up, got 0"),
        (lambda: MLP(2, []), r"expected the widths of the layers, such as \[16, 16, 1\], got \[\]"),
        (lambda: MLP(2, 3), "expected the widths of the layers"),
        (lambda: Neuron(2, bias="yes"), "bias is True, False or 'x0', got 'yes'"),
        (lambda: MLP(2, [2, 1], activation=["relu"]), "expected an activation for each of the 2 layers, got 1"),
        (lambda: MLP(2, [2, 1], activation=["relu", "tanh"], output="tanh"), "got 2 and an output besides"),
    ],
)
def test_shapes_that_make_no_network_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_stages_in_a_row_and_a_skip_around_one():
    first, second = Layer(2, 2, activation="tanh", rng=0), Layer(2, 1, activation="linear", rng=1)
    model = Sequential(first, Skip(Layer(2, 2, init=zeros(), activation="tanh")), second, tanh)
    x = [0.3, -0.4]
    assert model(x).data == tanh(second(first(x))).data
    assert len(model.parameters()) == 6 + 6 + 3
    assert model.named_parameters()["stages.1.inner.neurons.0.b"].data == 0.0
    assert repr(model).startswith("Sequential(Layer(2 → 2 tanh, 6 parameters), Skip(Layer(")


def test_a_skip_connection_keeps_the_gradient_where_the_layer_is_dead():
    x = Value(2.0)
    dead = Layer(1, 1, init=lambda fan_in, rng: -1.0)
    assert gradient(dead(x), x) == 0.0
    assert gradient(Skip(dead)(x), x) == 1.0


def test_what_cannot_stand_in_a_row_is_refused():
    with pytest.raises(TypeError, match=r"^expected modules and functions, got int 3$"):
        Sequential(3)
    with pytest.raises(ValueError, match=r"but 2 came in, 3 out$"):
        Skip(Layer(2, 3, rng=0))([1.0, 2.0])


def test_a_module_collects_parameters_from_attributes_lists_and_dicts_and_no_other_values():
    class Odd(Module):
        def __init__(self):
            self.constant = Value(1.0)
            self.table = {"a": Parameter(1.0), "b": [Parameter(2.0), (Parameter(3.0),)]}
            self.text = "w"

    assert list(Odd().named_parameters()) == ["table.a", "table.b.0", "table.b.1.0"]


def test_a_gaussian_layer_refuses_another_width():
    with pytest.raises(ValueError, match=r"^Gaussian units with 2 inputs got 3$"):
        GaussianLayer(2, 2, rng=0)([1, 2, 3])
    with pytest.raises(ValueError, match=r"^expected a whole number of inputs from 1 up, got 0$"):
        GaussianLayer(0, 2)


@pytest.mark.parametrize("nin", [1, 2, 5])
def test_a_gaussian_units_graph_ends_at_its_inputs_and_its_centre(nin):
    layer = GaussianLayer(nin, 2, rng=nin)
    xs = [Value(0.3 * i - 0.5, f"x{i}") for i in range(nin)]
    for unit, center in zip(layer(xs), layer.centers, strict=True):
        squares = [(x.data - c.data) ** 2 for x, c in zip(xs, center, strict=True)]
        assert unit.data == math.exp(-0.5 * functools.reduce(float.__add__, squares))  # not sum(): it compensates
        leaves, waiting = set(), [unit]
        while waiting:
            node = waiting.pop()
            waiting += [x for x in node.inputs if isinstance(x, Value)]
            if isinstance(node, Value) and node.op is None:
                leaves.add(node)
        assert leaves == {*xs, *center}


def test_a_perceptron_says_what_it_takes():
    unit = Perceptron(2)
    assert repr(unit) == "Perceptron(2 → Heaviside, 3 parameters)"
    with pytest.raises(ValueError, match=r"^a perceptron with 2 inputs got 1$"):
        unit([1])
    with pytest.raises(ValueError, match=r"^a perceptron's targets are 0 and 1, got -1$"):
        unit.learn([[0, 1]], [-1])
    with pytest.raises(ValueError, match="got 0 samples and 0 targets"):
        unit.learn([], [])


def test_random_separable_tasks_are_all_learned():
    rng = random.Random(3)
    for _ in range(20):
        normal, offset = [rng.gauss(0, 1) for _ in range(3)], rng.gauss(0, 0.3)
        rows = [[rng.uniform(-1, 1) for _ in range(3)] for _ in range(30)]
        margins = [sum(n * v for n, v in zip(normal, row, strict=True)) + offset for row in rows]
        rows = [row for row, margin in zip(rows, margins, strict=True) if abs(margin) > 0.2]
        targets = [int(margin > 0) for margin in margins if abs(margin) > 0.2]
        unit = Perceptron(3)
        assert unit.learn(rows, targets) is not None
        assert [unit(row) for row in rows] == targets
