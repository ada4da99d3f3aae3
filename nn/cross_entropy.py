"""Cross-entropies: losses −Σ t log y of predicted probabilities y, of one outcome that may happen or of K classes.

Plain functions for one sample, as in losses.py. A target t of 0 or 1 works: 0 · log 0 = 0. The losses that take logits
z include the sigmoid or the softmax, are finite for every z, and have δ = y − t.
"""

from __future__ import annotations

from typing import Any

from autograd import Value, dot, log, log1p, logsumexp, softplus, where

from .targets import (
    Output,
    Prediction,
    Target,
    allowed,
    data,
    distribution,
    looked_at,
    outputs,
    pairs,
    place,
    total,
    weighted,
)


def binary_cross_entropy(probability: Prediction, target: Target) -> Value:
    """−Σ [t log y + (1 − t) log(1 − y)] for outputs y and targets t in 0 … 1.

    δ = (y − t) / (y (1 − y)) · φ'(z), which is y − t for y = sigmoid(z) (block J3).

    ValueError: numbers outside 0 … 1; y is 0 where t > 0, or 1 where t < 1, so that the loss is infinite.

    >>> y = Value(0.75)
    >>> binary_cross_entropy(y, 1).backward()
    >>> y.grad
    -1.3333333333333333
    """
    terms: list[Any] = []
    for y, t in _probabilities(probability, target):
        terms += weighted(t, log, y, 1.0) + weighted(1 - t, lambda y: log1p(-y), y, 0.0)
    return -total(terms)


def binary_cross_entropy_from_logit(logit: Prediction, target: Target) -> Value:
    """Σ [softplus(z) − t z]: `binary_cross_entropy` of sigmoid(z), finite for every z. δ = sigmoid(z) − t (block J3).

    ValueError: a target outside 0 … 1.

    >>> z = Value(1000.0)
    >>> binary_cross_entropy_from_logit(z, 0).backward()
    >>> z.grad
    1.0
    """
    together = pairs(logit, target, "logit")
    _check_targets(together)
    return total([softplus(z) - t * z if isinstance(t, Value) or t else softplus(z) for z, t in together])


def relative_entropy(probability: Prediction, target: Target) -> Value:
    """Σ [t log(t/y) + (1 − t) log((1 − t)/(1 − y))]: `binary_cross_entropy` less the target's own entropy.

    At its least, y = t, it is 0.
    δ = −[t/y − (1 − t)/(1 − y)] φ'(z), which is −2 (t − y) for φ(z) = ½ (1 + tanh z) (block G3).

    ValueError: as for `binary_cross_entropy`.

    >>> relative_entropy(Value(0.25), 0.25).data, round(relative_entropy(Value(0.5), 1).data, 6)
    (0.0, 0.693147)
    """
    terms: list[Any] = []
    for y, t in _probabilities(probability, target):
        own, other = log(where(t, t, 1.0)), log1p(-where(1 - t, t, 0.0))
        terms += weighted(t, lambda y: own - log(y), y, 1.0)  # noqa: B023  # called before the next turn
        terms += weighted(1 - t, lambda y: other - log1p(-y), y, 0.0)  # noqa: B023
    return total(terms)


def cross_entropy(logits: Prediction, target: Target) -> Value:
    """log Σ exp(z_k) − Σ t_k z_k, which is −Σ t_k log y_k of y = softmax(z), finite for every z.

    δ = y − t (blocks D-g, D-i, J3).

    Args: `target` is a class label 0 … K − 1, or K weights that add up to 1 (one-hot, for one).
    ValueError: a label out of range or not whole; weights that are negative, too few or many, or of another sum.

    >>> logits = [Value(1000.0), Value(-1000.0)]
    >>> cross_entropy(logits, 1).backward()
    >>> [z.grad for z in logits]
    [1.0, -1.0]
    """
    zs = outputs(logits, "logits")
    loss: Value = logsumexp(zs) - _expected(zs, distribution(target, len(zs), "logits"))
    return loss


