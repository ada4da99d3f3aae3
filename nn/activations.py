"""Activations φ, by name: a = φ(z) for each unit, or softmax for a whole layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from autograd import erf, exp, expm1, logsumexp, maximum, minimum, relu, sigmoid, softplus, step, tanh

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772  # Klambauer et al. 2017: mean 0, variance 1 stay so


def linear(z: Any) -> Any:
    """z, for outputs that may be any number; φ' = 1.

    >>> linear(-2.5)
    -2.5
    """
    return z


def leaky_relu(z: Any, slope: float = 0.01) -> Any:
    """z for z > 0, else slope · z: a ReLU that cannot die; φ' is 1 or slope, and slope at 0.

    >>> leaky_relu(3.0), leaky_relu(-3.0)
    (3.0, -0.03)
    """
    return maximum(slope * z, z)  # at a tie the derivative goes to the first


def half_tanh(z: Any) -> Any:
    """½ (1 + tanh z), which is the sigmoid of 2z (exercise G3); φ' = ½ (1 − tanh² z).

    >>> half_tanh(0.0)
    0.5
    """
    return 0.5 * (1.0 + tanh(z))


def selu(z: Any) -> Any:
    """λ z for z > 0, else λ α (exp z − 1): keeps mean 0 and variance 1 from layer to layer (Klambauer et al. 2017).

    >>> round(selu(1.0), 4), round(selu(-1.0), 4)
    (1.0507, -1.1113)
    """
    return SELU_SCALE * (relu(z) + SELU_ALPHA * expm1(minimum(z, 0.0)))


def gelu(z: Any) -> Any:
    """z Φ(z), Φ the normal distribution function: z ½ (1 + erf(z/√2)) (Hendrycks & Gimpel 2016).

    >>> round(gelu(1.0), 4), round(gelu(-1.0), 4)
    (0.8413, -0.1587)
    """
    return z * (0.5 * (1.0 + erf(z / math.sqrt(2.0))))


def softmax(zs: Sequence[Any]) -> list[Any]:
    """exp(z_k) / Σ exp(z_j) for each k, computed as exp(z_k − logsumexp(z)), so that no z is too large (D-g).

    ∂a_k/∂z_j = a_k (δ_kj − a_j). ValueError: there are no inputs.

    >>> [round(a, 12) for a in softmax([1000.0, 1000.0])]
    [0.5, 0.5]
    """
    total = logsumexp(list(zs))
    return [exp(z - total) for z in zs]


class Activation(NamedTuple):
    """One activation: its name, how it is printed, the function, and the gain its initial weights want (J10).

    `of_layer` says that the function takes all pre-activations of a layer at once.
    """

    name: str
    label: str
    function: Callable[[Any], Any]
    gain: float = 1.0
    of_layer: bool = False


ACTIVATIONS = {
    row.name: row
    for row in (
        Activation("linear", "linear", linear),
        Activation("relu", "ReLU", relu, gain=2.0),
        Activation("leaky_relu", "leaky ReLU", leaky_relu, gain=2.0),
        Activation("sigmoid", "sigmoid", sigmoid),
        Activation("tanh", "tanh", tanh),
        Activation("half_tanh", "½(1+tanh)", half_tanh),
        Activation("selu", "SELU", selu),
        Activation("gelu", "GELU", gelu),
        Activation("softplus", "softplus", softplus),
        Activation("softmax", "softmax", softmax, of_layer=True),
        Activation("heaviside", "Heaviside", step),
    )
}


def activation(wanted: str | Callable[[Any], Any] | Activation) -> Activation:
    """The activation of that name, or one made of a function of z.

    ValueError: an unknown name; lists the known ones.

    >>> activation("relu").label, activation(lambda z: z * z).label
    ('ReLU', 'lambda')
    """
    if isinstance(wanted, Activation):
        return wanted
    if isinstance(wanted, str):
        key = wanted.strip().lower().replace(" ", "_").replace("-", "_")
        for row in ACTIVATIONS.values():
            if key in (row.name, row.label.lower()):
                return row
        close = "".join(f"; did you mean {match!r}?" for match in get_close_matches(key, ACTIVATIONS, 1))
        raise ValueError(f"there is no activation {wanted!r}{close or '.'} Known are {', '.join(ACTIVATIONS)}.")
    for row in ACTIVATIONS.values():
        if row.function is wanted:
            return row
    if not callable(wanted):
        raise TypeError(f"expected the name of an activation or a function, got {type(wanted).__name__} {wanted!r}")
    name = str(getattr(wanted, "__name__", None) or getattr(wanted, "name", "custom"))
    return Activation(name, name.strip("<>"), wanted)
