"""Each way in which a derivative can be 0, ∞ or NaN is told from the others, with the edges that decide it."""

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import chain, one_line, untidy

from autograd import Value, checkpoint, cos, dot, gradient, less, logsumexp, maximum, no_grad, sign, step, where
from autograd.edges import Reasons, saturated
from autograd.explain import explain_gradient
from autograd.labels import labels
from autograd.op import TABLE, Op
from nn import MLP


def found(why):
    """The culprits, as the labels of their two ends would be: by name of the input and of the op."""
    return [(edge.input.name, edge.node.op.name, edge.index) for edge in why.edges]


def connected(f, x, edges):
    """Whether a path leads from x to f without `edges`: a plain search, down from f."""
    gone = {(edge.node, edge.index) for edge in edges}
    stack, seen = [f], {f}
    while stack:
        node = stack.pop()
        if node is x:
            return True
        for i, below in enumerate(node.inputs):
            if isinstance(below, Value) and below not in seen and (node, i) not in gone:
                seen.add(below)
                stack.append(below)
    return False


# no path


def test_a_leaf_has_no_graph():
    f = Value(3.0, "f")
    why = explain_gradient(f, Value(2.0, "x"))
    assert (why.derivative, why.kind, why.edges) == (0.0, "no path", [])
    assert "f is a leaf" in repr(why)
    assert "nothing was recorded" in repr(why)


def test_what_is_computed_within_no_grad_is_a_leaf():
    x = Value(2.0, "x")
    with no_grad():
        f = x * x
    assert "no_grad()" in repr(explain_gradient(f, x))


def test_a_value_by_itself_has_derivative_1():
    x = Value(2.0, "x")
    assert repr(explain_gradient(x, x)) == "∂x/∂x = 1: the derivative of a Value by itself"


def test_an_x_that_f_never_used_has_no_path():
    f = Value(1.0, "a") * Value(2.0, "b")
    why = explain_gradient(f, Value(3.0, "x"))
    assert why.kind == "no path" and why.derivative == gradient(f, Value(3.0)) == 0.0
    assert "not part of the graph of v1, whose leaves are a, b" in repr(why)
    assert "look for .data" in repr(why)


def test_an_unnamed_x_is_not_taken_for_another_named_x():
    assert "from unnamed x to v1" in explain_gradient(Value(1.0, "x") * 3, Value(1.0)).finding


def test_a_value_made_twice_is_noticed_by_its_name():
    why = explain_gradient(Value(2.0, "x") * 3, Value(2.0, "x"))
    assert "another Value named x is part of the graph: was x made twice?" in repr(why)


def test_f_and_x_the_wrong_way_round_are_noticed():
    f = Value(2.0, "x") * 3
    later = f * 2
    later.name = "later"
    assert "the other way round there is one: later was computed from v1" in repr(explain_gradient(f, later))


def test_an_x_computed_from_what_f_uses_is_told_from_a_foreign_one():
    a = Value(2.0, "a")
    b = 3 * a
    b.name = "b"
    assert "b was itself computed from a, but v1 was not computed from b" in repr(explain_gradient(a * a, b))


# zero: a factor 0


