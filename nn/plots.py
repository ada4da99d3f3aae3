"""Pictures of networks, each a Matplotlib Figure made without pyplot, so that there is no global state.

Here curves and bars; boundary.py and surface.py draw over a plane. The colours are Okabe and Ito's, which people with
any colour vision can tell apart, and never the only difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograd import Value, gradient, no_grad

from .activations import ACTIVATIONS, Activation, activation
from .networks import MLP
from .targets import data, number, outputs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK = "#222222"
CLASSES = (  # marker, colour of the points, tint of the region
    ("o", "#0072b2", "#d6e9f8"),
    ("^", "#d55e00", "#fde6c4"),
    ("s", "#009e73", "#cdeee3"),
    ("D", "#cc79a7", "#f3dce8"),
    ("v", "#56b4e9", "#b9def5"),
    ("P", "#e69f00", "#f9d98c"),
    ("X", "#000000", "#dddddd"),
)
DASHES = ("-", "--", ":", "-.")


def new_figure(width: float = 6.4, height: float = 4.0) -> Figure:
    """An empty figure. ModuleNotFoundError: Matplotlib is not installed; says how to install it."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        text = f"plots need Matplotlib: pip install 'pathgrad[notebooks]' ({error.name} is not installed)"
        raise ModuleNotFoundError(text, name=error.name) from None
    return Figure(figsize=(width, height), layout="constrained")


def learning_curves(losses: Mapping[str, Sequence[float]]) -> Figure:
    """One curve for each name: a loss after epoch 1, 2, …. Logarithmic where positive and over more than a decade.

    ValueError: there is nothing to draw. TypeError: not a dict of name to losses.
    """
    if not isinstance(losses, Mapping):
        raise TypeError(f"expected a dict such as {{'training': [0.9, 0.5]}}, got {type(losses).__name__}")
    curves = {
        name: [number(loss, f"loss {i} of {name!r}") for i, loss in enumerate(curve, 1)]
        for name, curve in losses.items()
    }
    empty = [name for name, curve in curves.items() if not curve]
    if empty or not curves:
        raise ValueError(f"there are no losses{f' in {empty[0]!r}' if empty else ''} to draw; train for an epoch first")
    figure = new_figure()
    from matplotlib.ticker import MaxNLocator

    axes = figure.subplots()
    for i, (name, curve) in enumerate(curves.items()):
        color, dash = CLASSES[i % len(CLASSES)][1], DASHES[i % len(DASHES)]
        marker = "o" if len(curve) == 1 else ""  # a line of one point cannot be seen
        axes.plot(range(1, len(curve) + 1), curve, color=color, linestyle=dash, marker=marker, label=str(name))
    if wide(loss for curve in curves.values() for loss in curve):
        axes.set_yscale("log")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.set(title="learning curves", xlabel="epoch", ylabel="loss")
    axes.grid(alpha=0.3)
    axes.legend(ncols=1 + len(curves) // 10)
    return figure


def activations(names: Iterable[str | Callable[[Any], Any] | Activation] | None = None) -> Figure:
    """Each activation φ(z) with its derivative φ'(z), taken by the engine at every point drawn (block J5).

    Args: `names` are those to draw, or functions; all that work unit by unit, unless told.
    ValueError: an unknown name, none at all, or one that takes a whole layer (softmax).
    """
    wanted = [row.name for row in ACTIVATIONS.values() if not row.of_layer] if names is None else names
    rows = [activation(name) for name in ([wanted] if isinstance(wanted, str) else wanted)]
    if not rows:
        raise ValueError(f"there are no activations to draw; known are {', '.join(ACTIVATIONS)}")
    for row in rows:
        if row.of_layer:
            raise ValueError(f"{row.name} takes a whole layer at once, so it is no curve over z; leave it out")
    columns = len(rows) if len(rows) <= 3 else min(5, math.ceil(len(rows) / 2))
    lines = math.ceil(len(rows) / columns)
    figure = new_figure(max(4.0, min(9.0, 2.6 * columns)), 2.3 * lines + 0.4)
    panels = list(figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False).flat)
    zs = grid(-3.0, 3.0, 300)
    for row, axes in zip(rows, panels, strict=False):
        inputs = [Value(z) for z in zs]
        curve = [row.function(z) for z in inputs]
        slopes = [gradient(a, z) for a, z in zip(curve, inputs, strict=True)]
        axes.plot(zs, [a.data for a in curve], color=CLASSES[0][1], linewidth=2, label="φ(z)")
        axes.plot(zs, slopes, color=CLASSES[1][1], linewidth=1.5, linestyle="--", label="φ'(z)")
        axes.set_title(row.label, fontsize="medium")
        axes.set_xticks([-2, 0, 2])
        axes.grid(alpha=0.3)
    for axes in panels[len(rows) :]:
        axes.remove()
    for axes in panels[max(0, len(rows) - columns) : len(rows)]:  # the lowest of each column
        axes.set_xlabel("z")
        axes.tick_params(labelbottom=True)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


