"""Contenders that take turns: checked against each other first, then timed round by round."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

ROUNDS = 300
BURST, BUDGET = 4e-3, 4.0  # seconds of a contender's one turn, and of all its turns; but it has FEW turns at least
FEW = 7


class Contender(NamedTuple):
    """`run(count)` does the work so many times; `found()` gives the numbers that all contenders have to agree on."""

    name: str
    run: Callable[[int], Any]
    found: Callable[[], Any]


def repeated(work: Callable[[], Any]) -> Callable[[int], None]:
    """The loop in Python, as users write it."""

    def run(count: int) -> None:
        for _ in range(count):
            work()

    return run


def entered(makers: Iterable[Callable[[], Iterable[Contender]]]) -> tuple[list[Contender], list[str]]:
    """The contenders that can take part, and the packages and programs that are missing."""
    contenders: list[Contender] = []
    missing: list[str] = []
    for maker in makers:
        try:
            contenders += maker()
        except ModuleNotFoundError as error:
            missing.append(str(error.name))
        except FileNotFoundError as error:
            missing.append(str(error.filename))
    return contenders, missing


def require_agreement(contenders: list[Contender], relative: float = 1e-9) -> float:
    """How far the others' numbers are from the first contender's, relative to the largest of them.

    ArithmeticError: too far.
    """
    import numpy as np

    first, worst = np.asarray(contenders[0].found()), 0.0
    for contender in contenders[1:]:
        found = np.asarray(contender.found())
        off = float(np.abs(found - first).max() / np.abs(first).max()) if found.shape == first.shape else np.inf
        if not off <= relative:
            raise ArithmeticError(f"{contender.name} and {contenders[0].name} disagree by {off:.1e} of the largest")
        worst = max(worst, off)
    return worst


def seconds(contender: Contender, count: int) -> float:
    start = time.perf_counter()
    contender.run(count)
    return (time.perf_counter() - start) / count


def interleaved(contenders: list[Contender], rounds: int = ROUNDS) -> dict[str, dict[int, float]]:
    """Seconds for a piece of work, by contender and round. The fast do it many times a turn; the slow miss rounds."""
    turns = []
    for contender in contenders:
        once = seconds(contender, 1)
        if once < 0.1:  # what happens only the first time has happened now
            once = min(seconds(contender, 3) for _ in range(5))
        count = max(1, min(1000, round(BURST / once)))
        wanted = max(FEW, min(rounds, round(BUDGET / (once * count))))
        turns.append((contender, count, -(-rounds // wanted)))
    times: dict[str, dict[int, float]] = {contender.name: {} for contender in contenders}
    gc.collect()
    gc.freeze()  # so that nobody's turn goes into searching the peers' packages for garbage
    for k in range(rounds):
        for contender, count, every in turns[k % len(turns) :] + turns[: k % len(turns)]:
            if k % every == 0:
                times[contender.name][k] = seconds(contender, count)
    gc.unfreeze()
    return times


def median(times: dict[int, float]) -> float:
    return statistics.median(times.values())


def ratio(times: dict[int, float], base: dict[int, float]) -> float:
    """How many times as long the one takes: the median over the rounds in which both took part."""
    return statistics.median(times[k] / base[k] for k in times if k in base)
