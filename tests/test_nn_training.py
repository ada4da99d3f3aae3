"""Training: against loops written by hand, how it ends, what it prints, and how far it comes on the courses' tasks."""

import io
import math
import random
import sys

import numpy as np
import pytest

from autograd import Value, exp, log, no_grad, relu
from nn import MLP, SGD, Neuron, Parameter, Perceptron, Sequential
from nn.cross_entropy import cross_entropy
from nn.data import minibatches
from nn.datasets import iris
from nn.history import Epoch, History, is_tenth
from nn.losses import gaussian_nll, half_squared_error, squared_error
from nn.optimizers import Adam
from nn.progress import Progress
from nn.splitting import split
from nn.standardizer import Standardizer
from nn.steps import Snapshot, TrainingError
from nn.toys import bishop_curve, noisy_xor
from nn.training import fit

X = [[-1.0, 0.5], [0.25, 1.0], [0.75, -0.5], [1.0, 1.5], [-0.5, -1.25], [0.1, 0.2], [1.5, -1.0]]
Y = [0.5, -1.0, 0.25, 1.0, 0.0, -0.5, 0.75]
HELD = ([[0.3, 0.1], [-0.8, 0.9]], [0.2, -0.4])


def network(seed=3):
    return MLP(2, [4, 1], activation="tanh", rng=seed)


def numbers(model):
    return [p.data for p in model.parameters()]


def train(model=None, data=(X, Y), loss=squared_error, optimizer=None, epochs=3, **options):
    model = model or network()
    return fit(model, data, loss, optimizer or SGD(model.parameters(), 0.05), epochs, **{"progress": False, **options})


class Line:
    """y = w x, w = 1 at first: the smallest model."""

    def __init__(self, w=1.0):
        self.w = Parameter(w, "w")

    def parameters(self):
        return [self.w]

    def __call__(self, x):
        return self.w * x[0]


class Put:
    """An optimizer that sets the weight of a Line to given numbers, one a step."""

    learning_rate = 1.0

    def __init__(self, model, *targets):
        self.w, self.targets = model.w, iter(targets)

    def step(self):
        self.w.data = next(self.targets)

    def zero_grad(self):
        self.w.grad = 0.0


# --- the three modes, by hand ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [None, 1, 3, 100])
def test_J4_full_batch_mini_batch_and_online_are_the_loops_one_would_write_bit_for_bit(size):
    model, by_hand, rng = network(), network(), random.Random(5)
    history = train(model, epochs=4, batch_size=size, seed=5, compiled=False)
    losses = []
    for _ in range(4):
        seen = []
        for x, y in [(X, Y)] if size is None else minibatches(X, Y, size, rng):
            samples = [squared_error(by_hand(row), target) for row, target in zip(x, y, strict=True)]
            seen += [sample.data for sample in samples]
            batch_loss = sum(samples[1:], samples[0]) / len(samples)
            for p in by_hand.parameters():
                p.grad = 0.0
            batch_loss.backward()
            for p in by_hand.parameters():
                p.data -= 0.05 * p.grad
        losses.append(math.fsum(seen) / len(seen))
    assert numbers(model) == numbers(by_hand)
    assert history.loss == pytest.approx(losses, rel=1e-14)


def test_full_batch_takes_the_rows_in_their_order_and_online_shuffles_them_anew_each_epoch():
    seen = []

    def loss(prediction, target):
        seen.append(target)
        return squared_error(prediction, target)

    train(loss=loss, epochs=1, compiled=False)
    assert seen == Y
    seen.clear()
    train(loss=loss, epochs=2, batch_size=1, seed=0, compiled=False)
    assert sorted(seen[:7]) == sorted(seen[7:]) == sorted(Y) and seen[:7] != seen[7:]


def test_the_same_seed_gives_the_same_history_and_weights_another_seed_others():
    runs = [(model := network(), train(model, batch_size=2, seed=seed).loss) for seed in (1, 1, 2)]
    assert runs[0][1] == runs[1][1] != runs[2][1]
    assert numbers(runs[0][0]) == numbers(runs[1][0]) != numbers(runs[2][0])


