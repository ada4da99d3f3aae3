"""What a new graph costs before its first result, by its size: in a process of its own, where nothing else is alive.

Prints one JSON object; peers.py runs it, and reads that.
"""

from __future__ import annotations

import gc
import json
import statistics
import time
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import common  # noqa: F401  # puts the checkout first on the path

start = time.perf_counter()
from autograd import Value, sin  # noqa: E402
from autograd.tape import Tape  # noqa: E402

SIZES = (10**3, 10**4, 10**5, 10**6)


def chain(nodes: int) -> tuple[Value, list[Value]]:
    """As deep as it is long: f ← sin(f) w + x."""
    w, x = Value(0.5), Value(0.25)
    f: Any = x
    for _ in range(nodes // 3):
        f = sin(f) * w + x
    return f, [w, x]


def terms(nodes: int) -> tuple[Value, list[Value]]:
    """Many short terms: Rosenbrock's function, seven nodes a dimension."""
    xs = [Value(0.5) for _ in range(nodes // 8 + 1)]
    total: Any = 0.0
    for a, b in pairwise(xs):
        total = total + (100.0 * (b - a**2) ** 2 + (1.0 - a) ** 2)
    return total, xs


def network(nodes: int) -> tuple[Value, list[Value]]:
    """Layers of up to 100 neurons with every product and sum written out, for the passes to find."""
    width = min(100, int((nodes / 2) ** 0.5))
    xs: list[Any] = [Value(0.01 * k) for k in range(width)]
    leaves = []
    for _ in range(max(1, nodes // (2 * width * width))):
        layer = []
        for _ in range(width):
            w = [Value(0.01) for _ in xs]
            leaves += w
            layer.append(sin(sum((a * b for a, b in zip(w[1:], xs[1:], strict=True)), w[0] * xs[0])))
        xs = layer
    return sum(xs[1:], xs[0]), leaves


GRAPHS: dict[str, Callable[[int], tuple[Value, list[Value]]]] = {"chain": chain, "terms": terms, "network": network}


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def costs(make: Callable[[int], tuple[Value, list[Value]]], size: int) -> tuple[float, ...]:
    """Instructions, seconds to record them, to prepare the forward pass and the gradient, and to replay that; and of
    recording and preparing the gradient the processor time, which others on the machine lengthen less."""
    output, leaves = make(size)
    rows: list[list[float]] = [[]]
    gc.collect()
    begun = time.process_time()
    record, tape = seconds(lambda: Tape(output, [], leaves, executor="compiled"))
    processor = time.process_time() - begun
    forward, _ = seconds(lambda: tape.forward(rows))
    begun = time.process_time()
    gradient, _ = seconds(lambda: tape.value_and_gradient(rows))
    processor += time.process_time() - begun
    replay, _ = seconds(lambda: tape.value_and_gradient(rows))
    return sum(op is not None for op in tape.program.ops), record, forward, gradient, replay, processor


def grown(make: Callable[[int], tuple[Value, list[Value]]], size: int) -> dict[str, float]:
    """The medians of `costs`, the largest graphs' once."""
    runs = [costs(make, size) for _ in range(5 if size < 10**5 else 1)]
    medians = map(statistics.median, zip(*runs, strict=True))
    return dict(zip(("ops", "record", "forward", "gradient", "replay", "processor"), medians, strict=True))


def bytes_an_op(make: Callable[[int], tuple[Value, list[Value]]], size: int) -> dict[str, float]:
    """What a tape holds for each instruction that it has recorded, and with the gradient prepared."""
    output, leaves = make(size)
    gc.collect()
    tracemalloc.start()
    tape = Tape(output, [], leaves, executor="compiled")
    gc.collect()
    recorded = tracemalloc.get_traced_memory()[0]
    tape.value_and_gradient([[]])
    gc.collect()
    prepared = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    ops = sum(op is not None for op in tape.program.ops)
    return {"recorded": recorded / ops, "prepared": prepared / ops}


def first_replay(make: Callable[[int], tuple[Value, list[Value]]], executor: str | None) -> float:
    """Seconds from a graph of 1000 nodes to its gradient."""
    output, leaves = make(1000)
    return seconds(lambda: Tape(output, [], leaves, executor=executor).value_and_gradient([[]]))[0]


def main() -> None:
    result: dict[str, Any] = {"imported": time.perf_counter() - start}
    result["first, new process"] = first_replay(terms, None)
    result["first, loading the kernel"] = first_replay(terms, "compiled")
    for name, make in GRAPHS.items():
        result[f"first, {name}"] = statistics.median(first_replay(make, None) for _ in range(21))
        result[name] = {size: grown(make, size) for size in SIZES}
        result[f"bytes, {name}"] = bytes_an_op(make, 10**5)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
