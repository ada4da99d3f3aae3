"""Neural networks on scalar Values: neurons, layers, multilayer perceptrons, and what trains them."""

# ruff: noqa: E402  # the check must come before the imports that would fail
from .engine import require_pathgrad as _require_pathgrad

_require_pathgrad()

from .activations import ACTIVATIONS, gelu, half_tanh, leaky_relu, selu, softmax
from .initializers import normal, uniform, zeros
from .layers import Layer, Neuron
from .losses import hinge, squared_norm
from .module import Module, Parameter
from .networks import MLP, Sequential, Skip
from .optimizers import SGD
from .units import GaussianLayer, Perceptron

__all__ = [
    "ACTIVATIONS",
    "MLP",
    "SGD",
    "GaussianLayer",
    "Layer",
    "Module",
    "Neuron",
    "Parameter",
    "Perceptron",
    "Sequential",
    "Skip",
    "gelu",
    "half_tanh",
    "hinge",
    "leaky_relu",
    "normal",
    "selu",
    "softmax",
    "squared_norm",
    "uniform",
    "zeros",
]
