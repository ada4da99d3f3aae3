"""`python -m autograd "x*y + z" x=1 y=2 z=0`: value, gradient, the sum over paths, the gradient check."""

from __future__ import annotations

import argparse
import keyword
import math
import os
import re
import sys
from typing import NoReturn, TextIO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .expression import Expression
    from .value import Value

PROGRAM = "python -m autograd"
ABOUT = "Differentiate an expression at a point: its value, the gradient, the sum over paths, the gradient check."
MORE = f"""example:
  {PROGRAM} "(x*y + z)**2 + exp(x - y*z)" x=1 y=2 z=0 --diagram f.svg

Quote the expression. It is made of numbers, names, + - * / **, parentheses, pi, e and functions:
"""
CODES = "The exit code is 0, 1 unless the gradient check agrees, 2 if something is wrong with what was asked."
PLAIN = str.maketrans(
    {"∂": "d", "→": ">", "·": "*", "…": "...", "′": "'", "−": "-", "∞": "inf"}
)  # for a stream that cannot hold these


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message} (see {PROGRAM} -h)")  # one line, without the usage


def main(argv: list[str] | None = None) -> int:
    """Run the command line on `argv`, or on sys.argv; gives the exit code.

    >>> main(["3*x", "y=1"])
    2
    """
    try:
        options = _parser().parse_intermixed_args(_shielded(sys.argv[1:] if argv is None else argv))
        text, code = _answer(*_question(options.question), options.paths, options.diagram)
    except (ValueError, ArithmeticError, RuntimeError) as error:
        _write(f"{PROGRAM}: error: {' '.join(str(error).splitlines())}", sys.stderr)
        return 2
    try:
        _write(text, sys.stdout)
    except BrokenPipeError:  # whoever read this, `head` for one, has enough; at exit Python flushes once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _parser() -> argparse.ArgumentParser:
    import textwrap

    from . import __version__
    from .op import TABLE

    functions = textwrap.fill(" ".join(TABLE), 98, initial_indent="  ", subsequent_indent="  ")
    parser = _Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} [-h] [--version] [--paths N] [--diagram FILE] EXPRESSION [NAME=NUMBER ...]",
        description=ABOUT,
        epilog=f"{MORE}{functions}\n\n{CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("question", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--version", action="version", version=f"pathgrad {__version__}")
    parser.add_argument("--paths", type=_count, default=10, metavar="N", help="print at most N paths (10)")
    parser.add_argument(
        "--diagram", type=str.strip, metavar="FILE", help="save the graph as .svg .html .dot .png or .pdf"
    )
    return parser


def _count(text: str) -> int:
    if not text.strip().isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 up, got {text.strip()!r}")
    return int(text)


def _shielded(argv: list[str]) -> list[str]:
    """`argv` with a space before what starts with a minus but is an expression, lest argparse sees options in it."""
    options = re.compile(r"-h|--|--[a-z]{2,}(=.*)?", re.DOTALL)
    return [f" {word}" if word[:1] == "-" and not options.fullmatch(word) else word for word in argv]


def _question(words: list[str]) -> tuple[Expression, dict[str, float]]:
    """The expression and the point, from all that is neither option nor value of one."""
    from .expression import CONSTANTS, Expression, unknown_name
    from .syntax import ExpressionError, functions, normalized

    texts: list[str] = []
    point: dict[str, float] = {}
    for word in words:
        name, equals, number = word.partition("=")
        if not equals or number[:1] == "=" or name[-1:] in ("<", ">", "!", ":") or "(" in name:
            texts.append(word)
            continue
        name = normalized(name.strip())
        if not name.isidentifier() or keyword.iskeyword(name):
            reason = "one of Python's own words" if keyword.iskeyword(name) else "not a name"
            raise ValueError(f"{name!r} in {word!r} is {reason}; name variables with letters, digits and _, as in x1=2")
        if name in point:
            raise ValueError(f"{name} has two values, {point[name]:g} and {number.strip()}; give it one")
        point[name] = _number(name, number.strip())
    if len(texts) != 1:
        shown = ", ".join([*map(repr, texts[:4]), *["…"] * (len(texts) > 4)])
        what = f"more than one expression: {shown}; put the whole of it in quotes" if texts else "no expression"
        raise ValueError(f'{what}, as in {PROGRAM} "x*y + 1" x=2 y=3')
    f = Expression(texts[0])
    missing = [name for name in f.names if name not in point and name not in CONSTANTS]
    for name in missing:
        if len(missing) == 1 or name in functions():
            raise ExpressionError(unknown_name(name, f.names[name], [*point, *CONSTANTS]))
    if missing:
        raise ValueError(f"no value for {', '.join(missing)}: add {' '.join(f'{name}=…' for name in missing)}")
    if extra := [name for name in point if name not in f.names]:
        are = "is" if len(extra) == 1 else "are"
        raise ValueError(
            f"{', '.join(extra)} {are} not in the expression, which has {', '.join(f.names) or 'no variables'}"
        )
    return f, point


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        got = repr(text) if text else "nothing"
        raise ValueError(
            f"expected a number for {name}, got {got}; write it as in {name}=-1.5 or {name}=1e-3"
        ) from None
    if math.isinf(number) and "inf" not in text.lower():
        raise ValueError(f"{name}={text} is too large: floats end at 1.8e308")
    return number


def _answer(f: Expression, point: dict[str, float], limit: int, picture: str | None) -> tuple[str, int]:
    """What to print and the exit code."""
    from .check import check_gradients
    from .labels import figures
    from .value import Value

    variables = {name: Value(x, name) for name, x in point.items()}
    found = f(**variables)
    output = found if isinstance(found, Value) else Value(found)
    name = next((name for name in ("f", "g", "h", "output") if name not in point), "(output)")
    if output.name is None:
        output.name = name
    output.backward()

    at = ", ".join(f"{x} = {figures(value, 12)}" for x, value in point.items())
    lines = [f"{name} = {' '.join(f.text.split())}", f"{name} = {figures(output.data, 6)}{at and f' at {at}'}"]
    agrees = True
    if variables:
        lines += ["", *_derivatives(name, output, list(variables.values()), limit)]
        report = check_gradients(f, point)
        lines += ["", "Gradient check", str(report)]
        agrees = bool(report)
    if picture is not None:
        lines += ["", f"diagram: {_saved(output, picture)}"]
    return "\n".join(lines), 0 if agrees else 1


def _derivatives(name: str, output: Value, variables: list[Value], limit: int) -> list[str]:
    from .labels import figures
    from .tables import path_table

    width = max(len(x.name or "") for x in variables)
    lines = [f"∂{name}/∂{x.name:<{width}} = {figures(x.grad, 6)}" for x in variables]
    for x in variables:
        lines += ["", f"∂{name}/∂{x.name} as a sum over paths", str(path_table(output, x, limit))]
    return lines


def _saved(output: Value, path: str) -> str:
    from .diagram import diagram

    try:
        return diagram(output).save(path)
    except OSError as error:
        raise ValueError(f"cannot write the diagram to {path}: {error.strerror or error}") from None


def _write(text: str, stream: TextIO) -> None:
    encoding = stream.encoding or "utf-8"
    if text.encode(encoding, "replace").decode(encoding) != text:
        text = text.translate(PLAIN).encode(encoding, "replace").decode(encoding)
    print(text, file=stream, flush=True)


if __name__ == "__main__":
    sys.exit(main())
