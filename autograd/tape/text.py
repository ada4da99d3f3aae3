"""Ops as source text, in Python or C: a row's `array` or `forward` run on what is its own text."""

from __future__ import annotations

import math

from ..op import Op, op_known_as

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Text:
    """Text that arithmetic and comparisons append to; `c` says whether it is C or Python.

    >>> (1.0 - Text("out") * Text("out")).text
    '(1.0 - (out * out))'
    """

    def __init__(self, text: str, c: bool = False) -> None:
        self.text, self.c = text, c

    def _with(self, template: str, *others: Any) -> Text:
        return Text(template.format(self.text, *[written(x) for x in others]), self.c)

    def __add__(self, other: Any) -> Text:
        return self._with("({} + {})", other)

    def __radd__(self, other: Any) -> Text:
        return self._with("({1} + {0})", other)

    def __sub__(self, other: Any) -> Text:
        return self._with("({} - {})", other)

    def __rsub__(self, other: Any) -> Text:
        return self._with("({1} - {0})", other)

    def __mul__(self, other: Any) -> Text:
        return self._with("({} * {})", other)

    def __rmul__(self, other: Any) -> Text:
        return self._with("({1} * {0})", other)

    def __truediv__(self, other: Any) -> Text:
        return self._with("({} / {})", other)

    def __rtruediv__(self, other: Any) -> Text:
        return self._with("({1} / {0})", other)

    def __pow__(self, other: Any) -> Text:
        return self._with("pow({}, {})" if self.c else "({} ** {})", other)

    def __rpow__(self, other: Any) -> Text:
        return self._with("pow({1}, {0})" if self.c else "({1} ** {0})", other)

    def __neg__(self) -> Text:
        return self._with("(-{})")

    def __lt__(self, other: Any) -> Text:
        return self._with("({} < {})", other)

    def __le__(self, other: Any) -> Text:
        return self._with("({} <= {})", other)

    def __gt__(self, other: Any) -> Text:
        return self._with("({} > {})", other)

    def __ge__(self, other: Any) -> Text:
        return self._with("({} >= {})", other)

    def __eq__(self, other: object) -> Text:  # type: ignore[override]  # a text of the comparison, as arrays do it
        return self._with("({} == {})", other)

    def __ne__(self, other: object) -> Text:  # type: ignore[override]
        return self._with("({} != {})", other)

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise TypeError("text is neither true nor false: a row's array must not branch")


class Namespace:
    """What stands for NumPy: functions by its names that write themselves down."""

    def __init__(self, c: bool) -> None:
        self.c = c

    def where(self, condition: Text, a: Any, b: Any) -> Text:
        template = "({0} ? {1} : {2})" if self.c else "({1} if {0} else {2})"
        return Text(template.format(condition.text, written(a), written(b)), self.c)

    def __getattr__(self, name: str) -> Any:
        op = op_known_as(name)
        if op is None:  # another function of math.h and Python's math
            return lambda *xs: Text(f"{'' if self.c else 'math.'}{name}({', '.join(map(written, xs))})", self.c)
        return lambda *xs: Text(expression(op, tuple(map(written, xs)), self.c), self.c)


def written(x: Any) -> str:
    """A text or a number as source."""
    if isinstance(x, Text):
        return x.text
    number = float(x)
    return repr(number) if math.isfinite(number) else f"({number!r})"


def expression(op: Op, inputs: tuple[str, ...], c: bool = False) -> str:
    """The op applied to inputs of these names, as source.

    TypeError: the row's `forward` is neither a function of Python's math or operator modules nor arithmetic alone,
    and it has no `array`.

    >>> from autograd.op import TABLE
    >>> expression(TABLE["relu"], ("x",)), expression(TABLE["relu"], ("x",), c=True)
    ('(0.0 if (x <= 0.0) else x)', '((x <= 0.0) ? 0.0 : x)')
    """
    texts = [Text(name, c) for name in inputs]
    if op.array is not None:
        out = op.array(Namespace(c), *texts)
    elif getattr(op.forward, "__module__", None) == "math":
        out = Text(f"{'' if c else 'math.'}{op.forward.__name__}({', '.join(inputs)})", c)
    else:
        try:
            out = op.forward(*texts)
        except Exception as error:  # a row may be written for floats alone
            raise TypeError(f"{op.name} has no source; give its row array=lambda xp, x: …") from error
    return written(out)
