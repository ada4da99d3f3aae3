"""What a diagram can fold: the layers of a model and the units in them, with how to recognise their nodes in a graph.

Nothing is recorded while a network computes. A diagram builds one unit's graph on made-up inputs, once, and looks for
the same graph around the unit's own parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any

from autograd import Value, exp

from .layers import Layer, Neuron
from .module import Module
from .units import GaussianLayer


class Part:
    """A layer, with its units as `parts`; or a unit, with `net` from its `inputs` numbers to z.

    `path` is the module's as in `named_parameters`, `label` its number, counted from 1, `note` its activation.
    `activation` goes from z to a or, where `of_layer` holds, from all z of the layer to all a; None where a = z.

    >>> from nn import MLP
    >>> [(part.path, part.label, part.note, len(part.parts)) for part in MLP(2, [3, 1], rng=0).foldable()]
    [('layers.0', '1', '3 ReLU', 3), ('layers.1', '2', '1 linear', 1)]
    """

    def __init__(self, path: str, label: str, note: str, module: Module | None, parameters: list[Value]) -> None:
        self.path, self.label, self.note, self.module, self.parameters = path, label, note, module, parameters
        self.parts: list[Part] = []
        self.inputs = 0
        self.net: Callable[[Sequence[Any]], Any] | None = None
        self.activation: Callable[[Any], Any] | None = None
        self.of_layer = False

    def __repr__(self) -> str:
        return f"Part({self.path or 'model'}: {self.label}, {self.note})"


def parts(model: Module) -> list[Part]:
    """The layers of a model in their order; a neuron outside any layer counts as one. Other modules have none.

    >>> from nn import Neuron
    >>> [(part.label, part.note) for part in parts(Neuron(2, activation="tanh"))]
    [('1', 'tanh')]
    """
    found: list[Part] = []
    seen: set[int] = set()
    for path, module in model.named_modules():
        if id(module) in seen:  # a layer used twice is found under two paths
            continue
        seen.add(id(module))
        label = str(len(found) + 1)
        if isinstance(module, Layer):
            found.append(_layer(path, label, module))
            seen.update(map(id, module.neurons))
        elif isinstance(module, GaussianLayer):
            found.append(_gaussian(path, label, module))
        elif isinstance(module, Neuron):
            found.append(_neuron(path, label, module))
    return found


def _layer(path: str, label: str, layer: Layer) -> Part:
    part = Part(path, label, f"{len(layer.neurons)} {layer.activation.label}", layer, layer.parameters())
    part.of_layer = layer.activation.of_layer
    part.activation = layer.activation.function if part.of_layer else None
    for i, neuron in enumerate(layer.neurons):
        unit = _neuron(f"{path}.neurons.{i}".lstrip("."), f"{label}.{i + 1}", neuron)
        if part.of_layer:
            unit.activation = None
        part.parts.append(unit)
    return part


def _neuron(path: str, label: str, neuron: Neuron) -> Part:
    part = Part(path, label, neuron.activation.label, neuron, neuron.parameters())
    part.inputs, part.net = neuron.nin, neuron.pre_activation
    if neuron.activation.name != "linear":
        part.activation = neuron.activation.function
    if neuron.activation.of_layer:

        def alone(z: Any) -> Any:
            return neuron.activation.function([z])[0]

        part.activation = alone
    return part


def _gaussian(path: str, label: str, layer: GaussianLayer) -> Part:
    part = Part(path, label, f"{len(layer.centers)} Gaussian", layer, layer.parameters())
    for j, center in enumerate(layer.centers):
        unit = Part(f"{path}.centers.{j}".lstrip("."), f"{label}.{j + 1}", "Gaussian", None, list(center))
        unit.inputs, unit.activation = layer.nin, exp

        alone = copy(layer)
        alone.centers = [center]

        def net(x: Sequence[Any], alone: GaussianLayer = alone) -> Any:
            return alone(x)[0].inputs[0]  # z = −½ ‖x − c‖², of which exp is the activation

        unit.net = net
        part.parts.append(unit)
    return part
