"""Folding: units and layers found in the graph and drawn as one box each, with every part of every gradient kept."""

import math
import re
from pathlib import Path

import pytest
from drawings import assert_sound
from strategies import outputs_by_hash_seed

import nn
from autograd import Value, diagram, dot, no_grad, programs, sigmoid, tanh
from autograd.folding import FoldedPicture
from autograd.graph import topological_order
from nn import moons

CHECKOUT = Path(__file__).parents[1]
ROWS = [([1.0, -2.0], 1.0), ([0.5, 0.25], -1.0), ([-0.3, 0.8], 0.5)]


def folded(f, model, **options):
    return diagram(f, engine="builtin", model=model, **options)


def headings(picture):
    return [box.heading for box in picture.boxes]


def box_of(picture, heading):
    (found,) = [box for box in picture.boxes if box.heading == heading]
    return found


def rows_of(picture, heading):
    return dict(box_of(picture, heading).rows)


def small(activation="tanh", inputs=None):
    """An MLP(2, [3, 1]) and its squared error on one sample, after backward."""
    model = nn.MLP(2, [3, 1], rng=0, activation=activation)
    loss = (model(inputs or [0.5, -1.0]) - 1) ** 2
    loss.name = "L"
    loss.backward()
    return model, loss


def on_rows(model, rows=ROWS, loss=nn.half_squared_error):
    """The mean loss over rows plus a penalty on all parameters, after backward."""
    found = sum(loss(model(x), t) for x, t in rows) / len(rows) + 0.1 * nn.squared_norm(model.parameters())
    found.backward()
    return found


def moons_loss(count):
    model, (x, y) = moons.network(), moons.points()
    loss, _ = moons.objective(model, x[:count], y[:count])
    loss.name = "L"
    loss.backward()
    return model, loss


def gated():
    """A layer whose first unit is gated by what was made of its second: the layer cannot be one box."""
    layer, x = nn.Layer(2, 2, rng=0), [Value(0.5, "x1"), Value(1.0, "x2")]
    other = layer.neurons[1](x)
    gate = sigmoid(other)
    layer.neurons[0].activation = nn.activations.Activation("gated", "gated", lambda z: z * gate)
    loss = layer.neurons[0](x) + other
    loss.backward()
    return layer, loss


def recurrent(steps=3):
    cell = nn.Layer(3, 2, activation="tanh", rng=0)
    state = [Value(0.1, "h1"), Value(0.2, "h2")]
    for t in range(steps):
        state = cell([t / 2, *state])
    loss = state[0] * state[1]
    loss.backward()
    return cell, loss


def weight_tied():
    """A layer that reads what was made of its own parameters, beside them."""
    layer = nn.Layer(1, 1, rng=0)
    loss = layer([nn.squared_norm(layer.parameters())]) ** 2
    loss.backward()
    return layer, loss


def skipped():
    model = nn.Sequential(
        nn.Layer(2, 4, rng=1), nn.Skip(nn.Layer(4, 4, rng=2, activation="tanh")), nn.Layer(4, 1, rng=3)
    )
    return model, on_rows(model)


def with_plain_functions():
    model = nn.Sequential(nn.Layer(2, 9, nonlin=False, rng=0), lambda zs: [tanh(z) for z in zs], nn.Layer(9, 1, rng=1))
    return model, on_rows(model)


def softmax_layer():
    model = nn.Sequential(nn.GaussianLayer(2, 3, rng=0), nn.Layer(3, 3, activation="softmax", rng=0))
    rows = [(x, k) for k, (x, _) in enumerate(ROWS)]
    return model, on_rows(model, rows, nn.cross_entropy_from_probabilities)


def value_rows():
    model = nn.MLP(2, [3, 2], rng=0, activation="selu")
    return model, on_rows(model, [([Value(a, "x1"), Value(b, "x2")], [t, 0.0]) for (a, b), t in ROWS])


