"""How long a step: a ladder of steps, each four times the next, and of its differences the most certain one.

A step too long bends, error ~ h²; one too short rounds, error ~ ε/h. The error of a difference is taken to be what
it differs by from its neighbour with the longer step, plus the rounding.
"""

from __future__ import annotations

from itertools import pairwise

from .differences import CENTRAL, CUBE_ROOT, EPSILON, Estimate, Line


def ladder(line: Line, offsets: tuple[int, int, int], enough: float) -> Estimate | None:
    """The best slope through points x + offset · h, or the first whose relative error is `enough`: the first step
    suits an f that changes on the scale of 1, and if that fails, on the scale of a small x, as log and 1/x do.
    None if no two neighbours can be had."""
    best = _climb(line, offsets, line.start, enough)
    own = CUBE_ROOT * abs(line.x)
    if 0 < own < line.start and not (best and best.reliable):
        other = _climb(line, offsets, own, enough)
        if other and other.reliable:
            return other
    return best


def _climb(line: Line, offsets: tuple[int, int, int], start: float, enough: float) -> Estimate | None:
    """Down to shorter steps, then, where rounding is what limits them, up to longer ones."""
    best: Estimate | None = None
    last: Estimate | None = None
    longest: Estimate | None = None
    h, missing = start, 0
    for _ in range(40):
        found = line.parabola(h, offsets)
        if found is None:
            missing, last = missing + 1, None
            if missing == 12:
                break
            h /= 16
            continue
        if last is None:
            longest = found
        else:
            best = _better(line, best, found, last)
            if best.relative_error <= enough:
                return best
            if abs(found.slope - last.slope) < found.rounding:
                break  # a shorter step would round more than it would unbend
            if best.relative_error < 1e-3 and found.error > 1e5 * best.error:
                break  # the best lies behind; there is more rounding than was reckoned with
        last, h = found, h / 4
    while longest is not None and longest.step < 1e8 * line.start:
        longer = line.parabola(4 * longest.step, offsets)
        if longer is None:
            break
        best = _better(line, best, longest, longer)
        bends = abs(longest.slope - longer.slope) > longest.rounding
        if best.relative_error <= enough or (bends and best is not longest):
            break
        longest = longer
    return best


def _better(line: Line, best: Estimate | None, found: Estimate, longer: Estimate) -> Estimate:
    found.error = abs(found.slope - longer.slope) + found.rounding
    if line.small is None:
        found.scale = max(found.scale, longer.scale)
    if best is None or (found.relative_error, found.error) < (best.relative_error, best.error):
        return found
    return best


def flat(line: Line, slope: float) -> Estimate | None:
    """The estimate if f is flat where it should have that slope: next to 0 as close to x as rounding lets one see.
    `ladder` cannot say so, since it wants an error that is small beside the slope it finds."""
    blur = max(line.noise, EPSILON * abs(line.base.value))
    h = min(100 * blur / abs(slope), line.start) if blur else 1e-3 * line.start
    found, longer = line.parabola(h, CENTRAL), line.parabola(4 * h, CENTRAL)
    if found is None or longer is None:
        return None
    steepest = max(abs(found.slope), abs(longer.slope), found.rounding)
    return _better(line, None, found, longer) if steepest < abs(slope) / 10 else None


def grows(line: Line, sign: float) -> bool:
    """Whether f's slopes, seen from x, grow without bound as the step shrinks, and with that sign: by no less from
    step to step, as a logarithm does, where a slope that converged would grow by ever less."""
    sides = []
    for side in (1, -1):
        steps = [side * line.start * 100.0**-k for k in range(4)]
        samples = [line.at(line.x + h) for h in steps]
        slopes = [(s.value - line.base.value) / h * sign for s, h in zip(samples, steps, strict=True) if s]
        if len(slopes) == len(steps):
            gains = [later - slope for slope, later in pairwise(slopes)]
            sides.append(all(0 < gain < 2 * later for gain, later in pairwise(gains)))
    return bool(sides) and all(sides)
