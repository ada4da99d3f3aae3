"""The gradient check: what it confirms, what it catches and names, and what it does beside kinks and edges."""

import itertools
import math
import random

import pytest

from autograd import Value, exp, log, maximum, no_grad, relu, sin, sqrt, step
from autograd.check import check_gradients
from autograd.op import TABLE, Op, Operand
from nn import MLP

FIXED = [op for op in TABLE.values() if op.arity]
KINKED = [op for op in FIXED if op.kink]
ON_KINK = {1: [0.0], 2: [1.5, 1.5], 3: [0.0, 1.5, -0.5]}


def points(op, candidates):
    """The points of a grid that lie in the op's domain and on which it is a number."""
    for point in itertools.product(candidates, repeat=op.arity):
        if all(x in interval for x, interval in zip(point, op.domain, strict=True)):
            try:
                op(*point)
            except (ArithmeticError, ValueError):
                continue
            if not (op.name == "pow" and point[0] <= 0):  # log x, which the derivative by y needs, is not a number
                yield point


def inside(interval, distance):
    """A number at that distance from each finite end of the interval."""
    ends = [interval.low + distance, interval.high - distance]
    return [x for x in ends if math.isfinite(x)] or [distance]


@pytest.fixture
def make_op():
    """Ops for one test; afterwards neither the table nor the operands know them."""
    made = []

    def make(name, forward, partials, **rest):
        op = Op(name, forward, partials, "an op for one test", **rest)
        made.append(op)
        return op

    yield make
    for op in made:
        del TABLE[op.name]
        for method in op.methods:
            delattr(Operand, method)


# what agrees


@pytest.mark.parametrize("op", FIXED, ids=lambda op: op.name)
def test_every_rule_agrees_within_its_domain(op):
    sampled = list(points(op, [-2.3, -0.7, 0.4, 1.2, 3.1]))
    assert sampled
    for point in sampled:
        report = check_gradients(op, point)
        assert report, f"{point}\n{report}"


@pytest.mark.parametrize("op", [op for op in FIXED if op.arity == 1], ids=lambda op: op.name)
@pytest.mark.parametrize("distance", [1e-2, 1e-4, 1e-8])
def test_every_rule_agrees_beside_its_domains_edges(op, distance):
    for x in inside(op.domain[0], distance):
        report = check_gradients(op, [x])
        # cos and cosh at 1e-8 change by less than a float shows: then the row must say so, not pass or accuse
        told = op.name in ("cos", "cosh") and distance == 1e-8 and report.rows[0].note == "no reliable difference"
        assert report or told, str(report)


@pytest.mark.parametrize("op", [TABLE["dot"], TABLE["logsumexp"]], ids=lambda op: op.name)
def test_ops_of_many_inputs_agree(op):
    def function(*xs):
        return op(xs[:2], xs[2:]) if op.name == "dot" else op(xs)

    assert check_gradients(function, [0.3, -1.2, 2.0, 0.7])


@pytest.mark.parametrize("op", KINKED, ids=lambda op: op.name)
def test_every_rule_agrees_on_its_kink_and_says_so(op):
    report = check_gradients(op, ON_KINK[op.arity])
    assert report, str(report)
    for row in report.rows[:1] if op.name == "where" else report.rows:  # its condition alone decides
        assert row.note.startswith(f"kink of {op.name} at ")


@pytest.mark.parametrize("op", KINKED, ids=lambda op: op.name)
@pytest.mark.parametrize("distance", [1e-9, -1e-9, 1e-14])
def test_every_rule_agrees_beside_its_kink(op, distance):
    report = check_gradients(op, [distance, 0.0, 1.0][: op.arity])
    assert report, str(report)
    assert all(row.sides is None for row in report.rows)
    assert {row.note.split(":")[0] for row in report.rows} <= {"", f"kink of {op.name} close by"}


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (log, 1e-8),
        (log, 1e-4),
        (log, 1e-300),
        (lambda x: 1 / x, 1e-12),
        (lambda x: sin(x) / x, 1e8),
        (lambda x: 1e10 * sin(x), 1.0),
        (lambda x: 1e10 + x, 1.0),
        (lambda x: 1e-30 * exp(x), 1.0),
        (lambda x: sin(1e8 * x), 1.0),
        (lambda x: x**3, 0.0),
        (lambda x: x * x, 0.0),
        (lambda x: 0 * x, 1.0),
        (lambda x: 0.1 * x + 0.2 * x - 0.3 * x, 1.0),
        (lambda x: (x + 1e8) - 1e8, 0.3),
        (lambda x: TABLE["dot"]([x * x, 1.0, 1.0], [1.0, 1e7, -1e7]), 0.3),
    ],
)
def test_no_false_alarm_for_tiny_and_huge_numbers(function, x):
    report = check_gradients(function, [x])
    assert report, str(report)


