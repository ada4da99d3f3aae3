"""What the Hessian is good for: Taylor models, Newton, spectra and saddles, against formulas in NumPy."""

import math
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, exp, gradient, hessian, log, maximum, no_grad, sigmoid, tanh
from nn import MLP, SGD, Parameter, TrainingError, fit, half_squared_error, squared_error
from nn.curvature import (
    HessianSpectrum,
    Track,
    critical_point,
    gradient_descent,
    hessian_eigenvalues,
    largest_eigenvalue,
    newton,
    plot_along_eigenvectors,
    plot_taylor_error,
    plot_tracks,
    taylor_error,
    taylor_model,
)

ROOT = Path(__file__).parents[1]
RNG = np.random.default_rng(0)
X = RNG.normal(size=(12, 3))
T = RNG.normal(size=12)
LABELS = (X @ [1.0, -2.0, 0.5] + RNG.normal(size=12) > 0).astype(float)


def values(*numbers):
    return [Parameter(number, f"w{i}") for i, number in enumerate(numbers, 1)]


def data(parameters):
    return [p.data for p in parameters]


def mean(terms):
    terms = list(terms)
    return sum(terms[1:], terms[0]) / len(terms)


def linear_loss(w):
    """The mean of (w·x − t)²; gradient 2 Xᵀ(Xw − t)/n, Hessian 2 XᵀX/n."""
    return mean((sum(a * b for a, b in zip(w, row, strict=True)) - t) ** 2 for row, t in zip(X, T, strict=True))


def logistic_loss(w):
    """The mean cross-entropy of σ(w·x); gradient Xᵀ(p − y)/n, Hessian Xᵀ diag(p(1 − p)) X/n."""
    zs = [sum(a * b for a, b in zip(w, row, strict=True)) for row in X]
    return mean(log(1 + exp(z)) - y * z for z, y in zip(zs, LABELS, strict=True))


def logistic_derivatives(w):
    p = 1 / (1 + np.exp(-X @ w))
    return X.T @ (p - LABELS) / 12, X.T @ (X * (p * (1 - p))[:, None]) / 12


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def product_loss(w):
    """(w1 w2 − 1)²: a saddle at 0, minima along the curve w1 w2 = 1."""
    return (w[0] * w[1] - 1) ** 2


def tanh_network():
    model = MLP(2, [3, 1], activation="tanh", rng=1)
    rows = [[math.sin(i), math.cos(2 * i)] for i in range(8)]
    return model, rows, [a * b for a, b in rows]


def mean_loss(model, rows, targets):
    return mean(squared_error(model(row), t) for row, t in zip(rows, targets, strict=True))


def lines(axes):
    """The data of every line of the axes, by label."""
    return {line.get_label(): np.array(line.get_xydata()) for line in axes.lines}


def drawn(figure):
    figure.draw_without_rendering()
    return figure.axes


# --- Taylor model (J9)


def test_the_model_of_a_logistic_loss_has_numpys_value_gradient_and_hessian():
    w = values(0.3, -0.2, 0.1)
    model = taylor_model(logistic_loss(w), w)
    z = X @ data(w)
    slope, matrix = logistic_derivatives(data(w))
    assert model.value == pytest.approx(np.mean(np.logaddexp(0, z) - LABELS * z), rel=1e-14)
    assert model.gradient == pytest.approx(slope, rel=1e-12)
    assert np.array(model.hessian) == pytest.approx(matrix, rel=1e-12)
    assert model.point == [0.3, -0.2, 0.1]


@pytest.mark.parametrize("hessian_first", [False, True])
def test_a_call_is_the_sum_of_the_terms_up_to_the_order(hessian_first):
    w = values(0.3, -0.2, 0.1)
    model = taylor_model(logistic_loss(w), w)
    assert not hessian_first or model.hessian
    slope, matrix = logistic_derivatives(data(w))
    step = np.array([0.5, 1.0, -2.0])
    terms = [model.value, slope @ step, step @ matrix @ step / 2]
    for order in (0, 1, 2):
        assert model(step, order) == pytest.approx(sum(terms[: order + 1]), rel=1e-12)
    assert model(step.tolist()) == model(step, order=2)


def test_the_second_order_is_taken_without_the_hessian(monkeypatch):
    monkeypatch.setattr("nn.curvature.taylor.hessian", None)
    w = values(0.3, -0.2, 0.1)
    step = [0.5, 1.0, -2.0]
    _, matrix = logistic_derivatives(data(w))
    model = taylor_model(logistic_loss(w), w)
    assert model(step) - model(step, 1) == pytest.approx(step @ matrix @ step / 2, rel=1e-12)


def test_the_model_stays_that_of_its_point_when_the_parameters_move():
    w = values(0.3, -0.2, 0.1)
    model, before = taylor_model(logistic_loss(w), w), taylor_model(logistic_loss(w), w)
    expected, matrix = before([1.0, 1.0, 1.0]), before.hessian
    for p in w:
        p.data += 7.0
    assert model([1.0, 1.0, 1.0]) == expected
    assert model.hessian == matrix
    assert data(w) == [7.3, 6.8, 7.1]


def test_a_quadratic_loss_is_its_own_model():
    w = values(1.0, 2.0, 3.0)
    model = taylor_model(linear_loss(w), w)
    other = values(-1.0, 0.5, 2.0)
    assert model([-2.0, -1.5, -1.0]) == pytest.approx(linear_loss(other).data, rel=1e-12)


def test_parameters_may_be_nested_and_count_once_each():
    a, b, c = values(1.0, 2.0, 3.0)
    model = taylor_model(a * b * c, [[a, [b]], c, a])
    assert model.parameters == [a, b, c]
    assert model.hessian == [[0.0, 3.0, 2.0], [3.0, 0.0, 1.0], [2.0, 1.0, 0.0]]


