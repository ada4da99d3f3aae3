"""nn: micrograd's constructors and order of parameters, initializers, SGD, the two-moons demo to the last digits."""

import random
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

import nn
from autograd import Value, gradient
from nn import MLP, SGD, Layer, Module, Neuron, Parameter, hinge, moons, normal, squared_norm, uniform, zeros
from nn.__main__ import main

ROOT = Path(__file__).parents[1]


def micrograd_weights(nin, nouts):
    """The parameters in the order in which micrograd draws and lists them: unit by unit, weights, then a bias of 0."""
    return [
        random.uniform(-1, 1) if i < fan_in else 0.0
        for fan_in, units in zip([nin, *nouts], nouts, strict=False)
        for _ in range(units)
        for i in range(fan_in + 1)
    ]


def test_an_mlp_is_micrograds_draw_for_draw():
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    random.seed(1337)
    assert [p.data for p in model.parameters()] == micrograd_weights(2, [16, 16, 1])
    assert len(model.parameters()) == 337


def test_hidden_layers_are_relu_and_the_last_is_linear():
    model = MLP(3, [4, 2], rng=4)
    x = [0.5, -1.0, 2.0]
    hidden = [
        max(0.0, sum(w.data * v for w, v in zip(n.w, x, strict=True)) + n.b.data) for n in model.layers[0].neurons
    ]
    expected = [sum(w.data * h for w, h in zip(n.w, hidden, strict=True)) + n.b.data for n in model.layers[1].neurons]
    assert [out.data for out in model(x)] == pytest.approx(expected, rel=1e-14)
    assert min(expected) < 0


def test_a_neuron_has_w_and_b_and_one_node_for_its_sum():
    neuron = Neuron(2, nonlin=False, rng=0)
    x = [Value(1.0), Value(-2.0)]
    z = neuron(x)
    assert z.data == (neuron.b.data + neuron.w[0].data * 1.0) + neuron.w[1].data * -2.0
    assert z.inputs == (*neuron.w, *x, neuron.b)
    assert neuron.parameters() == [*neuron.w, neuron.b]


def test_gradients_of_a_layer_are_the_outer_product_of_delta_and_input():
    layer = Layer(2, 3, nonlin=False, rng=0)
    outputs = layer([5.0, 7.0])
    sum(k * out for k, out in enumerate(outputs, 1)).backward()
    assert [p.grad for p in layer.parameters()] == [5.0, 7.0, 1.0, 10.0, 14.0, 2.0, 15.0, 21.0, 3.0]


def test_parameters_are_parameters_and_bear_the_names_of_the_course():
    model = MLP(2, [5, 1], rng=0)
    assert all(type(p) is Parameter and p.role == "parameter" for p in model.parameters())
    assert model.layers[0].neurons[4].w[1].name == "w1_52"  # G1: second input, fifth hidden unit
    assert model.layers[1].neurons[0].b.name == "b2_1"
    assert MLP(2, [12, 1], rng=0).layers[0].neurons[11].w[0].name == "w1_12,1"
    assert [p.name for p in Neuron(2, rng=0).parameters()] == ["w1", "w2", "b"]
    assert len({p.name for p in MLP(12, [12, 12], rng=0).parameters()}) == 2 * 12 * 13


def test_inputs_may_be_numbers_values_iterators_or_a_scalar_for_one_input():
    model = MLP(2, [3, 1], rng=0)
    assert model([1, 2.0]).data == model([Value(1.0), Value(2.0)]).data == model(iter([1, 2])).data
    assert MLP(1, [1], rng=0)(2.0).data == MLP(1, [1], rng=0)([2.0]).data


@pytest.mark.parametrize("width", [0, 1, 3])
def test_an_input_of_the_wrong_width_is_refused(width):
    with pytest.raises(ValueError, match=f"^a neuron with 2 inputs got {width}$"):
        MLP(2, [3, 1], rng=0)([1.0] * width)


def test_the_same_seed_gives_the_same_numbers_and_leaves_pythons_random_alone():
    state = random.getstate()
    assert [p.data for p in MLP(2, [3, 1], rng=5).parameters()] == [p.data for p in MLP(2, [3, 1], rng=5).parameters()]
    rng = random.Random(5)
    assert [p.data for p in MLP(2, [3, 1], rng=rng).parameters()] == [
        p.data for p in MLP(2, [3, 1], rng=5).parameters()
    ]
    assert random.getstate() == state
    assert [p.data for p in MLP(2, [3, 1], rng=5).parameters()] != [p.data for p in MLP(2, [3, 1], rng=6).parameters()]


def test_initializers_draw_what_they_say():
    rng = random.Random(0)
    drawn = [uniform(2.0, 3.0)(7, rng) for _ in range(2000)]
    assert 2.0 <= min(drawn) < 2.01
    assert 2.99 < max(drawn) <= 3.0
    for gain in (1.0, 2.0):
        drawn = [normal(gain)(8, rng) for _ in range(20_000)]
        assert statistics.variance(drawn) == pytest.approx(gain / 8, rel=0.05)
        assert abs(statistics.mean(drawn)) < 0.01
    assert [p.data for p in MLP(2, [2, 1], init=zeros()).parameters()] == [0.0] * 9


