"""Neurons, layers of neurons, networks of layers: z = w·x + b, a = max(0, z)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograd import Value, dot

from .initializers import Initializer, Rng, generator, uniform
from .module import Module, Parameter


class Neuron(Module):
    """One unit: relu(w·x + b), or w·x + b where `nonlin` is false.

    Args:
        nin: how many inputs it has.
        nonlin: whether ReLU follows.
        init: draws the weights (the bias starts at 0); uniform in −1 … 1 unless told.
        rng: a `random.Random`, a seed, or None for Python's `random` module.

    Parameters in order: `w`, then `b`. ValueError: the input's width is not `nin`.

    >>> neuron = Neuron(2, rng=0)
    >>> neuron([1.0, -2.0]).data == max(0.0, neuron.w[0].data - 2 * neuron.w[1].data)
    True
    """

    def __init__(
        self, nin: int, nonlin: bool = True, init: Initializer | None = None, rng: Rng | int | None = None
    ) -> None:
        draw, rng = init or uniform(), generator(rng)
        self.w: list[Value] = [Parameter(draw(nin, rng)) for _ in range(nin)]
        self.b: Value = Parameter(0.0)
        self.nonlin = nonlin
        self.name_parameters("")

    def name_parameters(self, place: str) -> None:
        """Call the weights w{place}1, w{place}2, … and the bias b{place}, for diagrams and tables."""
        for i, w in enumerate(self.w, 1):
            w.name = f"w{place}{i}"
        self.b.name = f"b{place}".rstrip("_,")

    def __call__(self, x: Iterable[Any]) -> Value:
        x = tuple(x)
        if len(x) != len(self.w):
            raise ValueError(f"a neuron with {len(self.w)} inputs got {len(x)}")
        z: Value = dot(self.w, x, self.b)  # one node where a sum of products makes 2n; added in the same order
        return z.relu() if self.nonlin else z

    def parameters(self) -> list[Value]:
        return [*self.w, self.b]

    def __repr__(self) -> str:
        return f"{'ReLU' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    """`nout` neurons that read the same `nin` inputs. One neuron gives a Value, several give a list.

    >>> len(Layer(2, 3, rng=0)([1.0, 2.0]))
    3
    """

    def __init__(
        self,
        nin: int,
        nout: int,
        nonlin: bool = True,
        init: Initializer | None = None,
        rng: Rng | int | None = None,
    ) -> None:
        rng = generator(rng)
        self.neurons = [Neuron(nin, nonlin, init, rng) for _ in range(nout)]

    def __call__(self, x: Iterable[Any]) -> Any:
        x = tuple(x)
        outputs = [neuron(x) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def parameters(self) -> list[Value]:
        return [p for neuron in self.neurons for p in neuron.parameters()]

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


class MLP(Module):
    """A multilayer perceptron: ReLU layers, then a linear one. `MLP(2, [16, 16, 1])` has 337 parameters.

    Args: as for `Neuron`; `nouts` are the widths of the layers after the input.

    >>> model = MLP(2, [16, 16, 1], rng=1337)
    >>> len(model.parameters()), type(model([0.5, -1.0])).__name__
    (337, 'Value')
    """

    def __init__(
        self, nin: int, nouts: Sequence[int], init: Initializer | None = None, rng: Rng | int | None = None
    ) -> None:
        rng = generator(rng)
        widths = [nin, *nouts]
        last = len(nouts) - 1
        self.layers = [Layer(widths[i], widths[i + 1], nonlin=i != last, init=init, rng=rng) for i in range(len(nouts))]
        for i, layer in enumerate(self.layers, 1):  # w1_52 is layer 1, unit 5, input 2, as in exercise G1
            comma = "," if max(widths[i - 1], widths[i]) > 9 else ""
            for j, neuron in enumerate(layer.neurons, 1):
                neuron.name_parameters(f"{i}_{j}{comma}")

    def __call__(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x if isinstance(x, Iterable) else (x,))
        return x

    def parameters(self) -> list[Value]:
        return [p for layer in self.layers for p in layer.parameters()]

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(str, self.layers))}]"
