"""`compile`: a model and its loss as one tape, for training loops of one's own."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

from autograd import Tape, Value, gradient, no_grad

from .moves import Moves, moves
from .packing import TapeError, numpy
from .recording import EXECUTORS, Recording
from .rows import Data, paired, require_finite, target_list
from .steps import batch_loss, mean_loss, take_step
from .taped import TapeSteps, quiet
from .training import parameters_of, weights_of


class Compiled:
    """What `compile` gives. Losses are means over the rows given.

    `weights` are the Values that it computes with, in the order of gradients; their numbers are in `parameters`, and
    in the Values again after `to_values`. `tape` is the `autograd.Tape`, made at the first call. Where there can be
    none it stays None, `reason` says why, and the samples are computed one after the other, with the same results.
    """

    def __init__(self, model: Any, loss: Callable[[Any, Any], Any], optimizer: Any, executor: str | None) -> None:
        if executor is not None and executor not in EXECUTORS:
            raise ValueError(f"executor is one of {', '.join(EXECUTORS)}, or None for the fastest, got {executor!r}")
        self.model, self.loss_function, self.optimizer, self.executor = model, loss, optimizer, executor
        self.weights = parameters_of(model) if optimizer is None else weights_of(model, optimizer)
        self.reason = ""
        self.steps = 0
        self._moves = Moves(optimizer, self.weights)  # in the Values, until there is a tape
        self._taped: TapeSteps | None = None
        self._checked = b""

    @property
    def tape(self) -> Tape | None:
        """The tape, if there is one."""
        return self._taped.tape if self._taped else None

    @property
    def parameters(self) -> Any:
        """The weights' numbers, one flat array. They can be assigned: `compiled.parameters -= 0.1 * gradient`."""
        return self._moves.numbers

    @parameters.setter
    def parameters(self, numbers: Any) -> None:
        self._moves.numbers = numbers

    def loss(self, x: Any, y: Any) -> float:
        """The mean loss. TrainingError: it is not finite; says where that began."""
        taped = self._recorded(x, y)
        if taped is None:
            return mean_loss(self.model, self.loss_function, Data(*paired(x, y)), "the loss")
        with quiet():
            return taped.mean(self._packed(taped.recording, x, y), lambda: "the loss")

    def value_and_gradient(self, x: Any, y: Any) -> tuple[float, Any]:
        """The mean loss and its gradient by `parameters`, one flat array. No `.grad` is changed."""
        taped = self._recorded(x, y)
        if taped is None:
            mean = self._mean(x, y, "the loss")
            np, found = numpy(), gradient(mean, self.weights)
            return mean.data, found if np is None else np.array(found)
        with quiet():
            rows = self._packed(taped.recording, x, y)
            return taped.value_and_gradient(rows, range(len(rows)), lambda: "the loss")

    def step(self, x: Any, y: Any) -> float:
        """One step of the optimizer by the gradient on these rows, all of it or nothing; gives the mean loss before it.

        TrainingError: the loss or the step is not finite; then the weights are what they were, in the Values too.
        """
        if self.optimizer is None:
            raise ValueError("there is no optimizer to take the step; give one: compile(model, loss, optimizer)")
        taped = self._recorded(x, y)

        def place() -> str:
            return f"step {self.steps + 1}"

        if taped is None:
            mean = self._mean(x, y, place())
            self.optimizer.zero_grad()
            mean.backward()
            take_step(self.optimizer, self.weights, place())
            found: float = mean.data
        else:
            with quiet():
                rows = self._packed(taped.recording, x, y)
                found = taped.step(rows, range(len(rows)), place)
        self.steps += 1
        return found

    def to_values(self) -> None:
        """Write the numbers to the model's Values, and what the optimizer remembers to the optimizer."""
        self._moves.to_values()

    def from_values(self) -> None:
        """Read them from there, after they were changed by others."""
        self._moves.from_values()

    def _mean(self, x: Any, y: Any, place: str) -> Value:
        data = Data(*paired(x, y))
        return batch_loss(self.model, self.loss_function, data, range(len(data.y)), place)[0]

    def _packed(self, recording: Recording, x: Any, y: Any) -> Any:
        """The rows for the tape. ValueError: they are not what was recorded, or not finite."""
        array = _array_type()
        inputs = x if isinstance(x, array) else require_finite(x)
        targets = y if isinstance(y, array) else target_list(y, "y")
        if len(inputs) != len(targets) or not len(inputs):
            paired(x, y)  # which says so
        try:
            rows = recording.packed(inputs, targets)
            if inputs is x and not math.isfinite(rows.ravel().dot(rows.ravel())):
                paired(x, y)  # the same, unless it is that number alone which is too large
            if recording.looks_at_targets:
                self._check(targets, recording)
        except TapeError as error:
            raise ValueError(str(error)) from error
        return rows

    def _check(self, targets: Any, recording: Recording) -> None:
        """Let the loss look at the targets, unless they are those of the last call."""
        if isinstance(targets, list):
            recording.check_targets(targets)
        elif (text := targets.tobytes()) != self._checked:
            recording.check_targets(targets.tolist())
            self._checked = text

    def _recorded(self, x: Any, y: Any) -> TapeSteps | None:
        """The tape, recorded at the first call, if there can be one."""
        if self._taped is not None or self.reason:
            return self._taped
        if no_grad.active:
            raise ValueError("a tape is recorded from the graph that no_grad() leaves out; call it outside of it")
        data = Data(*paired(x, y))
        try:
            recording = Recording(self.model, self.loss_function, self.weights, data.x, data.y, self.executor)
        except TapeError as error:
            self.reason = str(error)
            print(f"pathgrad: no tape, each row is computed by itself: {error}", file=sys.stderr, flush=True)
            return None
        self._moves = moves(self.optimizer, self.weights)
        self._taped = TapeSteps(recording, self._moves)
        return self._taped

    def __repr__(self) -> str:
        about = str(self._taped.recording) if self._taped else self.reason or "nothing recorded yet"
        return f"<compiled {self.model!r}: {about}>"


def _array_type() -> Any:
    """NumPy's array, or a type of which nothing is where it is not installed."""
    np = numpy()
    return () if np is None else np.ndarray


def compile(
    model: Any, loss: Callable[[Any, Any], Any], optimizer: Any = None, executor: str | None = None
) -> Compiled:
    """The loss of a model, recorded once and computed for many rows at a time, for training loops of one's own.

    Args:
        model, loss, optimizer: as for `fit`; the optimizer is needed for `step` alone.
        executor: who runs the tape, as for `autograd.Tape`.

    TypeError, ValueError: no model, one without parameters, no optimizer, or one of other parameters.

    >>> from nn import MLP, SGD, squared_error
    >>> model = MLP(1, [1], rng=0)
    >>> fast = compile(model, squared_error, SGD(model.parameters(), 0.2))
    >>> for _ in range(100):
    ...     loss = fast.step([[0], [1], [2]], [1, 3, 5])
    >>> fast.to_values()
    >>> round(model([10]).data, 4)
    21.0
    """
    return Compiled(model, loss, optimizer, executor)
