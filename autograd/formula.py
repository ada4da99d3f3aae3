"""Formulas: an operand that is its own notation, in LaTeX and in plain text, with the parentheses that it needs."""

from __future__ import annotations

import math

from .labels import figures, whole
from .names import latex_name, right_to_left, text_name
from .op import TABLE, Op, Operand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from typing import Any, NoReturn

SIGN, SUM, PRODUCT, FUNCTION, NUMBER, NAME = 1, 2, 4, 8, 9, 10  # how strongly they bind
DIGITS = 6
WHOLE = 1e9  # below it, whole parts are written out
CONSTANTS = {2.0 / math.sqrt(math.pi): ("2 / sqrt(pi)", r"\frac{2}{\sqrt{\pi}}")}  # those that rows are written with
TERMS = 8  # of an op of any number of inputs, how many are written out
MARK = 0x10000  # from here up, characters stand for inputs until these are put in their places
PAIRS = {"text": ("(", ")"), "latex": (r"\left(", r"\right)")}


class Formula(Operand):
    """Notation. Ops applied to it write themselves down, as their rows say; so a row's partials typeset themselves.

    `text` and `latex` are the notation, `binding` says how strongly its outermost operator binds, `nodes` of what
    nodes the symbols stand in it, `rounded` whether a number in it was rounded.

    >>> x, y = named("x"), named("y")
    >>> f = (x + y) * 2.0
    >>> f.text, f.latex
    ('(x + y) · 2', '\\\\left(x + y\\\\right) \\\\cdot 2')
    """

    __slots__ = ("binding", "latex", "nodes", "rounded", "text")

    def __init__(
        self, text: str, latex: str, binding: int = NAME, nodes: tuple[Any, ...] = (), rounded: bool = False
    ) -> None:
        self.text, self.latex, self.binding = text, latex, binding
        self.nodes, self.rounded = nodes, rounded

    @classmethod
    def apply(cls, op: Op, inputs: tuple[Any, ...]) -> Formula:
        shorter = _simplified(op, inputs)
        return typeset(op, inputs) if shorter is None else shorter

    def enclosed(self, binding: int, notation: str = "text") -> str:
        """The text, or the LaTeX, in parentheses unless it binds as strongly as that.

        >>> (named("x") + 1.0).enclosed(PRODUCT)
        '(x + 1)'
        """
        written: str = getattr(self, notation)
        return written if self.binding >= binding else written.join(PAIRS[notation])

    def __bool__(self) -> NoReturn:
        raise TypeError("a formula is neither true nor false; partials must be free of branches")


def named(name: str, accent: str = "", primes: int = 0) -> Formula:
    """A name as a formula, with "bar" or "dot" above it and primes behind it; in text, what is no plain name stands in
    quotation marks.

    >>> named("w1_52").latex, named("a + b").text, named("v1", "bar").text
    ('w^{(1)}_{52}', '“a + b”', 'v̄₁')
    """
    text, latex = quoted(text_name(name)), latex_name(name, accent)
    if accent:
        text = text_name(name, accent) if text == text_name(name) else f"{accent}({text})"
    if primes:
        text, latex = text + "′" * primes, f"{{{latex}}}" + "'" * primes
    return Formula(text, latex)


def quoted(text: str) -> str:
    """The text as one word: as it is if it is one, else in quotation marks that also keep right-to-left text apart."""
    plain = (text[0].isalpha() or text[0] == "_") and all(c.isalnum() or c in "_.,[]⁽⁾′\u0304\u0307" for c in text)
    if right_to_left(text):
        return f"\u2068“{text}”\u2069"
    return text if plain else f"“{text}”"


def written_number(x: Any, digits: int = DIGITS) -> Formula:
    """A number as a formula: to `digits` significant figures, below 10⁹ without an exponent.

    >>> written_number(-0.5).text, written_number(1.5e-7).latex, written_number(float("inf")).latex
    ('-0.5', '1.5 \\\\times 10^{-7}', '\\\\infty')
    """
    x = float(x)
    large = abs(x) < WHOLE and (abs(x) >= 10**digits or x == int(x))
    text = f"{x + 0.0:.0f}" if large else figures(x, digits)
    rounded = x - x == 0 and not math.isclose(float(text), x, rel_tol=1e-12)
    mantissa, power, exponent = text.partition("e")
    text = f"{mantissa}e{int(exponent)}" if power else text
    latex = rf"{mantissa} \times 10^{{{int(exponent)}}}" if power else mantissa
    latex = latex.replace("inf", r"\infty").replace("nan", r"\mathrm{NaN}")
    text = text.replace("inf", "∞").replace("nan", "NaN")
    return Formula(text, latex, SIGN if text.startswith("-") else NUMBER, (), rounded)