def test_without_a_seed_pythons_random_module_shuffles():
    runs = []
    for _ in range(2):
        random.seed(9)
        runs.append(train(batch_size=2).loss)
    assert runs[0] == runs[1]


def test_arrays_pairs_and_named_parts_are_the_same_data():
    expected = train().loss
    assert train(data=(np.array(X), np.array(Y))).loss == expected
    assert train(data=[tuple(map(tuple, X)), tuple(Y)]).loss == expected
    assert train(data=noisy_xor()).loss == train(data=noisy_xor()[:2]).loss


def test_a_parameter_of_the_loss_learns_with_the_others():
    s, model = Parameter(0.0, "s"), network()
    optimizer = SGD([*model.parameters(), s], 0.05)
    train(model, loss=lambda prediction, target: gaussian_nll(prediction, target, exp(s)), optimizer=optimizer)
    assert s.data != 0.0


# --- the history -----------------------------------------------------------------------------------------------------


def test_the_history_has_one_entry_an_epoch():
    history = train(epochs=5, validation=HELD, metrics={"n": lambda model, x, y: len(x)})
    assert len(history.loss) == len(history.validation_loss) == history.epochs == 5
    assert history.metrics == {"n": [2.0] * 5}
    assert history.stopped == "all 5 epochs done"


def test_validation_is_measured_after_the_epoch_and_without_a_graph():
    model, graphs = network(), []

    def loss(prediction, target):
        graphs.append(bool(prediction.inputs))
        return squared_error(prediction, target)

    def metric(model, x, y):
        graphs.append(bool(model(x[0]).inputs))
        return 0.0

    history = train(model, loss=loss, epochs=1, validation=HELD, metrics={"m": metric}, compiled=False)
    by_hand = [squared_error(model(x), y).data for x, y in zip(*HELD, strict=True)]
    assert history.validation_loss == [(by_hand[0] + by_hand[1]) / 2]
    assert graphs == [True] * 7 + [False] * 3


def test_metrics_are_taken_on_the_data_where_there_is_no_validation():
    assert train(epochs=1, metrics={"n": lambda model, x, y: len(y)}).metrics == {"n": [7.0]}


def test_the_best_epoch_is_the_first_of_the_lowest_validation_loss_or_else_training_loss():
    assert History([Epoch(3.0, 1.0, {}), Epoch(2.0, 0.5, {}), Epoch(1.0, 0.5, {})]).best_epoch == 2
    assert History([Epoch(3.0, None, {}), Epoch(2.0, None, {})]).best_epoch == 2
    assert History().best_epoch is None


def test_the_history_prints_as_a_table_of_about_ten_epochs():
    history = History([Epoch(1 / k, 2 / k, {"accuracy": 0.5}) for k in range(1, 101)], "all 100 epochs done")
    lines = str(history).splitlines()
    assert lines[0].split() == ["epoch", "loss", "validation", "accuracy"]
    assert [line.split()[0] for line in lines[1:-1]] == ["1", *map(str, range(10, 101, 10))]
    assert lines[-2].split() == ["100", "0.01", "0.02", "0.5"] and lines[-1] == "all 100 epochs done"
    assert len({len(line) for line in lines[:-1]}) == 1
    assert str(History()) == "no epoch was completed" and repr(History()) == "History(0 epochs)"
    assert str(History([Epoch(1.0, None, {})])).splitlines()[-1].split() == ["1", "1"]


def test_the_histories_text_names_first_and_last_numbers_and_the_best_epoch():
    rows = [Epoch(0.5, 0.75, {"accuracy": 0.5}), Epoch(0.25, 1.0, {"accuracy": 0.75})]
    numbers = "loss 0.5 → 0.25, validation 0.75 → 1, accuracy 0.5 → 0.75, best epoch 1"
    assert repr(History(rows, "why")) == f"History(2 epochs, {numbers}; why)"


