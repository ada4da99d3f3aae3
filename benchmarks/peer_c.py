"""The moons step in C, moons.c: what the processor needs if nobody is in the way."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from peer_moons import ALPHA, START, WEIGHTS, X, Y, contender
from peer_rounds import Contender

FLAGS = ("-O3", "-march=native", "-ffast-math")
BY_HAND, TRAINED = "C by hand", "C by hand, where training ends"


def moons() -> Iterator[Contender]:
    """The loop over steps is in C too, with the clock around it: Python calls it once a turn.

    Timed at the first weights, and at those after 100 steps, where it may skip most rows.
    """
    doubles = np.ctypeslib.ndpointer(float, flags="C_CONTIGUOUS")
    function = library(Path(__file__).with_name("moons.c")).moons
    function.restype = ctypes.c_double
    function.argtypes = [ctypes.c_long, ctypes.c_double, ctypes.c_double, doubles, doubles, doubles]

    def one(name: str, at: Any) -> Contender:
        p = WEIGHTS.packed(at)

        def write(flat: Any) -> None:
            p[:] = WEIGHTS.packed(flat)

        def step(rate: float, count: int) -> Any:
            return function(count, rate, ALPHA, p, X, Y)

        return contender(name, step, lambda: WEIGHTS.unpacked(p), write, at)

    trained = WEIGHTS.packed(START)
    for k in range(100):
        function(1, 1.0 - 0.9 * k / 100, ALPHA, trained, X, Y)
    yield one(BY_HAND, START)
    yield one(TRAINED, WEIGHTS.unpacked(trained))


def library(source: Path) -> ctypes.CDLL:
    """FileNotFoundError: there is no C compiler."""
    with tempfile.TemporaryDirectory() as directory:
        compiled = Path(directory) / f"{source.stem}.so"
        subprocess.run(["cc", *FLAGS, "-shared", "-fPIC", "-o", compiled, source], check=True)
        return ctypes.CDLL(str(compiled))
