"""A Value behaves like a Python float: what it takes, what it refuses, how it prints, compares and mixes."""

import copy
import math
import operator

import numpy as np
import pytest
from strategies import NOT_NUMBERS, NUMBERS, one_line

from autograd import Value, no_grad
from autograd.op import TABLE

inf, nan = math.inf, math.nan
SYMBOLS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
every_symbol = pytest.mark.parametrize("act", SYMBOLS.values(), ids=SYMBOLS)
every_comparison = pytest.mark.parametrize("compare", COMPARISONS.values(), ids=COMPARISONS)
not_numbers = pytest.mark.parametrize(("text", "x"), NOT_NUMBERS, ids=[text for text, _ in NOT_NUMBERS])
BUILTINS = [(text, x) for text, x in NOT_NUMBERS if not isinstance(x, np.ndarray | np.generic)]


# making one, and its attributes


@pytest.mark.parametrize("x", NUMBERS, ids=lambda x: type(x).__name__)
def test_a_value_holds_a_plain_float_whatever_number_came_in(x):
    v = Value(x)
    assert type(v.data) is float
    assert v.data == float(x)


@pytest.mark.parametrize("x", [nan, inf, -inf, -0.0])
def test_special_floats_are_numbers_too(x):
    assert repr(Value(x).data) == repr(x)


def test_a_leaf_starts_without_gradient_op_and_inputs():
    v = Value(1.5, "v")
    assert (v.data, v.grad, v.name, v.op, v.inputs, v.local_derivatives) == (1.5, 0.0, "v", None, (), ())


@not_numbers
@pytest.mark.parametrize("role", ["data", "grad"])
def test_data_and_grad_refuse_what_is_no_number(role, text, x):
    v = Value(1.0)
    setattr(v, role, 7)
    with pytest.raises(TypeError) as raised:
        setattr(v, role, x)
    assert one_line(raised).startswith(f"expected a number as {role}, got ")
    assert text in one_line(raised)
    assert getattr(v, role) == 7.0


@not_numbers
def test_a_value_of_what_is_no_number_is_refused(text, x):
    with pytest.raises(TypeError) as raised:
        Value(x)
    assert one_line(raised).startswith("expected a number as data, got ")
    assert text in one_line(raised)


def test_a_value_of_a_value_is_refused():
    with pytest.raises(TypeError, match=r"expected a number as data, got Value Value\(data=1\.0"):
        Value(Value(1.0))


@pytest.mark.parametrize("name", [3, b"x", ["x"], 1.0], ids=str)
def test_a_name_is_a_string(name):
    with pytest.raises(TypeError, match="expected a str as name, got ") as raised:
        Value(1.0, name)
    one_line(raised)


def test_an_unknown_attribute_cannot_be_set_by_a_slip_of_the_pen():
    with pytest.raises(AttributeError):
        Value(1.0).gard = 0.0


def test_what_went_in_can_be_read_off_a_node_constants_and_repeats_included():
    x = Value(3.0)
    f, g = x * x, 2 - x
    assert f.op is TABLE["mul"]
    assert f.inputs == (x, x)
    assert f.local_derivatives == (3.0, 3.0)
    assert g.inputs == (2.0, x)
    assert g.local_derivatives == (None, -1.0)


@pytest.mark.parametrize(
    ("compute", "op"),
    [
        (lambda x: -x, "neg"),
        (lambda x: x - 1, "sub"),
        (lambda x: 1 - x, "sub"),
        (lambda x: x / 2, "div"),
        (lambda x: 2 / x, "div"),
        (lambda x: x**2, "pow"),
        (lambda x: 2**x, "pow"),
        (lambda x: abs(x), "abs"),
    ],
)
def test_one_operator_is_one_node_not_a_composition(compute, op):
    x = Value(3.0)
    out = compute(x)
    assert out.op.name == op
    assert [i for i in out.inputs if isinstance(i, Value)] == [x]


def test_sum_starts_from_pythons_zero():
    xs = [Value(1.0), Value(2.0)]
    assert sum(xs).data == 3.0


def test_a_variadic_node_reads_like_any_other():
    x = Value(3.0)
    out = TABLE["dot"]([x, 2.0], [4.0, x], x)
    assert out.inputs == (x, 2.0, 4.0, x, x)
    assert out.local_derivatives == (4.0, None, None, 2.0, 1.0)


