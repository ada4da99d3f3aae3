"""Saved models: a JSON file with the architecture and every parameter by its path, readable, and exact to the bit."""

from __future__ import annotations

import json
import math
import os
import tempfile
from pathlib import Path
from typing import Any

from .activations import ACTIVATIONS, Activation
from .layers import Layer
from .module import Module
from .networks import MLP, Sequential, Skip
from .standardizer import Standardizer
from .units import GaussianLayer, Perceptron

FORMAT, VERSION = "pathgrad model", 1


class ModelFileError(ValueError):
    """The file holds no model that this version can read; the message says why."""


def save(
    model: Module, path: str | os.PathLike[str], standardizer: Standardizer | None = None, classes: Any = None
) -> str:
    """Write the model to a JSON file; gives back its path.

    `standardizer` and `classes` (names) travel along: `load` puts them on the model, under these names. The file is
    complete or not written at all. ValueError: a part of the model has no name to be saved under (a lambda, a class
    of your own).

    >>> import os, tempfile
    >>> from nn import MLP
    >>> model = MLP(2, [3, 1], rng=0)
    >>> path = save(model, os.path.join(tempfile.mkdtemp(), "model.json"))
    >>> [p.data for p in load(path).parameters()] == [p.data for p in model.parameters()]
    True
    """
    standardizer = standardizer or model.standardizer
    classes = model.classes if classes is None else classes
    content = {
        "format": FORMAT,
        "version": VERSION,
        "architecture": described(model),
        "parameters": {name: _written(p.data) for name, p in model.named_parameters().items()},
        "standardizer": standardizer.to_dict() if standardizer else None,
        "classes": list(classes) if classes is not None else None,
    }
    file = Path(path)
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    handle, scratch = tempfile.mkstemp(dir=file.parent, prefix=file.name, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        os.replace(scratch, file)
    except BaseException:
        os.unlink(scratch)
        raise
    return str(file)


def load(path: str | os.PathLike[str], into: Module | None = None) -> Module:
    """The model in that file, or its parameters put into a model of the same architecture.

    ModelFileError: the file is cut off, edited, of another shape or of a later version; then `into` is untouched.
    """
    file = Path(path)
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelFileError(f"{file.name} is not whole: {error}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ModelFileError(f'{file.name} is no pathgrad model: it does not say "format": "{FORMAT}"')
    version = content.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise ModelFileError(f"{file.name} is of version {version!r}, this pathgrad reads up to {VERSION}; update it")
    try:
        model: Module = built(content["architecture"])
        numbers = {name: _read(name, x) for name, x in content["parameters"].items()}
        standardizer = Standardizer.from_dict(content["standardizer"]) if content.get("standardizer") else None
    except ModelFileError as error:
        raise ModelFileError(f"{file.name}: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelFileError(f"{file.name} was edited or damaged: {type(error).__name__} {error}") from None
    if list(expected := model.named_parameters()) != list(numbers):
        differing = [n for n in [*expected, *numbers] if (n in expected) != (n in numbers)] or ["their order"]
        raise ModelFileError(
            f"{file.name} has other parameters than its architecture; the first that differs: {differing[0]}"
        )
    if into is not None:
        if described(into) != content["architecture"]:
            raise ModelFileError(f"{file.name} holds {model!r}, which does not fit into {into!r}")
        model = into
    named = model.named_parameters()
    for name, x in numbers.items():
        named[name].data = x
    model.standardizer, model.classes = standardizer, content.get("classes")
    return model


def described(module: Any) -> dict[str, Any]:
    """The architecture as plain data. ValueError: a part has no name to be saved under."""
    if isinstance(module, MLP | Layer):
        layers = module.layers if isinstance(module, MLP) else [module]
        return {
            "kind": type(module).__name__,
            "inputs": layers[0].nin,
            "widths": [len(layer.neurons) for layer in layers],
            "activations": [_name(layer.activation) for layer in layers],
            "bias": layers[0].neurons[0].bias,
        }
    if isinstance(module, GaussianLayer):
        return {"kind": "GaussianLayer", "inputs": module.nin, "units": len(module.centers)}
    if isinstance(module, Perceptron):
        return {"kind": "Perceptron", "inputs": len(module.w)}
    if isinstance(module, Sequential):
        return {"kind": "Sequential", "stages": [described(stage) for stage in module.stages]}
    if isinstance(module, Skip):
        return {"kind": "Skip", "inner": described(module.inner)}
    for name, row in ACTIVATIONS.items():
        if row.function is module:
            return {"kind": "activation", "name": name}
    raise ValueError(f"{module!r} cannot be saved: only nn's own modules and activations have a name in a file")


def built(architecture: dict[str, Any]) -> Any:
    """The module of that description; its parameters are 0."""
    kind, zero = architecture["kind"], lambda fan_in, rng: 0.0
    if kind == "MLP":
        a = architecture
        return MLP(a["inputs"], a["widths"], zero, activation=a["activations"], bias=a["bias"])
    if kind == "Layer":
        a = architecture
        return Layer(a["inputs"], a["widths"][0], init=zero, activation=a["activations"][0], bias=a["bias"])
    if kind == "GaussianLayer":
        return GaussianLayer(architecture["inputs"], architecture["units"], zero)
    if kind == "Perceptron":
        return Perceptron(architecture["inputs"])
    if kind == "Sequential":
        return Sequential(*map(built, architecture["stages"]))
    if kind == "Skip":
        return Skip(built(architecture["inner"]))
    if kind == "activation":
        return ACTIVATIONS[architecture["name"]].function
    raise ModelFileError(f"there is no kind of module {kind!r}; was it saved by a later version?")


def _name(activation: Activation) -> str:
    if ACTIVATIONS.get(activation.name) is not activation:
        raise ValueError(f"the activation {activation.label!r} is a function of your own, which a file cannot hold")
    return activation.name


def _written(x: float) -> float | str:
    return x if math.isfinite(x) else str(x)  # JSON has no inf and nan


def _read(name: str, x: Any) -> float:
    if isinstance(x, bool) or (not isinstance(x, float | int) and x not in ("nan", "inf", "-inf")):
        raise ModelFileError(f"parameter {name} is {x!r}, not a number")
    return float(x)
