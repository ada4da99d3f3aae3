"""Neurons and layers of neurons: z = w·x + b, a = φ(z)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from autograd import Value, dot

from .activations import ACTIVATIONS, Activation, activation
from .initializers import Initializer, Rng, default_for, generator, uniform
from .module import Module, Parameter

Bias = bool | Literal["x0"]


class Neuron(Module):
    """One unit, a = φ(w·x + b).

    Args:
        nin: how many inputs it has.
        nonlin: ReLU or, if false, nothing; micrograd's argument, for which `activation` is the general form.
        activation: a name or a function.
        bias: whether it has one; "x0" makes it a weight `w[0]` of an extra input x0 = 1 (exercise D).
        init: draws the weights (the bias starts at 0). Unless told it is micrograd's uniform in −1 … 1 where no
            activation is named, and Gaussian of variance gain / nin, with the activation's gain, where one is (J10).
        rng: a `random.Random`, a seed, or None for Python's `random` module.

    Parameters in order: `w`, then `b`. ValueError: the input's width is not `nin`.

    >>> neuron = Neuron(2, activation="tanh", rng=0)
    >>> neuron, neuron([0.0, 0.0]).data
    (Neuron(2 → tanh, 3 parameters), 0.0)
    """

    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        init: Initializer | None = None,
        rng: Rng | int | None = None,
        activation: str | Callable[[Any], Any] | Activation | None = None,
        bias: Bias = True,
    ) -> None:
        if not isinstance(nin, int) or nin < 1:
            raise ValueError(f"expected a whole number of inputs from 1 up, got {nin!r}")
        if bias not in (True, False, "x0"):
            raise ValueError(f"bias is True, False or 'x0', got {bias!r}")
        self.activation = _chosen(activation, nonlin)
        draw = init or (uniform() if activation is None else default_for(self.activation))
        rng = generator(rng)
        self.nin, self.bias = nin, bias
        self.w: list[Value] = [Parameter(draw(nin, rng)) for _ in range(nin)]
        if bias == "x0":
            self.w.insert(0, Parameter(0.0))
        self.b: Value | None = Parameter(0.0) if bias is True else None
        self.last: tuple[Value, Any] | None = None  # z and a of the last call, for the δ report
        self.name_parameters("")

    def name_parameters(self, place: str) -> None:
        """Call the weights w{place}1, w{place}2, … (x0's w{place}0) and the bias b{place}, for diagrams and tables."""
        for i, w in enumerate(self.w, 0 if self.bias == "x0" else 1):
            w.name = f"w{place}{i}"
        if self.b is not None:
            self.b.name = f"b{place}".rstrip("_,")

    def pre_activation(self, x: Iterable[Any]) -> Value:
        """z = w·x + b: one node, where a sum of products would be 2n; added in the same order."""
        x = tuple(x)
        if len(x) != self.nin:
            raise ValueError(f"a neuron with {self.nin} input{'s' * (self.nin > 1)} got {len(x)}")
        z: Value = dot(self.w, (1.0, *x) if self.bias == "x0" else x, self.b)
        return z

    def __call__(self, x: Iterable[Any]) -> Any:
        z = self.pre_activation(x)
        a = self.activation.function([z])[0] if self.activation.of_layer else self.activation.function(z)
        self.last = (z, a)
        return a

    def set(self, weights: Iterable[Any], bias: float | None = None) -> None:
        """Give the parameters these numbers. ValueError: there are not as many."""
        numbers = list(weights)
        if len(numbers) != len(self.w):
            raise ValueError(f"a neuron with {len(self.w)} weights was given {len(numbers)}")
        if bias is not None and self.b is None:
            raise ValueError(f"a neuron without a bias was given {bias!r} as its bias")
        for w, number in zip(self.w, numbers, strict=True):
            w.data = number
        if bias is not None and self.b is not None:
            self.b.data = bias

    def __repr__(self) -> str:
        return f"Neuron({self.nin} → {self.activation.label}, {_count(self)})"


class Layer(Module):
    """`nout` neurons that read the same `nin` inputs. One neuron gives a Value, several give a list.

    Args: as for `Neuron`.

    >>> layer = Layer(2, 3, activation="softmax", rng=0)
    >>> layer, round(sum(layer([1.0, 2.0])).data, 12)
    (Layer(2 → 3 softmax, 9 parameters), 1.0)
    """

    def __init__(
        self,
        nin: int,
        nout: int,
        nonlin: bool = True,
        init: Initializer | None = None,
        rng: Rng | int | None = None,
        activation: str | Callable[[Any], Any] | Activation | None = None,
        bias: Bias = True,
    ) -> None:
        if not isinstance(nout, int) or nout < 1:
            raise ValueError(f"expected a whole number of units from 1 up, got {nout!r}")
        rng = generator(rng)
        self.nin, self.activation = nin, _chosen(activation, nonlin)
        self.neurons = [Neuron(nin, nonlin, init, rng, activation, bias) for _ in range(nout)]

    def name_parameters(self, number: int, comma: str) -> None:
        """Call the weight of input i of unit j w{number}_ji: w1_52 is layer 1, unit 5, input 2, as in exercise G1."""
        for j, neuron in enumerate(self.neurons, 1):
            neuron.name_parameters(f"{number}_{j}{comma}")

    def __call__(self, x: Any) -> Any:
        x = tuple(x) if isinstance(x, Iterable) else (x,)
        if self.activation.of_layer:
            zs = [neuron.pre_activation(x) for neuron in self.neurons]
            outputs = self.activation.function(zs)
            for neuron, z, a in zip(self.neurons, zs, outputs, strict=True):
                neuron.last = (z, a)
        else:
            outputs = [neuron(x) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    @property
    def weights(self) -> list[list[float]]:
        """The weights' numbers, a row for each unit."""
        return [[w.data for w in neuron.w] for neuron in self.neurons]

    def set(self, weights: Sequence[Iterable[Any]], biases: Sequence[float] | None = None) -> None:
        """Give the parameters these numbers: a row of weights for each unit, a bias for each unit.

        Nested lists or an array. ValueError: the shape is another; then nothing is changed.

        >>> layer = Layer(2, 2, rng=0)
        >>> layer.set([[1, 2], [3, 4]], [0, -1])
        >>> layer.weights, [neuron.b.data for neuron in layer.neurons]
        ([[1.0, 2.0], [3.0, 4.0]], [0.0, -1.0])
        """
        rows = [list(row) for row in weights]
        shape = (len(self.neurons), len(self.neurons[0].w))
        if len(rows) != shape[0] or any(len(row) != shape[1] for row in rows):
            raise ValueError(f"expected {shape[0]} rows of {shape[1]} weights, got rows of {[len(r) for r in rows]}")
        if biases is not None and len(biases) != shape[0]:
            raise ValueError(f"expected {shape[0]} biases, got {len(biases)}")
        for i, (neuron, row) in enumerate(zip(self.neurons, rows, strict=True)):
            neuron.set(row, None if biases is None else biases[i])

    def __repr__(self) -> str:
        return f"Layer({self.nin} → {len(self.neurons)} {self.activation.label}, {_count(self)})"


def _chosen(wanted: str | Callable[[Any], Any] | Activation | None, nonlin: bool) -> Activation:
    if wanted is None:
        return ACTIVATIONS["relu" if nonlin else "linear"]
    return activation(wanted)


def _count(module: Module) -> str:
    return f"{len(module.parameters())} parameters"
