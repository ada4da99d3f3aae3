"""Gradient ascent on an input: x ← x + η ∂y/∂x, uphill to where a network's output is greatest (block J8)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd import Value, gradient, no_grad

from .checks import checked, non_negative, positive, whole
from .plots import CLASSES, INK, grid, new_figure
from .rows import finite, listed
from .targets import data, outputs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Model = Callable[[Any], Any]
REMEDY = "lower the learning rate, or give bounds"


class Ascent(NamedTuple):
    """The track of an ascent: the start and the point after each step, and the output at each of them."""

    points: list[list[float]]
    values: list[float]


def ascend_input(
    model: Model,
    x: Any,
    output: int = 0,
    steps: int = 100,
    learning_rate: float = 0.1,
    bounds: tuple[float, float] | None = None,
    decay: float = 0.0,
    minimise: bool = False,
) -> Ascent:
    """Change the input, not the weights, so that one output grows: x ← x + η (∂y/∂x − λ x), step after step.

    No parameter changes, nor its `grad`. What the network takes for the best example of a class is found this way from
    a logit (Simonyan et al. 2014), and with `minimise` the way down.

    Args:
        model: gives one output or several; `output` counts from 0.
        x: where to start, a number for each input.
        learning_rate, decay: η > 0 and λ ≥ 0, which ascends y − ½ λ ‖x‖².
        bounds: (low, high); after each step every input is brought back into them. One may be infinite.

    FloatingPointError: an output or a gradient is not finite; says at which step. ValueError, TypeError: arguments
    that do not fit, a start outside of the bounds.

    >>> points, values = ascend_input(lambda x: 1 - (x[0] - 3) ** 2, [0.0], steps=50)
    >>> round(points[-1][0], 3), round(values[-1], 3)
    (3.0, 1.0)
    """
    here = [finite(a, "x", i) for i, a in enumerate(listed(x, "x", "numbers"))]
    rate, decay = positive("learning_rate", learning_rate), non_negative("decay", decay)
    steps, low, high = whole("steps", steps, 1), -math.inf, math.inf
    if bounds is not None:
        low, high = _bounds(bounds, here)
    if no_grad.active:
        raise ValueError("an ascent needs the graph that no_grad() leaves out; call it outside of that block")
    if not here:
        raise ValueError("x is empty; give a number for each input of the model")
    sign = -1.0 if minimise else 1.0
    points, values = [here], []
    for step in range(steps + 1):
        value, slopes = _slopes(model, points[-1], output, step)
        values.append(value)
        if step < steps:
            moved = [a + rate * (sign * g - decay * a) for a, g in zip(points[-1], slopes, strict=True)]
            points.append([min(max(a, low), high) for a in moved])
    return Ascent(points, values)


def plot_ascent(ascent: Ascent, model: Model | None = None, output: int = 0, cells: int = 40) -> Figure:
    """The way of an ascent over the contours of the output where there are two inputs and the model is given; else the
    output by step.

    Args: `output` is the one that was ascended; `cells`, how many steps the plane is divided into each way.
    ValueError: model and output are not those of the track, or are not finite on the plane around it.
    """
    if not ascent.points or len(ascent.points) != len(ascent.values):
        raise ValueError(f"expected as many points as values, got {len(ascent.points)} and {len(ascent.values)}")
    if model is not None and len(ascent.points[0]) == 2:
        figure = new_figure(5.6, 4.4)
        _draw_way(figure.subplots(), ascent, model, output, cells)
        return figure
    figure = new_figure(5.6, 3.6)
    axes = figure.subplots()
    marker = "o" if len(ascent.values) <= 20 else ""
    axes.plot(range(len(ascent.values)), ascent.values, color=CLASSES[0][1], marker=marker, linewidth=2)
    axes.locator_params(axis="x", integer=True)
    axes.set(title=_title(ascent), xlabel="step", ylabel="output")
    axes.grid(alpha=0.3)
    return figure


def _draw_way(axes: Axes, ascent: Ascent, model: Model, output: int, cells: int) -> None:
    def height(x: list[float]) -> float:
        return data(_chosen(model(x), output))

    with no_grad():
        start = height(list(ascent.points[0]))
        if not math.isclose(start, ascent.values[0], rel_tol=1e-9, abs_tol=1e-12):
            raise ValueError(
                f"the model gives {start:.6g} at the start of the track, which has {ascent.values[0]:.6g} there; "
                "give the model and the output it was made with"
            )
        across, up = (_axis(column, cells) for column in zip(*ascent.points, strict=True))
        heights = [[height([a, b]) for a in across] for b in up]
    if not all(math.isfinite(h) for row in heights for h in row):
        raise ValueError("the output is not finite everywhere around the track; plot the track without the model")
    figure = axes.get_figure()
    if figure is not None and min(map(min, heights)) < max(map(max, heights)):
        filled = axes.contourf(across, up, heights, 14, cmap="cividis")
        axes.contour(across, up, heights, filled.levels, colors=INK, linewidths=0.5, linestyles="solid", alpha=0.6)
        figure.colorbar(filled, ax=axes, label="output", format="%.3g")
    else:
        axes.set_facecolor("#eeeeee")
        axes.text(0.5, 0.25, f"the output is {start:g} everywhere", ha="center", transform=axes.transAxes)
    way = list(zip(*ascent.points, strict=True))
    color = CLASSES[1][1]
    axes.plot(*way, ".-", color=color, linewidth=1.5, markersize=5, markeredgecolor="white", markeredgewidth=0.4)
    for marker, size, label, i in (("o", 8, "start", 0), ("*", 13, "end", -1)):
        end = [[c[i]] for c in way]
        axes.plot(*end, marker, color=color, markersize=size, markeredgecolor="white", label=label)
    axes.set(title=_title(ascent), xlabel="x1", ylabel="x2")
    axes.legend()


def _title(ascent: Ascent) -> str:
    return f"gradient {'ascent' if ascent.values[-1] >= ascent.values[0] else 'descent'} on the input"


def _slopes(model: Model, point: list[float], output: int, step: int) -> tuple[float, list[float]]:
    """y and ∂y/∂x at a point. FloatingPointError: they are not finite."""
    xs, remedy = [Value(a) for a in point], REMEDY if step else "start elsewhere"
    try:
        y = _chosen(model(xs), output)
        slopes = gradient(y, xs) if isinstance(y, Value) else None
    except (ArithmeticError, ValueError) as error:
        if step == 0 and not isinstance(error, ArithmeticError):
            raise
        raise FloatingPointError(f"step {step}, at {_shown(point)}: {error}; {remedy}") from error
    if not isinstance(y, Value) or slopes is None:
        raise TypeError(f"expected Values from the model, got {y!r}, which has no gradient to climb")
    if not all(map(math.isfinite, [y.data, *slopes])):
        found = f"the output is {y.data:g} and its gradient {_shown(slopes)}"
        raise FloatingPointError(f"step {step}, at {_shown(point)}: {found}; {remedy}")
    return y.data, slopes


def _chosen(found: Any, output: int) -> Any:
    ys = outputs(found, "output of the model")
    last = len(ys) - 1
    return ys[int(checked("output", output, f"a whole number from 0 to {last}", lambda k: k in range(last + 1)))]


def _bounds(bounds: Any, start: list[float]) -> tuple[float, float]:
    given = listed(bounds, "bounds", "numbers")
    if len(given) != 2:
        raise ValueError(f"expected bounds as (low, high), got {bounds!r}")
    low, high = (checked(f"bounds[{i}]", b, "a number", lambda b: b == b) for i, b in enumerate(given))
    for i, a in enumerate(start):
        if not low <= a <= high:
            raise ValueError(f"x[{i}] is {a:g}, outside of the bounds {low:g} … {high:g}; start inside of them")
    return low, high


def _axis(column: tuple[float, ...], cells: int) -> list[float]:
    """From the least to the greatest, with a third of that as room on either side."""
    low, high = min(column), max(column)
    room = (high - low) / 3 or 0.5
    return grid(low - room, high + room, cells)


def _shown(numbers: list[float]) -> str:
    texts = [f"{a:.4g}" for a in numbers]
    return f"[{', '.join(texts[:4] + ['…'] * (len(texts) > 4))}]"
