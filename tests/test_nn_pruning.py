"""Optimal brain damage: saliencies against NumPy's Hessian, what they predict, and weights that stay pruned."""

import math

import numpy as np
import pytest

from autograd import Value, exp, no_grad, sqrt
from nn import MLP, SGD, Adam, GaussianLayer, Layer, Sequential, fit, half_squared_error, squared_error, squared_norm
from nn.curvature import plot_pruning, prune, pruning_curves, saliency
from nn.schedules import cosine

X = [[i / 4] for i in range(-6, 7)]
Y = [math.sin(1.5 * x) for (x,) in X]


def summed(model, x=X, y=Y):
    """A function that computes ½ Σ (y − t)² anew."""
    return lambda: sum([half_squared_error(model(row), t) for row, t in zip(x, y, strict=True)], Value(0.0))


@pytest.fixture(scope="module")
def weights():
    """The parameters of a 1–4–1 tanh network at a minimum."""
    model = MLP(1, [4, 1], activation="tanh", rng=0)
    fit(model, (X, Y), squared_error, Adam(model.parameters(), cosine(0.1, 300)), 300, progress=False)
    return [p.data for p in model.parameters()]


@pytest.fixture
def model(weights):
    model = MLP(1, [4, 1], activation="tanh", rng=0)
    for p, w in zip(model.parameters(), weights, strict=True):
        p.data = w
    return model


def numpys_loss(w):
    """½ Σ (y − t)² of the 1–4–1 network, in the order of its parameters: w and b of each hidden unit, then the rest."""
    hidden, last, bias = w[:8].reshape(4, 2), w[8:12], w[12]
    y = np.tanh(np.outer([x for (x,) in X], hidden[:, 0]) + hidden[:, 1]) @ last + bias
    return 0.5 * ((y - Y) ** 2).sum()


# --- saliency


def test_saliencies_are_half_the_hessians_diagonal_times_w_squared(model):
    w, h = np.array([p.data for p in model.parameters()]), 1e-4
    ups = h * np.eye(len(w))
    here = numpys_loss(w)
    diagonal = np.array([numpys_loss(w + up) - 2 * here + numpys_loss(w - up) for up in ups]) / h**2
    assert np.allclose(saliency(summed(model)(), model.parameters()), 0.5 * diagonal * w**2, rtol=1e-5, atol=1e-6)


def test_saliencies_have_the_shape_of_the_parameters(model):
    loss = summed(model)()
    nested = [[unit.w for unit in layer.neurons] for layer in model.layers]
    found = saliency(loss, nested)
    assert [[len(row) for row in rows] for rows in found] == [[1] * 4, [4]]
    assert found[1][0][2] == saliency(loss, model.layers[1].neurons[0].w[2])


def test_a_quadratic_loss_grows_by_exactly_the_saliency():
    u, v = Value(3.0), Value(-2.0)
    loss = 2 * (u - 3) ** 2 + 0.5 * (v + 2) ** 2
    assert saliency(loss, [u, v]) == [2 * 9, 0.5 * 4]


def test_away_from_a_minimum_a_saliency_may_be_negative():
    w = Value(2.0)
    assert saliency(-(w * w), w) == -4.0


# --- which weights, and by how much


def test_the_least_salient_weights_go_in_order(model):
    names = [name for name in model.named_parameters() if ".w." in name]
    scores = dict(zip(names, saliency(summed(model)(), [model.parameter(n) for n in names]), strict=True))
    pruned = prune(model, summed(model), count=5)
    assert pruned.names == sorted(names, key=scores.__getitem__)[:5]
    assert [model.parameter(name).data for name in pruned.names] == [0.0] * 5
    assert sum(p.data == 0.0 for p in model.parameters()) == 5


def test_small_saliencies_predict_what_is_measured(weights):
    """A weight made small has a small saliency, and what OBD leaves out then is of higher order in it."""
    errors = []
    for size in (0.2, 0.1, 0.05):
        model = MLP(1, [4, 1], activation="tanh", rng=0)
        for p, w in zip(model.parameters(), weights, strict=True):
            p.data = w
        extra = model.layers[0].neurons[3]
        extra.set([size], 0.0)
        shown = [model(row).data for row in X]  # targets that it meets: a minimum with that small weight
        (found,) = prune(model, summed(model, y=shown), count=1).rounds
        assert found.names == ["layers.0.neurons.3.w.0"]
        assert found.before == 0.0
        errors.append(abs(found.predicted / found.after - 1))
    assert errors[0] < 0.1 and errors[2] < 0.006
    assert errors[0] > 3 * errors[1] > 9 * errors[2]


