"""Text to graph: an expression becomes postfix, x*y + exp(x) is x y mul x exp add, which runs on any operands."""

from __future__ import annotations

import ast
import difflib
import math
from collections.abc import Mapping
from typing import Any

from .op import Operand, number
from .syntax import ExpressionError as ExpressionError
from .syntax import Source, Step, functions, normalized

CONSTANTS = {"pi": math.pi, "e": math.e}


def evaluate(text: str, variables: Mapping[str, Any]) -> Any:
    """The expression `text` on `variables`: a Value where one of them is a Value, else a float. A name met twice is
    one Value. pi and e are known, unless they are among the variables.

    ExpressionError: the text cannot be read, or a name in it has no value. ArithmeticError, ValueError: what the ops
    raise, as for log(-1). TypeError: a variable is neither number nor Value.

    >>> from autograd import Value
    >>> x = Value(3.0, "x")
    >>> evaluate("x*x + 2*pi", {"x": x}).inputs[0].inputs == (x, x)
    True
    >>> evaluate("x*w", {"x": x})
    Traceback (most recent call last):
    autograd.syntax.ExpressionError: unknown name 'w' at column 3: give it a value, as in w=1
    """
    return Expression(text)(**{normalized(name): x for name, x in variables.items()})


class Expression:
    """An expression read once, to be called with its variables as often as needed.

    >>> f = Expression("a*b + exp(a - e)")
    >>> f(a=1.0, b=2.0, e=1.0)
    3.0
    >>> f.names  # and the column where each first stands
    {'a': 1, 'b': 3, 'e': 15}
    """

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self.names: dict[str, int] = {}
        self._steps: list[float | str | Step] = []  # postfix: numbers, names, and ops after their operands
        source = Source(text)
        todo = [source.parsed()]
        while todo:  # a stack of what is left instead of recursion
            node = todo.pop()
            if isinstance(node, Step):
                self._steps.append(node)
            elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
                self._steps.append(source.literal(node))
            elif isinstance(node, ast.Name):
                self.names.setdefault(node.id, source.column(node))
                self._steps.append(node.id)
            else:
                todo += reversed(source.parts(node))

    def __call__(self, /, **variables: Any) -> Any:
        known = {**CONSTANTS, **variables}
        for name, column in self.names.items():
            if name not in known:
                raise ExpressionError(unknown_name(name, column, list(known)))
        operands = {name: x if isinstance(x := known[name], Operand) else number(x) for name in self.names}
        stack: list[Any] = []
        for step in self._steps:
            if isinstance(step, Step):
                cut = len(stack) - step.taken
                stack[cut:] = [step.applied(stack[cut:])]
            else:
                stack.append(operands[step] if isinstance(step, str) else step)
        return stack.pop()

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


def unknown_name(name: str, column: int, known: list[str]) -> str:
    """What to say of a name without a value."""
    if name in functions():
        return f"{name} at column {column} is a function: write its inputs after it, as in {name}(x)"
    close = "".join(f", or did you mean {match}?" for match in difflib.get_close_matches(name, known, 1))
    return f"unknown name {name!r} at column {column}: give it a value, as in {name}=1{close}"
