"""Training by tape: the histories are those of training sample by sample; what no tape can do goes that way."""

import copy
import functools
import math
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import Tape, Value, dot, exp, gradient, less, log, no_grad, where
from nn import MLP, SGD, Adam, AdamW, GaussianLayer, Layer, Neuron, Parameter, RMSProp, Sequential, Skip, fit
from nn import cross_entropy as ce
from nn.activations import ACTIVATIONS
from nn.compiled import compile
from nn.cross_entropy import (
    binary_cross_entropy,
    binary_cross_entropy_from_logit,
    cross_entropy,
    cross_entropy_from_probabilities,
    normalized_cross_entropy,
    relative_entropy,
)
from nn.curvature import prune
from nn.losses import (
    gaussian_nll,
    half_squared_error,
    hinge,
    lp_error,
    mean_squared_error,
    multiclass_hinge,
    squared_error,
    squared_norm,
)
from nn.packing import Columns, TapeError
from nn.placeholder import Placeholder, placeholders
from nn.recording import picked
from nn.schedules import cosine
from nn.steps import TrainingError

SOURCE = random.Random(0)
ROWS = 23
X = [[SOURCE.gauss(0, 1) for _ in range(3)] for _ in range(ROWS)]
NUMBERS = [SOURCE.gauss(0, 1) for _ in X]
TRIPLES = [[SOURCE.gauss(0, 1) for _ in range(3)] for _ in X]
LABELS = [i % 3 for i in range(ROWS)]
SIGNS = [SOURCE.choice((-1, 1)) for _ in X]
SHARES = [SOURCE.random() for _ in X]
BITS = [i % 2 for i in range(ROWS)]
MIXTURES = [[s / 2, 0.5, 0.5 - s / 2] for s in SHARES]
ONE_HOT = nn.one_hot(LABELS)

assert ce is cross_entropy


def network(outputs=1, output=None, activation="tanh"):
    return MLP(3, [4, outputs], activation=activation, output=output, rng=1)


def numbers(model):
    return [p.data for p in model.parameters()]


def close(found, expected):
    """Equal but for what rounding does in some dozens of steps, beside the largest of the numbers."""
    found, expected = np.array(found, dtype=float), np.array(expected, dtype=float)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12 * max(1.0, np.abs(expected).max(initial=0.0)))


def both(model, loss, y, make, x=X, epochs=3, **options):
    """The same training by tape and sample by sample. `loss` may be a function of the model that gives the loss."""
    runs = []
    for compiled in (True, False):
        twin = copy.deepcopy(model)
        optimizer, options_here = make(twin), {name: f(twin) for name, f in options.items() if name == "callbacks"}
        chosen = loss(twin) if getattr(loss, "of_model", False) else loss
        history = fit(
            twin, (x, y), chosen, optimizer, epochs, progress=False, compiled=compiled, **{**options, **options_here}
        )
        runs.append((history, twin, optimizer))
    return runs


def same(runs):
    (history, model, optimizer), (expected, reference, other) = runs
    close(history.loss, expected.loss)
    close(history.validation_loss, expected.validation_loss)
    assert history.metrics.keys() == expected.metrics.keys() and history.stopped == expected.stopped
    close(numbers(model), numbers(reference))
    close([p.grad for p in model.parameters()], [p.grad for p in reference.parameters()])
    if hasattr(optimizer, "state"):
        assert optimizer.steps == other.steps and type(optimizer.state) is list
        assert [len(s) for s in optimizer.state] == [len(s) for s in other.state]
        close([x for s in optimizer.state for x in s], [x for s in other.state for x in s])
        assert {type(x) for s in optimizer.state for x in s} <= {float}


def adam(model):
    return Adam(model.parameters(), 0.02)


def of_model(function):
    function.of_model = True
    return function


# --- the same histories ----------------------------------------------------------------------------------------------

OPTIMIZERS = {
    "SGD": lambda w: SGD(w, 0.05),
    "SGD, decay": lambda w: SGD(w, 0.05, weight_decay=0.1),
    "momentum": lambda w: SGD(w, 0.05, momentum=0.9),
    "Nesterov": lambda w: SGD(w, 0.05, momentum=0.8, nesterov=True, weight_decay=0.01),
    "schedule": lambda w: SGD(w, cosine(0.1, 20)),
    "RMSProp": lambda w: RMSProp(w, weight_decay=0.1),
    "RMSProp, momentum": lambda w: RMSProp(w, momentum=0.5),
    "Adam": lambda w: Adam(w, 0.02, weight_decay=0.1),
    "AdamW": lambda w: AdamW(w, cosine(0.02, 9)),
}


@pytest.mark.parametrize("size", [None, 1, 7, 100])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_and_batch_size_gives_the_history_of_the_samples(name, size):
    def make(model):
        return OPTIMIZERS[name](model.parameters())

    same(both(network(), squared_error, NUMBERS, make, batch_size=size, seed=4))