SLOPE, STEP = "the local derivative out * (1.0 - out)", "the local derivative step(x)"
ZEROS = {
    "dead relu": (lambda x, y: x.relu() * 3, -0.3, f"dead ReLU: its input is -0.3, where {STEP} is 0"),
    "relu at 0": (lambda x, y: x.relu() * 3, 0.0, "dead ReLU: its input is 0"),
    "abs at 0": (lambda x, y: abs(x) * 3, 0.0, "abs at its kink: its input is 0"),
    "sigmoid": (lambda x, y: x.sigmoid() * 3, 40.0, f"saturated sigmoid: its input is 40, where {SLOPE} is 0"),
    "tanh": (lambda x, y: x.tanh() * 3, -40.0, "saturated tanh: its input is -40"),
    "exp": (lambda x, y: x.exp() * 3, -800.0, "saturated exp: its input is -800"),
    "softplus": (lambda x, y: x.softplus() * 3, -800.0, "saturated softplus"),
    "erf": (lambda x, y: x.erf() * 3, 40.0, "saturated erf"),
    "atan": (lambda x, y: x.atan() * 3, 1e200, "saturated atan"),
    "cos": (lambda x, y: cos(x) * 3, 0.0, "cos is flat there: its input is 0, where the local derivative -sin(x) is 0"),
    "cosh": (lambda x, y: x.cosh() * 3, 0.0, "cosh is flat there"),
    "log of infinity": (lambda x, y: x.log() * 3, math.inf, "log is flat there"),
    "step": (lambda x, y: step(x) * 3, 2.0, "step's derivative is 0 everywhere"),
    "sign": (lambda x, y: sign(x) * 3, 2.0, "sign's derivative is 0 everywhere"),
    "less": (lambda x, y: less(x, y) * 3, 2.0, "less's derivative is 0 everywhere"),
    "factor": (lambda x, y: x * y, 2.0, "its factor y = 0"),
    "factor before": (lambda x, y: y * x, 2.0, "its factor y = 0"),
    "constant factor": (lambda x, y: x * 0, 2.0, "its factor is 0"),
    "factor in a dot": (lambda x, y: dot([x, 3.0], [y, 4.0], 1.0), 2.0, "its factor y = 0"),
    "factor in a dot, from the right": (lambda x, y: dot([y, 3.0], [x, 4.0]), 2.0, "its factor y = 0"),
    "maximum": (lambda x, y: maximum(x, y), -2.0, "max takes the other input, y = 0"),
    "minimum": (lambda x, y: x.minimum(-5), -2.0, "min takes the other input, -5"),
    "where": (lambda x, y: where(y, x, 5.0), 2.0, "where takes the other input, 5"),
    "where, of inputs that are alike": (lambda x, y: where(y, x, 0.0), 2.0, "where takes the other input, 0"),
    "where by a condition": (lambda x, y: where(x, 3.0, y), 2.0, "where's derivative is 0 everywhere"),
    "where nan": (lambda x, y: where(y, x, math.nan), 2.0, "by a, where(condition, 1.0, 0.0), is 0 at condition = 0"),
    "a tie": (lambda x, y: maximum(y, x), 0.0, "max at its kink, x = 0, y = 0: the larger of x and y; at a tie"),
    "power": (lambda x, y: x**2, 0.0, "derivative by x, y * pow(x, (y - 1.0)), is 0 at x = 0, y = 2"),
    "exponent": (lambda x, y: 1.0**x, 2.0, "derivative by y, out * log(x), is 0 at x = 1, y = 2, out = 1"),
    "quotient": (lambda x, y: y / x, 2.0, "derivative by y, (-out) / y, is 0 at x = 0, y = 2, out = 0"),
    "softmax": (lambda x, y: logsumexp(y, x), -800.0, "derivative by x[1], exp((x[1] - out)), is 0 at x[1] = -800"),
}  # fmt: skip


@pytest.mark.parametrize("case", ZEROS)
def test_a_factor_0_is_explained_from_its_row(case):
    make, at, reason = ZEROS[case]
    x, y = Value(at, "x"), Value(0.0, "y")
    why = explain_gradient(make(x, y), x)
    assert (why.kind, why.derivative) == ("zero", 0.0)
    assert "the only path" in why.finding
    (edge,) = why.edges
    assert edge.input is x and edge.local == 0.0 and edge.node.local_derivatives[edge.index] == 0.0
    assert reason in edge.reason
    assert edge.reason in repr(why)


def test_only_the_zeros_that_keep_x_from_f_are_named():
    x, y = Value(2.0, "x"), Value(0.0, "y")
    inner = x.relu() * 3  # alive
    f = inner * y + y.relu() * 4 + y * 0  # one zero on x's way, others elsewhere
    assert [(edge.input, edge.cause) for edge in explain_gradient(f, x).edges] == [(inner, "a factor")]


