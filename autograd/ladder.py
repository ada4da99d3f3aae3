"""How long a step: a ladder of steps, each 3.6 times the next, and of its differences the most certain one.

A step too long bends, error ~ h²; one too short rounds, error ~ ε/h. The error of a difference is taken to be what
it differs by from its neighbour with the longer step, plus the rounding.
"""

from __future__ import annotations

from itertools import pairwise

from .differences import CENTRAL, CUBE_ROOT, EPSILON, Estimate, Line

# Irrational: f comes in multiples of its rounding, and with steps in a whole ratio two wrong slopes are often equal.
RATIO = 13**0.5


def ladder(line: Line, offsets: tuple[int, int, int], enough: float, shift: float = 1.0) -> Estimate | None:
    """The best slope through points x + offset · h, or the first whose relative error is `enough`: the first step
    suits an f that changes on the scale of 1, and if that fails, on the scale of a small x, as log and 1/x do.
    None if no two neighbours can be had. With another `shift` the steps are others."""
    best = _climb(line, offsets, shift * line.start, enough)
    own = CUBE_ROOT * abs(line.x)
    if 0 < own < line.start and not (best and best.reliable):
        other = _climb(line, offsets, shift * own, enough)
        if other and other.reliable:
            return other
    return best


def _climb(line: Line, offsets: tuple[int, int, int], start: float, enough: float) -> Estimate | None:
    """Down to shorter steps, then, where rounding is what limits them, up to longer ones."""
    tried: list[Estimate] = []
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
            apart = abs(found.slope - last.slope)
            last.error += apart / RATIO  # if the shorter step rounds that much, the longer one does in proportion
            tried.append(_reckoned(line, found, last))
            best = min(tried, key=_certainty)
            if best.relative_error <= enough:
                return best
            if apart < found.rounding:
                break  # a shorter step would round more than it would unbend
            if best.relative_error < 1e-3 and found.error > 1e5 * best.error:
                break  # the best lies behind; there is more rounding than was reckoned with
        last, h = found, h / RATIO
    while longest is not None and longest.step < 1e8 * line.start:
        longer = line.parabola(RATIO * longest.step, offsets)
        if longer is None:
            break
        tried.append(_reckoned(line, longest, longer))
        best = min(tried, key=_certainty)
        bends = abs(longest.slope - longer.slope) > longest.rounding
        if best.relative_error <= enough or (bends and best is not longest):
            break
        longest = longer
    return min(tried, key=_certainty, default=None)


def _certainty(found: Estimate) -> tuple[float, float]:
    return found.relative_error, found.error


def _reckoned(line: Line, found: Estimate, longer: Estimate) -> Estimate:
    """`found` with its error and scale, now that its neighbour is known."""
    apart = abs(found.slope - longer.slope)
    found.error = apart + found.rounding
    if line.small is None:  # towards 0 slopes may go as slowly as √h; what is left is then as much as the last gain
        found.error += 3 * apart
        found.scale = max(found.scale, longer.scale)
    return found


def flat(line: Line, slope: float) -> Estimate | None:
    """The estimate if f is flat where it should have that slope: next to 0 as close to x as rounding lets one see.
    `ladder` cannot say so, since it wants an error that is small beside the slope it finds."""
    blur = max(line.noise, EPSILON * abs(line.base.value))
    h = min(100 * blur / abs(slope), line.start) if blur else 1e-3 * line.start
    found, longer = line.parabola(h, CENTRAL), line.parabola(RATIO * h, CENTRAL)
    if found is None or longer is None:
        return None
    unseen = max(2 * found.rounding, abs(slope) / 1000)
    steepest = max(abs(found.slope), abs(longer.slope))
    return _reckoned(line, found, longer) if steepest < unseen < abs(slope) / 10 else None


def grows(line: Line, sign: float) -> bool | None:
    """Whether f's slopes, seen from x, grow without bound as the step shrinks, and with that sign: by no less from
    step to step, as a logarithm does, where a slope that converged would grow by ever less. None: x stands alone."""
    sides = []
    for side in (1, -1):
        steps = [side * line.start * 100.0**-k for k in range(4)]
        samples = [line.at(line.x + h) for h in steps]
        slopes = [(s.value - line.base.value) / h * sign for s, h in zip(samples, steps, strict=True) if s]
        if len(slopes) == len(steps):
            gains = [later - slope for slope, later in pairwise(slopes)]
            sides.append(all(0 < gain < 2 * later for gain, later in pairwise(gains)))
    return all(sides) if sides else None
