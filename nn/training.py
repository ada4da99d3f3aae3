"""Training: w ← w − η ∂L/∂w, step after step, where L is the mean loss over a batch of samples (blocks D-h, J4)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autograd import Value, no_grad

from .checks import whole
from .history import Epoch, History
from .initializers import Rng, generator
from .moves import OURS
from .progress import Progress
from .rows import Data, paired, shuffled
from .runs import Run, chosen
from .steps import Snapshot, TrainingError

Callback = Callable[[int, Any, History], Any]
Metric = Callable[[Any, list[list[float]], list[Any]], float]


def fit(
    model: Any,
    data: Any,
    loss: Callable[[Any, Any], Any],
    optimizer: Any,
    epochs: int,
    batch_size: int | None = None,
    validation: Any = None,
    callbacks: Callback | Iterable[Callback] = (),
    seed: Rng | int | None = None,
    patience: int | None = None,
    progress: bool = True,
    metrics: Mapping[str, Metric] | None = None,
    compiled: bool | str = "auto",
) -> History:
    """Train the model on the data and give the history of it.

    Args:
        model: anything that has `parameters()` and can be called with a row, a list of floats.
        data: a pair (x, y) of rows and targets, in sequences or arrays, or anything that has them as `.x` and `.y`.
        loss: `loss(prediction, target)` of one sample; that of a batch is the mean over its samples.
        optimizer: has `step()` and `zero_grad()`, as `SGD(model.parameters(), 0.1)`.
        epochs: how often to go through the data.
        batch_size: None takes all rows at once, in their order; 1 is online learning, more are mini-batches, both in
            an order that `seed` shuffles anew each epoch.
        validation: such a pair to measure on, without learning from it.
        callbacks: called after each epoch with (epoch, model, history); one that returns True ends the training.
        seed: a seed, a `random.Random`, or None for Python's `random` module.
        patience: stop when the validation loss has not improved for so many epochs. However training ends, short of
            an interrupt or an error, the weights are then those of the best epoch.
        progress: whether to print how far it is.
        metrics: further numbers to record, functions (model, x, y) -> float by name, taken on the validation set or,
            without one, on the data.
        compiled: "auto" records the loss of one sample as an `autograd.Tape`, which computes a batch at once, if that
            gives the losses of a number of samples; the progress line says so, or why not. True insists, False goes
            through the samples. Numbers differ in the last digits. The Values have them for callbacks and metrics,
            and when training has ended.

    Ctrl-C ends the training and gives the history so far; an interrupted step is undone, so that no weight is a step
    ahead of the others. TrainingError: a loss is not finite; says where that began. ValueError, TypeError: arguments
    that do not fit, numbers in the data that are not finite; `compiled` is True and there can be no tape.

    >>> from nn import MLP, SGD
    >>> from nn.losses import squared_error
    >>> model = MLP(1, [1], rng=0)
    >>> history = fit(model, ([0, 1, 2], [1, 3, 5]), squared_error, SGD(model.parameters(), 0.2), 100, progress=False)
    >>> history.stopped, round(model([10]).data, 4)
    ('all 100 epochs done', 21.0)
    """
    epochs = whole("epochs", epochs, 1)
    size = None if batch_size is None else whole("batch_size", batch_size, 1)
    patience = None if patience is None else whole("patience", patience, 1)
    train = _samples(data, "data")
    held = None if validation is None else _samples(validation, "validation")
    if patience is not None and held is None:
        raise ValueError("patience waits for a better validation loss; give validation=(x, y), or no patience")
    if no_grad.active:
        raise ValueError("fit needs the graph that no_grad() leaves out; call it outside of that block")
    if not (isinstance(compiled, bool) or compiled == "auto"):
        raise ValueError(f'compiled is "auto", True or False, got {compiled!r}')
    weights, rng = weights_of(model, optimizer), generator(seed)
    callbacks = [callbacks] if callable(callbacks) else list(callbacks)
    for callback in callbacks:
        if not callable(callback):
            raise TypeError(f"expected callbacks as functions (epoch, model, history), got {callback!r}")
    history, shown, n = History(), Progress(epochs, progress), len(train.y)
    others = metrics or callbacks or type(optimizer) not in OURS  # who may read the numbers, and change things
    run, best, best_epoch, best_loss = Run(model, loss, optimizer, weights, train, held), Snapshot(weights), 0, math.inf

    def prepared(epochs: int) -> Run:
        """The run for so many epochs with the model as it is now."""
        weights = weights_of(model, optimizer)
        found, said = chosen(compiled, epochs, size or n, model, loss, optimizer, weights, train, held)
        if said:
            shown.note(said)
        return found

    try:
        try:
            run = prepared(epochs)
            for epoch in range(1, epochs + 1):
                trained = run.epoch(range(n) if size is None else shuffled(n, rng), size or n, epoch)
                validated = run.validation(epoch)
                if others:
                    run.to_values()
                with no_grad():
                    measured = {name: float(found(model, *(held or train))) for name, found in (metrics or {}).items()}
                if patience is not None and validated is not None and validated < best_loss:
                    best, best_epoch, best_loss = run.snapshot(), epoch, validated
                history.rows.append(Epoch(trained, validated, measured))
                shown.after_epoch(history)
                stopping = [callback for callback in callbacks if callback(epoch, model, history) is True]
                if stopping:
                    name = getattr(stopping[0], "__name__", type(stopping[0]).__name__)
                    reason = f"stopped by the callback {name} after {_counted(epoch)}"
                    break
                if patience is not None and epoch - best_epoch >= patience:
                    reason = f"validation loss did not improve for {_counted(patience)}"
                    break
                if others and epoch < epochs:
                    run = run if run.from_values(epoch) else prepared(epochs - epoch)
            else:
                reason = f"all {epochs} epochs done"
        finally:
            run.to_values()
        if best_epoch in (0, epoch):
            history.stopped = reason
        else:
            history.stopped = f"{reason}; weights of epoch {best_epoch} restored"
            best.restore()
    except KeyboardInterrupt:
        history.stopped = history.stopped or f"interrupted after {_counted(history.epochs)}"
    except Exception as error:
        history.stopped = f"stopped by an error after {_counted(history.epochs)}"
        if isinstance(error, TrainingError):
            error.history = history
        raise
    finally:
        shown.close(history)
    return history


def weights_of(model: Any, optimizer: Any) -> list[Value]:
    """What training moves: the model's parameters, and others that the optimizer has, such as one of the loss."""
    own = parameters_of(model)
    if isinstance(optimizer, type) or not all(callable(getattr(optimizer, m, None)) for m in ("step", "zero_grad")):
        raise TypeError(f"expected an optimizer, such as SGD(model.parameters(), 0.1), got {optimizer!r}")
    moved = getattr(optimizer, "parameters", own)
    moved = own if callable(moved) else list(moved)
    if set(own).isdisjoint(moved):
        raise ValueError("the optimizer has none of this model's parameters; make it with model.parameters()")
    return list(dict.fromkeys([*own, *moved]))


def parameters_of(model: Any) -> list[Value]:
    """The model's parameters, each once. TypeError, ValueError: it is no model, or has none."""
    if not callable(model) or not callable(getattr(model, "parameters", None)):
        raise TypeError(f"expected a model, which can be called and has parameters(), got {type(model).__name__}")
    own = list(dict.fromkeys(model.parameters()))
    if not own:
        raise ValueError(f"{model!r} has no parameters, so there is nothing to train")
    return own


def _samples(data: Any, name: str) -> Data:
    """The pair as lists, checked: as many targets as rows, one at least, all finite."""
    if hasattr(data, "x") and hasattr(data, "y"):
        data = data.x, data.y
    try:
        x, y = data
    except (TypeError, ValueError):
        raise TypeError(f"expected {name} as a pair (x, y) of rows and targets, got {type(data).__name__}") from None
    try:
        return Data(*paired(x, y))
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: {error}") from None


def _counted(epochs: int) -> str:
    return f"{epochs} epoch{'s' * (epochs != 1)}"
