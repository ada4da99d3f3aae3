"""Optimal brain damage: without weight w_k the loss grows by about ½ H_kk w_k², its saliency (LeCun 1990, block J9)."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from autograd import Value, hvp, no_grad

from ..checks import checked
from ..layers import Neuron
from ..module import Module

RULES = ("saliency", "magnitude")
SHOWN = 10  # names that a report lists before it says how many more
WIDTH = 90  # characters of a line of them


class Round(NamedTuple):
    """One round of pruning: the paths of the weights that it set to 0, the loss before and after, and the increase
    that their saliencies predicted."""

    names: list[str]
    before: float
    after: float
    predicted: float


class Pruning:
    """Made by `prune`; prints as a table, a row for each of its `rounds`. It also keeps the pruned weights at 0:

    - `kept`, for a new optimizer, are the model's other parameters. It then never moves those that are pruned:
      `fit(model, data, loss, SGD(pruning.kept, 0.1), 100)`. This is exact whatever else fit does.
    - `apply()` sets them to 0 again, after each step of a training loop of your own.
    - as a callback of `fit` it does so after each epoch. Within an epoch of several mini-batches they move, and
      weights that `patience` restores were saved before the callback.
    """

    def __init__(self, model: Module, pruned: list[Value], rounds: list[Round]) -> None:
        self.model, self.pruned, self.rounds = model, pruned, rounds

    @property
    def names(self) -> list[str]:
        """The paths of the weights set to 0, as `model.parameter(path)` takes them, the first to go first."""
        return [name for found in self.rounds for name in found.names]

    @property
    def kept(self) -> list[Value]:
        """All parameters of the model but the pruned weights."""
        pruned = set(self.pruned)
        return [p for p in dict.fromkeys(self.model.parameters()) if p not in pruned]

    def apply(self) -> None:
        """Set the pruned weights to 0 again: these, and those that were 0 before."""
        for w in self.pruned:
            w.data = 0.0

    def __call__(self, epoch: int, model: Any, history: Any) -> None:
        self.apply()

    def __repr__(self) -> str:
        rows = [["round", "weights", "loss before", "after", "increase", "predicted"]]
        for i, found in enumerate(self.rounds, 1):
            numbers = (found.before, found.after, found.after - found.before, found.predicted)
            rows.append([str(i), str(len(found.names)), *(f"{x:.4g}" for x in numbers)])
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        more = len(self.names) - SHOWN
        names = "set to 0: " + ", ".join(self._short_names(self.names[:SHOWN])) + f", … {more} more" * (more > 0)
        return "\n".join([*lines, *textwrap.wrap(names, WIDTH, subsequent_indent="  ", break_long_words=False)])

    def _short_names(self, paths: list[str]) -> list[str]:
        """The weights' own names, such as w1_71, where `model.parameter` finds them by it; else their paths."""
        parameters = self.model.named_parameters()
        uses = Counter(p.name for p in parameters.values())
        names = [parameters[path].name for path in paths]
        return [name if name and uses[name] == 1 else path for path, name in zip(paths, names, strict=True)]


def saliency(loss: Value, parameters: Any) -> Any:
    """½ ∂²L/∂w² · w² for each parameter: how much the loss would grow without it, at a minimum and for each by itself.

    The diagonal of the Hessian is exact; what is left out are the slopes, 0 at a minimum, the entries off the diagonal,
    which count when several weights go together, and higher orders. Away from a minimum it may be negative.
    Costs one sweep for each parameter through what depends on it, about a gradient, and no more memory than one.

    Args: `parameters`, a Value or nested lists of them; the answer has their shape.
    ArithmeticError: an op has no second derivative at this point. ValueError, TypeError: as for `hvp`.

    >>> w = Value(3.0)
    >>> saliency(2.0 * (w - 3.0) ** 2, [w])  # L(0) − L(3)
    [18.0]
    """
    if isinstance(loss, Value) and loss.op is None:
        raise ValueError(f"the loss {loss.data!r} was computed from nothing; compute it outside of no_grad()")
    if isinstance(parameters, list | tuple):
        return [saliency(loss, part) for part in parameters]
    curvature: float = hvp(loss, parameters, 1.0)
    return 0.5 * curvature * parameters.data**2


