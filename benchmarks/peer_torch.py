"""PyTorch, one thread: the moons step and the digits' gradient."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import peer_digits
import peer_moons
from peer_moons import ALPHA, RATE, START, WEIGHTS, X, Y, contender
from peer_rounds import Contender, repeated

VECTOR, COMPILED = "PyTorch, weights in one vector", "PyTorch, torch.compile"
CXX = shutil.which("g++") or shutil.which("clang++")  # what torch.compile needs


def moons() -> Iterator[Contender]:
    """Three forms: as everybody writes it; with all weights in one vector, so that the penalty and the update are one
    operation each, which is its fastest without a compiler; and gradient and update of that in one torch.compile."""
    import torch
    from torch.nn.functional import linear

    torch.set_num_threads(1)
    x, y = torch.tensor(X), torch.tensor(Y)

    def hinge(arrays: Any, x: Any, y: Any) -> Any:
        w1, b1, w2, b2, w3, b3 = arrays
        hidden = torch.relu(linear(torch.relu(linear(x, w1, b1)), w2, b2))
        return torch.relu(1 - y * linear(hidden, w3, b3)[:, 0]).mean()

    arrays = [torch.tensor(array, requires_grad=True) for array in WEIGHTS.arrays(START)]
    optimizer = torch.optim.SGD(arrays, lr=RATE)

    def usual(rate: float) -> float:
        optimizer.param_groups[0]["lr"] = rate
        optimizer.zero_grad()
        loss = hinge(arrays, x, y) + ALPHA * sum((p * p).sum() for p in arrays)
        loss.backward()
        optimizer.step()
        return loss.item()

    @torch.no_grad()
    def write(flat: Any) -> None:
        for p, new in zip(arrays, WEIGHTS.arrays(flat), strict=True):
            p.copy_(torch.tensor(new))

    def read() -> Any:
        return WEIGHTS.flat([p.detach().numpy() for p in arrays])

    yield contender("PyTorch", peer_moons.repeated(usual), read, write)

    def objective(vector: Any, x: Any, y: Any) -> Any:
        parts = zip(vector.split(WEIGHTS.sizes), WEIGHTS.shapes, strict=True)
        return hinge([part.view(shape) for part, shape in parts], x, y) + ALPHA * vector.dot(vector)

    vector = torch.tensor(WEIGHTS.packed(START), requires_grad=True)

    def one_vector(rate: float) -> float:
        loss = objective(vector, x, y)
        (gradient,) = torch.autograd.grad(loss, vector)
        with torch.no_grad():
            vector.sub_(gradient, alpha=rate)
        return loss.item()

    @torch.no_grad()
    def write_vector(flat: Any) -> None:
        vector.copy_(torch.tensor(WEIGHTS.packed(flat)))

    def read_vector() -> Any:
        return WEIGHTS.unpacked(vector.detach().numpy())

    yield contender(VECTOR, peer_moons.repeated(one_vector), read_vector, write_vector)

    if not CXX:
        return
    rates = {rate: torch.tensor(rate, dtype=torch.float64) for rate in (RATE, 1.0)}

    @torch.compile
    def update(vector: Any, x: Any, y: Any, rate: Any) -> Any:
        gradient, loss = torch.func.grad_and_value(objective)(vector, x, y)
        return loss, vector - rate * gradient

    now = vector.detach().clone()

    @torch.no_grad()
    def compiled(rate: float) -> float:
        nonlocal now
        loss, now = update(now, x, y, rates[rate])
        return loss.item()

    def write_now(flat: Any) -> None:
        nonlocal now
        now = torch.tensor(WEIGHTS.packed(flat))

    yield contender(COMPILED, peer_moons.repeated(compiled), lambda: WEIGHTS.unpacked(now.numpy()), write_now)


def digits() -> Iterator[Contender]:
    """As everybody writes it, and compiled; only the weights' gradients are asked for."""
    import torch
    from torch.nn.functional import cross_entropy, linear

    torch.set_num_threads(1)
    x, labels = torch.tensor(peer_digits.X), torch.tensor(peer_digits.LABELS)
    weights = peer_digits.WEIGHTS
    arrays = [torch.tensor(array, requires_grad=True) for array in weights.arrays(peer_digits.START)]

    def objective(arrays: Any, x: Any, labels: Any) -> Any:
        w1, b1, w2, b2 = arrays
        return cross_entropy(linear(torch.relu(linear(x, w1, b1)), w2, b2), labels)

    def usual() -> Any:
        loss = objective(arrays, x, labels)
        return torch.autograd.grad(loss, arrays), loss

    constant = [array.detach() for array in arrays]
    function = torch.compile(lambda arrays: torch.func.grad_and_value(objective)(arrays, x, labels))

    @torch.no_grad()
    def compiled() -> Any:
        return function(constant)

    for name, work in (("PyTorch", usual), (COMPILED, compiled))[: 2 if CXX else 1]:

        def found(work: Any = work) -> Any:
            gradient, loss = work()
            return [loss.item(), *weights.flat([g.numpy() for g in gradient])]

        yield Contender(name, repeated(work), found)
