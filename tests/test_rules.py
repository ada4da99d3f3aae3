"""Every row of the table against mpmath: values, local derivatives, second derivatives, and all doors to it alike."""

import math
import operator
import struct
from itertools import compress

import numpy as np
import pytest
from mpmath import mp, mpf
from oracles import FORMULAS, LARGEST, close, drawn, exact, exact_gradient, exact_hessian, formula, samples

import autograd
from autograd import Value, gradient
from autograd.op import TABLE, Op

every_op = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())
inf, nan = math.inf, math.nan
# On object arrays NumPy compares instead of calling the method of that name.
NUMPYS_OWN = ("sign", "maximum", "minimum", "less")


class Weight(Value):
    """A subclass, as nn's parameters are: it takes the generic way into every op."""

    __slots__ = ()


def call(op: Op, inputs):
    """The op applied to flat inputs, arranged as the caller of an op of any number of inputs would."""
    if op.name == "dot":
        n = len(inputs) // 2
        return op(inputs[:n], inputs[n : 2 * n], *inputs[2 * n :])
    return op(*inputs)


def bits(x: float) -> bytes:
    """The eight bytes of a float, every NaN alike: equality that tells 0 from -0."""
    return struct.pack("<d", nan if x != x else x)


def test_every_row_has_an_mpmath_formula_and_every_formula_a_row():
    missing, left_over = TABLE.keys() - FORMULAS.keys(), FORMULAS.keys() - TABLE.keys()
    assert not missing, f"add an mpmath formula for {sorted(missing)} to FORMULAS in tests/oracles.py"
    assert not left_over, f"take {sorted(left_over)} out of FORMULAS in tests/oracles.py: the table has no such row"


def test_a_missing_formula_is_asked_for_by_name():
    with pytest.raises(KeyError, match="add an mpmath formula for 'gamma'"):
        formula("gamma")


@every_op
def test_enough_sample_points_are_left_to_test_on(op):
    assert len(samples(op)) >= 12


@every_op
def test_the_value_is_mpmaths(op):
    for point in samples(op):
        true = exact(op, point)
        scale = sum(abs(x) for x in point) ** 2 if op.arity is None else 1.0  # sums round at the size of their terms
        found = call(op, point)
        assert close(found, true, 2e-15, 1e-15 * scale if op.arity is None else 1e-300), (point, found, true)


@every_op
def test_an_op_raises_exactly_where_there_is_no_real_value_or_no_float_holds_it(op):
    for point in drawn(op):
        true = exact(op, point)
        try:
            found = call(op, point)
        except (ZeroDivisionError, ValueError):
            assert true is None, point
        except OverflowError:
            assert true is None or abs(true) > LARGEST, point
        else:
            assert true is not None, (point, found)
            assert math.isfinite(found) == (abs(true) <= LARGEST), (point, found)


@every_op
def test_every_local_derivative_is_the_derivative(op):
    for point in samples(op):
        found = call(op, [Value(x) for x in point]).local_derivatives
        size = max(map(abs, point)) if op.arity is None else 1.0  # logsumexp takes exp(x - out)
        for d, true in zip(found, exact_gradient(op, point), strict=True):
            if not isinstance(true, mpf):
                assert d != d, (point, "complex derivative")
            elif abs(true) <= LARGEST:
                assert close(d, true, 1e-12, 1e-15 * max(1.0, size)), (point, d, mp.nstr(true, 20))


@every_op
def test_second_derivatives_are_the_derivatives_of_the_local_derivatives(op):
    points = samples(op)
    for point in points if op.arity == 1 else points[:14]:
        real = [isinstance(d, mpf) for d in exact_gradient(op, point)]  # not so for the exponent in (-2) ** 3
        inputs = [Value(x) if r else x for x, r in zip(point, real, strict=True)]
        xs = [x for x, r in zip(inputs, real, strict=True) if r]
        first = gradient(call(op, inputs), xs, create_graph=True)
        second = [gradient(d, xs) for d in first]
        true_rows = [list(compress(row, real)) for row in compress(exact_hessian(op, point), real)]
        size = max(1.0, *(abs(float(d)) for d in first), *map(abs, point))  # terms that cancel are of this size
        for found_row, true_row in zip(second, true_rows, strict=True):
            for found, true in zip(found_row, true_row, strict=True):
                if abs(true) <= 1e290:  # their factors are floats too
                    assert close(found, true, 1e-11, 1e-15 * size), (point, found, mp.nstr(true, 20))


