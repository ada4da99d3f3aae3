"""Neural networks on scalar Values: neurons, layers, multilayer perceptrons, and what trains them."""

# ruff: noqa: E402  # the check must come before the imports that would fail
from .engine import require_pathgrad as _require_pathgrad

_require_pathgrad()

from . import curvature, datasets, initializers, plots, schedules, toys
from .activations import ACTIVATIONS, gelu, half_tanh, leaky_relu, selu, softmax
from .ascent import Ascent, ascend_input, plot_ascent
from .boundary import decision_boundary, draw_boundary
from .clipping import clip_gradient_values, clip_gradients
from .compiled import compile as compile  # not in __all__: a star import leaves Python's own in place
from .cross_entropy import (
    binary_cross_entropy,
    binary_cross_entropy_from_logit,
    cross_entropy,
    cross_entropy_from_probabilities,
    normalized_cross_entropy,
    relative_entropy,
)
from .curvature import *  # noqa: F403  # its own list says what is public
from .data import minibatches, one_hot
from .deltas import deltas
from .history import History
from .initializers import normal, scaled_uniform, truncated_normal, uniform, zeros
from .jacobians import (
    ByLayer,
    biases_of,
    input_jacobian,
    layer_jacobian,
    loss_gradient,
    parameter_jacobian,
    plot_jacobian,
    weights_of,
)
from .layers import Layer, Neuron
from .losses import (
    gaussian_nll,
    half_squared_error,
    hinge,
    lp_error,
    mean_squared_error,
    multiclass_hinge,
    squared_error,
    squared_norm,
)
from .module import Module, Parameter
from .networks import MLP, Sequential, Skip
from .optimizers import SGD, Adam, AdamW, Optimizer, RMSProp
from .plots import delta_norms, hidden_units, learning_curves
from .splitting import split
from .standardizer import Standardizer
from .steps import TrainingError
from .storage import load, save
from .surface import loss_surface
from .training import fit
from .units import GaussianLayer, Perceptron

__all__ = [
    "ACTIVATIONS",
    "MLP",
    "SGD",
    "Adam",
    "AdamW",
    "GaussianLayer",
    "History",
    "Layer",
    "Module",
    "Neuron",
    "Optimizer",
    "Parameter",
    "Perceptron",
    "RMSProp",
    "Sequential",
    "Skip",
    "Standardizer",
    "TrainingError",
    "binary_cross_entropy",
    "binary_cross_entropy_from_logit",
    "clip_gradient_values",
    "clip_gradients",
    "cross_entropy",
    "cross_entropy_from_probabilities",
    "datasets",
    "decision_boundary",
    "delta_norms",
    "deltas",
    "draw_boundary",
    "fit",
    "gaussian_nll",
    "gelu",
    "half_squared_error",
    "half_tanh",
    "hidden_units",
    "hinge",
    "initializers",
    "leaky_relu",
    "learning_curves",
    "load",
    "loss_surface",
    "lp_error",
    "mean_squared_error",
    "minibatches",
    "multiclass_hinge",
    "normal",
    "normalized_cross_entropy",
    "one_hot",
    "plots",
    "relative_entropy",
    "save",
    "scaled_uniform",
    "schedules",
    "selu",
    "softmax",
    "split",
    "squared_error",
    "squared_norm",
    "toys",
    "truncated_normal",
    "uniform",
    "zeros",
    "curvature",
    "Ascent",
    "ascend_input",
    "plot_ascent",
    "ByLayer",
    "biases_of",
    "input_jacobian",
    "layer_jacobian",
    "loss_gradient",
    "parameter_jacobian",
    "plot_jacobian",
    "weights_of",
    *curvature.__all__,
]
