"""Formulas: what a row writes, in text and in LaTeX, computes what the row computes; parentheses where needed."""

import logging
import math
import random
import re

import pytest
from matplotlib.mathtext import MathTextParser
from oracles import samples

from autograd import Value, cos, dot, exp, log, logsumexp, maximum, sigmoid, sqrt
from autograd.expression import evaluate
from autograd.formula import PRODUCT, Formula, named, quoted, typeset, written_number
from autograd.op import TABLE, Op

every_op = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())
inf, nan = math.inf, math.nan
LATEX = [
    (r"\left\vert ", "abs("), (r"\right\vert", ")"), (r"\left(", "("), (r"\right)", ")"), (r"\cdot", "*"),
    (r"\times", "*"), (r"\arc", "a"), (r"\ln", "log"), (r"\sigma", "sigmoid"), (r"\sqrt", "sqrt"), (r"\pi", "pi"),
    ("arsinh", "asinh"), ("arcosh", "acosh"), ("artanh", "atanh"), ("ReLU", "relu"), ("^", "**"),
]  # fmt: skip


def from_text(text):
    """A formula's text as an expression that autograd reads."""
    for i, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹"):
        text = text.replace(digit, f"**{i}")
    return text.replace("·", "*")


def from_latex(latex):
    """A formula's LaTeX as an expression that autograd reads."""
    latex = re.sub(r"\\operatorname\{(\w+)\}", r"\1", latex)
    latex = re.sub(r"\\left\[(.*?) < (.*?)\\right\]", r"less(\1, \2)", latex)
    while r"\frac" in latex:  # the last one has no other inside
        before, _, rest = latex.rpartition(r"\frac")
        over, rest = group(rest)
        under, rest = group(rest)
        latex = f"{before}(({over})/({under})){rest}"
    for tex, python in LATEX:
        latex = latex.replace(tex, python)
    return latex.replace("{", "(").replace("}", ")").replace("\\", "")


def group(latex):
    """What stands in the braces that the text opens with, and what follows."""
    depth = 0
    for i, c in enumerate(latex):
        depth += {"{": 1, "}": -1}.get(c, 0)
        if depth == 0:
            return latex[1:i], latex[i + 1 :]
    raise AssertionError(f"braces do not match in {latex}")


@pytest.fixture(scope="module")
def typesets():
    logging.getLogger("matplotlib.mathtext").setLevel(logging.ERROR)
    parser = MathTextParser("agg")
    return lambda latex: parser.parse(f"${latex}$")


def symbols(count):
    """So many names, of one letter each."""
    return [named(letter) for letter in "xyzuvwpqrst"[:count]]


def points(op):
    """Some sample points of the row, two for each number of inputs."""
    found = {}
    for point in samples(op):
        found.setdefault(len(point), []).append(point)
    return [point for some in found.values() for point in some[:2]]


def recorded(op, point):
    xs = [Value(x) for x in point]
    half = len(xs) // 2
    return op(xs[:half], xs[half : 2 * half], *xs[2 * half :]) if op.name == "dot" else op(*xs)


def partials(op, inputs):
    """The formulas of a row's local derivatives, numbers among them made formulas."""
    out = named("f")
    found = op.local_derivatives(inputs, out, inputs)
    return [d if isinstance(d, Formula) else written_number(d) for d in found]


@every_op
@pytest.mark.parametrize(
    "read", [lambda formula: from_text(formula.text), lambda formula: from_latex(formula.latex)], ids=["text", "latex"]
)
def test_a_rows_local_derivatives_as_written_give_its_numbers(op, read):
    for point in points(op):
        node = recorded(op, point)
        inputs = symbols(len(point))
        known = {x.text: number for x, number in zip(inputs, point, strict=True)} | {"f": node.data}
        found = [evaluate(read(formula), known) for formula in partials(op, inputs)]
        assert found == pytest.approx(node.local_derivatives, rel=1e-12, abs=0), [read(f) for f in partials(op, inputs)]


@every_op
def test_a_row_as_written_gives_its_number(op):
    for point in points(op):
        inputs = symbols(len(point))
        formula = typeset(op, inputs)
        known = {x.text: number for x, number in zip(inputs, point, strict=True)}
        expected = recorded(op, point).data
        found = evaluate(from_text(formula.text), known), evaluate(from_latex(formula.latex), known)
        assert found == pytest.approx((expected, expected), rel=1e-9, abs=1e-12)


@every_op
def test_the_latex_of_a_row_and_its_local_derivatives_compiles(op, typesets):
    inputs = [named(name) for name in ["w1_52", "x′", "loss", "a b", "alpha"]][: op.arity or 5]
    for formula in [typeset(op, inputs), *partials(op, inputs), typeset(op, partials(op, inputs))]:
        typesets(formula.latex)


