"""Finite differences that know their error: the slope at x of the parabola through three points close to x.

Through x − h, x + h and x that is the central difference (f(x+h) − f(x−h)) / 2h; beside a kink or a domain's edge
all three points lie on one side. A step too long bends, error ~ h²; one too short rounds, error ~ ε/h. So steps are
tried in a ladder, each four times the next, and the error is what neighbours differ by, and the rounding.
"""

from __future__ import annotations

import math
import sys

from .op import ARITHMETIC_ERRORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .op import Op

EPSILON = sys.float_info.epsilon
CUBE_ROOT = EPSILON ** (1 / 3)  # the step where h² and ε/h are equal
UNRELIABLE = 3e-5  # a difference whose own relative error may be larger decides nothing
CENTRAL, ABOVE, BELOW = (-1, 1, 0), (0, 1, 2), (0, -1, -2)  # where the three points lie, in steps from x
BEYOND, BEFORE = (1, 2, 3), (-1, -2, -3)  # the same sides without x itself, for an x that is the kink


class Sample:
    """f at one point: its value and the branch it took, that is the ops, their kinks' signs and the constants."""

    __slots__ = ("constants", "ops", "signs", "value")

    def __init__(
        self, value: float, ops: tuple[Op, ...], signs: tuple[int, ...], constants: tuple[float, ...] = ()
    ) -> None:
        self.value, self.ops, self.signs, self.constants = value, ops, signs, constants


def side(op: Op, numbers: Sequence[float]) -> int:
    """On which side of its kink a kinked op is: -1 or 1, and 0 on the kink."""
    switch = op.kink(*numbers) if op.kink is not None else 0.0
    return (switch > 0) - (switch < 0)


class Estimate:
    """A parabola's slope at x, what may be wrong with it, how far at x it lies above f, and its step.

    `scale` is what the error is compared with: the slope, or where that is next to 0 its terms or its neighbours.
    """

    __slots__ = ("error", "gap", "rounding", "scale", "slope", "step")

    def __init__(self, slope: float, gap: float, step: float, rounding: float, scale: float) -> None:
        self.slope, self.gap, self.step, self.rounding, self.scale = slope, gap, step, rounding, scale
        self.error = math.inf

    def reliable(self, scale: float = 0.0) -> bool:
        """Whether the error is small enough to judge by."""
        return self.error <= UNRELIABLE * max(self.scale, scale)