def test_the_model_prints_its_size_value_and_slope():
    w = values(3.0, 4.0)
    model = taylor_model(w[0] ** 2 / 2 + w[1] ** 2 / 2, w)
    assert repr(model) == "TaylorModel(2 parameters, value 12.5, gradient norm 5)"
    assert model.hessian is model.hessian  # computed once


def test_a_model_over_inner_nodes_is_one_too():
    x = Value(2.0)
    hidden = 3 * x
    assert taylor_model(hidden**3, [hidden]).hessian == [[36.0]]


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (lambda w: (w[0] * 2, []), ValueError, "no parameters"),
        (lambda w: (w[0] * 2, MLP(1, [1])), TypeError, r"such as model.parameters\(\), got MLP"),
        (lambda w: (w[0] * 2, [1.0]), TypeError, "expected Values or nested lists of them.*got float 1.0"),
        (lambda w: (1.5, w), TypeError, "expected the loss as a Value.*got float 1.5"),
        (lambda w: (lambda: w[0], w), TypeError, "got a function; call it"),
        (lambda w: (Value(3.0), w), ValueError, "not computed from anything.*no_grad"),
    ],
)
def test_what_is_no_loss_or_no_parameter_is_named(arguments, error, text):
    with pytest.raises(error, match=text):
        taylor_model(*arguments(values(1.0)))


@pytest.mark.parametrize(
    ("step", "order", "error", "text"),
    [
        ([1.0], 2, ValueError, "expected a step of 2 numbers, one for each parameter, got 1"),
        (1.0, 2, TypeError, "expected the step as a list of 2 numbers, got 1.0"),
        (["a", 1.0], 2, TypeError, "expected a number as an entry of the step"),
        ([1.0, 1.0], 3, ValueError, "order 0, 1 or 2, got 3"),
    ],
)
def test_a_step_that_does_not_fit_is_named(step, order, error, text):
    w = values(1.0, 2.0)
    with pytest.raises(error, match=text):
        taylor_model(product_loss(w), w)(step, order)


# --- its error by distance (J9)


def test_the_errors_of_a_network_grow_with_the_powers_one_two_and_three():
    model, rows, targets = tanh_network()
    error = taylor_error(lambda: mean_loss(model, rows, targets), model.parameters())
    slopes = error.slopes()
    assert [slopes[order] for order in (0, 1, 2)] == pytest.approx([1, 2, 3], abs=0.1)
    assert min(error.distances) == pytest.approx(1e-3) and max(error.distances) == pytest.approx(0.1)


def test_the_errors_are_those_of_the_series_of_exp():
    (w,) = values(0.5)
    error = taylor_error(lambda: exp(w), [w], [2.0], [0.4, 0.1])
    e = math.exp(0.5)
    assert error.distances == [0.1, 0.4]
    for t, loss, *found in zip(error.distances, error.losses, *error.errors.values(), strict=True):
        h = 2 * t
        assert loss == pytest.approx(e * math.exp(h), rel=1e-14)
        series = [e, e * (1 + h), e * (1 + h + h * h / 2)]
        assert found == pytest.approx([abs(e * math.exp(h) - s) for s in series], rel=1e-10)


def test_the_random_direction_has_length_one_and_follows_the_seed():
    w = values(0.0, 0.0, 0.0)
    runs = [taylor_error(lambda: sum((p * p for p in w), Value(0.0)), w, distances=[0.5, 2.0], seed=s) for s in (1, 2)]
    for run in runs:
        assert run.losses == pytest.approx([0.25, 4.0])
    along = [taylor_error(lambda: w[0] * 1, w, distances=[1.0], seed=s).losses for s in (1, 1, 2)]
    assert along[0] == along[1] != along[2]


def test_a_kink_makes_every_error_grow_with_the_distance_itself():
    (w,) = values(0.0)
    error = taylor_error(lambda: abs(w) * 1.0, [w], [1.0])
    assert list(error.slopes().values()) == pytest.approx([1.0, 1.0, 1.0])


def test_the_second_order_of_a_quadratic_loss_is_exact_and_has_no_slope():
    w = values(1.0, 2.0, 3.0)
    slopes = taylor_error(lambda: linear_loss(w), w).slopes()
    assert math.isnan(slopes[2])
    assert slopes[1] == pytest.approx(2.0, abs=1e-6)


def test_parameters_are_put_back_when_the_loss_raises_further_out():
    (w,) = values(1.0)
    with pytest.raises(ValueError, match="log of"):
        taylor_error(lambda: log(w), [w], [-1.0], [0.5, 2.0])
    assert w.data == 1.0


def test_a_loss_that_is_not_finite_further_out_is_named_with_its_distance():
    (w,) = values(1.0)
    with pytest.raises(ValueError, match="the loss is inf at distance 2"):
        taylor_error(lambda: w * 1e308, [w], [1.0], [0.1, 2.0])
    assert w.data == 1.0


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"direction": [0.0, 0.0]}, ValueError, "the direction is zero"),
        ({"direction": [1.0]}, ValueError, "a direction of 2 numbers"),
        ({"distances": []}, ValueError, "no distances"),
        ({"distances": [0.0]}, ValueError, "a distance must be a positive finite number, got 0.0"),
    ],
)
def test_directions_and_distances_that_lead_nowhere_are_named(arguments, error, text):
    w = values(1.0, 2.0)
    with pytest.raises(error, match=text):
        taylor_error(lambda: product_loss(w), w, **arguments)