GRAPHS = {
    "one sample": small,
    "samples of numbers": lambda: (model := nn.MLP(2, [3, 2, 1], rng=1), on_rows(model)),
    "samples of Values": value_rows,
    "gated": gated,
    "recurrent": recurrent,
    "reads its own parameters": weight_tied,
    "skip connection": skipped,
    "plain functions": with_plain_functions,
    "softmax": softmax_layer,
    "one neuron": lambda: (model := nn.Neuron(2, rng=0), on_rows(model)),
    "x0 bias": lambda: (model := nn.MLP(2, [2, 1], rng=1, bias="x0"), on_rows(model)),
    "checkpoints": lambda: (model := nn.MLP(2, [3, 1], rng=1, checkpoint_every=1), on_rows(model)),
    "equal rows": lambda: (
        model := nn.MLP(2, [2, 2], activation="softmax", output="softmax", rng=1),
        on_rows(model, [([1.0, 2.0], [0.0, 1.0])] * 3),
    ),
}


def flows(picture):
    """For each node, what comes to it over all arrows and within its box."""
    found = {}
    for part in [*[link.flows for link in picture.links.links.values()], *picture.links.inside]:
        for node, flow in part.items():
            found[node] = found.get(node, 0.0) + flow
    return found


@pytest.mark.parametrize("fold", ["neuron", "layer", "none"])
@pytest.mark.parametrize("name", GRAPHS)
def test_the_parts_of_every_gradient_add_up_to_it(name, fold):
    model, loss = GRAPHS[name]()
    found = flows(folded(loss, model, fold=fold).picture)
    for node in topological_order(loss):
        expected = node.grad - (node is loss)
        assert found.get(node, 0.0) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("fold", ["neuron", "layer", "none"])
@pytest.mark.parametrize("name", GRAPHS)
def test_every_folded_picture_is_drawn_soundly_and_holds_every_node(name, fold):
    model, loss = GRAPHS[name]()
    turn = list(GRAPHS).index(name) + len(fold)
    picture = folded(loss, model, fold=fold, rankdir=("LR", "TB", "RL", "BT")[turn % 4])
    assert_sound(picture.svg())
    assert set(picture.picture.places) == set(topological_order(loss))
    edges = {(node, k) for node in topological_order(loss) for k, x in enumerate(node.inputs) if isinstance(x, Value)}
    within = {(node, k) for node, k in edges if picture.picture.places[node] == picture.picture.places[node.inputs[k]]}
    assert edges - within <= set(picture.picture.edges)


def test_the_moons_loss_on_one_point_fits_one_screen():
    model, loss = moons_loss(1)
    drawing = folded(loss, model)
    picture = drawing.picture
    assert headings(picture)[:4] == ["(1.122, 0.08148)", "layer 1: 16 ReLU", "layer 2: 16 ReLU", "layer 3: 1 linear"]
    assert [title for box in picture.boxes for title, _ in box.rows if "parameter" in title] == [
        "48 parameters",
        "272 parameters",
        "17 parameters",
    ]
    assert len(picture.boxes) < 20
    width, height = map(float, re.search(r'width="(\d+)pt" height="(\d+)pt"', drawing.svg()).groups())
    assert width < 800 and height < 1100
    assert repr(drawing) == "<diagram of 410 nodes, folded to 17 boxes; .save('f.svg') writes it>"


def test_samples_fold_and_the_picture_does_not_grow_with_them():
    few, many = (folded(*moons_loss(count)[::-1]).picture for count in (10, 100))
    assert len(few.boxes) == len(many.boxes) < 20
    assert [(arrow.tail, arrow.head) for arrow in few.arrows] == [(arrow.tail, arrow.head) for arrow in many.arrows]
    assert ("× 100 samples", "") in box_of(many, "layer 2: 16 ReLU").rows
    assert "v₄ = Σ of 100 terms" in headings(many)
    assert [len(box.rows) for box in many.boxes if ("× 100", "") in box.rows] == [3, 1, 3, 3, 3]


def test_the_penalty_has_one_arrow_from_the_parameters_of_each_layer():
    picture = folded(*moons_loss(1)[::-1]).picture
    dashed = [arrow for arrow in picture.arrows if arrow.dashed]
    assert {picture.boxes[arrow.head].heading for arrow in dashed} == {"v₆ = dot"}
    assert [picture.boxes[arrow.tail].heading[:7] for arrow in dashed] == ["layer 1", "layer 2", "layer 3"]


