"""The three Jacobians of J8 and the tensors of U9 and U10 against the matrix formulas, written by hand in NumPy."""

import math
from itertools import pairwise

import numpy as np
import pytest

from autograd import Value, exp, gradient, hessian, jacobian, no_grad, sigmoid, softplus
from nn import MLP, GaussianLayer, Layer, Module, Neuron, Parameter, Perceptron, Sequential, Skip, half_squared_error
from nn.jacobians import (
    ByLayer,
    biases_of,
    input_jacobian,
    layer_jacobian,
    loss_gradient,
    parameter_jacobian,
    plot_jacobian,
    weights_of,
)

X = [0.5, -1.0, 0.25]
W2 = [[1, 1, 0], [0, 1, 1], [1, 0, 1]]  # U9 and U10


def logistic(z):
    return 1 / (1 + np.exp(-z))


def matrices(layer):
    return np.array(layer.weights), np.array([neuron.b.data for neuron in layer.neurons])


def trained(rng=3):
    """3 → 4 tanh → 2 sigmoid with biases that are not 0, and its matrices."""
    model = MLP(3, [4, 2], activation=["tanh", "sigmoid"], rng=rng)
    for i, layer in enumerate(model.layers):
        for j, neuron in enumerate(layer.neurons):
            neuron.b.data = 0.1 * (j + 1) - 0.2 * i
    return model, *matrices(model.layers[0]), *matrices(model.layers[1])


def by_hand(model):
    """∂y/∂x, ∂y/∂W and ∂y/∂b of `trained` at X as arrays [k, …], by the chain rule in matrices."""
    _, W1, b1, W2, b2 = model
    x = np.array(X)
    a1 = np.tanh(W1 @ x + b1)
    y = logistic(W2 @ a1 + b2)
    by_z2 = np.diag(y * (1 - y))
    by_z1 = by_z2 @ W2 @ np.diag(1 - a1**2)
    by_w1, by_w2 = (np.einsum("kj,i->kji", by_z, a) for by_z, a in ((by_z1, x), (by_z2, a1)))
    return y, by_z1 @ W1, (by_w1, by_w2), (by_z1, by_z2)


# --- U9 and U10


