"""Each op as a function of Python or C: the library's own where there is one, else a few printed lines."""

from __future__ import annotations

import math
import re

from ..op import TABLE, Op, op_known_as
from .identifiers import C_FUNCTIONS, RESERVED, Unique, identifier, numbered
from .quiet import guard, quiet
from .text import expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

ARITHMETIC = {"add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "div": "{} / {}", "neg": "-{}"}
C_NUMBERS = {"(inf)": "INFINITY", "(-inf)": "(-INFINITY)", "(nan)": "NAN"}


class Functions:
    """Writes ops down; `texts` are the functions that had to be printed for that, in the order of need.

    >>> functions = Functions(c=True)
    >>> functions.applied(TABLE["div"], ["x", "2.0"]), functions.applied(TABLE["relu"], ["v1"])
    ('x / 2.0', 'relu(v1)')
    >>> print(functions.texts["relu"])
    /* x if x > 0, else 0 */
    static double relu(double x)
    {
        return (x <= 0.0) ? 0.0 : x;
    }
    <BLANKLINE>
    """

    def __init__(self, c: bool, taken: Collection[str] = ()) -> None:
        self.c = c
        self.texts: dict[str, str] = {}
        self._found: dict[tuple[Op, int], str] = {}
        self._unique = Unique(RESERVED.union(vars(math), taken), numbered)

    def applied(self, op: Op, operands: Sequence[str]) -> str:
        """The op on operands written so. TypeError: it has no source."""
        if op.name not in ARITHMETIC:
            return f"{self.function(op, len(operands))}({', '.join(operands)})"
        if op.name == "div" and not self.c and not _non_zero(operands[1]):
            return f"{self._called('divided', op)}({', '.join(operands)})"
        return ARITHMETIC[op.name].format(*[f"({x})" if x.startswith("-") else x for x in operands])

    def function(self, op: Op, count: int) -> str:
        """What to call for the op on so many inputs."""
        if (op, count) not in self._found:
            names = tuple(map(identifier, op.variables(count)))
            if len(set(names)) < count or not all(names) or not TABLE.keys().isdisjoint(names):
                names = tuple([f"x{k}" for k in range(1, count + 1)])
            try:
                text = expression(op, names, self.c)
            except Exception as error:  # a row's array may do whatever it likes
                raise TypeError(f"{op.name} has no source; give its row array=lambda xp, x: …") from error
            name = self._found[op, count] = self._unique(identifier(op.name) or "op")
            body = self._c_body(text, op) if self.c else quiet(text, lambda name: self._called(name, op))
            plain = re.fullmatch(r"([\w.]+)\((.*)\)", body)
            if plain and plain[2] == ", ".join(names):
                self._found[op, count] = plain[1]
            else:
                self.texts[name] = self._definition(name, names, body, op)
        return self._found[op, count]

    def _called(self, name: str, op: Op) -> str:
        """What to call for a function that the op's row knows by NumPy's or Python's name."""
        name = {"fmax": "maximum", "fmin": "minimum"}.get(name, name)  # C's differ from NumPy's on NaN
        if self.c:
            name = "tgamma" if name == "gamma" else name
            if name in C_FUNCTIONS:
                return name
        else:
            name = "power" if name == "pow" else name
            if text := guard(name):
                self.texts.setdefault(name, text)
                return name
            if callable(getattr(math, name, None)):
                return f"math.{name}"
        row = op_known_as(name)
        if row is None or row.arity is None:
            language = "C" if self.c else "Python"
            raise TypeError(f"{op.name} has no source: it calls {name}, which {language} does not have")
        return self.function(row, row.arity)

    def _definition(self, name: str, variables: Sequence[str], body: str, op: Op) -> str:
        about = " ".join(re.split(r"[;:.]\s", op.doc)[0].split())
        if self.c:
            arguments = ", ".join([f"double {x}" for x in variables])
            return f"{c_comment(about)}static double {name}({arguments})\n{{\n    return {body};\n}}\n"
        comment = f"# {about}\n" if about else ""
        return f"{comment}def {name}({', '.join(variables)}):\n    return {body}\n"

    def _c_body(self, text: str, op: Op) -> str:
        text = re.sub(r"\b[a-zA-Z_]\w*(?=\()", lambda found: self._called(found[0], op), text)
        return _bare(re.sub(r"\(-?(inf|nan)\)", lambda found: C_NUMBERS[found[0]], text))


def _non_zero(text: str) -> bool:
    return text.lstrip("-")[:1].isdigit() and float(text) != 0.0


def c_comment(text: str) -> str:
    """A comment of C that ends where it should, whatever the text is."""
    text = text.replace("…", "...").replace("\n", "\n   ").encode("ascii", "replace").decode()
    for mark in ("*/", "/*", "??"):
        text = text.replace(mark, " ".join(mark))
    return f"/* {text} */\n" if text else ""


def _bare(text: str) -> str:
    """Without parentheses around all of it, or around what stands in parentheses already."""
    opened, closed = [], {}
    for k, letter in enumerate(text):
        if letter == "(":
            opened.append(k)
        elif letter == ")":
            closed[opened.pop()] = k
    drop = set()
    for first, last in closed.items():
        if closed.get(first - 1) == last + 1 or (first, last) == (0, len(text) - 1):
            drop |= {first, last}
    return "".join([letter for k, letter in enumerate(text) if k not in drop])
