"""The agreement table: every column says what its mode says, a mode that is off is named, and rounding is no alarm."""

import math
import random
from importlib import import_module

import numpy as np
import pytest
from expressions import call, expressions
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from oracles import samples
from strategies import chain, one_line, untidy

from autograd import (
    Value,
    agreement,
    checkpoint,
    dot,
    exp,
    gradient,
    hvp,
    jvp,
    log,
    maximum,
    no_grad,
    path_sum,
    relu,
    sin,
    sqrt,
)
from autograd.graph import topological_order
from autograd.op import TABLE, Op

every_op = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())


def example():
    """A graph with two inputs, two paths from one of them, and something to differentiate twice."""
    x, y = Value(0.6, "x"), Value(-1.2, "y")
    return exp(x * y) * sin(x) + y**3, [x, y]


def last_line(table) -> str:
    return repr(table).splitlines()[-1]


@pytest.fixture
def off(monkeypatch):
    """One of the modes gives a result that is a little wrong."""

    def make(mode, factor):
        module = import_module("autograd.agreement")  # the package's attribute of that name is the function
        right = getattr(module, mode)
        monkeypatch.setattr(module, mode, lambda *arguments: right(*arguments) * factor)

    return make


# --- what the columns say


def test_each_column_is_what_its_mode_gives():
    f, xs = example()
    for row, x in zip(agreement(f, xs).rows, xs, strict=True):
        assert (row.name, row.value) == (x.name, x.data)
        assert row.reverse == gradient(f, x)
        assert row.forward == jvp(f, x, 1.0)
        assert row.path_sum == path_sum(f, x)
        assert row.reverse_twice == gradient(gradient(f, x, create_graph=True), x)
        assert row.forward_over_reverse == hvp(f, x, 1.0)


def test_the_difference_is_one_of_the_recorded_graph():
    f, (x, y) = example()
    row, _ = agreement(f, [x, y]).rows

    def value(x):
        return math.exp(x * -1.2) * math.sin(x) + (-1.2) ** 3

    h = row.check.step
    assert row.difference == pytest.approx((value(0.6 + h) - value(0.6 - h)) / (2 * h), rel=1e-9)
    assert row.difference != row.reverse
    assert row.check.verdict == "agrees"


def test_it_prints_a_row_for_each_input_and_a_verdict():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    lines = repr(agreement(x * x * y, [x, y])).splitlines()
    columns = "input  value  reverse  forward  path sum  difference  ∂² reverse twice  ∂² forward over reverse"
    assert lines[0] == columns
    assert [line.split() for line in lines[1:3]] == [
        ["x", "2", "12", "12", "12", "12", "6", "6"],
        ["y", "3", "4", "4", "4", "4", "0", "0"],
    ]
    assert lines[-1].startswith("All columns agree. Largest disagreement, relative: ")


def test_the_columns_of_the_table_line_up():
    f, xs = example()
    head, *rows = repr(agreement(f, xs)).splitlines()[:3]
    for column in ("value", "reverse", "forward", "path sum", "difference"):
        end = head.index(column) + len(column)
        assert all(row[end - 1] != " " and row[end : end + 1] in (" ", "") for row in rows), column


@every_op
def test_all_columns_agree_at_every_sample_of_every_row(op):
    for point in samples(op)[:16]:
        inputs = [Value(x) for x in point]
        f = call(op, inputs)
        xs = [x for x, d in zip(inputs, f.local_derivatives, strict=True) if not math.isnan(d)]
        table = agreement(f, xs)
        assert table, f"{point}\n{table}"


@every_op
@settings(deadline=None, derandomize=True, database=None, max_examples=4, phases=[Phase.generate])
@given(data=st.data())
def test_all_columns_agree_for_every_node_of_random_expressions(op, data):
    f, _ = data.draw(expressions(op, depth=3))
    table = agreement(f.value, topological_order(f.value))
    assert table, f"{f}\n{table}"


@pytest.mark.parametrize("seed", range(6))
def test_all_columns_agree_for_every_node_of_untidy_graphs(seed):
    _, nodes = untidy(seed, 30)
    f = sum(nodes)
    table = agreement(f, topological_order(f))
    assert table, table
    assert {row.check.verdict for row in table.rows} == {"agrees"}


# --- what it calls a disagreement


def test_a_rule_that_is_wrong_shows_as_reverse_mode_against_the_difference():
    cube = Op("cube", lambda x: x * x * x, (lambda x, out: 2 * x * x,), "x³, with a wrong derivative")
    x, y = Value(2.0, "x"), Value(3.0, "y")
    table = agreement(cube(x) + y, [x, y])
    assert not table
    assert [row.agrees for row in table.rows] == [False, True]
    assert table.largest.columns == ("reverse", "difference")
    assert table.largest.input == "x"
    assert table.largest.relative == pytest.approx(1 / 3, rel=1e-6)
    assert not table.largest.allowed
    assert "reverse and difference differ" in table.rows[0].note
    assert last_line(table) == (
        "The columns differ for x. Largest disagreement, relative: 0.33 between reverse and difference for x."
    )


