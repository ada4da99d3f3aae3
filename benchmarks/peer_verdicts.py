"""What of the times counts for which target."""

from __future__ import annotations

from typing import Any

import peer_c
import peer_digits
import peer_jax
import peer_moons
import peer_torch
from peer_growth import SIZES
from peer_moons import TAPE
from peer_rounds import ratio
from peer_targets import Targets

Times = dict[str, dict[int, float]]


def times_as_long(times: Times, name: str, base: str = TAPE) -> float | None:
    return ratio(times[name], times[base]) if name in times and base in times else None


def judged_moons(targets: Targets, times: Times) -> None:
    step = "moons training step, "
    targets.above(f"{step}JAX's jit beside the tape", times_as_long(times, peer_jax.JIT))
    targets.above(f"{step}JAX with the loop over steps inside the jit too", times_as_long(times, peer_jax.LOOP))
    targets.at_least(f"{step}PyTorch, as it is usually written", times_as_long(times, "PyTorch"), 10)
    targets.at_least(f"{step}PyTorch, all weights in one vector", times_as_long(times, peer_torch.VECTOR), 10)
    targets.without(f"{step}PyTorch, torch.compile", times_as_long(times, peer_torch.COMPILED))
    targets.at_most(f"{step}the tape beside C by hand", times_as_long(times, TAPE, peer_c.BY_HAND), 3)
    late = times_as_long(times, TAPE, peer_c.TRAINED)
    targets.at_most(f"{step}the same where training ends and C skips most rows", late, 3)
    targets.at_least(f"{step}micrograd", times_as_long(times, "micrograd"), 20_000)
    targets.at_most(f"{step}tape on NumPy beside PyTorch", times_as_long(times, peer_moons.NUMPY, "PyTorch"), 2)
    fast = times_as_long(times, peer_moons.NUMPY, peer_torch.VECTOR)
    targets.at_most(f"{step}tape on NumPy beside PyTorch, all weights in one vector", fast, 2)


def judged_digits(targets: Targets, times: Times, learnt: Any) -> None:
    what = "digits, value and gradient, the tape beside "
    targets.at_most(f"{what}PyTorch", times_as_long(times, TAPE, "PyTorch"), 1.3)
    targets.at_most(f"{what}PyTorch, torch.compile", times_as_long(times, TAPE, peer_torch.COMPILED), 1.3)
    targets.without(f"{what}JAX's jit", times_as_long(times, TAPE, peer_jax.JIT))
    targets.without("digits, the tape with two threads beside one", times_as_long(times, peer_digits.TWO))
    targets.at_least("digits, accuracy on 360 images held out", 100 * learnt["accuracy"], 96, " %")
    targets.below(f"digits, seconds of that training, {learnt['epochs']} epochs", learnt["seconds"], 10, " s")


def judged_growth(targets: Targets, found: Any) -> None:
    most = str(SIZES[-1])
    first = "first gradient of a new graph of 1000 nodes"
    for graph in ("chain", "terms", "network"):
        targets.below(f"{first} ({graph}), kernel loaded", 1e3 * found[f"first, {graph}"], 50, " ms")
    targets.without(f"{first}, in a new process, which imports NumPy", 1e3 * found["first, new process"], " ms")
    loading = 1e3 * found["first, loading the kernel"]
    targets.without(f"{first}, loading the kernel from the cache", loading, " ms")
    for graph in ("chain", "terms", "network"):
        large, small = found[graph][most], found[graph]["10000"]
        whole = large["record"] + large["gradient"]
        targets.below(f"recording and preparing the gradient of 10⁶ nodes ({graph})", whole, 10, " s")
        per_node = whole / large["ops"] / ((small["record"] + small["gradient"]) / small["ops"])
        targets.without(f"the same, processor time ({graph})", large["processor"], " s")
        targets.at_most(f"the same for each node, beside 10⁴ ({graph})", per_node, 2)
        targets.below(f"memory for each recorded op ({graph})", found[f"bytes, {graph}"]["recorded"], 100, " bytes")
        targets.without(f"the same, gradient prepared ({graph})", found[f"bytes, {graph}"]["prepared"], " bytes")
