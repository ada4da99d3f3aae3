"""Plots: what the figures show is what the engine gives, weights are put back, and no global state is left behind."""

import io
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, dot, exp, gradient, no_grad
from nn import ACTIVATIONS, MLP, Parameter, Perceptron, Sequential, moons
from nn.boundary import decision_boundary, draw_boundary
from nn.plots import CLASSES, activations, delta_norms, hidden_units, learning_curves, new_figure
from nn.surface import loss_surface, surface

ROOT = Path(__file__).parents[1]
CORNERS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
BLUE, VERMILLION = CLASSES[0][1], CLASSES[1][1]


def drawn(figure, dpi):
    """The pixels."""
    from matplotlib.image import imread

    file = io.BytesIO()
    figure.savefig(file, dpi=dpi, format="png")
    file.seek(0)
    return imread(file)


def axes_of(figure):
    """The axes of a figure that is thereby shown to be drawable without a warning."""
    figure.draw_without_rendering()
    return figure.axes


def colour_at(figure, point):
    """The colour of the figure at a point of its first axes, as #rrggbb."""
    pixels = drawn(figure, dpi=100)
    across, up = figure.axes[0].transData.transform(point)
    return "#" + "".join(f"{round(255 * c):02x}" for c in pixels[pixels.shape[0] - round(up), round(across)][:3])


def lines_at(axes):
    """The vertices of every contour line (a contour without filling)."""
    return [
        path.vertices
        for contour in axes.collections
        if hasattr(contour, "levels") and not contour.filled
        for path in contour.get_paths()
    ]


def legend(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


# --- decision boundary


def test_the_boundary_of_a_linear_score_is_where_it_is_zero():
    figure = decision_boundary(lambda x: x[0] - x[1], CORNERS, [0, 0, 1, 1], cells=10)
    (axes,) = axes_of(figure)
    (vertices,) = lines_at(axes)
    assert np.ptp(vertices[:, 0]) > 1.5
    assert np.abs(vertices[:, 0] - vertices[:, 1]).max() < 1e-12
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title()) == ("x1", "x2", "decision boundary")
    assert legend(axes) == ["class 0", "class 1"]


def test_the_boundary_is_at_the_threshold_asked_for():
    figure = decision_boundary(lambda x: x[0], CORNERS, [0, 0, 1, 1], cells=10, threshold=0.3)
    (vertices,) = lines_at(figure.axes[0])
    assert np.abs(vertices[:, 0] - 0.3).max() < 1e-12


def test_the_margin_is_one_to_either_side_of_the_threshold():
    figure = decision_boundary(lambda x: 4 * x[0] - 2, CORNERS, [-1, -1, 1, 1], cells=20, margin=True)
    assert [round(v[0][0], 9) for v in lines_at(figure.axes[0])] == [0.5, 0.25, 0.75]
    assert "dashed: margin" in figure.axes[0].get_title()
    assert legend(figure.axes[0]) == ["class -1", "class +1"]


def test_regions_have_the_tint_of_the_class_the_model_decides_for():
    one = decision_boundary(lambda x: x[0] - 0.5, CORNERS, [0, 0, 1, 1], cells=20)
    assert [colour_at(one, (x, 0.5)) for x in (0.2, 0.8)] == [CLASSES[0][2], CLASSES[1][2]]
    three = decision_boundary(lambda x: [-x[0], x[0] - 1 + x[1], x[0] - x[1]], CORNERS, [0, 1, 2, 1], cells=20)
    scores = {(-0.3, 0.3): 0, (0.7, 1.3): 1, (0.8, -0.2): 2}
    for point, k in scores.items():
        assert colour_at(three, point) == CLASSES[k][2]


def test_a_tie_goes_to_the_first_class_as_argmax_does():
    assert colour_at(decision_boundary(lambda x: [1.0, 1.0], CORNERS, [0, 1, 1, 0], 8), (0.5, 0.5)) == CLASSES[0][2]


def test_each_class_has_a_marker_and_a_colour_of_its_own_and_all_its_points():
    from matplotlib.colors import to_hex

    figure = decision_boundary(lambda x: [x[0], x[1], 0.2], CORNERS, [2, 1, 0, 1])
    points = [c for c in figure.axes[0].collections if c.get_label().startswith("class")]
    assert [c.get_offsets().tolist() for c in points] == [[[1.0, 0.0]], [[0.0, 1.0], [1.0, 1.0]], [[0.0, 0.0]]]
    assert [to_hex(c.get_facecolor()[0]) for c in points] == [color for _, color, _ in CLASSES[:3]]
    assert len({c.get_paths()[0].vertices.tobytes() for c in points}) == 3


