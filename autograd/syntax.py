"""Reading an expression: Python's syntax by `ast`, its operators and functions by the op table; nothing is executed."""

from __future__ import annotations

import ast
import difflib
import keyword
import math
import re
import unicodedata
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from .op import TABLE, Op, number

_OPERATORS = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
    ast.Pow: "__pow__",
    ast.USub: "__neg__",
}
_INSTEAD = {"−": "-", "–": "-", "×": "*", "⋅": "*", "÷": "/", "²": "**2", "³": "**3", "√": "sqrt"}  # as people write
_ALLOWED = "an expression is made of numbers, names, + - * / ** and functions such as exp(x)"


class ExpressionError(ValueError):
    """The text is no expression that can be read; the message says in one line what is wrong, and where."""


def normalized(name: str) -> str:
    """The name as Python's parser spells it: ϕ, a symbol, and φ, a letter, are one name."""
    return unicodedata.normalize("NFKC", name)


def functions() -> dict[str, Op]:
    """Every op by the names an expression may call it by: its own, its methods' and, where that is one, its symbol."""
    found = dict(TABLE)
    for op in TABLE.values():
        for name in (*op.methods, op.symbol):
            if name.isidentifier() and not name.startswith("__"):
                found.setdefault(normalized(name), op)
    return found


class Step(NamedTuple):
    """Take that many operands off the stack, put `function` of them back."""

    function: Callable[..., Any]
    taken: int
    column: int

    def applied(self, operands: list[Any]) -> Any:
        try:
            return self.function(*operands)
        except TypeError:
            if not isinstance(self.function, Op) or self.function.arity is not None:
                raise
            usage = self.function.doc  # what fits is known to the op alone
            raise ExpressionError(f"{self.function.name} at column {self.column} takes other inputs: {usage}") from None


def _listed(*entries: Any) -> list[Any]:
    return list(entries)


