"""Values that were compared remember where: which ones, which line, and what leaves no mark."""

import copy
import inspect
import math
import operator
import pickle

import numpy as np
import pytest
from strategies import NOT_NUMBERS, chain, leaks

import nn
from autograd import (
    Value,
    agreement,
    check_gradients,
    checkpoint,
    comparisons,
    count_steps,
    derivation,
    diagram,
    dot,
    exp,
    explain_gradient,
    gradient,
    hessian,
    hvp,
    jvp,
    less,
    maximum,
    no_grad,
    path_sum,
    path_table,
    relu,
    where,
    worksheet,
)
from autograd.comparisons import LOOKED_AT, NEAREST, compared
from autograd.graph import topological_order

HERE = __file__


def marked(*nodes) -> list:
    """Those of the nodes that carry a mark."""
    return [node for node, _ in compared(nodes)]


def line_of(function) -> str:
    """Where a function of one line stands."""
    return f"{HERE}:{inspect.getsourcelines(function)[1]}"


ORDERS = [operator.lt, operator.le, operator.gt, operator.ge]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.__name__)
@pytest.mark.parametrize("number", [3, 3.0, True, np.float64(3.0), np.int64(3)], ids=lambda x: type(x).__name__)
def test_a_value_compared_with_a_number_from_either_side_is_marked(order, number):
    x, y = Value(2.0), Value(2.0)
    assert order(x, number) == order(2.0, number)
    assert order(number, y) == order(number, 2.0)
    assert marked(x, y) == [x, y]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.__name__)
def test_two_values_compared_are_both_marked(order):
    x, y, z = Value(2.0), Value(3.0), Value(4.0)
    assert order(x, y) == order(2.0, 3.0)
    assert marked(x, y, z) == [x, y]


DECISIONS = {
    "if": lambda x, y: 1 if x else 2,
    "not": lambda x, y: not x,
    "and": lambda x, y: x and y,
    "or": lambda x, y: x or y,
    "bool": lambda x, y: bool(x),
    "any": lambda x, y: any([x]),
    "filter": lambda x, y: list(filter(None, [x])),
    "max": lambda x, y: max(x, y),
    "min": lambda x, y: min([x, y]),
    "sorted": lambda x, y: sorted([x, y]),
    "between": lambda x, y: 0 < x < 1,
    "np.maximum": lambda x, y: np.maximum(np.array([x]), np.array([y])),
}


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS.keys())
def test_whatever_decides_marks_and_names_its_line(decide):
    x = Value(2.0)
    decide(x, Value(3.0))
    assert compared([x]) == [(x, line_of(decide))]