LOSSES = {
    "half_squared_error": (network(), half_squared_error, NUMBERS),
    "squared_error": (network(3), squared_error, TRIPLES),
    "mean_squared_error": (network(3), mean_squared_error, TRIPLES),
    "lp_error 1": (network(), functools.partial(lp_error, p=1), NUMBERS),
    "lp_error 2.5": (network(3), functools.partial(lp_error, p=2.5), TRIPLES),
    "gaussian_nll": (network(), functools.partial(gaussian_nll, variance=2.0), NUMBERS),
    "hinge": (network(), hinge, SIGNS),
    "hinge of 0 and 1": (network(), lambda p, t: hinge(p, 2 * t - 1), BITS),
    "multiclass_hinge": (network(3), functools.partial(multiclass_hinge, margin=0.3), LABELS),
    "binary_cross_entropy": (network(1, "sigmoid"), binary_cross_entropy, BITS),
    "binary_cross_entropy of shares": (network(1, "sigmoid"), binary_cross_entropy, SHARES),
    "binary_cross_entropy of three": (network(3, "sigmoid"), binary_cross_entropy, ONE_HOT),
    "from_logit": (network(), binary_cross_entropy_from_logit, [bool(b) for b in BITS]),
    "from_logit of shares": (network(), binary_cross_entropy_from_logit, SHARES),
    "relative_entropy": (network(1, "half_tanh"), relative_entropy, BITS),
    "relative_entropy of shares": (network(1, "half_tanh"), relative_entropy, SHARES),
    "cross_entropy of labels": (network(3), cross_entropy, LABELS),
    "cross_entropy of one-hot rows": (network(3), cross_entropy, ONE_HOT),
    "cross_entropy of mixtures": (network(3), cross_entropy, MIXTURES),
    "smoothed": (network(3), lambda p, t: cross_entropy(p, [0.9 * x + 0.1 / 3 for x in t]), ONE_HOT),
    "from_probabilities": (network(3, "softmax"), cross_entropy_from_probabilities, LABELS),
    "from_probabilities of mixtures": (network(3, "softmax"), cross_entropy_from_probabilities, MIXTURES),
    "normalized": (network(3, "softplus"), normalized_cross_entropy, LABELS),
    "normalized of one-hot rows": (network(3, "softplus"), normalized_cross_entropy, ONE_HOT),
    "two tasks": (
        network(4),
        lambda p, t: cross_entropy(p[:3], t[0]) + squared_error(p[3], t[1]),
        [[label, number] for label, number in zip(LABELS, NUMBERS, strict=True)],
    ),
    "two labels": (
        network(5),
        lambda p, t: cross_entropy(p[:3], t[0]) + cross_entropy(p[3:], t[1]),
        [[label, bit] for label, bit in zip(LABELS, BITS, strict=True)],
    ),
    "with a penalty": (
        network(),
        of_model(lambda model: lambda p, t: hinge(p, t) + 1e-2 * squared_norm(model.parameters())),
        SIGNS,
    ),
    "one's own": (network(), lambda p, t: where(less(p, t), (p - t) ** 2, abs(p - t)), NUMBERS),
}


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_gives_the_history_of_the_samples(name):
    model, loss, y = LOSSES[name]
    same(both(model, loss, y, adam, batch_size=5, seed=2, validation=(X[:6], y[:6])))


MODELS = {
    **{name: network(1, activation=name) for name in ACTIVATIONS if name != "softmax"},
    "softmax": Sequential(Layer(3, 4, activation="softmax", rng=1), Layer(4, 1, nonlin=False, rng=2)),
    "checkpoints": MLP(3, [4, 4, 1], activation="tanh", rng=1, checkpoint_every=1),
    "Gaussian units": Sequential(GaussianLayer(3, 4, rng=0), Layer(4, 1, nonlin=False, rng=0)),
    "skip": Sequential(Skip(Layer(3, 3, activation="tanh", rng=0)), Layer(3, 1, nonlin=False, rng=0)),
    "shared": Sequential(*[Layer(3, 3, activation="tanh", rng=0)] * 2, Layer(3, 1, nonlin=False, rng=0)),
    "x0": Neuron(3, activation="linear", bias="x0", rng=0),
}


@pytest.mark.parametrize("name", MODELS)
def test_every_model_gives_the_history_of_the_samples(name):
    same(both(MODELS[name], half_squared_error, NUMBERS, adam, batch_size=8, seed=0))


@pytest.mark.parametrize("executor", ["python", "numpy", "compiled"])
@pytest.mark.parametrize("name", ["hinge", "cross_entropy of labels", "from_probabilities"])
def test_every_executor_gives_the_history_of_the_samples(monkeypatch, executor, name):
    monkeypatch.setattr("nn.recording.Tape", lambda *a, **options: Tape(*a, **{**options, "executor": executor}))
    model, loss, y = LOSSES[name]
    same(both(model, loss, y, adam, batch_size=7, seed=2))


class Ray:
    """A model that is no Module: y = w · x."""

    def __init__(self):
        self.w = [Value(0.5), Value(-0.25), Value(0.125)]

    def parameters(self):
        return self.w

    def __call__(self, x):
        return dot(self.w, x)


@pytest.mark.parametrize("loss", [cross_entropy_from_probabilities, normalized_cross_entropy, binary_cross_entropy])
def test_a_probability_of_zero_where_the_target_is_zero_adds_nothing(loss):
    class Certain(Line):
        def __call__(self, x):
            return [0.0 * self.w, self.w, 0.0 * self.w]

    same(both(Certain(0.5), loss, [[0.0, 1.0, 0.0]] * ROWS, lambda m: SGD(m.parameters(), 0.01)))


def test_anything_with_parameters_that_can_be_called_is_a_model():
    same(both(Ray(), squared_error, NUMBERS, adam))


def test_rows_of_one_number_and_arrays_are_data_too():
    model = MLP(1, [3, 1], activation="tanh", rng=0)
    same(both(model, squared_error, NUMBERS, adam, x=[row[0] for row in X]))
    same(both(model, squared_error, np.array(NUMBERS), adam, x=np.array(X)[:, :1]))


def test_validation_patience_and_the_best_weights_are_the_same():
    held = X[:8], [-2 * t for t in NUMBERS[:8]]
    runs = both(network(), squared_error, NUMBERS, adam, epochs=60, validation=held, patience=3)
    same(runs)
    assert "did not improve for 3 epochs; weights of epoch" in runs[0][0].stopped


def test_a_parameter_of_the_loss_learns_with_the_others():
    found = []
    for compiled in (True, False):
        s, model = Parameter(0.0, "s"), network()
        optimizer = SGD([*model.parameters(), s], 0.05)
        fit(
            model, (X, NUMBERS), lambda p, t, s=s: gaussian_nll(p, t, exp(s)), optimizer, 4,
            progress=False, compiled=compiled,
        )  # fmt: skip
        found.append([*numbers(model), s.data])
    close(*found)
    assert found[0][-1] != 0.0