class Source:
    """The text: takes it apart, knows where things stand in it, and says what is wrong with them."""

    def __init__(self, text: str) -> None:
        self.indent = len(text) - len(text.lstrip())
        self.text = text.strip().replace("\r", " ").replace("\n", " ")
        self.encoded = self.text.encode(errors="replace")  # ast counts bytes
        self.functions = functions()

    def parsed(self) -> ast.expr | Step:
        """The tree of the expression."""
        if not self.text:
            raise ExpressionError('the expression is empty; write one, as in "x*y + 1"')
        for character, name in (("#", "'#'"), ("\0", "a null character")):
            if character in self.text:
                self._refuse(
                    name, self.text.index(character), "an expression has neither comments nor control characters"
                )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what Python only warns of is refused further on
                return ast.parse(self.text, mode="eval").body
        except (RecursionError, MemoryError):
            raise ExpressionError(
                "the expression is too long or too deeply nested to be read; compute it in parts, or in Python"
            ) from None
        except SyntaxError as error:
            what, index, hint = self._misread(error.msg, error.offset or 0)
            raise ExpressionError(f"{what} at column {index + self.indent + 1}{hint and f': {hint}'}") from None
        except UnicodeEncodeError as error:
            self._refuse("half a character (a lone surrogate)", error.start, "write the text as UTF-8")

    def column(self, node: ast.expr) -> int:
        """Where the node starts, counted from 1."""
        return self._index(node.col_offset) + self.indent + 1

    def literal(self, node: ast.Constant) -> float:
        """The number that stands there."""
        if math.isinf(found := number(node.value)):
            raise ExpressionError(f"literal too large at column {self.column(node)}: floats end at 1.8e308")
        return found

    def parts(self, node: ast.expr) -> list[ast.expr | Step]:
        """The operands of a node, then the op to apply to them."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
            return [node.operand]
        if isinstance(node, ast.UnaryOp):
            return [node.operand, self._operator(node.op, 1, node.col_offset, node.operand.col_offset)]
        if isinstance(node, ast.BinOp):
            between = node.left.end_col_offset or 0, node.right.col_offset
            return [node.left, node.right, self._operator(node.op, 2, *between)]
        if not isinstance(node, ast.Call):
            lists = [op.name for op in TABLE.values() if op.arity is None]
            what = f"only {' and '.join(lists)} take lists" if isinstance(node, ast.List | ast.Tuple) else _ALLOWED
            self._refuse(repr(self._cut(node)), self._index(node.col_offset), what)
        if not isinstance(node.func, ast.Name):
            what = f"calling {self._cut(node.func)!r}"
            self._refuse(what, self._index(node.col_offset), "write a product with *, a function by its name")
        for extra in (*node.keywords, *node.args):
            if isinstance(extra, ast.keyword | ast.Starred):
                self._refuse(
                    repr(self._cut(extra)), self._index(extra.col_offset), "write just the inputs, as in max(x, y)"
                )
        return self._call(node, node.func.id, self.column(node.func))

    def _operator(self, kind: ast.operator | ast.unaryop, count: int, start: int, end: int) -> Step:
        text = self.encoded[start:end].decode()
        symbol = text.strip(" \t\f()")
        index = self._index(start) + text.index(symbol)
        for op in TABLE.values():
            if _OPERATORS.get(type(kind)) in op.methods:
                return Step(op, count, index + self.indent + 1)
        self._refuse(f"'{symbol}'", index, "use ** for powers" if symbol == "^" else "the operators are + - * / **")

    def _call(self, node: ast.Call, name: str, column: int) -> list[ast.expr | Step]:
        op = self.functions.get(name)
        if op is None:
            close = ["log"] if name == "ln" else difflib.get_close_matches(name, self.functions, 1)
            listing = f"write * for a product; the functions are {' '.join(TABLE)}"
            hint = f"did you mean {close[0]}?" if close else listing
            raise ExpressionError(f"unknown function {name!r} at column {column}: {hint}")
        if len(node.args) != op.arity is not None:
            inputs = f"{op.arity} input{'s' * (op.arity > 1)}"
            raise ExpressionError(f"{name} at column {column} takes {inputs}, got {len(node.args)}")
        parts: list[ast.expr | Step] = []
        for argument in node.args:
            if isinstance(argument, ast.List | ast.Tuple) and op.arity is None:
                parts += [*argument.elts, Step(_listed, len(argument.elts), self.column(argument))]
            else:
                parts.append(argument)
        return [*parts, Step(op, len(node.args), column)]

    def _misread(self, message: str, offset: int) -> tuple[str, int, str]:
        """What is wrong, where, and what to do, for what Python's parser says, which thinks of programs."""
        index = offset - 1 if 0 < offset <= len(self.text) else len(self.text)
        at = self.text[index : index + 1]
        if message.startswith("Exceeds the limit"):
            return "literal too large", max(re.finditer(r"\d+", self.text), key=lambda m: len(m[0])).start(), ""
        if at in _INSTEAD:
            return f"cannot read {at!r}", index, f"write {_INSTEAD[at]}"
        if at == "=" or "'=='" in message:
            return "cannot read '='", self.text.index("="), "write the right-hand side alone"
        if message.startswith("invalid decimal"):
            return "invalid number", index, "for a product write *, as in 2*x"
        if not message.startswith("invalid syntax"):
            return re.split(r"\. |; | \(", message)[0], index, ""
        for word in re.finditer(r"[^\W\d]\w*", self.text):
            if keyword.iskeyword(word[0]):
                return f"cannot read {word[0]!r}", word.start(), "it is one of Python's own words; choose another name"
        gap = re.compile(r"[\w)]\s+(?=[\w(])").search(self.text, max(0, len(self.text[:index].rstrip()) - 1))
        if gap:
            return "an operator such as *, or a parenthesis, is missing", gap.end(), ""
        return (f"cannot read {self.text[index:][:30]!r}" if at else "the expression ends too early"), index, ""

    def _refuse(self, what: str, index: int, instead: str) -> NoReturn:
        raise ExpressionError(f"{what} at column {index + self.indent + 1} is not allowed: {instead}")

    def _index(self, byte: int) -> int:
        return len(self.encoded[:byte].decode(errors="ignore"))

    def _cut(self, node: ast.expr | ast.keyword) -> str:
        text = self.text[self._index(node.col_offset) : self._index(node.end_col_offset or 0)]
        return text if len(text) <= 30 else f"{text[:27]}..."
