"""Tracks of descents: the loss by step, and the way through the plane of two parameters over contours."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd import Value

from ..clipping import leaves
from ..plots import CLASSES, DASHES, INK, new_figure, wide
from ..steps import Snapshot
from ..surface import surface
from ..targets import data
from .parameters import flattened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKED = 30  # points of a way that are marked one by one; a longer one is a line


class Track(NamedTuple):
    """Where a descent went: the loss and the point (a number for each parameter) at its start and after each step."""

    losses: list[float]
    points: list[list[float]]
    stopped: str = ""

    def __repr__(self) -> str:
        fall = f"loss {self.losses[0]:.4g} → {self.losses[-1]:.4g}" if self.losses else "empty"
        return f"Track({fall}; {self.stopped})"


def plot_tracks(
    tracks: Mapping[str, Track],
    loss_function: Callable[[], Any] | None = None,
    parameters: Any = None,
    cells: int = 60,
) -> Figure:
    """The loss by step and, of two parameters, the ways through their plane beside it.

    Args:
        tracks: by name, as {"Newton": newton(…), "gradient descent": gradient_descent(…)}.
        loss_function, parameters: for contours of the loss under the ways; the parameters are put back.
        cells: how many steps the plane is divided into each way.

    Losses are logarithmic where none is negative (a loss of 0 is below the axis), steps where one track is far longer.
    ValueError: there are no tracks, or contours are wanted of other than two parameters.
    """
    if not isinstance(tracks, Mapping) or not all(isinstance(track, Track) for track in tracks.values()):
        raise TypeError("expected a dict of name to Track, such as {'Newton': newton(…)}")
    if not tracks:
        raise ValueError("there are no tracks to draw; give such as {'Newton': newton(…)}")
    values = None if loss_function is None else leaves(flattened(parameters))
    widths = {len(track.points[0]) for track in tracks.values()} | ({len(values)} if values else set())
    if values and widths != {2}:
        counts = " and ".join(map(str, sorted(widths)))
        raise ValueError(f"contours are drawn over two parameters, here are {counts}; leave the loss function out")
    plane = widths == {2}
    figure = new_figure(9.0 if plane else 5.6, 4.0)
    by_step, *across = figure.subplots(1, 1 + plane, squeeze=False)[0]
    for i, (name, track) in enumerate(tracks.items()):
        style: dict[str, Any] = {"color": CLASSES[i % len(CLASSES)][1], "linestyle": DASHES[i % len(DASHES)]}
        style |= {"marker": CLASSES[i % len(CLASSES)][0] if len(track.points) <= MARKED else "", "markersize": 4}
        by_step.plot(range(len(track.losses)), track.losses, label=str(name), **style)
        for axes in across:
            axes.plot(*zip(*track.points, strict=True), label=str(name), **style)
    _scale(by_step, [track.losses for track in tracks.values()])
    by_step.set(title="loss by step", xlabel="step", ylabel="loss")
    by_step.grid(alpha=0.3)
    by_step.legend()
    for axes in across:
        _plane(axes, tracks, loss_function, values, cells)
    return figure


def draw_contours(
    axes: Axes, xs: list[float], ys: list[float], heights: list[list[float]], base: float = -math.inf, power: int = 3
) -> None:
    """Thin contour lines: one at the base, which is the lowest height unless told, and others denser towards it."""
    finite = [h for row in heights for h in row if math.isfinite(h)]
    if not finite or min(finite) == max(finite):
        return
    low, high = min(finite), max(finite)
    base = max(low, base)
    shares = [(k / 12) ** power for k in range(13)]
    levels = sorted({base + share * (end - base) for share in shares for end in (low, high)})
    shown = [[h if math.isfinite(h) else math.nan for h in row] for row in heights]
    inside = [level for level in levels if low < level < high]
    axes.contour(xs, ys, shown, inside, colors="#999999", linewidths=0.6, linestyles="solid", zorder=0)


def or_nan(loss_function: Callable[[], Any]) -> Callable[[], float]:
    """The loss as a number, nan where it has none, for pictures that reach where it is not defined."""

    def height() -> float:
        try:
            return data(loss_function())
        except (ArithmeticError, ValueError):
            return math.nan

    return height


def _plane(
    axes: Axes,
    tracks: Mapping[str, Track],
    loss_function: Callable[[], Any] | None,
    values: list[Value] | None,
    cells: int,
) -> None:
    """Contours under the ways, and a mark at the start and end of each."""
    columns = zip(*[point for track in tracks.values() for point in track.points], strict=True)
    (x, across), (y, up) = [((min(c) + max(c)) / 2, 0.6 * (max(c) - min(c)) or 1.0) for c in columns]
    if loss_function and values:
        start = Snapshot(values)
        try:
            for p, middle in zip(values, (x, y), strict=True):
                p.data = middle
            found = surface(or_nan(loss_function), values, 1.0, cells, directions=([across, 0], [0, up]))
        finally:
            start.restore()
        draw_contours(axes, [x + across * a for a in found.alphas], [y + up * b for b in found.betas], found.values)
    for role, i, marker in (("start", 0, "o"), ("end", -1, "*")):
        ends = list(dict.fromkeys(tuple(track.points[i]) for track in tracks.values()))
        axes.plot(*zip(*ends, strict=True), marker, color=INK, markersize=5 + 5 * (i < 0), linestyle="none", label=role)
    names = [p.name or f"parameter {i}" for i, p in enumerate(values or [], 1)] or ["parameter 1", "parameter 2"]
    axes.set(title="way through the plane", xlabel=names[0], ylabel=names[1])
    axes.set(xlim=(x - across, x + across), ylim=(y - up, y + up))
    axes.locator_params(nbins=6)
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[-2:], labels[-2:])  # the ways have their names in the panel beside


def _scale(axes: Axes, curves: list[list[float]]) -> None:
    """Logarithmic losses where none is negative; logarithmic steps, from 1 on, where one track is far longer."""
    positive_losses = [loss for losses in curves for loss in losses if loss > 0]
    if wide(positive_losses) and min(min(losses) for losses in curves) >= 0:
        axes.set_yscale("log")
    lengths = [len(losses) - 1 for losses in curves]
    if max(lengths) > 10 * max(1, min(lengths)):
        axes.set_xscale("symlog", linthresh=1)
        axes.set_xlim(left=-0.1)