def test_a_loss_that_is_no_function_is_named():
    w = values(1.0, 2.0)
    with pytest.raises(TypeError, match=r"a function without arguments.*got Value.*put 'lambda:'"):
        taylor_error(product_loss(w), w)


def test_under_no_grad_there_is_nothing_to_differentiate():
    w = values(1.0, 2.0)
    with no_grad(), pytest.raises(ValueError, match=r"outside of no_grad\(\)"):
        taylor_error(lambda: product_loss(w), w)


def test_the_figure_shows_the_errors_beside_lines_of_slope_one_two_and_three():
    model, rows, targets = tanh_network()
    error = taylor_error(lambda: mean_loss(model, rows, targets), model.parameters())
    (axes,) = drawn(plot_taylor_error(error))
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    shown = list(lines(axes).items())
    for order in (0, 1, 2):
        label, points = shown[2 * order]
        assert label == f"order {order}, slope {error.slopes()[order]:.2f}"
        assert points.tolist() == [list(point) for point in error.usable(order)]
        label, guide = shown[2 * order + 1]
        rise = np.log(guide[-1] / guide[0])
        assert rise[1] / rise[0] == pytest.approx(order + 1)
        assert label == f"∝ {['t', 't²', 't³'][order]}"


def test_an_order_that_is_exact_is_named_so_in_the_figure():
    w = values(1.0, 2.0, 3.0)
    (axes,) = drawn(plot_taylor_error(taylor_error(lambda: linear_loss(w), w)))
    assert [text.get_text() for text in axes.get_legend().get_texts()][-1] == "order 2, exact"


def test_a_figure_of_no_error_at_all_is_refused():
    (w,) = values(1.0)
    with pytest.raises(ValueError, match="zero or mere rounding"):
        plot_taylor_error(taylor_error(lambda: 0 * w + 1, [w]))


# --- Newton and gradient descent (J9)


def test_newton_solves_least_squares_in_one_step():
    w = values(5.0, -4.0, 3.0)
    track = newton(lambda: linear_loss(w), w, tolerance=1e-10)
    assert len(track.losses) == 2
    assert data(w) == pytest.approx(np.linalg.lstsq(X, T, rcond=None)[0], rel=1e-12)
    assert "after 1 step" in track.stopped


def test_newton_goes_where_numpys_formula_goes_on_rosenbrocks_valley():
    w = values(-1.2, 1.0)
    track = newton(lambda: rosenbrock(*w), w)
    x = np.array([-1.2, 1.0])
    for found, loss in zip(track.points, track.losses, strict=True):
        assert found == pytest.approx(x, rel=1e-9)
        assert loss == pytest.approx((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, rel=1e-6, abs=1e-20)
        slope = [-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2), 200 * (x[1] - x[0] ** 2)]
        matrix = [[2 - 400 * x[1] + 1200 * x[0] ** 2, -400 * x[0]], [-400 * x[0], 200]]
        x = x - np.linalg.solve(matrix, slope)
    assert data(w) == pytest.approx([1.0, 1.0], rel=1e-12)
    assert len(track.losses) <= 8


def test_newton_fits_a_logistic_regression_as_numpys_iterations_do():
    w = values(0.0, 0.0, 0.0)
    track = newton(lambda: logistic_loss(w) + 0.01 * sum((p * p for p in w), Value(0.0)), w, tolerance=1e-13)
    x = np.zeros(3)
    for _ in range(30):
        slope, matrix = logistic_derivatives(x)
        x = x - np.linalg.solve(matrix + 0.02 * np.eye(3), slope + 0.02 * x)
    assert data(w) == pytest.approx(x, rel=1e-10)
    assert track.losses == sorted(track.losses, reverse=True)
    assert len(track.losses) < 12


def test_damping_adds_to_the_diagonal():
    w = values(5.0, -4.0, 3.0)
    slope, matrix = 2 * X.T @ (X @ data(w) - T) / 12, 2 * X.T @ X / 12
    expected = np.array(data(w)) - np.linalg.solve(matrix + 0.7 * np.eye(3), slope)
    newton(lambda: linear_loss(w), w, steps=1, damping=0.7)
    assert data(w) == pytest.approx(expected, rel=1e-12)


def test_newton_goes_to_the_saddle_and_damping_beyond_its_curvature_to_a_minimum():
    start = (0.3, 0.2)
    w = values(*start)
    newton(lambda: product_loss(w), w)
    assert data(w) == pytest.approx([0.0, 0.0], abs=1e-12)
    w = values(*start)
    track = newton(lambda: product_loss(w), w, steps=100, damping=2.5)
    assert track.losses[-1] < 1e-12
    assert w[0].data * w[1].data == pytest.approx(1.0)


def test_a_line_search_never_raises_the_loss():
    w = values(-1.2, 1.0)
    plain = newton(lambda: rosenbrock(*w), w)
    w = values(-1.2, 1.0)
    careful = newton(lambda: rosenbrock(*w), w, steps=40, line_search=True)
    assert plain.losses != sorted(plain.losses, reverse=True)
    assert careful.losses == sorted(careful.losses, reverse=True)
    assert careful.losses[-1] < 1e-20


def test_a_line_search_steps_back_from_where_the_loss_is_not_defined():
    (w,) = values(3.0)
    track = newton(lambda: w - log(w), [w], line_search=True)  # the whole step goes to -3
    assert w.data == pytest.approx(1.0)
    assert track.points[1] == pytest.approx([1.5])  # half of it to 0, a quarter to 1.5


