"""Whether a recorded graph is the layered network of exercise G2, alone or under a loss; if not, why."""

from __future__ import annotations

from .costs import Costs
from .rules import dot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .linearized import Linearized
    from .value import Value

PHI, FLAT = (1, 0, 1), (0, 0, 0)  # the backward steps of an edge through φ, and where φ' is a constant 0, 1 or -1


class Network:
    """The layered network that a graph is, or has under its loss: its nodes and what G2's formula is to be told."""

    def __init__(self, inputs: int) -> None:
        self.nodes: set[Value] = set()
        self.widths, self.functions, self.shape = [inputs], list[tuple[int, int]](), str(inputs)

    def append(self, units: Sequence[Value], outputs: Sequence[Value], costs: Costs) -> None:
        """One more layer: its dot nodes, and the φ nodes on them or, where it is linear, the dot nodes again."""
        self.nodes.update(units, outputs)
        names, sloped = dict[str, None](), 0
        for node in outputs:
            if node.op is not None and node.op is not dot:
                flat = tuple(costs.backward(node.op, 1, (0,))[0]) == FLAT
                names[f"{node.op.name} (φ' constant)" if flat else node.op.name] = None
                sloped += not flat
        self.widths.append(len(units))
        self.functions.append((len(outputs) if names else 0, sloped))
        self.shape += f" → {len(units)} {'/'.join(names) or 'linear (no φ)'}"


def recognised(
    graph: Linearized, outputs: Sequence[Value], wanted: dict[Value, None], known: Sequence[Value], costs: Costs
) -> Network | str:
    """G2's network, if the graph is that or has it under a single output, the loss; or why it is none."""
    if any(p not in wanted for p in known):
        return "some of its parameters are not among those given"
    consumers: dict[Value, list[Value]] = {}
    patterns: dict[tuple[Any, ...], list[Value]] = {}  # the units that read the same numbers
    layers: dict[frozenset[Any], list[Value]] = {}  # the units that read the same activations
    weights: list[Value] = []
    for node in graph.nodes:
        inputs = node.inputs
        for x in inputs:
            if x in graph.needed:
                consumers.setdefault(x, []).append(node)
        if node.op is not dot:
            continue
        n = len(inputs) // 2
        left, right = inputs[:n], inputs[n : 2 * n]
        if all(x in wanted for x in left):
            own, read = left, right
        elif all(x in wanted for x in right):
            own, read = right, left
        else:
            continue
        if any(x in wanted for x in read):
            return "parameters are multiplied with each other, or what the first layer reads counts among them"
        if len(inputs) % 2:
            return "its units have biases"
        weights += own  # type: ignore[arg-type]  # what is wanted is a Value
        if all(x.__class__ is float or x.op is None for x in read):  # type: ignore[union-attr]
            patterns.setdefault(read, []).append(node)
        elif any(x.__class__ is float for x in read):
            return "a layer reads a constant beside activations, which makes it a bias"
        else:
            layers.setdefault(frozenset(read), []).append(node)
    if len(patterns) != 1:
        many = f"{len(patterns)} patterns go through it, and G2 counts one"
        return many if patterns else "it has no layer that multiplies parameters and a pattern's numbers with dot"
    if len(set(weights)) < len(weights):
        return "a weight is used more than once, as it is by several patterns"
    if len(weights) < len(wanted):
        return "one of the parameters, be it a bias, is no weight of a layer"
    return _chained(*patterns.popitem(), layers, consumers, outputs, costs)


def _chained(
    pattern: tuple[Any, ...],
    units: list[Value],
    layers: dict[frozenset[Any], list[Value]],
    consumers: dict[Value, list[Value]],
    outputs: Sequence[Value],
    costs: Costs,
) -> Network | str:
    """From layer to layer, as long as there is one that reads just the activations of the one before."""
    network, ends = Network(len(pattern)), set(outputs)
    while True:
        activations = _functions(units, consumers, costs)
        network.append(units, activations, costs)
        following = layers.pop(frozenset(activations), None)
        if following is None:
            break
        if any(len(consumers[a]) != len(following) for a in activations):
            return "a hidden activation goes elsewhere than once into each unit of the next layer"
        units = following
    if layers:
        return f"layer {len(network.functions)} is not followed by one φ a unit that the whole next layer reads"
    if len(ends) > 1 and ends != set(activations):
        return "its outputs are not the activations of the last layer: one φ a unit, or none"
    return network


def _functions(units: list[Value], consumers: dict[Value, list[Value]], costs: Costs) -> list[Value]:
    """The φ node on each unit, if each has one and nothing else; or the units themselves, which are linear then."""
    found = []
    for unit in units:
        above = consumers.get(unit, [])
        op = above[0].op if len(above) == 1 else None
        if op is None or op.arity != 1 or tuple(costs.forward(op, 1)) != (0, 0, 1):
            return units
        if tuple(costs.backward(op, 1, (0,))[0]) not in (PHI, FLAT):
            return units
        found += above
    return found