@pytest.mark.parametrize("pick", [lambda w: w[::2], lambda w: w[::-1]], ids=["some", "in another order"])
def test_an_optimizer_of_some_parameters_leaves_the_others_alone(pick):
    model = network()
    runs = both(model, squared_error, NUMBERS, lambda m: Adam(pick(m.parameters()), 0.02), batch_size=4, seed=1)
    for _, twin, optimizer in runs:
        still = set(twin.parameters()) - set(optimizer.parameters)
        start = dict(zip(twin.parameters(), numbers(model), strict=True))
        assert all(p.data == start[p] for p in still)
    close(numbers(runs[0][1]), numbers(runs[1][1]))


def test_pruned_weights_stay_zero():
    model = network()
    samples = list(zip(X, NUMBERS, strict=True))
    pruning = prune(model, lambda: sum((squared_error(model(x), y) for x, y in samples), Value(0.0)), share=0.3)
    fit(model, (X, NUMBERS), squared_error, SGD(pruning.kept, 0.1), 5, progress=False, compiled=True)
    assert {p.data for p in pruning.pruned} == {0.0} and 0.0 not in {p.data for p in pruning.kept}


def test_training_goes_on_with_what_the_optimizer_remembers():
    found = []
    for epochs in ([4], [1, 3]):
        model = network()
        optimizer = adam(model)
        for n in epochs:
            fit(model, (X, NUMBERS), squared_error, optimizer, n, progress=False, compiled=True)
        found.append((numbers(model), optimizer.state, optimizer.steps))
    assert found[0] == found[1]


class Doubling(SGD):
    """An optimizer of one's own: its update is no arithmetic on arrays."""

    def update(self, w, g, rate, count=0.0):
        return [w - rate * math.copysign(1.0, g) * 1.1**count, count + 1.0]


class Foreign:
    """An optimizer that shares nothing with ours."""

    def __init__(self, parameters):
        self.w = list(parameters)

    def step(self):
        for p in self.w:
            p.data -= 0.01 * p.grad

    def zero_grad(self):
        for p in self.w:
            p.grad = 0.0


@pytest.mark.parametrize("kind", [lambda w: Doubling(w, 1e-3), Foreign], ids=["derived", "foreign"])
def test_an_optimizer_of_ones_own_moves_the_values(kind):
    same(both(network(), squared_error, NUMBERS, lambda m: kind(m.parameters()), batch_size=6, seed=3))


def test_an_optimizer_that_changes_more_than_weights_is_noticed():
    class Warming(Foreign):
        def step(self):
            super().step()
            self.model.heat *= 1.5

    class Warm(Line):
        heat = 1.0

        def __call__(self, x):
            return self.heat * super().__call__(x)

    losses = []
    for compiled in (True, False):
        model = Warm(0.5)
        optimizer = Warming([model.w])
        optimizer.model = model
        losses.append(fit(model, (X, NUMBERS), squared_error, optimizer, 4, progress=False, compiled=compiled).loss)
    close(*losses)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_update_moves_arrays_and_floats_to_the_same_bits(name):
    source = np.random.default_rng(1)
    w = [Parameter(x) for x in source.standard_normal(50)]
    optimizer = OPTIMIZERS[name](w)
    weights, state = np.array([p.data for p in w]), []
    for _ in range(5):
        g = source.standard_normal(50) * 10.0 ** source.integers(-8, 3, 50)
        weights, *state = optimizer.update(weights, g, optimizer.rate(), *state)
        for p, number in zip(w, g, strict=True):
            p.grad = number
        optimizer.step()
        assert weights.tolist() == [p.data for p in w]
        assert [list(s) for s in zip(*state, strict=True)] == [s for s in optimizer.state if s]


# --- callbacks and metrics -------------------------------------------------------------------------------------------


def test_callbacks_and_metrics_see_weights_gradients_and_the_optimizer_as_they_are():
    seen = {True: [], False: []}
    for compiled in seen:
        model = network()
        optimizer = adam(model)

        def look(epoch, model, history, optimizer=optimizer, here=seen[compiled]):
            here.append([*numbers(model), *[p.grad for p in model.parameters()], optimizer.steps])
            here[-1] += [x for s in optimizer.state for x in s]

        def norm(model, x, y, here=seen[compiled]):
            here.append([sum(p * p for p in numbers(model))])
            return here[-1][0]

        fit(
            model, (X, NUMBERS), squared_error, optimizer, 4, batch_size=9, seed=0, callbacks=look,
            metrics={"norm": norm}, progress=False, compiled=compiled,
        )  # fmt: skip
    assert len(seen[True]) == len(seen[False]) == 8
    for found, expected in zip(seen[True], seen[False], strict=True):
        close(found, expected)


@pytest.mark.parametrize(
    "change",
    [
        lambda model, optimizer: [setattr(p, "data", 0.9 * p.data) for p in model.parameters()],
        lambda model, optimizer: setattr(optimizer, "learning_rate", optimizer.learning_rate * 0.5),
        lambda model, optimizer: setattr(optimizer, "momentum", 0.5),
        lambda model, optimizer: setattr(optimizer, "state", [[0.0] for _ in optimizer.state]),
        lambda model, optimizer: optimizer.parameters.pop() and optimizer.state.pop(),
        lambda model, optimizer: setattr(model.layers[0].neurons[0], "activation", ACTIVATIONS["sigmoid"]),
    ],
    ids=["weights", "rate", "momentum", "memory", "frozen", "activation"],
)
def test_what_a_callback_changes_counts_from_the_next_step_on(change):
    made = {}

    def make(model):
        made[model] = SGD(model.parameters(), 0.05, momentum=0.9)
        return made[model]

    def callbacks(model):
        return lambda epoch, model, history: epoch == 2 and change(model, made[model]) and None

    runs = both(network(), squared_error, NUMBERS, make, epochs=5, batch_size=6, seed=1, callbacks=callbacks)
    close(runs[0][0].loss, runs[1][0].loss)
    close(numbers(runs[0][1]), numbers(runs[1][1]))


