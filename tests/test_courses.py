"""Facts of the five courses that a network can show, each named after its block."""

import math

import by_hand
import numpy as np
import pytest

from autograd import Value, check_gradients, dot, exp, gradient
from nn import (
    ACTIVATIONS,
    MLP,
    SGD,
    GaussianLayer,
    Layer,
    Neuron,
    Perceptron,
    Sequential,
    cross_entropy,
    deltas,
    half_squared_error,
    squared_error,
)

XOR = [([0.0, 0.0], 0), ([0.0, 1.0], 1), ([1.0, 0.0], 1), ([1.0, 1.0], 0)]


def trained_on_xor(model, steps):
    """The loss Σ (y − t)² before the last of so many full-batch steps of gradient descent."""
    optimizer = SGD(model.parameters(), 0.1)
    for _ in range(steps):
        loss = sum((model(x) - t) ** 2 for x, t in XOR)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.data


def numbers_of(model):
    """Weights by layer, unit and input, biases by layer and unit, and the activations' names."""
    weights = [layer.weights for layer in model.layers]
    biases = [[0.0 if n.b is None else n.b.data for n in layer.neurons] for layer in model.layers]
    return weights, biases, [layer.activation.name for layer in model.layers]


def test_G1_delta_errors_of_a_three_layer_network():
    model = MLP(3, [6, 4, 2], activation=["tanh", "sigmoid", "tanh"], rng=2)
    weights, biases, names = numbers_of(model)
    x, targets = [0.5, -1.5, 0.25], [0.3, -0.6]
    half_squared_error(model(x), targets).backward()
    zs, outs = by_hand.forward(weights, biases, names, x)
    found = by_hand.deltas(weights, names, zs, [y - t for y, t in zip(outs[-1], targets, strict=True)])
    # δ of a unit is its bias's gradient, since ∂z/∂b = 1
    for layer, expected in zip(model.layers, found, strict=True):
        assert [n.b.grad for n in layer.neurons] == pytest.approx(expected, rel=1e-12)
    assert model.parameter("w1_52").grad == pytest.approx(found[0][4] * x[1], rel=1e-12)


def test_G1_errors_are_summed_over_patterns():
    model = MLP(2, [3, 1], activation="tanh", rng=0)
    patterns = [([0.1, 0.9], [1.0]), ([-0.5, 0.2], [0.0])]
    singly = []
    for x, t in patterns:
        singly.append(gradient(half_squared_error([model(x)], t), model.parameters()))
    together = sum(half_squared_error([model(x)], t) for x, t in patterns)
    assert gradient(together, model.parameters()) == pytest.approx(np.sum(singly, axis=0), rel=1e-12)


def test_G4_gaussian_units_and_their_centres():
    gaussian = GaussianLayer(2, 5, rng=1)
    hidden, out = Layer(5, 3, activation="sigmoid", rng=2), Layer(3, 2, activation="linear", rng=3)
    model, x, t = Sequential(gaussian, hidden, out), [0.3, -0.8], [1.0, -1.0]
    c = np.array([[v.data for v in center] for center in gaussian.centers])
    x1 = np.exp(-0.5 * ((np.array(x) - c) ** 2).sum(axis=1))
    W2, b2 = np.array(hidden.weights), np.array([n.b.data for n in hidden.neurons])
    W3, b3 = np.array(out.weights), np.array([n.b.data for n in out.neurons])
    x2 = 1 / (1 + np.exp(-(W2 @ x1 + b2)))
    delta3 = -(np.array(t) - (W3 @ x2 + b3))
    delta2 = x2 * (1 - x2) * (W3.T @ delta3)
    delta1 = x1 * (W2.T @ delta2)
    half_squared_error(model(x), t).backward()
    found = [[v.grad for v in center] for center in gaussian.centers]
    assert np.allclose(found, delta1[:, None] * (np.array(x) - c), rtol=1e-12)