@pytest.mark.parametrize("epochs", [1, 2, 9, 10, 11, 25, 1000])
def test_tenths_are_ten_lines_at_most_and_end_with_the_last_epoch(epochs):
    marked = [epoch for epoch in range(1, epochs + 1) if is_tenth(epoch, epochs)]
    assert len(marked) == min(epochs, 10) and marked[-1] == epochs


def test_learning_curves_have_a_log_scale_where_positive_and_spread():
    (axes,) = History([Epoch(1.0, 1.0, {}), Epoch(0.01, 0.5, {})]).plot().axes
    assert axes.get_yscale() == "log"
    assert [list(line.get_ydata()) for line in axes.lines[:2]] == [[1.0, 0.01], [1.0, 0.5]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["training", "validation", "best: epoch 2"]
    for losses in ([1.0, 0.5], [1.0, -0.01], [0.0, 1.0]):
        (axes,) = History([Epoch(x, None, {}) for x in losses]).plot().axes
        assert axes.get_yscale() == "linear" and len(axes.lines) == 1


def test_learning_curves_need_an_epoch():
    with pytest.raises(ValueError, match="train for an epoch first"):
        History().plot()


# --- stopping --------------------------------------------------------------------------------------------------------


def test_early_stopping_restores_the_weights_of_the_best_epoch_exactly():
    model = Line()
    weights = [0.5, 0.1, 1 / 3, 0.25, 0.9, 0.7]  # validation is best at 0.3: epoch 3 of these
    seen = []
    history = train(
        model,
        ([[1.0]], [0.0]),
        optimizer=Put(model, *weights),
        epochs=6,
        validation=([[1.0]], [0.3]),
        patience=2,
        callbacks=lambda epoch, model, history: seen.append(model.w.data),
    )
    assert seen == weights[:5]
    assert model.w.data == 1 / 3 and history.best_epoch == 3 and history.epochs == 5
    assert history.stopped == "validation loss did not improve for 2 epochs; weights of epoch 3 restored"


def test_with_patience_the_best_weights_are_restored_when_all_epochs_are_done_too():
    model = Line()
    options = {"validation": ([[1.0]], [0.0]), "patience": 5}
    history = train(model, ([[1.0]], [0.0]), optimizer=Put(model, 0.25, 0.5), epochs=2, **options)
    assert model.w.data == 0.25 and history.stopped == "all 2 epochs done; weights of epoch 1 restored"
    history = train(model, ([[1.0]], [0.0]), optimizer=Put(model, 0.5, 0.25), epochs=2, **options)
    assert model.w.data == 0.25 and history.stopped == "all 2 epochs done"


def test_of_two_equally_good_epochs_the_first_is_the_best():
    model = Line()
    options = {"validation": ([[1.0]], [0.0]), "patience": 5}
    history = train(model, ([[1.0]], [0.0]), optimizer=Put(model, 0.25, -0.25), epochs=2, **options)
    assert history.best_epoch == 1 and model.w.data == 0.25


def test_without_patience_the_last_weights_stay():
    model = Line()
    train(model, ([[1.0]], [0.0]), optimizer=Put(model, 0.25, 0.5), epochs=2, validation=([[1.0]], [0.0]))
    assert model.w.data == 0.5


def test_callbacks_are_called_after_each_epoch_with_epoch_model_and_history():
    model, seen = network(), []
    train(model, callbacks=[lambda e, m, h: seen.append((e, m, h.epochs)), lambda e, m, h: seen.append(h.loss[-1])])
    assert [entry[0] for entry in seen[::2]] == [entry[2] for entry in seen[::2]] == [1, 2, 3]
    assert all(entry[1] is model for entry in seen[::2]) and seen[1] > seen[5]


def test_a_callback_that_returns_true_stops_training_and_a_merely_truthy_one_does_not():
    def enough(epoch, model, history):
        return epoch == 2

    assert train(callbacks=[enough]).stopped == "stopped by the callback enough after 2 epochs"
    assert train(callbacks=[lambda *_: 1, lambda *_: "yes"]).epochs == 3


# --- Ctrl-C ----------------------------------------------------------------------------------------------------------


def interrupt(*_):
    raise KeyboardInterrupt


def test_an_interrupt_in_a_callback_gives_the_history_so_far():
    model = network()
    history = train(model, callbacks=[lambda epoch, *_: epoch == 2 and interrupt()])
    reference = network()
    assert history.loss == train(reference, epochs=2).loss and numbers(model) == numbers(reference)
    assert history.stopped == "interrupted after 2 epochs"


def test_an_interrupt_in_the_loss_leaves_the_weights_of_the_step_before():
    model, reference, calls = network(), network(), []

    def loss(prediction, target):
        calls.append(target)
        return interrupt() if len(calls) == 10 else squared_error(prediction, target)  # the third sample of epoch 2

    history = train(model, loss=loss, compiled=False)
    train(reference, epochs=1, compiled=False)
    assert numbers(model) == numbers(reference)
    assert history.epochs == 1 and history.stopped == "interrupted after 1 epoch"


def test_an_interrupt_before_the_first_epoch_ends_gives_an_empty_history():
    history = train(loss=interrupt)
    assert history.loss == [] and history.stopped == "interrupted after 0 epochs"


def test_an_interrupt_within_a_step_moves_all_weights_or_none():
    class Halfway(SGD):
        def step(self):
            if self.steps == 2:
                for p in self.parameters[:5]:
                    p.data = 99.0
                interrupt()
            super().step()

    model, reference = network(), network()
    history = train(model, optimizer=Halfway(model.parameters(), 0.05))
    train(reference, epochs=2)
    assert numbers(model) == numbers(reference) and history.epochs == 2


def test_an_interrupted_step_is_forgotten_by_the_optimizer_as_well():
    class Late(Adam):
        def step(self):
            super().step()
            if self.steps == 3:
                interrupt()

    model, reference = network(), network()
    optimizer, expected = Late(model.parameters()), Adam(reference.parameters())
    train(model, optimizer=optimizer)
    train(reference, optimizer=expected, epochs=2)
    assert optimizer.steps == 2 and optimizer.state == expected.state and numbers(model) == numbers(reference)


def test_an_interrupted_step_puts_parameters_of_the_loss_back_too():
    class Late(SGD):
        def step(self):
            super().step()
            interrupt()

    s, model = Parameter(0.5, "s"), network()
    train(model, loss=lambda y, t: gaussian_nll(y, t, exp(s)), optimizer=Late([*model.parameters(), s], 0.05))
    assert s.data == 0.5 and numbers(model) == numbers(network())


class Interrupting(Parameter):
    """A parameter that is interrupted when it is set the first time."""

    armed = False

    def set(self, number):
        if Interrupting.armed:
            Interrupting.armed = False
            interrupt()
        Value.data.fset(self, number)

    data = property(Value.data.fget, set)


def test_an_interrupt_while_weights_are_put_back_waits_until_all_are(monkeypatch):
    weights = [Parameter(1.0), Interrupting(2.0), Parameter(3.0)]
    before = Snapshot(weights)
    for p in weights:
        p.data = 9.0
    monkeypatch.setattr(Interrupting, "armed", True)
    with pytest.raises(KeyboardInterrupt):
        before.restore()
    assert [p.data for p in weights] == [1.0, 2.0, 3.0]


def test_an_interrupt_while_the_best_weights_are_restored_keeps_the_reason(monkeypatch):
    model = Line()
    model.w = Interrupting(1.0)

    class Arming(Put):
        def step(self):
            super().step()
            Interrupting.armed = self.w.data == 0.5

    monkeypatch.setattr(Interrupting, "armed", False)
    history = train(
        model,
        ([[1.0]], [0.0]),
        optimizer=Arming(model, 0.25, 0.5),
        epochs=2,
        validation=([[1.0]], [0.0]),
        patience=5,
    )
    assert model.w.data == 0.25 and history.stopped == "all 2 epochs done; weights of epoch 1 restored"


# --- what is not finite ----------------------------------------------------------------------------------------------


def failing(**options):
    with pytest.raises(TrainingError) as caught:
        train(**options)
    return caught.value


def test_a_loss_that_is_not_finite_stops_with_the_node_where_it_began_and_weights_untouched():
    model = Line(1e200)
    error = failing(model=model, data=([[1.0], [1e200]], [1e200, 0.0]), loss=lambda y, t: 2.0 * (y - t))
    assert str(error) == (
        "epoch 1, step 1 of 1, sample 1: the loss is inf; it began where mul of w = 1e+200, 1e+200 is inf "
        "(computed from w); lower the learning rate, or scale the data"
    )
    assert model.w.data == 1e200 and error.history.loss == []


def test_the_error_names_epoch_step_and_the_row_as_the_data_has_it_and_keeps_the_history():
    model, x = network(), [[float(i), 0.0] for i in range(6)]
    batches = [batch.y for rng in [random.Random(4)] for _ in range(2) for batch in minibatches(x, range(6), 2, rng)]
    step = next(k for k, batch in enumerate(batches[3:], 1) if 5 in batch)
    before = []

    def loss(prediction, target):
        grown = 1e308 if target == 5 and seen else 1.0
        return squared_error(prediction, 0.0) * grown * 1e10 if grown > 1 else squared_error(prediction, 0.0)

    seen = []
    error = failing(
        model=model,
        data=(x, range(6)),
        loss=loss,
        batch_size=2,
        seed=4,
        callbacks=lambda *_: (seen.append(1), before.append(numbers(model))),
    )
    assert str(error).startswith(f"epoch 2, step {step} of 3, sample 5: the loss is inf; it began where mul of ")
    assert error.history.epochs == 1 and error.history.stopped == "stopped by an error after 1 epoch"
    if step == 1:
        assert numbers(model) == before[0]


def test_of_several_samples_that_overflow_the_first_is_told():
    error = failing(model=Line(), data=([[2.0], [3.0], [4.0]], [1, 2, 3]), loss=lambda y, t: y * 1e308 * float(t))
    assert ", sample 0: the loss is inf; it began where mul of 2, 1e+308 is inf (computed from w)" in str(error)


def test_the_weights_named_are_those_of_the_unit_that_overflowed():
    model = MLP(2, [2, 1], rng=0)
    model.parameter("w1_21").data = 1e308
    error = failing(model=model, data=([[10.0, 1.0]], [0.0]))
    assert "it began where dot of w1_21 = 1e+308, w1_22 = " in str(error)
    assert "10, 1, … is inf (computed from w1_21, w1_22, b1_2)" in str(error)


def test_weights_further_back_are_named_where_the_inputs_have_no_names():
    model = Sequential(Neuron(1, activation="linear", init=lambda fan_in, rng: 1e150), lambda z: relu(z) * (z * z))
    error = failing(model=model, data=([[1.0]], [0.0]), loss=lambda y, t: y)
    assert "mul of 1e+150, 1e+300 is inf (computed from w1, b)" in str(error)


def test_a_node_behind_which_nothing_has_a_name_is_described_by_its_numbers():
    model = Line()
    model.w.name = None
    error = failing(model=model, data=([[1.0]], [0.0]), loss=lambda y, t: y * 1e308 * 10.0)
    assert "it began where mul of 1e+308, 10 is inf; lower" in str(error)


@pytest.mark.parametrize(("name", "called"), [("w", "w"), (None, "a leaf without a name")])
def test_a_weight_that_is_not_finite_from_the_start_is_named(name, called):
    model = Line(math.nan)
    model.w.name = name
    assert f"the loss is nan; it began where {called} is nan" in str(failing(model=model, data=([[1.0]], [0.0])))


def test_a_sum_that_overflows_though_every_sample_is_finite_is_no_samples_fault():
    error = failing(model=Line(), data=([[1e308], [1e308]], [0, 0]), loss=lambda y, t: y * 1.0)
    assert str(error).startswith("epoch 1, step 1 of 1: the loss is inf; it began where add of 1e+308, 1e+308 is inf")


@pytest.mark.parametrize(
    "loss",
    [lambda y, t: exp(y * 1000.0), lambda y, t: log(-y), lambda y, t: squared_error(y, [t, t])],
    ids=["beyond floats", "outside the domain", "target of another length"],
)
def test_what_the_engine_or_the_loss_raises_is_located_and_keeps_its_sentence(loss):
    model = Line()
    with pytest.raises((ArithmeticError, ValueError)) as raised:
        loss(model([1.0]), 0.0)
    error = failing(model=model, data=([[1.0]], [0.0]), loss=loss)
    assert str(error) == f"epoch 1, step 1 of 1, sample 0: {raised.value}"
    assert isinstance(error, ValueError) and isinstance(error, ArithmeticError)
    assert model.w.data == 1.0 and type(error.__cause__) is raised.type


def test_a_gradient_that_is_not_finite_stops_the_step():
    model = Line(1e-300)
    error = failing(model=model, data=([[1e200]], [0.0]), loss=lambda y, t: y * 1e150)
    assert str(error).startswith("epoch 1, step 1 of 1: the gradient of parameters[0] (w) is inf")
    assert model.w.data == 1e-300


@pytest.mark.parametrize(("name", "called"), [("w", "w"), (None, "weight 0")])
def test_an_optimizer_that_makes_weights_infinite_is_stopped_and_its_step_undone(name, called):
    model = Line()
    model.w.name = name
    error = failing(model=model, data=([[1.0]], [0.0]), optimizer=Put(model, 0.5, math.inf))
    assert str(error) == f"epoch 2, step 1 of 1: {called} would become inf; lower the learning rate"
    assert model.w.data == 0.5 and error.history.epochs == 1


def test_a_validation_loss_that_is_not_finite_stops_with_the_node_too():
    error = failing(model=Line(2.0), data=([[1.0]], [0.0]), validation=([[1.0], [1e308]], [0, 0]), loss=lambda y, t: y)
    assert str(error).startswith(
        "epoch 1, validation, sample 1: the loss is inf; it began where mul of w = 1.95, 1e+308"
    )


def test_other_errors_pass_unchanged():
    def wrong(prediction, target):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        train(loss=wrong)


# --- progress --------------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self):
        return True


def screen(text):
    """What a terminal shows of the text: a carriage return goes back to the start of the line."""
    lines = []
    for line in text.split("\n"):
        shown = []
        for part in line.split("\r"):
            shown[: len(part)] = part
        lines.append("".join(shown).rstrip())
    return lines


def printed(monkeypatch, stream, **options):
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    for name in options.pop("loaded", ()):
        monkeypatch.setitem(sys.modules, name, io)
    history = train(progress=True, **{"compiled": False, **options})
    monkeypatch.undo()
    return stream.getvalue(), history


def test_on_a_terminal_one_line_is_rewritten_in_place(monkeypatch):
    text, history = printed(monkeypatch, Terminal(), epochs=12, validation=HELD)
    last = f"epoch 12/12  loss {history.loss[-1]:.4g}  validation {history.validation_loss[-1]:.4g}"
    assert screen(text) == [last, ""]
    assert text.count("\n") == 1 and text.count("\r") == 13 and "\repoch  3/12  loss" in text


def test_a_shorter_line_leaves_nothing_of_a_longer_one(monkeypatch):
    model = Line()
    data = {"data": ([[1.0]], [0.0]), "optimizer": Put(model, 1 / 3, 1.0, 1.0)}
    text, _ = printed(monkeypatch, Terminal(), model=model, loss=lambda y, t: y * 1.0, **data)
    assert "epoch 2/3  loss 0.3333" in text and screen(text) == ["epoch 3/3  loss 1", ""]


def test_a_line_wider_than_the_terminal_is_cut_until_the_last(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    text, history = printed(monkeypatch, Terminal(), validation=HELD)
    assert all(len(part.rstrip()) <= 19 for part in text.split("\r")[:-1])
    assert screen(text)[0].endswith(f"validation {history.validation_loss[-1]:.4g}")


def test_a_notebook_gets_the_line_that_is_rewritten_too(monkeypatch):
    text, _ = printed(monkeypatch, io.StringIO(), loaded=["ipykernel"])
    assert text.count("\r") == 4 and len(screen(text)) == 2


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"compiled": True}, "the loss of a row is a tape of 11 instructions, run by NumPy"),
        ({}, "the loss of a row is a tape of 11 instructions, run by NumPy"),
        (
            {"loss": lambda y, t: squared_error(y, t) if t > 0 else squared_error(y, t) * 2},
            "no tape, each row is computed by itself: t differs from sample to sample, so it cannot be compared",
        ),
    ],
)
def test_a_first_line_says_whether_there_is_a_tape_and_who_runs_it_or_why_not(monkeypatch, stream, options, sentence):
    text, history = printed(monkeypatch, stream(), **{"compiled": "auto", **options})
    assert screen(text)[0] == sentence
    assert screen(text)[-2] == f"epoch 3/3  loss {history.loss[-1]:.4g}" and text.count(sentence) == 1


