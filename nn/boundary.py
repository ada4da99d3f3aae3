"""Where a network changes its mind: its decisions over the plane of two inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from autograd import no_grad

from .plots import CLASSES, INK, grid, new_figure
from .targets import class_index, data, number, outputs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Row = Sequence[float]
DIAMETER, EDGE = 6.0, 1.0  # of a circle, and of the white edge that sets markers apart, half of it inside; in points
SCALE = 100.0  # curves are followed in steps of about 1


def decision_boundary(
    model: Callable[[list[float]], Any],
    x: Sequence[Iterable[float]],
    y: Sequence[float],
    cells: int = 60,
    margin: bool = False,
    threshold: float = 0.0,
    legend: bool = True,
) -> Figure:
    """The points and, behind them, the regions in which the model decides for each class.

    Where an output jumps, as that of a perceptron does from 0 to 1, the line follows the edges of the cells and is
    jagged; draw what the unit compares with 0 instead, `lambda x: dot(unit.w, x, unit.b)`, with threshold 0.

    Args:
        model: gives one output, the higher of two classes being where it is above the threshold; or one for each
            class 0 … K − 1, the greatest of which decides (logits and probabilities alike).
        x, y: points of two coordinates, and their classes.
        cells: how many steps the plane is divided into each way.
        margin: show with dashes where one output is threshold ± 1.
        threshold: 0 for scores and logits, 0.5 for probabilities and what is 0 or 1.
        legend: say which marker is which class.

    ValueError: inputs that are not two-dimensional, no data, lengths that differ, an output that is not finite.
    """
    figure = new_figure(5.6, 4.4)
    draw_boundary(figure.subplots(), model, x, y, cells, margin, threshold, legend)
    return figure


def draw_boundary(
    plane: Axes,
    model: Callable[[list[float]], Any],
    x: Sequence[Iterable[float]],
    y: Sequence[float],
    cells: int = 60,
    margin: bool = False,
    threshold: float = 0.0,
    legend: bool = True,
) -> None:
    """`decision_boundary`, drawn into axes that are there already, such as one panel of several.

    Args: `plane` are Matplotlib's axes; the others are those of `decision_boundary`, and so are the errors.

    >>> from nn.plots import new_figure
    >>> figure = new_figure(8, 3)
    >>> for plane, shift in zip(figure.subplots(1, 2), [0.0, 0.5]):
    ...     draw_boundary(plane, lambda x: x[0] - shift, [[0, 0], [1, 1]], [0, 1], cells=4, legend=False)
    >>> [plane.get_title() for plane in figure.axes]
    ['decision boundary', 'decision boundary']
    """
    points = _points(x)
    labels = [number(label, f"the class of point {i}") for i, label in enumerate(y)]
    if len(labels) != len(points):
        raise ValueError(f"expected one class for each point, got {len(points)} points and {len(labels)} classes")
    across, up = (grid(*_span(column), cells) for column in zip(*points, strict=True))
    with no_grad():
        scores = [[_scores(model, [a, b]) for a in across] for b in up]
    if len(scores[0][0]) > 1:
        if margin:
            raise ValueError(f"a margin is of one output, this model has {len(scores[0][0])}; leave the margin out")
        style = {label: class_index(label, len(scores[0][0])) for label in labels}
        _regions(plane, across, up, scores)
    else:
        style = _two_classes(labels)
        _two_sides(plane, across, up, [[score for (score,) in row] for row in scores], threshold, margin)
    sign = "+" if min(labels) < 0 else ""
    for label in sorted(style):
        marker, color, _ = CLASSES[style[label] % len(CLASSES)]
        chosen = [point for point, other in zip(points, labels, strict=True) if other == label]
        name = f"class {label:{sign}g}"
        x1, x2 = zip(*chosen, strict=True)
        size = _size(marker)
        plane.scatter(x1, x2, size, marker=marker, color=color, edgecolors="white", linewidths=EDGE, label=name)
    plane.set(title=f"decision boundary{' (dashed: margin)' if margin else ''}", xlabel="x1", ylabel="x2")
    if legend:
        plane.legend(loc="best")


def _size(marker: str) -> float:
    """The size, in Matplotlib's sense, with which a marker shows as much colour within its white edge as the circle.

    What an edge of width e leaves of a shape of area A and length L, made k times as large, is A (k − e L / 4A)².
    """
    from matplotlib.markers import MarkerStyle

    style: Any = MarkerStyle(marker)
    (corners,) = style.get_path().transformed(style.get_transform().scale(SCALE)).to_polygons()  # closed
    sides = list(pairwise(corners))
    area = abs(sum(a * d - b * c for (a, b), (c, d) in sides)) / 2 / SCALE**2
    length = sum(math.dist(start, end) for start, end in sides) / SCALE
    colour = math.pi * ((DIAMETER - EDGE) / 2) ** 2
    return float((EDGE * length / (4 * area) + math.sqrt(colour / area)) ** 2)


def _points(x: Iterable[Iterable[float]]) -> list[list[float]]:
    points = [
        [number(a, f"coordinate {j + 1} of point {i}") for j, a in enumerate(_row(row, i))] for i, row in enumerate(x)
    ]
    if not points:
        raise ValueError("there are no points to draw; give the inputs and their classes")
    for i, point in enumerate(points):
        if len(point) != 2:
            raise ValueError(f"a decision boundary is drawn over two inputs, but point {i} has {len(point)}")
        if not all(map(math.isfinite, point)):
            raise ValueError(f"point {i} is {point}; leave out what is not finite")
    return points


def _row(row: Any, i: int) -> Iterable[float]:
    if isinstance(row, str) or not hasattr(row, "__iter__"):
        raise ValueError(f"a decision boundary is drawn over two inputs, but point {i} is the one number {row!r}")
    found: Iterable[float] = row
    return found


def _span(column: Sequence[float]) -> tuple[float, float]:
    """From the least to the greatest with some room: half a unit, unless the data are much wider or narrower."""
    low, high = min(column), max(column)
    room = min(max(0.5, (high - low) / 20), (high - low) / 2 or 0.5)
    return low - room, high + room


def _scores(model: Callable[[list[float]], Any], point: list[float]) -> list[float]:
    scores = [data(score) for score in outputs(model(point), "output of the model")]
    if not all(map(math.isfinite, scores)):
        raise ValueError(f"the model gives {scores} at {point}, which cannot be drawn; are its weights finite?")
    return scores


def _two_classes(labels: Sequence[float]) -> dict[float, int]:
    """Which side of the threshold each label stands for; one that is alone is the higher if it is positive."""
    found = sorted(set(labels))
    if len(found) > 2:
        listed = ", ".join(f"{label:g}" for label in found)
        raise ValueError(f"one output tells two classes apart, not {listed}; give the model an output for each class")
    return {found[0]: 0, found[1]: 1} if len(found) == 2 else {found[0]: int(found[0] > 0)}


def _two_sides(plane: Axes, across: Row, up: Row, heights: Sequence[Row], threshold: float, margin: bool) -> None:
    edge = 1 + max(abs(h - threshold) for row in heights for h in row)
    tints = [tint for _, _, tint in CLASSES[:2]]
    plane.contourf(across, up, heights, levels=[threshold - edge, threshold, threshold + edge], colors=tints)
    _line(plane, across, up, heights, threshold)
    for side in (threshold - 1, threshold + 1) if margin else ():
        _line(plane, across, up, heights, side, colors="#555555", linewidths=0.8, linestyles="dashed")


def _regions(plane: Axes, across: Row, up: Row, scores: Sequence[Sequence[Row]]) -> None:
    """A tint where each class is ahead, up to the line where another draws level; beneath, the winner at each corner,
    for the gaps between three classes and for ties."""
    from matplotlib.colors import ListedColormap

    classes = range(len(scores[0][0]))
    tints = [CLASSES[k % len(CLASSES)][2] for k in classes]
    winners = [[s.index(max(s)) for s in row] for row in scores]
    plane.pcolormesh(across, up, winners, cmap=ListedColormap(tints), vmin=0, vmax=len(tints) - 1, shading="nearest")
    for k in classes:
        ahead = [[s[k] - max(*s[:k], *s[k + 1 :], -math.inf) for s in row] for row in scores]
        if (most := max(map(max, ahead))) > 0:
            plane.contourf(across, up, ahead, levels=[0.0, most], colors=[tints[k]])
            _line(plane, across, up, ahead, 0.0)
    plane.set(xlim=(across[0], across[-1]), ylim=(up[0], up[-1]))


def _line(
    plane: Axes,
    across: Row,
    up: Row,
    heights: Sequence[Row],
    level: float,
    colors: str = INK,
    linewidths: float = 1.5,
    linestyles: str = "solid",
) -> None:
    """The line along which the heights are at the level, if there is one; Matplotlib warns where there is none."""
    if min(map(min, heights)) < level < max(map(max, heights)):
        plane.contour(across, up, heights, levels=[level], colors=colors, linewidths=linewidths, linestyles=linestyles)