def test_D_c_the_bias_as_an_extra_input():
    plain, extra = MLP(2, [3, 1], activation="tanh", rng=0), MLP(2, [3, 1], activation="tanh", bias="x0", rng=5)
    for layer, other in zip(plain.layers, extra.layers, strict=True):
        layer.set(layer.weights, [0.1 * i for i in range(len(layer.neurons))])
        other.set([[n.b.data, *row] for n, row in zip(layer.neurons, layer.weights, strict=True)])
    assert extra([0.7, -0.2]).data == pytest.approx(plain([0.7, -0.2]).data, rel=1e-14)


def test_D_d_without_non_linearities_the_network_is_linear_in_x():
    model = MLP(3, [5, 4, 2], activation=["linear"] * 3, bias=False, rng=0)
    x, y = np.array([1.0, -2.0, 0.5]), np.array([0.3, 0.1, -1.0])

    def f(v):
        return np.array([out.data for out in model(v.tolist())])

    assert np.allclose(f(2 * x - 3 * y), 2 * f(x) - 3 * f(y), rtol=1e-12)


def test_J6_without_non_linearities_it_is_the_product_of_the_matrices():
    model = MLP(3, [5, 4, 2], activation=["linear"] * 3, bias=False, rng=0)
    product = np.linalg.multi_dot([np.array(layer.weights) for layer in reversed(model.layers)])
    x = [1.0, -2.0, 0.5]
    assert np.allclose([out.data for out in model(x)], product @ x, rtol=1e-12)


@pytest.mark.parametrize("names", [["relu", "linear"], ["tanh", "sigmoid"], ["sigmoid", "relu", "tanh", "linear"]])
def test_J2_the_by_hand_recursion_agrees_to_the_last_digits(names):
    model = MLP(3, [4, 3, 5, 2][-len(names) :], activation=names, rng=7)
    weights, biases, _ = numbers_of(model)
    x, t = [0.9, -0.4, 0.2], [0.5, -0.5]
    half_squared_error(model(x), t).backward()
    zs, outs = by_hand.forward(weights, biases, names, x)
    found = by_hand.deltas(weights, names, zs, [y - v for y, v in zip(outs[-1], t, strict=True)])
    gradients = by_hand.weight_gradients(found, outs)
    for layer, rows in zip(model.layers, gradients, strict=True):
        assert np.allclose([[w.grad for w in n.w] for n in layer.neurons], rows, rtol=1e-12, atol=1e-18)


def test_U2_a_sigmoid_of_elementary_ops_and_as_one_op():
    def values():
        return [Value(v) for v in (2.0, -1.0, -3.0, -2.0, -3.0)]

    w0, x0, w1, x1, w2 = first = values()
    long = 1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))
    v0, y0, v1, y1, v2 = second = values()
    short = (v0 * y0 + v1 * y1 + v2).sigmoid()
    assert long.data == pytest.approx(short.data, rel=1e-15)
    assert gradient(long, first) == pytest.approx(gradient(short, second), rel=1e-14)


def test_U6_the_perceptron_learns_what_is_separable_and_never_xor():
    corners = [x for x, _ in XOR]
    for targets in ([0, 0, 0, 1], [0, 1, 1, 1], [1, 1, 1, 0], [1, 0, 0, 0]):
        unit = Perceptron(2)
        assert unit.learn(corners, targets) is not None
        assert [unit(x) for x in corners] == targets
    assert Perceptron(2).learn(corners, [t for _, t in XOR]) is None


def test_U9_the_linear_network_of_the_sheet():
    # W1 is not printed there; this one gives its H1 = [6, 15, 24] for X = [1, 1, 1]
    model = MLP(3, [3, 3], activation=["linear", "linear"], bias=False, rng=0)
    model.layers[0].set([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    model.layers[1].set([[1, 1, 0], [0, 1, 1], [1, 0, 1]])
    h1 = model.layers[0]([1.0, 1.0, 1.0])
    assert [h.data for h in h1] == [6.0, 15.0, 24.0]
    f = model([1.0, 1.0, 1.0])
    assert [v.data for v in f] == [21.0, 39.0, 30.0]
    w1 = [n.w for n in model.layers[0].neurons]
    tensor = np.array([gradient(v, w1) for v in f])
    assert tensor.shape == (3, 3, 3)
    assert np.einsum("k,kij->ij", [21 - 20, 39 - 0, 30 - 0], tensor).tolist() == [[31] * 3, [40] * 3, [69] * 3]


def test_U10_the_sigmoid_network_of_the_sheet():
    W2 = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]])
    v = [Value(3.0), Value(0.0), Value(-1.0)]
    sigma = [a.sigmoid() for a in v]
    assert [round(s.data, 2) for s in sigma] == [0.95, 0.5, 0.27]
    h2 = [sum(w * s for w, s in zip(row, sigma, strict=True)) for row in W2.tolist()]
    s = np.array([a.data for a in sigma])
    assert np.allclose([gradient(h, v) for h in h2], W2 @ np.diag(s * (1 - s)), rtol=1e-14)


