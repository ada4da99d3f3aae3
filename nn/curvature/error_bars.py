"""Error bars of predictions, Laplace's way: weights are as sure as the loss is curved (MacKay 1992, PRML 5.7, J9).

Around the trained weights the posterior is a Gaussian of precision A = α I + β H, with H the Hessian of
½ Σ (y − t)², noise variance 1/β and prior precision α. So the variance at x is 1/β + gᵀ A⁻¹ g, with g = ∂y/∂w there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from operator import mul
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd import Value, gradient, hessian, no_grad

from ..checks import checked, non_negative
from ..losses import half_squared_error
from ..module import Module
from ..plots import CLASSES, new_figure
from ..rows import paired, require_finite
from ..targets import outputs, total

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Matrix = list[list[float]]


class ErrorBars(NamedTuple):
    """At each row of `xs`: the prediction, its standard deviation in `total` and from the `weights` alone; and the
    noise σ that makes the difference, total² = weights² + σ²."""

    xs: list[list[float]]
    mean: list[float]
    total: list[float]
    weights: list[float]
    noise: float


def error_bars(
    model: Module,
    x: Iterable[Any],
    y: Iterable[Any],
    xs: Iterable[Any],
    noise: float | None = None,
    prior: float = 1.0,
    gauss_newton: bool = False,
) -> ErrorBars:
    """Predictions at `xs` with standard deviations √(σ² + gᵀ A⁻¹ g): wide where no data hold the weights fast.

    Exact for a model that is linear in its weights, where it is Bayesian linear regression (PRML 3.58, 3.59).

    Args:
        model: of one output, trained on the data: near a minimum of β ½ Σ (y − t)² + ½ α ‖w‖².
        x, y: the rows and targets it was trained on.
        xs: rows to predict.
        noise: σ of the targets' Gaussian noise; None takes what is likeliest, σ² = Σ (y − t)² / N (block D-f).
        prior: α ≥ 0, the precision of the weights' Gaussian prior around 0.
        gauss_newton: take Σ g gᵀ over the data for H, which is never negative, instead of the exact Hessian.

    Costs a sweep for each parameter, and n³/6 steps for n of them.
    ValueError: A is not positive definite, as away from a minimum; arguments that do not fit.

    >>> from nn import Layer
    >>> line = Layer(1, 1, activation="linear", bias=False)
    >>> line.set([[2.0]])
    >>> bars = error_bars(line, [1, 2], [2.5, 3.5], xs=[0, 10], noise=0.5, prior=0.0)  # A = (1² + 2²) / 0.5²
    >>> bars.mean, [round(s, 4) for s in bars.weights]  # 10 / √A
    ([0.0, 20.0], [0.0, 2.2361])
    """
    rows, targets = paired(x, y)
    places = require_finite(xs, "xs")
    prior = non_negative("prior", prior)
    weights = list(dict.fromkeys(model.parameters()))
    if not weights:
        raise ValueError(f"{model!r} has no parameters, so none that could be uncertain")
    if no_grad.active:
        raise ValueError("error bars need the graph that no_grad() leaves out; ask for them outside of that block")
    predictions = [_single(model, row) for row in rows]
    error = total([half_squared_error(p, t) for p, t in zip(predictions, targets, strict=True)])
    if not math.isfinite(error.data):
        raise ValueError(f"the squared error is {error.data}; train the model before asking for error bars")
    if noise is None:
        noise = math.sqrt(2 * error.data / len(rows))
        if noise == 0.0:
            raise ValueError("the model fits every target exactly, so the data tell no noise; give noise, such as 0.1")
    noise = checked("noise", noise, "a number from 1e-100 to 1e100", lambda s: 1e-100 <= s <= 1e100)
    beta = 1 / noise**2
    curvature = _outer([gradient(p, weights) for p in predictions]) if gauss_newton else hessian(error, weights)
    precision = [[beta * h for h in row] for row in curvature]
    for k in range(len(weights)):
        precision[k][k] += prior
    root = _cholesky(precision)
    if root is None:
        slope = math.hypot(*[beta * g + prior * w.data for g, w in zip(gradient(error, weights), weights, strict=True)])
        raise ValueError(
            f"αI + βH of these {len(weights)} weights is not positive definite at prior α = {prior:g}: they are at no "
            f"minimum (the slope of ½βΣ(y − t)² + ½α‖w‖² is {slope:.3g}), or some have no effect on the data; "
            f"train on, or give {'' if gauss_newton else 'gauss_newton=True or '}a larger prior"
        )
    bars = ErrorBars(places, [], [], [], noise)
    for row in places:
        p = _single(model, row)
        deviation = math.hypot(*_solved(root, gradient(p, weights)))
        bars.mean.append(p.data)
        bars.weights.append(deviation)
        bars.total.append(math.hypot(noise, deviation))
    return bars


def plot_error_bars(bars: ErrorBars, x: Iterable[Any] | None = None, y: Iterable[Any] | None = None) -> Figure:
    """The prediction over one input with two bands of ±2 deviations, all of it and, darker, that of the weights alone.

    Args: `bars`, what `error_bars` gave; `x` and `y`, the data to show as points.
    ValueError: inputs of more than one number, or none.
    """
    order = sorted(range(len(bars.xs)), key=lambda i: bars.xs[i])
    across = [_coordinate(bars.xs[i]) for i in order]
    mean = [bars.mean[i] for i in order]
    figure = new_figure()
    axes = figure.subplots()
    (_, blue, light), (marker, vermillion, _) = CLASSES[:2]
    for deviations, tint, label in (
        (bars.total, light, "±2σ, noise and weights"),
        (bars.weights, "#8fc1e6", "±2σ, weights alone"),
    ):
        low = [m - 2 * deviations[i] for m, i in zip(mean, order, strict=True)]
        high = [m + 2 * deviations[i] for m, i in zip(mean, order, strict=True)]
        axes.fill_between(across, low, high, color=tint, linewidth=0, label=label)
    axes.plot(across, mean, color=blue, linewidth=2, label="prediction")
    if x is not None and y is not None:
        rows, targets = paired(x, y)
        heights = [t[0] if isinstance(t, list) else t for t in targets]
        points = [_coordinate(row) for row in rows]
        axes.scatter(points, heights, s=28, marker=marker, color=vermillion, edgecolors="white", zorder=3, label="data")
    axes.set(title="prediction with error bars", xlabel="x", ylabel="y")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside upper center", ncols=4, fontsize="small")  # bands and points leave no room inside
    return figure


def _single(model: Any, row: list[float]) -> Value:
    ys = outputs(model(row), "output of the model")
    if len(ys) != 1:
        raise ValueError(f"error bars are for a model of one output, this one has {len(ys)}")
    if not isinstance(ys[0], Value):
        raise TypeError(f"expected a Value from the model, got {ys[0]!r}, which does not depend on the weights")
    return ys[0]


def _coordinate(row: Sequence[float]) -> float:
    if len(row) != 1:
        raise ValueError(
            f"the picture is over one input, but a row has {len(row)} numbers; take the numbers themselves"
        )
    return row[0]


def _outer(slopes: list[list[float]]) -> Matrix:
    """Σ g gᵀ."""
    columns = list(zip(*slopes, strict=True))
    return [[sum(map(mul, a, b)) for b in columns] for a in columns]


def _cholesky(matrix: Matrix) -> Matrix | None:
    """The lower triangle L with L Lᵀ = matrix, as rows; None if the matrix is not positive definite, to rounding."""
    root: Matrix = []
    for i, row in enumerate(matrix):
        found: list[float] = []
        for j in range(i):
            found.append((row[j] - sum(map(mul, found, root[j]))) / root[j][j])
        pivot = row[i] - sum(map(mul, found, found))
        if not pivot > len(matrix) * 2.2e-16 * abs(row[i]):
            return None
        root.append([*found, math.sqrt(pivot)])
    return root


def _solved(root: Matrix, g: Sequence[float]) -> list[float]:
    """L⁻¹ g, whose squared length is gᵀ A⁻¹ g."""
    found: list[float] = []
    for row, a in zip(root, g, strict=True):
        found.append((a - sum(map(mul, row, found))) / row[-1])
    return found