def test_one_zero_among_paths_that_live_is_no_culprit():
    x = Value(2.0, "x")
    assert explain_gradient(x * 0 + x, x).kind == "finite"


def test_of_zeros_in_a_row_the_last_is_named():
    x = Value(-1.0, "x")
    dead = x.relu()
    why = explain_gradient(dead * 0 + 1, x)
    assert [edge.input for edge in why.edges] == [dead]
    assert "before 1 of these there is another 0 on every path" in repr(why)


def test_a_zero_that_decides_alone_comes_before_those_in_a_row():
    x = Value(-1.0, "x")
    f = (x.relu() * 0) + x * 0
    why = explain_gradient(f, x)
    assert [edge.input.op and edge.input.op.name for edge in why.edges] == [None, "relu"]


def test_a_zero_further_on_a_path_that_is_cut_already_is_not_named():
    x = Value(-1.0, "x")
    dead = x.relu()
    f = dead + dead * 0  # the second zero lies behind the first, and f feels `dead` all the same
    assert found(explain_gradient(f, x)) == [("x", "relu", 0)]


def test_two_edges_of_one_node_are_both_named():
    x = Value(0.0, "x")
    assert found(explain_gradient(x * x, x)) == [("x", "mul", 0), ("x", "mul", 1)]


def test_a_long_list_is_cut_and_counted_by_cause():
    model = MLP(2, [3, 1], rng=1)
    for neuron in model.layers[0].neurons:
        neuron.b.data = -100.0
    rng = random.Random(0)
    loss = sum([(model([rng.random(), rng.random()]) - 1) ** 2 for _ in range(100)], Value(0.0)) / 100
    why = explain_gradient(loss, model.layers[0].neurons[0].w[0])
    assert len(why.edges) == 100 and {edge.cause for edge in why.edges} == {"dead ReLU"}
    assert "each of the 100 paths" in why.finding
    lines = repr(why).splitlines()
    assert len(lines) == 6 and lines[-1] == "  … and 96 more (dead ReLU)"


def test_long_formulas_are_cut():
    x, zero = Value(1.0, "x"), Value(0.0, "zero")
    why = explain_gradient(dot([x] * 50, [zero] * 50), x)
    assert len(why.edges) == 50
    assert max(map(len, repr(why).splitlines())) < 120


# zero without a factor 0


def test_contributions_that_cancel_are_shown():
    x = Value(2.0, "x")
    why = explain_gradient(x - x, x)
    assert (why.kind, why.derivative) == ("zero", 0.0)
    assert "contributions cancel at x (2 paths from x to v1)" in why.finding
    assert "the largest +: x → v1: 1" in repr(why) and "the largest −: x → v1: -1" in repr(why)
    assert found(why) == [("x", "sub", 0), ("x", "sub", 1)]
    assert [edge.reason.split(" to ")[0] for edge in why.edges] == ["contributes 1", "contributes -1"]


def test_the_node_where_contributions_cancel_is_named():
    x = Value(2.0, "x")
    inner = x.sin()
    f = 2 * inner - inner - inner + x * 0
    why = explain_gradient(f, x)
    assert "cancel at v1" in why.finding
    assert {edge.input for edge in why.edges} == {inner}


def test_cancelling_by_rounding_alone_is_told():
    x = Value(1.0, "x")
    why = explain_gradient((x * 1e16 + x) - x * 1e16, x)
    assert why.derivative == 0.0
    assert "at x they would not cancel without rounding" in repr(why)
    assert "rounding" not in repr(explain_gradient(x - x, x))


