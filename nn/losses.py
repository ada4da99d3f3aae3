"""Losses: plain functions `loss(prediction, target)` that give a Value to call `backward()` on.

Here regression and margins, in cross_entropy.py the likelihoods of classes. A call takes one sample: a prediction that
is one output or a sequence of them, and a target of the same length. To add up or average over samples is the caller's.
Outputs may be numbers; where all of them are, so is the loss. In the formulas y is an output a = φ(z), t its target.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from autograd import Value, dot, log, relu

from .activations import softmax
from .placeholder import Placeholder, placeholders
from .targets import Output, Prediction, Target, class_index, data, looked_at, number, outputs, pairs, total


def half_squared_error(prediction: Prediction, target: Target) -> Value:
    """½ Σ (y − t)². δ = (y − t) φ'(z), which is y − t for a linear output (blocks G1, J3, P1, P2).

    ValueError: lengths that differ, a target that is not finite; TypeError: what is no number. So in every loss.

    >>> half_squared_error([Value(1.0), Value(5.0)], [0.0, 2.0]).data
    5.0
    """
    return 0.5 * squared_error(prediction, target)


def squared_error(prediction: Prediction, target: Target) -> Value:
    """Σ (y − t)². δ = 2 (y − t) φ'(z) (block D-e, where it is E).

    >>> squared_error([Value(1.0), Value(5.0)], [0.0, 2.0]).data
    10.0
    """
    return total([(y - t) ** 2 for y, t in pairs(prediction, target)])


def mean_squared_error(prediction: Prediction, target: Target) -> Value:
    """Σ (y − t)² / n over the n outputs of the sample. δ = 2 (y − t) φ'(z) / n.

    >>> mean_squared_error([Value(1.0), Value(5.0)], [0.0, 2.0]).data
    5.0
    """
    together = pairs(prediction, target)
    return total([(y - t) ** 2 for y, t in together]) / len(together)


def lp_error(prediction: Prediction, target: Target, p: float) -> Value:
    """Σ |t − y|^p for p ≥ 1. δ = −p (t − y) |t − y|^(p−2) φ'(z), and 0 where y = t, whatever p is (block G3).

    p = 2 is `squared_error`; p = 1, with δ = −sign(t − y) φ'(z), minds outliers least. ValueError: p < 1.

    >>> lp_error([Value(1.0), Value(5.0)], [0.0, 2.0], p=3).data
    28.0
    """
    p = number(p, "p")
    if not 1 <= p < math.inf:
        raise ValueError(f"expected a finite p >= 1, got {p:g}: below 1 the slope is infinite where y = t")
    errors: list[Any] = [y - t for y, t in pairs(prediction, target)]
    return total([e**p if p % 2 == 0 else abs(e) ** p for e in errors])  # without abs, e² curves at 0 as it should


def gaussian_nll(prediction: Prediction, target: Target, variance: Output) -> Value:
    """½ Σ [log(2πσ²) + (y − t)² / σ²], the negative log-likelihood of the target under Gaussian noise.

    Over N samples of D outputs this adds up to (N·D/2) log(2πσ²) + E/(2σ²), least at σ² = E/(N·D), where E is the sum
    of `squared_error`. δ = (y − t) φ'(z) / σ² (blocks D-e, D-f).

    Args: `variance` is σ², a number or, to be trained, a Value (such as exp(s) of a parameter s). ValueError: σ² ≤ 0.

    >>> variance = Value(4.0)
    >>> gaussian_nll(Value(3.0), 1.0, variance).backward()
    >>> variance.grad  # (y − t)² is σ² already
    0.0
    """
    variance = variance if isinstance(variance, Value) else number(variance, "the variance")
    if not 0 < data(variance) < math.inf:
        raise ValueError(f"expected a variance > 0 and finite, got {data(variance)!r}")
    errors = [y - t for y, t in pairs(prediction, target)]
    spread = len(errors) * (math.log(2 * math.pi) + log(variance))
    loss: Value = 0.5 * (total([e**2 for e in errors]) / variance + spread)
    return loss


def hinge(prediction: Value, target: float) -> Value:
    """max(0, 1 − target · prediction), for a target of −1 or +1: the max-margin loss of support vector machines.

    δ = −target where the margin target · prediction is below 1, else 0. ValueError: another target.

    >>> hinge(Value(0.25), 1).data, hinge(Value(2.0), 1).data, hinge(Value(0.25), -1).data
    (0.75, 0.0, 1.25)
    """
    if (looked_at(target) if placeholders(target) else target) not in (-1, 1):
        raise ValueError(f"hinge takes a target of -1 or 1, got {target!r}")
    loss: Value = relu(1 - target * prediction)
    return loss


def multiclass_hinge(logits: Prediction, label: float, margin: float = 1.0) -> Value:
    """Σ_{j≠y} max(0, p_j − p_y + margin) with p = softmax(logits) and y the label (block P3).

    The right class is to be more probable than each other one by the margin. δ_j = p_j (g_j − Σ_k g_k p_k), where g is
    ∂L/∂p: 1 for a wrong class inside the margin, 0 for one outside, and for y minus the number of those inside.

    ValueError: fewer than two logits, a label that is not one of 0 … their number − 1, a negative margin.

    >>> multiclass_hinge([Value(0.0), Value(0.0), Value(0.0)], 1, margin=0.5).data
    1.0
    """
    p = softmax(outputs(logits, "logits"))
    hot: list[Placeholder] = label.one_hot(len(p)) if isinstance(label, Placeholder) else []
    right, margin = 0 if hot else class_index(label, len(p)), number(margin, "the margin")
    if len(p) < 2:
        raise ValueError("multiclass_hinge compares two or more logits, got 1; hinge takes a single output")
    if not 0 <= margin < math.inf:
        raise ValueError(f"expected a finite margin >= 0, got {margin:g}")
    if hot:
        p_y = dot(hot, p)
        return total([(1 - h) * relu(p_j - p_y + margin) for h, p_j in zip(hot, p, strict=True)])
    return total([relu(p_j - p[right] + margin) for j, p_j in enumerate(p) if j != right])


def squared_norm(parameters: Iterable[Value]) -> Value:
    """Σ p², the penalty of weight decay (ridge, L2).

    >>> squared_norm([Value(1.0), Value(2.0)]).data
    5.0
    """
    parameters = list(parameters)
    norm: Value = dot(parameters, parameters)
    return norm