def test_an_ordinary_input_costs_four_evaluations():
    calls = []

    def function(x, y):
        calls.append(1)
        return sin(x) * y

    assert check_gradients(function, [1.0, 2.0])
    assert len(calls) == 1 + 2 * 4


def test_a_chain_of_many_thousand_ops_is_checked_without_recursion():
    def chain(x):
        for _ in range(5_000):
            x = x * 0.9999 + 1e-6
        return x

    assert check_gradients(chain, [2.0])


# kinks, switches and edges


def test_a_kink_shows_both_sides():
    (row,) = check_gradients(lambda x: relu(x), [0]).rows
    assert row.sides == (0.0, pytest.approx(1.0))
    assert row.note == "kink of relu at x = 0: left 0, right 1; backprop gives 0"


def test_a_jump_is_called_one():
    (row,) = check_gradients(lambda x: step(x), [0]).rows
    assert row.note == "kink of step at x = 0, a jump: left 0, right 0; backprop gives 0"


def test_a_kink_too_near_is_seen_from_one_side():
    (row,) = check_gradients(lambda x: 1 + relu(x), [1e-12]).rows
    assert row.agrees
    assert row.note == "kink of relu close by: one-sided from above"


def test_an_if_in_python_is_a_kink_too():
    (row,) = check_gradients(lambda x: 2 * x if x > 0 else 3 * x, [0]).rows
    assert row.agrees
    assert row.note == "Python's if switches close by: one-sided from below"


def test_a_difference_at_the_domains_edge_is_one_sided():
    (row,) = check_gradients(lambda x: x**1.5 + x, [0]).rows
    assert row.agrees
    assert row.note == "domain's edge below: one-sided from above"


def test_a_slope_that_tends_to_0_slowly_is_0():
    (row,) = check_gradients(lambda x: x**1.5, [0]).rows
    assert row.agrees


def test_an_op_that_rounds_more_than_its_result_shows_raises_no_false_alarm(make_op):
    lossy = make_op("lossy", lambda x: (x * x + 1e5) - 1e5, (lambda x, out: 2 * x,))
    reports = [check_gradients(lossy, [x / 7]) for x in range(1, 20)]
    assert [report for report in reports if report.suspects] == []


@pytest.mark.parametrize(("name", "x"), [("sqrt", 0), ("asin", 1), ("acos", -1), ("acosh", 1)])
def test_an_infinite_derivative_agrees_where_the_slopes_grow_without_bound(name, x):
    report = check_gradients(TABLE[name], [x])
    assert report
    assert report.rows[0].note == "infinite; a difference cannot confirm it"


def test_an_infinite_derivative_of_a_straight_line_differs(make_op):
    op = make_op("steep", lambda x: x, (lambda x, out: math.inf,))
    report = check_gradients(op, [1.0])
    assert report.rows[0].note == "the differences do not grow without bound"
    assert not report


# what is caught, and how it is named


@pytest.mark.parametrize("factor", [-1, 0, 2, 1.001, 1.0001, 1.00001])
def test_a_rule_that_is_off_by_a_factor_is_caught_and_named(make_op, factor):
    wrong = make_op("wrong", math.sin, (lambda x, out: factor * TABLE["cos"](x),))
    report = check_gradients(lambda x, y: exp(wrong(x * y)) + y, [0.5, 0.8])
    assert [row.verdict for row in report.rows] == ["differs", "differs"]
    assert [(suspect.op, suspect.edge) for suspect in report.suspects] == [("wrong", 1)]


def test_swapped_factors_are_caught_on_both_edges(make_op):
    times = make_op("times", lambda x, y: x * y, (lambda x, y, out: x, lambda x, y, out: y), code="times({}, {})")
    report = check_gradients(lambda x, y: times(x, y) + x, [2.0, 3.0])
    assert [str(suspect) for suspect in report.suspects] == [
        "times: local derivative by input 1 is 2, finite difference 3 (node v1 = times(x, y))",
        "times: local derivative by input 2 is 3, finite difference 2 (node v1 = times(x, y))",
    ]