def test_sgd_moves_against_the_gradient_by_its_learning_rate():
    w, b = Parameter(1.0), Parameter(2.0)
    optimizer = SGD([w, b], learning_rate=0.5)
    (3 * w + b * b).backward()
    optimizer.step()
    assert (w.data, b.data) == (1.0 - 0.5 * 3, 2.0 - 0.5 * 4)
    optimizer.learning_rate = 0.25
    optimizer.step()
    assert w.data == 1.0 - 0.75 * 3
    optimizer.zero_grad()
    assert (w.grad, b.grad) == (0.0, 0.0)


def test_zero_grad_of_a_module():
    model = MLP(2, [2, 1], rng=0)
    model([1.0, 2.0]).backward()
    assert any(p.grad for p in model.parameters())
    model.zero_grad()
    assert not any(p.grad for p in model.parameters())
    assert Module().parameters() == []


def test_hinge_and_squared_norm():
    s = Value(0.25)
    assert gradient(hinge(s, 1), s) == -1.0
    assert gradient(hinge(s, -1), s) == 1.0
    assert gradient(hinge(Value(3.0), 1), s) == 0.0
    p = [Parameter(3.0), Parameter(-4.0)]
    norm = squared_norm(p)
    assert norm.data == 25.0
    assert gradient(norm, p) == [6.0, -8.0]


@pytest.mark.parametrize("target", [0, 2, 0.5, "cat", None])
def test_hinge_refuses_targets_that_are_no_class(target):
    with pytest.raises(ValueError, match=r"^hinge takes a target of -1 or 1, got "):
        hinge(Value(1.0), target)


def test_a_network_prints_as_its_layers_and_parameters():
    assert repr(MLP(2, [16, 16, 1], rng=0)) == "MLP(2 → 16 ReLU → 16 ReLU → 1 linear, 337 parameters)"
    assert repr(Layer(2, 3, rng=0)) == "Layer(2 → 3 ReLU, 9 parameters)"
    assert repr(Neuron(2, nonlin=False, rng=0)) == "Neuron(2 → linear, 3 parameters)"


def test_the_two_moons_are_scikit_learns_after_numpys_seed():
    import numpy
    from sklearn.datasets import make_moons

    before = numpy.random.get_state()
    numpy.random.seed(1337)
    x, y = make_moons(n_samples=100, noise=0.1)
    numpy.random.set_state(before)
    assert moons.points() == (x.tolist(), (y * 2 - 1).tolist())


def micrograds_notebook(value, mlp, x, y):
    """The training loop as micrograd's demo notebook has it, sums of products and all; gives the losses."""
    random.seed(1337)
    model = mlp(2, [16, 16, 1])
    losses = []
    for k in range(100):
        inputs = [list(map(value, row)) for row in x]
        scores = list(map(model, inputs))
        data_loss = sum((1 + -yi * score).relu() for yi, score in zip(y, scores, strict=True)) * (1.0 / len(y))
        loss = data_loss + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * k / 100) * p.grad
        losses.append(loss.data)
    return losses


FIRST, LAST = 0.8958441028683222, 0.0109783701354927  # micrograd's demo


def test_the_two_moons_demo_reaches_micrograds_loss():
    losses = [step.loss for step in moons.train(moons.network(), *moons.points())]
    assert losses[0] == pytest.approx(FIRST, rel=1e-15)
    assert losses[-1] == pytest.approx(LAST, rel=1e-9)
    assert len(losses) == 100


def test_micrograds_own_notebook_loop_reaches_it_too():
    losses = micrograds_notebook(Value, MLP, *moons.points())
    assert losses[0] == pytest.approx(FIRST, rel=1e-15)
    assert losses[-1] == pytest.approx(LAST, rel=1e-9)


def test_micrograds_draw_dot_finds_its_way_through_the_graph():
    """`trace` as people write it by hand, over `_prev`, `_op`, `data`, `grad`."""
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    x = Value(2.0)
    build((x * 3 + 1).relu())
    assert sorted((n._op, n.data, n.grad) for n in nodes) == [
        ("", 1.0, 0.0),
        ("", 2.0, 0.0),
        ("", 3.0, 0.0),
        ("*", 6.0, 0.0),
        ("+", 7.0, 0.0),
        ("ReLU", 7.0, 0.0),
    ]
    assert len(edges) == 5


def test_the_command_line_trains_and_draws(tmp_path, capsys):
    path = tmp_path / "moons.png"
    assert main(["moons", "--steps", "11", "--output", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("MLP(2, [16, 16, 1]): 337 parameters, 100 points\nstep   0   loss 0.895844   accuracy  50%\n")
    assert "loss 0.8958441028683222 at the first step, " in out
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("steps", ["0", "-3", "many", "1.5"])
def test_the_command_line_refuses_a_number_of_steps_that_is_none(steps, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["moons", f"--steps={steps}"])
    assert stop.value.code == 2
    assert f"expected a whole number from 1 up, got '{steps}'" in capsys.readouterr().err


@pytest.mark.parametrize("output", ["moons.txt", "no/such/folder/moons.png"])
def test_the_command_line_says_why_it_cannot_write(output, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(["moons", "--steps", "1", "--output", output]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"cannot write {output}: ")
    assert len(error.splitlines()) == 1


def test_the_command_line_names_the_extra_that_is_missing(tmp_path):
    code = "import sys; sys.modules['matplotlib'] = None; from nn.__main__ import main; sys.exit(main(['moons']))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 2
    assert found.stderr.startswith(
        "python -m nn moons needs scikit-learn and Matplotlib: pip install 'pathgrad[notebooks]'"
    )


def test_nn_says_what_it_offers():
    assert {"MLP", "Layer", "Neuron", "Module", "SGD", "uniform"} <= set(nn.__all__)
