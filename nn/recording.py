"""One sample's loss recorded as a tape for all samples, and held against the loss itself before it is trusted."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from typing import Any

from autograd import Tape, Value, no_grad

from .packing import Columns, TapeError
from .steps import Snapshot

LABELS = 20  # so many different targets are tried at least, where there are as many
DRAWN = 5  # and so many samples at random
MOVED = 4  # and so many with other weights
RELATIVE, ABSOLUTE = 1e-9, 1e-13  # what the order of a sum may do to a loss; what is wrong differs by far more
EXECUTORS = {"compiled": "the compiled kernel", "numpy": "NumPy", "python": "plain Python"}


class Recording:
    """`loss(model(x), target)` of one sample as a tape over `weights`, with `columns` for what differs among samples.

    A tape sees neither an `if` on numbers nor randomness, nor what is computed behind its back. So the losses of some
    samples are compared: the first, the last, some at random, one of each label, and some with the weights moved.
    TapeError: it cannot be recorded, or they do not agree; says why.
    """

    def __init__(
        self, model: Any, loss: Any, weights: list[Value], x: Sequence[Any], y: Sequence[Any], executor: str | None
    ) -> None:
        self.model, self.loss, self.weights = model, loss, weights
        self.columns = Columns(x[0], y[0])
        try:
            found = loss(model(list(self.columns.inputs)), self.columns.target)
            if not isinstance(found, Value):
                raise TapeError(f"the loss gave {type(found).__name__} instead of a Value")
            self.tape = Tape(found, self.columns.leaves, weights, executor=executor)
            with no_grad():
                self.prediction = model(x[0])
        except (TapeError, MemoryError):
            raise
        except Exception as error:  # the model and the loss may do anything with a placeholder
            raise TapeError(_told(error)) from error
        self.looks_at_targets = any(t.looked_at for t in self.columns.targets)
        self._fine: set[Any] = set()  # targets that the loss has taken
        self.check_targets(y)
        picks = picked(y)
        self.require_agreement(x, y, picks)
        self._require_agreement_elsewhere(x, y, picks[:MOVED])

    def packed(self, x: Any, y: Any) -> Any:
        """The samples as rows for the tape; TapeError: they do not fit."""
        return self.columns.packed(x, y)

    def check_targets(self, y: Iterable[Any]) -> None:
        """TapeError: the loss does not take one of the targets. A loss that looks at none of them takes them all."""
        if not self.looks_at_targets:
            return
        for key in dict.fromkeys(map(_key, y)):
            if key not in self._fine:
                try:
                    with no_grad():
                        self.loss(self.prediction, list(key) if isinstance(key, tuple) else key)
                except Exception as error:  # the loss may raise whatever it likes
                    raise TapeError(_told(error)) from error
                self._fine.add(key)

    def require_agreement(self, x: Sequence[Any], y: Sequence[Any], picks: Sequence[int]) -> None:
        """TapeError: the tape gives another loss for one of these samples than the loss itself."""
        rows = self.packed([x[i] for i in picks], [y[i] for i in picks])
        self.tape.from_values()
        for i, replayed in zip(picks, self.tape.forward(rows), strict=True):
            try:
                with no_grad():
                    found = float(self.loss(self.model(x[i]), y[i]))
            except Exception as error:
                raise TapeError(f"sample {i}: {_told(error)}") from error
            both_nan = found != found and replayed != replayed
            if not (both_nan or math.isclose(found, replayed, rel_tol=RELATIVE, abs_tol=ABSOLUTE)):
                raise TapeError(
                    f"the loss of sample {i} is {found!r}, and a recording of it gives {float(replayed)!r}; it may "
                    "depend on an if, on randomness, or on numbers taken out of Values"
                )

    def _require_agreement_elsewhere(self, x: Sequence[Any], y: Sequence[Any], picks: Sequence[int]) -> None:
        """The same with other weights, for what is computed from their numbers behind the tape's back."""
        before, source = Snapshot(self.weights), random.Random(0)
        try:
            for p in self.weights:
                p.data += 0.01 * source.random() * (0.1 + abs(p.data))
            self.require_agreement(x, y, picks)
        except TapeError as found:
            if not isinstance(found.__cause__, ArithmeticError | ValueError):  # there may be no loss elsewhere
                raise
        finally:
            before.restore()
            self.tape.from_values()

    def __str__(self) -> str:
        """What is recorded and who runs it, in one sentence."""
        count = sum(op is not None for op in self.tape.program.ops)
        return f"the loss of a row is a tape of {count} instructions, run by {EXECUTORS[self.tape.executor]}"


def picked(y: Sequence[Any]) -> list[int]:
    """The samples to compare, each once: the first, the last, some at random and one of each label."""
    first: dict[Any, int] = {}
    for i, target in enumerate(y):
        first.setdefault(_key(target), i)
        if len(first) == LABELS:
            break
    drawn = random.Random(0).sample(range(len(y)), min(DRAWN, len(y)))
    return list(dict.fromkeys([0, len(y) - 1, *drawn, *first.values()]))


def _key(target: Any) -> Any:
    return tuple(target) if isinstance(target, list) else target


def _told(error: Exception) -> str:
    plain = isinstance(error, TypeError | ValueError | ArithmeticError)
    return str(error) if plain else f"{type(error).__name__}: {error}"