def test_the_first_weight_of_a_trained_network_costs_about_what_was_predicted(model):
    before = summed(model)().data
    (found,) = prune(model, summed(model), count=1).rounds
    assert (found.before, found.after) == (before, summed(model)().data)
    assert found.after - found.before == pytest.approx(found.predicted, rel=0.3)


def test_saliency_spares_a_small_weight_that_matters_and_takes_a_large_one_without_effect():
    """The second input is always 0, so its weight does nothing, however large; the first varies a hundredfold."""
    x, y = [[10.0, 0.0], [-20.0, 0.0], [30.0, 0.0]], [1.0, -2.0, 3.0]
    losses = {}
    for by in ("saliency", "magnitude"):
        line = Layer(2, 1, activation="linear")
        line.set([[0.1, 5.0]], [0.0])
        pruned = prune(line, summed(line, x, y), count=1, by=by)
        losses[by] = pruned.rounds[0].after
        assert pruned.names == [{"saliency": "neurons.0.w.1", "magnitude": "neurons.0.w.0"}[by]]
    assert losses == pytest.approx({"saliency": 0.0, "magnitude": 0.5 * (1 + 4 + 9)}, abs=1e-12)


def test_a_share_is_of_the_weights_alone_without_biases_or_centres():
    model = Sequential(GaussianLayer(2, 3, rng=0), Layer(3, 4, activation="tanh", rng=0), Layer(4, 2, nonlin=False))
    centers = [c.data for row in model.stages[0].centers for c in row]
    loss = summed(model, [[0.1, 0.2], [0.5, -1.0]], [[1.0, 0.0], [0.0, 1.0]])
    pruned = prune(model, loss, share=0.25)
    assert len(pruned.names) == len(pruned.pruned) == 5  # of 12 + 8
    assert centers == [c.data for row in model.stages[0].centers for c in row]
    prune(model, loss, share=1.0)
    assert all(w == 0.0 for layer in model.stages[1:] for row in layer.weights for w in row)
    with pytest.raises(ValueError, match="has no weights to prune, all of them being 0"):
        prune(model, loss, share=1.0)


def test_the_weight_of_x0_is_a_bias():
    model = Layer(1, 2, activation="linear", bias="x0")
    model.set([[0.5, 2.0], [0.25, 3.0]])
    assert prune(model, summed(model, [[1.0]], [[2.0, 3.0]]), share=1.0).names == ["neurons.0.w.1", "neurons.1.w.1"]
    assert model.weights == [[0.5, 0.0], [0.25, 0.0]]


def test_a_shared_layer_counts_once():
    layer = Layer(1, 1, activation="tanh", rng=0)
    model = Sequential(layer, layer)
    assert prune(model, summed(model), share=1.0).names == ["stages.0.neurons.0.w.0"]


def test_magnitude_takes_the_smallest_and_reports_their_saliencies(model):
    sizes = {name: abs(p.data) for name, p in model.named_parameters().items() if ".w." in name}
    wanted = sorted(sizes, key=sizes.get)[:3]
    expected = sum(saliency(summed(model)(), [model.parameter(name) for name in wanted]))
    (found,) = prune(model, summed(model), count=3, by="magnitude").rounds
    assert found.names == wanted
    assert found.predicted == pytest.approx(expected, rel=1e-12)


def test_rounds_take_new_saliencies_as_calls_one_after_another_do(model, weights):
    pruned = prune(model, summed(model), count=5, steps=3)
    assert [len(found.names) for found in pruned.rounds] == [1, 2, 2]
    assert pruned.rounds[-1].after == summed(model)().data
    for p, w in zip(model.parameters(), weights, strict=True):
        p.data = w
    one_by_one = [prune(model, summed(model), count=count).rounds[0] for count in (1, 2, 2)]
    assert pruned.rounds == one_by_one
    assert [found.before for found in one_by_one[1:]] == [found.after for found in one_by_one[:-1]]


