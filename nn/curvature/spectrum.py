"""Eigenvalues of the Hessian: how steeply the loss curves each way, and so how large a learning rate may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from autograd import Value, hessian, hvp

from ..checks import positive, whole
from ..history import History
from ..plots import CLASSES, INK, new_figure, wide
from ..rows import paired
from ..targets import total
from .parameters import flattened, inner, unit_direction, with_graph

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def hessian_eigenvalues(loss: Value, parameters: Any) -> list[float]:
    """The eigenvalues of the exact Hessian of the loss, from the least to the greatest (exercise J9).

    Args: `loss` is a graph; `parameters` are Values, nested or not. Costs a sweep of the graph for each parameter.
    ModuleNotFoundError: NumPy is not installed. FloatingPointError: a second derivative is not finite.

    >>> x, y = Value(1.0), Value(2.0)
    >>> [round(e, 12) for e in hessian_eigenvalues(x * x + 4 * x * y + y * y, [x, y])]
    [-2.0, 6.0]
    """
    numpy = require_numpy("eigenvalues")
    found: list[float] = numpy.linalg.eigvalsh(hessian_matrix(loss, flattened(parameters))).tolist()
    return found


def largest_eigenvalue(
    loss: Value, parameters: Any, seed: int = 0, iterations: int = 1000, tolerance: float = 1e-9
) -> float:
    """The eigenvalue of the Hessian that is largest in magnitude, with its sign, by power iteration: v ← Hv / ‖Hv‖.

    One `hvp` an iteration, no Hessian and no NumPy, so it serves large models. Near a minimum, where it is λ_max,
    gradient descent is stable for learning rates below 2/λ_max: along that eigenvector w ← (1 − ηλ) w.

    Args:
        loss, parameters: as for `hessian_eigenvalues`.
        seed: of the random direction it starts from.
        iterations: how many at most.
        tolerance: ends when two steps change v by no more than this; the eigenvalue is then at least as exact.

    Where λ and −λ are both the largest it is λ. ArithmeticError: not settled after that many iterations.

    >>> x, y = Value(1.0), Value(2.0)
    >>> round(largest_eigenvalue(x * x - 4 * y * y, [x, y]), 9)
    -8.0
    """
    values = flattened(parameters)
    with_graph(loss, values)
    iterations, tolerance = whole("iterations", iterations, 1), positive("tolerance", tolerance)
    before, v = None, unit_direction(len(values), seed)
    for _ in range(iterations):
        image: list[float] = hvp(loss, values, v)
        size = math.hypot(*image)
        if size == 0:
            return 0.0
        if not math.isfinite(size):
            raise FloatingPointError(f"the Hessian times a direction has length {size}; is the loss finite?")
        after = [x / size for x in image]
        # v settles up to its sign, or alternates between two vectors where both λ and −λ are the largest
        if before is not None and math.dist(after, before) <= tolerance:
            quotient = inner(v, image)
            return quotient if abs(quotient) > (1 - max(1e-6, tolerance**2)) * size else size
        before, v = v, after
    raise ArithmeticError(
        f"no eigenvalue settled in {iterations} iterations, the last estimate being {inner(before or v, image):.6g}: "
        "the two largest are close together; give more iterations, or a larger tolerance"
    )


class HessianSpectrum:
    """A callback for `fit` that records the eigenvalues of the Hessian of the mean loss along training.

    Gradient descent is stable where the greatest stays below 2 / learning rate; negative ones say that no minimum is
    reached yet. `epochs` are those measured, `eigenvalues` a list for each, from the least to the greatest.

    Args:
        loss: `loss(prediction, target)` of one sample, as for `fit`.
        x, y: the rows and targets to take the mean over.
        every: measures after each so many epochs; it costs a sweep for each parameter.

    >>> from nn import MLP, SGD, fit, squared_error
    >>> model, x, y = MLP(1, [1], rng=0), [0, 1, 2], [1, 3, 5]
    >>> spectrum = HessianSpectrum(squared_error, x, y, every=5)
    >>> sgd = SGD(model.parameters(), 0.2)
    >>> history = fit(model, (x, y), squared_error, sgd, 10, callbacks=spectrum, progress=False)
    >>> spectrum.epochs, [round(e, 4) for e in spectrum.eigenvalues[0]]
    ([5, 10], [0.5585, 4.7749])
    """

    def __init__(self, loss: Callable[[Any, Any], Any], x: Iterable[Any], y: Iterable[Any], every: int = 1) -> None:
        require_numpy("eigenvalues")  # now rather than after the first epoch
        self.loss, self.every = loss, whole("every", every, 1)
        self.x, self.y = paired(x, y)
        self.epochs: list[int] = []
        self.eigenvalues: list[list[float]] = []

    def __call__(self, epoch: int, model: Any, history: History) -> None:
        if epoch % self.every == 0:
            losses = [self.loss(model(row), target) for row, target in zip(self.x, self.y, strict=True)]
            self.eigenvalues.append(hessian_eigenvalues(total(losses) / len(losses), model.parameters()))
            self.epochs.append(epoch)

    def plot(self) -> Figure:
        """All eigenvalues by epoch, as a Matplotlib figure. ValueError: no epoch was measured."""
        if not self.epochs:
            raise ValueError(f"no epoch was measured; give this to fit as callback, for {self.every} epochs or more")
        figure = new_figure(6.4, 4.0)
        from matplotlib.ticker import MaxNLocator

        axes = figure.subplots()
        marker = "o" if len(self.epochs) == 1 else ""  # a line of one point cannot be seen
        between = [(epoch, e) for epoch, row in zip(self.epochs, self.eigenvalues, strict=True) for e in row[1:-1]]
        axes.axhline(0, color=INK, linewidth=0.8)
        axes.plot(
            self.epochs, [row[-1] for row in self.eigenvalues], marker + "-", color=CLASSES[1][1], label="greatest"
        )
        if between:
            axes.plot(*zip(*between, strict=True), ".", color="#888888", markersize=3, label="between")
        if len(self.eigenvalues[0]) > 1:
            axes.plot(
                self.epochs, [row[0] for row in self.eigenvalues], marker + "--", color=CLASSES[0][1], label="least"
            )
        sizes = [abs(e) for row in self.eigenvalues for e in row]
        if wide(e for e in sizes if e > 0):
            axes.set_yscale("symlog", linthresh=10 ** math.floor(math.log10(max(sizes)) - 2))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.set(title="eigenvalues of the Hessian", xlabel="epoch", ylabel="eigenvalue")
        axes.grid(alpha=0.3)
        figure.legend(loc="outside upper center", ncols=3)
        return figure


def hessian_matrix(loss: Value, parameters: list[Value]) -> Any:
    """The Hessian as a NumPy array. FloatingPointError: an entry is not finite."""
    numpy = require_numpy("matrices")
    found = numpy.array(hessian(with_graph(loss, parameters), parameters))
    if not numpy.isfinite(found).all():
        raise FloatingPointError("a second derivative of the loss is not finite; start from other parameters")
    return found


def require_numpy(what: str) -> Any:
    """NumPy. ModuleNotFoundError: it is not installed; says how to install it."""
    try:
        import numpy
    except ModuleNotFoundError as error:
        text = f"{what} need NumPy: pip install 'pathgrad[fast]' ({error.name} is not installed)"
        raise ModuleNotFoundError(text, name=error.name) from None
    return numpy
