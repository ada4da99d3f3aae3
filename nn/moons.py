"""The two-moons demo: 100 points, two interleaved crescents, told apart by 337 parameters and a hinge loss."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from autograd import Value, no_grad

from .initializers import uniform
from .losses import hinge, squared_norm
from .networks import MLP
from .optimizers import SGD


class Step(NamedTuple):
    """What one training step saw before it changed the weights."""

    number: int
    loss: float
    accuracy: float


def points() -> tuple[list[list[float]], list[int]]:
    """The points and their classes −1, +1: scikit-learn's `make_moons(100, noise=0.1)` under seed 1337."""
    from sklearn.datasets import make_moons

    x, y = make_moons(n_samples=100, noise=0.1, random_state=1337)
    return x.tolist(), (2 * y - 1).tolist()


def network() -> MLP:
    """The 2–16–16–1 network with weights uniform in −1 … 1 under seed 1337."""
    return MLP(2, [16, 16, 1], init=uniform(-1, 1), rng=random.Random(1337))


def objective(model: MLP, x: list[list[float]], y: list[int]) -> tuple[Value, float]:
    """The mean hinge loss plus 1e-4 · Σ p², and the share of points on the right side."""
    scores = [model(row) for row in x]
    losses = [hinge(score, target) for score, target in zip(scores, y, strict=True)]
    loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * squared_norm(model.parameters())
    right = sum((score.data > 0) == (target > 0) for score, target in zip(scores, y, strict=True))
    return loss, right / len(y)


def train(model: MLP, x: list[list[float]], y: list[int], steps: int = 100) -> Iterator[Step]:
    """Full-batch gradient descent; the learning rate falls from 1 to 0.1 as 1 − 0.9 k / 100."""
    optimizer = SGD(model.parameters(), learning_rate=1.0)
    for k in range(steps):
        loss, accuracy = objective(model, x, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.learning_rate = 1.0 - 0.9 * k / 100
        optimizer.step()
        yield Step(k, loss.data, accuracy)


def picture(model: MLP, x: list[list[float]], y: list[int], history: list[Step], cells: int = 60) -> Any:
    """A Matplotlib figure: where the network changes its mind, and how the loss fell."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    plane, curve = figure.subplots(1, 2)
    across, up = (
        [low - 0.5 + (high - low + 1.0) * i / cells for i in range(cells + 1)]
        for low, high in ((min(column), max(column)) for column in zip(*x, strict=True))
    )
    with no_grad():
        scores = [[model([a, b]).data for a in across] for b in up]
    edge = max(abs(score) for row in scores for score in row)
    plane.contourf(across, up, scores, levels=[-edge, 0, edge], colors=["#d6e9f8", "#fde6c4"])
    plane.contour(across, up, scores, levels=[0], colors="#222222", linewidths=1.5)
    plane.contour(across, up, scores, levels=[-1, 1], colors="#555555", linewidths=0.8, linestyles="dashed")
    for label, marker, color in ((-1, "o", "#0072b2"), (1, "^", "#d55e00")):
        chosen = [row for row, target in zip(x, y, strict=True) if target == label]
        plane.scatter(
            *zip(*chosen, strict=True), marker=marker, color=color, edgecolors="white", label=f"class {label:+d}"
        )
    plane.set(title="decision boundary (dashed: margin)", xlabel="x1", ylabel="x2")
    plane.legend(loc="upper right")
    curve.semilogy([step.number for step in history], [step.loss for step in history], color="#222222")
    curve.set(title="loss", xlabel="step")
    curve.grid(alpha=0.3)
    return figure