def test_a_line_search_uphill_is_refused_and_says_how_much_damping_it_takes():
    w = values(0.3, 0.2)
    text = r"step 1: Newton's step leads uphill.*eigenvalue -1\.631.*give damping above 1\.631"
    with pytest.raises(TrainingError, match=text):
        newton(lambda: product_loss(w), w, line_search=True)
    assert data(w) == [0.3, 0.2]


def test_a_line_search_that_finds_nothing_lower_ends_where_it_is():
    (w,) = values(0.0)
    track = newton(lambda: maximum(w, -3 * w) + w * w, [w], line_search=True)  # the kink's slope is 1, downhill is none
    assert track == Track([0.0], [[0.0]], "no part of a step lowers the loss after 0 steps")
    assert w.data == 0.0


def test_a_singular_hessian_says_so_and_names_damping():
    w = values(1.0, 2.0)
    with pytest.raises(TrainingError, match=r"step 1: the Hessian is singular \(rank 1 of 2\).*damping=0.001") as found:
        newton(lambda: (w[0] + w[1]) ** 2, w)
    assert data(w) == [1.0, 2.0]
    assert found.value.history.loss == [9.0]
    newton(lambda: (w[0] + w[1]) ** 2, w, damping=1e-3)
    assert sum(data(w)) == pytest.approx(0.0, abs=1e-12)


def test_rank_is_told_to_rounding():
    w = values(1.0, 2.0, 3.0)
    loss = lambda: (w[0] / 3 + w[1] * 0.7 - w[2] / 7) ** 2  # noqa: E731
    assert 0 < min(map(abs, hessian_eigenvalues(loss(), w))) < 1e-15
    with pytest.raises(TrainingError, match="rank 1 of 3"):
        newton(loss, w)


def test_damping_that_meets_an_eigenvalue_is_singular_too():
    w = values(1.0, 1.0)
    with pytest.raises(TrainingError, match=r"the Hessian \+ λI is singular.*another damping, such as damping=4"):
        newton(lambda: w[0] ** 2 - w[1] ** 2, w, damping=2.0)


def test_a_loss_that_overflows_stops_with_the_parameters_at_the_last_finite_point():
    (w,) = values(1.0)
    with pytest.raises(TrainingError, match=r"step \d+: ") as found:
        gradient_descent(lambda: w**4, [w], learning_rate=3.0)
    w_then, loss = 1.0, []
    while len(loss) < len(found.value.history.loss):
        loss.append(w_then**4)
        last, w_then = w_then, w_then - 3.0 * 4 * w_then**3
    assert found.value.history.loss == pytest.approx(loss)
    assert w.data == pytest.approx(last)
    assert math.isfinite(w.data**4)


def test_a_loss_that_becomes_infinite_without_raising_is_named():
    (w,) = values(1.0)
    with pytest.raises(TrainingError, match=r"step 1: the loss is -inf; start elsewhere, or take smaller steps"):
        gradient_descent(lambda: w * -1e10, [w], learning_rate=1e290)
    assert w.data == 1.0


def test_a_loss_that_raises_in_a_step_is_named_with_the_step():
    (w,) = values(0.5)
    with pytest.raises(TrainingError, match=r"step 1: log of -"):
        gradient_descent(lambda: log(w), [w], learning_rate=1.0)
    assert w.data == 0.5


def test_a_gradient_that_is_not_finite_ends_the_descent():
    (w,) = values(0.0)
    with pytest.raises(TrainingError, match=r"step 1: the gradient's norm is inf"):
        gradient_descent(lambda: (w * 1e200) * 1e200, [w], learning_rate=0.1)
    assert w.data == 0.0


def test_an_interrupt_leaves_the_parameters_at_the_last_point():
    (w,) = values(1.0)
    calls = []

    def loss():
        calls.append(w.data)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return w * w

    with pytest.raises(KeyboardInterrupt):
        gradient_descent(loss, [w], learning_rate=0.25)
    assert calls == [1.0, 0.5, 0.25] and w.data == 0.5


def test_gradient_descent_on_a_quadratic_is_a_power_of_one_minus_the_rate_times_the_hessian():
    w = values(5.0, -4.0, 3.0)
    track = gradient_descent(lambda: linear_loss(w), w, learning_rate=0.1, steps=5)
    best = np.linalg.lstsq(X, T, rcond=None)[0]
    shrink = np.linalg.matrix_power(np.eye(3) - 0.1 * 2 * X.T @ X / 12, 5)
    assert data(w) == pytest.approx(best + shrink @ (np.array([5.0, -4.0, 3.0]) - best))
    assert track.points[-1] == data(w) and len(track.losses) == 6
    assert track.stopped == "all 5 steps done"


def test_what_a_descent_arrives_at_depends_on_its_start():  # U7
    ends = []
    for start in ((2.0, 0.1), (-0.1, -2.0)):
        w = values(*start)
        gradient_descent(lambda w=w: product_loss(w), w, learning_rate=0.05, steps=300)
        assert w[0].data * w[1].data == pytest.approx(1.0)
        ends.append(w[0].data)
    assert ends[0] > 0 > ends[1]


def test_only_leaves_can_be_moved():
    (w,) = values(1.0)
    with pytest.raises(ValueError, match="is computed, by mul; pass the leaves"):
        gradient_descent(lambda: w * w, [w * 2], 0.1)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [({"steps": 0}, "steps must be"), ({"damping": -1}, "damping must be"), ({"tolerance": -1}, "tolerance must be")],
)
def test_arguments_of_newton_that_do_not_fit_are_named(arguments, text):
    w = values(1.0, 2.0)
    with pytest.raises(ValueError, match=text):
        newton(lambda: rosenbrock(*w), w, **arguments)


