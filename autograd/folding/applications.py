"""Applications: each time that a unit of a model computed its z and a, found in the graph without any record of it."""

from __future__ import annotations

from ..op import Op
from ..value import Value
from .matching import Pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .matching import Consumers

    Edge = tuple[Value, int]


class Part:
    """A layer or a unit of the model, numbered; `units` of a layer that is one itself holds just it.

    It reads what nn tells of its modules: path, label, note, parameters, parts, inputs, net, activation, of_layer.
    """

    def __init__(self, told: Any, number: int) -> None:
        self.told, self.number = told, number
        self.path, self.label, self.note = str(told.path), str(told.label), str(told.note)
        self.parameters: list[Value] = list(told.parameters)
        self.alone = not told.parts
        self.units = [Part(unit, i) for i, unit in enumerate(told.parts)]


class Application:
    """One unit at work: z, a (None where the activation was not recognised), its nodes, and what it read where.

    `layer` and `unit` are numbers; `unit` is None for the activation of a whole layer, which has no z but `a` of all.
    """

    __slots__ = ("a", "inputs", "layer", "nodes", "outputs", "reads", "unit", "z")

    def __init__(self, layer: int, unit: int | None, nodes: Sequence[Value], reads: dict[Edge, int]) -> None:
        self.layer, self.unit, self.nodes, self.reads = layer, unit, list(nodes), reads
        self.z: Value | None = None
        self.a: Value | None = None
        self.inputs: tuple[Value | float | None, ...] = ()
        self.outputs: list[Value] = []


def applications(layers: Sequence[Part], order: Sequence[Value]) -> list[Application]:
    """All of them, layer by layer and unit by unit, each node in one at the most."""
    known = set(order)
    consumers: dict[Value, list[Value]] = {}
    for node in order:
        for x in dict.fromkeys(node.inputs):
            if x.__class__ is not float:
                consumers.setdefault(x, []).append(node)  # type: ignore[arg-type]
    found: list[Application] = []
    taken: set[Value] = set()
    for layer in layers:
        together: dict[Any, list[Application]] = {}  # those that read the same: the units of a layer at work
        for unit in layer.units or [layer]:
            turns: dict[Any, int] = {}  # two equal rows of numbers read the same as well
            for application in _of_unit(layer.number, unit, known, consumers):
                if taken.isdisjoint(application.nodes):
                    taken.update(application.nodes)
                    found.append(application)
                    turns[application.inputs] = turn = turns.get(application.inputs, 0) + 1
                    together.setdefault((turn, application.inputs), []).append(application)
        if layer.told.of_layer:
            for group in together.values():
                if len(group) == len(layer.units):  # otherwise the activation is not that of the whole layer
                    spanning = _of_layer(layer, group, known, consumers)
                    if spanning is not None and taken.isdisjoint(spanning.nodes):
                        taken.update(spanning.nodes)
                        found.append(spanning)
    return found


def _of_unit(layer: int, unit: Part, known: set[Value], consumers: Consumers) -> list[Application]:
    net, function = unit.told.net, unit.told.activation
    if net is None or known.isdisjoint(unit.parameters):
        return []
    pattern = Pattern(lambda xs: [net(xs)], [0.0] * unit.told.inputs, known)
    found = []
    for match in (pattern.matches(consumers) or [[]])[0]:
        z = match.top
        application = Application(layer, unit.number, list(match.nodes), match.reads)
        application.z = application.a = z
        application.inputs = tuple(match.inputs.get(i) for i in range(unit.told.inputs))
        if function is not None:
            application.a, nodes = _activated(function, z, known, consumers)
            application.nodes += nodes
        found.append(application)
    return found


def _activated(function: Any, z: Value, known: set[Value], consumers: Consumers) -> tuple[Value | None, list[Value]]:
    """The activation of z, and the nodes from z to it; None and no nodes where the graph has none."""
    if isinstance(function, Op):  # known without running it
        a = next((node for node in consumers.get(z, ()) if node.op is function), None)
        return a, [] if a is None else [a]
    pattern = Pattern(lambda zs: [function(zs[0])], [z.data], known)
    if pattern.outputs and pattern.outputs[0] in pattern.inputs:
        return z, []
    for match in (pattern.matches(consumers, [z]) or [[]])[0]:
        return match.top, list(match.nodes)
    return None, []


def _of_layer(layer: Part, group: Sequence[Application], known: set[Value], consumers: Consumers) -> Application | None:
    """The activation that takes all z of a layer, and each unit's a."""
    zs = [application.z for application in group if application.z is not None]
    for application in group:
        application.a = None
    pattern = Pattern(layer.told.activation, [z.data for z in zs], known)
    if len(pattern.outputs) != len(zs) or len(zs) != len(group):
        return None
    nodes: dict[Value, None] = {}
    outputs = []
    for application, found in zip(group, pattern.matches(consumers, zs), strict=True):
        if found:
            application.a = found[0].top
            outputs.append(found[0].top)
            nodes.update(found[0].nodes)
    spanning = Application(layer.number, None, list(nodes), {})
    spanning.inputs, spanning.outputs = group[0].inputs, outputs
    return spanning if outputs else None
