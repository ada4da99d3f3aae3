"""Op and its neighbours: rows register themselves, refuse what is no number, and travel by name."""

import copy
import math
import pickle
from collections.abc import Callable

import numpy as np
import pytest
from strategies import NOT_NUMBERS, NUMBERS, one_line

import autograd
from autograd import Value, gradient
from autograd.extended import Extended, limits
from autograd.methods import Source, method_of, source
from autograd.op import TABLE, Interval, Op, Operand, described, number, op_named

inf, nan = math.inf, math.nan
every_op = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())


class Textless:
    """An object whose repr fails."""

    def __repr__(self):
        raise RuntimeError("no text")


@pytest.fixture
def make_op():
    """Make rows that leave the table, and the operands, when the test is over."""
    made = []

    def make(name: str, *arguments, **options) -> Op:
        made.append(Op(name, *arguments, **options))
        return made[-1]

    yield make
    for op in made:
        del TABLE[op.name]
        for method in (*op.methods, *op.reflected):
            delattr(Operand, method)


@pytest.mark.parametrize("x", NUMBERS, ids=lambda x: type(x).__name__)
def test_every_kind_of_number_becomes_a_plain_float(x):
    assert type(number(x)) is float
    assert number(x) == float(x)


def test_a_float_passes_through_unchanged():
    x = 1.5
    assert number(x) is x


@pytest.mark.parametrize(("text", "x"), NOT_NUMBERS, ids=[text for text, _ in NOT_NUMBERS])
def test_what_is_no_number_is_refused_by_name(text, x):
    with pytest.raises(TypeError) as raised:
        number(x)
    assert one_line(raised).startswith("expected a number or a Value, got ")
    assert text in one_line(raised)


def test_a_timedelta_is_no_number_though_numpy_counts_it_among_the_integers():
    with pytest.raises(TypeError) as raised:
        number(np.timedelta64(5, "s"))
    assert one_line(raised).startswith("expected a number or a Value, got timedelta64 ")


def calls_with(op: Op, x: object):
    """Calls of the op with `x` alone, before and after a number, before and after a Value, as far as it takes them."""
    if op.name == "dot":
        return [([x], [Value(0.5)]), ([0.5], [x]), ([0.5], [Value(0.5)], x), ([x, 0.5], [0.5, 0.5])]
    if op.arity == 1:
        return [(x,)]
    rest = [0.5] * ((op.arity or 2) - 2)
    return [(Value(0.5), x, *rest), (x, Value(0.5), *rest), (0.5, *rest, x), (x, 0.5, *rest)]


@every_op
def test_every_op_refuses_what_is_no_number_alone_and_beside_numbers_and_values(op):
    for text, x in NOT_NUMBERS:
        if op.name == "dot" and x is None:
            continue  # dot(xs, ys, None) is dot(xs, ys)
        for arguments in calls_with(op, x):
            with pytest.raises(TypeError) as raised:
                op(*arguments)
            assert one_line(raised).startswith("expected a number or a Value, got "), arguments
            assert text in one_line(raised)


def test_logsumexp_refuses_what_is_no_number_among_its_entries():
    for x in ("abc", ["1", 2.0], [None], [[1.0], [2.0]], {"a": 1}):
        with pytest.raises(TypeError, match=r"^expected a number or a Value, got "):
            autograd.logsumexp(x)


def test_a_masked_array_beside_a_value_is_no_number():
    with pytest.raises(TypeError, match="expected a number or a Value, got MaskedArray of shape"):
        autograd.add(Value(1.0), np.ma.array([1.0, 2.0]))


@pytest.mark.parametrize("x", [10**400, -(10**400)], ids=["10**400", "-10**400"])
def test_an_int_that_no_float_can_hold_is_named_as_such(x):
    for act in (lambda: number(x), lambda: autograd.sin(x), lambda: Value(1.0) * x, lambda: x * Value(1.0)):
        with pytest.raises(OverflowError, match=r"an int .* 1\.8e308 .*no float can hold") as raised:
            act()
        assert len(one_line(raised)) < 120


