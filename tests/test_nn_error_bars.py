"""Laplace's error bars against Bayesian linear regression and, for a network, against the formula in NumPy."""

import math
import random

import numpy as np
import pytest

from autograd import no_grad
from nn import MLP, Adam, GaussianLayer, Layer, Perceptron, fit, half_squared_error, squared_norm
from nn.curvature.error_bars import error_bars, plot_error_bars
from nn.schedules import cosine

NOISE, PRIOR = 0.1, 0.5
X = [i / 10 for i in [*range(-15, -4), *range(3, 13)]]  # with a gap in the middle
Y = [
    math.sin(2 * x) + e for x, e in zip(X, [rng.gauss(0, NOISE) for rng in [random.Random(0)] for _ in X], strict=True)
]


@pytest.fixture(scope="module")
def model():
    """1–4–1 tanh at a minimum of β ½ Σ (y − t)² + ½ α ‖w‖²."""
    model = MLP(1, [4, 1], activation="tanh", rng=2)

    def loss(prediction, target):
        return half_squared_error(prediction, target) + PRIOR * NOISE**2 / 2 / len(Y) * squared_norm(weights)

    weights = model.parameters()
    fit(model, (X, Y), loss, Adam(weights, cosine(0.05, 400)), 400, progress=False)
    return model


def numpys_bars(model, x, y, xs, noise, prior, gauss_newton):
    """The formula with the network's slopes by hand and, for the exact Hessian, differences of those slopes."""
    w = np.array([p.data for p in model.parameters()])
    x, y, xs = (np.array(a) for a in (x, y, xs))

    def outputs(w, x):
        return np.tanh(np.outer(x, w[:8:2]) + w[1:8:2]) @ w[8:12] + w[12]

    def slopes(w, x):
        a = np.tanh(np.outer(x, w[:8:2]) + w[1:8:2])
        by_z = (1 - a**2) * w[8:12]
        hidden = np.stack([by_z * x[:, None], by_z], axis=2).reshape(len(x), 8)
        return np.hstack([hidden, a, np.ones((len(x), 1))])

    def error_slope(w):
        return slopes(w, x).T @ (outputs(w, x) - y)

    h = 1e-6
    if gauss_newton:
        hessian = slopes(w, x).T @ slopes(w, x)
    else:
        hessian = np.array([error_slope(w + up) - error_slope(w - up) for up in h * np.eye(len(w))]) / (2 * h)
    precision = prior * np.eye(len(w)) + hessian / noise**2
    g = slopes(w, xs)
    return outputs(w, xs), np.sqrt(np.einsum("ni,ij,nj->n", g, np.linalg.inv(precision), g))


# --- against Bayesian linear regression


@pytest.mark.parametrize("gauss_newton", [False, True])
@pytest.mark.parametrize("prior", [2.0, 0.0])
def test_a_linear_model_has_the_bars_of_bayesian_linear_regression(prior, gauss_newton):
    """PRML 3.53, 3.54: S = (α I + β Φᵀ Φ)⁻¹, m = β S Φᵀ t; 3.58, 3.59: mean mᵀ φ, variance 1/β + φᵀ S φ."""
    rng = np.random.default_rng(0)
    x, xs = rng.normal(size=(12, 3)), rng.normal(size=(5, 3)) * 4
    t = x @ [1.0, -2.0, 0.5] + 0.3 + rng.normal(size=12) * 0.2
    phi, phis = (np.hstack([a, np.ones((len(a), 1))]) for a in (x, xs))
    beta = 1 / 0.2**2
    S = np.linalg.inv(prior * np.eye(4) + beta * phi.T @ phi)
    m = beta * S @ phi.T @ t
    model = Layer(3, 1, activation="linear")
    model.set([m[:3]], [m[3]])
    bars = error_bars(model, x, t, xs, noise=0.2, prior=prior, gauss_newton=gauss_newton)
    assert bars.mean == pytest.approx(phis @ m, rel=1e-12)
    assert np.square(bars.weights) == pytest.approx(np.einsum("ni,ij,nj->n", phis, S, phis), rel=1e-10)
    assert np.square(bars.total) == pytest.approx(0.2**2 + np.einsum("ni,ij,nj->n", phis, S, phis), rel=1e-10)
    assert bars.noise == 0.2 and bars.xs == xs.tolist()


# --- networks


