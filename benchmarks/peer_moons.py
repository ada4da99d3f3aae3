"""A training step of the two-moons network: 100 rows, 2–16–16–1, hinge + L2, gradient and update."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import peer_rounds
from common import moons  # puts the checkout first on the path
from peer_rounds import Contender
from peer_weights import Weights

import nn
from autograd import Value, relu
from autograd.tape import Tape
from nn.moons import network, objective

ALPHA, RATE = 1e-4, 1e-12  # a rate at which the weights, and with them the rows within the margin, stay what they are
POINTS, CLASSES = moons()
X, Y = np.array(POINTS), np.array(CLASSES, dtype=float)
ROWS = np.column_stack([X, Y])
WEIGHTS = Weights(2, 16, 16, 1)
START = np.array([p.data for p in network().parameters()])
TAPE, NUMPY = "tape, compiled", "tape, NumPy"


def contender(
    name: str, step: Callable[[float, int], Any], read: Callable[[], Any], write: Callable[[Any], None], at: Any = START
) -> Contender:
    """`step(rate, count)` gives the last step's loss; `read` and `write` take the weights neuron by neuron; `at` are
    those that it is timed at."""

    def found() -> Any:
        write(START)
        loss = float(step(1.0, 1))
        gradient = START - read()
        write(at)
        return np.array([loss, *gradient])

    return Contender(name, lambda count: step(RATE, count), found)


def repeated(step: Callable[[float], Any]) -> Callable[[float, int], Any]:
    """The loop over steps in Python, as users write it."""

    def steps(rate: float, count: int) -> Any:
        for _ in range(count):
            loss = step(rate)
        return loss

    return steps


def recorded() -> tuple[Value, list[Value], list[Value]]:
    """The loss of one row, whose mean over the rows is the whole; the row's columns; and the parameters."""
    model = network()
    columns, target = [Value(0.0, "x1"), Value(0.0, "x2")], Value(1.0, "t")
    loss = relu(1 - target * model(columns)) + ALPHA * nn.squared_norm(model.parameters())
    return loss, [*columns, target], model.parameters()


def tapes() -> Iterator[Contender]:
    def one(name: str, executor: str) -> Contender:
        tape = Tape(*recorded(), executor=executor)
        tape.threads = 1

        def step(rate: float) -> Any:
            value, gradient = tape.value_and_gradient(ROWS, reduce="mean")
            tape.parameters -= rate * gradient
            return value

        def write(flat: Any) -> None:
            tape.parameters[:] = flat

        return contender(name, repeated(step), lambda: tape.parameters.copy(), write)

    yield one(TAPE, "compiled")
    yield one(NUMPY, "numpy")
    yield one("tape, plain Python", "python")


def passes() -> Iterator[Contender]:
    """The gradient and the forward pass of the same tape."""
    tape = Tape(*recorded(), executor="compiled")
    tape.threads = 1
    yield Contender(TAPE, peer_rounds.repeated(lambda: tape.value_and_gradient(ROWS, reduce="mean")), list)
    yield Contender("forward", peer_rounds.repeated(lambda: tape.forward(ROWS)), list)


def eager() -> Iterator[Contender]:
    model = network()
    optimizer = nn.SGD(model.parameters(), learning_rate=RATE)

    def step(rate: float) -> float:
        loss, _ = objective(model, POINTS, CLASSES)
        optimizer.zero_grad()
        loss.backward()
        optimizer.learning_rate = rate
        optimizer.step()
        return loss.data

    yield _of_objects("eager Values", model.parameters(), step)


def micrograd() -> Iterator[Contender]:
    """The step of its demo, on its own engine."""
    from eager import loss_of
    from micrograd.engine import Value
    from micrograd.nn import MLP

    random.seed(0)
    model = MLP(2, [16, 16, 1])

    def step(rate: float) -> float:
        loss = loss_of(Value, model, POINTS, CLASSES)
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= rate * p.grad
        return loss.data

    yield _of_objects("micrograd", model.parameters(), step)


def _of_objects(name: str, parameters: list[Any], step: Callable[[float], float]) -> Contender:
    def write(flat: Any) -> None:
        for p, number in zip(parameters, flat.tolist(), strict=True):
            p.data = number

    return contender(name, repeated(step), lambda: np.array([p.data for p in parameters]), write)
