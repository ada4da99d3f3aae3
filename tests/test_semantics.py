"""What a graph promises: what accumulates, whose local derivatives they are, that depth is no limit, nothing leaks."""

import gc
import math
import sys

import pytest
from strategies import chain, leaks, untidy

from autograd import Value, dot, gradient, logsumexp
from autograd.graph import topological_order

DEEP, DEEPER = 100_000, 1_000_000


# backward


def test_leaves_accumulate_and_inner_nodes_are_computed_afresh():
    x, y = Value(2.0), Value(3.0)
    h = x * y
    f = h * h
    for times in (1, 2, 3):
        f.backward()
        assert (x.grad, y.grad) == (times * 36.0, times * 24.0)
        assert (h.grad, f.grad) == (12.0, 1.0)


def test_the_gradients_of_two_losses_add_up_in_leaves_while_a_shared_inner_node_shows_the_last():
    x = Value(2.0)
    h = x * 3
    (h * 5).backward()
    (h * 7).backward()
    assert (x.grad, h.grad) == (36.0, 7.0)


def test_a_gradient_set_by_hand_is_added_to():
    x = Value(2.0)
    x.grad = 100
    (x * 3).backward()
    assert x.grad == 103.0


def test_backward_of_a_leaf_is_one_and_accumulates():
    x = Value(2.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


def test_every_node_of_the_graph_can_be_read_after_backward():
    _, nodes = untidy(1)
    f = sum(nodes)
    f.backward()
    for node in topological_order(f):
        assert node.grad == gradient(f, node)


@pytest.mark.parametrize("seed", range(20))
def test_backward_and_gradient_agree_bit_for_bit(seed):
    _, nodes = untidy(seed)
    f = nodes[-1] * nodes[-2] + nodes[-3]
    order = topological_order(f)
    found = gradient(f, order)
    f.backward()
    assert [node.grad for node in order] == found


def test_a_node_outside_the_graph_keeps_its_gradient():
    x = Value(2.0)
    other = x * 5
    other.grad = 9
    (x * 3).backward()
    assert other.grad == 9.0


def test_there_are_two_edges_from_x_to_x_times_x():
    x = Value(3.0)
    f = x * x
    assert f.inputs == (x, x)
    f.backward()
    assert x.grad == 6.0


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (lambda a: a + a, 2.0),
        (lambda a: a - a, 0.0),
        (lambda a: a / a, 0.0),
        (lambda a: a**a, 27.0 * (1 + math.log(3.0))),
        (lambda a: a.maximum(a), 1.0),
        (lambda a: a.minimum(a), 1.0),
        (lambda a: dot([a, a], [a, a], a), 13.0),
        (lambda a: logsumexp([a, a, a]), 1.0),
    ],
    ids=["a+a", "a-a", "a/a", "a**a", "max(a,a)", "min(a,a)", "dot", "logsumexp"],
)
def test_both_edges_count_when_a_node_is_used_twice_by_one_op(f, expected):
    a = Value(3.0)
    f(a).backward()
    assert a.grad == pytest.approx(expected, rel=1e-14, abs=1e-15)


def test_two_leaves_of_one_name_are_two_variables():
    a, b = Value(2.0, "x"), Value(3.0, "x")
    (a * b + b).backward()
    assert (a.grad, b.grad) == (3.0, 3.0)


def test_constants_have_no_gradient_and_take_none():
    x = Value(2.0)
    f = 3 * x + 4 - 1 / x**2
    f.backward()
    assert x.grad == 3.25
    assert [n for n in topological_order(f) if n.op is None] == [x]


# the forward pass owns the local derivatives


@pytest.mark.parametrize("seed", range(5))
def test_changing_data_after_the_forward_pass_changes_no_gradient(seed):
    leaves, nodes = untidy(seed)
    f = sum(nodes)
    before = gradient(f, leaves)
    for node in nodes:
        node.data = 123.0
    assert gradient(f, leaves) == before
    f.backward()
    assert [x.grad for x in leaves] == before


@pytest.mark.parametrize(
    "f",
    [lambda x, y: x * y, lambda x, y: x.sin() + y, lambda x, y: x**3 * y, lambda x, y: dot([x, y], [y, x])],
    ids=["mul", "sin", "pow", "dot"],
)
def test_differentiating_graphs_whose_data_changed_is_refused(f):
    x, y = Value(2.0), Value(3.0)
    out = f(x, y)
    x.data = 5.0
    with pytest.raises(ValueError, match=r"^data changed after \w+ was computed: .*compute f again") as raised:
        gradient(out, [x, y], create_graph=True)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("f", "before", "after"),
    [(lambda x: x**3, 2.0, -2.0), (lambda x: x.sin(), 0.5, -0.5)],
    ids=["x**3", "sin"],
)
def test_data_that_changed_without_changing_the_first_derivative_does_not_change_the_second_silently(f, before, after):
    fresh = Value(before)
    expected = gradient(gradient(f(fresh), fresh, create_graph=True), fresh)
    x = Value(before)
    out = f(x)
    x.data = after
    try:
        found = gradient(gradient(out, x, create_graph=True), x)
    except ValueError:
        return  # it said so
    assert found == expected