@pytest.fixture(scope="module")
def tracks():
    found = {}
    for name in ("Newton", "gradient descent"):
        w = values(-1.2, 1.0)
        loss = lambda w=w: rosenbrock(*w)  # noqa: E731
        found[name] = newton(loss, w) if name == "Newton" else gradient_descent(loss, w, 1e-3, 400)
    return found


def test_the_figure_shows_the_losses_by_step_and_the_ways_over_the_contours(tracks):
    w = values(7.0, 8.0)
    left, right = drawn(plot_tracks(tracks, lambda: rosenbrock(*w), w, cells=20))
    for name, track in tracks.items():
        assert lines(left)[name].tolist() == [[i, loss] for i, loss in enumerate(track.losses)]
        assert lines(right)[name].tolist() == track.points
    assert lines(right)["start"].tolist() == [[-1.2, 1.0]]
    assert lines(right)["end"].tolist() == [track.points[-1] for track in tracks.values()]
    assert left.get_yscale() == "log" and left.get_xscale() == "symlog"
    assert (right.get_xlabel(), right.get_ylabel()) == ("w1", "w2")
    assert data(w) == [7.0, 8.0]


def test_the_contours_are_where_the_loss_has_their_level(tracks):
    w = values(0.0, 0.0)
    _, axes = plot_tracks(tracks, lambda: w[0] + 2 * w[1], w, cells=20).axes
    (contours,) = axes.collections
    for level, path in zip(contours.levels, contours.get_paths(), strict=True):
        assert path.vertices @ [1, 2] == pytest.approx(np.full(len(path.vertices), level), abs=1e-9)
    assert len(contours.levels) > 5


def test_without_a_loss_there_are_ways_without_contours(tracks):
    _, right = drawn(plot_tracks(tracks))
    assert not right.collections
    assert right.get_xlabel() == "parameter 1"


def test_contours_leave_out_where_the_loss_is_not_defined():
    w = values(2.0, 2.0)
    track = Track([1.0, 0.5], [[1.0, 1.0], [0.1, 0.1]])
    _, right = drawn(plot_tracks({"way": track}, lambda: log(w[0]) + w[1], w, cells=20))
    (contours,) = right.collections
    assert min(path.vertices[:, 0].min() for path in contours.get_paths() if len(path.vertices)) > 0


def test_a_constant_loss_has_no_contours():
    w = values(2.0, 2.0)
    _, right = drawn(plot_tracks({"way": Track([1.0], [[1.0, 1.0]])}, lambda: 0 * w[0] * w[1], w, cells=4))
    assert not right.collections


def test_of_other_than_two_parameters_there_is_the_loss_alone():
    w = values(5.0, -4.0, 3.0)
    track = newton(lambda: linear_loss(w), w)
    (axes,) = drawn(plot_tracks({"Newton": track}))
    assert lines(axes)["Newton"][:, 1].tolist() == track.losses
    with pytest.raises(ValueError, match="contours are drawn over two parameters, here are 3"):
        plot_tracks({"Newton": track}, lambda: linear_loss(w), w)


def test_losses_below_zero_are_not_logarithmic():
    left, _ = drawn(plot_tracks({"way": Track([100.0, 1.0, -1.0], [[0.0, 0.0], [1.0, 1.0], [2.0, 1.0]])}))
    assert left.get_yscale() == "linear"


@pytest.mark.parametrize(("tracks", "error"), [({}, ValueError), ([1], TypeError), ({"a": [1.0]}, TypeError)])
def test_what_is_no_track_is_refused(tracks, error):
    with pytest.raises(error, match="Newton"):
        plot_tracks(tracks)


# --- spectrum


def test_the_eigenvalues_are_numpys_in_ascending_order():
    w = values(0.3, -0.2, 0.1)
    found = hessian_eigenvalues(logistic_loss(w), [w[:1], w[1:]])
    assert found == pytest.approx(np.linalg.eigvalsh(logistic_derivatives(data(w))[1]), rel=1e-12)
    assert all(type(e) is float for e in found) and found == sorted(found)


@pytest.mark.parametrize("sign", [1, -1])
def test_power_iteration_finds_the_largest_eigenvalue_of_a_network(sign):
    model, rows, targets = tanh_network()
    loss = sign * mean_loss(model, rows, targets)
    eigenvalues = np.linalg.eigvalsh(hessian(loss, model.parameters()))
    expected = eigenvalues[np.argmax(abs(eigenvalues))]
    assert largest_eigenvalue(loss, model.parameters()) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("diagonal", [[3.0, -1.0], [-3.0, 1.0], [2.0, 2.0], [1.0, -5.0, -5.0], [-2.0], [1e-9, -3e-9]])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_power_iteration_gives_the_sign_too(diagonal, seed):
    w = values(*[1.0] * len(diagonal))
    loss = sum((d / 2 * p * p for d, p in zip(diagonal, w, strict=True)), Value(0.0))
    assert largest_eigenvalue(loss, w, seed) == pytest.approx(max(diagonal, key=abs), rel=1e-9)


def test_power_iteration_gives_a_negative_sign_with_a_loose_tolerance_too():
    w = values(1.0, 1.0, 1.0)
    loss = -5 * w[0] ** 2 - 2 * w[1] ** 2 - w[2] ** 2
    assert largest_eigenvalue(loss, w, tolerance=1e-2) == pytest.approx(-10, rel=1e-2)


def test_of_opposite_eigenvalues_of_one_size_it_gives_the_positive_one():
    w = values(1.0, 1.0)
    assert largest_eigenvalue(w[0] ** 2 - w[1] ** 2, w) == pytest.approx(2.0)
    assert largest_eigenvalue(w[0] * w[1], w) == pytest.approx(1.0)