def doors(op: Op, point: tuple[float, ...]):
    """Every way to apply the op at a point, by name: a function that gives a float or a Value."""
    vs = tuple(Value(x) for x in point)
    yield "Values", lambda: call(op, vs)
    yield "apply", lambda: Value.apply(op, vs)
    yield "subclass", lambda: call(op, tuple(Weight(x) for x in point))
    yield "NumPy scalars", lambda: call(op, tuple(np.float64(x) for x in point))
    if not op.methods:
        for i in range(len(point)):
            yield f"constant {i}", lambda i=i: call(op, [*vs[:i], point[i], *vs[i + 1 :]] if len(vs) > 1 else vs)
        return
    for m in op.methods:
        yield m, lambda m=m: getattr(vs[0], m)(*vs[1:])
        yield f"subclass.{m}", lambda m=m: getattr(Weight(point[0]), m)(*vs[1:])
        ufunc = getattr(np, m, None)
        if isinstance(ufunc, np.ufunc) and m not in NUMPYS_OWN:
            # the interpreter's own comparison with a NaN sets the flag that NumPy looks at afterwards
            quiet = np.errstate(invalid="ignore")
            yield f"np.{m}", quiet(lambda f=ufunc: f(*[np.array([v], dtype=object) for v in vs])[0])
        if m.startswith("__"):
            yield f"operator.{m}", lambda m=m: getattr(operator, m)(*vs)
    if op.arity == 2:
        for kind in (float, np.float64):
            constants = [kind(x) for x in point]
            yield f"{kind.__name__} right", lambda c=constants: op(vs[0], c[1])
            yield f"{kind.__name__} left", lambda c=constants: op(c[0], vs[1])
            for m in op.methods:
                yield f"{m} {kind.__name__} right", lambda m=m, c=constants: getattr(vs[0], m)(c[1])
                if m.startswith("__"):
                    yield f"operator {kind.__name__} right", lambda m=m, c=constants: getattr(operator, m)(vs[0], c[1])
                    yield f"operator {kind.__name__} left", lambda m=m, c=constants: getattr(operator, m)(c[0], vs[1])
                    yield f"__r{m[2:]}", lambda m=m, c=constants: getattr(vs[1], f"__r{m[2:]}")(c[0])
        if bits(point[1]) == bits(float(int(point[1] if math.isfinite(point[1]) else 0))):
            yield "int right", lambda: getattr(vs[0], op.methods[0])(int(point[1]))
        if bits(point[0]) == bits(float(int(point[0] if math.isfinite(point[0]) else 0))):
            yield "int left", lambda: op(int(point[0]), vs[1])


@every_op
def test_all_doors_to_an_op_give_the_same_bits(op):
    edges = [(x,) for x in (0.0, -0.0, 1.0, -1.0, inf, -inf, nan)] if op.arity == 1 else []
    pairs = [(0.0, 2.0), (-3.0, 2.0), (2.0, -2.0), (inf, 1.0), (0.0, 0.0), (-0.0, 0.0), (nan, 1.0), (1.0, nan)]
    for point in samples(op) + edges + (pairs if op.arity == 2 else []):
        try:
            value = call(op, point)
        except (ArithmeticError, ValueError):
            continue  # that every door raises alike has its own test
        assert type(value) is float
        derivatives = Value.apply(op, tuple(map(Value, point))).local_derivatives
        for name, door in doors(op, point):
            out = door()
            assert bits(float(out)) == bits(value), (name, point)
            if isinstance(out, Value):
                for d, true, x in zip(out.local_derivatives, derivatives, out.inputs, strict=True):
                    assert (d is None) == (not isinstance(x, Value)), (name, point)
                    assert d is None or bits(d) == bits(true), (name, point)
            else:
                assert name == "NumPy scalars"
                assert type(out) is float


