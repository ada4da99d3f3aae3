"""The δ report: δ = ∂L/∂z, pre-activation z and activation a of every unit, layer by layer, after a backward pass."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from autograd import Value, gradient

from .activations import Activation
from .layers import Layer
from .module import Module

FLAT = 0.01  # a sigmoid's slope below this share of its steepest counts as saturated
S_SHAPED = ("sigmoid", "tanh", "half_tanh")


class Unit(NamedTuple):
    """One unit of the report: layer and number, from 1; z, a = φ(z) and δ; and what ails it, if anything."""

    layer: int
    number: int
    z: float
    a: float
    delta: float
    state: str  # "", "dead" or "saturated"


class DeltaReport:
    """Made by `deltas`; prints as a table. `layers` holds a list of Units for each layer, `norms` ‖δ‖ of each."""

    def __init__(self, layers: list[list[Unit]]) -> None:
        self.layers = layers
        self.norms = [math.hypot(*[unit.delta for unit in layer]) for layer in layers]

    @property
    def dead(self) -> list[Unit]:
        """ReLUs with z ≤ 0: nothing passes back through them."""
        return [unit for layer in self.layers for unit in layer if unit.state == "dead"]

    @property
    def saturated(self) -> list[Unit]:
        """Sigmoids and tanhs so far out that their slope is below a hundredth of the steepest."""
        return [unit for layer in self.layers for unit in layer if unit.state == "saturated"]

    @property
    def vanishing_ratio(self) -> float:
        """‖δ[1]‖ / ‖δ[L]‖: far below 1 gradients vanish on the way to the first layer, far above they explode (J7)."""
        return self.norms[0] / self.norms[-1] if self.norms[-1] else math.nan

    def plot(self) -> Any:
        """A bar for ‖δ‖ of each layer, as a Matplotlib figure."""
        from .plots import delta_norms

        return delta_norms(self.norms)

    def __repr__(self) -> str:
        rows = [["layer", "unit", "z", "a", "δ", ""]]
        for layer in self.layers:
            shown = layer if len(layer) <= 12 else layer[:8]
            rows += [[str(u.layer), str(u.number), *(f"{x:.4g}" for x in u[2:5]), u.state] for u in shown]
            if len(shown) < len(layer):
                rows.append([str(layer[0].layer), f"… {len(layer) - len(shown)} more", "", "", "", ""])
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        norms = "   ".join(f"layer {i}: {norm:.4g}" for i, norm in enumerate(self.norms, 1))
        lines += ["", f"‖δ‖   {norms}", f"‖δ[1]‖ / ‖δ[{len(self.norms)}]‖ = {self.vanishing_ratio:.4g}"]
        return "\n".join([*lines, f"{len(self.dead)} dead, {len(self.saturated)} saturated"])


def deltas(model: Module) -> DeltaReport:
    """δ of every unit for the sample that last went through the model, read off after `backward()` (G1, J2, J7, D-j).

    LookupError: the model has no layers, or nothing went through them yet.

    >>> from nn import MLP
    >>> model = MLP(2, [2, 1], init=lambda fan_in, rng: 0.5)
    >>> (model([1.0, -2.0]) - 1.0).backward()
    >>> deltas(model)
    layer  unit     z  a  δ
        1     1  -0.5  0  0  dead
        1     2  -0.5  0  0  dead
        2     1     0  0  1
    <BLANKLINE>
    ‖δ‖   layer 1: 0   layer 2: 1
    ‖δ[1]‖ / ‖δ[2]‖ = 0
    2 dead, 0 saturated
    """
    layers = [module for module in model.modules() if isinstance(module, Layer)]
    if not layers:
        raise LookupError(f"{model!r} has no layers to report on")
    report = []
    for i, layer in enumerate(layers, 1):
        if any(neuron.last is None for neuron in layer.neurons):
            raise LookupError(
                "nothing went through the model yet: call it, then backward() on the loss, then deltas() "
                "(a model with checkpoint_every keeps no z and a to report)"
            )
        seen = [neuron.last for neuron in layer.neurons if neuron.last is not None]
        state = _states(layer.activation)
        report.append([Unit(i, j, z.data, float(a), z.grad, state(z.data)) for j, (z, a) in enumerate(seen, 1)])
    return DeltaReport(report)


def _states(activation: Activation) -> Callable[[float], str]:
    """What ails a unit with that activation, by its z."""

    def slope(z: float) -> float:
        alone = Value(z)  # not the unit's own z, from which a sweep would go on to all that lies below
        found: float = gradient(activation.function(alone), alone)
        return found

    if activation.name == "relu":
        return lambda z: "dead" if z <= 0 else ""
    if activation.name in S_SHAPED:
        flat = FLAT * slope(0.0)
        return lambda z: "saturated" if slope(z) < flat else ""
    return lambda z: ""