def test_J1_the_printed_weights_solve_xor():
    model = MLP(2, [2, 1], rng=0)
    model.layers[0].set([[1, 1], [1, 1]], [0, -1])
    model.layers[1].set([[1, -2]], [0])
    assert [model(x).data for x, _ in XOR] == [0.0, 1.0, 1.0, 0.0]


def test_J1_a_trained_network_solves_xor():
    model = MLP(2, [2, 1], activation="tanh", rng=4)
    trained_on_xor(model, 500)
    assert [round(model(x).data) for x, _ in XOR] == [0, 1, 1, 0]


def test_J1_a_single_layer_cannot_solve_xor():
    """w·x + b obeys f(0,0) + f(1,1) = f(0,1) + f(1,0): it cannot be below ½ at two corners and above at the others."""
    unit = Neuron(2, activation="linear", rng=0)
    for weights, bias in (([3.0, -2.0], 0.5), ([1.0, 1.0], -0.5), ([-4.0, 9.0], 2.0)):
        unit.set(weights, bias)
        f = [unit(x).data for x, _ in XOR]
        assert f[0] + f[3] == pytest.approx(f[1] + f[2])
    assert trained_on_xor(unit, 300) == pytest.approx(1.0, abs=1e-6)  # the best is ½ everywhere: 4 · ½²


P2_W = [[0.60, 0.70, 0.00], [0.01, 0.43, 0.88]]  # rows: inputs, columns: hidden units
P2_w = [0.02, 0.03, 0.09]
P2_SAMPLES = [([0.75, 0.80], 1.0), ([0.20, 0.05], 1.0), ([-0.75, 0.80], -1.0), ([0.20, -0.05], -1.0)]


def p2_model():
    model = MLP(2, [3, 1], activation="relu", bias=False, rng=0)
    model.layers[0].set(zip(*P2_W, strict=True))
    model.layers[1].set([P2_w])
    return model


def p2_gradients(W, w, x, y):
    """One sample worked with NumPy: loss, ∂L/∂W (inputs by units), ∂L/∂w."""
    x, W, w = np.array(x), np.array(W), np.array(w)
    s = x @ W
    z = np.maximum(s, 0)
    out = w @ z
    delta_out = out - y
    delta = delta_out * w * (s > 0)
    return 0.5 * (out - y) ** 2, np.outer(x, delta), delta_out * z


def p2_compare(model, W, w):
    assert np.allclose(np.array(model.layers[0].weights).T, W, rtol=1e-13, atol=1e-16)
    assert np.allclose(model.layers[1].weights, [w], rtol=1e-13, atol=1e-16)


def test_P2_the_first_sample_by_hand():
    model = p2_model()
    x, y = P2_SAMPLES[0]
    s = [n.pre_activation(x) for n in model.layers[0].neurons]
    assert [v.data for v in s] == pytest.approx([0.458, 0.869, 0.704], rel=1e-13)
    out = model(x)
    assert out.data == pytest.approx(0.02 * 0.458 + 0.03 * 0.869 + 0.09 * 0.704, rel=1e-13)
    loss = 0.5 * (out - y) ** 2
    loss.backward()
    assert out.grad == pytest.approx(out.data - 1.0, rel=1e-13)
    assert model.layers[1].neurons[0].w[2].grad == pytest.approx((out.data - 1.0) * 0.704, rel=1e-13)
    assert model.parameter("w1_21").grad == pytest.approx((out.data - 1.0) * 0.03 * 0.75, rel=1e-13)


