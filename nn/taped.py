"""Steps by tape: value and gradient of a batch at once, and where a number is not finite, what Values say."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from .moves import Moves
from .packing import numpy
from .recording import Recording
from .rows import Data
from .steps import TrainingError, batch_loss

Place = Callable[[], str]


class TapeSteps:
    """Losses, gradients and steps over rows that the recording packed. The weights are in `moves`.

    A tape computes with ∞ and NaN where Values raise. Where a loss comes out so, the sample is computed once more with
    Values at the same weights, which names the first op that went wrong. TrainingError: so named, at its `place`;
    `samples` are the rows' numbers in the data.
    """

    def __init__(self, recording: Recording, moves: Moves) -> None:
        self.recording, self.tape, self.moves = recording, recording.tape, moves

    def losses(self, rows: Any) -> Any:
        """The loss of each row, finite or not."""
        self.moves.load(self.tape)
        return self.tape.forward(rows)

    def mean(self, rows: Any, place: Place) -> float:
        """The mean loss."""
        found = self.losses(rows)
        mean = float(sum(found) if isinstance(found, list) else found.sum()) / len(rows)
        if not math.isfinite(mean) and not all(map(math.isfinite, found)):
            self._explain(rows, range(len(rows)), place())
        return mean

    def value_and_gradient(self, rows: Any, samples: Sequence[int], place: Place) -> tuple[float, Any]:
        """The mean loss and its gradient."""
        self.moves.load(self.tape)
        value, gradient = self.tape.value_and_gradient(rows, reduce="mean")
        if not math.isfinite(value):
            self._explain(rows, samples, place())
        return value, gradient

    def step(self, rows: Any, samples: Sequence[int], place: Place) -> float:
        """The mean loss before the step."""
        value, gradient = self.value_and_gradient(rows, samples, place)
        try:
            self.moves.step(gradient, place)
        except TrainingError as error:
            if began := self._gradient_began(rows, samples):
                raise TrainingError(f"{error}; it began {began}") from error
            raise
        return value

    def _gradient_began(self, rows: Any, samples: Sequence[int]) -> str:
        """Where a gradient went wrong; empty if none did."""
        for k, sample in enumerate(samples):
            if instruction := self._instruction(rows[k : k + 1]):
                return f"in sample {sample}, where {instruction}"
        return ""

    def _instruction(self, row: Any) -> str:
        """The first instruction that is not finite, as the tape tells it; empty if all are."""
        try:
            self.tape.value_and_gradient(row, check_finite=True)
        except FloatingPointError as error:
            return str(error).removeprefix("in row 0, ")
        return ""

    def _explain(self, rows: Any, samples: Sequence[int], place: str) -> NoReturn:
        """TrainingError: the loss of these rows is not finite."""
        self.moves.to_values()
        model, loss = self.recording.model, self.recording.loss
        data = Data(*map(list, zip(*map(self.recording.columns.sample, rows), strict=True)))
        wrong = [k for k, found in enumerate(self.tape.forward(rows)) if not math.isfinite(found)]
        batch_loss(model, loss, data, wrong[:1] or range(len(rows)), place, samples)
        began = "".join([f", sample {samples[k]}: {self._instruction(rows[k : k + 1])}" for k in wrong[:1]])
        raise TrainingError(f"{place}{began or ': the sum of the losses is beyond 1.8e308'}")


def quiet() -> Any:
    """Without NumPy's warnings: what is not finite is looked for, and said in a sentence."""
    from contextlib import nullcontext

    np = numpy()
    return nullcontext() if np is None else np.errstate(all="ignore")