def test_an_underflow_names_the_smallest_factors_of_the_largest_path():
    x = Value(1.0, "x")
    small = x * 1e-200
    f = (small * 1e-190) * 3.0 + x * 1e-300 * 1e-300
    why = explain_gradient(f, x)
    assert (why.kind, why.derivative) == ("zero", 0.0)
    assert "below 5e-324" in why.finding
    assert [edge.local for edge in why.edges] == [1e-200, 1e-190]
    assert "its factor is 1e-200" in repr(why)


def test_a_deep_chain_of_sigmoids_underflows():
    x = out = Value(0.5, "x")
    for _ in range(1000):
        out = out.sigmoid()
    why = explain_gradient(out, x)
    assert why.kind == "zero" and {edge.cause for edge in why.edges} == {"sigmoid"}
    assert "more (sigmoid)" in repr(why)


def test_underflow_and_cancelling_at_once_name_each_edge_once():
    x = Value(1.0, "x")
    b = x * 1e-170
    a = b + x
    f = a * 1e-170 + a * -1e-170 + b * 1e-200
    why = explain_gradient(f, x)
    assert "5e-324" in why.finding and "cancel" in why.finding
    edges = [(edge.node, edge.index) for edge in why.edges]
    assert len(edges) == len(set(edges)) == 3


# infinite


def test_an_infinite_slope_is_named():
    x = Value(0.0, "x")
    why = explain_gradient(x.sqrt() * 2, x)
    assert (why.kind, why.derivative) == ("infinite", math.inf)
    assert found(why) == [("x", "sqrt", 0)]
    assert "sqrt at 0 has infinite slope" in repr(why)


def test_an_overflow_of_a_product_names_the_largest_factors():
    x = Value(1e-300, "x")
    f = x * 1e200 * 2.0 * 1e150
    why = explain_gradient(f, x)
    assert why.kind == "infinite" and "a product of local derivatives goes beyond 1.8e308" in why.finding
    assert sorted(edge.local for edge in why.edges) == [1e150, 1e200]


def test_an_overflow_beside_an_infinite_slope_is_named_too():
    x = Value(0.0, "x")
    why = explain_gradient(x.sqrt() + x * 1e200 * 1e200, x)
    assert sorted(edge.local for edge in why.edges) == [1e200, 1e200, math.inf]


def test_an_overflow_of_a_sum_is_no_overflow_of_a_product():
    x = Value(1e-10, "x")
    why = explain_gradient(x * 1e308 + x * 1e308, x)
    assert why.kind == "infinite" and "the sum at x goes beyond 1.8e308" in why.finding
    assert "product" not in why.finding
    assert [edge.reason for edge in why.edges] == ["contributes 1e+308 to the adjoint of x"] * 2


def test_where_a_number_became_infinite_on_the_way_is_named():
    x, y = Value(2.0, "x"), Value(1e308, "y")
    why = explain_gradient(x * (y * 10), x)
    assert why.kind == "infinite" and "its factor v1 = inf" in repr(why)
    assert "v1 = y * 10 is inf, computed from finite numbers" in repr(why)


def test_a_zero_that_an_infinite_number_made_is_traced_to_it():
    x = Value(math.inf, "x")
    why = explain_gradient(x.tanh(), x)
    assert why.kind == "zero" and "x = inf came in with the data, first met in v1 = tanh(x)" in repr(why)


# NaN


def test_zero_times_infinity_names_both_edges():
    x = Value(0.0, "x")
    why = explain_gradient(x.sqrt() * 0, x)
    assert why.kind == "NaN" and math.isnan(why.derivative) and "0 · ∞" in why.finding
    assert [(edge.node.op.name, edge.local) for edge in why.edges] == [("sqrt", math.inf), ("mul", 0.0)]


def test_a_zero_below_an_infinite_slope_meets_it_too():
    x = Value(3.0, "x")
    why = explain_gradient((x * 0).sqrt(), x)
    assert why.kind == "NaN" and "0 · ∞" in why.finding
    assert [(edge.node.op.name, edge.local) for edge in why.edges] == [("sqrt", math.inf), ("mul", 0.0)]


