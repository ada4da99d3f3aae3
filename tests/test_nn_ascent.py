"""Gradient ascent on an input against the formula in NumPy, its bounds, and what stops it."""

import math

import numpy as np
import pytest

from autograd import Value, exp, log, no_grad, sqrt
from nn import MLP, Perceptron
from nn.ascent import Ascent, ascend_input, plot_ascent


def network():
    return MLP(2, [5, 3], activation="tanh", rng=4)


def by_hand(model, x, output, steps, rate, decay=0.0, bounds=(-np.inf, np.inf), sign=1):
    """Points and values of the ascent with the network's formula, W2 tanh(W1 x + b1) + b2, and its slope."""
    (W1, b1), (W2, b2) = (
        (np.array(layer.weights), np.array([n.b.data for n in layer.neurons])) for layer in model.layers
    )
    points, values = [np.array(x)], []
    for _ in range(steps + 1):
        a = np.tanh(W1 @ points[-1] + b1)
        values.append((W2 @ a + b2)[output])
        slope = W2[output] @ np.diag(1 - a**2) @ W1
        points.append(np.clip(points[-1] + rate * (sign * slope - decay * points[-1]), *bounds))
    return np.array(points[:-1]), np.array(values)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"decay": 0.3},
        {"bounds": (-0.4, 0.6)},
        {"bounds": (-math.inf, 0.6), "decay": 0.1},
        {"minimise": True, "decay": 0.2},
    ],
)
def test_every_point_and_value_is_the_formulas(options):
    model = network()
    found = ascend_input(model, [0.1, -0.2], output=2, steps=15, learning_rate=0.3, **options)
    sign = -1 if options.pop("minimise", False) else 1
    points, values = by_hand(model, [0.1, -0.2], 2, 15, 0.3, sign=sign, **options)
    assert np.allclose(found.points, points, rtol=1e-12)
    assert np.allclose(found.values, values, rtol=1e-12)
    assert len(found.points) == len(found.values) == 16


def test_small_steps_only_ever_go_up_and_with_minimise_down():
    model = network()
    up = ascend_input(model, [0.1, -0.2], steps=30, learning_rate=0.02).values
    down = ascend_input(model, [0.1, -0.2], steps=30, learning_rate=0.02, minimise=True).values
    assert up == sorted(up) and down == sorted(down, reverse=True)
    assert up[-1] > up[0] == down[0] > down[-1]


def test_the_way_ends_at_the_top_of_a_hill_and_with_decay_short_of_it():
    def hill(x):
        return 5 - (x[0] - 1) ** 2 - 2 * (x[1] + 2) ** 2

    top = ascend_input(hill, [4.0, 4.0], steps=200)
    assert top.points[-1] == pytest.approx([1, -2]) and top.values[-1] == pytest.approx(5)
    # with y − ½ λ ‖x‖² the slopes −2 (x1 − 1) − λ x1 and −4 (x2 + 2) − λ x2 are 0
    assert ascend_input(hill, [4.0, 4.0], steps=200, decay=0.5).points[-1] == pytest.approx([2 / 2.5, -8 / 4.5])


def test_the_bounds_hold_at_every_step():
    points = ascend_input(lambda x: x[0] - 3 * x[1], [0.5, 0.5], steps=20, bounds=(0.0, 1.0)).points
    assert all(0 <= a <= 1 for point in points for a in point)
    assert points[-1] == [1.0, 0.0]


def test_parameters_and_their_grad_stay_as_they_are():
    model = network()
    for p in model.parameters():
        p.grad = 7.0
    before = [p.data for p in model.parameters()]
    ascend_input(model, [0.1, -0.2], steps=5)
    assert [p.data for p in model.parameters()] == before
    assert {p.grad for p in model.parameters()} == {7.0}


def test_the_start_is_copied_and_numpys_arrays_and_indices_do():
    start = np.array([0, 1])
    found = ascend_input(network(), start, output=np.int64(1), steps=2)
    assert found.points[0] == [0.0, 1.0] and start.tolist() == [0, 1]
    assert found == ascend_input(network(), [0.0, 1.0], output=1, steps=2)


@pytest.mark.parametrize(
    ("function", "start", "options", "said"),
    [
        (lambda x: exp(x[0]), [1.0], {}, r"step 7, at \[2.535e\+07\]: exp of .* lower the learning rate, or give"),
        (lambda x: log(x[0]), [1.0], {"learning_rate": 2.0, "minimise": True}, r"step 1, at \[-1\]: log of -1"),
        (lambda x: sqrt(x[0]), [0.0], {}, r"step 0, at \[0\]: the output is 0 and its gradient \[inf\]; start else"),
        (lambda x: x[0] * math.nan, [1.0], {}, "step 0, .*: the output is nan"),
    ],
)
def test_what_is_not_finite_stops_it_and_says_where(function, start, options, said):
    with pytest.raises(FloatingPointError, match=said):
        ascend_input(function, start, **options)


