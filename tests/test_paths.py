"""The sum over paths equals backprop; counting is exact and linear; the largest come first."""

import itertools
import math
import random

import pytest
from strategies import u1

from autograd import Value, count_paths, dot, gradient, path_sum, path_table, paths
from autograd.paths import largest_paths

STEPS = [
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: a - 0.5 * b,
    lambda a, b: a.sin(),
    lambda a, b: 2 - b,
    lambda a, b: dot([a, b, 2.0], [b, 0.5, a], a),
]


def random_graph(seed, nodes=12):
    """A graph of sums, products and sines, with repeats: small enough to enumerate."""
    rng = random.Random(seed)
    made = [Value(rng.uniform(-1.5, 1.5), f"x{i}") for i in range(3)]
    for _ in range(nodes):
        a, b = rng.choice(made[-5:]), rng.choice(made)
        made.append(rng.choice(STEPS)(a, b))
    return made[-1], made[:3]


def doublings(n):
    x = f = Value(1.0, "x")
    for _ in range(n):
        f = f + f
    return f, x


def brute_force(f, x):
    """All paths by plain recursion: an independent, exponential oracle."""
    if f is x:
        return [()]
    return [
        (*walked, factor)
        for i, factor in zip(f.inputs, f.local_derivatives, strict=True)
        if isinstance(i, Value)
        for walked in brute_force(i, x)
    ]


@pytest.mark.parametrize("seed", range(40))
def test_paths_are_those_of_plain_recursion_in_its_order(seed):
    f, leaves = random_graph(seed)
    for x in leaves:
        assert [path.factors for path in paths(f, x)] == brute_force(f, x)