def prune(
    model: Module,
    loss: Callable[[], Any],
    share: float | None = None,
    count: int | None = None,
    by: str = "saliency",
    steps: int = 1,
) -> Pruning:
    """Set the weights that matter least to 0, and report how much the loss grew and how much that was to be expected.

    Args:
        model: its units' weights are chosen among, not their biases, nor centres of Gaussian units. Weights that
            are 0 already neither count nor are chosen, but stay 0 too.
        loss: takes nothing, and computes the loss of the training set anew from the parameters each time.
        share, count: how many, as a share of the weights or a number of them; one of the two.
        by: "saliency" (½ H_kk w², LeCun 1990) or "magnitude" (|w|).
        steps: rounds to do it in, with new saliencies each time.

    ValueError: no weights, too many or none to prune, another rule, a loss that is not finite. After any error the
    weights are what they were.

    >>> from nn import Layer
    >>> line = Layer(2, 1, activation="linear")
    >>> line.set([[1.0, 2.0]], [0.0])
    >>> data = [([10.0, 0.1], 10.2), ([20.0, -0.1], 19.8)]
    >>> prune(line, lambda: sum(((line(x) - y) ** 2 for x, y in data), Value(0.0)), count=1)
    round  weights  loss before  after  increase  predicted
        1        1            0   0.08      0.08       0.08
    set to 0: w2
    """
    zeros, weights = prunable(model)
    count = _count(share, count, len(weights))
    if by not in RULES:
        raise ValueError(f"expected by as one of {', '.join(RULES)}, got {by!r}")
    steps = int(checked("steps", steps, f"a whole number from 1 to {count}", lambda n: n in range(1, count + 1)))
    start = {w: w.data for w in weights.values()}
    rounds: list[Round] = []
    try:
        here = recorded(loss)
        for step in range(steps):
            names, scores = ranked(here, weights, by)
            size = count * (step + 1) // steps - count * step // steps
            chosen = {name: weights.pop(name) for name in names[:size]}
            expected = scores[:size] if by == "saliency" else saliency(here, list(chosen.values()))
            for w in chosen.values():
                w.data = 0.0
            before, here = here, recorded(loss)
            rounds.append(Round(list(chosen), before.data, here.data, math.fsum(expected)))
    except BaseException:
        for w, number in start.items():
            w.data = number
        raise
    kept = set(weights.values())
    return Pruning(model, [*zeros, *[w for w in start if w not in kept]], rounds)


def prunable(model: Module) -> tuple[list[Value], dict[str, Value]]:
    """The weights of all units that are 0, and the others by their path, each once; without those of x0, a bias."""
    if not isinstance(model, Module):
        raise TypeError(f"expected a model with weights to prune, got {type(model).__name__} {model!r}")
    units = [unit for unit in model.modules() if isinstance(unit, Neuron)]
    wanted = {w for unit in units for w in unit.w[unit.bias == "x0" :]}
    paths: dict[Value, str] = {}
    for name, p in model.named_parameters().items():
        if p in wanted:
            paths.setdefault(p, name)
    found = {name: w for w, name in paths.items() if w.data != 0.0}
    if not found:
        raise ValueError(f"{model!r} has no weights to prune{', all of them being 0' if paths else ''}")
    return [w for w in paths if w.data == 0.0], found


def _count(share: float | None, count: int | None, among: int) -> int:
    if (share is None) == (count is None):
        raise ValueError("give how many weights to prune, either as share=0.5 or as count=10")
    if count is not None:
        fits = f"a whole number from 1 to {among}, as many as there are weights"
        return int(checked("count", count, fits, lambda n: n in range(1, among + 1)))
    share = checked("share", share, "above 0 and at most 1", lambda s: 0 < s <= 1)
    if not (found := round(share * among)):
        raise ValueError(f"a share of {share:g} of {among} weights is less than one of them; give count=1")
    return found


def ranked(loss: Value, weights: dict[str, Value], by: str) -> tuple[list[str], list[float]]:
    """The paths, the one that matters least first (at a tie as they stand in the model), and how much each matters."""
    values = list(weights.values())
    scores = saliency(loss, values) if by == "saliency" else [abs(w.data) for w in values]
    ranked = sorted(zip(weights, scores, strict=True), key=lambda pair: pair[1])
    return [name for name, _ in ranked], [score for _, score in ranked]


def recorded(loss: Callable[[], Any]) -> Value:
    """The loss with its graph."""
    if no_grad.active:
        raise ValueError("pruning needs the graph that no_grad() leaves out; call it outside of that block")
    return measured(loss)


def measured(loss: Callable[[], Any]) -> Value:
    found = loss()
    if not isinstance(found, Value):
        raise TypeError(f"expected a function that computes the loss as a Value, got {type(found).__name__} from it")
    if not math.isfinite(found.data):
        raise ValueError(f"the loss is {found.data}; prune a network whose loss is finite, or fewer of its weights")
    return found