def cross_entropy_from_probabilities(probabilities: Prediction, target: Target) -> Value:
    """−Σ t_k log y_k, the y_k taken as they come. δ = y − t if they are a softmax (blocks D-g, J3).

    Args, ValueError: as for `cross_entropy`; also y_k outside 0 … 1, or 0 where t_k > 0.

    >>> round(cross_entropy_from_probabilities([Value(0.25), Value(0.75)], 1).data, 6)
    0.287682
    """
    ys = outputs(probabilities, "probabilities")
    return _from_probabilities(ys, distribution(target, len(ys), "probabilities"))


def normalized_cross_entropy(activations: Prediction, target: Target) -> Value:
    """−Σ t_k log y_k of y_k = a_k / Σ a_j, for activations a that are not negative. ∂L/∂a_k = 1/Σ a_j − t_k/a_k.

    The division is the one more step of backprop that block U11 speaks of.

    Args, ValueError: as for `cross_entropy`; also a negative a_k, or 0 where t_k > 0, as a ReLU may give.

    >>> activations = [Value(1.0), Value(3.0)]
    >>> normalized_cross_entropy(activations, 1).backward()
    >>> activations[0].grad, round(activations[1].grad, 6)
    (0.25, -0.083333)
    """
    given = outputs(activations, "activations")
    weights = distribution(target, len(given), "activations")
    for k, a in enumerate(given):
        if data(a) < 0 or (data(a) == 0 and looked_at(weights[k]) > 0):
            raise ValueError(
                f"{place('activations', k, given)} is {data(a):g}: to be normalised activations must be positive; "
                "exp or softplus makes them so"
            )
    given = [allowed(a, t, 0.0) for a, t in zip(given, weights, strict=True)]
    together = total(given)
    return _from_probabilities([a / together for a in given], weights)


def _from_probabilities(ys: list[Output], weights: list[Any]) -> Value:
    terms: list[Any] = []
    for k, (y, t) in enumerate(zip(ys, weights, strict=True)):
        _check_probability(data(y), place("probabilities", k, ys), "softmax")
        if data(y) == 0 and looked_at(t) > 0:
            name, instead = place("probabilities", k, ys), "cross_entropy takes the outputs before the softmax"
            raise _infinite(name, 0, looked_at(t), instead)
        terms += weighted(t, log, allowed(y, t, 0.0, 1.0), 1.0)
    return -total(terms)


def _expected(xs: list[Output], weights: list[Any]) -> Value:
    """Σ t_k x_k, without a node where t_k = 0, or for the product where it is 1."""
    if isinstance(weights[0], Value):
        expected: Value = dot(weights, xs)
        return expected
    return total([x if t == 1 else t * x for x, t in zip(xs, weights, strict=True) if t])


def _probabilities(probability: Prediction, target: Target) -> list[tuple[Output, Any]]:
    together = pairs(probability, target, "probability")
    _check_targets(together)
    for i, (output, given) in enumerate(together):
        y, t, name = data(output), looked_at(given), place("probability", i, together)
        _check_probability(y, name, "sigmoid")
        if (y == 0 and t > 0) or (y == 1 and t < 1):
            raise _infinite(name, y, t, "binary_cross_entropy_from_logit takes the output before the sigmoid")
    return [(allowed(y, t, 0.0, 1.0), t) for y, t in together]


def _check_targets(together: list[tuple[Output, Any]]) -> None:
    for i, (_, t) in enumerate(together):
        if not 0 <= looked_at(t) <= 1:
            raise ValueError(f"expected {place('target', i, together)} in 0 … 1, got {looked_at(t)!r}")


def _check_probability(y: float, name: str, missing: str) -> None:
    if y < 0 or y > 1:  # nan goes through, as it does through the ops
        raise ValueError(f"expected {name} in 0 … 1, got {y!r}; is a {missing} missing?")


def _infinite(name: str, y: float, t: float, instead: str) -> ValueError:
    return ValueError(f"{name} is {y:g} where the target is {t:g}, an infinite loss; {instead} and stays finite")