def test_the_markers_of_all_classes_show_as_much_of_their_colour():
    figure = new_figure(2, 1)
    plane, classes = figure.subplots(), range(len(CLASSES))
    points = [[float(k), float(k % 2)] for k in classes]
    draw_boundary(plane, lambda x: [-((x[0] - k) ** 2) for k in classes], points, classes, 30, legend=False)
    plane.axis("off")
    plane.set_title("")
    pixels = np.round(255 * drawn(figure, dpi=1000)[:, :, :3]).astype(int)
    wanted = [[int(color[i : i + 2], 16) for i in (1, 3, 5)] for _, color, _ in CLASSES]
    areas = [(abs(pixels - colour).max(axis=2) <= 2).sum() for colour in wanted]
    assert areas == pytest.approx([areas[0]] * len(areas), rel=0.08)
    assert areas[0] > 3000


def test_the_legend_can_be_left_out_and_a_boundary_drawn_into_a_panel():
    from matplotlib.figure import Figure

    assert decision_boundary(sum, CORNERS, [0, 1, 1, 1], 4, legend=False).axes[0].get_legend() is None
    left, right = Figure().subplots(1, 2)
    draw_boundary(right, lambda x: x[0] - 0.5, CORNERS, [0, 0, 1, 1], cells=4)
    assert (len(lines_at(left)), len(lines_at(right)), legend(right)) == (0, 1, ["class 0", "class 1"])


def test_a_lone_class_is_the_higher_one_if_positive():
    from matplotlib.colors import to_hex

    for label, color in ((0, BLUE), (-1, BLUE), (1, VERMILLION)):
        figure = decision_boundary(lambda x: x[0], CORNERS, [label] * 4, cells=2)
        assert to_hex(figure.axes[0].collections[-1].get_facecolor()[0]) == color


@pytest.mark.parametrize("model", [lambda x: 0.0, lambda x: 5.0, lambda x: [Value(1.0), 2.0]])
def test_a_model_that_never_changes_its_mind_has_no_line(model):
    assert (
        lines_at(axes_of(decision_boundary(model, CORNERS, [0, 1, 1, 0], margin=True and model([0, 0]) == 0.0))[0])
        == []
    )


def test_the_model_runs_without_a_graph_and_numpys_arrays_are_data_too():
    seen = []

    def model(x):
        seen.append(Value(1.0) * x[0])
        return seen[-1]

    decision_boundary(model, np.array(CORNERS), np.array([0, 0, 1, 1]), cells=4)
    assert len(seen) == 25
    assert all(score.op is None for score in seen)


def test_a_perceptron_is_drawn_with_threshold_one_half():
    unit = Perceptron(2)
    unit.learn(CORNERS, [0, 0, 0, 1])
    (jagged,) = lines_at(decision_boundary(unit, CORNERS, [0, 0, 0, 1], cells=20, threshold=0.5).axes[0])
    # as the docstring has it
    figure = decision_boundary(lambda x: dot(unit.w, x, unit.b), CORNERS, [0, 0, 0, 1], cells=20)
    (straight,) = lines_at(figure.axes[0])
    off = [[abs(unit.w[0].data * a + unit.w[1].data * b + unit.b.data) for a, b in line] for line in (jagged, straight)]
    assert max(off[1]) < 1e-12 < 0.01 < max(off[0])


def test_the_room_around_the_points_suits_narrow_wide_and_constant_data():
    spans = [0.02, 2.0, 100.0]
    for span, room in zip(spans, [0.01, 0.5, 5.0], strict=True):
        figure = decision_boundary(lambda x: x[0] - 1e-3, [[0.0, 3.0], [span, 3.0]], [0, 1], cells=4)
        assert figure.axes[0].get_xlim() == pytest.approx((-room, span + room))
        assert figure.axes[0].get_ylim() == pytest.approx((2.5, 3.5))


def test_the_two_moons_show_the_same_plane_with_a_curve_beside_it():
    figure = moons.picture(
        moons.network(), CORNERS, [-1, -1, 1, 1], [moons.Step(0, 1.0, 0.5), moons.Step(1, 0.1, 0.9)], cells=6
    )
    plane, curve = figure.axes
    assert tuple(figure.get_size_inches()) == (9, 3.6)
    assert legend(plane) == ["class -1", "class +1"]
    assert curve.lines[0].get_ydata().tolist() == [1.0, 0.1]


