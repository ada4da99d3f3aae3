"""Networks: layers one behind the other, and what else may stand in the row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import checkpoint

from .activations import Activation
from .checks import whole
from .initializers import Initializer, Rng, generator
from .layers import Bias, Layer
from .module import Module

Stage = Callable[[Any], Any]
Wanted = str | Callable[[Any], Any] | Activation


class MLP(Module):
    """A multilayer perceptron. `MLP(2, [16, 16, 1])` is micrograd's: ReLU layers, then a linear one.

    Args:
        nin: how many inputs it has.
        nouts: the widths of the layers after the input.
        init, rng, bias: as for `Neuron`.
        activation: of the hidden layers, the last staying linear; or a list with one for each layer.
        output: of the last layer.
        checkpoint_every: of so many layers at a time the graph is not kept but rebuilt for the gradient, which is the
            same (`autograd.checkpoint`, block P4); the δ report then has nothing to read.

    ValueError: no layer, or not as many activations as layers.

    >>> MLP(2, [16, 16, 1], rng=1337)
    MLP(2 → 16 ReLU → 16 ReLU → 1 linear, 337 parameters)
    >>> MLP(4, [8, 3], activation="tanh", output="softmax", rng=0)
    MLP(4 → 8 tanh → 3 softmax, 67 parameters)
    """

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        init: Initializer | None = None,
        rng: Rng | int | None = None,
        activation: Wanted | Sequence[Wanted] | None = None,
        output: Wanted | None = None,
        bias: Bias = True,
        checkpoint_every: int | None = None,
    ) -> None:
        if isinstance(nouts, int) or not nouts:
            raise ValueError(f"expected the widths of the layers, such as [16, 16, 1], got {nouts!r}")
        self.checkpoint_every = None if checkpoint_every is None else whole("checkpoint_every", checkpoint_every, 1)
        rng = generator(rng)
        widths = [nin, *nouts]
        chosen = _for_each_layer(activation, output, len(nouts))
        self.layers = [
            Layer(widths[i], widths[i + 1], i + 1 < len(nouts), init, rng, chosen[i], bias) for i in range(len(nouts))
        ]
        for i, layer in enumerate(self.layers):
            layer.name_parameters(i + 1, "," if max(widths[i : i + 2]) > 9 else "")

    def __call__(self, x: Any) -> Any:
        if self.checkpoint_every is None:
            return _through(self.layers, x)
        for i in range(0, len(self.layers), self.checkpoint_every):
            x = checkpoint(_forgetful, self.layers[i : i + self.checkpoint_every], x)
        return x

    def __repr__(self) -> str:
        row = " → ".join(f"{len(layer.neurons)} {layer.activation.label}" for layer in self.layers)
        return f"MLP({self.layers[0].nin} → {row}, {len(self.parameters())} parameters)"


def _through(layers: Iterable[Stage], x: Any) -> Any:
    for layer in layers:
        x = layer(x)
    return x


def _forgetful(layers: Sequence[Layer], x: Any) -> Any:
    """The same, but no neuron remembers its z and a: they would keep the graph that is to be dropped."""
    x = _through(layers, x)
    for layer in layers:
        for neuron in layer.neurons:
            neuron.last = None
    return x


def _for_each_layer(wanted: Wanted | Sequence[Wanted] | None, output: Wanted | None, count: int) -> list[Wanted | None]:
    if isinstance(wanted, list | tuple) and not isinstance(wanted, Activation):
        if len(wanted) != count or output is not None:
            given = f"{len(wanted)}{' and an output besides' if output is not None else ''}"
            raise ValueError(f"expected an activation for each of the {count} layers, got {given}")
        return list(wanted)
    # where any is named, the last layer is named too, so that its weights are drawn alike
    last = output if output is not None else None if wanted is None else "linear"
    return [*[wanted] * (count - 1), last]  # type: ignore[list-item]  # lists were dealt with above


class Sequential(Module):
    """Modules and plain functions one behind the other.

    >>> from autograd import tanh
    >>> model = Sequential(Layer(2, 1, nonlin=False, rng=0), tanh)
    >>> len(model.parameters()), -1 < model([1.0, 2.0]).data < 1
    (3, True)
    """

    def __init__(self, *stages: Stage) -> None:
        for stage in stages:
            if not callable(stage):
                raise TypeError(f"expected modules and functions, got {type(stage).__name__} {stage!r}")
        self.stages = list(stages)

    def __call__(self, x: Any) -> Any:
        return _through(self.stages, x)

    def __repr__(self) -> str:
        stages = (getattr(stage, "__name__", None) or repr(stage) for stage in self.stages)
        return f"Sequential({', '.join(stages)})"


class Skip(Module):
    """A skip connection, x + f(x): the gradient has a path around f (He et al. 2016).

    ValueError: f gives another width than it takes.

    >>> Skip(Layer(2, 2, init=lambda fan_in, rng: 0.0))([1.0, 2.0])[1].data
    2.0
    """

    def __init__(self, inner: Stage) -> None:
        self.inner = inner

    def __call__(self, x: Any) -> Any:
        if not isinstance(x, Iterable):
            return x + self.inner(x)
        x = list(x)
        y = self.inner(x)
        y = list(y) if isinstance(y, Iterable) else [y]
        if len(x) != len(y):
            raise ValueError(
                f"a skip connection adds what comes in to what goes out, but {len(x)} came in, {len(y)} out"
            )
        return [a + b for a, b in zip(x, y, strict=True)]

    def __repr__(self) -> str:
        return f"Skip({self.inner!r})"