def test_numpys_own_maximum_of_object_arrays_hands_on_the_very_values():
    x, y = np.array([Value(1.0), Value(5.0)]), np.array([Value(3.0), Value(3.0)])
    assert list(np.maximum(x, y)) == [y[0], x[1]]
    assert list(np.minimum(x, y)) == [x[0], y[1]]


OUTSIDE = [
    ("log", (0.0,), ValueError, "it takes x > 0"),
    ("log", (-1.0,), ValueError, "it takes x > 0"),
    ("log", (-inf,), ValueError, "it takes x > 0"),
    ("log1p", (-1.0,), ValueError, "it takes x > -1"),
    ("sqrt", (-1e-300,), ValueError, "it takes x >= 0"),
    ("asin", (1.0000000000000002,), ValueError, "it takes -1 <= x <= 1"),
    ("acos", (-1.5,), ValueError, "it takes -1 <= x <= 1"),
    ("acosh", (0.5,), ValueError, "it takes x >= 1"),
    ("atanh", (1.0,), ValueError, "it takes -1 < x < 1"),
    ("atanh", (inf,), ValueError, "it takes -1 < x < 1"),
    ("sin", (inf,), ValueError, ""),
    ("cos", (-inf,), ValueError, ""),
    ("tan", (inf,), ValueError, ""),
    ("div", (2.0, 0.0), ZeroDivisionError, "zero"),
    ("div", (2.0, -0.0), ZeroDivisionError, "zero"),
    ("div", (0.0, 0.0), ZeroDivisionError, "zero"),
    ("div", (nan, 0.0), ZeroDivisionError, "zero"),
    ("pow", (0.0, -1.0), ZeroDivisionError, "negative"),
    ("pow", (-8.0, 1 / 3), ValueError, "a negative number takes a whole exponent"),
    ("pow", (10.0, 400.0), OverflowError, "beyond 1.8e308"),
    ("pow", (-1e200, 3.0), OverflowError, "beyond 1.8e308"),
    ("exp", (1000.0,), OverflowError, "beyond 1.8e308"),
    ("expm1", (1000.0,), OverflowError, "beyond 1.8e308"),
    ("sinh", (-1000.0,), OverflowError, "beyond 1.8e308"),
    ("cosh", (1000.0,), OverflowError, "beyond 1.8e308"),
]
outside = pytest.mark.parametrize(("name", "point", "kind", "reason"), OUTSIDE, ids=str)


@outside
def test_every_door_raises_the_same_error_where_there_is_no_value(name, point, kind, reason):
    texts = set()
    for door_name, door in doors(TABLE[name], point):
        with pytest.raises(kind) as raised:
            door()
        texts.add(str(raised.value))
        assert len(texts) == 1, (door_name, texts)


@outside
def test_an_error_names_the_op_its_operands_and_the_reason_in_one_line(name, point, kind, reason):
    with pytest.raises(kind) as raised:
        TABLE[name](*map(Value, point))
    text = str(raised.value)
    assert text.startswith(f"{name} of {' and '.join(map(repr, point))}: ")
    assert reason in text
    assert "\n" not in text


@outside
def test_the_error_is_the_one_that_float_arithmetic_raises(name, point, kind, reason):
    floats = {"div": operator.truediv, "pow": math.pow if kind is ValueError else operator.pow}
    with pytest.raises(kind) as raised:
        floats.get(name, getattr(math, name, None))(*point)
    assert type(raised.value) is kind


def test_a_negative_base_with_a_broken_exponent_gives_no_complex_number():
    with pytest.raises(ValueError, match=r"^pow of -8\.0 and 0\.333\d+: a negative number takes a whole exponent$"):
        Value(-8.0) ** (1 / 3)