def test_the_worst_node_stands_for_its_rule_and_the_worst_rule_comes_first(make_op):
    half = make_op("half", lambda x: x * x, (lambda x, out: x,))
    near = make_op("near", lambda x: x * x, (lambda x, out: 2 * x + 0.01,))
    report = check_gradients(lambda x: near(x) + near(10 * x) + half(x), [1.0])
    assert [suspect.op for suspect in report.suspects] == ["half", "near"]
    assert report.suspects[1].node.endswith("near(x)")


def test_a_slope_that_is_truly_0_is_told_from_a_rule_that_says_1(make_op):
    flat = make_op("flat", lambda x: 5.0, (lambda x, out: 1.0,))
    report = check_gradients(flat, [2.0])
    assert [(suspect.local_derivative, suspect.difference) for suspect in report.suspects] == [(1.0, 0.0)]


def test_a_rule_outside_the_slopes_beside_its_kink_is_caught(make_op):
    ramp = make_op("ramp", lambda x: max(x, 0.0), (lambda x, out: 1.5,), kink=lambda x: x)
    report = check_gradients(ramp, [0.0])
    assert report.suspects[0].op == "ramp"
    assert report.rows[0].verdict == "differs"


@pytest.mark.parametrize("seed", range(5))
def test_a_wrong_rule_deep_in_a_network_is_named(make_op, seed):
    wrong = make_op("wrong", math.tanh, (lambda x, out: 1 - out,))
    model = MLP(2, [3, 1], rng=seed)
    inputs = [0.4, -0.3]
    report = check_gradients(lambda: (wrong(model(inputs)) - 1) ** 2 + model([-x for x in inputs]), model.parameters())
    assert [suspect.op for suspect in report.suspects] == ["wrong"]


def test_no_rule_is_blamed_for_a_number_taken_out_of_the_graph():
    report = check_gradients(lambda x: x * x.data, [3.0])
    assert not report
    assert report.suspects == []
    assert report.reason.startswith("No single rule is to blame: each op agrees with its own difference.")


def test_no_rule_is_blamed_where_kinks_do_not_add_up():
    report = check_gradients(lambda x: relu(x) - relu(-x), [0])  # this is x
    assert not report
    assert report.suspects == []
    assert "each op's choice on its kink is allowed" in report.reason


def test_no_rule_is_blamed_for_0_times_infinity():
    report = check_gradients(lambda x: sqrt(x * x), [0])
    assert report.rows[0].note == "backprop gives nan"
    assert "0 · ∞ is nan" in report.reason


def test_a_kink_without_a_slope_on_either_side_does_not_pass():
    report = check_gradients(lambda x: sqrt(abs(x)), [0])
    assert not report
    assert report.rows[0].sides is None


def test_a_random_function_is_found_out():
    rng = random.Random(0)
    report = check_gradients(lambda x: x * rng.random(), [2.0])
    assert not report
    assert report.reason.startswith("The function is not deterministic: it gave ")


def test_an_alarm_is_looked_at_twice():
    calls = []

    def function(x):  # slope 2 for the first five calls, 3 from then on, and 1 for backprop
        calls.append(x)
        return x + (1.0 if len(calls) <= 5 else 2.0) * x.data

    (row,) = check_gradients(function, [1.0]).rows
    assert (row.verdict, row.note) == ("unknown", "no reliable difference")


def test_a_rule_without_an_answer_is_named():
    report = check_gradients(lambda x, y: x**y, [-2, 3])
    assert [row.verdict for row in report.rows] == ["agrees", "differs"]
    assert "The rule of pow has no answer: local derivative by input 2 is nan (node v1 = x ** y)." in str(report)


def test_a_graph_that_was_not_kept_differs():
    def function(x):
        with no_grad():
            return x * x

    report = check_gradients(function, [3.0])
    assert [row.verdict for row in report.rows] == ["differs"]


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (lambda x: 1 + 1e-12 * sin(x), 0.5),
        (lambda x: x.cos(), 1e-12),
        (lambda x: x.tanh(), 13.0),
        (lambda x: 1e10 + sin(x), 1.0),
        (lambda x: sin(x), 1e22),
    ],
)
def test_what_no_difference_can_resolve_does_not_pass(function, x):
    report = check_gradients(function, [x])
    assert not report
    assert report.rows[0].note == "no reliable difference"
    assert str(report).endswith("There is no reliable finite difference for x.")