@pytest.mark.parametrize(
    ("x", "options", "error", "said"),
    [
        ([], {}, ValueError, "x is empty; give a number for each input"),
        (0.5, {}, TypeError, "x: expected a sequence of numbers or an array, got float"),
        ([0.5, math.nan], {}, ValueError, "x: entry 1 is nan"),
        ([0.5], {}, ValueError, "a neuron with 2 inputs got 1"),
        ([0.5, 0.5], {"output": 3}, ValueError, "output must be a whole number from 0 to 2, got 3"),
        ([0.5, 0.5], {"output": 0.5}, ValueError, "output must be a whole number"),
        ([0.5, 0.5], {"steps": 0}, ValueError, "steps must be a whole number from 1 up"),
        ([0.5, 0.5], {"learning_rate": 0.0}, ValueError, "learning_rate must be a positive"),
        ([0.5, 0.5], {"decay": -1}, ValueError, "decay must be 0 or"),
        ([0.5, 0.5], {"bounds": (0, 1, 2)}, ValueError, r"expected bounds as \(low, high\), got \(0, 1, 2\)"),
        ([0.5, 0.5], {"bounds": ("a", 1)}, TypeError, r"bounds\[0\] must be a number"),
        ([0.5, 0.5], {"bounds": (1, 0)}, ValueError, "outside of the bounds 1 … 0"),
        ([0.5, 2.0], {"bounds": (0, 1)}, ValueError, r"x\[1\] is 2, outside of the bounds 0 … 1; start inside"),
    ],
)
def test_arguments_that_do_not_fit_are_named(x, options, error, said):
    with pytest.raises(error, match=said):
        ascend_input(network(), x, **options)


def test_a_model_without_gradients_is_refused():
    with pytest.raises(TypeError, match=r"expected Values from the model, got 0\.0"):
        ascend_input(Perceptron(2), [0.0, 0.0])
    with no_grad(), pytest.raises(ValueError, match=r"graph that no_grad\(\) leaves out"):
        ascend_input(network(), [0.0, 0.0])


# --- the picture


def test_over_two_inputs_the_way_lies_over_contours_of_the_output():
    track = ascend_input(network(), [0.1, -0.2], output=1, steps=15)
    figure = plot_ascent(track, network(), output=1, cells=12)
    figure.draw_without_rendering()
    axes, bar = figure.axes
    assert np.array_equal(axes.lines[0].get_xydata(), track.points)
    assert [line.get_xydata()[0].tolist() for line in axes.lines[1:]] == [track.points[0], track.points[-1]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["start", "end"]
    assert (axes.get_xlabel(), axes.get_ylabel(), bar.get_ylabel()) == ("x1", "x2", "output")
    low, high = np.min(track.points, axis=0), np.max(track.points, axis=0)
    assert (axes.get_xlim()[0] < low[0] < high[0] < axes.get_xlim()[1]) and axes.get_ylim()[0] < low[1]


def test_otherwise_the_output_is_drawn_by_step():
    model = MLP(3, [2, 1], activation="tanh", rng=0)
    track = ascend_input(model, [0.0, 0.1, 0.2], steps=8, minimise=True)
    for figure in (plot_ascent(track, model), plot_ascent(track)):
        axes = figure.axes[0]
        assert axes.lines[0].get_xydata().tolist() == [[i, v] for i, v in enumerate(track.values)]
        assert (axes.get_title(), axes.get_xlabel()) == ("gradient descent on the input", "step")


def test_a_flat_output_is_said_to_be_flat():
    figure = plot_ascent(ascend_input(flat, [1.0, 2.0], steps=2), flat, cells=3)
    assert len(figure.axes) == 1
    assert figure.axes[0].texts[0].get_text() == "the output is 3 everywhere"


def flat(x):
    return 0 * x[0] + 3


def test_a_track_of_another_output_is_refused():
    track = ascend_input(network(), [0.1, -0.2], output=1, steps=3)
    with pytest.raises(ValueError, match=r"at the start of the track, which has .* give the model and the output"):
        plot_ascent(track, network(), output=0)
    with pytest.raises(ValueError, match="as many points as values, got 0 and 0"):
        plot_ascent(Ascent([], []))


def test_an_output_that_is_not_finite_around_the_track_cannot_be_drawn():
    def spike(x):
        near = (x[0] - 1) ** 2 < 0.05  # the points are 1, 1.1, 1.2
        return x[0] if near else Value(math.inf) + x[0]

    track = ascend_input(spike, [1.0, 0.0], steps=2)
    with pytest.raises(ValueError, match="not finite everywhere around the track; plot the track without the model"):
        plot_ascent(track, spike)