def test_pruning_again_takes_others_and_keeps_the_first_at_zero(model):
    first = prune(model, summed(model), count=2)
    second = prune(model, summed(model), count=2)
    assert not set(first.names) & set(second.names)
    assert set(first.pruned) < set(second.pruned) and len(second.pruned) == 4
    assert len(second.kept) == 13 - 4


# --- weights that stay pruned


@pytest.mark.parametrize("make", [lambda ps: SGD(ps, 0.05, momentum=0.9), lambda ps: Adam(ps, 0.05)])
def test_an_optimizer_of_those_kept_never_moves_the_others(model, make):
    pruned = prune(model, summed(model), count=4)
    after = summed(model)().data
    seen = []

    def watch(epoch, model, history):
        seen.extend(w.data for w in pruned.pruned)

    fit(
        model, (X, Y), squared_error, make(pruned.kept), 40, batch_size=3, seed=0, progress=False, callbacks=watch,
        validation=(X, Y), patience=30,
    )  # fmt: skip
    assert set(seen) == {0.0} and [w.data for w in pruned.pruned] == [0.0] * 4
    assert summed(model)().data < after


def test_as_a_callback_it_puts_them_back_after_each_epoch(model):
    pruned = prune(model, summed(model), count=4)
    seen = []

    def watch(epoch, model, history):
        seen.append([w.data for w in pruned.pruned])

    optimizer = SGD(model.parameters(), 0.05, momentum=0.9)
    fit(model, (X, Y), squared_error, optimizer, 5, progress=False, callbacks=[watch, pruned])
    assert len(seen) == 5 and all(any(data) for data in seen)  # before it was called
    assert [w.data for w in pruned.pruned] == [0.0] * 4


def test_apply_serves_a_loop_of_ones_own(model):
    pruned, optimizer = prune(model, summed(model), count=4), SGD(model.parameters(), 0.01)
    before = summed(model)().data
    for _ in range(20):
        optimizer.zero_grad()
        summed(model)().backward()
        optimizer.step()
        pruned.apply()
    assert [w.data for w in pruned.pruned] == [0.0] * 4
    assert summed(model)().data < before


# --- the report and the picture


def test_the_report_prints_a_row_for_each_round_and_the_names():
    model = MLP(1, [6, 1], activation="tanh", rng=0)
    pruned = prune(model, summed(model), count=12, steps=2)
    header, first, second, names = repr(pruned).splitlines()
    assert header.split() == ["round", "weights", "loss", "before", "after", "increase", "predicted"]
    for i, (line, found) in enumerate(zip((first, second), pruned.rounds, strict=True), 1):
        numbers = [found.before, found.after, found.after - found.before, found.predicted]
        assert line.split() == [str(i), "6", *(f"{x:.4g}" for x in numbers)]
    assert names == "set to 0: " + ", ".join(model.parameter(path).name for path in pruned.names[:10]) + ", … 2 more"


def test_the_report_calls_weights_by_their_names_or_where_several_have_one_by_their_paths():
    alone, together = Layer(2, 1, activation="linear", rng=0), Layer(2, 2, activation="linear", rng=0)
    for model, shown in ((alone, {"w1", "w2"}), (together, {f"neurons.{j}.w.{i}" for j in (0, 1) for i in (0, 1)})):
        report = repr(prune(model, lambda model=model: squared_norm(model.parameters()), share=1.0))
        listed = report.splitlines()[2].removeprefix("set to 0: ").split(", ")
        assert set(listed) == shown
        assert {model.parameter(name).data for name in listed} == {0.0}


def test_the_reports_lines_are_not_long():
    layers = [Layer(4, 4, activation="linear", rng=seed) for seed in range(12)]
    model = Sequential(*layers)
    report = repr(prune(model, lambda: squared_norm(model.parameters()), share=1.0))
    names = report.splitlines()[2:]
    assert len(names) > 2 and max(map(len, names)) <= 90 and all(line.startswith("  ") for line in names[1:])
    assert len([part for part in " ".join(names).split(", ") if "stages." in part]) == 10