def test_the_zero_may_lie_far_from_the_infinity():
    x, y = Value(0.0, "x"), Value(-1.0, "y")
    f = ((x.sqrt() + y) * 3).relu() * 2
    why = explain_gradient(f, x)
    assert why.kind == "NaN"
    assert [edge.cause for edge in why.edges] == ["sqrt is steep", "dead ReLU"]


def test_a_zero_by_cancelling_meets_an_infinity_too():
    x = Value(0.0, "x")
    root = x.sqrt()
    why = explain_gradient(root - root, x)
    assert why.kind == "NaN" and "0 · ∞" in why.finding and "there contributions cancel at v1" in why.finding


def test_infinity_minus_infinity_is_told():
    x = Value(0.0, "x")
    why = explain_gradient(x.sqrt() - x.sqrt(), x)
    assert why.kind == "NaN" and "∞ − ∞ at x" in why.finding
    assert "x receives inf through v1, -inf through v2" in repr(why)
    assert [edge.cause for edge in why.edges] == ["sqrt is steep"] * 2


def test_a_local_derivative_that_does_not_exist_is_named():
    p = Value(2.0, "p")
    why = explain_gradient(Value(-2.0, "b") ** p, p)
    assert why.kind == "NaN" and "out * log(x), is nan at x = -2, y = 2" in repr(why)
    assert "came in" not in repr(why)


def test_a_nan_in_the_data_is_traced_to_its_leaf():
    x, bad = Value(2.0, "x"), Value(math.nan, "bad")
    inner = bad + 1
    why = explain_gradient((x * inner).sin(), x)
    assert why.kind == "NaN"
    assert "bad = nan came in with the data, first met in v1 = bad + 1" in repr(why)
    assert "v3 itself is nan" in repr(why)


def test_the_node_that_meets_a_nan_first_is_named():
    x, bad = Value(2.0, "x"), Value(math.nan, "bad")
    assert "first met in v1 = bad + 1" in repr(explain_gradient(x * ((bad + 1) + bad), x))
    assert "first met in v1 = x * bad" in repr(explain_gradient(x * bad + x * bad, x))


@pytest.mark.parametrize("below", [lambda x: x * 0, lambda x: x.sqrt()])
def test_what_a_nan_meets_on_its_way_is_no_culprit(below):
    x = Value(0.0, "x")
    why = explain_gradient(below(x) * math.nan, x)
    assert [edge.cause for edge in why.edges] == ["a factor"] and math.isnan(why.edges[0].local)
    assert why.finding.endswith("= nan: a local derivative is NaN")


def test_an_infinity_beside_a_nan_is_no_culprit():
    x = Value(0.0, "x")
    assert [edge.node.op.name for edge in explain_gradient(x.sqrt() + x * math.nan, x).edges] == ["mul"]


def test_a_constant_nan_is_traced_too():
    x = Value(2.0, "x")
    assert "the constant nan came in with the data, first met in v1 = x * nan" in repr(
        explain_gradient(x * math.nan, x)
    )


def test_many_bad_leaves_are_cut_and_counted():
    x = Value(1.0, "x")
    bad = [Value(math.nan, f"bad{i}") for i in range(50)]
    assert "… and 46 more like these" in repr(explain_gradient(dot([x] * 50, bad), x))


def test_a_nan_that_does_not_reach_the_gradient_is_mentioned():
    x = Value(2.0, "x")
    why = explain_gradient(x + math.nan, x)
    assert why.kind == "finite" and why.derivative == 1.0
    assert "v1 itself is nan" in repr(why)


# finite


def test_a_sound_gradient_is_said_to_be_one():
    x = Value(3.0, "x")
    assert (
        repr(explain_gradient(x * x + x, x)) == "∂v2/∂x = 7: finite; 3 paths from x to v2, nothing is wrong on the way"
    )


