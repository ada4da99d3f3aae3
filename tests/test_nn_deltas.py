"""The δ report against the textbooks' recursion, and what it says of dead and saturated units."""

import itertools
import sys

import by_hand
import pytest

from autograd import Value, no_grad
from nn import MLP, GaussianLayer, Layer, Sequential, deltas


def trained_once(names, rng=1):
    model = MLP(3, [4, 3, 2][-len(names) :], activation=names, rng=rng)
    x, t = [0.9, -0.4, 0.2], [0.5, -0.5]
    sum(0.5 * (y - v) ** 2 for y, v in zip(model(x), t, strict=True)).backward()
    weights = [layer.weights for layer in model.layers]
    zs, outs = by_hand.forward(weights, [[0.0] * len(rows) for rows in weights], names, x)
    found = by_hand.deltas(weights, names, zs, [y - v for y, v in zip(outs[-1], t, strict=True)])
    return model, zs, outs, found


@pytest.mark.parametrize("names", [["tanh", "linear"], ["sigmoid", "relu", "tanh"]])
def test_every_delta_z_and_a_is_the_textbooks(names):
    model, zs, outs, found = trained_once(names)
    report = deltas(model)
    for layer, z, a, delta in zip(report.layers, zs, outs[1:], found, strict=True):
        assert [u.z for u in layer] == pytest.approx(z, rel=1e-13)
        assert [u.a for u in layer] == pytest.approx(a, rel=1e-13)
        assert [u.delta for u in layer] == pytest.approx(delta, rel=1e-12, abs=1e-16)
    norms = [sum(d * d for d in delta) ** 0.5 for delta in found]
    assert report.norms == pytest.approx(norms)
    assert report.vanishing_ratio == pytest.approx(norms[0] / norms[-1])


def test_softmax_with_cross_entropy_has_delta_y_minus_t():
    from autograd import log

    model = MLP(2, [3], activation=["softmax"], rng=0)
    y = model([0.5, -1.0])
    (-log(y[1])).backward()
    assert [u.delta for u in deltas(model).layers[0]] == pytest.approx([y[0].data, y[1].data - 1, y[2].data], rel=1e-13)


def test_dead_and_saturated_units_are_named():
    model = MLP(1, [2, 2, 1], activation=["relu", "sigmoid", "linear"], rng=0)
    model.layers[0].set([[1], [-1]], [0, 0])
    model.layers[1].set([[1, 0], [10, 0]], [0, 0])
    model([1.0]).backward()
    report = deltas(model)
    assert [(u.layer, u.number) for u in report.dead] == [(1, 2)]
    assert [(u.layer, u.number) for u in report.saturated] == [(2, 2)]
    assert "1 dead, 1 saturated" in repr(report)


def test_deep_sigmoid_networks_vanish_faster_than_their_bound_says_they_must():
    """J7: sigmoid' ≤ ¼, so with |w| ≤ 1 and one unit a layer ‖δ[1]‖ ≤ (¼)^(L−1) ‖δ[L]‖."""
    for depth in (2, 5, 10):
        model = MLP(1, [1] * depth, activation=["sigmoid"] * depth, init=lambda fan_in, rng: 1.0)
        model([0.3]).backward()
        assert 0 < deltas(model).vanishing_ratio <= 0.25 ** (depth - 1)


def test_the_report_prints_as_a_table_and_cuts_long_layers():
    model, *_ = trained_once(["tanh", "linear"])
    lines = repr(deltas(model)).splitlines()
    assert lines[0].split() == ["layer", "unit", "z", "a", "δ"]
    assert len([line for line in lines if line.strip().startswith(("1 ", "2 "))]) == 5
    wide = MLP(1, [20, 1], activation="tanh", rng=0)
    wide([1.0]).backward()
    assert "… 12 more" in repr(deltas(wide))


def lines_run(function):
    """How many lines of Python a call runs: its work, whatever else the machine does."""
    count, before = 0, sys.gettrace()

    def trace(frame, event, argument):
        nonlocal count
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "half_tanh"])
def test_the_report_costs_as_much_for_a_layer_however_many_lie_below_it(name):
    work = []
    for depth in (5, 10, 20, 40):
        model = MLP(2, [2] * depth, activation=[name] * depth, rng=0)
        sum(model([0.5, -0.5])).backward()
        work.append(lines_run(lambda model=model: deltas(model)))
    five, ten, twenty = (b - a for a, b in itertools.pairwise(work))  # so many more layers
    assert (ten, twenty) == pytest.approx((2 * five, 4 * five), rel=0.05)


def test_units_are_judged_by_their_z_even_where_no_graph_was_kept():
    model = Layer(1, 3, activation="sigmoid")
    model.set([[0.0], [5.9], [6.0]], [0.0] * 3)  # 4 σ'(z) = 1 / cosh²(z/2) falls to 0.01 at z = 2 arcosh 10 = 5.986
    with no_grad():
        model([1.0])
    assert [u.state for u in deltas(model).layers[0]] == ["", "", "saturated"]


def test_layers_are_found_wherever_they_stand():
    model = Sequential(GaussianLayer(2, 3, rng=0), Layer(3, 2, activation="tanh", rng=0), MLP(2, [2, 1], rng=0))
    model([0.1, 0.2]).backward()
    assert [len(layer) for layer in deltas(model).layers] == [2, 2, 1]


def test_before_anything_went_through_there_is_nothing_to_report():
    with pytest.raises(LookupError, match="nothing went through the model yet: call it, then backward"):
        deltas(MLP(2, [1], rng=0))
    with pytest.raises(LookupError, match="has no layers to report on"):
        deltas(GaussianLayer(2, 2, rng=0))


def test_a_network_whose_output_is_flat_has_no_ratio():
    model = MLP(1, [1, 1], rng=0)
    with no_grad():
        model([1.0])
    assert str(deltas(model).vanishing_ratio) == "nan"


def test_the_norms_are_plotted_as_bars():
    model, *_ = trained_once(["sigmoid", "relu", "tanh"])
    figure = deltas(model).plot()
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights == pytest.approx(deltas(model).norms)


def test_inputs_may_be_values():
    model = MLP(1, [1], rng=0)
    model([Value(1.0)]).backward()
    assert deltas(model).layers[0][0].delta == 1.0
