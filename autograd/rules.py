"""THE table: one row an op. ∂out/∂xᵢ is written with the ops themselves, so it runs on numbers and on graphs.

At kinks: relu'(0) = |x|'(0) = step'(0) = 0; at a tie maximum and minimum give all to the first argument.
"""

from __future__ import annotations as _annotations

import functools as _functools
import math as _math
import operator as _operator

from .op import Interval as _Interval
from .op import Op as _Op

_TYPE_CHECKING = False
if _TYPE_CHECKING:
    from collections.abc import Iterable as _Iterable
    from typing import Any as _Any


def _power(x: float, y: float) -> float:
    out: float | complex = x**y
    if isinstance(out, complex):
        raise ValueError("a negative number takes a whole exponent")
    return out


def _power_slope(x: _Any, y: _Any, out: _Any) -> _Any:
    # a constant, unlike a Value, may decide: x**0 has slope 0 at 0 too, where 0 · 0**-1 has none
    return 0.0 if y.__class__ is float and y == 0.0 else y * x ** (y - 1.0)


def _sigmoid(x: float) -> float:
    if x >= 0:
        return 1.0 / (1.0 + _math.exp(-x))
    e = _math.exp(x)  # exp of a negative number cannot overflow
    return e / (1.0 + e)


def _logsumexp(*xs: float) -> float:
    if not xs:
        raise ValueError("it takes at least one number")
    top = max(xs)
    if _math.isinf(top):
        return _math.nan if any(x != x for x in xs) else top
    return top + _math.log(sum([_math.exp(x - top) for x in xs]))


def _logsumexp_array(xp: _Any, *xs: _Any) -> _Any:
    top = _functools.reduce(xp.maximum, xs)
    top = xp.where(xp.less(xp.abs(top), _math.inf), top, 0.0)
    return top + xp.log(_functools.reduce(_operator.add, [xp.exp(x - top) for x in xs]))


def _dot(*inputs: float) -> float:
    n = len(inputs) // 2
    total = inputs[-1] if len(inputs) % 2 else 0.0
    for x, y in zip(inputs[:n], inputs[n:], strict=False):
        total += x * y
    return total


def _dot_inputs(xs: _Iterable[_Any], ys: _Iterable[_Any], start: _Any = None) -> tuple[_Any, ...]:
    xs, ys = tuple(xs), tuple(ys)
    if len(xs) != len(ys):
        raise ValueError(f"dot takes two sequences of one length, got {len(xs)} and {len(ys)} entries")
    return (*xs, *ys) if start is None else (*xs, *ys, start)


def _dot_code(*inputs: str, times: str = " * ") -> str:
    n = len(inputs) // 2
    return " + ".join([f"{x}{times}{y}" for x, y in zip(inputs[:n], inputs[n:], strict=False)] + [*inputs[2 * n :]])


def _dot_latex(*inputs: str) -> str:
    return _dot_code(*inputs, times=r" \cdot ")


def _dot_partials(inputs: tuple[_Any, ...], out: _Any) -> tuple[_Any, ...]:
    n = len(inputs) // 2
    return (*inputs[n : 2 * n], *inputs[:n], *(1.0,) * (len(inputs) % 2))


def _spread(*xs: _Any) -> tuple[_Any, ...]:
    return tuple(xs[0]) if len(xs) == 1 and hasattr(xs[0], "__iter__") else xs


_POSITIVE, _NON_NEGATIVE = _Interval(0.0), _Interval(0.0, closed=True)
_UNIT, _OPEN_UNIT = _Interval(-1.0, 1.0, closed=True), _Interval(-1.0, 1.0)

# fmt: off
# arithmetic: Python's operators
add = _Op("add", _operator.add, (lambda x, y, out: 1.0, lambda x, y, out: 1.0), "x + y",
          "+", "{} + {}", "{} + {}", (2, 1, 2), ("__add__",), steps=(0, 1, 0))
sub = _Op("sub", _operator.sub, (lambda x, y, out: 1.0, lambda x, y, out: -1.0), "x - y",
          "-", "{} - {}", "{} - {}", (2, 1, 3), ("__sub__", "subtract"), steps=(0, 1, 0))
mul = _Op("mul", _operator.mul, (lambda x, y, out: y, lambda x, y, out: x), "x y",
          "*", "{} * {}", r"{} \cdot {}", (4, 4, 4), ("__mul__", "multiply"), steps=(1, 0, 0))
div = _Op("div", _operator.truediv, (lambda x, y, out: 1.0 / y, lambda x, y, out: -out / y), "x / y, y ≠ 0",
          "/", "{} / {}", r"\frac{{{}}}{{{}}}", (4, 4, 5), ("__truediv__", "divide"), steps=(1, 0, 0))
