"""What the tests hold the table against: each op once more, as an mpmath formula, its derivatives to 50 digits."""

import math
import random
from collections.abc import Callable, Iterator

from mpmath import mp, mpf

from autograd.op import Interval, Op

DIGITS = 50
LARGEST = 1.7976931348623157e308
MORE = {"where": [(0.0, 1.5, -2.5), (-0.0, 0.0, 3.0), (0.0, -1e9, 1e-9)]}  # points that chance would not find
ENTRIES = (1, 3, 4, 5)  # how many inputs the samples give an op of any number of inputs (an op refuses what it must)


def _dot(*inputs):
    n = len(inputs) // 2
    return mp.fsum([x * y for x, y in zip(inputs[:n], inputs[n : 2 * n], strict=True)] + [*inputs[2 * n :]])


FORMULAS: dict[str, Callable[..., mpf]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: x**y,
    "neg": lambda x: -x,
    "abs": lambda x: abs(x),
    "sqrt": lambda x: mp.sqrt(x),
    "exp": lambda x: mp.exp(x),
    "expm1": lambda x: mp.expm1(x),
    "log": lambda x: mp.log(x),
    "log1p": lambda x: mp.log1p(x),
    "sin": lambda x: mp.sin(x),
    "cos": lambda x: mp.cos(x),
    "tan": lambda x: mp.tan(x),
    "asin": lambda x: mp.asin(x),
    "acos": lambda x: mp.acos(x),
    "atan": lambda x: mp.atan(x),
    "sinh": lambda x: mp.sinh(x),
    "cosh": lambda x: mp.cosh(x),
    "tanh": lambda x: mp.tanh(x),
    "asinh": lambda x: mp.asinh(x),
    "acosh": lambda x: mp.acosh(x),
    "atanh": lambda x: mp.atanh(x),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "erf": lambda x: mp.erf(x),
    "relu": lambda x: x if x > 0 else mpf(0),
    "step": lambda x: mpf(1) if x > 0 else mpf(0),
    "less": lambda x, y: mpf(1) if x < y else mpf(0),
    "sign": lambda x: mp.sign(x),
    "maximum": lambda x, y: max(x, y),
    "minimum": lambda x, y: min(x, y),
    "where": lambda condition, a, b: a if condition != 0 else b,
    "dot": _dot,
    "logsumexp": lambda *xs: mp.log(mp.fsum([mp.exp(x) for x in xs])),
}


def formula(name: str) -> Callable[..., mpf]:
    """The mpmath formula of an op, or a KeyError that says what to add."""
    try:
        return FORMULAS[name]
    except KeyError:
        raise KeyError(f"add an mpmath formula for {name!r} to FORMULAS in tests/oracles.py") from None


def exact(op: Op, point: tuple[float, ...]) -> mpf | None:
    """The op's value to 50 digits; None where it is no real number."""
    with mp.workdps(DIGITS):
        try:
            out = formula(op.name)(*map(mpf, point))
        except (ZeroDivisionError, ValueError):
            return None
        return out if isinstance(out, mpf) and mp.isfinite(out) else None


def derivative(function: Callable[..., mpf], point: tuple[float, ...], i: int, order: int = 1) -> mpf:
    """∂ᵒʳᵈᵉʳ function / ∂xᵢᵒʳᵈᵉʳ, by differences in several hundred bits with a step relative to xᵢ."""
    xs = [mpf(x) for x in point]
    return mp.diff(lambda x: function(*xs[:i], x, *xs[i + 1 :]), xs[i], order, relative=xs[i] != 0)


def exact_gradient(op: Op, point: tuple[float, ...]) -> list[mpf]:
    """Every ∂out/∂xᵢ to 50 digits."""
    with mp.workdps(DIGITS):
        return [derivative(formula(op.name), point, i) for i in range(len(point))]


def exact_hessian(op: Op, point: tuple[float, ...]) -> list[list[mpf]]:
    """Every ∂²out/∂xᵢ∂xⱼ to 50 digits."""
    f = formula(op.name)

    def entry(i: int, j: int) -> mpf:
        if i == j:
            return derivative(f, point, i, 2)
        return derivative(lambda *xs: derivative(f, xs, j), point, i)

    with mp.workdps(DIGITS):
        return [[entry(i, j) for j in range(len(point))] for i in range(len(point))]


def close(found: float, true: mpf, relative: float, absolute: float) -> bool:
    """Whether `found` is `true` up to the tolerances, the difference taken to 50 digits."""
    with mp.workdps(DIGITS):
        return bool(abs(mpf(found) - true) <= relative * abs(true) + absolute)


def draw(interval: Interval, rng: random.Random) -> Iterator[float]:
    """Numbers strictly inside: beside each edge, at small, common and large magnitudes. Without end."""
    low, high = interval.low, interval.high
    while True:
        if math.isfinite(low) and math.isfinite(high):
            for near in (1e-6, 1e-9, 1e-12):
                yield low + near * (high - low)
                yield high - near * (high - low)
            for _ in range(6):
                yield rng.uniform(low, high)
            yield low + (high - low) / 2 + (high - low) * 1e-9
        elif math.isfinite(low) or math.isfinite(high):
            edge, inward = (low, 1.0) if math.isfinite(low) else (high, -1.0)
            for near in (1e-6, 1e-9, 1e-12):
                yield edge + inward * near * (abs(edge) or 1.0)
            for _ in range(6):
                yield edge + inward * rng.uniform(0.0, 4.0)
            yield edge + inward * 10 ** rng.uniform(1, 8)
            yield edge + inward * 10 ** rng.uniform(8, 80)
        else:
            for _ in range(8):
                yield rng.uniform(-4.0, 4.0)
            yield float(rng.randint(-5, 5))
            for _ in range(2):
                yield math.copysign(10 ** rng.uniform(-9, -1), rng.uniform(-1, 1))
                yield math.copysign(10 ** rng.uniform(1, 2.8), rng.uniform(-1, 1))
            yield math.copysign(10 ** rng.uniform(3, 8), rng.uniform(-1, 1))


def drawn(op: Op) -> list[tuple[float, ...]]:
    """Points of the row's own domain, always the same ones, those included where the value is no float."""
    rng = random.Random(op.name)
    if op.arity is None:
        widths = [n for n in ENTRIES for _ in range(5)]
        return [tuple(next(draw(Interval(-30.0, 30.0), rng)) if rng.random() < 0.2 else rng.uniform(-4, 4)
                      for _ in range(n)) for n in widths]  # fmt: skip
    streams = [draw(interval, rng) for interval in op.domain]
    if op.arity == 1:
        return [(next(streams[0]),) for _ in range(28)]
    pools = [[next(stream) for _ in range(42)] for stream in streams]
    for pool in pools:
        rng.shuffle(pool)
    return [*zip(*pools, strict=True), *MORE.get(op.name, [])]


def samples(op: Op) -> list[tuple[float, ...]]:
    """Those of `drawn` where the op has a value that a float can hold, away from kinks."""
    values = [(point, exact(op, point)) for point in drawn(op)]
    return [
        point
        for point, out in values
        if out is not None and abs(out) <= LARGEST and not (op.kink is not None and op.kink(*point) == 0)
    ]