GROW = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / (b * b + 1.0),
    lambda a, b: -a,
    lambda a, b: a**2,
    lambda a, b: a**3.0,
    lambda a, b: (a * a + 1.0) ** -1,
    lambda a, b: abs(a) ** b,
    lambda a, b: 1.0 * a,
    lambda a, b: -1.0 * a,
    lambda a, b: a * a,
    lambda a, b: 2.0 - a,
    lambda a, b: cos(a),
    lambda a, b: exp(cos(a)),
    lambda a, b: abs(a - b),
    lambda a, b: maximum(a, b),
]


def grown(seed, leaves):
    """A random expression on whatever the leaves are."""
    rng = random.Random(seed)
    pool = list(leaves)
    for _ in range(6):
        pool.append(rng.choice(GROW)(rng.choice(pool[-3:]), rng.choice(pool)))
    return pool[-1]


@pytest.mark.parametrize("seed", range(150))
def test_parentheses_stand_where_they_must(seed):
    known = {"x": 0.75, "y": -1.25, "z": 1.5}
    formula = grown(seed, [named(name) for name in known])
    expected = grown(seed, [Value(x) for x in known.values()])
    for expression in (from_text(formula.text), from_latex(formula.latex)):
        assert evaluate(expression, known) == pytest.approx(expected.data, rel=1e-9), expression


@pytest.mark.parametrize(
    ("compute", "text", "latex"),
    [
        (lambda x, y: x * y + 1, "x · y + 1", r"x \cdot y + 1"),
        (lambda x, y: (x + y) * 2.0, "(x + y) · 2", r"\left(x + y\right) \cdot 2"),
        (lambda x, y: 1.0 * x, "x", "x"),
        (lambda x, y: x * -1.0, "-x", "-x"),
        (lambda x, y: x**1.0, "x", "x"),
        (lambda x, y: x * x, "x²", "x^{2}"),
        (lambda x, y: (x - y) ** 2, "(x - y)²", r"\left(x - y\right)^{2}"),
        (lambda x, y: x.sin() ** 2, "sin(x)²", r"\left(\sin\left(x\right)\right)^{2}"),
        (lambda x, y: x**-2.0, "x ** (-2)", "x^{-2}"),
        (lambda x, y: x ** (y - 1.0), "x ** (y - 1)", "x^{y - 1}"),
        (lambda x, y: -x / y, "-x / y", r"-\frac{x}{y}"),
        (lambda x, y: -1.0 / sqrt(y), "-1 / sqrt(y)", r"-\frac{1}{\sqrt{y}}"),
        (lambda x, y: x / (y / x), "x / (y / x)", r"\frac{x}{\frac{y}{x}}"),
        (lambda x, y: x - (y - x), "x - (y - x)", r"x - \left(y - x\right)"),
        (lambda x, y: -x.negative(), "-(-x)", r"-\left(-x\right)"),
        (lambda x, y: x - -2.0, "x - (-2)", r"x - \left(-2\right)"),
        (lambda x, y: exp(-(x * x)), "exp(-x²)", "e^{-x^{2}}"),
        (lambda x, y: exp(x) ** 2, "exp(x)²", r"\left(e^{x}\right)^{2}"),
        (lambda x, y: abs(x) + log(y), "abs(x) + log(y)", r"\left\vert x\right\vert + \ln\left(y\right)"),
        (lambda x, y: sigmoid(x), "sigmoid(x)", r"\sigma\left(x\right)"),
        (lambda x, y: dot([x, 2.0], [y, x], y), "x · y + 2 · x + y", r"x \cdot y + 2 \cdot x + y"),
        (lambda x, y: logsumexp([x, y]), "logsumexp(x, y)", r"\ln\left(e^{x} + e^{y}\right)"),
    ],
)
def test_people_would_write_it_so(compute, text, latex):
    formula = compute(named("x"), named("y"))
    assert (formula.text, formula.latex) == (text, latex)


def test_a_name_with_an_upper_index_is_enclosed_before_it_is_raised():
    assert (named("w1_52") ** 2).latex == r"\left(w^{(1)}_{52}\right)^{2}"
    assert (named("w1_52") ** named("y")).latex == r"\left(w^{(1)}_{52}\right)^{y}"
    assert (named("x′") ** 3).latex == r"\left(x'\right)^{3}"


def test_equal_numbers_are_not_made_a_square():
    assert (written_number(2.0) * written_number(2.0)).text == "2 · 2"


def test_literal_notation_shortens_nothing():
    x = named("x")
    assert typeset(TABLE["mul"], [x, x]).text == "x · x"
    assert typeset(TABLE["mul"], [1.0, x]).text == "1 · x"