@pytest.mark.parametrize("kind", [float, Value])
@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.arity is not None], ids=lambda op: op.name)
def test_a_call_with_the_wrong_number_of_inputs_says_how_many_it_takes(op, kind):
    for wrong in {0, 1, 2, 3} - {op.arity}:
        with pytest.raises(TypeError) as raised:
            op(*[kind(0.5)] * wrong)
        assert one_line(raised) == f"{op.name} takes {op.arity} input{'s'[: op.arity - 1]}, got {wrong}"


@pytest.mark.parametrize(("name", "wrong"), [("sin", 1), ("maximum", 0), ("maximum", 2)])
def test_a_method_called_with_the_wrong_number_of_arguments_names_itself_and_shows_no_internals(name, wrong):
    with pytest.raises(TypeError) as raised:
        getattr(Value(0.5), name)(*[0.5] * wrong)
    assert name in one_line(raised)


def test_dot_without_its_two_sequences_says_what_it_takes():
    for arguments in ((), ([1.0],), (5.0, 6.0), (Value(1.0), Value(2.0)), ([1.0], [2.0], 0.0, 0.0)):
        with pytest.raises(TypeError) as raised:
            autograd.dot(*arguments)
        assert "dot takes" in one_line(raised)


def test_a_long_text_is_cut_short():
    assert described("x" * 1000) == f"str '{'x' * 56}..."


def test_a_sequence_comes_with_advice():
    assert described([1, 2]) == "list [1, 2]; take one entry of it, or loop over them"
    assert described(np.zeros((2, 3))) == "ndarray of shape (2, 3); take one entry of it, or loop over them"


@pytest.mark.parametrize("x", [[np.eye(2)], {"a": np.eye(3)}], ids=["list", "dict"])
def test_a_description_is_one_line_whatever_the_repr(x):
    assert "\n" not in described(x)


def test_an_object_without_a_working_repr_is_refused_like_any_other():
    with pytest.raises(TypeError, match="expected a number as data, got Textless"):
        Value(Textless())


@pytest.mark.parametrize(
    ("interval", "inside", "outside", "text"),
    [
        (Interval(0.0), [5e-324, 1e300, inf], [0.0, -0.0, -1.0, -inf, nan], "x > 0"),
        (Interval(0.0, closed=True), [0.0, -0.0, inf], [-5e-324, nan], "x >= 0"),
        (Interval(-1.0, 1.0), [0.0, 0.9999999999999999], [-1.0, 1.0, inf, -inf, nan], "-1 < x < 1"),
        (Interval(-1.0, 1.0, closed=True), [-1.0, 1.0], [1.0000000000000002, nan], "-1 <= x <= 1"),
        (Interval(), [0.0, inf, -inf], [nan], "x > -inf"),
        (Interval(high=2.0), [-inf, 1.0], [2.0, inf], "-inf < x < 2"),
    ],
    ids=lambda x: str(x) if isinstance(x, str) else "",
)
def test_an_interval_knows_what_lies_in_it_and_says_so(interval, inside, outside, text):
    assert all(x in interval for x in inside)
    assert not any(x in interval for x in outside)
    assert str(interval) == text


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match="there is an op named 'sin' already; choose another name"):
        Op("sin", math.sin, (lambda x, out: 1.0,), "again")
    assert TABLE["sin"] is autograd.sin


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda op: pickle.loads(pickle.dumps(op))])
def test_a_copy_of_an_op_is_the_op(copied: Callable[[Op], Op]):
    for op in TABLE.values():
        assert copied(op) is op


def test_an_unknown_name_is_a_lookup_error_that_says_what_to_do():
    with pytest.raises(LookupError) as raised:
        op_named("sinhh")
    assert one_line(raised) == "no op named 'sinhh' in the table; define its row before loading this"
    assert op_named("sinh") is autograd.sinh