def test_an_infinite_slope_that_the_differences_do_not_confirm_is_infinitely_far_off():
    steep = Op("steep", lambda x: 2 * x, (lambda x, out: math.inf,), "2 x, with a wrong derivative")
    x = Value(1.0, "x")
    table = agreement(steep(x), x)
    assert not table
    assert table.largest.columns == ("reverse", "difference")
    assert table.largest.relative == math.inf


@pytest.mark.parametrize(
    ("mode", "column"), [("jvp", "forward"), ("path_sum", "path sum"), ("hvp", "∂² forward over reverse")]
)
def test_a_mode_that_is_off_by_a_millionth_of_a_millionth_is_named(off, mode, column):
    f, xs = example()
    assert agreement(f, xs)
    off(mode, 1 + 1e-11)
    table = agreement(f, xs)
    assert not table
    assert column in table.largest.columns
    assert table.largest.relative == pytest.approx(1e-11, rel=0.9)
    assert column in last_line(table)
    (row,) = [row for row in table.rows if row.name == table.largest.input]
    assert f"{' and '.join(table.largest.columns)} differ" in row.note


@pytest.mark.parametrize("mode", ["jvp", "path_sum", "hvp"])
def test_a_mode_that_is_off_by_rounding_agrees_and_is_measured(off, mode):
    f, xs = example()
    off(mode, 1 + 2e-14)
    table = agreement(f, xs)
    assert table
    exact = [d for row in table.rows for d in row.disagreements if "difference" not in d.columns]
    assert 1e-15 < max(d.relative for d in exact) < 1e-13


@pytest.mark.parametrize("mode", ["jvp", "path_sum", "hvp"])
@pytest.mark.parametrize("factor", [math.nan, math.inf])
def test_a_mode_that_alone_is_not_finite_differs_infinitely(off, mode, factor):
    f, xs = example()
    off(mode, factor)
    table = agreement(f, xs)
    assert not table
    assert table.largest.relative == math.inf


def test_terms_that_cancel_are_no_alarm():
    rng, x = random.Random(0), Value(1.0, "x")
    factors = [rng.uniform(-1e9, 1e9) for _ in range(200)]
    factors += [-factor * (1 + 1e-16) for factor in factors]
    rng.shuffle(factors)
    f = dot(factors, [x] * 400)
    table = agreement(f, x)
    (row,) = table.rows
    assert abs(row.reverse - row.path_sum) > 1e-9  # far more than 1e-12 of either, which are next to 0
    assert row.agrees, table
    assert next(d for d in row.disagreements if d.columns == ("reverse", "path sum")).relative < 1e-15


def test_the_largest_disagreement_counts_those_first_that_may_not_be(off):
    f, xs = example()
    off("jvp", 1 + 5e-12)
    table = agreement(f, xs)
    allowed = max(d.relative for row in table.rows for d in row.disagreements if d.allowed)
    assert allowed > table.largest.relative
    assert "forward" in table.largest.columns


def test_where_a_difference_is_the_largest_the_exact_modes_have_a_line_of_their_own():
    f, xs = example()
    table = agreement(f, xs)
    assert table.largest.columns == ("reverse", "difference")
    *_, line, last = repr(table).splitlines()
    assert line.startswith("Largest disagreement without differences: ")
    assert last.startswith("All columns agree. Largest disagreement, relative: ")
    assert last.endswith(f" between reverse and difference for {table.largest.input}.")


# --- paths


def test_too_many_paths_are_counted_and_not_walked():
    x = f = Value(1.0, "x")
    for _ in range(300):
        f = 0.5 * f + 0.5 * f
    table = agreement(f, x)
    (row,) = table.rows
    assert row.path_sum is None
    assert row.note == "too many paths to walk (about 10^90)"
    assert repr(table).splitlines()[1].split()[:5] == ["x", "1", "1", "1", "—"]
    assert table


@pytest.mark.parametrize(("doublings", "walked"), [(13, True), (14, False)])
def test_up_to_ten_thousand_paths_are_walked(doublings, walked):
    x = f = Value(1.0, "x")
    for _ in range(doublings):
        f = f + f
    (row,) = agreement(f, x).rows
    assert row.path_sum == (2.0**doublings if walked else None)


def test_few_paths_that_are_very_long_are_not_walked():
    x, end = chain(1001)
    table = agreement(dot([end] * 1000, [1.0] * 1000), x)
    (row,) = table.rows
    assert row.path_sum is None
    assert row.note == "paths too long to walk (1 000 of 1 002 000 steps together)"


