"""Value and gradient of a 64–32–10 network on 1437 digits: softmax cross-entropy, mean over the rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import common  # noqa: F401  # puts the checkout first on the path
import numpy as np
from peer_rounds import Contender, repeated
from peer_weights import Weights

import nn
from autograd import Value, dot, logsumexp
from autograd.tape import Tape

SEED, HELD_OUT = 0, 360
TAPE, TWO = "tape, compiled", "tape, compiled, two threads"


def digits() -> Any:
    """The pixels, from 0 to 1, and the labels of the rows to learn from, then those of the rows held out."""
    found = nn.datasets.digits()
    x, labels = np.array(found.x) / 16, np.array(found.y)
    order = np.random.default_rng(SEED).permutation(len(x))
    learn, held = order[HELD_OUT:], order[:HELD_OUT]
    return x[learn], labels[learn], x[held], labels[held]


X, LABELS, _, _ = digits()
TARGETS = np.eye(10)[LABELS]
ROWS = np.hstack([X, TARGETS])
WEIGHTS = Weights(64, 32, 10)


def recorded() -> tuple[Value, list[Value], list[Value]]:
    """The loss of one row, its columns, and the parameters."""
    model = nn.MLP(64, [32, 10], rng=SEED)
    columns, targets = [Value(0.0) for _ in range(64)], [Value(0.1) for _ in range(10)]
    logits = model(columns)
    return logsumexp(logits) - dot(targets, logits), [*columns, *targets], model.parameters()


START = np.array([p.data for p in nn.MLP(64, [32, 10], rng=SEED).parameters()])


def tapes() -> Iterator[Contender]:
    def one(name: str, executor: str, threads: int) -> Contender:
        tape = Tape(*recorded(), executor=executor)
        tape.threads = threads

        def found() -> Any:
            value, gradient = tape.value_and_gradient(ROWS, reduce="mean")
            return [value, *gradient]

        return Contender(name, repeated(lambda: tape.value_and_gradient(ROWS, reduce="mean")), found)

    yield one(TAPE, "compiled", 1)
    yield one(TWO, "compiled", 2)
    yield one("tape, NumPy", "numpy", 1)


def passes() -> Iterator[Contender]:
    """The gradient and the forward pass of the same tape."""
    tape = Tape(*recorded(), executor="compiled")
    tape.threads = 1
    yield Contender(TAPE, repeated(lambda: tape.value_and_gradient(ROWS, reduce="mean")), list)
    yield Contender("forward", repeated(lambda: tape.forward(ROWS)), list)