def test_a_model_that_a_callback_has_changed_beyond_recording_goes_on_sample_by_sample(capsys):
    class Switch(MLP):
        decided = False

        def __call__(self, x):
            y = super().__call__(x)
            return y if not self.decided else (3 * y if y < 0 else 2 * y)

    def decide(epoch, model, history):
        model.decided = epoch >= 2

    losses = []
    for compiled in ("auto", False):
        model = Switch(3, [4, 1], activation="tanh", rng=1)
        history = fit(model, (X, NUMBERS), squared_error, adam(model), 4, callbacks=decide, compiled=compiled)
        losses.append(history.loss)
    close(*losses)
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("epoch")]
    assert len(lines) == 2 and lines[0].startswith("the loss of a row is a tape of ")
    assert lines[1].startswith("no tape, each row is computed by itself: ") and "was compared, at " in lines[1]


def test_a_callback_that_fails_leaves_the_values_as_it_left_them():
    def spoil(epoch, model, history):
        if epoch == 2:
            for p in model.parameters():
                p.data = 7.0
            raise KeyboardInterrupt

    model = network()
    history = fit(model, (X, NUMBERS), squared_error, adam(model), 4, callbacks=spoil, progress=False, compiled=True)
    assert set(numbers(model)) == {7.0} and history.stopped == "interrupted after 2 epochs"


# --- what no tape can do ---------------------------------------------------------------------------------------------


def noisy():
    """A model with dropout."""
    source = random.Random(0)

    def drop(xs):
        return [x * source.choice((0.0, 2.0)) for x in xs]

    return Sequential(Layer(3, 4, activation="tanh", rng=0), drop, Layer(4, 1, nonlin=False, rng=0))


def scaled():
    """A model that is divided by a number which it computes from its weights behind the tape's back."""
    layer = Layer(3, 1, activation="tanh", rng=0)
    return Sequential(layer, lambda y: y / math.hypot(*[p.data for p in layer.parameters()]))


def annealed():
    """A loss that is another at each call."""
    calls = []

    def loss(prediction, target):
        calls.append(1)
        return squared_error(prediction, target) * (1 - 0.5 ** len(calls))

    return loss


REFUSED = {
    "index": (network(3), lambda p, t: -p[t], LABELS, "t differs from sample to sample, so it cannot be made a plain"),
    "key": (network(), lambda p, t: {0: 1.0, 1: 2.0}[t] * p, BITS, "KeyError: "),
    "comparison": (network(), lambda p, t: p if t > 0 else -p, NUMBERS, "t differs .* cannot be compared"),
    "equality": (network(), lambda p, t: p if t == 1 else -p, BITS, "t differs .* cannot be compared"),
    "truth": (network(), lambda p, t: p if t else -p, BITS, "t differs .* cannot be made a plain number"),
    "float": (network(), lambda p, t: p * math.sqrt(t), SHARES, "t differs .* cannot be made a plain number"),
    "branch on the output": (
        network(),
        lambda p, t: p if p > 0.1 else 2 * p,
        NUMBERS,
        "was compared, at .*compiled.py",
    ),
    "branch on its number": (
        Sequential(Layer(3, 1, nonlin=False, rng=0), lambda z: z if z.data > 0 else 0.1 * z),
        squared_error,
        NUMBERS,
        "the loss of sample .* and a recording of it gives ",
    ),
    "branch on an input": (
        Sequential(lambda x: x if x[0] > 0 else [0.0] * 3, Layer(3, 1, nonlin=False, rng=0)),
        squared_error,
        NUMBERS,
        "x1 differs from sample to sample, so it cannot be compared",
    ),
    "names": (network(), lambda p, t: squared_error(p, len(t)), ["a", "bb"] * 11 + ["c"], "a target is a number"),
    "nothing": (network(), lambda p, t: p, [None] * ROWS, "a target is a number, a class label or a list of numbers"),
    "nested": (network(), lambda p, t: p * t[0][0], [[[1.0]]] * ROWS, "a target is a number"),
    "ragged": (network(), lambda p, t: p * sum(t), [[1.0]] * 22 + [[1.0, 2.0]], "the samples are not of one shape"),
    "what it calls": (network(), lambda p, t: p * t.as_integer_ratio()[0], SHARES, "AttributeError: "),
}


def hidden_failures():
    yield "dropout", noisy, lambda: squared_error
    yield "weights taken as numbers", scaled, lambda: squared_error
    yield "another loss each time", network, annealed


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_recorded_is_refused_with_the_reason_and_trained_as_before(name, capsys):
    model, loss, y, reason = REFUSED[name]
    before = numbers(model)
    with pytest.raises(ValueError, match=f"^compiled=True, but there can be no tape: .*{reason}"):
        fit(model, (X, y), loss, adam(model), 2, progress=False, compiled=True)
    assert numbers(model) == before
    histories = []
    for compiled in ("auto", False):
        twin = copy.deepcopy(model)
        histories.append((fit(twin, (X, y), loss, adam(twin), 2, compiled=compiled).loss, numbers(twin)))
    assert histories[0] == histories[1]
    (line,) = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("epoch ")]
    assert line.startswith("no tape, each row is computed by itself: ")


@pytest.mark.parametrize(("model", "loss"), [f[1:] for f in hidden_failures()], ids=[f[0] for f in hidden_failures()])
def test_what_a_tape_would_compute_otherwise_is_found_out(model, loss):
    model = model()
    before = numbers(model)
    with pytest.raises(ValueError, match=r"the loss of sample .* and a recording of it gives "):
        fit(model, (X, NUMBERS), loss(), adam(model), 2, progress=False, compiled=True)
    assert numbers(model) == before


def test_one_sample_of_its_own_label_is_enough_to_find_out():
    model = Line(0.5)
    x, labels = [[0.01 * k] for k in range(200)], [0] * 200
    x[77], labels[77] = [90.0], 1
    branch = Sequential(model, lambda z: z if z.data < 20 else 3 * z)
    branch.parameters = model.parameters
    with pytest.raises(ValueError, match=r"the loss of sample 77 is .* and a recording of it gives "):
        fit(branch, (x, labels), squared_error, SGD([model.w], 0.01), 2, progress=False, compiled=True)