@every_op
def test_every_row_is_public_documented_and_found_under_its_name(op):
    assert getattr(autograd, op.name) is op
    assert op.__doc__.startswith(op.name)
    assert op.doc in op.__doc__
    assert op.__doc__.count("∂out/∂") == (op.arity or 0)
    assert op.symbol


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.name != "where"], ids=lambda op: op.name)
def test_nan_in_gives_nan_out_without_an_error(op):
    for i in range(op.arity or 4):
        point = [0.75] * (op.arity or 4)
        point[i] = nan
        for out in (call(op, point), call(op, [Value(x) for x in point]).data):
            assert out != out, (point, out)


@pytest.mark.parametrize("point", [(nan, 0.0), (1.0, nan)], ids=str)
def test_pow_of_nan_is_one_where_ieee_says_so(point):
    assert TABLE["pow"](*point) == TABLE["pow"](*map(Value, point)).data == 1.0


@pytest.mark.parametrize(
    ("point", "derivatives"),
    [
        (("sqrt", 0.0), (inf,)),
        (("asin", 1.0), (inf,)),
        (("asin", -1.0), (inf,)),
        (("acos", 1.0), (-inf,)),
        (("acos", -1.0), (-inf,)),
        (("acosh", 1.0), (inf,)),
        (("pow", 0.0, 0.5), (inf, 0.0)),
        (("pow", 0.0, 1.0), (1.0, 0.0)),
        (("pow", 0.0, 2.0), (0.0, 0.0)),
        (("pow", 0.0, 0.0), (0.0, -inf)),
        (("pow", -3.0, 2.0), (-6.0, nan)),
        (("pow", -3.0, 0.0), (-0.0, nan)),
        (("pow", 1e-200, -1.5), (-inf, -460.51701859880916 * 1e300)),
        (("pow", -1e-200, -1.0), (-inf, nan)),
        (("pow", 1e-200, -1.0), (-inf, 1e200 * math.log(1e-200))),
        (("pow", -1e-103, -2.0), (inf, nan)),
        (("pow", -1e-200, 2.0), (-2e-200, nan)),
    ],
    ids=str,
)
def test_at_a_domains_edge_the_local_derivative_is_the_limit_from_inside(point, derivatives):
    name, *numbers = point
    found = TABLE[name](*map(Value, numbers)).local_derivatives
    assert found == pytest.approx(derivatives, rel=1e-12, nan_ok=True)


def test_a_negative_base_with_a_constant_exponent_never_takes_the_logarithm_of_it():
    out = Value(-3.0) ** 2
    assert (out.data, out.local_derivatives) == (9.0, (-6.0, None))


def test_a_negative_base_with_a_value_as_exponent_still_has_its_value():
    assert (Value(-3.0) ** Value(2.0)).data == 9.0


@pytest.mark.parametrize("x", [0.0, -0.0])
@pytest.mark.parametrize("name", ["relu", "abs", "step", "sign"])
def test_at_a_kink_of_one_input_the_derivative_is_zero(name, x):
    assert TABLE[name](Value(x)).local_derivatives == (0.0,)


@pytest.mark.parametrize("x", [0.0, -2.5, 1e300, inf, -inf])
@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_at_a_tie_the_first_argument_gets_the_whole_derivative(name, x):
    assert TABLE[name](Value(x), Value(x)).local_derivatives == (1.0, 0.0)


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_at_a_tie_with_a_constant_the_first_argument_gets_the_whole_derivative(name):
    assert TABLE[name](Value(1.0), 1.0).local_derivatives == (1.0, None)
    assert TABLE[name](1.0, Value(1.0)).local_derivatives == (None, 0.0)


def test_the_derivative_of_abs_where_there_is_no_number_is_no_number():
    (d,) = abs(Value(nan)).local_derivatives
    assert d != d


@pytest.mark.parametrize("name", ["sign", "step", "relu", "abs", "softplus", "sigmoid", "tanh"])
def test_activations_hand_a_nan_on(name):
    out = TABLE[name](nan)
    assert out != out


@pytest.mark.parametrize("point", [(nan, 1.0), (1.0, nan), (nan, nan), (nan, -inf), (inf, nan)])
@pytest.mark.parametrize("name", ["maximum", "minimum", "logsumexp", "add", "mul"])
def test_two_sided_ops_hand_a_nan_on_from_either_side(name, point):
    out = TABLE[name](*point)
    assert out != out