def test_a_vanishing_gradient_names_the_smallest_factors():
    x, w = Value(20.0, "x"), Value(0.5, "w")
    why = explain_gradient((w * x.sigmoid()).sin(), x)
    assert why.kind == "finite" and "vanishing" in why.finding and "saturated sigmoid" in why.finding
    assert found(why) == [("x", "sigmoid", 0)]
    assert why.edges[0].local == pytest.approx(2.06e-9, rel=1e-2)


def test_the_path_whose_factors_are_named_is_the_largest():
    x = Value(1.0, "x")
    why = explain_gradient(x * 1e-30 + x * 1e-8 + x * 1e-20, x)
    assert [edge.local for edge in why.edges] == [1e-8]


def test_the_largest_paths_of_both_signs_are_shown():
    x = Value(1.0, "x")
    lines = repr(explain_gradient(x * 3 - x * -2 - x - x * 4, x)).splitlines()
    assert [line.rpartition(":")[2] for line in lines if "largest" in line] == [" -4", " 3"]


def test_a_gradient_that_is_small_by_cancelling_is_not_called_vanishing():
    x = Value(1.0, "x")
    why = explain_gradient(x * (1 + 1e-9) - x, x)
    assert "all but cancel" in why.finding and "vanishing" not in why.finding
    assert "the largest +" in repr(why) and "the largest −" in repr(why)


def test_an_exploding_gradient_names_the_largest_factors():
    x = Value(1.0, "x")
    why = explain_gradient(x * 1e9 * 0.5, x)
    assert "exploding" in why.finding and [edge.local for edge in why.edges] == [1e9]


def test_a_sum_over_many_paths_is_large_without_a_culprit():
    x = out = Value(1.0, "x")
    for _ in range(40):
        out = out + out
    why = explain_gradient(out, x)
    assert "large, as a sum over 1 099 511 627 776 paths" in why.finding and why.edges == []


# what holds for all


def test_a_chain_of_100_000_nodes_is_explained():
    x, f = chain(100_000)
    why = explain_gradient(f * 0, x)
    assert [edge.input for edge in why.edges] == [f] and "v100000 * 0" in repr(why)


def test_as_many_paths_as_one_likes_are_counted_not_walked():
    x = out = Value(1e-3, "x")
    for _ in range(2000):
        out = out + out * 0.5
    assert explain_gradient(out, x).kind == "infinite"
    assert "each of the about 10^602 paths" in explain_gradient(out * 0, x).finding


def test_what_lies_inside_a_checkpoint_is_explained_too():
    x = Value(1.0, "x")
    f = checkpoint(lambda x: (x - 3).relu() * 2 + x.sin() * 0, x) * 3
    why = explain_gradient(f, x)
    assert why.kind == "zero" and [edge.cause for edge in why.edges] == ["dead ReLU", "a factor"]
    assert "c1 → c2 = relu(c1): dead ReLU: its input is -2" in repr(why)


def test_checkpoints_in_checkpoints_and_their_outputs_have_one_label():
    x = Value(2.0, "x")
    inner = checkpoint(lambda x: checkpoint(lambda y: y * 3, x) - checkpoint(lambda y: y * 3, x), x)
    why = explain_gradient(inner * 2, x)
    assert "contributions cancel at x (2 paths from x to v2)" in why.finding
    assert repr(why).count("→ v1 → v2") == 2


def test_an_output_handed_on_by_an_outer_checkpoint_has_its_label():
    x = Value(2.0, "x")
    f = checkpoint(lambda x: checkpoint(lambda y: y * 0, x), x)
    assert "x → v1 = x * 0: its factor is 0" in repr(explain_gradient(f, x))


def test_an_op_whose_partials_cannot_be_written_down_gets_a_plain_sentence():
    Op("odd", lambda x: math.floor(x), (lambda x, out: math.floor(float(x)) * 0.0,), "for numbers alone")
    x = Value(2.5, "x")
    (edge,) = explain_gradient(TABLE["odd"](x), x).edges
    assert edge.reason == "odd's local derivative by its input number 1 is 0"