@pytest.mark.parametrize("sample", range(4))
def test_P2_one_step_by_hand(sample):
    model, (x, y) = p2_model(), P2_SAMPLES[sample]
    loss = 0.5 * (model(x) - y) ** 2
    loss.backward()
    expected, dW, dw = p2_gradients(P2_W, P2_w, x, y)
    assert loss.data == pytest.approx(expected, rel=1e-13)
    SGD(model.parameters(), 0.5).step()
    p2_compare(model, np.array(P2_W) - 0.5 * dW, np.array(P2_w) - 0.5 * dw)


def test_P2_the_batch_sums_the_gradients():
    model = p2_model()
    sum(0.5 * (model(x) - y) ** 2 for x, y in P2_SAMPLES).backward()
    SGD(model.parameters(), 0.5).step()
    found = [p2_gradients(P2_W, P2_w, x, y) for x, y in P2_SAMPLES]
    p2_compare(model, np.array(P2_W) - 0.5 * sum(g[1] for g in found), np.array(P2_w) - 0.5 * sum(g[2] for g in found))


def test_P2_online_each_sample_meets_the_weights_the_last_one_left():
    model = p2_model()
    optimizer = SGD(model.parameters(), 0.5)
    W, w = np.array(P2_W), np.array(P2_w)
    for x, y in P2_SAMPLES:
        optimizer.zero_grad()
        (0.5 * (model(x) - y) ** 2).backward()
        optimizer.step()
        _, dW, dw = p2_gradients(W, w, x, y)
        W, w = W - 0.5 * dW, w - 0.5 * dw
    p2_compare(model, W, w)


def test_P1_three_weight_gradients():
    model = MLP(2, [3, 3, 1], activation=["tanh", "sigmoid", "tanh"], bias=False, rng=1)
    weights, biases, names = numbers_of(model)
    x, target = [0.4, -0.9], 0.25
    (0.5 * (model(x) - target) ** 2).backward()
    zs, outs = by_hand.forward(weights, biases, names, x)
    slope = 1 - math.tanh(zs[2][0]) ** 2
    by_formula = [(outs[3][0] - target) * slope * z for z in outs[2]]
    assert [w.grad for w in model.layers[2].neurons[0].w] == pytest.approx(by_formula, rel=1e-12)
    found = by_hand.weight_gradients(by_hand.deltas(weights, names, zs, [outs[3][0] - target]), outs)
    for layer, rows in zip(model.layers, found, strict=True):
        assert np.allclose([[w.grad for w in n.w] for n in layer.neurons], rows, rtol=1e-12)


def test_D_a_b_the_nested_formula_of_one_and_two_layers():
    one, two = MLP(2, [1], activation=["tanh"], rng=0), MLP(2, [3, 1], activation="tanh", rng=0)
    x = [0.7, -0.4]
    w = one.layers[0].weights[0]
    assert one(x).data == pytest.approx(math.tanh(w[0] * x[0] + w[1] * x[1]), rel=1e-14)
    inner = [math.tanh(a * x[0] + b * x[1]) for a, b in two.layers[0].weights]
    outer = two.layers[1].weights[0]
    assert two(x).data == pytest.approx(sum(v * h for v, h in zip(outer, inner, strict=True)), rel=1e-14)


@pytest.mark.parametrize("kind", ["classification", "regression"])
def test_D_j_k_l_the_deltas_are_alike_and_gradients_add_up_over_the_points(kind):
    model = MLP(2, [4, 3], activation="tanh", rng=3)
    weights, biases, names = numbers_of(model)
    data = [([0.1, -0.7], [1.0, 0.0, 0.0]), ([1.2, 0.4], [0.0, 0.0, 1.0])]
    by_formula, loss = 0.0, Value(0.0)
    for x, t in data:
        zs, outs = by_hand.forward(weights, biases, names, x)
        y = np.array(outs[-1])
        if kind == "classification":
            y = np.exp(y) / np.exp(y).sum()
        found = by_hand.deltas(weights, names, zs, (y - t).tolist())  # δ = y − t, stays with its data point
        by_formula = by_formula + np.array(by_hand.weight_gradients(found, outs)[0])
        loss = loss + (cross_entropy(model(x), t) if kind == "classification" else half_squared_error(model(x), t))
    loss.backward()
    assert np.allclose([[w.grad for w in n.w] for n in model.layers[0].neurons], by_formula, rtol=1e-12)