@pytest.mark.parametrize(
    ("x", "y", "model", "options", "said"),
    [
        ([], [], sum, {}, "no points"),
        ([[1, 2, 3]], [0], sum, {}, "over two inputs, but point 0 has 3"),
        ([[1, 2], [1]], [0, 1], sum, {}, "point 1 has 1"),
        ([1.0, 2.0], [0, 1], sum, {}, r"point 0 is the one number 1\.0"),
        ([[1, 2]], [0, 1], sum, {}, "one class for each point, got 1 points and 2 classes"),
        ([[1, math.nan]], [0], sum, {}, "point 0 is .* leave out"),
        (CORNERS, [0, 1, 2, 0], sum, {}, "two classes apart, not 0, 1, 2"),
        (CORNERS, [0, 1, 2, 0], list, {}, "whole number from 0 to 1, got 2"),
        (CORNERS, [0, 1, 1, 0], list, {"margin": True}, "a margin is of one output, this model has 2"),
        (CORNERS, [0, 1, 1, 0], lambda x: math.inf, {}, r"the model gives \[inf\] at"),
        (CORNERS, [0, 1, 1, 0], sum, {"cells": 0}, "cells from 1 up, got 0"),
    ],
)
def test_a_boundary_that_cannot_be_drawn_says_why(x, y, model, options, said):
    with pytest.raises(ValueError, match=said):
        decision_boundary(model, x, y, **options)


# --- learning curves


def test_learning_curves_show_every_loss_by_epoch():
    (axes,) = learning_curves({"training": [3.0, 2.0, 1.0], "validation": [3.5, 2.5]}).axes
    assert [c.get_xdata().tolist() for c in axes.lines] == [[1, 2, 3], [1, 2]]
    assert [c.get_ydata().tolist() for c in axes.lines] == [[3.0, 2.0, 1.0], [3.5, 2.5]]
    assert legend(axes) == ["training", "validation"]
    assert len({(c.get_color(), c.get_linestyle()) for c in axes.lines}) == 2
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()) == ("epoch", "loss", "linear")


@pytest.mark.parametrize(
    ("curve", "scale"),
    [([1.0, 0.05], "log"), ([1.0, 0.5], "linear"), ([1.0, 0.0], "linear"), ([1.0, -9.0], "linear")],
)
def test_the_axis_is_logarithmic_where_positive_and_over_a_decade(curve, scale):
    assert learning_curves({"a": [1.0], "b": curve}).axes[0].get_yscale() == scale


def test_twenty_eight_curves_can_be_told_apart_and_one_point_be_seen():
    axes = learning_curves({str(i): [float(i)] for i in range(28)}).axes[0]
    assert len({(c.get_color(), c.get_linestyle()) for c in axes.lines}) == 28
    assert {c.get_marker() for c in axes.lines} == {"o"}


def test_a_loss_that_is_not_finite_leaves_a_gap():
    axes = axes_of(learning_curves({"a": [1.0, math.nan, 0.01, math.inf]}))[0]
    assert axes.get_yscale() == "log"
    assert axes_of(learning_curves({"a": [math.nan]}))[0].get_yscale() == "linear"


@pytest.mark.parametrize(
    ("losses", "error", "said"),
    [
        ({}, ValueError, "there are no losses to draw"),
        ({"training": []}, ValueError, "no losses in 'training'"),
        ([1.0, 2.0], TypeError, "expected a dict .* got list"),
        ({"a": [1.0, "x"]}, TypeError, "a number as loss 2 of 'a', got str 'x'"),
    ],
)
def test_curves_that_cannot_be_drawn_say_why(losses, error, said):
    with pytest.raises(error, match=said):
        learning_curves(losses)


# --- activations


def test_J5_every_activation_of_units_is_drawn_with_the_engines_derivative():
    figure = activations()
    panels = axes_of(figure)
    rows = [row for row in ACTIVATIONS.values() if not row.of_layer]
    assert [axes.get_title() for axes in panels] == [row.label for row in rows]
    for row, axes in zip(rows, panels, strict=True):
        curve, slope = axes.lines
        for x, y, d in zip(curve.get_xdata(), curve.get_ydata(), slope.get_ydata(), strict=True):
            z = Value(x)
            assert (row.function(z).data, gradient(row.function(z), z)) == (y, d)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["φ(z)", "φ'(z)"]