@pytest.mark.parametrize(
    ("x", "text", "latex"),
    [
        (2.0, "2", "2"),
        (-0.0, "0", "0"),
        (-0.5, "-0.5", "-0.5"),
        (0.1 + 0.2, "0.3", "0.3"),
        (math.e, "2.71828", "2.71828"),
        (1999000.0, "1999000", "1999000"),
        (1234567.8, "1234568", "1234568"),
        (1.5e-7, "1.5e-7", r"1.5 \times 10^{-7}"),
        (-2e12, "-2e12", r"-2 \times 10^{12}"),
        (inf, "∞", r"\infty"),
        (-inf, "-∞", r"-\infty"),
        (nan, "NaN", r"\mathrm{NaN}"),
    ],
)
def test_a_number_as_people_write_it(x, text, latex):
    number = written_number(x)
    assert (number.text, number.latex) == (text, latex)


@pytest.mark.parametrize(
    ("x", "rounded"),
    [(0.1 + 0.2, False), (1 / 3, True), (1234567.0, False), (1234567.8, True), (inf, False), (nan, False)],
)
def test_a_number_knows_whether_it_was_rounded(x, rounded):
    assert written_number(x).rounded is rounded


def test_what_is_made_of_a_rounded_number_is_rounded():
    assert (named("x") * (1 / 3)).rounded
    assert not (named("x") * 0.5).rounded


def test_a_formula_names_the_nodes_whose_symbols_stand_in_it():
    x, y = Value(1.0), Value(2.0)
    a, b = (Formula(letter, letter, nodes=(node,)) for letter, node in (("a", x), ("b", y)))
    assert ((a + b) * a).nodes == (x, y)
    assert (a * a).nodes == (x,)


def test_a_long_dot_is_cut_and_what_is_left_out_counted():
    xs, ws = [named(f"x{i}") for i in range(2000)], [named(f"w{i}") for i in range(2000)]
    formula = typeset(TABLE["dot"], [*xs, *ws, named("b")], [70])
    assert formula.text == "x₀ · w₀ + … 69 more … + x₇₀ · w₇₀ + … 1 929 more … + b"
    assert r"\text{ 1 929 more }" in formula.latex


def test_a_long_logsumexp_is_cut_and_still_compiles(typesets):
    formula = typeset(TABLE["logsumexp"], [named(f"x{i}") for i in range(50)], most=4)
    assert formula.text == "logsumexp(x₀, x₁, … 47 more …, x₄₉)"
    typesets(formula.latex)


def test_a_single_term_is_not_left_out():
    formula = typeset(TABLE["logsumexp"], [named(f"x{i}") for i in range(4)], [2], most=3)
    assert formula.text == "logsumexp(x₀, x₁, x₂, x₃)"


def test_only_what_is_seen_counts_as_named():
    nodes = [Value(float(i)) for i in range(100)]
    inputs = [Formula(f"x{i}", f"x_{{{i}}}", nodes=(node,)) for i, node in enumerate(nodes)]
    assert typeset(TABLE["logsumexp"], inputs, [50], most=3).nodes == (nodes[0], nodes[50], nodes[99])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x₁", "x₁"),
        ("layers.0.w", "layers.0.w"),
        ("v̄₁", "v̄₁"),
        ("a + b", "“a + b”"),
        ("3", "“3”"),
        ("-", "“-”"),
        ("two words", "“two words”"),
        ("שלום", "\u2068“שלום”\u2069"),
    ],
)
def test_what_is_no_plain_name_is_quoted_and_right_to_left_text_kept_apart(text, expected):
    assert quoted(text) == expected


def test_an_accent_stands_outside_of_the_quotation_marks():
    assert named("a + b", "bar").text == "bar(“a + b”)"


def test_primes_tell_names_apart():
    assert named("x1", "bar", 2).text == "x̄₁′′"
    assert named("w1_5", primes=1).latex == "{w^{(1)}_{5}}'"


def test_a_row_of_ones_own_writes_itself(typesets):
    cube = Op("cube", lambda x: x * x * x, (lambda x, out: 3 * x * x,), "x³")
    try:
        formula = cube(named("x") + 1)
        assert (formula.text, formula.latex) == ("cube(x + 1)", r"\operatorname{cube}\left(x + 1\right)")
        assert partials(cube, [named("x")])[0].text == "3 · x · x"
    finally:
        del TABLE["cube"]


def test_a_formula_is_not_to_be_branched_on():
    x, y = named("x"), named("y")
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(x)
    with pytest.raises(TypeError, match="not supported"):
        sorted([x, y])


def test_parentheses_depend_on_what_stands_outside():
    total = named("x") + 1.0
    assert (total.enclosed(PRODUCT), total.enclosed(0)) == ("(x + 1)", "x + 1")
    assert total.enclosed(PRODUCT, "latex") == r"\left(x + 1\right)"
