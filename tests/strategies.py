"""What several test files build their cases from: graphs, and things that are numbers or are not."""

import gc
import random
import subprocess
import sys
from pathlib import Path

import numpy as np

from autograd import Value, dot, exp, logsumexp

CHECKOUT = Path(__file__).parents[1]

NOT_NUMBERS = [
    ("str 'abc'", "abc"),
    ("str '1.5'", "1.5"),
    ("bytes b'1'", b"1"),
    ("list [1.0]", [1.0]),
    ("tuple (1.0,)", (1.0,)),
    ("NoneType None", None),
    ("dict {}", {}),
    ("set {1}", {1}),
    ("complex 1j", 1j),
    ("complex128", np.complex128(1j)),
    ("ndarray of shape (2,)", np.array([1.0, 2.0])),
    ("ndarray of shape ()", np.array(1.0)),
    ("object <object", object()),
    ("type", float),
]
NUMBERS = [1.5, 2, True, np.float64(1.5), np.float32(1.5), np.float16(1.5), np.int64(2), np.uint8(2), np.bool_(True)]


def outputs_by_hash_seed(code: str, *seeds: str) -> set[bytes]:
    """What the code prints in processes of its own, in which sets are in other orders; one output if none matters."""
    return {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=CHECKOUT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(CHECKOUT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in seeds
    }


def u1() -> tuple[Value, tuple[Value, Value, Value]]:
    """f = (xy + z)² + exp(x − yz) at (1, 2, 0), exercise U1, and x, y, z."""
    x, y, z = Value(1.0, "x"), Value(2.0, "y"), Value(0.0, "z")
    return (x * y + z) ** 2 + exp(x - y * z), (x, y, z)


def one_line(raised) -> str:
    text = str(raised.value)
    assert "\n" not in text, text
    assert "locals" not in text, f"internals show: {text}"
    return text


def chain(length: int) -> tuple[Value, Value]:
    """A leaf, and the leaf plus 1, `length` times."""
    x = out = Value(1.0, "x")
    for _ in range(length):
        out = out + 1.0
    return x, out


def untidy(seed: int, nodes: int = 60) -> tuple[list[Value], list[Value]]:
    """A random graph with shared nodes, repeated inputs, constants and variadic ops: its leaves, and all nodes."""
    rng = random.Random(seed)
    leaves = [Value(rng.uniform(-1, 1), f"x{i}") for i in range(4)]
    pool = list(leaves)
    for _ in range(nodes):
        a, b, c = (rng.choice(pool) for _ in range(3))
        pool.append(
            rng.choice(
                [
                    lambda a=a, b=b: a + b,
                    lambda a=a, b=b: (a * b).tanh(),
                    lambda a=a: 0.5 - a,
                    lambda a=a: a * a / 4,
                    lambda a=a, b=b: a.maximum(b),
                    lambda a=a, b=b, c=c: dot([a, b], [0.25, a], c).sin(),
                    lambda a=a, b=b: logsumexp(a, b, 0.0),
                ]
            )()
        )
    return leaves, pool


def leaks(make) -> int:
    """How many objects the garbage collector finds after `make` ran and its result was dropped."""
    make()
    gc.collect()
    gc.disable()
    try:
        make()
        return gc.collect() + len(gc.garbage)
    finally:
        gc.enable()
