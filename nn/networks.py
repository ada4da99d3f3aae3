"""Networks: layers one behind the other, and what else may stand in the row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .activations import Activation
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
    ) -> None:
        if isinstance(nouts, int) or not nouts:
            raise ValueError(f"expected the widths of the layers, such as [16, 16, 1], got {nouts!r}")
        rng = generator(rng)
        widths = [nin, *nouts]
        chosen = _for_each_layer(activation, output, len(nouts))
        self.layers = [
            Layer(widths[i], widths[i + 1], i + 1 < len(nouts), init, rng, chosen[i], bias) for i in range(len(nouts))
        ]
        for i, layer in enumerate(self.layers):
            layer.name_parameters(i + 1, "," if max(widths[i : i + 2]) > 9 else "")

    def __call__(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x

    def __repr__(self) -> str:
        row = " → ".join(f"{len(layer.neurons)} {layer.activation.label}" for layer in self.layers)
        return f"MLP({self.layers[0].nin} → {row}, {len(self.parameters())} parameters)"


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
        for stage in self.stages:
            x = stage(x)
        return x

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
