"""JAX's jit, one thread (XLA_FLAGS in peers.py): the moons step and the digits' gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import peer_digits
from peer_moons import ALPHA, START, WEIGHTS, X, Y, contender
from peer_rounds import Contender, repeated

JIT, LOOP = "JAX jit", "JAX jit, the loop inside"


def _jax() -> Any:
    import jax

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_cpu_enable_async_dispatch", False)  # handing over to another thread takes longer
    return jax


def moons() -> Iterator[Contender]:
    """Gradient and update in one jit, all weights in one vector, which takes least time to call: once a step, or with
    the loop over steps inside as well, by lax.fori_loop, which is its fastest."""
    jax = _jax()
    import jax.numpy as jnp

    x, y = jnp.array(X), jnp.array(Y)

    def objective(vector: Any) -> Any:
        parts = zip(jnp.split(vector, WEIGHTS.cuts), WEIGHTS.shapes, strict=True)
        w1, b1, w2, b2, w3, b3 = [part.reshape(shape) for part, shape in parts]
        hidden = jax.nn.relu(jax.nn.relu(x @ w1.T + b1) @ w2.T + b2)
        return jax.nn.relu(1 - y * (hidden @ w3[0] + b3)).mean() + ALPHA * vector @ vector

    @jax.jit
    def update(vector: Any, rate: Any) -> Any:
        loss, gradient = jax.value_and_grad(objective)(vector)
        return vector - rate * gradient, loss

    @jax.jit
    def updates(vector: Any, rate: Any, count: Any) -> Any:
        return jax.lax.fori_loop(0, count, lambda _, now: update(now[0], rate), (vector, 0.0))

    def once_a_step(vector: Any, rate: float, count: int) -> Any:
        for _ in range(count):
            vector, loss = update(vector, rate)
            loss.block_until_ready()  # so that the loop may look at it, as the others' may
        return vector, loss

    def inside(vector: Any, rate: float, count: int) -> Any:
        vector, loss = updates(vector, rate, count)
        return vector, loss.block_until_ready()

    def one(name: str, steps: Callable[[Any, float, int], Any]) -> Contender:
        now = jnp.array(WEIGHTS.packed(START))

        def run(rate: float, count: int) -> Any:
            nonlocal now
            now, loss = steps(now, rate, count)
            return loss

        def write(flat: Any) -> None:
            nonlocal now
            now = jnp.array(WEIGHTS.packed(flat))

        return contender(name, run, lambda: WEIGHTS.unpacked(now), write)

    yield one(JIT, once_a_step)
    yield one(LOOP, inside)


def digits() -> Iterator[Contender]:
    """With one-hot targets, which is faster here than picking the labels' entries."""
    jax = _jax()
    import jax.numpy as jnp

    x, targets, weights = jnp.array(peer_digits.X), jnp.array(peer_digits.TARGETS), peer_digits.WEIGHTS

    @jax.jit
    @jax.value_and_grad
    def function(arrays: Any) -> Any:
        w1, b1, w2, b2 = arrays
        logits = jax.nn.relu(x @ w1.T + b1) @ w2.T + b2
        return (jax.nn.logsumexp(logits, axis=1) - (targets * logits).sum(axis=1)).mean()

    arrays = [jnp.array(array) for array in weights.arrays(peer_digits.START)]

    def found() -> Any:
        loss, gradient = function(arrays)
        return [float(loss), *weights.flat(gradient)]

    yield Contender(JIT, repeated(lambda: jax.block_until_ready(function(arrays))), found)
