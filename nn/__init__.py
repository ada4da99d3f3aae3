"""Neural networks on scalar Values: neurons, layers, multilayer perceptrons, and what trains them."""

# ruff: noqa: E402  # the check must come before the imports that would fail
from .engine import require_pathgrad as _require_pathgrad

_require_pathgrad()

from .initializers import normal, uniform, zeros
from .layers import MLP, Layer, Neuron
from .losses import hinge, squared_norm
from .module import Module, Parameter
from .optimizers import SGD

__all__ = [
    "MLP",
    "SGD",
    "Layer",
    "Module",
    "Neuron",
    "Parameter",
    "hinge",
    "normal",
    "squared_norm",
    "uniform",
    "zeros",
]