def test_a_sentence_hides_the_line_that_stands_there(monkeypatch):
    monkeypatch.setattr(sys, "stdout", output := Terminal())
    shown = Progress(3)
    shown.after_epoch(History([Epoch(0.123456, None, {})]))
    shown.note("short")
    shown.after_epoch(History([Epoch(0.5, None, {})]))
    assert screen(output.getvalue()) == ["short", "epoch 1/3  loss 0.5"]


@pytest.mark.parametrize(("epochs", "lines"), [(1, 1), (3, 3), (10, 10), (100, 11)])
def test_a_log_gets_about_ten_lines_without_carriage_returns(monkeypatch, epochs, lines):
    text, history = printed(monkeypatch, io.StringIO(), epochs=epochs)
    assert "\r" not in text and text.count("\n") == lines
    assert text.splitlines()[-1] == f"epoch {epochs}/{epochs}  loss {history.loss[-1]:.4g}"


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_the_last_line_says_why_training_ended_before_its_time(monkeypatch, stream):
    text, _ = printed(monkeypatch, stream(), callbacks=[interrupt])
    assert screen(text)[-2].startswith("epoch 1/3  loss ") and text.endswith("  interrupted after 1 epoch\n")
    text, _ = printed(monkeypatch, stream(), loss=interrupt)
    assert screen(text) == ["epoch 0/3  interrupted after 0 epochs", ""]


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_without_progress_nothing_is_printed(monkeypatch, stream):
    monkeypatch.setattr(sys, "stdout", output := stream())
    train()
    train(callbacks=[interrupt])
    assert output.getvalue() == ""


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "kind", "sentence"),
    [
        ({"data": (X, Y[:-1])}, ValueError, "^data: x has 7 rows and y 6"),
        ({"data": ([], [])}, ValueError, "^data: x is empty"),
        ({"data": ([[1.0, 2.0], [3.0, math.nan]], [0, 1])}, ValueError, "^data: x: row 1, column 1 is nan"),
        ({"data": (X[:2], [0.0, math.inf])}, ValueError, "^data: y.* 1 is inf"),
        ({"data": (X[:2], [[0.0], ["a"]]), "validation": (X, Y[:-1])}, ValueError, "^validation: x has 7 rows and y 6"),
        ({"data": X}, TypeError, r"expected data as a pair \(x, y\) of rows and targets, got list"),
        ({"data": 5}, TypeError, r"expected data as a pair \(x, y\) of rows and targets, got int"),
        ({"data": (["ab"], [1])}, TypeError, "^data: x: row 0"),
        ({"batch_size": 0}, ValueError, "batch_size must be a whole number from 1 up, got 0"),
        ({"batch_size": -3}, ValueError, "batch_size must be a whole number from 1 up, got -3"),
        ({"batch_size": 2.5}, ValueError, "batch_size must be a whole number from 1 up, got 2.5"),
        ({"batch_size": "3"}, TypeError, "batch_size must be a whole number from 1 up, got str"),
        ({"epochs": 0}, ValueError, "epochs must be a whole number from 1 up, got 0"),
        ({"patience": 0, "validation": HELD}, ValueError, "patience must be a whole number from 1 up, got 0"),
        ({"patience": 3}, ValueError, "patience waits for a better validation loss"),
        ({"seed": "x"}, TypeError, "a seed"),
        ({"compiled": "yes"}, ValueError, "compiled is \"auto\", True or False, got 'yes'"),
        ({"compiled": 1}, ValueError, "compiled is .* got 1"),
        (
            {"compiled": True, "loss": lambda y, t: [y, 2 * y][t]},
            ValueError,
            "compiled=True, but there can be no tape: t differs from sample to sample, so it cannot be made a plain",
        ),
        ({"callbacks": [None]}, TypeError, "expected callbacks as functions .* got None"),
        ({"model": Sequential(abs), "optimizer": Put(Line())}, ValueError, r"Sequential\(abs\) has no parameters"),
        ({"model": abs, "optimizer": Put(Line())}, TypeError, "expected a model, .* got builtin_function_or_method"),
        ({"optimizer": SGD}, TypeError, "expected an optimizer, such as SGD"),
        ({"optimizer": 0.1}, TypeError, "expected an optimizer, such as .* got 0.1"),
        ({"optimizer": SGD([Value(1.0)], 0.1)}, ValueError, "none of this model's parameters"),
        ({"model": Perceptron(2)}, TypeError, "expected a Value from the loss, got float"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",  # objects would bring their addresses
)
def test_what_does_not_fit_is_refused_before_anything_has_changed(options, kind, sentence):
    options = {"model": network(), **options}
    before = numbers(options["model"]) if hasattr(options["model"], "parameters") else None
    with pytest.raises(kind, match=sentence):
        train(**options)
    assert before is None or numbers(options["model"]) == before


def test_an_optimizer_may_offer_its_parameters_as_a_method_or_not_at_all():
    class Foreign(Put):
        def parameters(self):
            return [self.w]

    for kind in (Put, Foreign):
        model = Line()
        assert train(model, ([[1.0]], [0.0]), optimizer=kind(model, 0.5), epochs=1).loss == [1.0]


def test_within_no_grad_there_is_nothing_to_learn_from():
    with no_grad(), pytest.raises(ValueError, match="call it outside"):
        train()


# --- the courses' tasks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("curve", "reached"), [("square", 2e-3), ("sin", 1e-2), ("abs", 4e-3), ("heaviside", 1e-2)], ids=str
)
def test_D_three_tanh_units_learn_bishops_four_curves(curve, reached):
    x, y = bishop_curve(curve)
    model = MLP(1, [3, 1], activation="tanh", rng=0)
    fit(model, (x, y), half_squared_error, Adam(model.parameters(), 0.1), 100, batch_size=10, seed=0, progress=False)
    assert sum((model(row).data - target) ** 2 for row, target in zip(x, y, strict=True)) / len(y) < reached


def test_iris_is_learned_to_93_percent_of_the_test_set():
    x, y, *_ = iris()
    train, validation, test = split(x, y, rng=0, stratify=True)
    scale = Standardizer().fit(train.x)
    train, validation, test = [(scale.transform(part.x), part.y) for part in (train, validation, test)]
    model = MLP(4, [8, 3], activation="tanh", rng=0)
    optimizer = Adam(model.parameters(), learning_rate=0.02)
    fit(model, train, cross_entropy, optimizer, 20, batch_size=16, validation=validation, seed=0, progress=False)
    scores = [[score.data for score in model(row)] for row in test[0]]
    right = sum(row.index(max(row)) == label for row, label in zip(scores, test[1], strict=True))
    assert right / len(test[1]) >= 0.93
