"""Finite differences that know their error: the slope at x of the parabola through three points close to x.

Through x − h, x + h and x that is the central difference (f(x+h) − f(x−h)) / 2h; beside a kink or a domain's edge
all three points lie on one side. `ladder` finds the step.
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
WEIGHT = {CENTRAL: 1, ABOVE: 2, BELOW: 2, BEYOND: 4, BEFORE: 4}  # rounding errors of f as they enter the slope, over h


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

    @property
    def relative_error(self) -> float:
        """The error in units of the scale."""
        return self.error / self.scale if self.scale else math.inf if self.error else 0.0

    @property
    def reliable(self) -> bool:
        """Whether the error is small enough to judge by."""
        return self.relative_error <= UNRELIABLE


class Line:
    """f along one input close to x, every sample remembered.

    Args:
        sample: f at a number; what float arithmetic raises there means that it lies outside the domain.
        x, base: where to differentiate, and the sample there.
        noise: the rounding error of f.
        small: a slope below this is one whose terms cancel, and errors are compared with this instead; None says that
            every term is 0, then they are compared with f and the slopes of longer steps.
    """

    def __init__(
        self, sample: Callable[[float], Sample], x: float, base: Sample, noise: float, small: float | None
    ) -> None:
        self.sample, self.x, self.base, self.noise, self.small = sample, x, base, noise, small
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
        return f"kink of {' and '.join(names)}" if names else "Python's if switches"

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
        rounding = WEIGHT[offsets] * max(self.noise, EPSILON * size) / h
        scale = max(abs(slope), size / max(1.0, abs(self.x)) if self.small is None else self.small)
        return Estimate(slope, gap, h, rounding, scale) if math.isfinite(slope) else None
