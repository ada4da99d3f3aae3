"""What a training run was like: a row of numbers for each epoch, as lists, as a table and as learning curves (J4)."""

from __future__ import annotations

from typing import Any, NamedTuple

LINES = 10  # about as many rows are printed, however many epochs there were


class Epoch(NamedTuple):
    """The numbers of one epoch; `validation_loss` is None where there is no validation set."""

    loss: float
    validation_loss: float | None
    metrics: dict[str, float]


class History:
    """What `fit` gives back; all lists have one entry for each epoch that was completed.

    `loss` is the mean over the training samples, each as it was in its step of the epoch, before the weights moved;
    `validation_loss` and the lists in `metrics` were taken after the epoch. `stopped` says why training ended.

    >>> history = History([Epoch(0.5, 0.75, {}), Epoch(0.25, 0.5, {}), Epoch(0.125, 0.625, {})], "all 3 epochs done")
    >>> history
    History(3 epochs, loss 0.5 → 0.125, validation 0.75 → 0.625, best epoch 2; all 3 epochs done)
    >>> history.loss, history.best_epoch
    ([0.5, 0.25, 0.125], 2)
    """

    def __init__(self, rows: list[Epoch] | None = None, stopped: str = "") -> None:
        self.rows = rows or []
        self.stopped = stopped

    @property
    def loss(self) -> list[float]:
        """The training loss of each epoch."""
        return [row.loss for row in self.rows]

    @property
    def validation_loss(self) -> list[float]:
        """The validation loss after each epoch; empty without a validation set."""
        return [row.validation_loss for row in self.rows if row.validation_loss is not None]

    @property
    def metrics(self) -> dict[str, list[float]]:
        """What each metric gave after each epoch, by the metric's name."""
        return {name: [row.metrics[name] for row in self.rows] for name in (self.rows[0].metrics if self.rows else ())}

    @property
    def epochs(self) -> int:
        """How many epochs were completed."""
        return len(self.rows)

    @property
    def best_epoch(self) -> int | None:
        """The first epoch, counted from 1, of the lowest validation loss (training loss without a validation set)."""
        losses = self.validation_loss or self.loss
        return losses.index(min(losses)) + 1 if losses else None

    def plot(self) -> Any:
        """The losses as learning curves, a Matplotlib figure; on a log scale where they are positive and spread.

        For the metrics there is `learning_curves(history.metrics)`. ValueError: there is no epoch to draw.
        """
        from .plots import learning_curves

        if not self.validation_loss:
            return learning_curves({"training": self.loss})
        figure = learning_curves({"training": self.loss, "validation": self.validation_loss})
        axes = figure.axes[0]
        axes.axvline(self.best_epoch or 0, color="#888888", linestyle=":", label=f"best: epoch {self.best_epoch}")
        axes.legend()
        return figure

    def line(self, epoch: int) -> str:
        """The numbers of one epoch (counted from 1) in words.

        >>> History([Epoch(0.5, 0.75, {"accuracy": 0.9})]).line(1)
        'loss 0.5  validation 0.75  accuracy 0.9'
        """
        return "  ".join(f"{name} {x:.4g}" for name, x in _named(self.rows[epoch - 1]).items())

    def __repr__(self) -> str:
        parts = [f"{self.epochs} epoch{'s' * (self.epochs != 1)}"]
        if self.rows:
            first, last = _named(self.rows[0]), _named(self.rows[-1])
            parts += [f"{name} {first[name]:.4g} → {last[name]:.4g}" for name in last]
        if self.validation_loss:
            parts.append(f"best epoch {self.best_epoch}")
        return f"History({', '.join(parts)}{f'; {self.stopped}' * bool(self.stopped)})"

    def __str__(self) -> str:
        """A table of about ten epochs, the last one among them, and why training ended."""
        if not self.rows:
            return self.stopped or "no epoch was completed"
        names = ["epoch", *_named(self.rows[0])]
        widths = [max(10, len(name)) for name in names]
        table = [names]
        for epoch in (e for e in range(1, self.epochs + 1) if e == 1 or is_tenth(e, self.epochs)):
            table.append([str(epoch), *[f"{x:.4g}" for x in _named(self.rows[epoch - 1]).values()]])
        lines = ["  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)) for row in table]
        return "\n".join([*lines, self.stopped] if self.stopped else lines)


def is_tenth(epoch: int, epochs: int) -> bool:
    """Whether `epoch` ends a tenth of `epochs`: true of ten of them (of all, if there are fewer), the last included.

    >>> [epoch for epoch in range(1, 26) if is_tenth(epoch, 25)]
    [3, 5, 8, 10, 13, 15, 18, 20, 23, 25]
    """
    return epoch * LINES // epochs > (epoch - 1) * LINES // epochs


def _named(row: Epoch) -> dict[str, float]:
    validation = {} if row.validation_loss is None else {"validation": row.validation_loss}
    return {"loss": row.loss, **validation, **row.metrics}