def test_a_neurons_box_shows_what_the_delta_report_says():
    model, loss = small()
    picture = folded(loss, model, fold="neuron").picture
    for unit in [unit for layer in nn.deltas(model).layers for unit in layer]:
        place = f"{unit.layer}.{unit.number}"
        (box,) = [box for box in picture.boxes if box.heading.startswith(f"neuron {place}: ")]
        numbers = [number for _, number in box.rows]
        shown = [f"{x:.4g}" for x in (unit.z, unit.a, unit.delta)]
        assert numbers[:-1] == (shown if unit.layer == 1 else shown[1:])
    titles = [title for title, _ in box_of(picture, "neuron 1.2: tanh").rows]
    assert titles == ["z⁽¹⁾₂", "a⁽¹⁾₂", "δ⁽¹⁾₂", "3 parameters"]


def test_a_layers_box_shows_its_units_and_the_length_of_delta():
    model, loss = small()
    rows = rows_of(folded(loss, model).picture, "layer 1: 3 tanh")
    units = nn.deltas(model).layers[0]
    assert rows["δ₁"] == f"({', '.join(f'{unit.delta:.4g}' for unit in units)})"
    assert rows["‖δ₁‖"] == f"{math.hypot(*[unit.delta for unit in units]):.4g}"


def test_an_arrow_of_one_edge_has_its_local_derivative_which_is_the_weight():
    model, loss = small(inputs=[Value(0.5, "x1"), Value(-1.0, "x2")])
    picture = folded(loss, model, fold="neuron").picture
    labels = {
        (picture.boxes[arrow.tail].heading, picture.boxes[arrow.head].heading): arrow.label for arrow in picture.arrows
    }
    assert labels["x₂", "neuron 1.3: tanh"] == f"{model.parameter('w1_32').data:.4g}"
    assert labels["neuron 1.3: tanh", "neuron 2.1: linear"] == f"{model.parameter('w2_13').data:.4g}"


def test_an_arrow_of_many_edges_has_the_sum_or_the_length_of_what_comes_back():
    x = [Value(0.5, "x1"), Value(-1.0, "x2")]
    model, loss = small(inputs=x)
    picture = folded(loss, model).picture
    assert [arrow.label for arrow in picture.arrows][:2] == [f"Σ {x[0].grad:.4g}", f"Σ {x[1].grad:.4g}"]
    grads = [neuron.last[1].grad for neuron in model.layers[0].neurons]
    assert f"‖Σ‖ {math.hypot(*grads):.4g}" in [arrow.label for arrow in picture.arrows]
    assert picture.legend[0][1].startswith("Σ: adjoint · local derivative")


def test_before_backward_there_is_nothing_to_add_up():
    model = nn.MLP(2, [3, 1], rng=0)
    picture = folded(model([1.0, 2.0]), model).picture
    assert {arrow.label for arrow in picture.arrows} == {""}
    assert picture.legend == []


@pytest.mark.parametrize("name", nn.ACTIVATIONS)
def test_every_activation_is_recognised(name):
    model = nn.MLP(2, [3, 2], rng=0, activation=name, output=name)
    loss = nn.half_squared_error(model([0.5, -1.0]), [1.0, 0.0])
    loss.backward()
    boxes = folded(loss, model).picture.boxes
    assert [box.heading.split(":")[0] for box in boxes[1:3]] == ["layer 1", "layer 2"]
    title, outputs = (
        "z₂ = a₂" if name == "linear" else "a₂",
        [neuron.last[1].data for neuron in model.layers[1].neurons],
    )
    shown = {f"{a:.4g}": None for a in outputs}
    assert dict(boxes[2].rows)[title] == (f"({', '.join(shown)})" if len(shown) > 1 else min(shown))


@pytest.mark.parametrize(
    "function", [lambda z: z * z, lambda z: z if z > 0 else 0.1 * z, lambda z: (1 + tanh(z)) * tanh(z) / 2]
)
def test_an_activation_of_ones_own_is_recognised_by_running_it(function):
    model = nn.MLP(2, [4, 1], rng=0, activation=function)
    loss = model([0.5, -1.0]) * 1.0
    loss.backward()
    places = folded(loss, model).picture.places
    for layer in model.layers:
        assert len({places[x] for neuron in layer.neurons for x in neuron.last}) == 1