def test_a_target_that_no_comparison_meets_is_looked_at_by_the_loss_all_the_same():
    x, shares = [[0.01 * k] for k in range(200)], [0.004 * k for k in range(200)]
    shares[77] = 1.5
    assert 77 not in picked(shares)
    model = Line(0.5)
    with pytest.raises(ValueError, match=r"there can be no tape: expected target in 0 … 1, got 1\.5"):
        fit(model, (x, shares), binary_cross_entropy_from_logit, SGD([model.w], 0.01), 2, progress=False, compiled=True)


def test_a_loss_that_is_no_value_is_refused_as_before():
    model = network()
    with pytest.raises(TypeError, match="expected a Value from the loss, got float"):
        fit(model, (X, NUMBERS), lambda p, t: p.data, adam(model), 1, progress=False)


def test_samples_to_compare_are_the_first_the_last_some_at_random_and_one_of_each_label():
    labels = [0] * 500 + [1] * 300 + [2] + [0] * 199
    found = picked(labels)
    assert found[:2] == [0, 999] and {500, 800} <= set(found) and len(found) == len(set(found)) <= 10
    assert picked([0.5]) == [0]
    assert len(picked(list(range(1000)))) <= 27


@pytest.mark.parametrize(
    ("model", "loss", "y", "message"),
    [
        (network(), hinge, [1] * 20 + [0, 1, -1], "sample 20: hinge takes a target of -1 or 1, got 0"),
        (network(3), cross_entropy, [*LABELS[:-1], 3], "sample 22: .*a whole number from 0 to 2, got 3"),
        (network(3), multiclass_hinge, [*LABELS[:-1], 0.5], "sample 22: .*a whole number from 0 to 2, got 0.5"),
        (network(3), cross_entropy, [*MIXTURES[:-1], [0.5, 0.5, 0.5]], "sample 22: a target distribution adds up to"),
        (network(), binary_cross_entropy_from_logit, [*SHARES[:-1], 1.5], "sample 22: expected target in 0 … 1, got"),
    ],
    ids=["hinge", "label", "half a label", "distribution", "share"],
)
def test_a_target_that_the_loss_refuses_is_refused_by_every_way(model, loss, y, message):
    for compiled in ("auto", False):
        with pytest.raises(TrainingError, match=f"^epoch 1, step 1 of 1, {message}"):
            fit(model, (X, y), loss, adam(model), 1, progress=False, compiled=compiled)
    with pytest.raises(TrainingError, match=r"^epoch 1, validation, "):
        fit(model, (X[:20], (LABELS if "label" in message else y)[:20] if loss is not hinge else SIGNS[:20]), loss,
            adam(model), 1, validation=(X, y), progress=False)  # fmt: skip


# --- what is not finite ----------------------------------------------------------------------------------------------


class Line:
    """y = w x."""

    def __init__(self, w=1.0):
        self.w = Parameter(w, "w")

    def parameters(self):
        return [self.w]

    def __call__(self, x):
        return self.w * x[0]


