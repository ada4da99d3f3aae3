"""Python text in which nothing raises: division, powers and functions of math that give ±∞ and NaN, as C's do."""

from __future__ import annotations

import ast
import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SIGNED = "math.copysign(math.inf, x)"
# functions of Python's math that raise: what they are where the result is too large, and where there is none
RAISING: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("exp", "exp2", "expm1", "cosh"), ("math.inf", "")),
    "sinh": (SIGNED, ""),
    **dict.fromkeys(("sqrt", "sin", "cos", "tan", "asin", "acos", "acosh"), ("", "math.nan")),
    **dict.fromkeys(("log", "log2", "log10"), ("", "-math.inf if x == 0.0 else math.nan")),
    "log1p": ("", "-math.inf if x == -1.0 else math.nan"),
    "atanh": ("", f"{SIGNED} if math.fabs(x) == 1.0 else math.nan"),
    "lgamma": ("math.inf", "math.inf"),
    "gamma": (SIGNED, f"{SIGNED} if x == 0.0 else math.nan"),
    **dict.fromkeys(("fmod", "remainder"), ("", "math.nan")),
}
WHOLE = ("ceil", "floor", "trunc")  # these give ints, and raise where there is none
DIVIDED = """\
# x / y, and ±inf or nan where Python raises
def divided(x, y):
    if y != 0.0:
        return x / y
    return math.nan if x == 0.0 or x != x else math.copysign(math.inf, x) * math.copysign(1.0, y)
"""
POWER = """\
# x to the power y, and ±inf or nan where Python raises
def power(x, y):
    try:
        return math.pow(x, y)
    except ValueError:
        if x != 0.0:
            return math.nan
    except OverflowError:
        pass
    odd = math.fabs(math.fmod(y, 2.0)) == 1.0
    return math.copysign(math.inf, x) if odd else math.inf
"""


def guard(name: str) -> str | None:
    """What to print in the place of a function that raises, or None.

    >>> print(guard("sqrt"))
    # sqrt(x), and ±inf or nan where Python raises
    def sqrt(x):
        try:
            return math.sqrt(x)
        except ValueError:
            return math.nan
    <BLANKLINE>
    """
    if name in ("divided", "power"):
        return DIVIDED if name == "divided" else POWER
    if name in WHOLE:
        return f"def {name}(x):\n    return float(math.{name}(x)) if math.isfinite(x) else x\n"
    if name not in RAISING:
        return None
    large, outside = RAISING[name]
    variables = "x, y" if name in ("fmod", "remainder") else "x"
    lines = [f"# {name}({variables}), and ±inf or nan where Python raises", f"def {name}({variables}):"]
    lines += ["    try:", f"        return math.{name}({variables})"]
    for error, number in (("OverflowError", large), ("ValueError", outside)):
        if number:
            lines += [f"    except {error}:", f"        return {number}"]
    return "\n".join(lines) + "\n"


def quiet(text: str, called: Callable[[str], str]) -> str:
    """The expression with nothing left in it that raises; `called` says what to call for a function of that name.

    >>> quiet("1.0 / (1.0 + math.exp(-math.fabs(x))) + math.exp(x) / x", lambda name: f"safe_{name}")
    '1.0 / (1.0 + math.exp(-math.fabs(x))) + safe_divided(safe_exp(x), x)'
    """
    return ast.unparse(_Quiet(called).visit(ast.parse(text, mode="eval")))


class _Quiet(ast.NodeTransformer):
    def __init__(self, called: Callable[[str], str]) -> None:
        self.called = called

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:  # the names are ast's
        harmless = not isinstance(node.op, ast.Div | ast.Pow) or (isinstance(node.op, ast.Div) and _low(node.right) > 0)
        node.left, node.right = self.visit(node.left), self.visit(node.right)
        if harmless:
            return node
        name = self.called("divided" if isinstance(node.op, ast.Div) else "pow")
        return ast.Call(ast.Name(name), [node.left, node.right], [])

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = _function(node)
        harmless = len(node.args) == 1 and _harmless(name, node.args[0])
        arguments = [self.visit(x) for x in node.args]
        return ast.Call(ast.Name(f"math.{name}" if harmless else self.called(name)), arguments, [])

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(f"math.{node.id}") if node.id in ("inf", "nan") else node


def _function(node: ast.expr) -> str:
    """The name in math.name(…), "" in anything else."""
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def _harmless(name: str, x: ast.expr) -> bool:
    """Whether the function of x cannot raise, whatever the inputs are."""
    if name == "exp":
        return isinstance(x, ast.UnaryOp) and isinstance(x.op, ast.USub) and _low(x.operand) >= 0.0
    return name == "fabs" or (name in ("sqrt", "log1p") and _low(x) >= 0.0) or (name == "log" and _low(x) > 0.0)


def _low(node: ast.expr) -> float:
    """What the expression is never below, unless it is NaN."""
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _low(node.left) + _low(node.right)
    return 0.0 if _function(node) in ("exp", "fabs", "sqrt") else -math.inf
