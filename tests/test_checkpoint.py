"""checkpoint: the same numbers and gradients, bit for bit, with the graph in between gone and built again."""

import copy
import gc
import math
import pickle
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import leaks, untidy

from autograd import (
    Value,
    check_gradients,
    checkpoint,
    count_paths,
    diagram,
    dot,
    gradient,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    path_sum,
    path_table,
    sqrt,
    tanh,
)
from autograd.graph import topological_order
from nn import MLP, SGD, deltas, fit, half_squared_error, squared_norm


def alive():
    """The nodes with a graph behind them that exist just now."""
    return sum(1 for x in gc.get_objects() if issubclass(type(x), Value) and x.op is not None)  # proxies may be dead


def networks(k, width=3, depth=7, **settings):
    """A network that keeps its graph and one that does not, with the same weights; and an input."""
    widths = [width] * (depth - 1) + [1]
    kept, rebuilt = (MLP(width, widths, rng=4, checkpoint_every=each, **settings) for each in (None, k))
    return kept, rebuilt, [Value(math.sin(i + 1.0), f"x{i}") for i in range(width)]


def grads(model, x, seeds=1.0):
    for p in (*model.parameters(), *x):
        p.grad = 0.0
    (seeds * model(x)).backward()
    return [p.grad for p in (*model.parameters(), *x)]