# bad operands


@every_symbol
@pytest.mark.parametrize(("text", "x"), BUILTINS, ids=[text for text, _ in BUILTINS])
def test_arithmetic_with_what_is_no_number_says_what_arrived(act, text, x):
    for left, right in ((Value(2.0), x), (x, Value(2.0))):
        with pytest.raises(TypeError) as raised:
            act(left, right)
        assert one_line(raised).startswith("expected a number or a Value, got ")
        assert text in one_line(raised)


@every_symbol
@pytest.mark.parametrize("x", [np.complex128(1j), np.str_("a"), np.timedelta64(5, "s")], ids=lambda x: type(x).__name__)
def test_arithmetic_with_a_numpy_scalar_that_is_no_real_number_is_a_type_error(act, x):
    for left, right in ((Value(2.0), x), (x, Value(2.0))):
        with pytest.raises(TypeError) as raised:
            act(left, right)
        one_line(raised)


@every_symbol
def test_a_foreign_object_may_answer_for_itself(act):
    class Answer:
        def __radd__(self, other):
            return "mine"

        __rsub__ = __rmul__ = __rtruediv__ = __rpow__ = __radd__

    assert act(Value(1.0), Answer()) == "mine"


@every_symbol
def test_a_foreign_object_that_does_not_answer_is_a_type_error(act):
    class Mute:
        pass

    for left, right in ((Value(1.0), Mute()), (Mute(), Value(1.0))):
        with pytest.raises(TypeError, match="unsupported operand"):
            act(left, right)


def test_pow_with_a_modulus_is_refused_as_for_floats():
    with pytest.raises(TypeError) as raised:
        pow(Value(2.0), 3, 5)
    one_line(raised)


# the float protocol


@pytest.mark.parametrize("x", [0.0, -0.0, 1.5, -2.5, 2.5, 1e300, nan, inf])
def test_conversions_are_the_floats(x):
    v = Value(x)
    assert repr(float(v)) == repr(x)
    assert bool(v) is bool(x)
    assert repr(round(v, 1)) == repr(round(x, 1))
    assert f"{v:.3f} {v:>9.2e}" == f"{x:.3f} {x:>9.2e}"
    for convert in (int, round, math.floor, math.ceil):
        try:
            expected = convert(x)
        except (ValueError, OverflowError) as error:
            with pytest.raises(type(error)):
                convert(v)
        else:
            assert (type(convert(v)), convert(v)) == (type(expected), expected)


def test_without_a_format_a_value_prints_as_its_repr():
    v = Value(1.5, "v")
    v.grad = -2
    assert f"{v}" == str(v) == repr(v) == "Value(data=1.5, grad=-2.0, name='v')"
    assert repr(Value(1.5)) == "Value(data=1.5, grad=0.0)"


@every_comparison
@pytest.mark.parametrize("y", [1.0, 2.0, 3.0, nan, inf, -inf])
def test_comparisons_are_the_floats_from_either_side(compare, y):
    for x in (2.0, nan):
        expected = compare(x, y)
        others = [Value(y), y, np.float64(y)] + ([int(y)] if math.isfinite(y) else [])
        for other in others:
            assert bool(compare(Value(x), other)) is expected
            assert bool(compare(x if isinstance(other, Value) else Value(x), other)) is expected
        assert bool(compare(np.float64(x), Value(y))) is expected
        assert bool(compare(x, Value(y))) is expected


@every_comparison
def test_comparisons_with_a_large_int_are_exact_as_the_floats_are(compare):
    x = 2.0**53
    for y in (2**53 + 1, 10**400, -(10**400)):
        assert compare(Value(x), y) is compare(x, y)
        assert compare(y, Value(x)) is compare(y, x)


@every_comparison
@pytest.mark.parametrize("x", ["a", None, 1j, [1.0], {}], ids=repr)
def test_comparisons_with_what_is_no_number_are_type_errors(compare, x):
    for left, right in ((Value(1.0), x), (x, Value(1.0))):
        with pytest.raises(TypeError) as raised:
            compare(left, right)
        one_line(raised)


def test_comparison_with_an_array_goes_entry_by_entry():
    assert (Value(2.0) < np.array([1.0, 3.0])).tolist() == [False, True]