LOOKS = {
    "float": float,
    "int": int,
    "round": round,
    "repr": repr,
    "str": str,
    "format": lambda x: f"{x:.3f}",
    "isfinite": math.isfinite,
    "data": lambda x: x.data > 1,
    "equal": lambda x: x == 2.0,
    "unequal": lambda x: x != 2.0,
    "in": lambda x: x in (1.0, -1.0),
    "hash": hash,
    "abs": abs,
    "less": lambda x: less(x, 1.0),
    "where": lambda x: where(x, 1.0, 2.0),
    "maximum": lambda x: maximum(x, 1.0),
    "relu": relu,
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_what_reads_the_number_or_is_an_op_leaves_no_mark(look):
    x = Value(2.0)
    look(x)
    assert not compared([x])


@pytest.mark.parametrize(("text", "wrong"), NOT_NUMBERS, ids=[text for text, _ in NOT_NUMBERS])
def test_a_comparison_that_fails_leaves_no_mark(text, wrong):
    if isinstance(wrong, np.ndarray):
        return  # which compares its entries one by one
    x = Value(2.0)
    with pytest.raises(TypeError):
        x < wrong  # noqa: B015
    assert not compared([x])


def test_a_value_that_was_not_compared_has_no_mark_and_the_others_keep_their_order():
    xs = [Value(float(i)) for i in range(5)]
    assert [x for x in xs[::-2] if x > -1] == xs[::-2]
    assert marked(*xs) == xs[::2]


def test_the_first_comparison_is_the_one_remembered():
    def first(x):
        return x > 1

    x = Value(2.0)
    assert first(x)
    assert x < 3
    ((_, line),) = compared([x])
    assert line == f"{HERE}:{inspect.getsourcelines(first)[1] + 1}"


def test_the_place_is_the_nearest_outside_of_the_package():
    scope = {}
    inside = comparisons.__file__.replace("comparisons.py", "of_the_future.py")
    exec(compile("def positive(x): return x > 0", inside, "exec"), scope)
    decide = lambda x: scope["positive"](x)  # noqa: E731
    x = Value(2.0)
    assert decide(x)
    assert compared([x]) == [(x, line_of(decide))]


# what lies behind


def test_what_a_compared_value_was_computed_from_is_marked():
    x, y, z = Value(2.0), Value(3.0), Value(4.0)
    product = x * y
    later = product + z
    assert exp(product) > 3
    assert marked(x, y, z, product, later) == [x, y, product]


def test_parameters_are_marked_only_when_compared_themselves():
    layer, x = nn.Neuron(2), Value(1.0)
    assert layer([x, 2.0]) < 100
    assert marked(x, *layer.parameters()) == [x]
    assert layer.w[0] < 100
    assert marked(x, *layer.parameters()) == [x, layer.w[0]]


def test_the_nearest_are_marked_and_no_more():
    _, out = chain(300)
    order = topological_order(out)
    assert out > 0
    assert marked(*order) == order[-NEAREST - 1 :]


def test_the_nearest_come_breadth_first():
    deep = [chain(100) for _ in range(4)]
    assert dot([out for _, out in deep], [1.0, 1.0, 1.0, 1.0]) > 0
    for _, out in deep:
        assert len(marked(*topological_order(out))) == NEAREST // 4


def test_a_walk_stops_where_an_earlier_one_went():
    _, out = chain(3)
    assert out > 0
    before = compared(topological_order(out))
    far = out + 1.0
    assert far > 0
    assert compared(topological_order(far))[:-1] == before
    assert len({line for _, line in compared([out, far])}) == 2


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_wide_layer_inputs_are_marked_whichever_side_its_weights_stand_on(turned):
    ws, xs = [nn.Parameter(0.1) for _ in range(784)], [Value(0.2) for _ in range(784)]
    assert dot(*((xs, ws) if turned else (ws, xs))) > 0
    assert not marked(*ws)
    assert NEAREST // 4 < len(marked(*xs)) <= NEAREST


class Weight(Value):
    """A parameter that counts how often one was looked at."""

    looks = 0

    @property
    def role(self):
        Weight.looks += 1
        return "parameter"


def test_a_comparison_looks_at_few_nodes_however_large_the_graph():
    layers = [[Weight(0.1) for _ in range(200)] for _ in range(50)]
    out = dot([dot(ws, [1.0] * 200) for ws in layers], [1.0] * 50)
    Weight.looks = 0
    assert out > 0
    assert 0 < Weight.looks <= LOOKED_AT + 2 * NEAREST


def test_a_chain_of_a_hundred_thousand_is_compared_at_every_step():
    x = Value(1.0)
    while x < 100_000:
        x = x + 1
    order = topological_order(x)
    assert marked(*order) == order


def test_within_no_grad_the_operands_are_marked():
    x, y = Value(2.0), Value(3.0)
    with no_grad():
        assert x < y
        assert 2 * x
    assert marked(x, y) == [x, y]


def test_a_comparison_under_a_checkpoint_is_found_when_the_graph_is_rebuilt():
    def bent(x):
        return 3 * x if 2 * x > 3 else -x

    x = Value(2.0)
    out = checkpoint(bent, x)
    out.backward()
    assert (x.grad, marked(x)) == (3.0, [x])


# copies


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_carries_the_marks(protocol):
    x, y = Value(2.0, "x"), Value(3.0, "y")
    out = x * x + y
    assert 2 * x > 3
    before = [(node.name, line) for node, line in compared(topological_order(out))]
    after = pickle.loads(pickle.dumps(out, protocol))
    assert [(node.name, line) for node, line in compared(topological_order(after))] == before
    assert [name for name, _ in before] == ["x"]


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_a_copy_carries_the_mark(duplicate):
    x, y = Value(2.0), Value(2.0)
    assert x > 1
    assert [line for _, line in compared([duplicate(x)])] == [line for _, line in compared([x])]
    assert not compared([duplicate(y)])


def test_a_mark_keeps_nothing_alive():
    def compare():
        _, out = chain(10)
        return out > 0

    assert leaks(compare) == 0


# the library's own code


READERS = {
    "backward": lambda f, xs: f.backward(),
    "gradient": lambda f, xs: gradient(gradient(f, xs[0], create_graph=True), xs),
    "hessian": lambda f, xs: hessian(f, xs),
    "hvp": lambda f, xs: hvp(f, xs, [1.0, Value(0.5)], create_graph=True),
    "jvp": lambda f, xs: jvp([f], xs, [1.0, 0.0]),
    "path_table": lambda f, xs: repr(path_table(f, xs[0])),
    "path_sum": lambda f, xs: path_sum(f, xs[0]),
    "derivation": lambda f, xs: repr(derivation(f, xs[0])),
    "worksheet": lambda f, xs: repr(worksheet(f, xs, "totals").check(["0", "0"])),
    "diagram": lambda f, xs: diagram(f).svg(),
    "count_steps": lambda f, xs: repr(count_steps(f)),
    "explain_gradient": lambda f, xs: repr(explain_gradient(f, xs[1])),
    "agreement": lambda f, xs: repr(agreement(f, xs)),
    "check_gradients": lambda f, xs: repr(check_gradients(lambda: xs[0] * xs[1], xs)),
    "deepcopy": lambda f, xs: copy.deepcopy(f),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
def test_no_reader_leaves_a_mark(read):
    xs = [Value(0.0, "x"), Value(2.0, "y")]  # 0, which is false, among them
    a = xs[0] * xs[1] + 1.0
    f = where(less(a, 3.0), relu(a) * maximum(xs[0], a) + xs[1] ** 2, a / xs[1])
    read(f, xs)
    assert not compared(topological_order(f))


LOSSES = {
    "squared error": lambda z: nn.mean_squared_error(z, [1.0, 0.0]),
    "lp_error": lambda z: nn.lp_error(z, [1.0, 0.0], 1.5),
    "hinge": lambda z: nn.hinge(z[0], 1),
    "multiclass_hinge": lambda z: nn.multiclass_hinge(z, 1),
    "cross_entropy": lambda z: nn.cross_entropy(z, 0),
    "binary": lambda z: nn.binary_cross_entropy(z[0].sigmoid(), 1),
    "from_logit": lambda z: nn.binary_cross_entropy_from_logit(z[0], 0.5),
    "relative_entropy": lambda z: nn.relative_entropy(z[1].sigmoid(), 0.25),
    "probabilities": lambda z: nn.cross_entropy_from_probabilities(nn.softmax(z), [0.5, 0.5]),
    "normalized": lambda z: nn.normalized_cross_entropy([exp(a) for a in z], 1),
    "gaussian": lambda z: nn.gaussian_nll(z[0], 1.0, exp(z[1])),
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES.keys())
def test_no_loss_leaves_a_mark_by_its_checks(loss):
    zs = [Value(0.0), Value(-0.5)]
    f = loss(zs)
    f.backward()
    assert not compared([*zs, *topological_order(f)])


@pytest.mark.parametrize("name", nn.ACTIVATIONS)
def test_no_network_leaves_a_mark(name):
    model, xs = nn.MLP(2, [3, 2], activation=name, rng=0), [Value(0.0), Value(1.0)]
    loss = nn.squared_error(model(xs), [1.0, 0.0])
    loss.backward()
    repr(nn.deltas(model))
    nn.clip_gradients(model.parameters(), 1.0)
    nn.Adam(model.parameters(), 0.1).step()
    assert not compared(topological_order(loss))


def test_training_leaves_no_mark():
    x, y = nn.toys.xor()
    model = nn.MLP(2, [2, 1])
    nn.fit(model, (x, y), nn.squared_error, nn.SGD(model.parameters(), 0.1), epochs=3, validation=(x, y), patience=2)
    assert not compared(model.parameters())
