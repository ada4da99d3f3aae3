"""Steps of training: forward, backward and a move of the weights, made as a whole or not at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd import Value, no_grad

from .history import History
from .optimizers import Optimizer
from .rows import Data
from .targets import total

SHOWN = 4  # inputs or names that an error lists before it says "…"


class TrainingError(ArithmeticError, ValueError):
    """Training cannot go on: a loss that is not finite, or what computing it or a step raised. The weights are those
    before that step, and `history` has the epochs before."""

    history: History


class Snapshot:
    """The weights at one time (now, or when they had these `numbers`) and, where an optimizer of ours is given, what
    it remembers: its state and its steps."""

    def __init__(self, weights: list[Value], optimizer: Any = None, numbers: Sequence[float] | None = None) -> None:
        self.weights, self.numbers = weights, [p.data for p in weights] if numbers is None else numbers
        self.optimizer = optimizer if isinstance(optimizer, Optimizer) else None
        if self.optimizer:
            self.memory = [list(state) for state in self.optimizer.state], self.optimizer.steps

    def restore(self) -> None:
        """Put all of it back; a Ctrl-C that arrives meanwhile has to wait until that is done."""
        try:
            self._put_back()
        except KeyboardInterrupt:
            self._put_back()
            raise

    def _put_back(self) -> None:
        for p, number in zip(self.weights, self.numbers, strict=True):
            p.data = number
        if self.optimizer:
            self.optimizer.state, self.optimizer.steps = self.memory


def one_epoch(
    model: Any, loss: Any, optimizer: Any, weights: list[Value], data: Data, batches: list[list[int]], epoch: int
) -> float:
    """Learn from the batches, lists of row numbers; the mean of the samples' losses, each as it was in its step."""
    added = 0.0
    for step, batch in enumerate(batches, 1):
        place = f"epoch {epoch}, step {step} of {len(batches)}"
        mean, losses = batch_loss(model, loss, data, batch, place)
        optimizer.zero_grad()
        mean.backward()
        take_step(optimizer, weights, place)
        for number in losses:
            added += number
    return added / len(data.y)


def batch_loss(
    model: Any, loss: Any, data: Data, batch: Sequence[int], place: str, called: Sequence[int] | None = None
) -> tuple[Value, list[float]]:
    """The mean loss of these samples, and the loss of each. TrainingError: one is not finite; it is named by its
    number, or by what stands at that number in `called`."""
    losses = [_sample_loss(model, loss, data, i, place, called) for i in batch]
    mean = total(losses) / len(losses)
    if not math.isfinite(mean.data):
        wrong = [i for i, x in zip(batch, losses, strict=True) if not math.isfinite(x.data)]
        sample = f", sample {called[wrong[0]] if called else wrong[0]}" if wrong else ""
        raise TrainingError(f"{place}{sample}: {_not_finite(mean)}")
    return mean, [x.data for x in losses]


def take_step(optimizer: Any, weights: list[Value], place: str) -> None:
    """One whole step or none: whatever ends it early, Ctrl-C too, all numbers become what they were before it."""
    before = Snapshot(weights, optimizer)
    try:
        optimizer.step()
        for i, p in enumerate(weights):
            if not math.isfinite(p.data):
                raise FloatingPointError(f"{p.name or f'weight {i}'} would become {p.data}; lower the learning rate")
    except BaseException as error:
        before.restore()
        if isinstance(error, ArithmeticError | ValueError):
            raise TrainingError(f"{place}: {error}") from error
        raise


def mean_loss(model: Any, loss: Any, data: Data, place: str) -> float:
    """The mean loss over all samples, without a graph. TrainingError: one is not finite."""
    added = 0.0
    for i in range(len(data.y)):
        with no_grad():
            found = _sample_loss(model, loss, data, i, place).data
        if not math.isfinite(found):  # once more, now with the graph that shows where it began
            raise TrainingError(f"{place}, sample {i}: {_not_finite(_sample_loss(model, loss, data, i, place))}")
        added += found
    return added / len(data.y)


def _sample_loss(model: Any, loss: Any, data: Data, i: int, place: str, called: Sequence[int] | None = None) -> Value:
    """The loss of one sample, with its graph."""
    try:
        found = loss(model(data.x[i]), data.y[i])
    except (ArithmeticError, ValueError) as error:
        raise TrainingError(f"{place}, sample {called[i] if called else i}: {error}") from error
    if not isinstance(found, Value):
        raise TypeError(
            f"expected a Value from the loss, got {type(found).__name__}: {found!r} does not depend on any parameter"
        )
    return found


def _not_finite(loss: Value) -> str:
    """Where it began: from the loss back along inputs that are not finite, to a node whose inputs all are."""
    node, bad = loss, [loss]
    while bad:
        node = bad[0]
        bad = [x for x in node.inputs if isinstance(x, Value) and not math.isfinite(x.data)]
    if node.op is None:
        began = f"{node.name or 'a leaf without a name'} is {node.data}"
    else:
        inputs = [f"{x.name} = {x.data:.6g}" if isinstance(x, Value) and x.name else f"{x:.6g}" for x in node.inputs]
        began = f"{node.op.name} of {_listed(inputs)} is {node.data}"
        if names := _nearest_names(node):
            began += f" (computed from {_listed(names)})"
    return f"the loss is {loss.data}; it began where {began}; lower the learning rate, or scale the data"


def _nearest_names(node: Value) -> list[str]:
    """The names of the nearest nodes behind `node` that have any: most often the weights of one unit."""
    level, seen = [node], {node}
    while level:
        level = [x for x in dict.fromkeys(x for n in level for x in n.inputs if isinstance(x, Value)) if x not in seen]
        if names := [x.name for x in level if x.name]:
            return names
        seen.update(level)
    return []


def _listed(texts: Sequence[str]) -> str:
    return ", ".join([*texts[:SHOWN], "…"] if len(texts) > SHOWN else texts)
