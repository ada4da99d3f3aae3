"""Labels: a name for every node, no two alike, and numbers as people write them."""

import math

import pytest
from strategies import untidy

from autograd import Value, dot, logsumexp
from autograd.graph import topological_order
from autograd.labels import arrows, cut, figures, formula, labels, whole


def test_nodes_keep_their_names_and_the_rest_are_counted_in_order_of_computation():
    x, y = Value(2.0, "x"), Value(3.0)
    h = x * y
    h.name = "h"
    f = h + 1
    assert list(labels(f).items()) == [(x, "x"), (y, "v1"), (h, "h"), (f, "v2")]


def test_leaves_of_one_name_are_told_apart():
    xs = [Value(1.0, "x") for _ in range(3)]
    assert [labels(*xs)[x] for x in xs] == ["x", "x′", "x′′"]


def test_a_name_that_looks_like_a_counted_one_is_not_given_twice():
    a, b = Value(1.0, "v1"), Value(2.0, "v3")
    f = (a * b) * (a + b)
    assert sorted(labels(f).values()) == ["v1", "v2", "v3", "v4", "v5"]


def test_a_name_that_looks_like_a_primed_one_is_not_given_twice():
    nodes = [Value(1.0, name) for name in ("x", "x", "x′", "x′′", "x")]
    found = labels(*nodes)
    assert len(set(found.values())) == 5


@pytest.mark.parametrize("seed", range(5))
def test_every_node_has_a_label_of_its_own(seed):
    _, nodes = untidy(seed)
    for i, node in enumerate(nodes):
        node.name = [None, "x", "v2", "", "v1′"][i % 5]
    found = labels(*nodes[-3:])
    assert list(found) == topological_order(*nodes[-3:])
    assert len(set(found.values())) == len(found)


def test_very_many_leaves_of_one_name_have_labels_of_readable_length():
    found = labels(*[Value(1.0, "w") for _ in range(500)])
    assert len(set(found.values())) == 500
    assert max(map(len, found.values())) < 20


def test_labels_of_several_outputs_share_what_they_share():
    x = Value(1.0, "x")
    f, g = x + 1, x * 2
    assert list(labels(f, g).values()) == ["x", "v1", "v2"]


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [
        (2.0, 4, "2"),
        (-0.0, 4, "0"),
        (1 / 3, 4, "0.3333"),
        (1 / 3, 2, "0.33"),
        (-1.5, 4, "-1.5"),
        (1e-10, 4, "1e-10"),
        (123456.0, 4, "1.235e+05"),
        (math.inf, 4, "inf"),
        (-math.inf, 4, "-inf"),
        (math.nan, 4, "nan"),
    ],
)
def test_figures_are_significant_and_short(x, digits, text):
    assert figures(x, digits) == text


@pytest.mark.parametrize(
    ("compute", "text"),
    [
        (lambda x, y: x + y, "x + y"),
        (lambda x, y: x - 2, "x - 2"),
        (lambda x, y: 2 / x, "2 / x"),
        (lambda x, y: x**y, "x ** y"),
        (lambda x, y: -x, "-x"),
        (lambda x, y: abs(x), "abs(x)"),
        (lambda x, y: x.tanh(), "tanh(x)"),
        (lambda x, y: x.maximum(y), "maximum(x, y)"),
        (lambda x, y: dot([x, 3.0], [y, x], y), "x * y + 3 * x + y"),
        (lambda x, y: dot([x], [y]), "x * y"),
        (lambda x, y: logsumexp(x, y, 0.5), "logsumexp(x, y, 0.5)"),
        (lambda x, y: x, "2"),
    ],
)
def test_a_formula_is_one_step_as_code(compute, text):
    x, y = Value(2.0, "x"), Value(3.0, "y")
    out = compute(x, y)
    assert formula(out, labels(out)) == text


@pytest.mark.parametrize(
    "compute",
    [lambda y: (-3.0) ** y, lambda y: y - (-3.0), lambda y: y * -3.0, lambda y: y**-3.0],
    ids=["base", "sub", "mul", "exponent"],
)
def test_a_formula_with_a_negative_constant_computes_what_the_node_holds(compute):
    y = Value(2.0, "y")
    out = compute(y)
    assert eval(formula(out, labels(out)), {"y": 2.0}) == out.data


def test_a_name_full_of_braces_passes_through():
    x = Value(2.0, "{0}{x}")
    out = x * x
    assert formula(out, labels(out)) == "{0}{x} * {0}{x}"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1 000"),
        (10**15 - 1, "999 999 999 999 999"),
        (10**15, "about 10^15"),
        (10**20, "about 10^20"),
        (2**1000, "about 10^301"),
    ],
)
def test_a_count_is_written_out_or_rounded_to_a_power_of_ten(count, text):
    assert whole(count) == text


@pytest.mark.parametrize(("length", "text"), [(1, "0"), (3, "0-1-2"), (10, "0-1-2-3-4-5-6-7-8-9")])
def test_a_short_list_of_words_is_joined_whole(length, text):
    assert cut([str(i) for i in range(length)], "-") == text


@pytest.mark.parametrize("length", [11, 1000])
def test_a_long_list_of_words_says_how_many_it_leaves_out(length):
    text = cut([str(i) for i in range(length)], "-")
    assert text.startswith("0-1-2-3-… ")
    assert f"{length - 8} more" in text
    assert text.endswith(f"-{length - 1}")


def test_a_path_is_its_labels_with_arrows():
    x = Value(2.0, "x")
    f = x * x
    assert arrows([x, f], labels(f)) == "x → v1"