def test_U3_gradients_of_a_sigmoid_unit_have_no_sign_to_spare():
    w, x, b = [Value(0.5), Value(-1.0)], [Value(2.0), Value(0.25)], Value(0.1)
    a = dot(x, w, b).sigmoid()
    slope = a.data * (1 - a.data)
    assert gradient(a, w) == pytest.approx([v.data * slope for v in x], rel=1e-14)
    assert gradient(a, x) == pytest.approx([v.data * slope for v in w], rel=1e-14)


def test_U4_relu_and_its_derivative():
    for x, value, slope in ((2.0, 2.0, 1.0), (-2.0, 0.0, 0.0), (0.0, 0.0, 0.0)):
        v = Value(x)
        assert (v.relu().data, gradient(v.relu(), v)) == (value, slope)


def test_U5_every_weight_of_a_network_passes_the_gradient_check():
    model = MLP(2, [3, 2], activation="tanh", output="sigmoid", rng=0)
    report = check_gradients(lambda: half_squared_error(model([0.3, -0.8]), [1.0, 0.0]), model.parameters())
    assert report
    assert len(report.rows) == 17


def test_U7_the_loss_is_not_convex_and_the_start_decides():
    reached = set()
    for seed in range(6):
        model = MLP(2, [2, 1], activation="relu", rng=seed)
        reached.add(round(trained_on_xor(model, 200), 1))
    assert 0.0 in reached
    assert max(reached) > 0.4


def test_U12_gradient_descent_on_a_linear_network_reaches_baldi_and_horniks_minimum():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 3))
    y = x @ rng.normal(size=(3, 3)) * [3.0, 1.0, 0.3] + 0.1 * rng.normal(size=(40, 3))
    xx, yx, yy = x.T @ x / 40, y.T @ x / 40, y.T @ y / 40
    eigenvalues = np.linalg.eigvalsh(yx @ np.linalg.inv(xx) @ yx.T)[::-1]
    p = 2
    least = np.trace(yy) - eigenvalues[:p].sum()
    model = MLP(3, [p, 3], activation=["linear", "linear"], bias=False, rng=1)
    optimizer = SGD(model.parameters(), 0.03, momentum=0.9)
    for _ in range(300):
        optimizer.zero_grad()
        loss = sum(squared_error(model(a), b) for a, b in zip(x.tolist(), y.tolist(), strict=True)) / 40
        loss.backward()
        optimizer.step()
    assert loss.data == pytest.approx(least, rel=1e-4)
    assert loss.data >= least * (1 - 1e-12)


def test_J5_the_derivatives_of_the_activations():
    for z in (-2.0, -0.3, 0.8, 3.0):
        sigma, x = 1 / (1 + math.exp(-z)), Value(z)
        assert gradient(ACTIVATIONS["sigmoid"].function(x), x) == pytest.approx(sigma * (1 - sigma), rel=1e-13)
        assert gradient(ACTIVATIONS["tanh"].function(x), x) == pytest.approx(1 - math.tanh(z) ** 2, rel=1e-12)
        assert gradient(ACTIVATIONS["relu"].function(x), x) == float(z > 0)
        selu = 1.0507009873554805 * (1 if z > 0 else 1.6732632423543772 * math.exp(z))
        assert gradient(ACTIVATIONS["selu"].function(x), x) == pytest.approx(selu, rel=1e-13)
        assert gradient(ACTIVATIONS["softplus"].function(x), x) == pytest.approx(sigma, rel=1e-13)