def test_paths_of_infinite_slopes_against_each_other_have_no_sum():
    x = Value(0.0, "x")
    (row,) = agreement(sqrt(x) - sqrt(x), x).rows
    assert math.isnan(row.path_sum)
    assert math.isnan(row.reverse)
    assert not row.agrees  # the difference is 0


# --- kinks, edges, and what has no answer


@pytest.mark.parametrize(
    ("function", "sides"), [(relu, "0 … 1"), (abs, "-1 … 1"), (lambda x: maximum(2 * x, x), "1 … 2")]
)
def test_on_a_kink_the_difference_gives_both_sides_and_agrees_with_a_slope_between(function, sides):
    x = Value(0.0, "x")
    table = agreement(function(x) + x * x, x)
    (row,) = table.rows
    assert table, table
    assert sides in repr(table)
    assert row.note.startswith("kink of ")


def test_an_infinite_slope_agrees_and_has_no_second_derivative():
    x = Value(0.0, "x")
    table = agreement(3.0 * sqrt(x), [x])
    (row,) = table.rows
    assert row.reverse == row.forward == row.path_sum == math.inf
    assert row.reverse_twice is row.forward_over_reverse is None
    assert repr(table).splitlines()[1].count("none here") == 2
    assert "infinite; a difference cannot confirm it" in row.note
    assert row.note.count("the derivative of this sqrt has no derivative of its own here: ") == 1
    assert table


def test_a_mode_that_has_no_answer_leaves_the_others_theirs():
    x = Value(0.0, "x")
    (row,) = agreement(x**1.5, [x]).rows
    assert row.forward_over_reverse is None
    assert row.reverse_twice == math.inf
    assert "the derivative of this pow has no derivative of its own here: " in row.note
    assert row.agrees


def test_where_the_logarithm_of_the_base_does_not_exist_there_is_no_second_derivative_by_the_exponent():
    y = Value(2.0, "y")
    (row,) = agreement(0.0**y, [y]).rows
    assert row.reverse_twice is row.forward_over_reverse is None
    assert "the derivative of this pow has no derivative of its own here: " in row.note


def test_what_is_nan_in_every_mode_agrees_and_says_why_there_is_no_difference():
    x, y = Value(math.nan, "x"), Value(2.0, "y")
    table = agreement(x * x * y, [x, y])
    for row in table.rows:
        assert math.isnan(row.reverse) and math.isnan(row.forward) and math.isnan(row.path_sum)
        assert row.note.startswith("no difference: the ")
    assert table, table


def test_a_derivative_that_is_no_number_agrees_where_there_is_no_difference_either():
    n = Value(3.0, "n")
    (row,) = agreement(Value(-2.0, "x") ** n, n).rows
    assert math.isnan(row.reverse) and math.isnan(row.forward) and math.isnan(row.difference)
    assert row.agrees


def test_beside_an_edge_of_the_domain_the_difference_is_one_sided():
    x = Value(0.0, "x")
    (row,) = agreement(x**2.5 + x, x).rows
    assert "one-sided from above" in row.note
    assert row.agrees


# --- which inputs


def test_inputs_may_be_nested_and_are_one_row_each_in_their_order():
    f, (x, y) = example()
    for xs, names in [
        (x, "x"),
        ([[y], [x, []]], "yx"),
        (iter([x, y]), "xy"),
        (np.array([[y, x]]), "yx"),
        ([x, x], "xx"),
    ]:
        assert [row.name for row in agreement(f, xs).rows] == list(names)


def test_a_computed_input_is_varied_alone():
    x = Value(3.0, "x")
    h = x * x
    f = h * h + x
    by_h, by_x = agreement(f, [h, x]).rows
    assert by_h.name == "v1"
    assert (by_h.value, by_h.reverse, by_h.reverse_twice) == (9.0, 18.0, 2.0)
    assert by_h.difference == pytest.approx(18.0, rel=1e-9)
    assert by_x.difference == pytest.approx(4 * 27.0 + 1.0, rel=1e-9)
    assert by_h.agrees and by_x.agrees


def test_f_by_itself_and_by_what_it_does_not_depend_on():
    f, _ = example()
    table = agreement(f, [f, Value(5.0, "stranger")])
    own, stranger = table.rows
    assert (own.reverse, own.forward, own.path_sum, own.reverse_twice, own.forward_over_reverse) == (1, 1, 1, 0, 0)
    assert own.difference == pytest.approx(1.0, rel=1e-9)
    assert stranger.name == "stranger"
    assert (stranger.reverse, stranger.forward, stranger.path_sum, stranger.difference) == (0, 0, 0, 0)
    assert (stranger.reverse_twice, stranger.forward_over_reverse) == (0, 0)
    assert table