class Line:
    """f along one input close to x, every sample remembered.

    Args:
        sample: f at a number; what float arithmetic raises there means that it lies outside the domain.
        x, base: where to differentiate, and the sample there.
        noise: the rounding error of f.
        terms: Σ over paths of |∏ local derivatives|: where the paths cancel, an error is small beside this.
        enough: the relative error at which no better step is looked for.
    """

    def __init__(
        self, sample: Callable[[float], Sample], x: float, base: Sample, noise: float, terms: float, enough: float
    ) -> None:
        self.sample, self.x, self.base = sample, x, base
        self.noise, self.terms, self.enough = noise, terms, enough
        self.samples: dict[float, Sample | None] = {x: base}
        self.obstacle = ""  # what lay between the points that could not be joined last
        self.start = CUBE_ROOT * max(1.0, abs(x))
        self.beside = [s for s in (self.at(x - self.start), self.at(x + self.start)) if s is not None]
        # Constants that differ on both sides were computed from x.data; those on one side only, chosen by an `if`.
        self.constants_tell = len(self.beside) < 2 or base.constants in [s.constants for s in self.beside]

    def at(self, x: float) -> Sample | None:
        """The sample at x, None outside the domain."""
        if x not in self.samples:
            try:
                sample = self.sample(x)
                self.samples[x] = sample if math.isfinite(sample.value) else None
            except ARITHMETIC_ERRORS:
                self.samples[x] = None
        return self.samples[x]

    def same_branch(self, one: Sample, other: Sample) -> bool:
        """Whether no kink and no `if` lies between the two."""
        same = one.ops == other.ops and one.signs == other.signs
        return same and (not self.constants_tell or one.constants == other.constants)

    def on_kink(self) -> bool:
        """Whether x itself is where an op switches: its sign is 0 here and another one beside it."""
        alike = [s.signs for s in self.beside if s.ops == self.base.ops]
        return any(not here and there for signs in alike for here, there in zip(self.base.signs, signs, strict=True))

    def switches(self) -> str:
        """What switches close to x, in words."""
        kinked = [op.name for op in self.base.ops if op.kink]
        alike = [s.signs for s in self.samples.values() if s is not None and s.ops == self.base.ops]
        rows = [zip(kinked, self.base.signs, signs, strict=True) for signs in alike]
        names = dict.fromkeys(name for row in rows for name, here, there in row if here != there)
        return f"kink of {' and '.join(names)}" if names else "a branch of Python's"

    def parabola(self, h: float, offsets: tuple[int, int, int]) -> Estimate | None:
        """Through the points x + offset · h; None where an edge or a kink lies between them, or h is lost in x."""
        a, b, c = (self.x + offset * h for offset in offsets)
        first, second, third = self.at(a), self.at(b), self.at(c)
        if first is None or second is None or third is None:
            above = c > self.x or (offsets == CENTRAL and first is not None)
            self.obstacle = f"domain's edge {'above' if above else 'below'}"
            return None
        if not (self.same_branch(first, second) and self.same_branch(first, third)):
            self.obstacle = f"{self.switches()} close by"
            return None
        if len({a, b, c, self.x}) < 3 + (0 not in offsets):
            return None
        ab = (second.value - first.value) / (b - a)
        bend = (third.value - second.value) / (c - b) - ab
        left, right = self.x - a, self.x - b
        slope = ab + bend * ((left + right) / (c - a))
        gap = first.value + ab * left + bend * (left / (c - a)) * right - self.base.value
        size = max(abs(first.value), abs(second.value), abs(third.value))
        rounding = 4.0 * max(self.noise, EPSILON * size) / h
        scale = max(abs(slope), self.terms / 100) if self.terms else max(abs(slope), size / max(1.0, abs(self.x)))
        return Estimate(slope, gap, h, rounding, scale) if math.isfinite(slope) else None

    def ladder(self, offsets: tuple[int, int, int]) -> Estimate | None:
        """The best of the parabolas with shorter and shorter steps, or longer ones where rounding is what limits
        them; None if no two neighbours can be had."""
        best: Estimate | None = None
        last: Estimate | None = None
        longest: Estimate | None = None
        h, missing = self.start, 0
        for _ in range(40):
            found = self.parabola(h, offsets)
            if found is None:
                missing, last = missing + 1, None
                if missing == 12:
                    break
                own = CUBE_ROOT * abs(self.x)  # where x is small and an edge at 0, as for log(1e-8)
                h = own if missing == 1 and 0 < own < h / 16 else h / 16
                continue
            if last is None:
                longest = found
            else:
                best = self._better(best, found, last)
                off = abs(found.slope - last.slope)
                if self._enough(best) or off < found.rounding or found.error > 1e5 * best.error:
                    break  # a shorter step would round more than it would unbend
            last, h = found, h / 4
        while longest is not None and not (best and self._enough(best)) and longest.step < 1e4 * self.start:
            longer = self.parabola(4 * longest.step, offsets)
            if longer is None:
                break
            best = self._better(best, longest, longer)
            if best is not longest and abs(longest.slope - longer.slope) > longest.rounding:
                break  # a longer step would bend more than it would gain
            longest = longer
        return best

    def _better(self, best: Estimate | None, found: Estimate, neighbour: Estimate) -> Estimate:
        found.error = abs(found.slope - neighbour.slope) + found.rounding
        if not self.terms:  # a slope of 0: how far it has come down from that of longer steps
            found.scale = max(found.scale, neighbour.scale)
        return found if best is None or found.error < best.error else best

    def _enough(self, best: Estimate) -> bool:
        return best.error <= self.enough * best.scale

    def grows(self, sign: float) -> bool:
        """Whether f's slopes, seen from x, grow without bound as the step shrinks, and with that sign."""
        sides = []
        for side in (1, -1):
            steps = [side * self.start * 100.0**-k for k in range(4)]
            samples = [self.at(self.x + h) for h in steps]
            if None not in samples:
                sides.append([(s.value - self.base.value) / h * sign for s, h in zip(samples, steps, strict=True) if s])
        return bool(sides) and all(
            0 < 1.2 * p < q for slopes in sides for p, q in zip(slopes, slopes[1:], strict=False)
        )