def test_what_is_not_recognised_is_drawn_plainly():
    calls = []
    model = nn.Neuron(2, rng=0, activation=lambda z: calls.append(z) or (z * 2.0 if len(calls) == 1 else z * z * z))
    loss = model([0.5, -1.0])
    loss.backward()
    picture = folded(loss, model).picture
    assert headings(picture) == ["(0.5, -1)", "neuron 1", "2", "v₁ = z₁ · 2"]
    assert picture.boxes[-1].kind == "output"


def test_a_softmax_spans_its_layer():
    model, loss = softmax_layer()
    assert "layer 2: 3 softmax" in headings(folded(loss, model).picture)
    picture = folded(loss, model, fold="neuron").picture
    assert {"neuron 2.1", "neuron 2.2", "neuron 2.3", "softmax of layer 2"} <= set(headings(picture))


def test_a_layer_used_one_time_after_another_keeps_its_boxes_and_its_parameters_one_of_their_own():
    cell, loss = recurrent()
    picture = folded(loss, cell).picture
    found = [heading for heading in headings(picture) if "layer 1" in heading]
    assert found == [
        "parameters of layer 1",
        "layer 1: 2 tanh",
        "layer 1, use 2: 2 tanh",
        "layer 1, use 3: 2 tanh",
    ]
    assert headings(picture)[-1] == "v₁ = a⁽¹⁾₁′′ · a⁽¹⁾₂′′"


def test_the_units_of_a_skip_connection_meet_in_one_sum():
    model, loss = skipped()
    assert "v₁ = a₁ + a₂" in headings(folded(loss, model).picture)


def test_inputs_that_are_values_stay_apart_and_samples_of_them_fold():
    model, loss = value_rows()
    picture = folded(loss, model).picture
    assert [box.heading for box in picture.boxes if box.kind == "input"] == ["x₁", "x₂"]
    assert rows_of(picture, "x₁")["data"] == "(1, 0.5, -0.3)"
    assert ("× 3", "") in box_of(picture, "x₁").rows


def test_many_inputs_are_one_box():
    model = nn.MLP(12, [2, 1], rng=0)
    loss = model([Value(i / 12, f"x{i}") for i in range(12)]) + model([1.0] * 12)
    loss.backward()
    picture = folded(loss, model).picture
    assert [box.heading for box in picture.boxes if box.kind in ("input", "constant")] == ["x₀ … x₁₁", "12 numbers"]


def test_several_outputs_fold_too():
    model = nn.MLP(2, [3, 1], rng=0)
    picture = folded([model(x) for x, _ in ROWS], model).picture
    assert headings(picture)[1:] == ["layer 1: 3 ReLU", "layer 2: 1 linear"]
    assert [box.final for box in picture.boxes] == [False, False, True]


def test_two_terms_without_anything_in_common_stay_what_they_are():
    model, loss = small()
    a, b, c = (Value(1.0, name) for name in "abc")
    whole = loss + a * b + a * c
    whole.backward()
    found = headings(folded(whole, model).picture)
    assert {"a", "b", "c"} <= set(found)
    assert sum("a · " in heading for heading in found) == 2


def test_fold_none_draws_every_node_in_the_frame_of_its_unit():
    model, loss = small()
    picture = folded(loss, model, fold="none").picture
    assert len(set(picture.places.values())) == len(picture.places)
    assert [frame.title for frame in picture.frames] == [
        "layer 1: 3 tanh",
        "neuron 1.1: tanh",
        "neuron 1.2: tanh",
        "neuron 1.3: tanh",
        "layer 2: 1 linear",
    ]
    for frame, neuron in zip(picture.frames[1:4], model.layers[0].neurons, strict=True):
        assert frame.parent == 0
        assert set(frame.members) == {picture.places[x] for x in (*neuron.parameters(), *neuron.last)}


@pytest.mark.parametrize(
    ("opened", "frames"),
    [
        ("layers.0", ["layer 1: 3 tanh"]),
        ("layers.0.neurons.2", ["neuron 1.3: tanh"]),
        (["layers.0", "layers.0.neurons.2"], ["layer 1: 3 tanh", "neuron 1.3: tanh"]),
        (["layers.1", "layers.0.neurons.0"], ["neuron 1.1: tanh", "layer 2: 1 linear"]),
    ],
)
def test_opened_parts_stand_in_frames_among_folded_ones(opened, frames):
    model, loss = small()
    drawing = folded(loss, model, open=opened)
    assert [frame.title for frame in drawing.picture.frames] == frames
    assert "layer 2: 1 linear" in [*headings(drawing.picture), *frames]
    drawn = assert_sound(drawing.svg())
    assert len(drawn.frames) == len(frames)
    assert sum(f'label="{title}"' in drawing.source for title in frames) == len(frames)