@pytest.mark.parametrize(
    ("name", "point", "expected"),
    [
        ("exp", (inf,), inf),
        ("exp", (-inf,), 0.0),
        ("log", (inf,), inf),
        ("sqrt", (inf,), inf),
        ("atan", (inf,), math.pi / 2),
        ("tanh", (-inf,), -1.0),
        ("sigmoid", (inf,), 1.0),
        ("sigmoid", (-inf,), 0.0),
        ("softplus", (inf,), inf),
        ("softplus", (-inf,), 0.0),
        ("erf", (-inf,), -1.0),
        ("relu", (inf,), inf),
        ("relu", (-inf,), 0.0),
        ("step", (inf,), 1.0),
        ("sign", (-inf,), -1.0),
        ("abs", (-inf,), inf),
        ("add", (inf, -inf), nan),
        ("sub", (inf, inf), nan),
        ("mul", (inf, 0.0), nan),
        ("mul", (1e300, 1e300), inf),
        ("div", (1.0, inf), 0.0),
        ("div", (inf, inf), nan),
        ("pow", (inf, -1.0), 0.0),
        ("pow", (0.5, inf), 0.0),
        ("maximum", (-inf, 1.0), 1.0),
        ("minimum", (-inf, 1.0), -inf),
        ("logsumexp", (inf, 1.0), inf),
        ("logsumexp", (-inf, 1.0), 1.0),
        ("logsumexp", (-inf, -inf), -inf),
        ("logsumexp", (inf, -inf), inf),
    ],
    ids=str,
)
def test_infinity_in_gives_ieees_answer(name, point, expected):
    assert bits(TABLE[name](*point)) == bits(expected)
    assert bits(TABLE[name](*map(Value, point)).data) == bits(expected)


@pytest.mark.parametrize("x", [0.0, 1.0, 30.0, 40.0, 700.0, 745.0, 1e3, 1e5, 1e300])
@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softplus"])
def test_activations_are_right_however_large_their_input(name, x):
    op = TABLE[name]
    for point in ((x,), (-x,)):
        if name == "softplus" and x > 1e5:
            true, slope = (mpf(x), 1) if point[0] > 0 else (mpf(0), 0)
        elif x > 1e5:
            true, slope = (mpf(point[0] > 0) if name == "sigmoid" else mp.sign(point[0])), 0
        else:
            true, (slope,) = exact(op, point), exact_gradient(op, point)
        out = op(Value(*point))
        assert close(out.data, true, 4e-16, 5e-324)
        assert close(*out.local_derivatives, slope, 1e-15, 1e-15)


@pytest.mark.parametrize("size", [1.0, 1e3, 1e5])
@pytest.mark.parametrize("xs", [(1.0, 1.0), (1.0, -1.0), (-1.0, -1.0, -0.5), (0.0, 1.0), (-1.0,)], ids=str)
def test_logsumexp_is_right_however_large_its_inputs(size, xs):
    op, point = TABLE["logsumexp"], tuple(size * x for x in xs)
    out = op([Value(x) for x in point])
    assert close(out.data, exact(op, point), 4e-16, 4e-16)
    for found, true in zip(out.local_derivatives, exact_gradient(op, point), strict=True):
        assert close(found, true, 2e-16 * size, 4e-16 * size)


@pytest.mark.parametrize("xs", [(1e5, -1e5), (1e3, 1e3 - 1e-3), (-1e5, -1e5), (7.0,)], ids=str)
def test_the_local_derivatives_of_logsumexp_sum_to_one(xs):
    assert sum(autograd.logsumexp(*map(Value, xs)).local_derivatives) == pytest.approx(1.0, abs=1e-11)


@pytest.mark.parametrize("x", [1e100, 1e160, 1e200, 1e300])
def test_the_derivative_of_asinh_is_one_over_x_where_x_is_large(x):
    for side in (x, -x):
        assert autograd.asinh(Value(side)).local_derivatives == pytest.approx((1 / x,), rel=1e-12, abs=0)