def test_a_loss_without_curvature_has_the_eigenvalue_zero():
    w = values(1.0, 1.0)
    assert largest_eigenvalue(w[0] + 2 * w[1], w) == 0.0


def test_a_power_iteration_that_does_not_settle_says_so():
    w = values(1.0, 1.0)
    with pytest.raises(ArithmeticError, match=r"no eigenvalue settled in 10 iterations.*more iterations"):
        largest_eigenvalue(w[0] ** 2 + 0.99 * w[1] ** 2, w, iterations=10)


def test_a_power_iteration_of_a_loss_that_is_not_finite_says_so():
    w = values(1.0, 1.0)
    with pytest.raises(FloatingPointError, match="is the loss finite"):
        largest_eigenvalue(math.inf * w[0] * w[1], w)


def test_power_iteration_takes_no_numpy(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    w = values(1.0, 1.0)
    assert largest_eigenvalue(3 * w[0] ** 2 - w[1] ** 2, w) == pytest.approx(6.0)


@pytest.mark.parametrize(("share", "falls"), [(0.98, True), (1.02, False)])
def test_gradient_descent_of_a_linear_network_is_stable_just_below_two_over_the_largest_eigenvalue(share, falls):
    model = MLP(3, [1], bias=False, rng=0)
    loss = lambda: mean_loss(model, X.tolist(), T)  # noqa: E731
    top = largest_eigenvalue(loss(), model.parameters())
    assert top == pytest.approx(np.linalg.eigvalsh(2 * X.T @ X / 12)[-1], rel=1e-9)
    track = gradient_descent(loss, model.parameters(), share * 2 / top, steps=300)
    best = np.mean((X @ np.linalg.lstsq(X, T, rcond=None)[0] - T) ** 2)
    assert (track.losses[-1] - best < 1e-3 * (track.losses[0] - best)) == falls
    assert (track.losses[-1] > 1e3 * track.losses[0]) == (not falls)


def test_a_hessian_that_is_not_finite_is_named():
    (w,) = values(1.0)
    with pytest.raises(FloatingPointError, match="not finite"):
        hessian_eigenvalues(math.inf * w * w, [w])


def test_the_callback_records_the_spectrum_of_the_mean_loss_along_training():
    model, rows, targets = tanh_network()
    spectrum = HessianSpectrum(squared_error, rows, targets, every=2)
    kept = {}
    keep = lambda epoch, model, _: kept.update({epoch: data(model.parameters())})  # noqa: E731
    sgd = SGD(model.parameters(), 0.1)
    fit(model, (rows, targets), squared_error, sgd, 5, callbacks=[spectrum, keep], progress=False)
    assert spectrum.epochs == [2, 4]
    for epoch, found in zip(spectrum.epochs, spectrum.eigenvalues, strict=True):
        for p, number in zip(model.parameters(), kept[epoch], strict=True):
            p.data = number
        expected = np.linalg.eigvalsh(hessian(mean_loss(model, rows, targets), model.parameters()))
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_recording_the_spectrum_leaves_training_as_it_is():
    ends = []
    for watched in (False, True):
        model, rows, targets = tanh_network()
        callbacks = [HessianSpectrum(squared_error, rows, targets)] if watched else []
        sgd = SGD(model.parameters(), 0.1)
        fit(model, (rows, targets), squared_error, sgd, 3, callbacks=callbacks, progress=False)
        ends.append(data(model.parameters()))
    assert ends[0] == ends[1]


def test_the_figure_shows_every_eigenvalue_by_epoch():
    model, rows, targets = tanh_network()
    spectrum = HessianSpectrum(squared_error, rows, targets)
    sgd = SGD(model.parameters(), 0.1)
    fit(model, (rows, targets), squared_error, sgd, 3, callbacks=spectrum, progress=False)
    (axes,) = drawn(spectrum.plot())
    shown = lines(axes)
    assert shown["greatest"].tolist() == [[e, row[-1]] for e, row in enumerate(spectrum.eigenvalues, 1)]
    assert shown["least"].tolist() == [[e, row[0]] for e, row in enumerate(spectrum.eigenvalues, 1)]
    assert shown["between"].tolist() == [[e, x] for e, row in enumerate(spectrum.eigenvalues, 1) for x in row[1:-1]]
    assert axes.get_yscale() == "symlog"


def test_of_one_parameter_and_one_epoch_there_is_one_visible_point():
    model = MLP(1, [1], bias=False, rng=0)
    spectrum = HessianSpectrum(squared_error, [[1.0], [2.0]], [1.0, 2.0])
    spectrum(1, model, None)
    (axes,) = drawn(spectrum.plot())
    assert spectrum.eigenvalues == [[5.0]]
    (line,) = [line for line in axes.lines if line.get_label() == "greatest"]
    assert line.get_marker() == "o" and "least" not in lines(axes)


def test_a_spectrum_without_epochs_has_no_figure():
    with pytest.raises(ValueError, match=r"no epoch was measured.*for 5 epochs"):
        HessianSpectrum(squared_error, [[1.0]], [1.0], every=5).plot()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [(([[1.0]], [1.0, 2.0]), "x has 1 rows and y 2"), (([[1.0]], [1.0], 0), "every must be a whole number")],
)
def test_a_spectrum_checks_its_arguments_before_training(arguments, text):
    with pytest.raises(ValueError, match=text):
        HessianSpectrum(squared_error, *arguments)


