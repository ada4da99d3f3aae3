"""How `fit` goes through its data: sample by sample, with the graphs of Values, or batch by batch, with a tape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import Value

from .moves import moves
from .packing import TapeError, numpy
from .recording import Recording
from .rows import Data
from .steps import Snapshot, mean_loss, one_epoch
from .taped import TapeSteps, quiet


class Run:
    """Sample by sample. The numbers are in the Values all the time."""

    def __init__(
        self, model: Any, loss: Any, optimizer: Any, weights: list[Value], train: Data, held: Data | None
    ) -> None:
        self.model, self.loss, self.optimizer = model, loss, optimizer
        self.weights, self.train, self.held = weights, train, held

    def epoch(self, order: Sequence[int], size: int, epoch: int) -> float:
        """Learn from the samples in that order, so many in a step; the mean of their losses, each as in its step."""
        batches = [list(order[i : i + size]) for i in range(0, len(order), size)]
        return one_epoch(self.model, self.loss, self.optimizer, self.weights, self.train, batches, epoch)

    def validation(self, epoch: int) -> float | None:
        """The mean loss of the samples held out."""
        return None if self.held is None else mean_loss(self.model, self.loss, self.held, _held(epoch))

    def snapshot(self) -> Snapshot:
        """The weights as they are."""
        return Snapshot(self.weights)

    def to_values(self) -> None:
        """Write weights, gradients and the optimizer's memory where others read them."""

    def from_values(self, epoch: int) -> bool:
        """Read them again after others may have changed them; False if others have changed more than that."""
        return True


class TapedRun(Run):
    """Batch by batch. Between `from_values` and `to_values` the numbers are in arrays."""

    def __init__(self, *parts: Any, epochs: int, size: int, executor: str | None = None) -> None:
        super().__init__(*parts)
        train, held = self.train, self.held
        self.recording = Recording(self.model, self.loss, self.weights, train.x, train.y, executor)
        self.rows = self.recording.packed(train.x, train.y)
        tape, n = self.recording.tape, len(self.rows)
        tape.expect(min(size, n), epochs * -(-n // size))
        if held is not None:
            self.held_rows = self.recording.packed(held.x, held.y)
            self.recording.check_targets(held.y)
            tape.expect(len(self.held_rows), epochs)
        self.steps = TapeSteps(self.recording, moves(self.optimizer, self.weights))
        self.written = True  # whether the Values have the numbers

    def epoch(self, order: Sequence[int], size: int, epoch: int) -> float:
        rows, step, n, added = self._taken(order), self.steps.step, len(order), 0.0
        self.written = False
        with quiet():
            for first in range(0, n, size):
                batch = rows[first : first + size]

                def place(first: int = first) -> str:
                    return f"epoch {epoch}, step {first // size + 1} of {-(-n // size)}"

                added += step(batch, order[first : first + size], place) * len(batch)
        return added / n

    def _taken(self, order: Sequence[int]) -> Any:
        if isinstance(order, range):  # all of them, one after the other
            return self.rows
        return [self.rows[i] for i in order] if isinstance(self.rows, list) else self.rows[numpy().array(order)]

    def validation(self, epoch: int) -> float | None:
        with quiet():
            return None if self.held is None else self.steps.mean(self.held_rows, lambda: _held(epoch))

    def snapshot(self) -> Snapshot:
        return self.steps.moves.snapshot()

    def to_values(self) -> None:
        if not self.written:  # a callback that failed may have changed the Values after that
            self.steps.moves.to_values()
            self.written = True

    def from_values(self, epoch: int) -> bool:
        x, y, n = self.train.x, self.train.y, len(self.train.y)
        try:
            self.steps.moves.from_values()
            self.recording.require_agreement(x, y, [2 * epoch % n, (2 * epoch + 1) % n])
        except (TapeError, KeyError):
            return False
        return True


def chosen(compiled: Any, epochs: int, size: int, *parts: Any) -> tuple[Run, str]:
    """The way to go with these parts of a Run, and what to say about it. ValueError: `compiled` insists in vain."""
    if compiled is False:
        return Run(*parts), ""
    try:
        run = TapedRun(*parts, epochs=epochs, size=size)
    except TapeError as error:
        if compiled is True:
            raise ValueError(f"compiled=True, but there can be no tape: {error}") from error
        return Run(*parts), f"no tape, each row is computed by itself: {error}"
    return run, str(run.recording)


def _held(epoch: int) -> str:
    return f"epoch {epoch}, validation"
