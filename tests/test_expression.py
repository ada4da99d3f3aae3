"""Expressions: what is read, as what, and the one line that says what cannot be."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, gradient
from autograd.expression import CONSTANTS, Expression, ExpressionError, evaluate
from autograd.op import TABLE, Op, Operand
from autograd.syntax import functions

X, Y = 1.25, 0.5


def failure(text: str, **variables: float) -> str:
    """The message of the ExpressionError that `text` raises."""
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, variables or {"x": X, "y": Y})
    return str(caught.value)


def inside(op: Op) -> list[float]:
    """One input for each edge of the op, within its domain."""
    return [next(p for p in (0.5, 2.0) if p in domain) for domain in op.domain]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2*3", 7.0),
        ("(1 + 2)*3", 9.0),
        ("7 - 2 - 1", 4.0),
        ("7 / 2", 3.5),
        ("-2**2", -4.0),
        ("2**-1", 0.5),
        ("2**3**2", 512.0),
        ("+x", X),
        ("- + -x", X),
        ("  x\n + y ", X + Y),
        ("1_000 + .5e1 + 0x10", 1021.0),
        ("pi", math.pi),
        ("e", math.e),
        ("max(x, y) - min(x, y)", X - Y),
        ("arcsin(y)", math.asin(Y)),
        ("σ(0)", 0.5),
        ("abs(-x)", X),
        ("dot([x, y], (1, 2))", X + 2 * Y),
        ("dot([x], [y], 3)", X * Y + 3),
        ("dot([], [])", 0.0),
        ("logsumexp([0, 0])", math.log(2)),
        ("logsumexp(0, 0)", math.log(2)),
        ("((((x))))", X),
    ],
)
def test_text_is_read_as_python_reads_it(text, expected):
    assert evaluate(text, {"x": X, "y": Y}) == expected


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.arity], ids=lambda op: op.name)
def test_an_op_is_called_by_each_of_its_names(op):
    point = inside(op)
    names = [name for name, found in functions().items() if found is op]
    assert op.name in names
    assert {evaluate(f"{name}({', '.join(map(repr, point))})", {}) for name in names} == {op(*point)}


def test_a_name_met_twice_is_one_value():
    x = Value(3.0, "x")
    assert evaluate("x*x", {"x": x}).inputs == (x, x)


def test_the_graph_is_the_one_that_operators_build():
    x, y = Value(X, "x"), Value(Y, "y")
    f = evaluate("(x*y + 2)**2 / exp(x - y)", {"x": x, "y": y})
    assert (f.data, gradient(f, [x, y])) == (
        (g := (x * y + 2) ** 2 / (x - y).exp()).data,
        gradient(g, [x, y]),
    )


def test_a_number_is_an_input_and_not_a_node():
    x = Value(3.0)
    assert evaluate("x*2", {"x": x}).inputs == (x, 2.0)


@pytest.mark.parametrize("name", CONSTANTS)
def test_a_variable_comes_before_the_constant_of_its_name(name):
    assert evaluate(f"2*{name}", {name: 10.0}) == 20.0


def test_a_variable_may_bear_the_name_of_a_function():
    assert evaluate("exp * exp(exp)", {"exp": 1.0}) == math.e


def test_letters_that_python_takes_for_one_name_are_one_name():
    assert evaluate("ϕ + φ", {"ϕ": 2.0}) == 4.0


def test_an_expression_read_once_is_called_often():
    f = Expression("self*x")
    assert [f(self=2.0, x=x) for x in (1.0, 2.0)] == [2.0, 4.0]


def test_an_expression_knows_where_its_names_first_stand():
    assert Expression("é*y + exp(y) + é").names == {"é": 1, "y": 3}


def test_an_expression_shows_its_text():
    assert repr(Expression(" x*y ")) == "Expression('x*y')"


def test_sums_as_long_as_python_can_parse_are_computed():
    x = Value(1.0)
    assert evaluate("+".join("x" * 500), {"x": x}).data == 500


@pytest.mark.parametrize("text", ["+".join("x" * 10_000), "-" * 10_000 + "x", "**".join("x" * 10_000)])
def test_what_is_too_long_for_pythons_parser_is_computed_or_said_in_a_sentence(text):
    try:
        found = evaluate(text, {"x": 1.0})
    except ExpressionError as error:
        found = str(error)
    assert found in (
        10_000.0 if "+" in text else 1.0,
        "the expression is too long or too deeply nested to be read; compute it in parts, or in Python",
    )


@pytest.mark.parametrize(
    ("text", "start", "hint"),
    [
        ("x^2", "'^' at column 2 is not allowed", "use ** for powers"),
        ("(x)  ^ (y)", "'^' at column 6 is not allowed", "use ** for powers"),
        ("x // y", "'//' at column 3 is not allowed", "+ - * / **"),
        ("x % y", "'%' at column 3 is not allowed", "+ - * / **"),
        ("~x", "'~' at column 1 is not allowed", "+ - * / **"),
        ("y + (not x)", "'not' at column 6 is not allowed", "+ - * / **"),
        ("x < y", "'x < y' at column 1 is not allowed", "numbers, names"),
        ("x and y", "'x and y' at column 1 is not allowed", "numbers, names"),
        ("1 + (lambda: x)", "'lambda: x' at column 6 is not allowed", "numbers, names"),
        ("é*x.real", "'x.real' at column 3 is not allowed", "numbers, names"),
        ("x[0]", "'x[0]' at column 1 is not allowed", "numbers, names"),
        ("exp('1')", "\"'1'\" at column 5 is not allowed", "numbers, names"),
        ("f'{x}'", "\"f'{x}'\" at column 1 is not allowed", "numbers, names"),
        ("[x for x in y]", "'[x for x in y]' at column 1 is not allowed", "numbers, names"),
        ("(z := x)", "'z := x' at column 2 is not allowed", "numbers, names"),
        ("x if y else 1", "'x if y else 1' at column 1 is not allowed", "numbers, names"),
        ("True", "'True' at column 1 is not allowed", "numbers, names"),
        ("x + 2j", "'2j' at column 5 is not allowed", "numbers, names"),
        ("x < " + "y" * 99, "'x < yyyyyyyyyyyyyyyyyyyyyyy...' at column 1", "numbers, names"),
        ("x, y", "'x, y' at column 1 is not allowed", "only dot and logsumexp take lists"),
        ("exp([x])", "'[x]' at column 5 is not allowed", "only dot and logsumexp take lists"),
        ("logsumexp([[x]])", "'[x]' at column 12 is not allowed", "only dot and logsumexp take lists"),
        ("max(x, y=y)", "'y=y' at column 8 is not allowed", "max(x, y)"),
        ("max(**x)", "'**x' at column 5 is not allowed", "max(x, y)"),
        ("max(*[x, y])", "'*[x, y]' at column 5 is not allowed", "max(x, y)"),
        ("2*(x)(y)", "unknown function 'x' at column 4", "write * for a product"),
        ("3(x)", "calling '3' at column 1 is not allowed", "write a product with *"),
        ("x # y", "'#' at column 3 is not allowed", "comments"),
        ("x\0", "a null character at column 2 is not allowed", "control characters"),
        ("x\ud800", "half a character (a lone surrogate) at column 2 is not allowed", "UTF-8"),
    ],
)
def test_what_is_no_arithmetic_is_refused_with_its_place_and_the_way_out(text, start, hint):
    message = failure(text)
    assert message.startswith(start)
    assert hint in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'the expression is empty; write one, as in "x*y + 1"'),
        ("x +", "the expression ends too early at column 4"),
        ("   x +", "the expression ends too early at column 7"),
        ("x y", "an operator such as *, or a parenthesis, is missing at column 3"),
        ("(x y)", "an operator such as *, or a parenthesis, is missing at column 4"),
        ("x + * y", "cannot read '* y' at column 5"),
        ("2x", "invalid number at column 1: for a product write *, as in 2*x"),
        ("x = 2", "cannot read '=' at column 3: write the right-hand side alone"),
        ("2*x = 2", "cannot read '=' at column 5: write the right-hand side alone"),
        ("x − y", "cannot read '−' at column 3: write -"),
        ("é + x²", "cannot read '²' at column 6: write **2"),
        ("(x", "'(' was never closed at column 1"),
        ("x)", "unmatched ')' at column 2"),
        ("lambda*x", "cannot read 'lambda' at column 1: it is one of Python's own words; choose another name"),
    ],
)
def test_a_syntax_error_says_what_and_where(text, message):
    assert failure(text) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x*w", "unknown name 'w' at column 3: give it a value, as in w=1"),
        ("  é*w", "unknown name 'é' at column 3: give it a value, as in é=1"),
        ("2*pie", "unknown name 'pie' at column 3: give it a value, as in pie=1, or did you mean pi?"),
        ("2*sin + x", "sin at column 3 is a function: write its inputs after it, as in sin(x)"),
        ("1 + sine(x)", "unknown function 'sine' at column 5: did you mean sin?"),
        ("ln(x)", "unknown function 'ln' at column 1: did you mean log?"),
        ("sin(x, y)", "sin at column 1 takes 1 input, got 2"),
        ("max(x)", "max at column 1 takes 2 inputs, got 1"),
        ("__import__(x)", "unknown function '__import__' at column 1: write * for a product; the functions are "),
        ("__add__(x, y)", "unknown function '__add__' at column 1: did you mean add?"),
    ],
)
def test_an_unknown_name_or_function_is_named_with_its_place_and_a_hint(text, message):
    assert failure(text).startswith(message)


@pytest.mark.parametrize("call", ["dot(x, y)", "dot([x], [y], [1])", "dot()", "logsumexp(x, [y])"])
def test_an_op_of_many_inputs_shows_how_it_is_called(call):
    name = call.partition("(")[0]
    assert failure(call).startswith(f"{name} at column 1 takes other inputs: called as {name}(xs")


@pytest.mark.parametrize("text", ["1e400", "x + 1" + "0" * 5000])
def test_a_number_beyond_floats_is_refused(text):
    assert failure(text).startswith(f"literal too large at column {text.index('1') + 1}")


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("log(-1)", ValueError, "log of -1.0: it takes x > 0"),
        ("x/(y - y)", ZeroDivisionError, "div of 1.25 and 0.0"),
        ("10**400", OverflowError, "the result is beyond 1.8e308"),
        ("1" + "0" * 400, OverflowError, "no float can hold"),
        ("dot([x, y], [1])", ValueError, "dot takes two sequences of one length, got 2 and 1 entries"),
    ],
)
def test_what_arithmetic_raises_comes_through_as_it_is(text, error, message):
    with pytest.raises(error, match=r"^[^\n]+$") as caught:
        evaluate(text, {"x": X, "y": Y})
    assert message in str(caught.value)
    assert not isinstance(caught.value, ExpressionError)


def test_a_variable_that_is_no_number_is_a_type_error():
    with pytest.raises(TypeError, match="expected a number or a Value, got str 'one'"):
        evaluate("2*x", {"x": "one"})


def test_a_fault_inside_an_operand_is_not_taken_for_a_faulty_expression():
    class Stubborn(Operand):
        @classmethod
        def apply(cls, op, inputs):
            raise TypeError("not today")

    for text in ("sin(x)", "x*x", "max(x, 1)"):
        with pytest.raises(TypeError, match="not today"):
            evaluate(text, {"x": Stubborn()})


@given(st.text() | st.text("xy12e.()[],+-*/^=<>:!&|~ \n\t#'\"sincodtlmbr_é²−\\", max_size=40))
def test_whatever_the_text_there_is_a_number_or_one_readable_line(text):
    try:
        found = evaluate(text, {"x": X, "y": Y})
    except (ValueError, ArithmeticError) as error:
        found = str(error)
    assert isinstance(found, float) or len(found.splitlines()) == 1


PYTHONS = {name: getattr(math, name) for name, op in TABLE.items() if op.arity == 1 and hasattr(math, name)}
PYTHONS |= {
    "abs": abs,
    "max": lambda x, y: math.nan if x != x or y != y else max(x, y),
    "x": X,
    "y": Y,
}


def composed(texts):
    """Longer texts from shorter ones: often without parentheses, to leave the precedence to the parser."""
    return st.one_of(
        st.builds("{} {} {}".format, texts, st.sampled_from("+-*/"), texts),
        st.builds("({} {} {})".format, texts, st.sampled_from("+-*/"), texts),
        st.builds("-{}".format, texts),
        st.builds("({})**{}".format, texts, st.sampled_from(["2", "3", "-1", "0"])),
        st.builds("max({}, {})".format, texts, texts),
        st.builds(
            "{}({})".format, st.sampled_from([name for name in PYTHONS if len(name) > 1 and name != "max"]), texts
        ),
    )


LEAVES = st.sampled_from(["x", "y"]) | st.floats(0.0, 10.0).map(repr)


@given(st.recursive(LEAVES, composed, max_leaves=12))
def test_random_expressions_are_what_python_makes_of_them(text):
    outcomes = []
    for compute in (lambda: eval(text, dict(PYTHONS)), lambda: evaluate(text, {"x": Value(X), "y": Value(Y)})):
        try:
            outcomes.append(repr(float(compute()) + 0.0))
        except (ValueError, ArithmeticError) as error:
            outcomes.append(type(error))
    assert outcomes[0] == outcomes[1]