@pytest.mark.parametrize(
    ("x", "factor", "note"),
    [
        (math.inf, 1.0, "the input is inf"),
        (1.0, math.nan, "the function is nan"),
        (1.0, math.inf, "the function is inf"),
    ],
)
def test_infinities_and_nan_do_not_pass(x, factor, note):
    report = check_gradients(lambda x: x * factor, [x])
    assert not report
    assert report.rows[0].note == f"no difference: {note} here"


# the three forms of a point


def test_a_dict_calls_by_name():
    report = check_gradients(lambda a, *, b: a / b, {"b": 7, "a": 3})
    assert report
    assert [(row.name, row.value) for row in report.rows] == [("b", 7.0), ("a", 3.0)]


def test_a_number_alone_is_a_point_of_one_input():
    assert [row.name for row in check_gradients(sin, 0.5).rows] == ["x1"]


def test_inputs_bear_the_functions_parameter_names():
    assert [row.name for row in check_gradients(lambda a, *rest: a * rest[0], [1.0, 2.0]).rows] == ["a", "x2"]


def test_inputs_are_numbered_where_python_cannot_tell_the_names():
    assert [row.name for row in check_gradients(max, [1.0, 2.0]).rows] == ["x1", "x2"]


def test_every_weight_of_a_network_is_checked_in_place():
    model = MLP(2, [3, 1], rng=1)
    before = [(p.data, p.grad) for p in model.parameters()]
    report = check_gradients(lambda: (model([0.3, -0.7]) - 1) ** 2, model.parameters())
    assert report, str(report)
    assert len(report.rows) == len(before) == 13
    assert [(p.data, p.grad) for p in model.parameters()] == before


def test_values_of_one_name_are_told_apart_by_their_place():
    w = [Value(1.0, "w"), Value(2.0, "w"), Value(3.0)]
    assert [row.name for row in check_gradients(lambda: w[0] * w[1] * w[2], w).rows] == ["w[0]", "w[1]", "x3[2]"]


def test_grads_are_left_alone():
    x = Value(2.0, "x")
    x.grad = 7.0
    assert check_gradients(lambda: x * x, [x])
    assert x.grad == 7.0


@pytest.mark.parametrize("error", [KeyError, KeyboardInterrupt])
def test_values_are_restored_whatever_the_function_raises(error):
    x = Value(2.0)

    def function():
        if x.data != 2.0:
            raise error("stop")
        return x * x

    with pytest.raises(error):
        check_gradients(function, [x])
    assert x.data == 2.0


# errors


@pytest.mark.parametrize(
    ("function", "point", "error", "message"),
    [
        (lambda x: 3.0, [1.0], TypeError, "function returned float 3.0; build the result from the Values it is given"),
        (lambda x: None, [1.0], TypeError, "function returned NoneType None; build"),
        (lambda x: [x], [1.0], TypeError, "take one entry of it"),
        (lambda x: x, [], ValueError, "the point is empty"),
        (lambda x: x, ["a"], TypeError, "expected numbers or Values as point, got str 'a'"),
        (lambda x: x, "a", TypeError, "expected numbers or Values as point, in a sequence or a dict, got str 'a'"),
        (lambda x: x, {1.0}, TypeError, "in a sequence or a dict, got set"),
        (lambda x, y: x, [1.0, Value(2.0)], TypeError, "mixes Values and numbers"),
        (Value(1.0), [1.0], TypeError, "expected a function, got Value"),
        (lambda: Value(1.0), [Value(1.0, "x") * 2], ValueError, "was computed by mul; give the leaves it came from"),
    ],
)
def test_what_cannot_be_checked_is_said_in_a_sentence(function, point, error, message):
    with pytest.raises(error, match=message):
        check_gradients(function, point)


@pytest.mark.parametrize("tolerance", [0, -1e-6, 1, math.nan])
def test_a_tolerance_outside_0_to_1_is_refused(tolerance):
    with pytest.raises(ValueError, match="expected a tolerance between 0 and 1, such as 1e-6"):
        check_gradients(sin, [1.0], tolerance=tolerance)


def test_a_result_computed_beforehand_is_refused():
    x = Value(2.0)
    loss = x * x
    with pytest.raises(TypeError, match="returned the same Value twice"):
        check_gradients(lambda: loss, [x])
    assert x.data == 2.0


def test_what_the_function_raises_at_the_point_passes_through():
    with pytest.raises(ValueError, match=r"log of -1\.0: it takes x > 0"):
        check_gradients(log, [-1.0])


# the report


