"""Exercises: endless, the same for the same seed, of their level, and with numbers that suit pen and paper."""

import functools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import one_line

from autograd import Value, count_paths, gradient
from autograd.expression import evaluate
from autograd.graph import topological_order
from autograd.practice.exercise import exercise

LEVELS = [1, 2, 3, 4, 5]
SEEDS = range(40)
PLACES = {"exp": (0, 1), "log": (1,), "sqrt": (1, 4, 9), "sin": (0,), "cos": (0,), "tanh": (0,), "sigmoid": (0,)}

made = functools.cache(exercise)
any_exercise = st.builds(exercise, st.sampled_from(LEVELS), st.integers(-(10**9), 10**9))


def simple(x):
    """Whether x is a small number of 48ths, or that and a few halves of e."""
    return any(
        abs(x - k * math.e / 2) <= 60 and abs((x - k * math.e / 2) * 48 - round((x - k * math.e / 2) * 48)) < 1e-7
        for k in range(-24, 25)
    )


def ops(f):
    return [node for node in topological_order(f) if node.op is not None]


@given(any_exercise)
@settings(max_examples=40, deadline=None)
def test_its_text_reads_back_to_the_same_number(found):
    assert evaluate(found.text, found.point) == found.f.data


@given(any_exercise)
@settings(max_examples=40, deadline=None)
def test_its_text_has_the_same_derivatives(found):
    leaves = {name: Value(number, name) for name, number in found.point.items()}
    again = gradient(evaluate(found.text, leaves), list(leaves.values()))
    assert again == pytest.approx(gradient(found.f, found.xs), rel=1e-12, abs=1e-12)


@given(st.sampled_from(LEVELS), st.integers())
@settings(max_examples=40, deadline=None)
def test_the_same_seed_gives_the_same_exercise(level, seed):
    assert repr(exercise(level, seed)) == repr(exercise(level, seed))


@given(st.sampled_from(LEVELS), st.integers())
@settings(max_examples=40, deadline=None)
def test_neighbouring_seeds_give_different_expressions(level, seed):
    assert exercise(level, seed).text != exercise(level, seed + 1).text


@pytest.mark.parametrize("level", LEVELS)
def test_there_is_no_end_to_them(level):
    assert len({made(level, seed).text for seed in SEEDS}) > 25


@given(any_exercise)
@settings(max_examples=40, deadline=None)
def test_every_number_on_the_way_is_friendly(found):
    for node in ops(found.f):
        assert simple(node.data), node
        assert all(simple(d) for d in node.local_derivatives if d is not None), node
    assert all(abs(x.data) <= 4 and (2 * x.data).is_integer() and x.data for x in found.xs)
    assert all(math.isfinite(d) and simple(d) for d in gradient(found.f, found.xs))


@given(any_exercise)
@settings(max_examples=40, deadline=None)
def test_functions_are_taken_where_they_are_known(found):
    for node in ops(found.f):
        if node.op.name in PLACES:
            assert node.inputs[0].data in PLACES[node.op.name]


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_no_derivative_is_zero_below_networks(level):
    assert all(0.0 not in gradient(found.f, found.xs) for found in (made(level, seed) for seed in SEEDS))


def test_few_derivatives_of_networks_are_zero():
    found = [d for seed in SEEDS for d in (lambda e: gradient(e.f, e.xs))(made(5, seed))]
    assert 0 < found.count(0.0) < 0.15 * len(found)


def test_level_1_is_a_chain_of_two_or_three_ops():
    for seed in SEEDS:
        found = made(1, seed)
        assert len(found.xs) == 1 and 2 <= len(ops(found.f)) <= 3 and count_paths(found.f, found.xs[0]) == 1


def test_level_2_has_sums_and_products_with_one_variable_used_twice():
    for seed in SEEDS:
        found = made(2, seed)
        assert {node.op.name for node in ops(found.f)} <= {"add", "sub", "mul"}
        assert sorted(count_paths(found.f, x) for x in found.xs)[-2:] == [1, 2]


def test_level_3_has_functions_and_a_variable_on_several_paths():
    for seed in SEEDS:
        found = made(3, seed)
        assert {node.op.name for node in ops(found.f)} & set(PLACES)
        assert max(count_paths(found.f, x) for x in found.xs) > 1
        assert sum(count_paths(found.f, x) for x in found.xs) <= 8


def test_level_4_has_an_inner_node_that_is_used_more_than_once():
    for seed in SEEDS:
        inner = ops(made(4, seed).f)
        assert any(sum(node.inputs.count(u) for node in inner) > 1 for u in inner)


def test_level_5_is_a_network():
    for seed in SEEDS:
        found = made(5, seed)
        assert {node.op.name for node in ops(found.f)} & {"relu", "tanh", "sigmoid"}
        assert 4 <= len(found.xs) <= 8


@pytest.mark.parametrize("level", LEVELS)
def test_nodes_have_the_names_of_the_definitions(level):
    for seed in range(20):
        found = made(level, seed)
        assert found.definitions[-1][0] == found.f.name == "f"
        assert [x.name for x in found.xs] == list(found.point)
        named = {node.name for node in ops(found.f)} - {None}
        assert named == {name for name, _ in found.definitions}, "a definition is not used"


def test_no_two_leaves_of_a_product_are_alike_so_that_a_swap_shows():
    for level in LEVELS:
        for seed in range(30):
            for node in ops(made(level, seed).f):
                if node.op.name == "mul" and node.inputs[0] is not node.inputs[1]:
                    assert abs(float(node.inputs[0])) != abs(float(node.inputs[1]))


def test_it_prints_as_the_question():
    assert repr(exercise(4, 3)) == (
        "exercise(4, 3): u = x + y, v = u + z, f = u*v + sigmoid(y - 1) at x = 3, y = 1, z = -1. "
        "Find ∂f/∂x, ∂f/∂y, ∂f/∂z."
    )


def test_latex_has_the_expression_in_one_piece_and_notebooks_the_definitions():
    found = exercise(4, 3)
    assert found.latex == (r"\left(x + y\right) \cdot \left(x + y + z\right) + \sigma\left(y - 1\right)")
    assert found._repr_markdown_().startswith(r"$u = x + y$, $v = u + z$, $f = u \cdot v + \sigma")


def test_without_a_seed_one_is_drawn_and_kept():
    random.seed(5)
    found = exercise(2)
    assert repr(exercise(2, found.seed)) == repr(found)


def test_level_1_is_the_default():
    assert exercise(seed=4).level == 1


@pytest.mark.parametrize("level", [0, 6, -1, 10**20])
def test_an_unknown_level_is_refused(level):
    with pytest.raises(ValueError, match=f"there is no level {level}; the levels are 1 to 5") as raised:
        exercise(level, 0)
    one_line(raised)


@pytest.mark.parametrize("level", [1.5, "1", None, True])
def test_a_level_that_is_no_whole_number_is_refused(level):
    with pytest.raises(TypeError, match="a level is a whole number from 1 to 5, got ") as raised:
        exercise(level, 0)
    one_line(raised)


@pytest.mark.parametrize("seed", [1.5, "1", [1]])
def test_a_seed_that_is_no_whole_number_is_refused(seed):
    with pytest.raises(TypeError, match="a seed is a whole number, got ") as raised:
        exercise(1, seed)
    one_line(raised)
