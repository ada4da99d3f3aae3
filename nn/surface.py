"""The loss surface: L(θ + α d1 + β d2) over two directions through the parameters θ, after Li et al. 2018."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd import Value, no_grad

from .plots import CLASSES, grid, new_figure, wide
from .targets import data, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Directions = tuple[Iterable[float], Iterable[float]]


class Surface(NamedTuple):
    """`values[j][i]` is the loss at `alphas[i]` along the first direction and `betas[j]` along the second."""

    alphas: list[float]
    betas: list[float]
    values: list[list[float]]


def surface(
    loss: Callable[[], Any],
    parameters: Iterable[Any],
    span: float = 1.0,
    cells: int = 24,
    seed: int = 0,
    directions: Directions | None = None,
) -> Surface:
    """The numbers of `loss_surface`. The parameters are put back, whatever happens meanwhile.

    >>> w, b = Value(1.0), Value(0.0)
    >>> surface(lambda: w * w + b, [w, b], cells=2, directions=([1, 0], [0, 1])).values
    [[-1.0, 0.0, 3.0], [0.0, 1.0, 4.0], [1.0, 2.0, 5.0]]
    """
    groups = _groups(parameters)
    values = [p for group in groups for p in group]
    span = number(span, "the span")
    if not 0 < span < math.inf:
        raise ValueError(f"expected a span > 0 and finite, got {span!r}")
    first, second = _random(groups, seed) if directions is None else _given(directions, len(values))
    steps = grid(-span, span, cells)
    start = [p.data for p in values]

    def height(alpha: float, beta: float) -> float:
        for p, here, d, e in zip(values, start, first, second, strict=True):
            p.data = here + alpha * d + beta * e
        found = loss()
        return number(data(found), "the loss")

    try:
        with no_grad():
            heights = [[height(alpha, beta) for alpha in steps] for beta in steps]
    finally:
        for p, here in zip(values, start, strict=True):
            p.data = here
    return Surface(steps, list(steps), heights)


def loss_surface(
    loss: Callable[[], Any],
    parameters: Iterable[Any],
    span: float = 1.0,
    cells: int = 24,
    seed: int = 0,
    directions: Directions | None = None,
    label: str = "parameters now",
) -> Figure:
    """Contours of the loss along two directions from where the parameters are, which a star marks (block J11).

    Li et al. give each filter of a random direction the length of the filter it moves. Here each list in `parameters`
    is such a filter; a flat list is one. So α = 1 moves as far as the weights are from zero.

    Args:
        loss: takes nothing, and computes the loss anew from the parameters each time.
        parameters: Values; or lists of them, such as one for each unit.
        span: α and β go from −span to span.
        cells: how many steps that is each way; an even number has the parameters themselves among the points.
        seed: of the random directions.
        directions: two of one's own, each with a number for every parameter, used as they are.
        label: what the legend calls the star.

    ValueError: no parameters, directions of another length. Logarithmic where positive and over more than a decade.
    """
    alphas, betas, values = surface(loss, parameters, span, cells, seed, directions)
    heights = [h for row in values for h in row if math.isfinite(h)]
    if not heights:
        raise ValueError(
            "the loss is not finite anywhere on the surface; start from other parameters or a smaller span"
        )
    figure = new_figure(5.6, 4.4)
    axes = figure.subplots()
    low, high = min(heights), max(heights)
    if low == high:
        axes.set_facecolor("#eeeeee")
        axes.text(0.5, 0.25, f"the loss is {low:g} everywhere", ha="center", transform=axes.transAxes)
        axes.set(xlim=(-span, span), ylim=(-span, span))
    else:
        logarithmic = wide(heights)
        steps = grid(math.log(low), math.log(high), 12) if logarithmic else grid(low, high, 12)
        levels = [math.exp(step) for step in steps] if logarithmic else steps
        levels[0], levels[-1] = low, high  # to the last digit
        finite = [[h if math.isfinite(h) else math.nan for h in row] for row in values]
        filled = axes.contourf(alphas, betas, finite, levels, cmap="cividis", norm="log" if logarithmic else "linear")
        axes.contour(alphas, betas, finite, levels[1:-1], colors="#222222", linewidths=0.5, alpha=0.6)
        figure.colorbar(filled, label="loss", format="%.3g")
    _, color, _ = CLASSES[1]
    axes.plot(0, 0, "*", color=color, markersize=14, markeredgecolor="white", label=label, linestyle="none")
    axes.set(title="loss surface", xlabel="α, along the first direction", ylabel="β, along the second")
    axes.locator_params(nbins=5)
    axes.legend(loc="upper right")
    return figure


def _groups(parameters: Iterable[Any]) -> list[list[Value]]:
    """The parameters as lists that are scaled each by itself: those given, or one of all."""
    given = list(parameters)
    nested = all(isinstance(group, list | tuple) for group in given)
    groups = [list(group) for group in given if group] if nested else [given]
    for p in [p for group in groups for p in group]:
        if not isinstance(p, Value):
            raise TypeError(f"expected the parameters as Values or as lists of them, got {type(p).__name__} {p!r}")
    if not groups:
        raise ValueError("there are no parameters to move; give model.parameters()")
    return groups


def _random(groups: Sequence[Sequence[Value]], seed: int) -> tuple[list[float], list[float]]:
    """Two Gaussian directions, in which each group has the length of the group's parameters, or 1 where that is 0."""
    rng = random.Random(seed)

    def one() -> list[float]:
        direction: list[float] = []
        for group in groups:
            drawn = [rng.gauss(0.0, 1.0) for _ in group]
            scale = (math.hypot(*[p.data for p in group]) or 1.0) / math.hypot(*drawn)
            direction += [scale * d for d in drawn]
        return direction

    return one(), one()


def _given(directions: Directions, count: int) -> list[list[float]]:
    found = [[number(d, "a direction's entry") for d in direction] for direction in directions]
    if [len(direction) for direction in found] != [count, count]:
        lengths = " and ".join(str(len(direction)) for direction in found) or "none"
        raise ValueError(f"expected two directions of {count} numbers, one for each parameter, got {lengths}")
    return found