def test_J5_the_derivatives_are_the_textbooks():
    formulas = {
        "sigmoid": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
        "tanh": lambda z: 1 - np.tanh(z) ** 2,
        "relu": lambda z: 1.0 * (z > 0),
    }
    for axes, formula in zip(activations(formulas).axes, formulas.values(), strict=True):
        z = axes.lines[1].get_xdata()
        assert axes.lines[1].get_ydata() == pytest.approx(formula(z), abs=1e-14)


@pytest.mark.parametrize(("count", "lowest"), [(1, 1), (3, 3), (4, 2), (5, 3), (7, 4), (10, 5)])
def test_the_lowest_panel_of_each_column_names_z(count, lowest):
    names = [row.name for row in ACTIVATIONS.values() if not row.of_layer][:count]
    panels = activations(names).axes
    assert len(panels) == count
    assert [axes.get_xlabel() for axes in panels].count("z") == lowest


def test_a_single_name_and_a_function_of_ones_own_are_drawn_too():
    assert len(activations("tanh").axes) == 1
    assert activations([exp]).axes[0].lines[1].get_ydata()[0] == pytest.approx(math.exp(-3))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "no activations to draw"),
        (["softmax"], "softmax takes a whole layer"),
        (["rellu"], "did you mean 'relu'"),
    ],
)
def test_activations_that_cannot_be_drawn_say_why(names, said):
    with pytest.raises(ValueError, match=said):
        activations(names)


# --- δ norms


def test_J7_norms_are_bars_from_the_first_layer_to_the_last():
    (axes,) = delta_norms([0.1, 0.2, 0.3]).axes
    assert [bar.get_height() for bar in axes.patches] == [0.1, 0.2, 0.3]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1", "2", "3"]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()) == ("layer", "‖δ‖", "linear")


def test_J7_vanishing_norms_are_on_a_logarithmic_axis_and_none_is_hidden():
    (axes,) = axes_of(delta_norms({"hidden 1": 0.0, "hidden 2": 1e-6, "output": 1.0}))
    assert axes.get_yscale() == "log"
    assert axes.get_ylim()[0] < 1e-6
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["hidden 1", "hidden 2", "output"]
    assert (axes.texts[0].get_text(), axes.texts[0].get_position()[0]) == ("0", 1)


@pytest.mark.parametrize("norms", [[0.1, 0.2, 0.3], [0.01, 1.0], [1e-18, 1.0], [1e-290, 1e9], [0.5] * 12])
def test_no_number_on_a_bar_reaches_the_frame(norms):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = delta_norms(norms)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    axes, renderer = figure.axes[0], canvas.get_renderer()
    tops = [text.get_window_extent(renderer).y1 for text in axes.texts]
    assert len(tops) == len(norms)
    assert axes.bbox.y1 - 40 < max(tops) < axes.bbox.y1 - 2


def test_the_norms_of_many_layers_stand_without_numbers_on_them():
    axes = delta_norms([1.0] * 30).axes[0]
    assert len(axes.patches) == len(axes.get_xticklabels()) == 30
    assert list(axes.texts) == []


def test_norms_that_are_all_zero_are_drawn():
    assert axes_of(delta_norms([0.0, 0.0]))[0].get_yscale() == "linear"


@pytest.mark.parametrize(
    ("norms", "said"),
    [
        ([], "no norms to draw"),
        ([1.0, -1.0], r"layer 2 is -1\.0"),
        ({"out": math.nan}, "layer out is nan"),
        ([math.inf], "layer 1 is inf"),
    ],
)
def test_norms_that_cannot_be_drawn_say_why(norms, said):
    with pytest.raises(ValueError, match=said):
        delta_norms(norms)


# --- hidden units


def test_D_the_hidden_units_are_drawn_beside_the_fit():
    model = MLP(1, [3, 1], activation="tanh", rng=0)
    left, right = axes_of(hidden_units(model, [1.0, -1.0, 0.0], [[0.5], [0.7]], [[0.25], [0.49]]))
    xs = [-1.0, 0.0, 1.0]
    (fit,) = left.lines
    assert fit.get_xdata().tolist() == xs
    assert fit.get_ydata().tolist() == [model([x]).data for x in xs]
    assert left.collections[0].get_offsets().tolist() == [[0.5, 0.25], [0.7, 0.49]]
    for neuron, unit in zip(model.layers[0].neurons, right.lines, strict=True):
        assert unit.get_ydata().tolist() == [neuron([x]).data for x in xs]
    assert legend(left) == ["target", "fit"]
    assert legend(right) == ["unit 1", "unit 2", "unit 3"]