def test_values_sort_by_their_numbers():
    xs = [Value(3.0), Value(1.0), Value(2.0)]
    assert [v.data for v in sorted(xs)] == [1.0, 2.0, 3.0]
    assert max(xs) is xs[0]


def test_equality_and_hash_are_identity():
    x, y = Value(1.0), Value(1.0)
    assert Value.__eq__ is object.__eq__
    assert Value.__hash__ is object.__hash__
    assert x == x
    assert x != y
    assert len({x, y, x}) == 2


# NumPy


@every_symbol
def test_an_array_on_either_side_gives_an_array_of_values_entry_by_entry(act):
    v, numbers = Value(2.0), np.array([[1.0, 3.0], [0.5, 4.0]])
    for found, expected in ((act(v, numbers), act(2.0, numbers)), (act(numbers, v), act(numbers, 2.0))):
        assert found.shape == (2, 2)
        assert found.dtype == object
        assert all(isinstance(node, Value) and node.op is not None for node in found.flat)
        assert found.astype(float).tolist() == expected.tolist()


@every_symbol
def test_object_arrays_of_values_mix(act):
    xs, ys = np.array([Value(2.0), Value(3.0)]), np.array([Value(0.5), Value(4.0)])
    found = act(xs, ys)
    assert found[1].inputs == (xs[1], ys[1])
    assert found[1].data == act(3.0, 4.0)


@every_symbol
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int32, np.uint8, np.bool_, np.longdouble])
def test_a_numpy_scalar_on_either_side_is_a_constant(act, kind):
    v, one = Value(2.0), kind(1)
    left, right = act(one, v), act(v, one)
    assert (left.inputs, right.inputs) == ((1.0, v), (v, 1.0))
    assert type(left.inputs[0]) is type(right.inputs[1]) is float


def test_matrix_products_of_object_arrays_are_differentiable():
    w = np.array([Value(1.0), Value(2.0)])
    out = np.array([[3.0, 4.0], [5.0, 6.0]]) @ w
    out.sum().backward()
    assert [v.grad for v in w] == [8.0, 10.0]


# micrograd's names


def test_micrograds_names_lead_through_the_graph():
    x = Value(3.0)
    f = x * 2 + x
    assert f._op == "+"
    assert x._op == ""
    assert f._prev[1] is x
    assert [p.data for p in f._prev[0]._prev] == [3.0, 2.0]
    assert x._prev == ()


# no_grad


def test_within_no_grad_results_are_leaves_with_the_same_numbers():
    x = Value(3.0)
    with no_grad():
        ys = [x * x, x + 1, 2 - x, x.sin(), x**0.5, TABLE["dot"]([x], [x]), TABLE["maximum"](x, 1.0)]
    assert [(y.op, y.inputs, y.local_derivatives) for y in ys] == [(None, (), ())] * 7
    assert [y.data for y in ys[:3]] == [9.0, 4.0, -1.0]
    assert (x * x).op is TABLE["mul"]


def test_no_grad_nests():
    x = Value(3.0)
    with no_grad():
        with no_grad():
            assert (x * x).op is None
        assert (x * x).op is None
    assert (x * x).op is not None


def test_one_no_grad_object_can_be_entered_twice():
    x, quiet = Value(3.0), no_grad()
    try:
        with quiet, quiet:
            assert (x * x).op is None
        assert (x * x).op is not None
    finally:
        no_grad.active = False


def test_no_grad_ends_with_an_exception():
    x = Value(3.0)
    with pytest.raises(ZeroDivisionError, match=r"div of 3\.0 and 0\.0"), no_grad():
        x / 0
    assert (x * x).op is not None


def test_within_no_grad_a_number_without_a_derivative_is_still_a_number():
    with no_grad():
        assert Value(0.0).sqrt().data == 0.0


def test_backward_of_a_result_made_under_no_grad_reaches_nothing():
    x = Value(3.0)
    with no_grad():
        y = x * x
    y.backward()
    assert (y.grad, x.grad) == (1.0, 0.0)


def test_copies_made_under_no_grad_keep_their_graph():
    x = Value(3.0)
    f = x * x
    with no_grad():
        assert copy.deepcopy(f).op is f.op