FAILURES = {
    "overflow": (1e200, [[1.0], [1e200]], lambda p, t: 2.0 * (p - t), 1.0),
    "overflow after some steps": (1.0, [[2.0], [1.0]], lambda p, t: (p * p) ** 2, 10.0),
    "logarithm": (1.0, [[0.5], [1.0], [0.7]], lambda p, t: log(p), 0.6),
    "probability above 1": (0.5, [[0.25], [1.0]], binary_cross_entropy, 3.0),
    "negative activation": (0.5, [[0.25], [1.0]], lambda p, t: normalized_cross_entropy([p, 1.0], [1 - t, t]), 9.0),
    "the sum alone": (1.0, [[1e308], [1e308]], lambda p, t: p * 1.0, 1.0),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_loss_that_is_not_finite_is_told_as_without_a_tape_and_the_step_not_taken(name):
    w, x, loss, rate = FAILURES[name]
    told = []
    for compiled in (True, False):
        model = Line(w)
        with pytest.raises(TrainingError) as error:
            fit(model, (x, [1.0] * len(x)), loss, SGD(model.parameters(), rate), 50, progress=False, compiled=compiled)
        told.append((str(error.value), error.value.history.epochs, model.w.data))
    assert told[0][:2] == told[1][:2] and math.isclose(told[0][2], told[1][2], rel_tol=1e-12)
    assert told[0][0].startswith("epoch ")


def test_what_is_infinite_in_the_order_in_which_a_tape_adds_alone_is_told_by_the_tape():
    class Set(Foreign):
        def step(self):
            self.w[0].data = 1.0

    model = Line(0.1)
    x = [[1.7e308, -1e308, 1.7e308, -1.7e308]] * 2
    model.__class__ = type("Terms", (Line,), {"__call__": lambda self, x: [self.w * a for a in x]})
    with pytest.raises(TrainingError) as error:
        fit(
            model, (x, [0.0, 0.0]), lambda p, t: (p[0] + p[1]) + (p[2] + p[3]), Set([model.w]), 1,
            batch_size=1, seed=1, progress=False, compiled=True,
        )  # fmt: skip
    assert str(error.value) == (
        "epoch 1, step 2 of 2, sample 1: every number is finite in each row, but their sum is not"
    )


def test_a_gradient_that_is_not_finite_is_traced_to_its_sample_and_instruction():
    model = Line(1e-300)
    with pytest.raises(TrainingError) as error:
        fit(
            model, ([[1.0], [1e200]], [0.0, 0.0]), lambda p, t: p * 1e150, SGD(model.parameters(), 0.1), 1,
            progress=False, compiled=True,
        )  # fmt: skip
    assert str(error.value).startswith("epoch 1, step 1 of 1: the gradient of parameters[0] (w) is inf")
    assert "; it began in sample 1, where " in str(error.value) and " is inf" in str(error.value)
    assert model.w.data == 1e-300


@pytest.mark.parametrize("make", [lambda w: Adam(w, 0.1), lambda w: SGD(w, 1e300)], ids=["square", "weight"])
def test_a_step_that_would_not_stay_finite_is_told_as_without_a_tape(make):
    told = []
    for compiled in (True, False):
        model = Line(0.5)
        optimizer = make(model.parameters())
        with pytest.raises(TrainingError) as error:
            fit(model, ([[1e200]], [0.0]), lambda p, t: p, optimizer, 3, progress=False, compiled=compiled)
        told.append((str(error.value), model.w.data, optimizer.state, optimizer.steps))
    assert told[0] == told[1] and "would not stay finite in a step with learning rate" in told[0][0]


def test_epoch_step_and_sample_are_those_of_the_data_in_its_order():
    x, y = [[0.1 * k] for k in range(12)], [0.0] * 12
    held = [[800.0] if k == 8 else row for k, row in enumerate(x)], y

    def rise(epoch, model, history):
        model.w.data = 700.0  # exp(700 · 1.1) is too large, exp(700 · 1.0) is not

    told = []
    for compiled in (True, False):
        for options in ({"validation": held}, {"callbacks": rise}):
            model = Line(1.0)
            with pytest.raises(TrainingError) as error:
                fit(
                    model, (x, y), lambda p, t: exp(p), SGD([model.w], 0.0), 3, batch_size=3, seed=3, progress=False,
                    compiled=compiled, **options,
                )  # fmt: skip
            told.append(str(error.value))
    assert told[:2] == told[2:]
    assert told[0].startswith("epoch 1, validation, sample 8: ")
    assert told[1].startswith("epoch 2, step 2 of 4, sample 11: exp of 770")  # where the seed has put that sample


def test_a_validation_loss_whose_sum_alone_is_infinite_is_infinite():
    for compiled in (True, False):
        model = Line(1.0)
        held = ([[1e308], [1e308]], [0.0, 0.0])
        history = fit(
            model, ([[0.0], [0.0]], [0.0, 0.0]), lambda p, t: p * 1.0, SGD([model.w], 0.1), 1, validation=held,
            progress=False, compiled=compiled,
        )  # fmt: skip
        assert history.validation_loss == [math.inf]


def test_a_schedule_that_goes_below_zero_is_told_with_the_place():
    model = network()
    optimizer = SGD(model.parameters(), lambda k: 0.1 - 0.05 * k)
    with pytest.raises(TrainingError, match=r"^epoch 2, step 1 of 3: the schedule's learning rate after 3 steps must"):
        fit(model, (X, NUMBERS), squared_error, optimizer, 3, batch_size=9, seed=0, progress=False, compiled=True)
    assert optimizer.steps == 3


# --- Ctrl-C ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name"), [(Tape, "value_and_gradient"), (Adam, "update")])
def test_an_interrupt_leaves_weights_and_memory_of_the_last_whole_step(monkeypatch, kind, name):
    calls, function = [], getattr(kind, name)

    def interrupting(*arguments, **options):
        calls.append(1)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return function(*arguments, **options)

    model, reference = network(), network()
    optimizer, expected = adam(model), adam(reference)
    fit(reference, (X, NUMBERS), squared_error, expected, 1, batch_size=5, progress=False, seed=0, compiled=True)
    monkeypatch.setattr(kind, name, interrupting)
    data = (X, NUMBERS)
    history = fit(model, data, squared_error, optimizer, 9, batch_size=5, progress=False, seed=0, compiled=True)
    assert history.epochs == 1 and history.stopped == "interrupted after 1 epoch"
    assert optimizer.steps == expected.steps == 5
    assert numbers(model) == numbers(reference) and optimizer.state == expected.state


class Interrupting(Parameter):
    """A parameter that is interrupted when it is set while armed."""

    armed = False

    def set(self, number):
        if Interrupting.armed:
            Interrupting.armed = False
            raise KeyboardInterrupt
        Value.data.fset(self, number)

    data = property(Value.data.fget, set)


def test_an_interrupt_while_the_values_are_written_waits_until_all_are(monkeypatch):
    runs = []
    for armed in (True, False):
        model = Ray()
        model.w[1] = Interrupting(-0.25)
        optimizer = adam(model)
        monkeypatch.setattr(Interrupting, "armed", False)
        update = Adam.update

        def arming(self, *arguments, update=update, armed=armed):
            Interrupting.armed = armed and self.steps == 2
            return update(self, *arguments)

        monkeypatch.setattr(Adam, "update", arming)
        history = fit(model, (X, NUMBERS), squared_error, optimizer, 3, progress=False, compiled=True)
        monkeypatch.setattr(Adam, "update", update)
        runs.append((history.loss, numbers(model), optimizer.state, optimizer.steps))
    assert runs[0] == runs[1]


# --- compile ---------------------------------------------------------------------------------------------------------


def penalised(model):
    return lambda p, t: hinge(p, t) + 1e-3 * squared_norm(model.parameters())


@pytest.mark.parametrize("arrays", [False, True], ids=["lists", "arrays"])
def test_a_loop_with_compile_is_the_loop_with_fit(arrays):
    model, reference = network(), network()
    fast = nn.compile(model, penalised(model), adam(model))
    x, y = (np.array(X), np.array(SIGNS)) if arrays else (X, SIGNS)
    losses = [fast.step(x, y) for _ in range(5)]
    history = fit(reference, (X, SIGNS), penalised(reference), adam(reference), 5, progress=False, compiled=False)
    close(losses, history.loss)
    assert numbers(model) == numbers(network())  # until they are asked for
    fast.to_values()
    close(numbers(model), numbers(reference))
    assert fast.optimizer.steps == 5 and fast.tape is not None and fast.reason == ""


def test_value_and_gradient_are_those_of_the_graph_and_no_grad_is_changed():
    model = network(3)
    fast = compile(model, cross_entropy)
    value, found = fast.value_and_gradient(X, LABELS)
    mean = sum((cross_entropy(model(x), y) for x, y in zip(X, LABELS, strict=True)), start=Value(0.0)) / ROWS
    close([value, *found], [mean.data, *gradient(mean, model.parameters())])
    close(fast.loss(X[:5], LABELS[:5]), sum(cross_entropy(model(X[i]), LABELS[i]).data for i in range(5)) / 5)
    assert {p.grad for p in model.parameters()} == {0.0}


def test_without_an_optimizer_parameters_are_assigned():
    model = network()
    fast = compile(model, squared_error)
    before = fast.loss(X, NUMBERS)
    for _ in range(20):
        _, found = fast.value_and_gradient(X, NUMBERS)
        fast.parameters -= 0.05 * found
    assert fast.loss(X, NUMBERS) < before
    fast.to_values()
    assert numbers(model) == list(fast.parameters)
    with pytest.raises(ValueError, match="there is no optimizer to take the step; give one"):
        fast.step(X, NUMBERS)
    with pytest.raises(ValueError, match="expected 21 numbers, one for each weight, got shape"):
        fast.parameters = [1.0]


def test_values_that_others_changed_are_read_when_asked():
    model = network()
    fast = compile(model, squared_error, adam(model))
    before = fast.loss(X, NUMBERS)
    for p in model.parameters():
        p.data = 0.0
    assert fast.loss(X, NUMBERS) == before
    fast.from_values()
    close(fast.loss(X, NUMBERS), sum(t * t for t in NUMBERS) / ROWS)


def test_values_changed_before_the_first_call_count():
    model = network()
    fast = compile(model, squared_error, adam(model))
    for p in model.parameters():
        p.data = 0.0
    close(fast.loss(X, NUMBERS), sum(t * t for t in NUMBERS) / ROWS)
    assert not fast.parameters.any()


def test_what_cannot_be_recorded_is_computed_sample_by_sample_and_said_once(capsys):
    def loss(prediction, target):
        return -prediction[target]

    model, reference = network(3), network(3)
    fast = compile(model, loss, adam(model))
    losses = [fast.step(X, LABELS) for _ in range(3)]
    history = fit(reference, (X, LABELS), loss, adam(reference), 3, progress=False, compiled=False)
    close(losses, history.loss)
    fast.to_values()
    assert numbers(model) == numbers(reference) == list(fast.parameters) and fast.tape is None
    value, found = fast.value_and_gradient(X, LABELS)
    close(fast.loss(X, LABELS), value)
    fast.parameters -= 0.1 * found
    assert fast.loss(X, LABELS) < value
    said = capsys.readouterr().err
    assert said == f"pathgrad: no tape, each row is computed by itself: {fast.reason}\n"
    assert "t differs from sample to sample" in fast.reason and fast.reason in repr(fast)


@pytest.mark.parametrize("executor", ["python", "numpy", "compiled"])
def test_the_executor_may_be_chosen(executor):
    model = network()
    fast = compile(model, squared_error, executor=executor)
    close(fast.loss(X, NUMBERS), compile(model, squared_error).loss(X, NUMBERS))
    assert fast.tape.executor == executor


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda fast: fast.loss(X, LABELS[:-1]), "x has 23 rows and y 22"),
        (lambda fast: fast.loss(np.array(X), np.array(LABELS[:-1])), "x has 23 rows and y 22"),
        (lambda fast: fast.loss([], []), "x is empty"),
        (lambda fast: fast.loss(np.zeros((0, 3)), np.zeros(0)), "x is empty"),
        (lambda fast: fast.loss([row[:2] for row in X], LABELS), "the samples are not of one shape"),
        (lambda fast: fast.loss(X, ONE_HOT), "the samples are not of one shape"),
        (lambda fast: fast.loss(X, ["a"] * ROWS), "the samples are not of one shape"),
        (lambda fast: fast.loss([[1.0, math.nan, 2.0]], [1]), "row 0, column 1 is nan"),
        (lambda fast: fast.loss(np.array([[1.0, 2, 3], [1.0, 2, math.inf]]), np.array([0, 1])), "row 1, column 2"),
        (lambda fast: fast.loss(X, [*LABELS[:-1], 3]), "expected as class label a whole number from 0 to 2, got 3"),
        (lambda fast: fast.loss(np.array(X), np.array(LABELS) - 1), "a whole number from 0 to 2, got -1"),
    ],
    ids=range(11),
)
def test_data_that_do_not_fit_are_refused_with_the_reason(call, message):
    model = network(3)
    fast = compile(model, cross_entropy)
    fast.loss(X, LABELS)
    with pytest.raises(ValueError, match=message):
        call(fast)


