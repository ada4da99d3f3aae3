"""Losses: plain functions `loss(prediction, target)` that give a Value to call `backward()` on."""

from __future__ import annotations

from collections.abc import Iterable

from autograd import Value, dot, relu


def hinge(prediction: Value, target: float) -> Value:
    """max(0, 1 − target · prediction), for a target of −1 or +1: the max-margin loss of support vector machines.

    δ = −target where the margin target · prediction is below 1, else 0. ValueError: another target.

    >>> hinge(Value(0.25), 1).data, hinge(Value(2.0), 1).data, hinge(Value(0.25), -1).data
    (0.75, 0.0, 1.25)
    """
    if target not in (-1, 1):
        raise ValueError(f"hinge takes a target of -1 or 1, got {target!r}")
    loss: Value = relu(1 - target * prediction)
    return loss


def squared_norm(parameters: Iterable[Value]) -> Value:
    """Σ p², the penalty of weight decay (ridge, L2).

    >>> squared_norm([Value(1.0), Value(2.0)]).data
    5.0
    """
    parameters = list(parameters)
    norm: Value = dot(parameters, parameters)
    return norm