def test_a_change_that_was_taken_back_is_no_change():
    x = Value(2.0)
    f = x * x
    x.data = 5.0
    x.data = 2.0
    assert gradient(f, x, create_graph=True).data == 4.0


# order


@pytest.mark.parametrize("seed", range(10))
def test_in_topological_order_every_input_stands_before_its_node_and_once(seed):
    _, nodes = untidy(seed)
    order = topological_order(*nodes[-3:])
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order)
    assert all(place[x] < place[node] for node in order for x in node.inputs if isinstance(x, Value))
    assert set(nodes[-3:]) <= set(order)


def test_inputs_are_met_from_left_to_right():
    a, b, c = Value(1.0, "a"), Value(2.0, "b"), Value(3.0, "c")
    for f in (a + b * c, dot([a], [b], c), logsumexp(a, b, c), (a / b) ** c):
        assert [node.name for node in topological_order(f) if node.op is None] == ["a", "b", "c"]
    assert [node.name for node in topological_order(b, a, c)] == ["b", "a", "c"]


def test_the_order_is_the_same_for_the_same_program():
    def names(seed):
        _, nodes = untidy(seed)
        return [node.name or node.op.name for node in topological_order(nodes[-1])]

    assert names(3) == names(3)


def test_nodes_seen_before_are_left_out():
    x, y = Value(1.0), Value(2.0)
    h = x * y
    f = h + x
    seen = {h}
    assert topological_order(f, seen=seen) == [x, f]
    assert seen == {h, x, f}


# depth, width, memory


def test_a_chain_of_a_million_nodes_goes_backward_and_is_freed():
    limit = sys.getrecursionlimit()
    x, out = chain(DEEPER)
    out.backward()
    assert (out.data, x.grad, out.grad) == (DEEPER + 1.0, 1.0, 1.0)
    del out
    assert sys.getrecursionlimit() == limit


def test_a_deep_chain_has_a_gradient_and_a_gradient_of_it():
    x = out = Value(1.0)
    for _ in range(DEEP // 4):
        out = out * 1.0 + x * x * 1e-6
    d = gradient(out, x, create_graph=True)
    assert d.data == pytest.approx(gradient(out, x))
    assert gradient(d, x) == pytest.approx(2e-6 * (DEEP // 4))


def test_a_chain_of_shared_nodes_is_walked_once_a_node():
    x = out = Value(1.0)
    for _ in range(1000):
        out = out * 0.5 + out * 0.5  # 2 ** 1000 paths
    out.backward()
    assert x.grad == 1.0
    assert len(topological_order(out)) == 3001


def test_a_sum_over_very_many_inputs_goes_backward():
    xs = [Value(float(i)) for i in range(DEEP)]
    f = dot(xs, xs) + logsumexp(xs)
    f.backward()
    assert xs[7].grad == 14.0
    assert xs[-1].grad == pytest.approx(2 * (DEEP - 1) + 1 - math.exp(-1), rel=1e-9)


def test_one_leaf_with_very_many_consumers_collects_from_all():
    x = Value(2.0)
    f = dot([x * 1.0 for _ in range(DEEP // 2)], [1.0] * (DEEP // 2))
    f.backward()
    assert x.grad == DEEP // 2


def second_order():
    leaves, nodes = untidy(2)
    f = sum(nodes)
    gradient(sum(gradient(f, leaves, create_graph=True)), leaves)
    f.backward()


@pytest.mark.parametrize("make", [lambda: chain(1000)[1].backward(), second_order], ids=["chain", "second order"])
def test_graphs_die_by_reference_count_and_leave_nothing_to_collect(make):
    assert leaks(make) == 0


def test_a_graph_is_freed_at_the_moment_its_last_name_goes():
    class Counted(Value):
        __slots__ = ("__weakref__",)
        alive = 0

        def __init__(self, data):
            super().__init__(data)
            Counted.alive += 1

        def __del__(self):
            Counted.alive -= 1

    gc.disable()
    try:
        out = Counted(1.0)
        for _ in range(50):
            out = (out * Counted(2.0)).tanh()
        out.backward()
        assert Counted.alive == 51
        del out
        assert Counted.alive == 0
    finally:
        gc.enable()