def typeset(op: Op, inputs: Sequence[Any], wanted: Collection[int] = (), most: int = TERMS) -> Formula:
    """`op` applied to formulas and numbers, literally. Of more than `most` terms of an op of any number of inputs some
    are written, those `wanted` (by position) among them.

    >>> typeset(TABLE["logsumexp"], [named(f"x{i}") for i in range(100)], [50]).text
    'logsumexp(x₀, … 49 more …, x₅₀, … 48 more …, x₉₉)'
    """
    parts = [x if isinstance(x, Formula) else _constant(x) for x in inputs]
    if op.name == "pow" and inputs[1] in range(2, 10):
        return _raised(parts[0], int(inputs[1]))
    if op.name == "div" and parts[0].text.startswith("-") and parts[0].binding == SIGN:
        positive = Formula(parts[0].text[1:], parts[0].latex[1:], PRODUCT, parts[0].nodes, parts[0].rounded)
        return typeset(TABLE["neg"], [typeset(op, [positive, parts[1]])])
    marks = [chr(MARK + i) for i in range(len(parts))]
    code, latex = _filled(op.code, marks), _filled(op.latex, marks)
    own, first, others = op.binding
    chosen = {marks[i] for i in wanted}
    code = _shortened(code.replace(" * ", " · "), chosen, most, "… {} more …")
    latex = _shortened(latex, chosen, most, r"\cdots \text{{ {} more }} \cdots")
    texts, latexes, nodes, rounded = {}, {}, {}, False
    for mark in sorted({c for c in code + latex if ord(c) >= MARK}):
        i = ord(mark) - MARK
        part, needed = parts[i], others if i else first
        texts[ord(mark)] = part.enclosed(needed)
        latexes[ord(mark)] = part.enclosed(_needed_in_latex(latex, mark, part, needed), "latex")
        nodes.update(dict.fromkeys(part.nodes))
        rounded = rounded or part.rounded
    return Formula(code.translate(texts), latex.translate(latexes), own, tuple(nodes), rounded)


def _needed_in_latex(latex: str, mark: str, part: Formula, needed: int) -> int:
    """Braces enclose; a base is enclosed unless it is a letter or a number, because x^{(1)}^{2} is no LaTeX."""
    if f"{{{mark}}}" in latex:
        return 0
    if f"{mark}^" in latex and ("^" in part.latex or "'" in part.latex or part.binding < NUMBER):
        return NAME + 1
    return needed


def _raised(base: Formula, exponent: int) -> Formula:
    simple = base.binding >= NUMBER and "^" not in base.latex and "'" not in base.latex
    latex = base.enclosed(0 if simple else NAME + 1, "latex")
    text = base.enclosed(FUNCTION) + "⁰¹²³⁴⁵⁶⁷⁸⁹"[exponent]
    return Formula(text, f"{latex}^{{{exponent}}}", TABLE["pow"].binding[0], base.nodes, base.rounded)


def _simplified(op: Op, inputs: tuple[Any, ...]) -> Formula | None:
    """What people write shorter: 1 · x and x¹ are x, -1 · x is -x, x · x is x²; None where nothing is."""
    if op.name == "pow" and inputs[1] == 1.0:
        return inputs[0]  # type: ignore[no-any-return]  # as some input must be a formula
    if op.name == "mul":
        for factor, other in (inputs, inputs[::-1]):
            if factor in (1.0, -1.0):
                return other if factor == 1.0 else -other  # type: ignore[no-any-return]
        if inputs[0] is inputs[1]:
            return _raised(inputs[0], 2)
    return None


def _constant(x: Any) -> Formula:
    if x in CONSTANTS:
        return Formula(*CONSTANTS[x], PRODUCT)
    return written_number(x)


def _filled(template: str | Callable[..., str], inputs: list[str]) -> str:
    if callable(template):
        return template(*inputs)
    if "{}" not in template and "{inputs}" not in template:  # a bare name is a function of all its inputs
        template = template.replace("{", "{{").replace("}", "}}") + r"\left({inputs}\right)"
    return template.format(*inputs, inputs=", ".join(inputs))


def _shortened(text: str, wanted: set[str], most: int, gap: str) -> str:
    """Of a long sum or list its two ends and some that are wanted; what stands between is counted."""
    between = " + " if " + " in text else ", "
    pieces = text.split(between)
    if len(pieces) <= most:
        return text
    kept = [i for i, piece in enumerate(pieces) if not wanted.isdisjoint(piece)] or [*range(most)]
    kept = sorted({0, *kept[: most // 2], len(pieces) - 1})
    found: list[str] = []
    for i, following in zip(kept, [*kept[1:], len(pieces)], strict=True):
        found.append(pieces[i])
        left_out = following - i - 1
        if left_out == 1:
            found.append(pieces[i + 1])
        elif left_out:
            found.append(gap.format(whole(left_out)))
    return between.join(found)