def test_parts_are_opened_by_module_as_well():
    model, loss = small()
    by_path = folded(loss, model, fold="neuron", open="layers.0.neurons.1")
    assert folded(loss, model, fold="neuron", open=[model.layers[0].neurons[1]]).svg() == by_path.svg()
    assert [frame.title for frame in by_path.picture.frames] == ["neuron 1.2: tanh"]
    assert "(0.5, -1)" in headings(folded(loss, model, open="layers.0.neurons.1").picture)
    assert "layer 1: 2 of 3 tanh" in headings(folded(loss, model, open="layers.0.neurons.1").picture)


def test_dot_draws_a_cluster_for_each_frame():
    if not programs.has_dot():
        pytest.skip("Graphviz's dot is not installed; .ci/run installs it")
    model, loss = small()
    svg = diagram(loss, engine="dot", model=model, fold="none").svg()
    assert svg.count('class="cluster"') == 5


def test_folding_changes_nothing_in_the_model_or_the_graph():
    model, loss = small("selu")
    before = [(node, node.data, node.grad, node.name) for node in topological_order(loss)]
    last = [neuron.last for layer in model.layers for neuron in layer.neurons]
    folded(loss, model).svg()
    assert [(node, node.data, node.grad, node.name) for node in topological_order(loss)] == before
    assert [neuron.last for layer in model.layers for neuron in layer.neurons] == last


def test_a_folded_drawing_is_the_same_bytes_in_every_process():
    code = (
        "import sys; sys.path.insert(0, 'tests'); sys.stdout.reconfigure(encoding='utf-8');"
        "from test_folding import *; model, loss = skipped();"
        "print(*[d.svg() + d.source for fold in ('layer', 'neuron', 'none') for d in [folded(loss, model, fold=fold)]])"
    )
    outputs = outputs_by_hash_seed(code, "0", "1")
    assert len(outputs) == 1


def test_a_graph_of_a_hundred_thousand_nodes_folds_and_is_otherwise_refused():
    model, (x, t) = nn.MLP(2, [8, 8, 1], rng=0), ROWS[0]
    loss = sum(nn.squared_error(model(x), t) for _ in range(2400))
    loss.backward()
    with pytest.raises(ValueError, match=r"has 93 \d+ nodes, more .* pass model=.*fold|fold it with model="):
        diagram(loss)
    with pytest.raises(ValueError, match="fold it with fold='layer', draw a part of it, or pass limit="):
        folded(loss, model, fold="none")
    assert len(folded(loss, model).picture.boxes) < 12


def test_a_deep_graph_beside_the_model_is_no_harm():
    model, loss = small()
    for _ in range(100_000):
        loss = tanh(loss)
    with pytest.raises(ValueError, match=r"has 100 0\d\d nodes, and 100 0\d\d boxes when folded; draw a part of it"):
        folded(loss, model)


def test_a_picture_that_stays_large_names_the_fold_that_helps():
    model, loss = moons_loss(1)
    with pytest.raises(ValueError, match="and 47 boxes when folded; draw fold='layer', or a part of it"):
        folded(loss, model, fold="neuron", limit=40)


def test_a_model_without_layers_is_drawn_plainly():
    class Line(nn.Module):
        def __init__(self):
            self.slope = nn.Parameter(2.0, "m")

    line = Line()
    f = line.slope * 3.0
    f.backward()
    assert [box.lines for box in folded(f, line).picture.boxes] == [box.lines for box in diagram(f).picture.boxes]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"open": "layers.7"}, ValueError, r"no part str 'layers.7' to open in this model; did you mean 'layers.\d'"),
        ({"open": 3}, ValueError, "no part int 3 to open in this model; it has layers.0, layers.0.neurons.0"),
        ({"open": nn.Neuron(1)}, ValueError, "no part Neuron"),
        ({"fold": "unit"}, ValueError, "expected fold 'neuron', 'layer' or 'none', got 'unit'"),
        ({"model": 3}, TypeError, "expected a model whose layers can be folded, such as an nn.MLP, got int 3"),
        ({"model": nn.MLP(2, [1])}, ValueError, "this model has no part in the graph"),
        ({"model": None, "fold": "layer"}, ValueError, r"fold takes a model as well: diagram\(f, model=…\)"),
        ({"model": None, "open": "layers.0"}, ValueError, "open takes a model as well"),
    ],
)
def test_what_cannot_be_folded_is_said(options, error, message):
    model, loss = small()
    with pytest.raises(error, match=message):
        folded(loss, **{"model": model, **options})