@pytest.mark.parametrize("arrays", [False, True], ids=["lists", "arrays"])
def test_new_targets_are_shown_to_a_loss_that_checks_them(arrays):
    wrap = np.array if arrays else list
    fast = compile(network(), hinge)
    assert fast.loss(wrap(X), wrap(SIGNS)) == fast.loss(wrap(X), wrap(SIGNS))
    with pytest.raises(ValueError, match="hinge takes a target of -1 or 1, got 2"):
        fast.loss(wrap(X), wrap([2, *SIGNS[1:]]))
    assert fast.loss(wrap(X), wrap(SIGNS[::-1])) > 0


def test_numbers_too_large_to_add_up_are_data_all_the_same():
    fast = compile(Line(0.0), lambda p, t: p * 1.0)
    assert fast.loss(np.array([[1e300], [1e300]]), np.array([0.0, 0.0])) == 0.0


def test_a_loss_that_is_not_finite_is_named():
    model = Line(1.0)
    fast = compile(model, lambda p, t: (p * p) ** 2, SGD([model.w], 1e40))
    assert fast.step([[1e-9], [1.0]], [0.0, 0.0]) == 0.5
    assert fast.step([[1e-9], [1.0]], [0.0, 0.0]) > 1e150
    fast.to_values()
    before = model.w.data
    with pytest.raises(TrainingError, match=r"^step 3, sample 1: the loss is inf; it began where "):
        fast.step([[1e-200], [1.0]], [0.0, 0.0])
    assert model.w.data == before and fast.optimizer.steps == 2
    with pytest.raises(TrainingError, match=r"^the loss, sample 1: the loss is inf"):
        fast.loss([[1e-200], [1.0]], [0.0, 0.0])


