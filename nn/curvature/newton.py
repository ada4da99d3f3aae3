"""Newton's method, w ← w − (H + λI)⁻¹ g, beside gradient descent, w ← w − η g."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd import Value, gradient

from ..checks import non_negative, positive, whole
from ..clipping import leaves
from ..history import Epoch, History
from ..steps import Snapshot, TrainingError
from .parameters import evaluated, flattened, inner
from .spectrum import hessian_matrix, require_numpy
from .tracks import Track

Direction = Callable[[Value, list[float]], list[float]]
HALVINGS = 60  # of a step that does not lower the loss; 2^-60 of it is below rounding


def newton(
    loss_function: Callable[[], Any],
    parameters: Any,
    steps: int = 20,
    damping: float = 0.0,
    tolerance: float = 1e-12,
    line_search: bool = False,
) -> Track:
    """Newton's method, w ← w − (H + λI)⁻¹ g: each step goes to where the second-order Taylor model is stationary (J9).

    One step solves a quadratic loss, and near a minimum the number of right digits doubles with each. But stationary
    is not lowest: where H has negative eigenvalues the step goes to a saddle or a maximum. With damping λ above minus
    the least eigenvalue every step points downhill; a large λ gives gradient descent with learning rate 1/λ.

    Args:
        loss_function: takes nothing, and computes the loss anew from the parameters each time.
        parameters: leaves, nested or not; they are moved.
        steps: how many at most.
        damping: λ, added to the diagonal of the Hessian.
        tolerance: the norm of the gradient at which to stop.
        line_search: halve each step until it lowers the loss by a ten-thousandth of what the slope promises.

    TrainingError: H + λI is singular; the loss, the gradient or H is not finite; with a line search, the step leads
    uphill. The parameters are then at the last finite point. ModuleNotFoundError: NumPy is not installed.

    >>> x, y = Value(5.0), Value(-3.0)
    >>> newton(lambda: 2 * (x - 1) ** 2 + (y + 2) ** 2, [x, y])
    Track(loss 33 → 0; gradient norm 0 after 1 step)
    """
    numpy = require_numpy("Newton's steps")
    values, damping = leaves(flattened(parameters)), non_negative("damping", damping)

    def direction(loss: Value, slope: list[float]) -> list[float]:
        matrix = hessian_matrix(loss, values) + damping * numpy.eye(len(values))
        eigenvalues = numpy.linalg.eigvalsh(matrix)
        sizes = abs(eigenvalues)
        rank = int((sizes > sizes.max() * len(values) * numpy.finfo(float).eps).sum())
        if rank < len(values):
            plus = " + λI" if damping else ""
            raise TrainingError(
                f"the Hessian{plus} is singular (rank {rank} of {len(values)}), so there is no Newton step; "
                f"give {'another' if damping else 'some'} damping, such as damping={2 * damping or 1e-3:g}"
            )
        step: list[float] = numpy.linalg.solve(matrix, numpy.array(slope)).tolist()
        if line_search and inner(step, slope) <= 0:
            raise TrainingError(
                f"Newton's step leads uphill, since the Hessian has the eigenvalue {eigenvalues[0] - damping:.4g}; "
                f"give damping above {damping - eigenvalues[0]:.4g}"
            )
        return [-s for s in step]

    return _descend(loss_function, values, whole("steps", steps, 1), tolerance, direction, line_search)


def gradient_descent(
    loss_function: Callable[[], Any], parameters: Any, learning_rate: float, steps: int = 100, tolerance: float = 0.0
) -> Track:
    """w ← w − η ∂L/∂w, with the track of it, to set beside Newton's.

    Args and errors: as for `newton`; `learning_rate` is η, stable below 2/λ_max (see `largest_eigenvalue`).

    >>> w = Value(1.0)
    >>> gradient_descent(lambda: w**2, [w], learning_rate=0.25, steps=3).losses
    [1.0, 0.25, 0.0625, 0.015625]
    """
    rate, values = positive("learning_rate", learning_rate), leaves(flattened(parameters))
    return _descend(loss_function, values, whole("steps", steps, 1), tolerance, lambda _, g: [-rate * x for x in g])


def _descend(
    loss_function: Callable[[], Any],
    values: list[Value],
    steps: int,
    tolerance: float,
    direction: Direction,
    line_search: bool = False,
) -> Track:
    """Steps along the direction that loss and gradient give, each made as a whole or not at all."""
    tolerance = non_negative("tolerance", tolerance)
    track, here, place = Track([], []), Snapshot(values), "at the start"
    try:
        loss = _finite_loss(loss_function, values)
        while True:
            done = len(track.losses)
            track.losses.append(loss.data)
            track.points.append(list(here.numbers))
            counted, place = f"{done} step{'s' * (done != 1)}", f"step {done + 1}"
            slope: list[float] = gradient(loss, values)
            norm = math.hypot(*slope)
            if not math.isfinite(norm):
                raise TrainingError(f"the gradient's norm is {norm}; start from other parameters")
            if norm <= tolerance:
                return track._replace(stopped=f"gradient norm {norm:.3g} after {counted}")
            if done == steps:
                return track._replace(stopped=f"all {counted} done")
            change = direction(loss, slope)
            found = _moved(loss_function, here, change, loss.data, inner(change, slope) if line_search else None)
            if found is None:
                return track._replace(stopped=f"no part of a step lowers the loss after {counted}")
            loss, here = found, Snapshot(values)
    except (ArithmeticError, ValueError) as error:
        here.restore()
        failed = TrainingError(f"{place}: {error}")
        failed.history = History([Epoch(x, None, {}) for x in track.losses], f"stopped by an error {place}")
        raise failed from None if isinstance(error, TrainingError) else error
    except BaseException:
        here.restore()
        raise


def _moved(
    loss_function: Callable[[], Any], here: Snapshot, change: list[float], before: float, promised: float | None
) -> Value | None:
    """The loss after the change or, in a line search, after the first half of a half … of it that lowers the loss."""
    for halving in range(1 if promised is None else HALVINGS):
        share = 0.5**halving
        for p, number, c in zip(here.weights, here.numbers, change, strict=True):
            p.data = number + share * c
        if promised is None:
            return _finite_loss(loss_function, here.weights)
        try:
            loss = _finite_loss(loss_function, here.weights)
        except (ArithmeticError, ValueError):  # so far out the loss may not even be defined
            continue
        if loss.data <= before + 1e-4 * share * promised:
            return loss
    here.restore()
    return None


def _finite_loss(loss_function: Callable[[], Any], values: list[Value]) -> Value:
    loss = evaluated(loss_function, values)
    if not math.isfinite(loss.data):
        hint = "start elsewhere, or take smaller steps by damping or a lower learning rate"
        raise TrainingError(f"the loss is {loss.data}; {hint}")
    return loss