@pytest.mark.parametrize("taken", [2.5, -0.0, inf, nan])
@pytest.mark.parametrize("other", [7.0, inf, nan])
@pytest.mark.parametrize("condition", [1.0, -1.0, 5e-324, inf, nan, 0.0, -0.0])
def test_where_hands_on_the_one_it_takes_whatever_the_other_is(condition, taken, other):
    a, b = (taken, other) if condition else (other, taken)
    inputs = [Value(x) for x in (condition, a, b)]
    out = autograd.where(*inputs)
    assert bits(out.data) == bits(autograd.where(condition, a, b)) == bits(taken)
    assert out.local_derivatives == ((0.0, 1.0, 0.0) if condition else (0.0, 0.0, 1.0))


def test_where_is_a_function_and_no_method():
    assert not hasattr(Value(1.0), "where")
    assert autograd.where.methods == ()
    assert autograd.where.__doc__.startswith("where(condition, a, b): ")


def test_where_sees_the_branch_at_every_point_and_to_any_order():
    def f(x):
        return autograd.where(autograd.less(x, 2.0), x**3, 10.0 * x)

    for number, expected in ((1.0, (1.0, 3.0, 6.0, 6.0)), (3.0, (30.0, 10.0, 0.0, 0.0))):
        x = Value(number)
        found = [f(x)]
        for _ in range(3):
            found.append(gradient(found[-1], x, create_graph=True))
        assert [d.data for d in found] == list(expected)


def test_where_computes_both_sides_and_safe_arguments_keep_the_other_out():
    x = Value(0.0)
    assert math.isnan(gradient(autograd.where(x, x.sqrt(), 1.0), x))
    assert gradient(autograd.where(x, autograd.where(x, x, 1.0).sqrt(), 1.0), x) == 0.0
    with pytest.raises(ZeroDivisionError):
        autograd.where(x, 1.0 / x, 1.0)


def test_dot_adds_from_left_to_right_as_a_written_sum_does():
    xs, ys = [0.1 * i for i in range(1, 9)], [1e8 / i for i in range(1, 9)]
    total = 0.3
    for x, y in zip(xs, ys, strict=True):
        total += x * y
    assert autograd.dot(xs, ys, 0.3) == total == autograd.dot([Value(x) for x in xs], ys, 0.3).data


def test_dot_of_nothing_is_zero_or_the_start():
    start = Value(2.0)
    assert autograd.dot([], []) == 0.0
    assert autograd.dot([], [], start).local_derivatives == (1.0,)


def test_dot_takes_the_same_value_on_both_sides():
    x, y = Value(3.0), Value(4.0)
    autograd.dot([x, y], [x, y]).backward()
    assert (x.grad, y.grad) == (6.0, 8.0)


def test_dot_of_sequences_of_two_lengths_says_which():
    with pytest.raises(ValueError, match="one length, got 2 and 1 entries"):
        autograd.dot([1.0, 2.0], [Value(3.0)])


def test_logsumexp_takes_numbers_a_sequence_or_an_iterator():
    expected = math.log(math.exp(1.0) + math.exp(2.0))
    for found in (
        autograd.logsumexp(1.0, 2.0),
        autograd.logsumexp([1.0, 2.0]),
        autograd.logsumexp(iter([Value(1.0), 2.0])).data,
        autograd.logsumexp(np.array([1.0, 2.0])),
    ):
        assert found == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("arguments", [(), ([],), ((),)], ids=str)
def test_logsumexp_of_nothing_says_what_it_takes(arguments):
    with pytest.raises(ValueError, match=r"^logsumexp\b.*takes at least one number") as raised:
        autograd.logsumexp(*arguments)
    assert "of :" not in str(raised.value)


@pytest.mark.parametrize("xs", [(inf, 1.0), (-inf, 2.0)], ids=str)
def test_logsumexp_beside_an_infinite_input_keeps_the_other_derivatives_right(xs):
    derivatives = autograd.logsumexp(*map(Value, xs)).local_derivatives
    assert derivatives[1] == (0.0 if xs[0] > 0 else 1.0)