def linear_network():
    """U9. W1 is not printed; with X = [1, 1, 1] and b = 0 its rows have to add up to H1 = [6, 15, 24], as these do."""
    model = MLP(3, [3, 3], activation=["linear", "linear"], bias=False)
    model.layers[0].set([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    model.layers[1].set(W2)
    return model


def test_U9_the_outputs_are_the_printed_ones():
    model = linear_network()
    assert [h.data for h in model.layers[0]([1, 1, 1])] == [6, 15, 24]
    assert [h.data for h in model([1, 1, 1])] == [21, 39, 30]


def test_U9_both_tensors_come_out_of_one_call():
    found = parameter_jacobian(linear_network(), [1, 1, 1])
    by_w1, by_w2 = (np.array([w[layer] for w in found.weights]) for layer in (0, 1))
    assert by_w1.shape == by_w2.shape == (3, 3, 3)
    assert (by_w1 == np.einsum("jk,i->jki", W2, [1, 1, 1])).all()
    assert (by_w2 == np.einsum("jk,i->jki", np.eye(3), [6, 15, 24])).all()
    assert found.biases == [[[], []]] * 3


def test_U9_the_errors_gradient_is_the_printed_matrix():
    model = linear_network()
    found = loss_gradient(half_squared_error(model([1, 1, 1]), [20, 0, 0]), model)
    assert found.weights[0] == [[31] * 3, [40] * 3, [69] * 3]
    tensor = np.array([w[0] for w in parameter_jacobian(model, [1, 1, 1]).weights])
    assert (np.einsum("k,kji->ji", [1, 39, 30], tensor) == found.weights[0]).all()


def test_U10_the_sigmoid_networks_tensors():
    model = MLP(3, [3, 3], activation=["sigmoid", "linear"])
    model.layers[0].set([[1, 1, 1], [1, 0, -1], [-1, -1, 1]], [0, 0, 0])
    model.layers[1].set(W2, [0, 0, 0])
    x = [1.0, 1.0, 1.0]
    v = np.array([3.0, 0.0, -1.0])
    a = logistic(v)
    assert [neuron.pre_activation(x).data for neuron in model.layers[0].neurons] == v.tolist()
    assert [round(h.data, 2) for h in model.layers[0](x)] == [0.95, 0.5, 0.27]
    by_v = np.array(W2) @ np.diag(a * (1 - a))
    after = input_jacobian(lambda z: model.layers[1]([sigmoid(c) for c in z]), v)
    assert np.allclose(after, by_v, rtol=1e-14)
    found = parameter_jacobian(model, x)
    assert np.allclose([w[0] for w in found.weights], np.einsum("jk,i->jki", by_v, x), rtol=1e-14)
    assert np.allclose([b[0] for b in found.biases], by_v, rtol=1e-14)


# --- J8


def test_J8_outputs_by_inputs():
    made = trained()
    y, by_x, _, _ = by_hand(made)
    assert [out.data for out in made[0](X)] == pytest.approx(y, rel=1e-14)
    assert np.allclose(input_jacobian(made[0], X), by_x, rtol=1e-13)


def test_J8_outputs_by_parameters_nested_as_output_layer_unit_input():
    made = trained()
    _, _, weights, biases = by_hand(made)
    found = parameter_jacobian(made[0], X)
    for layer in (0, 1):
        assert np.allclose([w[layer] for w in found.weights], weights[layer], rtol=1e-13)
        assert np.allclose([b[layer] for b in found.biases], biases[layer], rtol=1e-13)
    assert {type(d) for rows in found.weights[0] for row in rows for d in row} == {float}


def test_J8_loss_by_parameters_is_what_backward_adds_to_grad():
    made = trained()
    model, (y, _, weights, biases) = made[0], by_hand(made)
    loss = half_squared_error(model(X), [1.0, 0.0])
    found = loss_gradient(loss, model)
    assert all(p.grad == 0.0 for p in model.parameters())
    error = y - [1.0, 0.0]
    for layer in (0, 1):
        assert np.allclose(found.weights[layer], np.einsum("k,kji->ji", error, weights[layer]), rtol=1e-12)
        assert np.allclose(found.biases[layer], error @ biases[layer], rtol=1e-12)
    loss.backward()
    assert found.weights == [[[w.grad for w in row] for row in rows] for rows in weights_of(model)]
    assert found.biases == [[b.grad for b in layer] for layer in biases_of(model)]


@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("tanh", lambda z: np.diag(1 - np.tanh(z) ** 2)),
        ("relu", lambda z: np.diag((z > 0) * 1.0)),
        ("sigmoid", lambda z: np.diag(logistic(z) * logistic(-z))),
        ("linear", lambda z: np.eye(len(z))),
        ("softmax", lambda z: np.diag(p := np.exp(z) / np.exp(z).sum()) - np.outer(p, p)),
    ],
)
def test_J8_one_layer_by_its_input_is_the_slopes_times_W(name, slope):
    layer = Layer(3, 4, activation=name, rng=5)
    layer.set(layer.weights, [0.3, -0.1, 0.2, 0.1])
    W, b = matrices(layer)
    z = W @ X + b
    assert len(set(np.sign(z))) == 2  # so that ReLU has both sides
    assert np.allclose(layer_jacobian(layer, X), slope(z) @ W, rtol=1e-13, atol=1e-17)


def test_gaussian_units_by_input_and_by_centre():
    layer = GaussianLayer(3, 2, rng=1)
    centers = np.array([[c.data for c in row] for row in layer.centers])
    away = np.array(X) - centers
    a = np.exp(-0.5 * (away**2).sum(axis=1))
    assert np.allclose(layer_jacobian(layer, X), -a[:, None] * away, rtol=1e-13)
    found = parameter_jacobian(layer, X)
    assert np.allclose([w[0] for w in found.weights], np.einsum("kj,ji->kji", np.diag(a), away), rtol=1e-13)
    assert found.biases == [[[]], [[]]]


def test_a_networks_jacobian_is_the_product_of_its_layers():
    model, x = trained()[0], X
    product = np.eye(3)
    for layer in model.layers:
        product = np.array(layer_jacobian(layer, x)) @ product
        x = [a.data for a in layer(x)]
    assert np.allclose(product, input_jacobian(model, X), rtol=1e-13)