pow = _Op("pow", _power, (_power_slope, lambda x, y, out: out * log(x)),
          "x to the power y, for x > 0, or whole y", "**", "{} ** {}", "{}^{{{}}}", (6, 7, 6), ("__pow__", "power"),
          (_Interval(), _Interval()), array=lambda xp, x, y: x**y)
neg = _Op("neg", _operator.neg, (lambda x, out: -1.0,), "-x", "-", "-{}", "-{}", (1, 4, 0), ("__neg__", "negative"),
          steps=(0, 0, 0))
abs = _Op("abs", _math.fabs, (lambda x, out: sign(x),), "|x|; the derivative at 0 is taken as 0",
          methods=("__abs__", "absolute", "fabs"), kink=lambda x: x, latex=r"\left\vert {}\right\vert")

# powers, exponentials, logarithms
sqrt = _Op("sqrt", _math.sqrt, (lambda x, out: 0.5 / out,), "square root, x >= 0", domain=(_NON_NEGATIVE,),
           latex=r"\sqrt{{{}}}")
exp = _Op("exp", _math.exp, (lambda x, out: out,), "e to the power x", latex=r"e^{{{}}}")
expm1 = _Op("expm1", _math.expm1, (lambda x, out: exp(x),), "exp(x) - 1, exact near 0")
log: _Op = _Op("log", _math.log, (lambda x, out: 1.0 / x,), "natural logarithm, x > 0", domain=(_POSITIVE,),
               latex=r"\ln")
log1p = _Op("log1p", _math.log1p, (lambda x, out: 1.0 / (1.0 + x),), "log(1 + x), exact near 0, x > -1",
            domain=(_Interval(-1.0),))

# trigonometric functions, in radians, and their inverses
sin = _Op("sin", _math.sin, (lambda x, out: cos(x),), "sine", latex=r"\sin")
cos: _Op = _Op("cos", _math.cos, (lambda x, out: -sin(x),), "cosine", latex=r"\cos")
tan = _Op("tan", _math.tan, (lambda x, out: 1.0 + out * out,), "tangent", latex=r"\tan")
asin = _Op("asin", _math.asin, (lambda x, out: 1.0 / sqrt((1.0 - x) * (1.0 + x)),), "inverse sine, -1 <= x <= 1",
           methods=("arcsin",), domain=(_UNIT,), latex=r"\arcsin")
acos = _Op("acos", _math.acos, (lambda x, out: -1.0 / sqrt((1.0 - x) * (1.0 + x)),),
           "inverse cosine, -1 <= x <= 1", methods=("arccos",), domain=(_UNIT,), latex=r"\arccos")
atan = _Op("atan", _math.atan, (lambda x, out: 1.0 / (1.0 + x * x),), "inverse tangent", methods=("arctan",),
           latex=r"\arctan")

# hyperbolic functions and their inverses
sinh = _Op("sinh", _math.sinh, (lambda x, out: cosh(x),), "hyperbolic sine", latex=r"\sinh")
cosh: _Op = _Op("cosh", _math.cosh, (lambda x, out: sinh(x),), "hyperbolic cosine", latex=r"\cosh")
tanh = _Op("tanh", _math.tanh, (lambda x, out: 1.0 - out * out,), "hyperbolic tangent", latex=r"\tanh")
asinh = _Op("asinh", _math.asinh, (lambda x, out: 1.0 / cosh(out),), "inverse hyperbolic sine",
            methods=("arcsinh",), latex=r"\operatorname{arsinh}")
acosh = _Op("acosh", _math.acosh, (lambda x, out: 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0)),),
            "inverse hyperbolic cosine, x >= 1", methods=("arccosh",), domain=(_Interval(1.0, closed=True),),
            latex=r"\operatorname{arcosh}")
atanh = _Op("atanh", _math.atanh, (lambda x, out: 1.0 / ((1.0 - x) * (1.0 + x)),),
            "inverse hyperbolic tangent, -1 < x < 1", methods=("arctanh",), domain=(_OPEN_UNIT,),
            latex=r"\operatorname{artanh}")

# activations and what they are made of; sigmoid, softplus and logsumexp never overflow
sigmoid = _Op("sigmoid", _sigmoid, (lambda x, out: out * (1.0 - out),), "1 / (1 + exp(-x))", "σ", latex=r"\sigma",
              array=lambda xp, x: xp.where(x >= 0.0, 1.0, xp.exp(-xp.abs(x))) / (1.0 + xp.exp(-xp.abs(x))))
