"""Calling: what the nodes of a folded picture are called, those inside a box included: z⁽¹⁾₂, a⁽¹⁾₂, v₁, …"""

from __future__ import annotations

from ..value import Value
from ..wording import Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .applications import Part
    from .choice import Choice
    from .items import Items
    from .likeness import Group


class Calling:
    """The names in one picture. A group of nodes has its name from `name` on, a unit or layer has symbols."""

    def __init__(self, items: Items, found: Sequence[Group], of: Mapping[Value, int]) -> None:
        self.choice: Choice = items.choice
        self.applications, self.groups, self.of = items.application, found, of
        self.names = Names()
        self._given: dict[int, str] = {}
        self._unit = {
            x: use.unit for use in items.found if use.unit is not None for x in (use.z, use.a) if x is not None
        }
        self._turns: dict[Any, dict[int, int]] = {}  # for each part, the groups of it, counted
        for i, group in enumerate(found):
            if group.kind in ("layer", "unit", "activation"):
                turns = self._turns.setdefault((group.place, group.kind), {})
                turns[i] = len(turns)

    def name(self, i: int) -> str:
        """The name of a group of nodes or leaves: their own if they have one, or the next of v1, v2, …"""
        if i not in self._given:
            group = self.groups[i]
            names = list(dict.fromkeys(item.nodes[-1].name for item in group.items))
            if len(names) == 1 and names[0]:
                found = self.names.given(names[0])
            elif len(names) > 1 and names[0] and names[-1]:
                found = f"{self.names.given(names[0])} … {self.names.given(names[-1])}"
            elif len(group.items) > 1 and group.kind == "leaf":
                found = self.names.given("inputs")
            else:
                found = self.names.counted()
            self._given[i] = found
        return self._given[i]

    def called(self, node: Value) -> str:
        """The name of the node's group, or its symbol in a unit."""
        return self._among([node], self.of[node])

    def input(self, i: int, k: int, number: str) -> str:
        """What input k of the nodes of group i is called in their formula; `number` is the constant of the last."""
        found = list(dict.fromkeys(item.nodes[-1].inputs[k] for item in self.groups[i].items))
        values = [x for x in found if isinstance(x, Value)]
        if not values:
            return number if len(found) == 1 else "…"
        return self._among(values, self.of[values[0]])

    def _among(self, nodes: Sequence[Value], i: int) -> str:
        """What to call these nodes of group i, one or all of them."""
        group, node = self.groups[i], nodes[0]
        if node not in self.applications or group.kind == "op":
            if group.kind in ("leaf", "op", "sum"):
                return self.name(i)
            return self.names.shown(node.name) if node.name and len(nodes) == 1 else "p"  # a parameter inside a box
        application = self.applications[node]
        units = {self._unit.get(x) for x in nodes}
        unit = units.pop() if len(units) == 1 else None
        if unit is None and len(nodes) == 1:
            return node.op.symbol if node.op else "…"  # a node of an activation between z and a
        layer = self.choice.layers[application.layer]
        letter = "z" if application.z is node and application.a is not node else "a"
        if unit is not None and group.kind == "unit":
            return self.symbol(letter, self.choice.part((layer.number, unit)), i)
        return self.symbol(letter, layer.units[unit] if unit is not None and len(layer.units) > 1 else layer, i)

    def symbol(self, letter: str, part: Part, i: int) -> str:
        """z, a or δ of a part in group i, with primes from the second group on that the part has."""
        turn = self.turn(i)
        dashes = "′" * turn if turn < 4 else f"′{turn}"
        return self.names.shown(f"{letter}{part.label.replace('.', '_')}{dashes}")

    def turn(self, i: int) -> int:
        """How many groups before this one are of the same part, used at another place."""
        group = self.groups[i]
        return self._turns[group.place, group.kind][i]