def test_compile_refuses_what_fit_refuses():
    model = network()
    with pytest.raises(TypeError, match=r"expected a model, .* got builtin"):
        compile(abs, squared_error)
    with pytest.raises(ValueError, match="has no parameters"):
        compile(Sequential(abs), squared_error)
    with pytest.raises(TypeError, match="expected an optimizer"):
        compile(model, squared_error, SGD)
    with pytest.raises(ValueError, match="none of this model's parameters"):
        compile(model, squared_error, SGD([Value(1.0)], 0.1))
    with pytest.raises(ValueError, match=r"executor is one of compiled, numpy, python, or None .* got 'gpu'"):
        compile(model, squared_error, executor="gpu")
    with no_grad(), pytest.raises(ValueError, match="call it outside of it"):
        compile(model, squared_error).loss(X, NUMBERS)


def test_the_repr_says_what_is_recorded():
    fast = compile(network(), squared_error)
    assert repr(fast) == "<compiled MLP(3 → 4 tanh → 1 linear, 21 parameters): nothing recorded yet>"
    fast.loss(X, NUMBERS)
    assert repr(fast).endswith("21 parameters): the loss of a row is a tape of 11 instructions, run by NumPy>")


def test_compile_hides_nothing_of_pythons():
    namespace = {}
    exec("from nn import *", namespace)
    assert "compile" not in namespace and nn.compile is compile


# --- placeholders and columns ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "look",
    [
        *(bool, float, int, math.sqrt),
        *(lambda t: t < 1, lambda t: t >= Value(1.0), lambda t: t <= 0, lambda t: t == 1, lambda t: t != 1),
        *(lambda t: [0][t], lambda t: t in (0, 1)),
    ],
    ids=range(11),
)
def test_a_placeholder_cannot_be_looked_at(look):
    with pytest.raises(TypeError, match=r"^t differs from sample to sample, so it cannot be "):
        look(Placeholder(0.0, "t"))


def test_placeholders_are_found_through_arithmetic_alone():
    t, u = Placeholder(1.0, "t"), Placeholder(2.0, "u")
    deep = t
    for _ in range(60):
        deep = deep * deep
    assert [p.name for p in placeholders(deep)] == ["t"]
    assert {p.name for p in placeholders(2 * t - u)} == {"t", "u"}
    for other in (t * Value(1.0), Value(1.0), 1.0, None, [t]):
        assert placeholders(other) == []


def test_a_label_has_one_column_for_each_class():
    t = Placeholder(1, "t")
    assert [(h.name, h.data) for h in t.one_hot(3)] == [("t_0", 0.0), ("t_1", 1.0), ("t_2", 0.0)]
    assert t.one_hot(3) is t.one_hot(3)
    with pytest.raises(ValueError, match="as one of 3 classes and as one of 4"):
        t.one_hot(4)
    for wrong in (-1, 3, 0.5):
        with pytest.raises(ValueError, match=f"a whole number from 0 to 2, got {float(wrong)}"):
            Placeholder(wrong, "t").one_hot(3)


def test_samples_are_packed_and_unpacked_alike_with_and_without_numpy(monkeypatch):
    columns = Columns([0.5, 1.5], [2, 0.25])
    columns.targets[0].one_hot(3)
    x, y = [[1.0, 2.0], [3.0, 4.0]], [[0, 0.5], [2, 0.75]]
    rows = columns.packed(x, y).tolist()
    assert rows == [[1, 2, 0, 0.5, 1, 0, 0], [3, 4, 2, 0.75, 0, 0, 1]]
    assert [columns.sample(row) for row in rows] == [([1.0, 2.0], [0.0, 0.5]), ([3.0, 4.0], [2.0, 0.75])]
    monkeypatch.setattr("nn.packing.numpy", lambda: None)
    assert columns.packed(x, y) == rows
    for bad in ([[0, 0.5], [3, 0.5]], [[0, 0.5], [1]], [[0, 0.5], "ab"]):
        with pytest.raises(TapeError, match=r"of one shape|whole number from 0 to 2, got 3"):
            columns.packed(x, bad)


def test_without_numpy_plain_python_runs_the_tape():
    code = """
import sys
sys.modules["numpy"] = None
from nn import MLP, Adam, compile, cross_entropy, fit
x, y = [[-1.0, 0.5], [0.25, 1.0], [0.75, -0.5], [1.0, 1.5]], [0, 1, 2, 0]
for compiled in ("auto", False):
    model = MLP(2, [4, 3], activation="tanh", rng=3)
    arguments = (model, (x, y), cross_entropy, Adam(model.parameters(), 0.1), 2)
    history = fit(*arguments, batch_size=3, seed=1, validation=(x, y), compiled=compiled)
    print("numbers", *history.validation_loss)
for loss in (cross_entropy, lambda p, t: cross_entropy(p, int(t))):
    model = MLP(2, [4, 3], activation="tanh", rng=3)
    fast = compile(model, loss, Adam(model.parameters(), 0.1))
    print("numbers", fast.step(x, y), fast.step(x, y), fast.loss(x, y), *fast.value_and_gradient(x, y)[1])
    fast.parameters = [0.0] * len(fast.parameters)
    assert set(fast.parameters) == {0.0} and fast.loss(x, y) > 1.09
"""
    root = Path(__file__).parents[1]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    lines = found.stdout.splitlines()
    assert lines[0] == "the loss of a row is a tape of 14 instructions, run by plain Python"
    close(*[list(map(float, line.split()[1:])) for line in lines if "numbers" in line][:2])
    close(*[list(map(float, line.split()[1:])) for line in lines if "numbers" in line][2:])
    assert found.stderr.count("pathgrad: no tape, each row is computed by itself: ") == 1
