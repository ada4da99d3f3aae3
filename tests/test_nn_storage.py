"""Saved models come back to the bit, and a file that is no whole model says so and harms nothing."""

import json
import os
import random

import pytest

from nn import MLP, GaussianLayer, Layer, Module, Perceptron, Sequential, Skip, load, save
from nn.activations import leaky_relu
from nn.standardizer import Standardizer
from nn.storage import ModelFileError

MODELS = {
    "MLP": lambda: MLP(2, [3, 1], rng=0),
    "MLP of many kinds": lambda: MLP(3, [4, 3, 2], activation=["tanh", "half tanh", "softmax"], rng=0),
    "without bias": lambda: MLP(2, [3, 1], activation="relu", bias=False, rng=0),
    "bias as an input": lambda: MLP(2, [3, 1], bias="x0", rng=0),
    "Layer": lambda: Layer(2, 3, activation="gelu", rng=0),
    "GaussianLayer": lambda: GaussianLayer(2, 3, rng=0),
    "Perceptron": lambda: Perceptron(2),
}


def numbers(model):
    return {name: p.data for name, p in model.named_parameters().items()}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_a_model_comes_back_to_the_bit(make, tmp_path):
    model = make()
    rng = random.Random(5)
    for p in model.parameters():
        p.data = rng.uniform(-1, 1) * 10.0 ** rng.randint(-300, 300)
    again = load(save(model, tmp_path / "model.json"))
    assert repr(again) == repr(model)
    assert numbers(again) == numbers(model)
    assert [p.name for p in again.parameters()] == [p.name for p in model.parameters()]


def test_a_sequence_of_modules_and_activations_comes_back(tmp_path):
    model = Sequential(Skip(Layer(2, 2, rng=0)), MLP(2, [1], rng=1), leaky_relu)
    again = load(save(model, tmp_path / "model.json"))
    assert again([1.0, -2.0]).data == model([1.0, -2.0]).data


def test_weights_that_are_no_finite_numbers_come_back_too(tmp_path):
    model = MLP(1, [1], rng=0)
    model.layers[0].set([[float("inf")]], [float("-inf")])
    again = load(save(model, tmp_path / "model.json"))
    assert numbers(again) == numbers(model)


def test_the_file_can_be_read_by_people(tmp_path):
    path = save(MLP(1, [1], init=lambda fan_in, rng: 0.1), tmp_path / "model.json")
    content = json.loads((tmp_path / "model.json").read_text())
    assert path == str(tmp_path / "model.json")
    assert content["parameters"] == {"layers.0.neurons.0.w.0": 0.1, "layers.0.neurons.0.b": 0.0}
    assert content["architecture"] == {
        "kind": "MLP",
        "inputs": 1,
        "widths": [1],
        "activations": ["linear"],
        "bias": True,
    }


def test_standardizer_and_class_names_travel_along(tmp_path):
    standardizer = Standardizer().fit([[1.0, 5.0], [2.0, 5.0], [4.0, 5.0]])
    save(MLP(2, [2], rng=0), tmp_path / "model.json", standardizer, classes=["cat", "dog"])
    again = load(tmp_path / "model.json")
    assert again.classes == ["cat", "dog"]
    assert again.standardizer.transform([[3.0, 5.0]]) == standardizer.transform([[3.0, 5.0]])
    once_more = load(save(again, tmp_path / "again.json"))
    assert (once_more.classes, once_more.standardizer.to_dict()) == (["cat", "dog"], standardizer.to_dict())


def edited(change):
    def edit(text):
        content = json.loads(text)
        change(content)
        return json.dumps(content)

    return edit


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda text: text[: len(text) // 2], "model.json is not whole: "),
        (lambda text: "", "model.json is not whole: "),
        (lambda text: "[1, 2]", 'is no pathgrad model: it does not say "format"'),
        (lambda text: '{"weights": 3}', "is no pathgrad model"),
        (edited(lambda c: c.update(version=99)), "is of version 99, this pathgrad reads up to 1; update it"),
        (edited(lambda c: c.update(version="1")), "is of version '1'"),
        (edited(lambda c: c.pop("parameters")), "was edited or damaged: KeyError 'parameters'"),
        (edited(lambda c: c["parameters"].pop("layers.0.neurons.0.w.1")), "first that differs: layers.0.neurons.0.w.1"),
        (edited(lambda c: c["parameters"].update({"extra": 1.0})), "first that differs: extra"),
        (edited(lambda c: c["parameters"].update({"layers.0.neurons.0.b": "big"})), "is 'big', not a number"),
        (edited(lambda c: c["parameters"].update({"layers.0.neurons.0.b": True})), "is True, not a number"),
        (edited(lambda c: c["architecture"].update(widths=[4, 1])), "other parameters than its architecture"),
        (edited(lambda c: c["architecture"].update(widths=[])), "was edited or damaged: ValueError"),
        (edited(lambda c: c["architecture"].update(kind="RNN")), "there is no kind of module 'RNN'"),
        (edited(lambda c: c["architecture"].update(activations=["relu", "swish"])), "there is no activation 'swish'"),
        (edited(lambda c: c.update(architecture=[])), "was edited or damaged: TypeError"),
        (edited(lambda c: c.update(parameters=[1.0])), "was edited or damaged: AttributeError"),
    ],
)
def test_a_file_that_is_no_whole_model_gives_one_clear_error_and_leaves_the_model_alone(edit, message, tmp_path):
    model = MLP(2, [3, 1], rng=0)
    path = tmp_path / "model.json"
    save(MLP(2, [3, 1], rng=1), path)
    path.write_text(edit(path.read_text()))
    before = numbers(model)
    with pytest.raises(ModelFileError) as raised:
        load(path, into=model)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert numbers(model) == before


def test_a_file_is_loaded_into_a_model_of_its_shape_alone(tmp_path):
    path = save(MLP(2, [3, 1], rng=1), tmp_path / "model.json")
    model, other = MLP(2, [3, 1], rng=0), MLP(2, [3, 2], rng=0)
    assert load(path, into=model) is model
    assert numbers(model) == numbers(MLP(2, [3, 1], rng=1))
    before = numbers(other)
    with pytest.raises(ModelFileError, match=r"which does not fit into MLP\(2 → 3 ReLU → 2 linear, 17 parameters\)$"):
        load(path, into=other)
    assert numbers(other) == before


def test_a_save_that_fails_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    path = tmp_path / "model.json"
    save(MLP(2, [1], rng=0), path)
    before = path.read_text()

    def fails(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        save(MLP(2, [1], rng=1), path)
    assert path.read_text() == before
    assert [p.name for p in tmp_path.iterdir()] == ["model.json"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: MLP(2, [1, 1], activation=lambda z: z * z),
        lambda: Sequential(MLP(2, [1]), lambda x: x),
        lambda: Module(),
    ],
    ids=["activation", "stage", "module"],
)
def test_what_has_no_name_cannot_be_saved_and_nothing_is_written(make, tmp_path):
    with pytest.raises(ValueError, match=r"cannot be saved|cannot hold"):
        save(make(), tmp_path / "model.json")
    assert list(tmp_path.iterdir()) == []