def delta_norms(norms: Mapping[Any, float] | Iterable[float]) -> Figure:
    """‖δ‖ of each layer as bars, logarithmic where over more than a decade: do gradients vanish or explode (J7)?

    Args: `norms` are numbers from the first layer to the last, or a dict of layer to norm.
    ValueError: there are none, or one is negative or not finite.
    """
    named = norms if isinstance(norms, Mapping) else dict(enumerate(norms, 1))
    heights = {str(layer): number(norm, f"the norm of layer {layer}") for layer, norm in named.items()}
    if not heights:
        raise ValueError("there are no norms to draw; run backward() and take those of each layer")
    for layer, norm in heights.items():
        if not 0 <= norm < math.inf:
            raise ValueError(f"the norm of layer {layer} is {norm!r}; a norm is finite and not negative")
    figure = new_figure(max(4.0, min(9.0, 2.0 + 0.6 * len(heights))), 3.6)
    axes = figure.subplots()
    places, crowded = range(1, len(heights) + 1), len(heights) > 12
    bars = axes.bar(places, list(heights.values()), color=CLASSES[0][1])
    positive = [norm for norm in heights.values() if norm]
    if wide(positive):
        axes.set_yscale("log")
        decades = math.log10(max(positive) / min(positive))
        axes.set_ylim(min(positive) / 3, max(positive) * max(3.0, 10 ** (decades / 9)))  # with room for the numbers
        for place, norm in zip(places, heights.values(), strict=True):
            if not norm:  # has no place on a logarithmic axis
                axes.text(place, 0.02, "0", ha="center", fontsize="small", transform=axes.get_xaxis_transform())
    else:
        axes.margins(y=0.1)
    if not crowded:
        axes.bar_label(bars, [f"{norm:.2g}" for norm in heights.values()], padding=2, fontsize="small")
    axes.set_xticks(places, list(heights), rotation=90 if crowded else 0)
    axes.set(title="norm of δ by layer", xlabel="layer", ylabel="‖δ‖")
    axes.grid(axis="y", alpha=0.3)
    axes.set_axisbelow(True)
    return figure


def hidden_units(
    model: MLP, xs: Iterable[Any], points: Iterable[Any] | None = None, targets: Iterable[Any] | None = None
) -> Figure:
    """The fit of a network with one input, one hidden layer and one output, and beside it what each hidden unit gives.

    Bishop, PRML, figure 5.3; block D.

    Args: `xs` are where to draw; `points` and `targets`, the data of the fit. Each is a number or a row of one.
    ValueError: a network of another shape, no xs, points without as many targets.
    """
    if not isinstance(model, MLP) or len(model.layers) != 2 or model.layers[0].nin != 1:
        raise ValueError(f"expected an MLP with one input, one hidden layer and one output, got {model!r}")
    places = sorted(_single(x, f"x {i}") for i, x in enumerate(xs))
    if not places:
        raise ValueError("there are no xs to draw at; give some, such as [-1, 0, 1]")
    given = [_single(x, f"point {i}") for i, x in enumerate(() if points is None else points)]
    wanted = [_single(t, f"target {i}") for i, t in enumerate(() if targets is None else targets)]
    if len(given) != len(wanted):
        raise ValueError(f"expected one target for each point, got {len(given)} points and {len(wanted)} targets")
    with no_grad():
        units = [outputs(model.layers[0]([x])) for x in places]
        fit = [outputs(model([x])) for x in places]
    if len(fit[0]) != 1:
        raise ValueError(f"expected an MLP with one input, one hidden layer and one output, got {model!r}")
    figure = new_figure(9, 3.6)
    left, right = figure.subplots(1, 2, sharex=True)
    if given:
        left.scatter(given, wanted, s=18, color=CLASSES[0][1], label="target")
    left.plot(places, [data(y) for (y,) in fit], color=CLASSES[1][1], linewidth=2, label="fit")
    left.set(title="fit", xlabel="x", ylabel="y")
    left.legend()
    for j, curve in enumerate(zip(*units, strict=True)):
        color, dash = CLASSES[j % len(CLASSES)][1], DASHES[j % len(DASHES)]
        right.plot(places, [data(a) for a in curve], color=color, linestyle=dash, label=f"unit {j + 1}")
    right.set(title="hidden units", xlabel="x", ylabel="a")
    if len(units[0]) <= 10:
        right.legend()
    for axes in (left, right):
        axes.grid(alpha=0.3)
    left.locator_params(axis="x", nbins=6)
    return figure


def grid(low: float, high: float, cells: int) -> list[float]:
    """The ends of `cells` steps of one size from low to high. ValueError: `cells` is not a whole number from 1 up.

    >>> grid(-1.0, 1.0, 4)
    [-1.0, -0.5, 0.0, 0.5, 1.0]
    """
    if not isinstance(cells, int) or cells < 1:
        raise ValueError(f"expected a whole number of cells from 1 up, got {cells!r}")
    return [low + (high - low) * i / cells for i in range(cells + 1)]


def wide(numbers: Iterable[float]) -> bool:
    """Whether the numbers are positive and span more than a decade, so that a logarithmic axis shows them best.

    >>> wide([1.0, 0.5]), wide([1.0, 0.05]), wide([1.0, 0.0])
    (False, True, False)
    """
    finite = [x for x in numbers if math.isfinite(x)]
    return bool(finite) and 0 < 10 * min(finite) < max(finite)


def _single(x: Any, what: str) -> float:
    row = [x] if isinstance(x, str) or not hasattr(x, "__iter__") else list(x)
    if len(row) != 1:
        raise ValueError(f"expected one number as {what}, got {len(row)}; the picture is of one input and one output")
    return number(row[0], what)