def test_a_label_of_a_part_can_hold_anything():
    model = nn.MLP(2, [2, 1], rng=0, activation=nn.activations.Activation("odd", '<script>"\n&', tanh))
    loss = model([1.0, 2.0]) * 1.0
    for fold in ("layer", "neuron", "none"):
        drawing = folded(loss, model, fold=fold)
        assert_sound(drawing.svg())
        assert "<script" not in drawing.svg()
        if programs.has_dot():
            assert "script" in programs.rendered(drawing.digraph, "svg").decode()


def test_a_folded_picture_is_a_picture():
    model, loss = small()
    picture = folded(loss, model).picture
    assert isinstance(picture, FoldedPicture)
    assert picture.called(loss) == "L"
    assert [picture.called(x) for x in model.layers[0].neurons[0].last] == ["z⁽¹⁾₁", "a⁽¹⁾₁"]


def weights_elsewhere(neuron, x):
    """Other uses of a neuron's own weights, each nearly its net."""
    w, b = neuron.w, neuron.b
    return [dot(w, x), dot(w[::-1], x, b), dot(x, w, b), dot([w[0], w[0]], x, b), w[0] * x[0] + w[1] * x[1] + b]


def test_what_is_nearly_a_neurons_net_is_not_taken_for_it():
    neuron, x = nn.Neuron(2, rng=0, nonlin=False), [Value(0.5, "x1"), Value(2.0, "x2")]
    loss = neuron(x) + sum(weights_elsewhere(neuron, x))
    loss.backward()
    picture = folded(loss, neuron).picture
    assert {use.z for use in picture.items.found} == {neuron.last[0]}
    assert headings(picture).count("neuron 1: linear") == 1


@pytest.mark.parametrize(
    "nearly",
    [
        lambda z: 0.25 * (1.0 + tanh(z)),
        lambda z: 0.5 * (2.0 + tanh(z)),
        lambda z: 0.5 * (1.0 + sigmoid(z)),
        lambda z: 0.5 * (Value(1.0, "one") + tanh(z)),
        lambda z: (1.0 + tanh(z)) * 0.5,
    ],
)
def test_what_is_nearly_an_activation_is_not_taken_for_it(nearly):
    neuron = nn.Neuron(2, rng=0, activation="half_tanh")
    loss = nearly(neuron.pre_activation([0.5, 2.0])) * 1.0
    loss.backward()
    (use,) = folded(loss, neuron).picture.items.found
    assert use.a is None
    assert "neuron 1" in headings(folded(loss, neuron).picture)


@pytest.mark.parametrize(
    "function",
    [lambda z: z.nonsense(), lambda z: 1.0, lambda z: z if z < 0 else (z, z)],
    ids=["raises", "number", "two"],
)
def test_an_activation_that_cannot_be_run_again_is_left_out(function):
    neuron = nn.Neuron(2, rng=0)
    loss = neuron.pre_activation([0.5, 2.0]) * 3.0
    loss.backward()
    neuron.activation = nn.activations.Activation("odd", "odd", function)
    assert headings(folded(loss, neuron).picture)[1] == "neuron 1"


def test_an_activation_may_have_a_constant_of_its_own():
    neuron = nn.Neuron(2, rng=0, activation=lambda z: Value(0.5) * z * z)
    loss = neuron([0.5, 2.0]) * 1.0
    loss.backward()
    picture = folded(loss, neuron).picture
    assert [box.kind for box in picture.boxes] == ["constant", "neuron", "constant", "output"]


def test_a_folded_model_can_be_drawn_where_nothing_is_recorded():
    model, loss = small("gelu")
    with no_grad():
        assert folded(loss, model).svg() == folded(loss, model).svg()
        assert "layer 1: 3 GELU" in headings(folded(loss, model).picture)
