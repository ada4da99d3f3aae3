"""Items: what the graph is made of once units and sums are taken as one thing each, in an order of computation."""

from __future__ import annotations

from ..value import Value
from .sums import sums

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from .applications import Application
    from .choice import Choice, Place

    Edge = tuple[Value, int]


class Item:
    """One thing: its `kind` ("layer", "unit", "activation", "sum", "op", "leaf" or "parameters"), its nodes, and what
    it reads, as (position, item or None for a constant).

    `place` tells what part of the model it belongs to, `terms` are a sum's, each as (sign, term).
    """

    __slots__ = ("inputs", "kind", "nodes", "place", "terms")

    def __init__(self, kind: str, place: Place | None, nodes: list[Value]) -> None:
        self.kind, self.place, self.nodes = kind, place, nodes
        self.inputs: list[tuple[int, Item | None]] = []
        self.terms: list[tuple[int, Value | float]] = []


class Items:
    """The items of a graph in order, `of` each node, and `reads`: which input of the layer an edge is."""

    def __init__(
        self, order: Sequence[Value], outputs: Collection[Value], found: Sequence[Application], choice: Choice
    ) -> None:
        self.order, self.outputs, self.found, self.choice = order, outputs, found, choice
        self.broken: set[Any] = set()  # units that cannot be folded, because what leaves them comes back
        self.application: dict[Value, Application] = {}
        self.reads: dict[Edge, int] = {}
        self.uses: dict[Place, list[Application]] = {}  # of units
        self.own: dict[Value, Place] = {}  # the units of parameters that are drawn
        for application in found:
            self.application.update(dict.fromkeys(application.nodes, application))
            self.reads |= application.reads
            if application.unit is not None:
                self.uses.setdefault((application.layer, application.unit), []).append(application)
        while True:
            self.of: dict[Value, Item] = {}
            self._collect()
            self._connect()
            stuck = self._sort()
            if not stuck:
                break
            self.broken.update(stuck)

    def _key(self, application: Application) -> Any:
        """What an application is folded into; None if its nodes are drawn."""
        owner = self.choice.owner(application.layer, application.unit)
        if application.unit is None and owner is None and self.choice.fold != "none":
            return ("activation", (application.layer, None), application.inputs)
        if owner is None:
            return None
        key = ("layer", owner, application.inputs) if owner[1] is None else ("unit", owner, application)
        return key if key not in self.broken else None

    def _collect(self) -> None:
        self.keys: dict[Item, Any] = {}
        made: dict[Any, Item] = {}
        for application in self.found:
            key = self._key(application)
            if key is not None and key not in self.broken:
                if key not in made:
                    made[key] = Item(key[0], key[1], [])
                    self.keys[made[key]] = key
                made[key].nodes += application.nodes
                self.of.update(dict.fromkeys(application.nodes, made[key]))
        own: dict[Value, Place] = {}
        for layer in self.choice.layers:
            for unit in layer.units or [layer]:
                place = self.choice.owner(layer.number, unit.number)
                if place is not None:
                    own.update(dict.fromkeys(unit.parameters, place))
                else:
                    self.own.update(dict.fromkeys(unit.parameters, (layer.number, unit.number)))
        if self.choice.fold != "none":
            for found in sums(self.order, self.outputs, self.application):
                item = Item("sum", None, found.nodes)
                item.terms = found.terms
                self.of.update(dict.fromkeys(found.nodes, item))
        parameters: dict[Place, Item] = {}
        for node in self.order:
            if node in self.of:
                continue
            if node in own and node.op is None:
                if own[node] not in parameters:
                    parameters[own[node]] = Item("parameters", own[node], [])
                self.of[node] = parameters[own[node]]
                self.of[node].nodes.append(node)
            else:
                self.of[node] = Item("leaf" if node.op is None else "op", None, [node])

    def _connect(self) -> None:
        """Fill in what each item reads."""
        seen: set[tuple[int, int, int]] = set()
        for node in self.order:
            item = self.of[node]
            if item.kind == "sum":
                continue
            for k, x in enumerate(node.inputs):
                other = self.of[x] if isinstance(x, Value) else None
                if other is item or (other is None and item.kind != "op"):
                    continue
                position = k if item.kind == "op" else self.reads.get((node, k), -1)
                if (step := (id(item), position, id(other))) not in seen:
                    seen.add(step)
                    item.inputs.append((position, other))
        for item in dict.fromkeys(self.of[node] for node in self.order if self.of[node].kind == "sum"):
            item.inputs = [(i, self.of[x] if isinstance(x, Value) else None) for i, (_, x) in enumerate(item.terms)]

    def _sort(self) -> list[Any]:
        """Put the items in order; return the keys of folded ones that stand in the way of that."""
        items = list(dict.fromkeys(self.of[node] for node in self.order))
        below = {item: list(dict.fromkeys(other for _, other in item.inputs if other is not None)) for item in items}
        above: dict[Item, list[Item]] = {item: [] for item in items}
        for item, others in below.items():
            for other in others:
                above[other].append(item)
        self.items = peeled(below, above)
        if len(self.items) == len(items):
            return []
        free = {*self.items, *peeled(above, below)}  # what is before a circle, and what is after it
        return [self.keys[item] for item in items if item not in free and item in self.keys]


def peeled(below: Mapping[Any, Collection[Any]], above: Mapping[Any, Collection[Any]]) -> list[Any]:
    """The things in an order of computation, as far as there is one: each after all that are below it.

    >>> peeled({"f": ["x"], "x": [], "a": ["b"], "b": ["a"]}, {"x": ["f"], "f": [], "a": ["b"], "b": ["a"]})
    ['x', 'f']
    """
    waiting = {item: len(others) for item, others in below.items()}
    found = [item for item, count in waiting.items() if not count]
    for item in found:  # the list grows while it is read
        for head in above[item]:
            waiting[head] -= 1
            if not waiting[head]:
                found.append(head)
    return found