def test_an_op_of_ones_own_is_told_saturated_or_flat_without_being_known():
    Op("bell", lambda x: math.exp(-x * x), (lambda x, out: -2.0 * x * out,), "a bell")
    Op("half_square", lambda x: x * x / 2, (lambda x, out: x,), "x²/2")
    x = Value(0.0, "x")
    assert [edge.cause for edge in explain_gradient(TABLE["half_square"](x), x).edges] == ["flat half_square"]
    for at, cause in (0.0, "flat bell"), (40.0, "saturated bell"):
        x = Value(at, "x")
        assert [edge.cause for edge in explain_gradient(TABLE["bell"](x), x).edges] == [cause]


def test_data_that_changed_since_does_not_lend_its_numbers_to_a_reason():
    x, y = Value(2.0, "x"), Value(0.0, "y")
    f = x * y
    y.data = 5.0
    (edge,) = explain_gradient(f, x).edges
    assert edge.reason == "the local derivative was 0 when mul was computed; data changed since"


def test_an_input_that_changed_since_is_not_shown_beside_the_old_result():
    x = Value(40.0, "x")
    f = x.sigmoid()
    x.data = 0.0
    assert "data changed since" in explain_gradient(f, x).edges[0].reason


def test_an_op_that_its_present_data_would_make_fail_is_explained_all_the_same():
    x = Value(math.inf, "x")
    f = x.log()
    x.data = -1.0
    assert "data changed since" in explain_gradient(f, x).edges[0].reason


def test_an_op_with_a_kink_that_gives_none_of_its_inputs_is_explained_by_its_formula():
    excess = Op(
        "excess",
        lambda x, y: max(x - y, 0.0),
        (lambda x, y, out: step(x - y), lambda x, y, out: -step(x - y)),
        "how far x exceeds y",
        kink=lambda x, y: x - y,
    )
    x = Value(2.0, "x")
    (edge,) = explain_gradient(excess(x, 3.0), x).edges
    assert edge.reason == "excess(x, y)'s derivative by x, step((x - y)), is 0 at x = 2, y = 3"


def test_an_edge_prints_as_what_it_is():
    x = Value(-1.0, "x")
    assert repr(explain_gradient(x.relu(), x).edges).startswith("[<edge 0 of relu: dead ReLU: its input is -1")


def test_gradients_are_left_alone():
    x = Value(0.0, "x")
    f = x.sqrt() * 0
    x.grad = 7.0
    explain_gradient(f, x)
    assert (x.grad, f.grad) == (7.0, 0.0)


def test_levelling_off_is_told_from_other_small_slopes():
    assert saturated(TABLE["sigmoid"], 20.0, 2e-9)
    assert not saturated(TABLE["sigmoid"], 1.0, 0.2)
    assert not saturated(TABLE["cos"], math.pi, -math.sin(math.pi))
    assert not saturated(TABLE["sin"], math.pi / 2, math.cos(math.pi / 2))
    assert not saturated(TABLE["log"], 1e9, 1e-9)
    assert not saturated(TABLE["asinh"], 1e9, 1e-9)


@pytest.mark.parametrize("wrong", [3.0, "x", None, [Value(1.0)]])
def test_anything_but_values_is_refused(wrong):
    with pytest.raises(TypeError, match="expected a Value as f, got") as raised:
        explain_gradient(wrong, Value(1.0))
    one_line(raised)
    with pytest.raises(TypeError, match="expected a Value as x, got"):
        explain_gradient(Value(1.0), wrong)


POINTS = [sign * size for size in (0.0, 5e-324, 0.5, 1.0, 2.0, 40.0, 800.0, 1e200) for sign in (1.0, -1.0)]