@pytest.mark.parametrize("k", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("activation", ["tanh", "relu", "selu"])
def test_a_networks_gradients_are_the_same_bits(k, activation):
    kept, rebuilt, x = networks(k, activation=activation)
    assert rebuilt(x).data == kept(x).data
    assert grads(rebuilt, x) == grads(kept, x)
    assert any(grads(kept, x))


def test_the_gradients_of_a_batch_with_weight_decay_are_the_same_bits():
    kept, rebuilt, _ = networks(2)
    rng = random.Random(1)
    rows = [[rng.gauss(0, 1) for _ in range(3)] for _ in range(5)]
    found = []
    for model in (kept, rebuilt):
        loss = sum([half_squared_error(model(row), 0.5) for row in rows]) + 1e-3 * squared_norm(model.parameters())
        loss.backward()
        found.append([p.grad for p in model.parameters()])
    assert found[0] == found[1]


def test_every_mode_gives_what_it_gives_for_the_kept_graph():
    kept, rebuilt, x = networks(2)
    rng = random.Random(2)
    ours, theirs = ([*model.parameters(), *x] for model in (rebuilt, kept))
    direction = [rng.gauss(0, 1) for _ in ours]
    f, g = rebuilt(x), kept(x)
    assert gradient(f, ours) == gradient(g, theirs)
    assert [d.data for d in gradient(f, ours, create_graph=True)] == gradient(g, theirs)
    assert jvp(f, ours, direction) == jvp(g, theirs, direction)
    assert hvp(f, ours, direction) == hvp(g, theirs, direction)
    assert hessian(f, x) == hessian(g, x)
    assert jacobian([f, f * f], ours[:3]) == jacobian([g, g * g], theirs[:3])
    slope = gradient(dot(gradient(f, ours, create_graph=True), direction), ours)
    assert slope == pytest.approx(hvp(g, theirs, direction), rel=1e-12)


def test_several_outputs_in_nested_lists_keep_their_shape():
    x, w = Value(2.0), Value(3.0)
    result = checkpoint(lambda a: [a * w, (a + w, [a**2]), "text", 4.0], x)
    assert isinstance(result, list) and isinstance(result[1], tuple) and result[2:] == ["text", 4.0]
    y = result[0] * result[1][0] + result[1][1][0]
    y.backward()
    assert (y.data, x.grad, w.grad) == (34.0, 3 * 5 + 6 + 4, 2 * 5 + 6)


def test_an_output_used_twice_and_one_not_used_at_all():
    x = Value(2.0)
    a, _, c, again = checkpoint(lambda x: (lambda y: (y, x.exp(), x * y, y))(x * x), x)
    assert again is a
    (a * a + c).backward()
    assert x.grad == 4 * 8 + 12


def test_inputs_that_come_back_unchanged_are_themselves():
    x, w = Value(2.0), Value(5.0)
    same, outer = checkpoint(lambda x: (x, w), x)
    assert same is x and outer is w


def test_what_the_function_uses_without_being_given_it_counts_as_an_input():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    y = checkpoint(lambda a: a * w + w, x)
    assert y.inputs == (x, w)
    assert y.local_derivatives == (3.0, 3.0)
    h = w * w  # an inner node of the outer graph, and used outside too
    f = checkpoint(lambda a: a * h, x) + h
    f.backward()
    assert (h.grad, w.grad, x.grad) == (3.0, 18.0, 9.0)
    assert gradient(f, [x, w]) == [9.0, 18.0]


def test_an_input_that_the_function_also_reaches_by_itself():
    x = Value(3.0)
    h = 2 * x
    f = checkpoint(lambda a: a * h * x, x)
    f.backward()
    assert x.grad == 3 * 2 * 9


def test_parts_made_inside_from_weights_alone():
    x, w = Value(2.0), Value(3.0)
    f = checkpoint(lambda a: a * (w * w) + w * w, x)
    f.backward()
    assert (x.grad, w.grad) == (9.0, 18.0)


def test_it_nests():
    x, w = Value(0.3), Value(0.7)

    def deep(levels, a):
        return tanh(w * a) if levels == 0 else checkpoint(deep, levels - 1, checkpoint(deep, levels - 1, a))

    plain = x
    for _ in range(2**5):
        plain = tanh(w * plain)
    f = checkpoint(deep, 5, x)
    f.backward()
    assert [f.data, x.grad, w.grad] == [plain.data, *gradient(plain, [x, w])]
    assert hvp(f, [x, w], [1, 2]) == pytest.approx(hvp(plain, [x, w], [1, 2]), rel=1e-13)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_random_graphs_cut_into_segments(seed, parts):
    leaves, nodes = untidy(seed % 997, 12)

    def build(a, b):
        return [tanh(a * b + leaves[0]) - b * 0.5, a * leaves[1] + sum(nodes[4:8], start=a)]

    def chained(wrap):
        a, b = leaves[2], leaves[3]
        for _ in range(parts):
            a, b = wrap(build, a, b)
        return a * b

    plain, cut = chained(lambda f, *xs: f(*xs)), chained(checkpoint)
    assert cut.data == plain.data
    plain.backward()
    expected = [x.grad for x in leaves]
    for x in leaves:
        x.grad = 0.0
    cut.backward()
    assert [x.grad for x in leaves] == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert gradient(cut, leaves) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_leaves_accumulate_and_a_second_backward_doubles():
    x = Value(2.0)
    f = checkpoint(lambda a: a * a, x)
    f.backward()
    f.backward()
    assert x.grad == 8.0


def test_the_nodes_in_between_are_gone_and_come_back_one_segment_at_a_time():
    kept, rebuilt, _ = networks(5, width=4, depth=25, activation="tanh")
    before = alive()
    f = rebuilt([0.1] * 4)
    stored = alive() - before
    assert stored == 4 * 4 + 1
    f.backward()
    assert alive() - before == stored
    del f
    assert alive() == before
    g = kept([0.1] * 4)
    assert alive() - before == 2 * 24 * 4 + 1
    assert g.data


def test_no_reference_cycles():
    model = MLP(2, [3, 3, 1], checkpoint_every=1, rng=0)
    assert leaks(lambda: model([1.0, 2.0]).backward()) == 0


def test_a_million_steps_deep():
    x = Value(0.5)
    y = x
    for _ in range(100):
        y = checkpoint(lambda a: _repeated(a, 1000), y)
    y.backward()
    assert x.grad == 1.0
    assert gradient(y, x) == jvp(y, x, 1.0) == 1.0


def _repeated(a, times):
    for _ in range(times):
        a = a + 0.001
    return a


def test_numbers_changed_in_between_change_no_gradient():
    x, w = Value(2.0), Value(3.0)
    f = checkpoint(lambda a: (a * w) ** 2, x)
    x.data, w.data = 10.0, 20.0
    f.backward()
    assert (x.grad, w.grad) == (2 * 6 * 3, 2 * 6 * 2)
    assert (x.data, w.data) == (10.0, 20.0)
    assert gradient(f, x) == 36.0
    with pytest.raises(ValueError, match="data changed after"):
        gradient(f, x, create_graph=True)


def test_a_function_that_does_not_repeat_itself_is_found_out():
    rng = random.Random(0)
    x = Value(2.0)

    def dropout(a):
        return a * rng.random()

    f = checkpoint(dropout, x)
    with pytest.raises(ValueError, match=r"the checkpointed dropout gave \[.*\] when it ran and gives \[.*no random"):
        f.backward()
    calls = []

    def shrinking(a):
        calls.append(a)
        return [a * 2, a * 3][: 3 - len(calls)]

    g = sum(checkpoint(shrinking, x))
    with pytest.raises(ValueError, match="must compute the same each time"):
        gradient(g, x)


def test_gradients_inside_it_are_refused():
    x = Value(2.0)
    for inside in (
        lambda a: gradient(a * a, a, create_graph=True),
        lambda a: hvp(a * a, a, 1.0, create_graph=True),
        lambda a: (a * a).backward(),
    ):
        with pytest.raises(RuntimeError, match="cannot ask for gradients"):
            checkpoint(inside, x)
    f = x * x  # and recording goes on as before
    assert gradient(f, x) == 4.0


def test_an_error_in_the_function_leaves_recording_as_it_was():
    x = Value(-1.0)
    with pytest.raises(ValueError, match=r"sqrt of -1\.0"):
        checkpoint(sqrt, x)
    f = x * x
    assert f.inputs == (x, x)


def test_without_recording_it_just_calls_the_function():
    x = Value(2.0)
    with no_grad():
        y = checkpoint(lambda a: a * a, x)
    assert y.data == 4.0 and y.op is None


def test_backward_within_no_grad_still_rebuilds():
    x = Value(2.0)
    f = checkpoint(lambda a: a * a, x)
    with no_grad():
        f.backward()
    assert x.grad == 4.0


def test_nan_and_infinity_pass_through():
    x = Value(math.nan)
    f = checkpoint(lambda a: a * a, x)
    f.backward()
    assert math.isnan(x.grad)
    y = Value(0.0)
    g = checkpoint(sqrt, y)
    g.backward()
    assert y.grad == math.inf


def test_copies_and_pickles_are_refused():
    f = checkpoint(lambda a: a * a, Value(2.0)) + 1
    for make in (copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match=r"a graph with a checkpoint cannot be copied or pickled: .*copy the model"):
            make(f)


@pytest.mark.parametrize("wrong", [None, 3.0, Value(1.0), "f"], ids=["None", "3.0", "a Value", "a text"])
def test_it_takes_a_function(wrong):
    with pytest.raises(TypeError, match="expected a function to checkpoint, got"):
        checkpoint(wrong, Value(1.0))


def test_the_other_readers_see_one_node_with_its_local_derivatives():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    f = checkpoint(lambda a: (a * w) ** 2, x) * x
    assert [node.name or node.op.name for node in topological_order(f)] == ["x", "w", "checkpoint", "mul"]
    assert count_paths(f, x) == 2
    assert path_sum(f, x) == gradient(f, x) == 36 + 72
    f.backward()
    assert "checkpoint(x, w)" in str(path_table(f, x))
    assert "checkpoint" in diagram(f).digraph.source


def test_the_gradient_check_agrees_through_it():
    assert check_gradients(lambda x, y: checkpoint(lambda a: tanh(a * y) + y, x) * y, [0.3, 0.8])


def test_training_with_it_gives_the_same_weights():
    found = []
    for k in (None, 2):
        model = MLP(2, [4, 4, 1], rng=1, activation="tanh", checkpoint_every=k)
        data = ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
        fit(model, data, half_squared_error, SGD(model.parameters(), 0.3), 5, progress=False)
        found.append([p.data for p in model.parameters()])
    assert found[0] == found[1]


def test_a_checkpointed_model_has_no_deltas_to_report():
    model = MLP(2, [2, 1], checkpoint_every=1, rng=0)
    model([1.0, 2.0]).backward()
    with pytest.raises(LookupError, match="checkpoint_every keeps no z and a"):
        deltas(model)


@pytest.mark.parametrize("k", [0, -1, 1.5, "2"])
def test_every_how_many_layers_is_a_whole_number(k):
    with pytest.raises((ValueError, TypeError), match="checkpoint_every must be a whole number from 1 up"):
        MLP(2, [2, 1], checkpoint_every=k)


def test_a_deep_stack_of_layers_needs_no_deep_python_stack():
    model = MLP(1, [1] * 3000, activation="tanh", checkpoint_every=1, init=lambda fan_in, rng: 1.0)
    f = model([0.1])
    f.backward()
    assert model.parameters()[0].grad != 0
    assert gradient(f, model.parameters()) == [p.grad for p in model.parameters()]