def test_one_hidden_unit_and_many_are_drawn_too():
    assert len(hidden_units(MLP(1, [1, 1], rng=0), [0, 1]).axes[1].lines) == 1
    crowd = hidden_units(MLP(1, [11, 1], rng=0), [0, 1]).axes[1]
    assert len(crowd.lines) == 11
    assert crowd.get_legend() is None


@pytest.mark.parametrize(
    ("model", "arguments", "said"),
    [
        (MLP(2, [3, 1]), ([0],), "expected an MLP with one input, one hidden layer and one output, got MLP"),
        (MLP(1, [3, 3, 1]), ([0],), "one hidden layer"),
        (MLP(1, [3, 2]), ([0],), "one output"),
        (Sequential(abs), ([0],), "got Sequential"),
        (MLP(1, [3, 1]), ([],), "no xs"),
        (MLP(1, [3, 1]), ([0], [1, 2], [1]), "got 2 points and 1 targets"),
        (MLP(1, [3, 1]), ([0], [1]), "got 1 points and 0 targets"),
        (MLP(1, [3, 1]), ([[0, 1]],), "one number as x 0, got 2"),
    ],
)
def test_hidden_units_that_cannot_be_drawn_say_why(model, arguments, said):
    with pytest.raises(ValueError, match=said):
        hidden_units(model, *arguments)


# --- loss surface


def bowl():
    w, b = Parameter(1.0, "w"), Parameter(-2.0, "b")
    return lambda: w * w + 3 * b * b, [w, b]


def test_the_surface_is_the_loss_at_every_step_along_the_directions():
    loss, parameters = bowl()
    alphas, betas, values = surface(loss, parameters, 2.0, 4, directions=([1, 0], [0.5, 1]))
    assert alphas == betas == [-2.0, -1.0, 0.0, 1.0, 2.0]
    for j, b in enumerate(betas):
        for i, a in enumerate(alphas):
            assert values[j][i] == pytest.approx((1 + a + 0.5 * b) ** 2 + 3 * (b - 2) ** 2)


def test_the_middle_of_the_surface_is_the_loss_as_it_is():
    loss, parameters = bowl()
    assert surface(loss, parameters).values[12][12] == loss().data


def test_random_directions_come_from_the_seed_alone():
    loss, parameters = bowl()
    assert surface(loss, parameters, cells=2, seed=1) == surface(loss, parameters, cells=2, seed=1)
    assert surface(loss, parameters, cells=2, seed=1) != surface(loss, parameters, cells=2, seed=2)


def test_a_random_direction_is_as_long_as_each_list_of_parameters():
    groups = [[Parameter(3.0), Parameter(4.0)], [], [Parameter(0.0)], [Parameter(-2.0)]]
    flat = [p for group in groups for p in group]
    start = [p.data for p in flat]
    moved = []
    surface(lambda: moved.append([p.data - s for p, s in zip(flat, start, strict=True)]) or 1.0, groups, cells=1)
    both = [np.subtract(moved[1], moved[0]) / 2, np.subtract(moved[2], moved[0]) / 2]  # α, β = ±1
    for direction in both:
        assert np.hypot(*direction[:2]) == pytest.approx(5)
        assert np.abs(direction[2:]) == pytest.approx([1, 2])
    moved.clear()
    surface(lambda: moved.append([p.data - s for p, s in zip(flat, start, strict=True)]) or 1.0, flat, cells=1)
    assert np.linalg.norm(np.subtract(moved[1], moved[0]) / 2) == pytest.approx(np.linalg.norm(start))


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, None])
def test_the_parameters_are_put_back_whatever_happens(error):
    loss, parameters = bowl()
    calls = []

    def failing():
        calls.append(loss())
        if error and len(calls) == 5:
            raise error
        return calls[-1]

    if error:
        with pytest.raises(error):
            surface(failing, parameters)
    else:
        surface(failing, parameters)
    assert [p.data for p in parameters] == [1.0, -2.0]
    assert [p.grad for p in parameters] == [0.0, 0.0]
    assert all(value.op is None for value in calls)
    assert no_grad.active == 0