@pytest.mark.parametrize("gauss_newton", [False, True])
def test_a_networks_bars_are_the_formulas(model, gauss_newton):
    xs = [-3.0, -1.0, 0.0, 0.5, 2.0]
    mean, deviations = numpys_bars(model, X, Y, xs, NOISE, PRIOR, gauss_newton)
    bars = error_bars(model, X, Y, xs, NOISE, PRIOR, gauss_newton)
    assert bars.mean == pytest.approx(mean, rel=1e-12)
    assert bars.weights == pytest.approx(deviations, rel=1e-5)
    assert bars.total == pytest.approx(np.hypot(NOISE, deviations), rel=1e-5)


def test_bars_widen_away_from_the_data_and_in_the_gap(model):
    bars = error_bars(model, X, Y, [-3.0, -2.0, -1.0, -0.1, 0.8, 2.0, 3.0], NOISE, PRIOR)
    far_left, left, among_left, gap, among_right, right, far_right = bars.weights
    assert far_left > 1.5 * left > 6 * among_left
    assert far_right > 1.5 * right > 6 * among_right
    assert gap > 2 * max(among_left, among_right)
    assert max(among_left, among_right) < NOISE


def test_more_data_and_a_stronger_prior_make_the_bars_narrower(model):
    plain = error_bars(model, X, Y, [0.0, 2.0], NOISE, PRIOR, gauss_newton=True).weights
    doubled = error_bars(model, X * 2, Y * 2, [0.0, 2.0], NOISE, PRIOR, gauss_newton=True).weights
    surer = error_bars(model, X, Y, [0.0, 2.0], NOISE, 10 * PRIOR, gauss_newton=True).weights
    for other in (doubled, surer):
        assert all(a < b for a, b in zip(other, plain, strict=True))


def test_noise_is_estimated_as_the_likeliest(model):
    with no_grad():
        errors = [model([x]).data - y for x, y in zip(X, Y, strict=True)]
    sigma = math.sqrt(sum(e * e for e in errors) / len(errors))
    bars = error_bars(model, X, Y, [0.0], prior=PRIOR)
    assert bars.noise == pytest.approx(sigma, rel=1e-12)
    assert bars == error_bars(model, X, Y, [0.0], noise=bars.noise, prior=PRIOR)


def test_rows_arrays_and_targets_of_one_number_are_data_too(model):
    found = error_bars(model, np.array(X)[:, None], [[y] for y in Y], np.array([[0.5]]), NOISE, PRIOR)
    assert found == error_bars(model, X, Y, [0.5], NOISE, PRIOR)


def test_parameters_and_their_grad_stay_as_they_are(model):
    before = [p.data for p in model.parameters()]
    error_bars(model, X, Y, [0.0], NOISE, PRIOR)
    assert [p.data for p in model.parameters()] == before
    for p in model.parameters():
        p.grad = 7.0
    error_bars(model, X, Y, [0.0], NOISE, PRIOR, gauss_newton=True)
    assert {p.grad for p in model.parameters()} == {7.0}
    model.zero_grad()


# --- errors


def test_away_from_a_minimum_the_error_says_so_and_offers_what_helps():
    model = MLP(1, [4, 1], activation="tanh", rng=0)
    with pytest.raises(
        ValueError, match=r"not positive definite .* no minimum .*; train on, or give gauss_newton"
    ) as e:
        error_bars(model, X, Y, [0.0], NOISE, PRIOR)
    slope = float(str(e.value).split("‖w‖² is ")[1].split(")")[0])
    error = sum(half_squared_error(model([x]), y) for x, y in zip(X, Y, strict=True)) / NOISE**2
    (error + PRIOR / 2 * squared_norm(model.parameters())).backward()
    assert slope == pytest.approx(math.hypot(*[p.grad for p in model.parameters()]), rel=0.01)
    assert len(error_bars(model, X, Y, [0.0], NOISE, PRIOR, gauss_newton=True).mean) == 1
    assert len(error_bars(model, X, Y, [0.0], NOISE, prior=1e5).mean) == 1


def test_weights_without_effect_on_the_data_need_a_prior():
    model = Layer(2, 1, activation="linear", rng=0)
    x, y, xs = [[1.0, 0.0], [2.0, 0.0], [4.0, 0.0]], [1.0, 2.5, 3.0], [[1.0, 1.0]]
    with pytest.raises(ValueError, match=r"not positive definite at prior α = 0: .* give a larger prior") as e:
        error_bars(model, x, y, xs, noise=0.1, prior=0.0, gauss_newton=True)
    assert "gauss_newton" not in str(e.value)
    (bar,) = error_bars(model, x, y, xs, noise=0.1, prior=4.0).weights
    assert bar > 0.5  # the second weight is as uncertain as the prior, 1/√4, and the others add to that


