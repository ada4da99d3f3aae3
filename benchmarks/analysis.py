"""What goes beyond one gradient: second derivatives beside a gradient, and checkpointing, memory against time.

    pip install -e '.[dev]' && python benchmarks/analysis.py

Writes benchmarks/results/analysis.md, quotes it in the README, and draws checkpointing.png beside it. Times are ratios
of runs in one process, their medians; nodes are counted, not estimated.
"""

from __future__ import annotations

import gc
import math
import random
import statistics
import time

from common import RESULTS, moons, quoted, written  # puts the checkout first on the path

import autograd.segment
from autograd import Value, gradient, hessian, hvp, jvp
from nn import MLP, half_squared_error
from nn.moons import network, objective
from nn.plots import new_figure

DEPTH, WIDTH = 100, 16
EVERY = (1, 2, 4, 5, 7, 10, 14, 20, 25, 33, 50, 100)


def seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def ratio(function, base, rounds=11):
    """How much longer the one takes than the other: the median of paired runs."""
    return statistics.median(seconds(function) / seconds(base) for _ in range(rounds))


def moons_ratios():
    x, y = moons()
    model = network()
    loss, _ = objective(model, x, y)
    weights, rng = model.parameters(), random.Random(0)
    direction = [rng.gauss(0.0, 1.0) for _ in weights]

    def base():
        gradient(loss, weights)

    return (
        ratio(lambda: hvp(loss, weights, direction), base),
        ratio(lambda: jvp(loss, weights, direction), base),
        ratio(lambda: gradient(loss, weights, create_graph=True), base, 5),
    )


def small_hessian():
    """The full Hessian of a 2–4–1 network's loss on 20 points: seconds, gradients' worth, largest asymmetry."""
    rng = random.Random(0)
    model = MLP(2, [4, 1], activation="tanh", rng=0)
    loss = sum(half_squared_error(model([rng.gauss(0, 1), rng.gauss(0, 1)]), 0.5) for _ in range(20))
    weights = model.parameters()
    found = hessian(loss, weights)
    asymmetry = max(abs(found[i][j] - found[j][i]) for i in range(len(weights)) for j in range(i))
    runs = [(seconds(lambda: hessian(loss, weights)), seconds(lambda: gradient(loss, weights))) for _ in range(7)]
    return statistics.median(h for h, _ in runs), statistics.median(h / g for h, g in runs), asymmetry


def alive():
    """The nodes with a graph behind them that exist just now; parameters are not among them."""
    return sum(1 for x in gc.get_objects() if type(x) is Value and x.op is not None)


def deep_network(every, width=WIDTH):
    return MLP(width, [width] * (DEPTH - 1) + [1], activation="tanh", rng=0, checkpoint_every=every)


def slowdown(width, every):
    """Forward + backward time with checkpoints beside without, for layers of that width."""
    kept, rebuilt, row = deep_network(None, width), deep_network(every, width), [0.1] * width
    return ratio(lambda: rebuilt(row).backward(), lambda: kept(row).backward(), 15)


def peak_nodes(model, row):
    """The most nodes alive at a time in a forward and a backward pass, and the gradients."""
    rebuilt, before, counts = autograd.segment.Segment.rebuilt, alive(), []

    def counted(segment):
        outputs = rebuilt(segment)
        counts.append(alive() - before)  # the whole inner graph is there now, and all that was kept
        return outputs

    autograd.segment.Segment.rebuilt = counted
    try:
        for p in model.parameters():
            p.grad = 0.0
        out = model(row)
        counts.append(alive() - before)
        out.backward()
    finally:
        autograd.segment.Segment.rebuilt = rebuilt
    del out
    for layer in model.layers:
        for neuron in layer.neurons:
            neuron.last = None
    return max(counts), [p.grad for p in model.parameters()]


def checkpointing(rounds=15):
    """For each k: peak nodes and forward + backward time, both beside those of the graph that is kept."""
    row = [0.1 * i for i in range(WIDTH)]
    models = {every: deep_network(every) for every in (None, *EVERY)}
    peaks = {every: peak_nodes(model, row) for every, model in models.items()}
    most, gradients = peaks.pop(None)
    for every, (_, found) in peaks.items():
        assert found == gradients, f"other gradients with checkpoint_every={every}"
    times = {every: [] for every in EVERY}
    for _ in range(rounds):
        base = seconds(lambda: models[None](row).backward())
        for every in EVERY:
            times[every].append(seconds(lambda every=every: models[every](row).backward()) / base)
    return {every: (peaks[every][0] / most, statistics.median(times[every])) for every in EVERY}, most


def plotted(found, most):
    """Peak nodes and time against k, √n marked."""
    figure = new_figure(6.4, 4.2)
    nodes = figure.subplots()
    root = round(math.sqrt(DEPTH))
    ks = list(found)
    nodes.plot(ks, [found[k][0] for k in ks], "o-", color="#0072b2", label="peak number of nodes")
    nodes.plot(ks, [found[k][1] for k in ks], "^--", color="#d55e00", label="time, forward + backward")
    nodes.axvline(root, color="#222222", linewidth=1, linestyle=":")
    nodes.annotate(
        f"k = √n = {root}", (root, 0.02), xycoords=("data", "axes fraction"), xytext=(5, 0), textcoords="offset points"
    )
    nodes.axhline(1.0, color="#222222", linewidth=0.8)
    nodes.set_xscale("log")
    nodes.set_xticks(ks, [str(k) for k in ks])
    nodes.minorticks_off()
    nodes.set_ylim(0, max(2.0, 1.1 * max(time for _, time in found.values())))
    nodes.set(
        title=f"a network of {DEPTH} layers of {WIDTH} units ({most} nodes)",
        xlabel="layers between checkpoints, k",
        ylabel="relative to keeping the graph",
    )
    nodes.grid(alpha=0.3)
    nodes.legend()
    return figure


def main():
    vector, forward, graph = moons_ratios()
    whole, worth, asymmetry = small_hessian()
    found, most = checkpointing()
    root = round(math.sqrt(DEPTH))
    memory, slower = found[root]
    rows = [
        ("Hessian–vector product of the moons loss, 337 parameters, beside a gradient", f"{vector:.1f} ×", "≤ 6 ×"),
        ("forward mode (`jvp`) of the same loss beside a gradient", f"{forward:.1f} ×", ""),
        ("the gradient as a graph (`create_graph=True`) beside a gradient", f"{graph:.1f} ×", ""),
        ("full Hessian of a 2–4–1 network on 20 points, 17 parameters", f"{whole:.2f} s", "< 2 s"),
        ("the same beside a gradient", f"{worth:.0f} ×", ""),
        ("its largest asymmetry", f"{asymmetry:g}", "last ulps"),
        (
            f"nodes alive at most, {DEPTH} layers of {WIDTH}, a checkpoint every {root}",
            f"1 / {1 / memory:.1f}",
            "1 / 4",
        ),
        ("forward + backward time of the same", f"{slower:.2f} ×", "≤ 1.5 ×"),
        ("the same in layers of 4 units, where calls cost more than arithmetic", f"{slowdown(4, root):.2f} ×", ""),
        ("gradients that differ in any bit, over every k", "none", "none"),
    ]
    quoted("analysis", written("analysis", rows))
    plotted(found, most).savefig(RESULTS / "checkpointing.png", dpi=100)


if __name__ == "__main__":
    main()
