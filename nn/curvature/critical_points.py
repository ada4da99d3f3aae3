"""Points where the gradient is zero: minimum, maximum or saddle, by the signs of the Hessian's eigenvalues."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd import Value, gradient

from ..checks import positive, whole
from ..clipping import leaves
from ..plots import CLASSES, DASHES, INK, new_figure
from ..surface import surface
from .parameters import evaluated, flattened, with_graph
from .spectrum import hessian_matrix, require_numpy
from .tracks import draw_contours, or_nan

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROUNDING = 1e-14  # changes below this share of the loss cannot be seen in it


class CriticalPoint:
    """Made by `critical_point`; prints in a few lines.

    `kind` is "minimum", "maximum", "saddle", "flat" or "not critical"; `gradient_norm` and `eigenvalues` (ascending)
    are what it was told from; `negative`, `zero` and `positive` count them; `escape` is a direction of length 1 in
    which the loss falls fastest by curvature, None where no eigenvalue is negative.
    """

    def __init__(
        self,
        loss: float,
        slope: list[float],
        eigenvalues: list[float],
        lowest: list[float],
        size: float,
        tolerance: float,
    ) -> None:
        self.loss, self.gradient_norm, self.eigenvalues = loss, math.hypot(*slope), eigenvalues
        # the least curvature that counts: a share of the greatest, or what the loss is too coarse to show
        self.least = max(tolerance * max(map(abs, eigenvalues)), ROUNDING * abs(loss) / size**2)
        self.limit = self.least * size
        self.negative = sum(e < -self.least for e in eigenvalues)
        self.positive = sum(e > self.least for e in eigenvalues)
        self.zero = len(eigenvalues) - self.negative - self.positive
        self.escape = lowest if self.negative else None

    @property
    def kind(self) -> str:
        """What the point is, as far as second derivatives tell."""
        if self.gradient_norm > self.limit:
            return "not critical"
        if self.negative and self.positive:
            return "saddle"
        return "minimum" if self.positive else "maximum" if self.negative else "flat"

    def __repr__(self) -> str:
        flat = f" with {self.zero} flat direction{'s' * (self.zero != 1)}"
        name = self.kind + flat * bool(self.zero and self.kind in ("minimum", "maximum", "saddle"))
        norm = f"gradient norm {self.gradient_norm:.3g} ({self.limit:.3g} and below count as zero)"
        counts = f"{self.negative} negative, {self.zero} zero, {self.positive} positive"
        span = f"from {self.eigenvalues[0]:.4g} to {self.eigenvalues[-1]:.4g}"
        return f"{name}: loss {self.loss:.6g}\n{norm}\neigenvalues: {counts}, {span}"


def critical_point(loss: Value, parameters: Any, tolerance: float = 1e-6) -> CriticalPoint:
    """What kind of critical point the parameters are at, if at any (exercises U7, U12).

    Minimum: no negative eigenvalue of the Hessian and one positive at least; maximum: the reverse; saddle: both;
    flat: all are zero. Eigenvalues of zero are flat directions, of which networks have many: the weights into a linear
    or ReLU unit may grow while those out of it shrink. Along them higher derivatives decide, which are not looked at.

    Args:
        loss: a graph.
        parameters: Values, nested or not.
        tolerance: what counts as zero. An eigenvalue does up to this share of the largest in magnitude, |λ|max. The
            gradient does up to tolerance · |λ|max · max(1, ‖w‖): what a step that is so small beside the parameters
            makes of it. So the answer is the same for any multiple of the loss. Either does too if the loss would not
            change by 1e-14 of itself.

    ModuleNotFoundError: NumPy is not installed. FloatingPointError: a derivative is not finite.

    >>> x, y = Value(0.0), Value(0.0)
    >>> critical_point(x * x - y * y, [x, y])
    saddle: loss 0
    gradient norm 0 (2e-06 and below count as zero)
    eigenvalues: 1 negative, 0 zero, 1 positive, from -2 to 2
    """
    tolerance, values = positive("tolerance", tolerance), flattened(parameters)
    slope: list[float] = gradient(with_graph(loss, values), values)
    if not math.isfinite(math.hypot(*slope)):
        raise FloatingPointError("the gradient of the loss is not finite; start from other parameters")
    eigenvalues, vectors = _eigenvectors(loss, values)
    size = max(1.0, math.hypot(*[p.data for p in values]))
    return CriticalPoint(loss.data, slope, eigenvalues, vectors[0], size, tolerance)


def plot_along_eigenvectors(
    loss_function: Callable[[], Any], parameters: Any, span: float = 1.0, cells: int = 40
) -> Figure:
    """The loss along the eigenvectors of the least and the greatest eigenvalue, and contours over the plane of both.

    At a minimum both curves rise to either side, at a saddle one falls. Gaps are where the loss is not defined.

    Args:
        loss_function: takes nothing, and computes the loss anew from the parameters each time.
        parameters: leaves, nested or not; put back, whatever happens.
        span: how far to go to either side.
        cells: how many steps that is.
    """
    values = leaves(flattened(parameters))
    loss = evaluated(loss_function, values)
    eigenvalues, vectors = _eigenvectors(loss, values)
    alone = len(values) == 1
    cells = whole("cells", cells, 2)
    cells += cells % 2  # so that the point itself is in the middle
    plane = (vectors[0], [0.0] if alone else vectors[-1])
    alphas, betas, heights = surface(or_nan(loss_function), values, span, cells, directions=plane)
    figure = new_figure(5.6 if alone else 9.0, 4.0)
    curves, *planes = figure.subplots(1, 1 if alone else 2, squeeze=False)[0]
    along = [heights[cells // 2], [row[cells // 2] for row in heights]][: len(values)]
    for i, (curve, name) in enumerate(zip(along, ["least", "greatest"], strict=False)):
        label = f"{'only' if alone else name} eigenvalue, {eigenvalues[-i]:.3g}"
        curves.plot(alphas, curve, DASHES[i], color=CLASSES[i][1], label=label)
    marker: dict[str, Any] = {"color": INK, "markersize": 12, "markeredgecolor": "white", "zorder": 3}
    curves.plot(0, loss.data, "*", **marker)
    curves.set(title="loss along eigenvectors", xlabel="distance", ylabel="loss")
    curves.locator_params(axis="x", nbins=6)
    curves.grid(alpha=0.3)
    curves.legend()
    for axes in planes:
        draw_contours(axes, alphas, betas, heights, base=loss.data, power=2)
        axes.axhline(0, color=CLASSES[0][1], linestyle=DASHES[0])
        axes.axvline(0, color=CLASSES[1][1], linestyle=DASHES[1])
        axes.plot(0, 0, "*", **marker)
        axes.set(title="contours over both", xlabel="distance along the least", ylabel="distance along the greatest")
        axes.locator_params(nbins=6)
    return figure


def _eigenvectors(loss: Value, values: list[Value]) -> tuple[list[float], list[list[float]]]:
    """Eigenvalues, ascending, and eigenvectors of length 1, the greatest entry of each being positive."""
    numpy = require_numpy("eigenvectors")
    eigenvalues, columns = numpy.linalg.eigh(hessian_matrix(loss, values))
    vectors: list[list[float]] = columns.T.tolist()
    return eigenvalues.tolist(), [[-x for x in v] if max(v, key=abs) < 0 else v for v in vectors]