def test_a_leaf_by_itself_has_slope_one():
    x = Value(2.0, "x")
    (row,) = agreement(x, x).rows
    assert (row.reverse, row.forward, row.path_sum, row.forward_over_reverse) == (1.0, 1.0, 1.0, 0.0)


def test_of_many_inputs_the_thirty_that_differ_most_are_printed():
    cube = Op("cube", lambda x: x * x * x, (lambda x, out: 2 * x * x,), "x³, with a wrong derivative")
    xs = [Value(1.0 + i / 10, f"x{i}") for i in range(40)]
    f = sum(cube(x) if i == 37 else x * x for i, x in enumerate(xs))
    table = agreement(f, xs)
    assert len(table.rows) == 40
    lines = repr(table).splitlines()
    names = [line.split()[0] for line in lines[1:31]]
    assert "x37" in names
    assert names == sorted(names, key=lambda name: int(name[1:]))
    assert lines[31] == "… and 10 more that agree no worse; all are in .rows"
    assert len(lines) == 33 + lines[-2].startswith("Largest disagreement without")


# --- what may not be asked, and what is left alone


@pytest.mark.parametrize("xs", [[], [[], ()]], ids=repr)
def test_no_inputs_are_refused(xs):
    f, _ = example()
    with pytest.raises(ValueError, match=r"^xs is empty; give at least one Value") as raised:
        agreement(f, xs)
    one_line(raised)


@pytest.mark.parametrize("f", [3.0, None, "x", [Value(1.0)]], ids=repr)
def test_f_must_be_a_value(f):
    with pytest.raises(TypeError, match="expected a Value as f, got "):
        agreement(f, [Value(1.0)])


@pytest.mark.parametrize("xs", [3.0, None, "x", [1.0]], ids=repr)
def test_inputs_must_be_values(xs):
    with pytest.raises(TypeError, match="expected a Value or a sequence of Values to differentiate by, got "):
        agreement(Value(1.0), xs)


@pytest.mark.parametrize(
    ("function", "then", "now"),
    [
        (lambda x: x * x * x, 3.0, 2.0),
        (lambda x: x * x, 3.0, -3.0),
        (log, 2.0, -1.0),
        (lambda x: 1.0 / x, 2.0, 0.0),
    ],
    ids=["the result", "the local derivative alone", "out of the domain", "to a division by zero"],
)
def test_data_that_was_changed_is_an_error(function, then, now):
    x = Value(then, "x")
    f = function(x) + 1.0
    x.data = now
    with pytest.raises(ValueError, match=r"^data changed after .*compute f again") as raised:
        agreement(f, x)
    one_line(raised)


def test_data_and_grad_stay_as_they_are():
    leaves, nodes = untidy(2, 20)
    f = sum(nodes)
    order = topological_order(f)
    for i, node in enumerate(order):
        node.grad = i
    before = [node.data for node in order]
    agreement(f, leaves)
    assert [node.grad for node in order] == list(range(len(order)))
    assert [node.data for node in order] == before


def test_within_no_grad_it_says_the_same():
    f, xs = example()
    outside = repr(agreement(f, xs))
    with no_grad():
        assert repr(agreement(f, xs)) == outside
        assert (xs[0] * 2).op is None  # and no_grad is on again


def test_asked_twice_it_says_the_same():
    _, nodes = untidy(3, 20)
    f = sum(nodes)
    assert repr(agreement(f, nodes)) == repr(agreement(f, nodes))


def test_through_a_checkpoint_all_columns_agree_and_say_what_they_say_without_it():
    def inner(a, b):
        return [(a * b + w).tanh() * a, sin(b * w)]

    w, x, y = Value(0.3, "w"), Value(0.6, "x"), Value(-1.2, "y")

    def loss(run):
        first, second = run(inner, x, y)
        (third, fourth) = run(inner, first, second)
        return third * third + fourth * first

    kept = agreement(loss(lambda function, *inputs: function(*inputs)), [w, x, y])
    folded = agreement(loss(checkpoint), [w, x, y])
    assert kept and folded, folded
    for a, b in zip(kept.rows, folded.rows, strict=True):
        for column in ("reverse", "forward", "path_sum", "reverse_twice", "forward_over_reverse"):
            assert getattr(b, column) == pytest.approx(getattr(a, column), rel=1e-12)
        assert b.difference == pytest.approx(a.difference, rel=1e-8)


def test_a_graph_of_twenty_thousand_nodes_is_no_deeper_than_it_can_go():
    x, end = chain(20_000)
    table = agreement(end * end, x)
    (row,) = table.rows
    assert row.reverse == row.forward == row.path_sum == 40_002.0
    assert row.reverse_twice == row.forward_over_reverse == 2.0
    assert table, table
