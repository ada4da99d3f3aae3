"""The two-moons demo: 100 points, two interleaved crescents, told apart by 337 parameters and a hinge loss."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from autograd import Value

from .boundary import draw_boundary
from .initializers import uniform
from .losses import hinge, squared_norm
from .networks import MLP
from .optimizers import SGD
from .plots import new_figure


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
    figure = new_figure(9, 3.6)
    plane, curve = figure.subplots(1, 2)
    draw_boundary(plane, model, x, y, cells, margin=True)
    curve.semilogy([step.number for step in history], [step.loss for step in history], color="#222222")
    curve.set(title="loss", xlabel="step")
    curve.grid(alpha=0.3)
    return figure
