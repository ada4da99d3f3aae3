"""What was written into a blank: a number or an expression of one, and how closely it says what it says."""

from __future__ import annotations

import math
import re

from ..expression import ExpressionError, evaluate
from ..op import ARITHMETIC_ERRORS, described, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FEWEST = 3  # digits that a rounded answer must have
NOTHING = ("", "…", "...", "?", "-", "–", "—")  # besides None and Ellipsis
AS_WRITTEN = str.maketrans({"·": "*", "×": "*", "⋅": "*", "−": "-", "–": "-", "÷": "/", "^": "**", "²": "**2",
                            "³": "**3", "π": "pi"})  # fmt: skip
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?")
LONGEST = 1000


class Answer:
    """An answer as it was read: `value`, and `slack`, how far off rounding to the digits given may have brought it.

    `digits` is how many were given, or None where all are meant, as in 1/3.
    """

    __slots__ = ("digits", "slack", "text", "value")

    def __init__(self, text: str, value: float, slack: float = 0.0, digits: int | None = None) -> None:
        self.text, self.value, self.slack, self.digits = text, value, slack, digits

    def exactly(self, right: float) -> bool:
        """Whether it is that number, but for the last digits of floats."""
        return self.value == right or (self.value != self.value and right != right) or close(self.value, right)

    def rounded(self, right: float) -> bool:
        """Whether it is that number, rounded to the digits given, of which there may be too few."""
        return abs(self.value - right) <= self.slack * (1 + 1e-9)

    def means(self, right: float) -> bool:
        """Whether it is that number, if need be rounded to the digits given, at least three.

        >>> [read(text, {}).means(2 * math.e) for text in ("2*e", "5.437", "5.44", "5.4", "5.45")]
        [True, True, True, False, False]
        """
        enough = self.digits is not None and self.digits >= FEWEST
        return self.exactly(right) or (enough and self.rounded(right))


def close(a: float, b: float) -> bool:
    """Whether two numbers differ by rounding errors alone."""
    return a == b or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def read(given: Any, variables: Mapping[str, float]) -> Answer | None:
    """The answer as a number; None where there is none.

    Args:
        given: a number, or a text such as "2*e", "1/3", "2·1", "6,72" or "4*1 + e = 6.718", whose last side counts.
        variables: names that a text may use, beside e and pi.

    ValueError: it cannot be read, and why.

    >>> read("4*1 + e*(-2)", {}).value
    -1.4365636569180902
    >>> read("2·x", {"x": 3.0}).value, read("…", {})
    (6.0, None)
    """
    if given is None or given is Ellipsis:
        return None
    if not isinstance(given, str):
        return _read_number(given)
    text = re.split("[=≈]", given)[-1].strip()
    if given.strip() in NOTHING or not text.strip("_"):
        return None
    if re.fullmatch(r"[+−–-]?\d+,\d+", text):
        text = text.replace(",", ".")
    if len(text) > LONGEST:
        raise ValueError(f"it has {len(text)} characters, and a number can be said in fewer than {LONGEST}")
    plain = text.translate(AS_WRITTEN).replace(" ", "")
    if NUMBER.fullmatch(plain) and not math.isinf(float(plain)):
        return Answer(given, float(plain), *_digits(plain))
    try:
        value = float(evaluate(text.translate(AS_WRITTEN), variables))
    except (ExpressionError, *ARITHMETIC_ERRORS) as error:
        raise ValueError(str(error)) from None
    found = [_digits(literal)[1] for literal in re.findall(r"\d+\.\d+", text)]
    digits = min([count for count in found if count >= FEWEST], default=None)  # 0.5 is meant as it stands, 2.718 is not
    return Answer(given, value, abs(value) * 0.5 * 10.0 ** (1 - digits) if digits else 0.0, digits)


def _read_number(given: Any) -> Answer:
    try:
        value = number(given)
    except TypeError:
        if not hasattr(given, "__float__") or hasattr(given, "shape"):
            raise ValueError(f"an answer is a number or a text such as '2*e', got {described(given)}") from None
        value = float(given)  # a Fraction, a Decimal, a Value
    text = repr(value)
    if not math.isfinite(value):
        return Answer(text, value)
    text = text.removesuffix(".0")
    return Answer(text, value, *_digits(text))


def _digits(text: str) -> tuple[float, int]:
    """Half a unit of a number's last digit, and how many significant digits it has.

    >>> _digits("6.720"), _digits("0.05"), _digits("1.5e3")
    ((0.0005, 4), (0.005, 1), (50.0, 2))
    """
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    digits = mantissa.strip("+-").replace(".", "").lstrip("0")
    return 0.5 * 10.0 ** (int(exponent or 0) - decimals), len(digits)