def test_an_ops_repr_names_it():
    assert repr(autograd.sinh) == "<op sinh: hyperbolic sine>"


def test_a_new_row_is_all_that_a_new_op_takes(make_op):
    cube = make_op("cube", lambda x: x * x * x, (lambda x, out: 3.0 * x * x,), "x³")
    x = Value(2.0)
    assert cube(2.0) == 8.0
    assert cube(x).data == x.cube().data == np.array([x]).item().cube().data == 8.0
    assert gradient(x.cube(), x) == 12.0
    d = gradient(gradient(cube(x), x, create_graph=True), x, create_graph=True)
    assert (d.data, gradient(d, x)) == (12.0, 6.0)


def test_a_new_row_brings_its_operator_from_both_sides(make_op):
    make_op("mod", lambda x, y: x % y, (lambda x, y, out: 1.0, lambda x, y, out: -((x - out) / y)), "remainder",
            methods=("__mod__",))  # fmt: skip
    x = Value(7.0)
    assert (x % 4).data == 3.0
    assert gradient(x % 4, x) == 1.0
    assert gradient(9 % x, x) == -1.0
    with pytest.raises(ZeroDivisionError, match=r"^mod of 7\.0 and 0\.0: "):
        x % 0


def test_a_new_row_of_any_number_of_inputs_needs_no_methods(make_op):
    total = make_op("total", lambda *xs: math.fsum(xs), lambda xs, out: [1.0] * len(xs), "sum")
    xs = [Value(1.0), 2.0, Value(3.0)]
    assert (total.arity, total.methods, total(*xs).data) == (None, (), 6.0)
    assert total(*xs).local_derivatives == (1.0, None, 1.0)


def test_an_operand_that_does_not_say_what_applying_means_is_told_so():
    class Silent(Operand):
        pass

    with pytest.raises(NotImplementedError, match="Silent does not say what applying an op means"):
        Silent() + 1.0


def test_plus_in_front_is_the_operand_itself():
    x = Value(2.0)
    assert +x is x


@pytest.mark.parametrize(
    ("compute", "expected"),
    [
        (lambda: Extended(1.0) / 0.0, inf),
        (lambda: Extended(-1.0) / 0.0, -inf),
        (lambda: 0.5 / Extended(0.0), inf),
        (lambda: Extended(0.0) * inf, 0.0),
        (lambda: inf * Extended(0.0), 0.0),
        (lambda: autograd.log(Extended(0.0)), -inf),
        (lambda: autograd.log(Extended(-1.0)), nan),
        (lambda: autograd.sqrt(Extended(-1.0)), nan),
        (lambda: Extended(0.0) ** -1.0, inf),
        (lambda: Extended(-1e200) ** 3.0, -inf),
        (lambda: Extended(-1e200) ** 2.0, inf),
        (lambda: Extended(1e200) ** 2.5, inf),
        (lambda: autograd.exp(Extended(1e4)), inf),
        (lambda: Extended(2.0) + 3.0, 5.0),
    ],
)
def test_extended_arithmetic_answers_where_floats_raise(compute, expected):
    assert compute().number == pytest.approx(expected, nan_ok=True)


def test_limits_leave_constants_without_a_derivative():
    assert limits(autograd.pow, (0.0, 0.5), 0.0, (Value(0.0), 0.5)) == (inf, None)


def test_an_op_applied_to_texts_is_written_down():
    assert autograd.div(1.0, Source("x")).text == "(1.0 / x)"
    assert autograd.sin(Source("x")).text == "sin(x)"


def test_a_method_is_compiled_once_even_when_it_was_picked_up_before_its_first_call(monkeypatch):
    printed = []
    monkeypatch.setattr("autograd.methods.source", lambda *a: printed.append(a) or source(*a))
    monkeypatch.setattr(Value, "tanh", method_of(autograd.tanh, "tanh"))
    activation = Value.tanh
    assert [activation(Value(0.5)).data for _ in range(3)] == [math.tanh(0.5)] * 3
    assert len(printed) == 1