def test_a_report_that_agrees_prints_as_a_plain_table():
    assert str(check_gradients(lambda x, y: maximum(x, y), [2.0, -0.25])) == (
        "input  value  backprop  difference  rel. error     step\n"
        "x          2         1           1           0  3.4e-06\n"
        "y      -0.25         0           0           0  1.7e-06\n"
        "\n"
        "Backprop agrees with finite differences for every input (relative tolerance 1e-06)."
    )


def test_a_kink_prints_the_slopes_on_both_sides():
    line = str(check_gradients(lambda x: abs(x), [0])).split("\n")[1]
    assert line.startswith("x          0         0      -1 … 1           0  1.7e-06  kink of abs at x = 0: left -1")


def test_no_line_of_a_report_is_longer_than_100_characters_and_none_breaks_in_a_word(make_op):
    twice = make_op("twice", lambda x: 2.0 * x, (lambda x, out: 3.0,))

    report = check_gradients(lambda w, x: (w * x - 6).relu() + twice(-w), {"w": 2.0, "x": 3.0})
    lines = str(report).split("\n")
    assert max(map(len, lines)) <= 100
    assert f"The rule of twice is off: {report.suspects[0].finding}. Backprop" in " ".join(lines)
    column, rows = lines[0].index("note"), lines[1 : lines.index("")]
    assert [row[:column].split()[:1] for row in rows] == [["w"], [], ["x"], []]  # notes go on below themselves
    for i, row in enumerate(report.rows):
        assert " ".join([rows[2 * i][column:], rows[2 * i + 1][column:]]).endswith(row.note)


@pytest.mark.parametrize("function", [lambda x: x.relu(), lambda x: -x.relu(), lambda x: (-x).relu()])
def test_a_slope_of_0_beside_a_kink_is_not_minus_0(function):
    (row,) = check_gradients(function, [0.0]).rows
    assert "-0.0" not in f"{row.sides} {row.difference}" and 0.0 in row.sides


def test_what_is_0_within_the_differences_error_prints_as_0():
    (row,) = check_gradients(lambda x: x**3, [0]).rows
    assert row.difference != 0
    assert row.cells()[2:4] == ["0", "0"]


def test_a_report_that_differs_names_the_rule_and_the_inputs(make_op):
    twice = make_op("twice", lambda x: 2.0 * x, (lambda x, out: 3.0,))
    report = check_gradients(lambda x, y: twice(x) + y, [1.0, 4.0])
    lines = str(report).split("\n")
    assert lines[0].split() == ["input", "value", "backprop", "difference", "rel.", "error", "step", "note"]
    assert lines[1].split() == ["x", "1", "3", "2", "0.33", "1.7e-06", "differs"]
    assert lines[2].split()[:4] == ["y", "4", "1", "1"]
    assert lines[3:] == [
        "",
        "The rule of twice is off: local derivative by input 1 is 3, finite difference 2 (node v1 =",
        "twice(x)).",
        "Backprop and finite differences differ for x (relative tolerance 1e-06).",
    ]


def test_numbers_that_differ_are_printed_with_enough_digits_to_show_it(make_op):
    near = make_op("near", lambda x: 2.0 * x, (lambda x, out: 2.00001,))
    report = check_gradients(near, [1.0])
    assert report.rows[0].cells()[2:4] == ["2.00001", "2"]
    assert "is 2.00001, finite difference 2 " in str(report)


def test_a_long_report_prints_the_worst_rows_and_counts_the_rest():
    report = check_gradients(lambda *xs: sum(xs, Value(0.0)), [1.0] * 40)
    lines = str(report).split("\n")
    assert len(lines) == 1 + 30 + 1 + 1 + 1
    assert lines[31] == "… and 10 more that are no worse; all are in .rows"


def test_rows_and_suspects_show_what_they_hold(make_op):
    twice = make_op("twice", lambda x: 2.0 * x, (lambda x, out: 3.0,))
    report = check_gradients(lambda x: twice(x), [1.0])
    assert repr(report.rows) == "[<row x = 1: backprop 3, difference 2; differs>]"
    assert repr(report.suspects[0]).startswith("<suspect twice: local derivative by input 1 is 3")


def test_the_verdict_lists_five_inputs_and_counts_the_others():
    report = check_gradients(lambda *xs: Value(sum(x.data for x in xs)), [1.0] * 7)
    assert report.verdict.startswith("Backprop and finite differences differ for x1, x2, x3, x4, x5 and 2 more (")