def test_a_skip_connection_adds_the_identity():
    inner = Layer(3, 3, activation="tanh", rng=0)
    assert np.allclose(input_jacobian(Skip(inner), X), np.eye(3) + layer_jacobian(inner, X), rtol=1e-14)


# --- shapes and inputs


def test_one_output_and_one_input_still_make_rows():
    model = MLP(1, [2, 1], activation="tanh", rng=0)
    assert np.shape(input_jacobian(model, 0.5)) == np.shape(input_jacobian(model, Value(0.5))) == (1, 1)
    assert [len(part) for part in parameter_jacobian(model, [0.5])] == [1, 1]


def test_numpys_numbers_and_ints_are_inputs_too():
    model = trained()[0]
    assert input_jacobian(model, np.array(X)) == input_jacobian(model, X)
    assert np.shape(input_jacobian(model, np.array([1, 2, 3]))) == (2, 3)


def test_inputs_that_are_computed_are_differentiated_by_as_they_are():
    t = Value(0.3)
    inner = [exp(t), t * t]
    found = input_jacobian(lambda x: x[0] * x[1] + t, inner)
    assert found == [[inner[1].data, inner[0].data]]


def test_outer_layers_may_be_differentiated_by_activations():
    model = trained()[0]
    hidden = model.layers[0](X)
    assert jacobian(model.layers[1](hidden), hidden) == input_jacobian(model.layers[1], [a.data for a in hidden])


def test_the_nested_weights_fit_into_jacobian():
    model = trained()[0]
    assert jacobian(model(X), weights_of(model)) == parameter_jacobian(model, X).weights
    assert [[len(row) for row in rows] for rows in weights_of(model)] == [[3] * 4, [4] * 2]
    assert [w for rows in weights_of(model) for row in rows for w in row] == [
        p for p in model.parameters() if p.name.startswith("w")
    ]


def test_create_graph_gives_values_that_are_differentiated_again():
    xs = [Value(0.5), Value(-1.0)]
    model = MLP(2, [3, 1], activation="tanh", rng=0)
    first = input_jacobian(model, xs, create_graph=True)[0]
    assert np.allclose([gradient(d, xs) for d in first], hessian(model(xs), xs), rtol=1e-12)
    by_weights = parameter_jacobian(model, xs, create_graph=True).weights[0][0][0][0]
    w = weights_of(model)[0][0][0]
    assert gradient(by_weights, w) == pytest.approx(hessian(model(xs), w), rel=1e-12)
    loss = half_squared_error(model(xs), 1.0)
    again = loss_gradient(loss, model, create_graph=True).biases[1][0]
    assert gradient(again, model.layers[1].neurons[0].b) == pytest.approx(1.0)


def test_no_grad_attribute_changes():
    model = trained()[0]
    for p in model.parameters():
        p.grad = 7.0
    input_jacobian(model, X)
    parameter_jacobian(model, X)
    assert {p.grad for p in model.parameters()} == {7.0}


# --- where layers are found


def test_layers_are_found_wherever_they_stand():
    model = Sequential(GaussianLayer(2, 3, rng=0), Skip(Layer(3, 3, rng=1)), softplus_each, Neuron(3, rng=2))
    found = weights_of(model)
    assert [[len(row) for row in rows] for rows in found] == [[2] * 3, [3] * 3, [3]]
    assert found[0] == model.stages[0].centers
    assert [len(b) for b in biases_of(model)] == [0, 3, 1]
    assert len(parameter_jacobian(model, [0.1, 0.2]).weights[0]) == 3


def softplus_each(zs):
    return [softplus(z) for z in zs]


def test_a_layer_used_twice_is_listed_once_with_the_whole_derivative():
    layer = Layer(1, 1, activation="linear", bias=False)
    layer.set([[3.0]])
    assert parameter_jacobian(Sequential(layer, layer), [2.0]) == ByLayer([[[[12.0]]]], [[[]]])  # d(w² x)/dw = 2 w x


def test_the_bias_as_weight_of_x0_is_column_0():
    layer = Layer(2, 1, activation="linear", bias="x0", rng=0)
    assert parameter_jacobian(layer, [3.0, 4.0]).weights == [[[[1.0, 3.0, 4.0]]]]


class Line(Module):
    def __init__(self):
        self.slope = Parameter(2.0)

    def __call__(self, x):
        return [self.slope * a for a in x]


