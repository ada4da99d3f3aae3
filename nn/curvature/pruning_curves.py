"""The loss by the number of weights set to 0: saliency beside magnitude."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd import no_grad

from ..checks import whole
from ..module import Module
from ..plots import CLASSES, new_figure, wide
from ..targets import data
from .pruning import RULES, measured, prunable, ranked, recorded

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Curves(NamedTuple):
    """The loss after `counts[i]` weights went, in the order of saliency and of magnitude, and as saliencies predict."""

    counts: list[int]
    saliency: list[float]
    magnitude: list[float]
    predicted: list[float]


def pruning_curves(model: Module, loss: Callable[[], Any], points: int = 40) -> Curves:
    """The numbers of `plot_pruning`. The weights are put back, whatever happens meanwhile."""
    _, weights = prunable(model)
    points, n = min(whole("points", points, 1), len(weights)), len(weights)
    counts = [round(i * n / points) for i in range(points + 1)]
    here, start = recorded(loss), {w: w.data for w in weights.values()}
    (by_saliency, each), (by_magnitude, _) = (ranked(here, weights, by) for by in RULES)
    predicted = [here.data + math.fsum(each[:count]) for count in counts]

    def after(names: list[str]) -> float:
        for w, number in start.items():
            w.data = number
        for name in names:
            weights[name].data = 0.0
        with no_grad():
            return data(measured(loss))

    try:
        found = [[after(order[:count]) for count in counts] for order in (by_saliency, by_magnitude)]
    finally:
        for w, number in start.items():
            w.data = number
    return Curves(counts, found[0], found[1], predicted)


def plot_pruning(model: Module, loss: Callable[[], Any], points: int = 40) -> Figure:
    """The loss by the number of weights set to 0, without any retraining: chosen by saliency, beside by magnitude.

    Dashed is what the saliencies predict. The weights are put back. Args and errors: as for `prune`; `points`, at how
    many numbers of weights to measure. Logarithmic where positive and over more than a decade.
    """
    curves = pruning_curves(model, loss, points)
    figure = new_figure()
    axes = figure.subplots()
    (_, blue, _), (_, vermillion, _) = CLASSES[:2]
    axes.plot(curves.counts, curves.saliency, "o-", color=blue, markersize=4, label="least saliency first")
    axes.plot(curves.counts, curves.magnitude, "^-", color=vermillion, markersize=4, label="least magnitude first")
    axes.plot(curves.counts, curves.predicted, "--", color=blue, label="predicted by the saliencies")
    if wide([*curves.saliency, *curves.magnitude, *curves.predicted]):
        axes.set_yscale("log")
    axes.locator_params(axis="x", integer=True)
    axes.set(title="pruning without retraining", xlabel="weights set to 0", ylabel="loss")
    axes.grid(alpha=0.3)
    axes.legend()
    return figure