@pytest.mark.parametrize(
    "use",
    [
        lambda w: hessian_eigenvalues(w * w, [w]),
        lambda w: critical_point(w * w, [w]),
        lambda w: newton(lambda: w * w, [w]),
        lambda w: HessianSpectrum(squared_error, [[1.0]], [1.0]),
        lambda w: plot_along_eigenvectors(lambda: w * w, [w]),
    ],
    ids=["hessian_eigenvalues", "critical_point", "newton", "HessianSpectrum", "plot_along_eigenvectors"],
)
def test_without_numpy_one_sentence_says_how_to_get_it(monkeypatch, use):
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(ModuleNotFoundError, match=r"need NumPy: pip install 'pathgrad\[fast\]'") as found:
        use(Value(1.0))
    assert found.value.name == "numpy"


def test_importing_takes_neither_numpy_nor_matplotlib():
    code = "import sys, nn.curvature; print('numpy' in sys.modules, 'matplotlib' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]


# --- critical points (U7)


@pytest.mark.parametrize(
    ("loss", "point", "kind", "eigenvalues"),
    [
        (lambda x, y: x * x - y * y, (0, 0), "saddle", [-2, 2]),
        (lambda x, y: x * y + 3, (0, 0), "saddle", [-1, 1]),
        (lambda x, y: x * x + 3 * y * y, (0, 0), "minimum", [2, 6]),
        (lambda x, y: 5 - x * x - y * y, (0, 0), "maximum", [-2, -2]),
        (lambda x, y: x**4 + y**4, (0, 0), "flat", [0, 0]),
        (lambda x, y: x**3 - 3 * x * y * y, (0, 0), "flat", [0, 0]),
        (lambda x, y: (x * y - 1) ** 2, (0, 0), "saddle", [-2, 2]),
        (lambda x, y: (x * y - 1) ** 2, (2, 0.5), "minimum", [0, 8.5]),
        (lambda x, y: (x * y - 1) ** 2, (2, 0.6), "not critical", None),
        (lambda x, y: x * x + y, (0, 0), "not critical", [0, 2]),
        (lambda x, y: x + y, (1, 1), "not critical", [0, 0]),
        (rosenbrock, (1, 1), "minimum", None),
    ],
)
@pytest.mark.parametrize("factor", [1.0, 1e-8, 1e8])
def test_the_kind_of_a_point_is_that_of_any_multiple_of_the_loss(loss, point, kind, eigenvalues, factor):
    w = values(*point)
    found = critical_point(factor * loss(*w), w)
    assert found.kind == kind
    if eigenvalues is not None:
        assert np.array(found.eigenvalues) / factor == pytest.approx(eigenvalues, abs=1e-12)
    assert found.gradient_norm == pytest.approx(factor * math.hypot(*gradient(loss(*w), w)))


def test_flat_directions_of_a_minimum_are_counted_and_printed():
    w = values(2.0, 0.5)
    found = critical_point(product_loss(w), w)
    assert (found.negative, found.zero, found.positive) == (0, 1, 1)
    assert repr(found).splitlines()[0] == "minimum with 1 flat direction: loss 0"


def test_an_almost_flat_direction_is_told_by_the_tolerance():
    w = values(0.0, 0.0)
    loss = w[0] ** 2 - 1e-4 * w[1] ** 2
    assert critical_point(loss, w).kind == "saddle"
    assert critical_point(loss, w, tolerance=1e-3).kind == "minimum"


def test_a_gradient_counts_as_zero_near_a_critical_point_and_not_far_from_it():
    for x, kind in ((1e-7, "minimum"), (1e-5, "not critical")):
        w = values(x)
        assert critical_point(7 * w[0] ** 2, w).kind == kind


def test_what_the_loss_is_too_coarse_to_show_counts_as_flat():
    w = values(0.5, 0.25)
    found = critical_point(1.0 + 1e-17 * (w[0] + w[1]) ** 2 + 1e-17 * w[0], w)
    assert found.kind == "flat" and found.gradient_norm > 0


def test_escape_is_the_eigenvector_of_the_least_eigenvalue():
    w = values(0.0, 0.0)
    found = critical_point(product_loss(w), w)
    assert found.escape == pytest.approx([math.sqrt(0.5), math.sqrt(0.5)])
    assert critical_point(w[0] ** 2 + w[1] ** 2, w).escape is None


def test_a_step_along_escape_lowers_the_loss_to_either_side_of_a_saddle():
    for step in (-0.1, 0.1):
        w = values(0.0, 0.0)
        before, found = product_loss(w).data, critical_point(product_loss(w), w)
        for p, d in zip(w, found.escape, strict=True):
            p.data += step * d
        assert product_loss(w).data < before


def test_the_report_prints_what_it_was_told_from():
    w = values(0.5, 0.0)
    assert repr(critical_point(4 * w[0] ** 2 - w[1] ** 2, w)).splitlines() == [
        "not critical: loss 1",
        "gradient norm 4 (8e-06 and below count as zero)",
        "eigenvalues: 1 negative, 0 zero, 1 positive, from -2 to 8",
    ]


def test_a_gradient_that_is_not_finite_is_named():
    (w,) = values(1e-200)
    with pytest.raises(FloatingPointError, match="gradient of the loss is not finite"):
        critical_point(w * math.inf, [w])


def test_every_hidden_unit_that_does_nothing_is_flat():  # J11
    model, rows, targets = tanh_network()
    for p in model.parameters():
        p.data = 0.0
    bias = model.parameters()[-1]
    bias.data = float(np.mean(targets))
    found = critical_point(mean_loss(model, rows, targets), model.parameters())
    assert found.kind == "saddle"  # products of weights that are both 0 curve either way
    matrix = np.array(hessian(mean_loss(model, rows, targets), model.parameters()))
    assert found.zero == sum(abs(np.linalg.eigvalsh(matrix)) < 1e-9)