softplus = _Op("softplus", lambda x: max(x, 0.0) + _math.log1p(_math.exp(-_math.fabs(x))),
               (lambda x, out: sigmoid(x),), "log(1 + exp(x)), a smooth relu",
               array=lambda xp, x: xp.where(x > 0.0, x, 0.0) + xp.log1p(xp.exp(-xp.abs(x))))
erf = _Op("erf", _math.erf, (lambda x, out: 2.0 / _math.sqrt(_math.pi) * exp(-(x * x)),),
          "2/√π ∫ exp(-t²) dt from 0 to x")
relu = _Op("relu", lambda x: 0.0 if x <= 0 else x, (lambda x, out: step(x),),
           "x if x > 0, else 0; the derivative at 0 is taken as 0", "ReLU", kink=lambda x: x,
           latex=r"\operatorname{ReLU}", array=lambda xp, x: xp.where(x <= 0.0, 0.0, x))
step: _Op = _Op("step", lambda x: 1.0 if x > 0 else x if x != x else 0.0, (lambda x, out: 0.0,),
           "Heaviside's function, 1 if x > 0, else 0; its derivative is taken as 0", kink=lambda x: x,
           array=lambda xp, x: xp.where(x > 0.0, 1.0, xp.where(x <= 0.0, 0.0, x)))
sign: _Op = _Op("sign", lambda x: x if x != x or x == 0.0 else _math.copysign(1.0, x), (lambda x, out: 0.0,),
           "1, 0 or -1; its derivative is taken as 0", kink=lambda x: x,
           array=lambda xp, x: xp.where(x > 0.0, 1.0, xp.where(x < 0.0, -1.0, x)))
less: _Op = _Op("less", lambda x, y: 1.0 if x < y else 0.0 if x >= y else _math.nan,
                (lambda x, y, out: 0.0, lambda x, y, out: 0.0),
                "1 if x < y, else 0; its derivatives are taken as 0", "<", kink=lambda x, y: x - y,
                latex=r"\left[{} < {}\right]",
                array=lambda xp, x, y: xp.where(x < y, 1.0, xp.where(x >= y, 0.0, x + y)))
maximum = _Op("maximum", lambda x, y: x if x >= y or x != x else y,
              (lambda x, y, out: 1.0 - less(x, y), lambda x, y, out: less(x, y)),
              "the larger of x and y; at a tie the derivative goes to x", "max", kink=lambda x, y: x - y, latex=r"\max",
              array=lambda xp, x, y: xp.where(x >= y, x, xp.where(x == x, y, x)))
minimum = _Op("minimum", lambda x, y: x if x <= y or x != x else y,
              (lambda x, y, out: 1.0 - less(y, x), lambda x, y, out: less(y, x)),
              "the smaller of x and y; at a tie the derivative goes to x", "min", kink=lambda x, y: x - y,
              latex=r"\min", array=lambda xp, x, y: xp.where(x <= y, x, xp.where(x == x, y, x)))
where: _Op = _Op("where", lambda condition, a, b: b if condition == 0.0 else a,
            (lambda condition, a, b, out: 0.0, lambda condition, a, b, out: where(condition, 1.0, 0.0),
             lambda condition, a, b, out: where(condition, 0.0, 1.0)),
            "a if the condition is not 0 (NaN is true too), else b; make the condition with less(x, y) or step(x), as "
            "x > 0 gives a bool. Both a and b are computed, and the derivatives of the one not taken are multiplied "
            "by 0, so that an infinite one gives NaN: choose arguments that are safe on both sides",
            kink=lambda condition, a, b: -1.0 if condition == 0.0 else 1.0, methods=None,
            array=lambda xp, condition, a, b: xp.where(condition == 0.0, b, a), variables=("condition", "a", "b"))

# any number of inputs
dot = _Op("dot", _dot, _dot_partials, "called as dot(xs, ys, start); start + x₁ y₁ + x₂ y₂ + …, from left to right",
          code=_dot_code, latex=_dot_latex, binding=(2, 4, 4), arrange=_dot_inputs,
          steps=lambda inputs: (inputs // 2, max((inputs + 1) // 2 - 1, 0), 0))
logsumexp = _Op("logsumexp", _logsumexp, lambda xs, out: tuple(exp(x - out) for x in xs),
                "called as logsumexp(xs); log(exp(x₁) + exp(x₂) + …), whose local derivatives are the softmax",
                latex=lambda *xs: r"\ln\left(" + " + ".join(f"e^{{{x}}}" for x in xs) + r"\right)",
                arrange=_spread, steps=lambda inputs: (0, inputs - 1, inputs + 1), array=_logsumexp_array)
# fmt: on
