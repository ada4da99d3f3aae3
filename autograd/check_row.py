"""One derivative found twice, by backprop and by a finite difference, and whether the two agree."""

from __future__ import annotations

import math

from .differences import ABOVE, BEFORE, BELOW, BEYOND, CENTRAL, UNRELIABLE, Estimate, Line, Sample
from .labels import figures
from .ladder import flat, grows, ladder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Row:
    """One derivative, found twice.

    `value` is the input's number, `backprop` and `difference` its derivative, `error` how far the difference itself
    may be off, `step` the h it was taken with, `sides` the two slopes where the input is on a kink, otherwise None.
    `verdict` is "agrees", "differs" or "unknown": no difference was accurate enough.
    """

    def __init__(self, name: str, value: float, backprop: float) -> None:
        self.name, self.value, self.backprop = name, value, backprop
        self.difference = self.error = self.step = self.relative_error = math.nan
        self.sides: tuple[float, float] | None = None
        self.verdict, self.note = "unknown", ""

    @property
    def agrees(self) -> bool:
        """Whether backprop and the difference are equal within their tolerance."""
        return self.verdict == "agrees"

    def cells(self) -> list[str]:
        """The row as it is printed; what is 0 within the difference's error is printed as 0, nothing for nan."""
        differs = self.verdict == "differs"
        backprop, difference = (
            apart(self.backprop, self.difference) if differs else both(self.backprop, self.difference)
        )
        if self.sides is not None:
            difference = " … ".join(dict.fromkeys(both(min(self.sides), max(self.sides))))
        elif math.isnan(self.difference):
            difference = ""
        elif abs(self.difference) <= self.error:
            difference = "0"
        rest = ["" if math.isnan(x) else figures(x, 2) for x in (self.relative_error, self.step)]
        note = "; ".join(filter(None, ["differs" * differs, self.note]))
        return [self.name, figures(self.value, 6), backprop, difference, *rest, note]

    def __repr__(self) -> str:
        name, value, backprop, difference, *_, note = self.cells()
        note = note or self.verdict
        return f"<row {name} = {value}: backprop {backprop}, difference {difference}; {note}>"


def judge(
    row: Row, sample: Callable[[float], Sample], base: Sample, terms: float, noise: float, tolerance: float
) -> None:
    """Fill in the row's difference and verdict."""
    if not (math.isfinite(row.value) and math.isfinite(base.value)):
        what = f"the function is {base.value}" if math.isfinite(row.value) else f"the input is {row.value}"
        row.note = f"no difference: {what} here"
        return
    size = 0.0 if math.isnan(row.backprop) else abs(row.backprop)
    small = None if terms == 0 or math.isnan(row.backprop) else terms / 100 if size < terms / 100 < math.inf else 0.0
    line, enough = Line(sample, row.value, base, noise, small), tolerance / 10
    if math.isinf(row.backprop):
        row.verdict, row.note = {
            True: ("agrees", "infinite; a difference cannot confirm it"),
            False: ("differs", "the differences do not grow without bound"),
            None: ("unknown", "no reliable difference"),
        }[grows(line, math.copysign(1.0, row.backprop))]
        return
    best, taken = None, CENTRAL
    if not line.on_kink():
        best = ladder(line, CENTRAL, enough)
        if line.obstacle and not (best and best.relative_error <= enough):
            why = line.obstacle
            for offsets, side in (ABOVE, "above"), (BELOW, "below"):
                other = ladder(line, offsets, enough)
                if other and other.reliable and not (best and best.relative_error <= other.relative_error):
                    best, taken, row.note = other, offsets, f"{why}: one-sided from {side}"
    judged = best if best and best.reliable else flat(line, size) if size else None
    if judged:
        row.difference, row.error, row.step = judged.slope + 0.0, judged.error, judged.step
        _compare(row, judged.scale, judged.slope, judged.slope, tolerance)
        if row.verdict == "differs" and judged is best:
            _look_again(row, best, ladder(line, taken, enough, shift=0.6), tolerance)
    elif line.on_kink() or line.obstacle.endswith("close by"):
        _compare_sides(row, line, size, tolerance)
    if row.verdict == "unknown":
        row.note = "no reliable difference"
    if math.isnan(row.backprop):
        row.verdict, row.note = "differs", "backprop gives nan"


def _compare(row: Row, scale: float, low: float, high: float, tolerance: float) -> None:
    """Whether backprop lies between low and high, which may be off by the row's error."""
    off = max(low - row.backprop, row.backprop - high, 0.0)
    size = max(abs(row.backprop), abs(low), abs(high))
    agrees = off <= tolerance * size + row.error
    row.verdict = "agrees" if agrees else "differs"
    row.relative_error = off / (max(size, scale) if agrees else size) if off else 0.0


def _look_again(row: Row, first: Estimate, second: Estimate | None, tolerance: float) -> None:
    """Before an alarm is raised: two neighbours can be equal and wrong by accident, but hardly two pairs of them."""
    row.error += abs(first.slope - second.slope) if second else math.inf
    if row.error <= UNRELIABLE * first.scale:
        _compare(row, first.scale, first.slope, first.slope, tolerance)
    else:
        row.verdict, row.difference, row.error, row.step, row.relative_error = "unknown", *[math.nan] * 4


def _compare_sides(row: Row, line: Line, size: float, tolerance: float) -> None:
    """On a kink: each side's slope without x itself, so that a jump there does no harm."""
    if line.small is not None:
        line.small = size  # beside a kink one slope may well be 0
    found = {side: ladder(line, offsets, tolerance / 10) for offsets, side in ((BEFORE, "left"), (BEYOND, "right"))}
    sides = {side: e for side, e in found.items() if e is not None}
    scale = max([size, *[e.scale for e in sides.values()]])
    sides = {side: e for side, e in sides.items() if e.error <= UNRELIABLE * scale}
    if not sides:
        return
    slopes = [e.slope for e in sides.values()]
    row.error = max(e.error for e in sides.values())
    row.step = max(e.step for e in sides.values())
    shown = [0.0 if abs(e.slope) <= e.error else e.slope for e in sides.values()]
    row.sides = (shown[0], shown[-1])
    row.difference = min(max(row.backprop, min(slopes)), max(slopes)) + 0.0  # which is never -0.0
    _compare(row, scale, min(slopes), max(slopes), tolerance)
    jump = any(abs(e.gap) > 1e-3 * abs(e.slope * e.step) + 8 * e.rounding * e.step for e in sides.values())
    texts = [f"{side} {figures(slope, 6)}" for side, slope in zip(sides, shown, strict=True)]
    row.note = (
        f"{line.switches()} at {row.name} = {figures(row.value, 6)}{', a jump' * jump}: {', '.join(texts)}; "
        f"backprop gives {figures(row.backprop, 6)}"
    )


def both(a: float, b: float, digits: int = 6) -> tuple[str, str]:
    """The two numbers, as they are printed."""
    return figures(a, digits), figures(b, digits)


def apart(a: float, b: float) -> tuple[str, str]:
    """The two numbers with as many digits, 6 or more, as show that they are not the same."""
    texts = (both(a, b, digits) for digits in range(6, 18))
    return next((pair for pair in texts if pair[0] != pair[1]), both(a, b))
