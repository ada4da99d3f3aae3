"""The second-order Taylor model, R(w0) + (w − w0)ᵀg + ½ (w − w0)ᵀH (w − w0), and how its error grows with distance."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd import Value, gradient, hessian, hvp, no_grad

from ..checks import positive
from ..clipping import leaves
from ..plots import CLASSES, DASHES, new_figure
from ..steps import Snapshot
from ..targets import data, number
from .parameters import directed, evaluated, flattened, inner, unit_direction, with_graph

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ORDERS = (0, 1, 2)
DISTANCES = [10 ** (k / 4 - 3) for k in range(9)]  # 0.001 … 0.1
ROUNDING = 1e-13  # an error below this share of the loss is rounding


class TaylorModel:
    """Made by `taylor_model`: `value`, `gradient` and `hessian` at `point`, where the parameters were. Call it."""

    def __init__(self, loss: Value, parameters: list[Value]) -> None:
        self.parameters = parameters
        self.point = [p.data for p in parameters]
        self.value: float = loss.data
        self.gradient: list[float] = gradient(loss, parameters)
        self._loss, self._start = loss, Snapshot(parameters)
        self._hessian: list[list[float]] | None = None

    @property
    def hessian(self) -> list[list[float]]:
        """H, computed when it is first asked for, by one sweep for each parameter."""
        if self._hessian is None:
            self._hessian = self._at_point(lambda: hessian(self._loss, self.parameters))
        return self._hessian

    def __call__(self, step: Iterable[Any], order: int = 2) -> float:
        """The model of that order at w0 + step. The second order takes one `hvp`, ½ stepᵀ(H step), and not H itself.

        ValueError: not one number for each parameter, or an order other than 0, 1 and 2.
        """
        if order not in ORDERS:
            raise ValueError(f"the model has order 0, 1 or 2, got {order!r}")
        numbers = directed(step, len(self.parameters), "step")
        found = self.value
        if order >= 1:
            found += inner(numbers, self.gradient)
        if order == 2:
            found += inner(numbers, self._times_hessian(numbers)) / 2
        return found

    def _times_hessian(self, step: list[float]) -> list[float]:
        if self._hessian is not None:
            return [inner(row, step) for row in self._hessian]
        found: list[float] = self._at_point(lambda: hvp(self._loss, self.parameters, step))
        return found

    def _at_point(self, compute: Callable[[], Any]) -> Any:
        """With the parameters at w0, from which they may have moved: second derivatives need the numbers of then."""
        here = Snapshot(self.parameters)
        try:
            self._start.restore()
            return compute()
        finally:
            here.restore()

    def __repr__(self) -> str:
        count, norm = len(self.parameters), math.hypot(*self.gradient)
        return f"TaylorModel({count} parameter{'s' * (count != 1)}, value {self.value:.6g}, gradient norm {norm:.4g})"


class TaylorError(NamedTuple):
    """Made by `taylor_error`; prints as a table. `losses` and `errors[order]` have a number for each of `distances`."""

    distances: list[float]
    losses: list[float]
    errors: dict[int, list[float]]

    def slopes(self) -> dict[int, float]:
        """By which power of the distance each order's error grows: the slope of log error over log distance, fitted.

        Near 1, 2 and 3. Errors that are mere rounding are left out; nan where fewer than two others remain, as for
        the second order of a quadratic loss, which is exact.
        """
        return {order: _slope(self.usable(order)) for order in self.errors}

    def usable(self, order: int) -> list[tuple[float, float]]:
        """The distances and errors of that order, without those that are mere rounding."""
        floor = ROUNDING * max(map(abs, self.losses))
        return [(t, e) for t, e in zip(self.distances, self.errors[order], strict=True) if e > floor]

    def __repr__(self) -> str:
        rows = [["distance", "loss", *(f"order {order}" for order in self.errors)]]
        for t, loss, *errors in zip(self.distances, self.losses, *self.errors.values(), strict=True):
            rows.append([f"{t:.4g}", f"{loss:.6g}", *(f"{e:.2e}" for e in errors)])
        rows.append(["slope", "", *(f"{slope:.2f}" for slope in self.slopes().values())])
        return "\n".join(f"{row[0]:>9}  {row[1]:>10}" + "".join(f"  {cell:>9}" for cell in row[2:]) for row in rows)


def taylor_model(loss: Value, parameters: Any) -> TaylorModel:
    """The loss near the present parameters as R(w0) + (w − w0)ᵀg + ½ (w − w0)ᵀH (w − w0) (exercise J9).

    Args:
        loss: the graph at w0; the model stays that of w0 when the parameters move.
        parameters: Values, nested or not; they are taken in a row, each once.

    TypeError, ValueError: something else than Values, none at all, or a loss that is not computed from anything.

    >>> x, y = Value(2.0), Value(1.0)
    >>> model = taylor_model(x * x * y, [x, y])
    >>> model.value, model.gradient, model.hessian
    (4.0, [4.0, 4.0], [[2.0, 4.0], [4.0, 0.0]])
    >>> model([0.5, 0.5], order=1), model([0.5, 0.5]), 2.5 * 2.5 * 1.5
    (8.0, 9.25, 9.375)
    """
    values = flattened(parameters)
    return TaylorModel(with_graph(loss, values), values)


def taylor_error(
    loss_function: Callable[[], Any],
    parameters: Any,
    direction: Iterable[Any] | None = None,
    distances: Iterable[float] | None = None,
    seed: int = 0,
) -> TaylorError:
    """How far the models of order 0, 1 and 2 are from the true loss at w0 + t · direction, for several distances t.

    The errors grow as t, t² and t³ where the loss is smooth; across a kink of a ReLU all grow as t. The parameters are
    put back, whatever happens.

    Args:
        loss_function: takes nothing, and computes the loss anew from the parameters each time.
        parameters: leaves, nested or not.
        direction: used as it is; a random one of length 1, unless told.
        distances: 0.001 … 0.1, unless told.
        seed: of the random direction.

    ValueError: a direction of zeros or another length, a distance that is not above 0, a loss that is not finite.

    >>> w = Value(1.0)
    >>> taylor_error(lambda: w**3, [w], direction=[1.0], distances=[0.1, 0.2])
     distance        loss    order 0    order 1    order 2
          0.1       1.331   3.31e-01   3.10e-02   1.00e-03
          0.2       1.728   7.28e-01   1.28e-01   8.00e-03
        slope                   1.14       2.05       3.00
    """
    values = leaves(flattened(parameters))
    chosen = unit_direction(len(values), seed) if direction is None else directed(direction, len(values), "direction")
    if not any(chosen):
        raise ValueError("the direction is zero, so no distance leads anywhere; give at least one number other than 0")
    ts = sorted(positive("a distance", t) for t in (DISTANCES if distances is None else distances))
    if not ts:
        raise ValueError("there are no distances; give some, such as [0.01, 0.1]")
    start, losses = Snapshot(values), []
    model = taylor_model(evaluated(loss_function, values), values)
    try:
        for t in ts:
            for p, here, d in zip(values, model.point, chosen, strict=True):
                p.data = here + t * d
            with no_grad():
                losses.append(number(data(loss_function()), "the loss"))
            if not math.isfinite(losses[-1]):
                raise ValueError(f"the loss is {losses[-1]} at distance {t:g}; give smaller distances")
    finally:
        start.restore()
    steps = [[t * d for d in chosen] for t in ts]
    errors = {k: [abs(true - model(s, k)) for true, s in zip(losses, steps, strict=True)] for k in ORDERS}
    return TaylorError(ts, losses, errors)


def plot_taylor_error(error: TaylorError) -> Figure:
    """The errors of the three orders by distance, both logarithmic, beside lines of slope 1, 2 and 3.

    ValueError: every error is zero or mere rounding, so that there is nothing to draw.
    """
    if not any(error.usable(order) for order in error.errors):
        raise ValueError("every error is zero or mere rounding; give a larger distance, or another direction")
    figure = new_figure(5.6, 4.2)
    axes = figure.subplots()
    ends = [error.distances[0], error.distances[-1]]
    for order, slope in error.slopes().items():
        marker, color, _ = CLASSES[order]
        points = error.usable(order)
        label = f"order {order}" + ("" if len(points) == 1 else f", slope {slope:.2f}" if points else ", exact")
        axes.plot([t for t, _ in points], [e for _, e in points], marker, color=color, label=label)
        if points:
            t0, e0 = points[0]
            guide = [e0 * (t / t0) ** (order + 1) for t in ends]
            power = ("t", "t²", "t³")[order]
            axes.plot(ends, guide, color=color, linestyle=DASHES[order], linewidth=1, label=f"∝ {power}")
    axes.set(xscale="log", yscale="log", title="error of the Taylor model", xlabel="distance t", ylabel="error")
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    return figure


def _slope(points: list[tuple[float, float]]) -> float:
    """The least-squares slope of log error over log distance."""
    xs, ys = [math.log(t) for t, _ in points], [math.log(e) for _, e in points]
    middle = sum(xs) / max(1, len(xs))
    spread = sum((x - middle) ** 2 for x in xs)
    return inner([x - middle for x in xs], ys) / spread if spread else math.nan
