"""Copies and pickles: the same graph again, shared nodes shared, however deep."""

import copy
import gc
import pickle

import pytest
from strategies import chain, leaks, untidy

from autograd import Value, dot, gradient
from autograd.graph import topological_order
from autograd.op import TABLE, Op

DEEP = 60_000
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


class Weight(Value):
    """A subclass with an attribute of its own, as a user may write one."""


def pickled(x, protocol: int = pickle.DEFAULT_PROTOCOL):
    return pickle.loads(pickle.dumps(x, protocol))


whole = pytest.mark.parametrize("duplicate", [copy.deepcopy, pickled], ids=["deepcopy", "pickle"])


def written(f: Value) -> list:
    """Everything there is to a graph, nodes numbered in topological order."""
    order = topological_order(f)
    place = {node: i for i, node in enumerate(order)}
    return [
        (
            type(node),
            node.data,
            node.grad,
            node.name,
            node.op,
            [place[x] if isinstance(x, Value) else x for x in node.inputs],
            node.local_derivatives,
        )
        for node in order
    ]


@whole
@pytest.mark.parametrize("seed", range(5))
def test_a_copy_is_the_same_graph_of_other_nodes(duplicate, seed):
    _, nodes = untidy(seed)
    f = sum(nodes)
    f.backward()
    twin = duplicate(f)
    assert written(twin) == written(f)
    assert not set(topological_order(twin)) & set(topological_order(f))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_pickle_protocol_carries_a_graph(protocol):
    _, nodes = untidy(1)
    f = sum(nodes)
    assert written(pickled(f, protocol)) == written(f)


@whole
def test_a_copy_goes_backward_on_its_own(duplicate):
    x = Value(3.0, "x")
    f = x * x + 2 * x
    twin = duplicate(f)
    twin.backward()
    (y,) = [node for node in topological_order(twin) if node.name == "x"]
    assert (y.grad, x.grad) == (8.0, 0.0)
    d = gradient(twin, y, create_graph=True)
    assert gradient(d, y) == 2.0


@whole
def test_changing_the_copy_leaves_the_original(duplicate):
    x = Value(3.0)
    twin = duplicate(x)
    twin.data, twin.grad, twin.name = 5, 6, "y"
    assert (x.data, x.grad, x.name) == (3.0, 0.0, None)


@whole
def test_nodes_of_one_graph_copied_together_stay_one_graph(duplicate):
    x = Value(3.0, "x")
    h = x * x
    f = h + x
    g = h.sin()
    for things in ([h, f, g, x], [f, h, x, g], [x, g, f, h]):
        twins = dict(zip(things, duplicate(things), strict=True))
        assert twins[f].inputs == (twins[h], twins[x])
        assert twins[g].inputs == (twins[h],)
        assert twins[h].inputs == (twins[x], twins[x])


@whole
def test_one_node_met_twice_comes_back_as_one_node(duplicate):
    x = Value(3.0)
    f = x * x
    twins = duplicate({"a": [f, x], "b": (f, x)})
    assert twins["a"][0] is twins["b"][0]
    assert twins["a"][1] is twins["b"][1] is twins["a"][0].inputs[0]


@whole
def test_a_subclass_stays_what_it_is(duplicate):
    w = Weight(2.0, "w")
    twin = duplicate(w * 3)
    assert type(twin) is Value
    assert type(twin.inputs[0]) is Weight


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickled])
def test_an_attribute_that_a_subclass_adds_is_copied_too(duplicate):
    w = Weight(2.0)
    w.frozen = True
    assert duplicate(w).frozen is True


def test_a_shallow_copy_shares_its_inputs():
    x, y = Value(2.0), Value(3.0)
    for f in (x * y, x + 1.0, dot([x, 2.0], [3.0, y]), -x):
        twin = copy.copy(f)
        assert twin is not f
        assert (twin.data, twin.op, twin.inputs) == (f.data, f.op, f.inputs)
        assert twin.local_derivatives == f.local_derivatives


def test_a_shallow_copy_of_a_leaf_is_another_variable():
    x = Value(2.0, "x")
    twin = copy.copy(x)
    (twin * x).backward()
    assert (twin.name, twin.grad, x.grad) == ("x", 2.0, 2.0)


def test_deepcopy_shares_what_its_memo_holds():
    x = Value(2.0)
    memo = {}
    y = copy.deepcopy(x, memo)
    assert copy.deepcopy(x * x, memo).inputs == (y, y)


@whole
def test_deep_graphs_are_copied_without_recursion(duplicate):
    x, out = chain(DEEP)
    twin = duplicate(out)
    order = topological_order(twin)
    twin.backward()
    assert (len(order), twin.data, order[0].grad, x.grad) == (DEEP + 1, DEEP + 1.0, 1.0, 0.0)


@whole
def test_copies_leave_nothing_to_collect(duplicate):
    _, out = chain(500)
    assert leaks(lambda: duplicate(out).backward()) == 0


def test_a_pickle_leaves_no_trace_in_the_process():
    from autograd import copying

    _, out = chain(100)
    pickle.dumps(out)
    gc.collect()
    assert len(copying._records) == 0


def test_each_pickle_shows_the_graph_as_it_is_then():
    x = Value(2.0)
    f = x * x
    first = pickle.dumps(f)
    x.data = 5
    second = pickle.dumps(f)
    assert [pickle.loads(p).inputs[0].data for p in (first, second)] == [2.0, 5.0]


def test_an_op_that_this_table_lacks_is_named_when_a_pickle_is_loaded():
    Op("cube", lambda x: x * x * x, (lambda x, out: 3.0 * x * x,), "x³")
    try:
        stored = pickle.dumps(Value(2.0).cube())
    finally:
        del TABLE["cube"]
        del Value.__mro__[1].cube
    with pytest.raises(LookupError, match=r"^no op named 'cube' in the table; define its row before loading this$"):
        pickle.loads(stored)