@pytest.mark.parametrize("seed", range(40))
def test_the_sum_over_paths_is_what_backprop_gives(seed):
    f, leaves = random_graph(seed)
    f.backward()
    for x in leaves:
        assert path_sum(f, x) == pytest.approx(x.grad, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_the_count_is_the_number_of_paths(seed):
    f, leaves = random_graph(seed)
    assert [count_paths(f, x) for x in leaves] == [len(brute_force(f, x)) for x in leaves]


@pytest.mark.parametrize("seed", range(40))
def test_the_largest_paths_are_all_paths_sorted(seed):
    f, leaves = random_graph(seed)
    for x in leaves:
        sizes = [abs(path.product) for path in largest_paths(f, x)]
        assert sizes == pytest.approx(sorted([abs(math.prod(p)) for p in brute_force(f, x)], reverse=True), abs=1e-15)


def test_a_value_times_itself_has_two_paths():
    x = Value(3.0)
    assert [path.factors for path in paths(x * x, x)] == [(3.0,), (3.0,)]


def test_u1_comes_apart_into_the_products_of_the_slide():
    f, (x, y, z) = u1()
    assert [[path.product for path in paths(f, v)] for v in (x, y, z)] == [
        [4.0 * 2, math.e],
        [4.0, 0.0],
        [4.0, -2 * math.e],
    ]


def test_a_path_runs_from_x_to_f_along_edges_of_the_graph():
    f, (x, _, _) = u1()
    for path in paths(f, x):
        assert path.nodes[0] is x
        assert path.nodes[-1] is f
        for tail, head, factor in zip(path.nodes, path.nodes[1:], path.factors, strict=False):
            assert (tail, factor) in list(zip(head.inputs, head.local_derivatives, strict=True))


def test_a_path_prints_as_a_line():
    f, (x, _, _) = u1()
    assert list(map(repr, paths(f, x))) == [
        "x → v1 → v2 → v3 → v7: 2 · 1 · 4 · 1 = 8",
        "x → v5 → v6 → v7: 1 · 2.71828 · 1 = 2.71828",
    ]


def test_paths_are_made_one_at_a_time():
    f, x = doublings(200)  # 2**200 paths
    assert [path.product for path in itertools.islice(paths(f, x), 3)] == [1.0, 1.0, 1.0]
    assert len(list(itertools.islice(largest_paths(f, x), 3))) == 3


def test_counts_are_exact_however_large():
    assert count_paths(*doublings(5000)) == 2**5000


def test_counting_a_hundred_thousand_nodes_needs_one_pass():
    x = f = Value(1.0)
    for _ in range(100_000):
        f = f + x
    assert count_paths(f, x) == 100_001


def test_a_path_through_a_hundred_thousand_nodes():
    x = f = Value(1.0)
    for _ in range(100_000):
        f = f + 1.0
    assert [path.product for path in paths(f, x)] == [1.0]
    assert len(path_table(f, x).paths[0].nodes) == 100_001
    assert "99993 more" in repr(path_table(f, x))


def test_no_path_and_the_path_without_steps():
    x, y = Value(1.0), Value(2.0)
    assert list(paths(x * 2, y)) == list(largest_paths(x * 2, y)) == []
    assert (count_paths(x * 2, y), path_sum(x * 2, y)) == (0, 0.0)
    assert [path.factors for path in paths(x, x)] == [()]
    assert (count_paths(x, x), path_sum(x, x)) == (1, 1.0)


def test_paths_from_an_inner_node():
    x = Value(2.0)
    inner = x * x
    assert path_sum(inner * 3 + inner, inner) == 4.0


def test_path_sum_refuses_to_walk_for_ever():
    with pytest.raises(ValueError, match=r"^about 10\^60 paths are too many to walk; gradient\(f, x\) gives their sum"):
        path_sum(*doublings(200))


def test_an_infinite_or_undefined_factor_comes_first_in_the_table():
    x = Value(0.0, "x")
    f = 5 * x + x.sqrt()
    assert [path.product for path in path_table(f, x).paths] == [math.inf, 5.0]
    g = x.sqrt() * 0.0 + 7 * x
    assert [str(path.product) for path in path_table(g, x).paths] == ["nan", "7.0"]


def test_the_table_of_u1():
    f, (x, _, _) = u1()
    f.name = "f"
    f.backward()
    assert repr(path_table(f, x)) == (
        "x → v1 → v2 → v3 → f   2 · 1 · 4 · 1 = 8\n"
        "x → v5 → v6 → f        1 · 2.71828 · 1 = 2.71828\n"
        "sum over 2 paths       ∂f/∂x = 10.7183\n"
        "x.grad                 10.7183\n"
        "where v1 = x * y, v2 = v1 + z, v3 = v2 ** 2, v5 = x - v4, v6 = exp(v5), f = v3 + v6"
    )


def test_the_table_says_how_much_its_limit_leaves_out():
    x = Value(1.0, "x")
    f = sum((k * x for k in range(1, 31)), Value(0.0))
    f.backward()
    lines = repr(path_table(f, x, limit=2)).splitlines()
    assert [line.split()[-1] for line in lines[:2]] == ["30", "29"]
    assert lines[2].startswith("… and 28 more")
    assert lines[2].endswith("together 406")
    assert lines[3].endswith("= 465")


def test_the_table_of_more_paths_than_anyone_can_walk():
    f, x = doublings(300)
    f.backward()
    text = repr(path_table(f, x, limit=3))
    assert "… and about 10^90 more" in text
    assert f"= {gradient(f, x):.6g}" in text


def test_the_table_says_when_grad_is_not_what_one_backward_gives():
    x = Value(2.0, "x")
    f = x * x
    assert "was it called, and just once?" in repr(path_table(f, x))
    f.backward()
    assert "was it called" not in repr(path_table(f, x))


@pytest.mark.parametrize("limit", [-1, 1.5, None, "3"])
def test_a_limit_that_is_no_count_is_refused(limit):
    x = Value(1.0)
    with pytest.raises(ValueError, match="limit is how many paths to print"):
        path_table(x * x, x, limit=limit)


@pytest.mark.parametrize("function", [paths, largest_paths, count_paths, path_sum, path_table])
@pytest.mark.parametrize(("f", "x"), [(3.0, Value(1.0)), (Value(1.0), "x"), (Value(1.0), [Value(1.0)]), (None, None)])
def test_anything_but_values_is_refused(function, f, x):
    with pytest.raises(TypeError, match=r"expected a Value as [fx], got"):
        list(result) if hasattr(result := function(f, x), "__next__") else None


def test_infinite_contributions_of_both_signs_make_nan_as_they_do_in_backprop():
    x = Value(0.0)
    f = x.sqrt() - x.sqrt()
    assert math.isnan(path_sum(f, x)) and math.isnan(gradient(f, x))