def test_parameters_that_would_go_missing_are_an_error():
    with pytest.raises(LookupError, match=r"Line object .* has no layers to give its parameters rows and columns"):
        weights_of(Line())
    with pytest.raises(LookupError, match=r"parameter stages\.1\.slope is in no layer"):
        parameter_jacobian(Sequential(Layer(1, 1), Line()), [1.0])
    assert input_jacobian(Line(), [1.0]) == [[2.0]]
    with pytest.raises(LookupError, match="Perceptron"):
        parameter_jacobian(Perceptron(2), [1.0, 1.0])
    with pytest.raises(TypeError, match="expected a model with layers, got list"):
        weights_of([Layer(1, 1)])


# --- errors


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: input_jacobian(MLP(2, [1]), []), ValueError, "x is empty"),
        (lambda: input_jacobian(MLP(2, [1]), [1.0]), ValueError, "a neuron with 2 inputs got 1"),
        (lambda: input_jacobian(MLP(2, [1]), ["a", 2]), TypeError, r"expected a number as x\[0\], got str 'a'"),
        (lambda: input_jacobian(MLP(2, [1]), "ab"), TypeError, "expected a number as x, got str"),
        (lambda: input_jacobian(Perceptron(1), [1.0]), TypeError, "expected Values from the model, got 0.0 as output"),
        (lambda: input_jacobian(lambda x: [x[0], 1.0], [1.0]), TypeError, r"got 1.0 as output\[1\]: it has no graph"),
        (lambda: layer_jacobian(MLP(1, [1]), [1.0]), TypeError, "expected one layer, such as model.layers"),
        (lambda: loss_gradient(Value(1.0), MLP(1, [1])), ValueError, "the loss 1.0 was computed from nothing"),
        (lambda: loss_gradient(1.0, MLP(1, [1])), TypeError, "expected a Value as f, got float"),
    ],
)
def test_arguments_that_do_not_fit_are_named(call, error, said):
    with pytest.raises(error, match=said):
        call()


def test_without_a_graph_there_is_no_jacobian_of_zeros():
    with no_grad():
        for call in (input_jacobian, parameter_jacobian):
            with pytest.raises(ValueError, match=r"graph that no_grad\(\) leaves out"):
                call(MLP(2, [1]), [1.0, 2.0])


# --- the picture


def test_the_heat_map_shows_every_number_with_zero_in_the_middle():
    figure = plot_jacobian([[1.0, -2.0, 0.5], [0.0, Value(0.25), 1e-9]], title="∂y/∂x", rows="unit")
    axes, bar = figure.axes
    figure.draw_without_rendering()
    assert axes.images[0].get_clim() == (-2.0, 2.0)
    assert axes.images[0].get_array().tolist() == [[1.0, -2.0, 0.5], [0.0, 0.25, 1e-9]]
    assert [text.get_text() for text in axes.texts] == ["1", "-2", "0.5", "0", "0.25", "1e-09"]
    assert (axes.get_title(), axes.get_xlabel(), axes.get_ylabel()) == ("∂y/∂x", "input", "unit")
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1", "2", "3"]
    assert bar is not axes


def test_numbers_in_the_heat_map_do_not_overlap_at_their_widest():
    figure = plot_jacobian([[-1.23e-104 * 10 ** (i % 3)] * 8 for i in range(8)])
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len(boxes) == 64
    for start in range(0, 64, 8):
        assert all(a.x1 < b.x0 for a, b in pairwise(boxes[start : start + 8]))


def test_a_large_jacobian_has_no_numbers_and_few_ticks():
    axes = plot_jacobian(np.zeros((30, 100))).axes[0]
    assert len(axes.texts) == 0
    assert len(axes.get_xticks()) <= 12 and len(axes.get_yticks()) <= 12


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        ([], r"rows of one length, got lengths \[\]"),
        ([[]], r"got lengths \[0\]"),
        ([[1.0], [1.0, 2.0]], r"got lengths \[1, 2\]"),
        ([[1.0, math.nan]], "row 0, column 1 is nan"),
    ],
)
def test_what_is_no_matrix_cannot_be_drawn(matrix, said):
    with pytest.raises(ValueError, match=said):
        plot_jacobian(matrix)