def test_J11_the_picture_draws_the_surface_and_marks_the_parameters():
    loss, parameters = bowl()
    axes, bar = axes_of(loss_surface(loss, parameters, cells=8, directions=([1, 0], [0, 1])))
    filled = next(c for c in axes.collections if getattr(c, "filled", False))
    heights = [h for row in surface(loss, parameters, cells=8, directions=([1, 0], [0, 1])).values for h in row]
    assert (filled.levels[0], filled.levels[-1]) == (min(heights), max(heights))
    assert [c.get_xydata().tolist() for c in axes.lines] == [[[0.0, 0.0]]]
    assert legend(axes) == ["parameters now"]
    assert legend(loss_surface(loss, parameters, cells=2, label="the minimum").axes[0]) == ["the minimum"]
    assert bar.get_ylabel() == "loss"
    assert axes.get_title() == "loss surface"


@pytest.mark.parametrize(("loss", "logarithmic"), [(lambda w: exp(3 * w), True), (lambda w: w, False)])
def test_levels_are_logarithmic_where_the_loss_is_positive_and_over_a_decade(loss, logarithmic):
    w = Parameter(1.0)
    axes = loss_surface(lambda: loss(w), [w], cells=4, directions=([1], [0.5])).axes[0]
    levels = next(c for c in axes.collections if getattr(c, "filled", False)).levels
    steps = np.diff(np.log(levels) if logarithmic else levels)
    assert steps == pytest.approx([steps[0]] * 12)


def test_a_loss_that_is_infinite_in_places_leaves_them_white():
    w = Parameter(0.5)
    figure = loss_surface(lambda: w if w.data < 1 else math.inf, [w], cells=10, directions=([1], [0]))
    assert colour_at(figure, (0.9, -0.5)) == "#ffffff"
    assert colour_at(figure, (-0.9, -0.5)) != "#ffffff"


def test_a_flat_loss_is_said_to_be_flat():
    (axes,) = loss_surface(lambda: 3.0, [Parameter(1.0)], cells=2).axes
    assert [text.get_text() for text in axes.texts] == ["the loss is 3 everywhere"]


@pytest.mark.parametrize(
    ("loss", "parameters", "options", "error", "said"),
    [
        (lambda: 1.0, [], {}, ValueError, "no parameters to move"),
        (lambda: 1.0, [[], []], {}, ValueError, "no parameters to move"),
        (lambda: 1.0, [0.5], {}, TypeError, r"as Values or as lists of them, got float 0\.5"),
        (lambda: 1.0, [Parameter(1.0)], {"span": 0.0}, ValueError, "span > 0"),
        (lambda: 1.0, [Parameter(1.0)], {"cells": 2.5}, ValueError, "cells from 1 up"),
        (lambda: 1.0, [Parameter(1.0)], {"directions": ([1.0], [1.0, 2.0])}, ValueError, "of 1 numbers.* got 1 and 2"),
        (lambda: 1.0, [Parameter(1.0)], {"directions": ()}, ValueError, "two directions.* got none"),
        (lambda: math.nan, [Parameter(1.0)], {}, ValueError, "not finite anywhere"),
        (lambda: "low", [Parameter(1.0)], {}, TypeError, "a number as the loss, got str 'low'"),
    ],
)
def test_a_surface_that_cannot_be_drawn_says_why(loss, parameters, options, error, said):
    with pytest.raises(error, match=said):
        loss_surface(loss, parameters, **options)


# --- all of them


def test_the_same_call_draws_the_same_pixels():
    loss, parameters = bowl()
    calls = [lambda: loss_surface(loss, parameters, cells=4), lambda: decision_boundary(sum, CORNERS, [0, 1, 1, 0], 8)]
    for call in calls:
        assert np.array_equal(drawn(call(), 40), drawn(call(), 40))


def test_pyplot_is_never_imported():
    code = (
        "import sys; from nn.plots import *; from nn.boundary import *; from nn.surface import *; import nn;"
        "assert 'matplotlib' not in sys.modules; learning_curves({'a': [1]}); delta_norms([1]); activations('relu');"
        "hidden_units(nn.MLP(1, [2, 1]), [0, 1]); decision_boundary(sum, [[0, 1]], [1], 2);"
        "decision_boundary(list, [[0, 1]], [1], 2); loss_surface(lambda: p, [p := nn.Parameter(1)], cells=2);"
        "print('matplotlib.figure' in sys.modules, 'matplotlib.pyplot' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["True", "False"]


def test_without_matplotlib_one_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'pathgrad\[notebooks\]'") as found:
        delta_norms([1.0])
    assert found.value.name == "matplotlib.figure"