def test_the_figure_shows_a_saddle_as_one_curve_that_falls_and_one_that_rises():
    w = values(0.0, 0.0)
    left, right = drawn(plot_along_eigenvectors(lambda: product_loss(w), w, span=0.5, cells=10))
    fall, rise = lines(left)["least eigenvalue, -2"], lines(left)["greatest eigenvalue, 2"]
    ts = np.linspace(-0.5, 0.5, 11)
    assert fall == pytest.approx(np.column_stack([ts, (ts * ts / 2 - 1) ** 2]))
    assert rise == pytest.approx(np.column_stack([ts, (-ts * ts / 2 - 1) ** 2]))
    (contours,) = right.collections
    assert min(contours.levels) < 1.0 < max(contours.levels) and 1.0 in contours.levels
    assert data(w) == [0.0, 0.0]


def test_the_figure_shows_a_minimum_as_two_curves_that_rise():
    w = values(1.0, 1.0)
    left, _ = drawn(plot_along_eigenvectors(lambda: rosenbrock(*w), w, span=0.1, cells=9))
    curves = [curve for label, curve in lines(left).items() if "eigenvalue" in label]
    assert len(curves) == 2
    for curve in curves:
        assert len(curve) == 11  # one cell more, so that the point is among them
        assert curve[:, 1].argmin() == 5 and curve[5].tolist() == [0.0, 0.0]


def test_of_one_parameter_there_is_one_curve_with_a_gap_where_the_loss_is_not_defined():
    (w,) = values(1.0)
    (axes,) = drawn(plot_along_eigenvectors(lambda: log(w), [w], span=2.0, cells=8))
    curve = lines(axes)["only eigenvalue, -1"]
    assert np.isnan(curve[:3, 1]).all()
    assert curve[3:, 1] == pytest.approx(np.log(1 + curve[3:, 0]))


# --- Baldi & Hornik (U12): the linear network A·B has no bad local minima


INPUTS = np.random.default_rng(7).normal(size=(9, 3)) * [1.5, 1.0, 0.6]
TARGETS = INPUTS @ np.random.default_rng(8).normal(size=(3, 3)) + np.random.default_rng(9).normal(size=(9, 3)) * 0.3
SXX, SYX = INPUTS.T @ INPUTS / 9, TARGETS.T @ INPUTS / 9
SIGMA = SYX @ np.linalg.inv(SXX) @ SYX.T
LAMBDAS, U = (a[..., ::-1] for a in np.linalg.eigh(SIGMA))  # descending


def linear_network(chosen):
    """A·B at the critical point of those eigenvectors: A = U_p, B = U_pᵀ Σ_YX Σ_XX⁻¹."""
    A = U[:, chosen]
    B = A.T @ SYX @ np.linalg.inv(SXX)
    model = MLP(3, [len(chosen), 3], activation="linear", bias=False, rng=0)
    model.layers[0].set(B)
    model.layers[1].set(A)
    return model


def linear_network_loss(model):
    return mean_loss(model, INPUTS.tolist(), TARGETS.tolist())


@pytest.mark.parametrize("chosen", [[0], [1], [2], [0, 1], [0, 2], [1, 2]])
def test_U12_only_the_largest_eigenvectors_give_a_minimum_and_all_others_saddles(chosen):
    model = linear_network(chosen)
    loss = linear_network_loss(model)
    p = len(chosen)
    assert loss.data == pytest.approx(np.trace(TARGETS.T @ TARGETS / 9) - LAMBDAS[chosen].sum())
    found = critical_point(loss, model.parameters())
    best = chosen == list(range(p))
    assert found.kind == ("minimum" if best else "saddle")
    if best:  # A·B stays the same under A → A·C, B → C⁻¹·B, which has p² dimensions
        assert (found.negative, found.zero) == (0, p * p)
        assert found.escape is None


@pytest.mark.parametrize("chosen", [[1], [1, 2]])
def test_U12_descent_from_a_saddle_along_escape_reaches_the_global_minimum(chosen):
    model = linear_network(chosen)
    found = critical_point(linear_network_loss(model), model.parameters())
    for p, d in zip(model.parameters(), found.escape, strict=True):
        p.data += 0.05 * d
    assert linear_network_loss(model).data < found.loss
    top = largest_eigenvalue(linear_network_loss(model), model.parameters(), tolerance=1e-4)
    rate = 0.5 / top
    track = gradient_descent(lambda: linear_network_loss(model), model.parameters(), rate, steps=400)
    lowest = np.trace(TARGETS.T @ TARGETS / 9) - LAMBDAS[: len(chosen)].sum()
    assert track.losses[-1] == pytest.approx(lowest, rel=1e-4)


def test_U12_the_network_of_all_zeros_is_a_saddle_whose_least_eigenvalue_is_the_formulas():
    model = linear_network([0])
    for p in model.parameters():
        p.data = 0.0
    found = critical_point(linear_network_loss(model), model.parameters())
    assert found.kind == "saddle"
    assert found.eigenvalues[0] == pytest.approx(-2 * np.linalg.svd(SYX)[1][0])


# --- units of a network that are the same: a plateau on the way (U7)


def test_a_saturated_sigmoid_is_a_plateau():
    w = values(800.0)
    found = critical_point((sigmoid(w[0]) - 0.0) ** 2, w)
    assert found.kind == "flat" and found.loss == 1.0


def test_random_points_are_not_critical():
    rng = random.Random(3)
    for _ in range(5):
        w = values(*[rng.gauss(0, 1) for _ in range(3)])
        assert critical_point(half_squared_error(tanh(w[0] * 2 + w[1]) * w[2], 1.0), w).kind == "not critical"