def nodes_of(op):
    """The op on every combination of the points at which it is defined, each input a Value of its own."""
    count = op.arity or 3 if op.name != "dot" else 4
    points = POINTS if count <= 2 else POINTS[::3]
    for at in itertools.product(points, repeat=count):
        try:
            yield Value.apply(op, tuple(Value(x) for x in at))
        except (ArithmeticError, ValueError):
            continue


@pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)
def test_every_row_gives_a_reason_of_one_line_wherever_its_local_derivative_is_0_infinite_or_nan(op):
    checked = 0
    for node in nodes_of(op):
        for i, (x, local) in enumerate(zip(node.inputs, node.local_derivatives, strict=True)):
            checked += 1
            why = explain_gradient(node, x)
            assert why.derivative == local or local != local
            if local == 0.0 or not math.isfinite(local):
                assert why.kind == ("zero" if local == 0.0 else "infinite" if math.isinf(local) else "NaN")
                (edge,) = why.edges
                assert (edge.node, edge.input, edge.index) == (node, x, i)
            else:
                assert why.kind == "finite"
                edge = Reasons(labels(node)).edge(node, x, local, i)
            assert edge.reason and "\n" not in edge.reason and edge.cause
            assert "data changed" not in edge.reason
            assert "input number" not in edge.reason, "the row's formula was not read"
    assert checked >= 4


def leaky(seed):
    """A random graph with zeros in it: dead relus, factors 0, maxima, whatever comes."""
    rng = random.Random(seed)
    leaves, pool = untidy(seed, nodes=rng.randrange(1, 15))
    for _ in range(rng.randrange(1, 25)):
        a, b = (rng.choice(pool[-6:]) for _ in range(2))
        pool.append(
            rng.choice(
                [
                    lambda a=a, b=b: a.relu() + b * 0.0,
                    lambda a=a, b=b: (a - 2.0).relu() + b.relu(),
                    lambda a=a, b=b: a * (b - b),
                    lambda a=a, b=b: a.maximum(b + 5.0),
                    lambda a=a, b=b: dot([a, b], [0.0, b.relu()]),
                    lambda a=a, b=b: a - b,
                ]
            )()
        )
    return leaves, pool[-1]


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_the_zeros_that_are_named_cut_every_path_and_none_is_superfluous(seed):
    leaves, f = leaky(seed)
    for x in leaves:
        why = explain_gradient(f, x)
        assert why.derivative == gradient(f, x)
        if why.kind == "zero" and "has a factor 0" in why.finding:
            assert {edge.local for edge in why.edges} == {0.0}
            assert not connected(f, x, why.edges)
            for edge in why.edges:
                assert connected(f, x, [other for other in why.edges if other is not edge])
        elif why.kind == "zero":
            assert why.edges and all(edge.local != 0.0 for edge in why.edges)
        elif why.kind == "no path":
            assert not connected(f, x, [])


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_whatever_is_infinite_or_nan_has_a_culprit(seed):
    leaves, f = leaky(seed)
    rng = random.Random(seed)
    f = rng.choice([f.relu().sqrt() * rng.choice([0.0, 1.0]) + f.sin(), f * 1e300 * 1e300 - f * 1e200 * 1e200])
    for x in leaves:
        why = explain_gradient(f, x)
        expected = gradient(f, x)
        assert why.derivative == expected or (math.isnan(expected) and why.kind == "NaN")
        if not math.isfinite(expected):
            assert why.edges, why
        for edge in why.edges:
            assert edge.node.inputs[edge.index] is edge.input
            assert edge.node.local_derivatives[edge.index] == edge.local


def test_leaky_graphs_have_zeros_of_every_kind():
    whys = [explain_gradient(f, x) for leaves, f in map(leaky, range(100)) for x in leaves]
    assert {why.kind for why in whys} == {"no path", "zero", "finite"}
    assert {"dead ReLU", "a factor", "max takes the other input", "a contribution"} <= {
        edge.cause for why in whys for edge in why.edges
    }
    assert any("before" in repr(why) for why in whys)
