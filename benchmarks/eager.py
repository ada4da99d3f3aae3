"""The eager engine beside micrograd, in one process: time of a training step, bytes a node, deep chains, import time.

    pip install -e '.[peers,dev]' && python benchmarks/eager.py

Writes benchmarks/results/eager.md and quotes it in the README. Times are medians of paired runs, with the garbage
collector on.
"""

from __future__ import annotations

import gc
import importlib.util
import random
import statistics
import subprocess
import sys
import time
import tracemalloc

import micrograd.engine
import micrograd.nn
from common import ROOT, moons, quoted, written  # puts the checkout first on the path

import autograd
import nn


def micrograd_code_on_our_values():
    """micrograd's own nn.py, with nothing changed but whose Value it finds."""
    spec = importlib.util.find_spec("micrograd.nn")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.Value = autograd.Value
    return module


def loss_of(value, model, x, y):
    """The loss as micrograd's demo notebook writes it."""
    inputs = [list(map(value, row)) for row in x]
    scores = list(map(model, inputs))
    losses = [(1 + -target * score).relu() for target, score in zip(y, scores, strict=True)]
    return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())


def training_step(value, model, x, y, k):
    loss = loss_of(value, model, x, y)
    model.zero_grad()
    loss.backward()
    for p in model.parameters():
        p.data -= (1.0 - 0.9 * k / 100) * p.grad
    return loss.data


def seconds_a_step(value, network, x, y, steps=3):
    random.seed(1337)
    model = network(2, [16, 16, 1])
    gc.collect()
    start = time.perf_counter()
    for k in range(steps):
        training_step(value, model, x, y, k)
    return (time.perf_counter() - start) / steps


def bytes_a_node(value, network, x, y, nodes):
    """What the graph of one loss holds after backward, parameters left out; and how many nodes that is."""
    random.seed(1337)
    model = network(2, [16, 16, 1])
    gc.collect()
    tracemalloc.start()
    loss = loss_of(value, model, x, y)
    model.zero_grad()
    loss.backward()
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    count = nodes(loss) - len(model.parameters())
    return held, count


def micrograd_nodes(loss):
    seen, stack = {loss}, [loss]
    while stack:
        for child in stack.pop()._prev:
            if child not in seen:
                seen.add(child)
                stack.append(child)
    return len(seen)


def our_nodes(loss):
    from autograd.graph import topological_order

    return len(topological_order(loss))


def chain(length):
    """Seconds per addition to build, go backward and release; and what the garbage collector finds afterwards."""
    gc.collect()
    x = autograd.Value(1.0)
    start = time.perf_counter()
    f = x
    for _ in range(length):
        f = f + x
    f.backward()
    del f
    seconds = time.perf_counter() - start
    assert x.grad == length + 1
    return seconds / length, gc.collect()


def import_milliseconds():
    """`python -c 'import autograd'` less `python -c pass`, one pair."""

    def run(code):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
        return time.perf_counter() - start

    return 1e3 * (run("import autograd") - run("pass"))


def imported_beyond_the_standard_library():
    code = (
        "import sys; before = set(sys.modules); import autograd; "
        "print(*sorted({m.split('.')[0] for m in set(sys.modules) - before} - sys.stdlib_module_names - {'autograd'}))"
    )
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stdout.strip()


def main():
    x, y = moons()
    on_ours = micrograd_code_on_our_values()
    contestants = {
        "micrograd": (micrograd.engine.Value, micrograd.nn.MLP),
        "same code": (autograd.Value, on_ours.MLP),
        "nn": (autograd.Value, nn.MLP),
    }
    rounds = []
    for _ in range(7):
        rounds.append({name: seconds_a_step(*contestant, x, y) for name, contestant in contestants.items()})
        print("step:", ", ".join(f"{name} {1e3 * seconds:.0f} ms" for name, seconds in rounds[-1].items()), flush=True)
    speedup = {name: statistics.median(r["micrograd"] / r[name] for r in rounds) for name in ("same code", "nn")}

    theirs, their_count = bytes_a_node(*contestants["micrograd"], x, y, micrograd_nodes)
    ours, our_count = bytes_a_node(*contestants["same code"], x, y, our_nodes)
    dots, dot_count = bytes_a_node(*contestants["nn"], x, y, our_nodes)

    pairs = [(chain(10**6), chain(10**4)) for _ in range(5)]
    deep = statistics.median(long[0] / short[0] for long, short in pairs)
    garbage = max(found for pair in pairs for _, found in pair)
    imports = [import_milliseconds() for _ in range(21)]

    rows = [
        ("training step of the moons network, `nn` beside micrograd", f"{speedup['nn']:.1f} × faster", "≥ 15 ×"),
        ("the same step, micrograd's own `nn.py` on our `Value`", f"{speedup['same code']:.1f} × faster", ""),
        ("bytes a node, one op a node", f"{ours / our_count:.0f} (micrograd {theirs / their_count:.0f})", "≤ 160"),
        ("bytes of the whole step's graph, `nn` beside micrograd", f"1 / {theirs / dots:.0f}", ""),
        ("nodes of the step's graph, `nn` and micrograd", f"{dot_count} and {their_count}", ""),
        ("chain of 10⁶ additions beside one of 10⁴, time per addition", f"{deep:.2f} ×", "≤ 2 ×"),
        ("objects left for the garbage collector", f"{garbage}", "0"),
        ("`import autograd` on top of the interpreter", f"{statistics.median(imports):.0f} ms", "< 30 ms"),
        ("packages it imports beyond the standard library", imported_beyond_the_standard_library() or "none", "none"),
    ]
    quoted("eager", written("eager", rows))


if __name__ == "__main__":
    main()