def test_the_curves_are_what_prune_measures_and_the_weights_are_put_back(model, weights):
    curves = pruning_curves(model, summed(model), points=8)
    assert [p.data for p in model.parameters()] == weights
    assert curves.counts == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    start = summed(model)().data
    assert curves.saliency[0] == curves.magnitude[0] == curves.predicted[0] == start
    assert curves.saliency[8] == curves.magnitude[8]
    for by, curve in (("saliency", curves.saliency), ("magnitude", curves.magnitude)):
        (found,) = prune(model, summed(model), count=3, by=by).rounds
        assert curve[3] == found.after
        if by == "saliency":
            assert curves.predicted[3] == pytest.approx(start + found.predicted, rel=1e-12)
        for p, w in zip(model.parameters(), weights, strict=True):
            p.data = w
    assert pruning_curves(model, summed(model), points=3).counts == [0, 3, 5, 8]


def test_the_picture_shows_the_three_curves(model):
    curves = pruning_curves(model, summed(model))
    figure = plot_pruning(model, summed(model))
    figure.draw_without_rendering()
    (axes,) = figure.axes
    for line, curve in zip(axes.lines, (curves.saliency, curves.magnitude, curves.predicted), strict=True):
        assert line.get_xydata().tolist() == [list(pair) for pair in zip(curves.counts, curve, strict=True)]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "least saliency first",
        "least magnitude first",
        "predicted by the saliencies",
    ]
    assert axes.get_yscale() == "log"


# --- errors


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({}, ValueError, "either as share=0.5 or as count=10"),
        ({"share": 0.5, "count": 2}, ValueError, "either as share=0.5 or as count=10"),
        ({"share": 0}, ValueError, "share must be above 0 and at most 1, got 0"),
        ({"share": 0.01}, ValueError, "a share of 0.01 of 8 weights is less than one of them; give count=1"),
        ({"count": 9}, ValueError, "count must be a whole number from 1 to 8, as many as there are weights, got 9"),
        ({"count": "2"}, TypeError, "count must be a whole number"),
        ({"count": 2, "steps": 3}, ValueError, "steps must be a whole number from 1 to 2, got 3"),
        ({"count": 2, "by": "size"}, ValueError, "expected by as one of saliency, magnitude, got 'size'"),
    ],
)
def test_arguments_that_do_not_fit_are_named(model, options, error, said):
    with pytest.raises(error, match=said):
        prune(model, summed(model), **options)


def test_what_is_no_model_or_no_loss_is_named(model):
    with pytest.raises(TypeError, match="expected a model with weights to prune, got list"):
        prune(model.parameters(), summed(model), count=1)
    with pytest.raises(TypeError, match="computes the loss as a Value, got float"):
        prune(model, lambda: 1.0, count=1)
    with pytest.raises(ValueError, match="the loss is nan; prune a network"):
        prune(model, lambda: Value(math.nan), count=1)
    with pytest.raises(ValueError, match="was computed from nothing"):
        saliency(Value(1.0), model.parameters())
    with no_grad(), pytest.raises(ValueError, match=r"graph that no_grad\(\) leaves out"):
        prune(model, summed(model), count=1)


@pytest.mark.parametrize("call", [lambda *args: prune(*args, count=8, steps=4), pruning_curves])
def test_after_an_error_the_weights_are_what_they_were(model, weights, call):
    calls = []

    def failing():
        calls.append(1)
        if len(calls) > 3:
            raise ArithmeticError("no more")
        return summed(model)()

    with pytest.raises(ArithmeticError, match="no more"):
        call(model, failing)
    assert [p.data for p in model.parameters()] == weights


def test_a_loss_that_blows_up_without_a_weight_is_an_error():
    line = Layer(1, 1, activation="linear")
    line.set([[2.0]], [0.0])
    with pytest.raises(ValueError, match="the loss is inf"):
        prune(line, lambda: exp(line([1.0])) + (Value(math.inf) if line.weights == [[0.0]] else 0.0), count=1)
    assert line.weights == [[2.0]]


def test_an_op_without_a_second_derivative_is_named():
    w = Value(0.0)
    with pytest.raises(ArithmeticError, match="sqrt"):
        saliency(sqrt(w), [w])