@pytest.mark.parametrize(
    ("make", "options", "error", "said"),
    [
        (lambda: MLP(1, [2]), {}, ValueError, "a model of one output, this one has 2"),
        (lambda: Perceptron(1), {}, TypeError, "expected a Value from the model, got 0.0"),
        (lambda: MLP(2, [1]), {}, ValueError, "a neuron with 2 inputs got 1"),
        (lambda: MLP(1, [1]), {"y": [1.0]}, ValueError, "x has 2 rows and y 1"),
        (lambda: MLP(1, [1]), {"xs": []}, ValueError, "xs is empty"),
        (lambda: MLP(1, [1]), {"xs": [math.inf]}, ValueError, "xs: row 0, column 0 is inf"),
        (lambda: MLP(1, [1]), {"noise": 0.0}, ValueError, "noise must be a number from 1e-100"),
        (lambda: MLP(1, [1]), {"prior": -1.0}, ValueError, "prior must be 0 or a positive finite number, got -1"),
    ],
)
def test_arguments_that_do_not_fit_are_named(make, options, error, said):
    arguments = {"x": [0.0, 1.0], "y": [0.0, 1.0], "xs": [0.5], "noise": 0.1} | options
    with pytest.raises(error, match=said):
        error_bars(make(), **arguments)


def test_a_perfect_fit_tells_no_noise():
    line = Layer(1, 1, activation="linear")
    line.set([[2.0]], [0.0])
    with pytest.raises(ValueError, match="fits every target exactly, so the data tell no noise; give noise"):
        error_bars(line, [0.0, 1.0], [0.0, 2.0], [0.5])


def test_weights_that_are_not_finite_and_models_without_any_are_refused():
    line = Layer(1, 1, activation="linear")
    line.set([[math.nan]], [0.0])
    with pytest.raises(ValueError, match="the squared error is nan; train the model"):
        error_bars(line, [0.0, 1.0], [0.0, 2.0], [0.5])

    class Nothing(Layer):
        def parameters(self):
            return []

    with pytest.raises(ValueError, match="has no parameters, so none that could be uncertain"):
        error_bars(Nothing(1, 1), [0.0], [0.0], [0.5])
    with no_grad(), pytest.raises(ValueError, match=r"graph that no_grad\(\) leaves out"):
        error_bars(Layer(1, 1), [0.0], [0.0], [0.5])


# --- the picture


def test_the_picture_has_the_fit_the_points_and_bands_of_two_deviations(model):
    xs = [0.0, 3.0, -3.0]
    bars = error_bars(model, X, Y, xs, NOISE, PRIOR)
    figure = plot_error_bars(bars, X, Y)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert axes.lines[0].get_xdata().tolist() == [-3.0, 0.0, 3.0]
    assert axes.lines[0].get_ydata().tolist() == [bars.mean[i] for i in (2, 0, 1)]
    total, weights, points = axes.collections
    for band, deviations in ((total, bars.total), (weights, bars.weights)):
        corners = {tuple(v) for v in band.get_paths()[0].vertices}
        assert corners == {
            (x, m + s * 2 * d) for x, m, d in zip(xs, bars.mean, deviations, strict=True) for s in (-1, 1)
        }
    assert points.get_offsets().tolist() == [[x, y] for x, y in zip(X, Y, strict=True)]
    labels = ["±2σ, noise and weights", "±2σ, weights alone", "prediction", "data"]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == labels
    assert not legend.get_window_extent().overlaps(axes.get_window_extent())  # nothing drawn is hidden
    assert figure.bbox.extents[2] >= legend.get_window_extent().x1 and legend.get_window_extent().x0 >= 0


def test_the_picture_is_of_one_input():
    model = GaussianLayer(2, 1, rng=0)

    class Single(Layer):
        def __call__(self, x):
            return model(x)[0] + super().__call__(x)

    bars = error_bars(Single(2, 1, rng=0), [[0, 1], [1, 0]], [0, 1], [[0, 0]], noise=0.1)
    assert len(bars.mean) == 1
    with pytest.raises(ValueError, match="over one input, but a row has 2 numbers"):
        plot_error_bars(bars)
