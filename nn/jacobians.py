"""Jacobians of networks: outputs by inputs, outputs or loss by parameters, one layer by its input (block J8)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd import Value, gradient, jacobian, no_grad

from .layers import Layer, Neuron
from .module import Module
from .plots import new_figure
from .targets import data, number, outputs, place
from .units import GaussianLayer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Matrix = Sequence[Sequence[Any]]
SMALL = 8  # more rows or columns than this leave no room for the numbers
TICKS = 12


class ByLayer(NamedTuple):
    """Something for each weight, nested as layer, unit (row), input (column), and for each bias, as layer, unit.

    A layer without biases has an empty list; Gaussian units have their centres as weights.
    """

    weights: list[Any]
    biases: list[Any]


def input_jacobian(model: Callable[[list[Value]], Any], x: Any, create_graph: bool = False) -> list[list[Any]]:
    """∂y_k/∂x_i, a row for each output and a column for each input (blocks J8, U3).

    Args:
        model: a module, or a function of a list of Values.
        x: numbers or Values, leaves or computed; one alone is a row of one.
        create_graph: give Values that can be differentiated again, by the Values in x or by the parameters.

    ValueError: x is empty, or there is no graph, inside no_grad(). TypeError: inputs or outputs of another kind.

    >>> input_jacobian(lambda x: [x[0] * x[1], x[0] + x[1]], [2, 3])
    [[3.0, 2.0], [1.0, 1.0]]
    """
    given = [x] if isinstance(x, Value | str) or not hasattr(x, "__iter__") else list(x)
    if not given:
        raise ValueError("x is empty; give a number for each input of the model")
    xs = [a if isinstance(a, Value) else Value(number(a, place("x", i, given))) for i, a in enumerate(given)]
    found: list[list[Any]] = jacobian(_outputs(model, xs), xs, create_graph)
    return found


def layer_jacobian(layer: Module, x: Any, create_graph: bool = False) -> list[list[Any]]:
    """∂a_j/∂x_i of one layer, a row for each unit: diag(φ'(z)) W, with z = W x + b (block J8).

    Under softmax, whose units depend on each other, the diagonal becomes the matrix a_j (δ_jk − a_k); for Gaussian
    units it is a_j (c_ji − x_i). The layers' Jacobians multiplied, the last one first, are the input Jacobian.

    Args: `layer`, a Layer, Neuron or GaussianLayer; the rest as for `input_jacobian`. TypeError: another kind.

    >>> layer = Layer(2, 2, activation="tanh")
    >>> layer.set([[1, 2], [3, 4]])
    >>> layer_jacobian(layer, [0, 0])  # tanh'(0) = 1
    [[1.0, 2.0], [3.0, 4.0]]
    """
    if not isinstance(layer, Layer | Neuron | GaussianLayer):
        raise TypeError(f"expected one layer, such as model.layers[0], got {layer!r}; input_jacobian takes any model")
    return input_jacobian(layer, x, create_graph)


def parameter_jacobian(model: Module, x: Any, create_graph: bool = False) -> ByLayer:
    """∂y_k/∂w: `weights[k][layer][unit][input]` and `biases[k][layer][unit]` (blocks J8, U9, U10).

    So `[w[l] for w in found.weights]` is the tensor ∂y/∂W[l], and `found.weights[k][l]` its slice for output k.

    Args: as for `input_jacobian`. LookupError: as for `weights_of`.

    >>> layer = Layer(2, 1, activation="linear", rng=0)
    >>> parameter_jacobian(layer, [3.0, 4.0])
    ByLayer(weights=[[[[3.0, 4.0]]]], biases=[[[1.0]]])
    """
    wanted = [weights_of(model), biases_of(model)]  # checks the model too
    rows = jacobian(_outputs(model, x), wanted, create_graph)
    return ByLayer([weights for weights, _ in rows], [biases for _, biases in rows])


def loss_gradient(loss: Value, model: Module, create_graph: bool = False) -> ByLayer:
    """∂L/∂w of a loss that was computed through the model: `weights[layer][unit][input]`, `biases[layer][unit]`.

    The same numbers as `backward()` adds to `grad`, which stays as it is (blocks G1, J8, P1).

    ValueError: the loss has no graph, being a leaf. LookupError: as for `weights_of`.

    >>> layer = Layer(2, 1, activation="linear", init=lambda fan_in, rng: 1.0)
    >>> loss_gradient(0.5 * (layer([3.0, 4.0]) - 5.0) ** 2, layer)
    ByLayer(weights=[[[6.0, 8.0]]], biases=[[2.0]])
    """
    wanted = [weights_of(model), biases_of(model)]
    if isinstance(loss, Value) and loss.op is None:
        raise ValueError(f"the loss {loss.data!r} was computed from nothing; compute it outside of no_grad()")
    return ByLayer(*gradient(loss, wanted, create_graph))


def weights_of(model: Module) -> list[list[list[Value]]]:
    """The weights, nested as layer, unit (row), input (column): the shape in which `jacobian(ys, weights_of(model))`
    and its kin answer. A layer that is used twice is listed once; the weight of x0 is column 0.

    LookupError: the model has no layers, or parameters outside of them, which would go missing.

    >>> [[w.name for w in row] for row in weights_of(Layer(2, 2))[0]]
    [['w1', 'w2'], ['w1', 'w2']]
    """
    return [layer.centers if isinstance(layer, GaussianLayer) else [n.w for n in layer] for layer in _layers(model)]


def biases_of(model: Module) -> list[list[Value]]:
    """The biases, nested as layer, unit; an empty list for a layer that has none. LookupError: as for `weights_of`."""
    return [
        [] if isinstance(layer, GaussianLayer) else [n.b for n in layer if n.b is not None] for layer in _layers(model)
    ]


def plot_jacobian(matrix: Matrix, title: str = "Jacobian", rows: str = "output", columns: str = "input") -> Figure:
    """A matrix as a heat map, blue below 0 and red above it, with the numbers in it where there is room.

    Args: `matrix`, rows of numbers or Values, such as `input_jacobian` gives; `rows` and `columns` say what they are.
    ValueError: rows of different lengths, none, or a number that is not finite.
    """
    table = _table(matrix)
    height, width = len(table), len(table[0])
    small = max(height, width) <= SMALL
    figure = new_figure(max(3.6, min(9.0, 2.0 + 0.7 * width)), max(2.6, min(8.0, 1.2 + 0.5 * height)))
    axes = figure.subplots()
    most = max(abs(a) for row in table for a in row) or 1.0
    image = axes.imshow(table, cmap="RdBu_r", vmin=-most, vmax=most, aspect="auto", interpolation="nearest")
    figure.colorbar(image, format="%.3g").ax.locator_params(nbins=5)
    for j, i in ((j, i) for j in range(height) for i in range(width) if small):
        color = "white" if abs(table[j][i]) > 0.6 * most else "#222222"
        axes.text(i, j, f"{table[j][i]:.3g}", ha="center", va="center", color=color, fontsize="small")
    for axis, count in ((axes.xaxis, width), (axes.yaxis, height)):
        step = math.ceil(count / TICKS)
        places = range(0, count, step)
        axis.set_ticks(places, [str(place + 1) for place in places])
    axes.set(title=title, xlabel=columns, ylabel=rows)
    return figure


def _outputs(model: Any, x: Any) -> list[Value]:
    """What the model gives for x, as Values that can be differentiated."""
    if no_grad.active:
        raise ValueError("a Jacobian needs the graph that no_grad() leaves out; ask for it outside of that block")
    ys = outputs(model(x), "output of the model")
    for k, y in enumerate(ys):
        if not isinstance(y, Value):
            raise TypeError(f"expected Values from the model, got {y!r} as {place('output', k, ys)}: it has no graph")
    return ys  # type: ignore[return-value]  # all are Values


def _layers(model: Module) -> list[GaussianLayer | list[Neuron]]:
    """Every layer once, in the order of `modules()`: Gaussian ones, and others as their neurons."""
    if not isinstance(model, Module):
        raise TypeError(f"expected a model with layers, got {type(model).__name__} {model!r}")
    found: dict[Module, GaussianLayer | list[Neuron]] = {}
    inside: set[Module] = set()
    for module in model.modules():
        if isinstance(module, GaussianLayer):
            found[module] = module
        elif isinstance(module, Layer):
            found[module] = module.neurons
            inside.update(module.neurons)
        elif isinstance(module, Neuron) and module not in inside:
            found[module] = [module]
    if not found:
        raise LookupError(f"{model!r} has no layers to give its parameters rows and columns; use model.parameters()")
    covered = {p for layer in found for p in layer.parameters()}
    for name, p in model.named_parameters().items():
        if p not in covered:
            raise LookupError(f"parameter {name} is in no layer, so it has no row and column; use model.parameters()")
    return list(found.values())


def _table(matrix: Iterable[Iterable[Any]]) -> list[list[float]]:
    table = [[data(a) if isinstance(a, Value) else number(a, "an entry") for a in row] for row in matrix]
    if not table or not table[0] or any(len(row) != len(table[0]) for row in table):
        raise ValueError(f"expected rows of one length, got lengths {[len(row) for row in table]}")
    for j, i in ((j, i) for j, row in enumerate(table) for i, a in enumerate(row) if not math.isfinite(a)):
        raise ValueError(f"the entry of row {j}, column {i} is {table[j][i]} (both count from 0); it has no colour")
    return table