def test_J6_deltas_go_back_through_the_layers_jacobian():
    model = MLP(3, [4, 3], activation=["tanh", "sigmoid"], rng=0)
    half_squared_error(model([0.2, -1.0, 0.6]), [1.0, 0.0, 0.5]).backward()
    below, above = ([u.delta for u in layer] for layer in deltas(model).layers)
    f_prime = np.array([1 - u.a**2 for u in deltas(model).layers[0]])
    assert np.allclose(below, np.array(above) @ np.array(model.layers[1].weights) @ np.diag(f_prime), rtol=1e-12)


def test_J8_the_jacobian_of_one_layer_and_of_the_outputs_by_the_inputs():
    model = MLP(3, [4, 2], activation=["tanh", "tanh"], bias=False, rng=0)
    x = [Value(v) for v in (0.2, -1.0, 0.6)]
    hidden = model.layers[0](x)
    W1, W2 = (np.array(layer.weights) for layer in model.layers)
    J1 = np.diag([1 - h.data**2 for h in hidden]) @ W1
    assert np.allclose([gradient(h, x) for h in hidden], J1, rtol=1e-12)
    out = model(x)
    assert np.allclose([gradient(y, x) for y in out], np.diag([1 - y.data**2 for y in out]) @ W2 @ J1, rtol=1e-12)


def test_J11_sign_flips_and_permutations_of_hidden_units_change_nothing():
    model = MLP(2, [3, 1], activation="tanh", rng=0)
    x = [0.4, -1.3]
    before = model(x).data
    hidden, out = model.layers
    biases = [0.1, -0.2, 0.3]
    hidden.set(hidden.weights, biases)
    before = model(x).data
    order, signs = [2, 0, 1], [1, -1, -1]
    rows = [[s * w for w in hidden.weights[i]] for i, s in zip(order, signs, strict=True)]
    last = [[s * out.weights[0][i] for i, s in zip(order, signs, strict=True)]]
    hidden.set(rows, [s * biases[i] for i, s in zip(order, signs, strict=True)])
    out.set(last)
    assert model(x).data == pytest.approx(before, rel=1e-14)


def u8_network(n, s1, s2):
    """The three-node network of a splitting: two planes Σ a_i x_i = −½, a_i = −1 inside the part and n outside; AND."""
    planes = [Perceptron(n), Perceptron(n)]
    for plane, part in zip(planes, (s1, s2), strict=True):
        for i, w in enumerate(plane.w):
            w.data = -1.0 if i in part else float(n)
        plane.b.data = 0.5
    both = Perceptron(2)
    both.w[0].data = both.w[1].data = 1.0
    both.b.data = -1.5
    return planes, lambda x: both([plane(x) for plane in planes])


def u8_points(n, subsets):
    """The reduction's examples: the origin and every subset's sum of unit points are +, the unit points are −."""
    sums = [[float(i in c) for i in range(n)] for c in subsets]
    return [([0.0] * n, 1), *(([float(i == j) for i in range(n)], 0) for j in range(n)), *((x, 1) for x in sums)]


def test_U8_the_slides_instance_of_set_splitting():
    points = u8_points(3, [{0, 1}, {1, 2}])
    assert [x for x, label in points if not label] == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert [x for x, label in points if label] == [[0, 0, 0], [1, 1, 0], [0, 1, 1]]
    _, network = u8_network(3, {1}, {0, 2})
    assert [network(x) for x, _ in points] == [label for _, label in points]


@pytest.mark.parametrize("seed", range(10))
def test_U8_a_splitting_gives_a_network_and_the_network_a_splitting(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 8))
    s1 = {0, *np.flatnonzero(rng.random(n) < 0.5).tolist()} - {n - 1}
    s2 = set(range(n)) - s1
    subsets = [
        {int(rng.choice(sorted(s1))), int(rng.choice(sorted(s2)))} | set(rng.choice(n, 2).tolist()) for _ in "12345"
    ]
    points = u8_points(n, subsets)
    planes, network = u8_network(n, s1, s2)
    assert [network(x) for x, _ in points] == [label for _, label in points]
    cut_off = {i for i in range(n) if not planes[0](points[1 + i][0])}  # back: whom the first plane rejects
    assert cut_off == s1
    assert all(c & cut_off and c - cut_off for c in subsets)
