"""Boxes: what is written in the box of a group of nodes, of a neuron, of a layer, of numbers."""

from __future__ import annotations

import math

from ..labels import whole
from ..picture import Box, numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..value import Value
    from ..wording import Wording
    from .applications import Application
    from .calling import Calling
    from .likeness import Group
    from .links import Constants

    Rows = list[tuple[str, str]]

FEW = 4  # inputs of a layer that are listed one by one


class Boxes:
    """Makes the boxes of groups."""

    def __init__(self, outputs: Collection[Value], calling: Calling, wording: Wording) -> None:
        self.outputs, self.calling, self.wording = set(outputs), calling, wording

    def box(self, i: int) -> Box:
        """The box of group number i."""
        group = self.calling.groups[i]
        if group.kind == "parameters":
            return self._of_parameters(group)
        if group.kind == "activation":
            return self._of_activation(group, i)
        if group.kind in ("layer", "unit"):
            return self._of_units(group, i)
        return self._of_nodes(group, i)

    def _of_nodes(self, group: Group, i: int) -> Box:
        tops = [item.nodes[-1] for item in group.items]
        node, name = tops[-1], self.calling.name(i)
        final = not self.outputs.isdisjoint(tops)
        if group.kind == "leaf":
            kind, heading = node.role, name
        else:
            kind = "output" if final else "op"
            if group.kind == "sum":
                terms = [x for _, x in group.items[0].terms if not (x.__class__ is float and x == 0.0)]
                heading = f"{name} = Σ of {whole(len(terms))} terms"
            else:
                read = [x if x.__class__ is float else 0.0 for x in node.inputs]
                inputs = [self.calling.input(i, k, self.wording.number(x)) for k, x in enumerate(read)]
                heading = self.wording.heading(node, name, inputs)
        if len(tops) == 1:
            return Box(kind, heading, numbers(node, self.wording))
        return Box(kind, heading, [*self._ranges(tops), (f"× {whole(len(tops))}", "")])

    def constants(self, found: Constants) -> Box:
        """The box of numbers that are no Values."""
        columns = [found.columns[position] for position in sorted(found.columns)]
        count = max(map(len, columns))
        times = [(f"× {whole(count)}", "")] if count > 1 else []
        if len(columns) == 1:
            same = len(set(columns[0])) == 1
            return Box("constant", self.wording.range(columns[0]), [] if same else times)
        if len(columns) > FEW:
            flat = [x for column in columns for x in column]
            return Box("constant", f"{whole(len(columns))} numbers", [("", self.wording.range(flat)), *times])
        if count == 1:
            return Box("constant", f"({', '.join(self.wording.number(column[0]) for column in columns)})")
        rows = [(f"input {k}", self.wording.range(column)) for k, column in enumerate(columns, 1)]
        return Box("constant", "numbers", [*rows, *times])

    def _of_units(self, group: Group, i: int) -> Box:
        """A neuron or a layer: z, a and δ = ∂f/∂z, of all samples."""
        assert group.place is not None
        choice = self.calling.choice
        part = choice.part(group.place)
        z, a, delta = [self.calling.symbol(letter, part, i) for letter in "zaδ"]
        units = [use for use in self._used(group) if use.z is not None]
        zs = [use.z for use in units if use.z is not None]
        activations = [x for use in units if (x := use.a) is not None and self.calling.of[x] == i]
        if activations == zs:
            rows = [(f"{z} = {a}", self._range(zs))]
        else:
            rows = [(z, self._range(zs)), *([(a, self._range(activations))] if activations else [])]
        rows.append((delta, self._range(zs, "grad")))
        if len(zs) > 1:
            rows.append((f"‖{delta}‖", self.wording.number(math.hypot(*[x.grad for x in zs]))))
        if group.parameters:
            rows.append((counted(len(group.parameters), "parameter"), ""))
        heading = f"{'layer' if group.kind == 'layer' else 'neuron'} {part.label}{self._use(i)}"
        if activations:
            opened = choice.shown(part.number) if group.kind == "layer" else 0
            heading += f": {f'{len(part.units) - opened} of ' if opened else ''}{part.note}"
        final = not self.outputs.isdisjoint(group.nodes)
        return Box("neuron" if group.kind == "unit" else "layer", heading, [*rows, *_times(units)], final)

    def _of_activation(self, group: Group, i: int) -> Box:
        """What takes the z of a whole layer, as softmax does."""
        assert group.place is not None
        part, used = self.calling.choice.part(group.place), self._used(group)
        outputs = [a for use in used for a in use.outputs]
        rows = [(self.calling.symbol("a", part, i), self._range(outputs)), ("grad", self._range(outputs, "grad"))]
        heading = f"{part.note.split(' ', 1)[-1]} of layer {part.label}{self._use(i)}"
        return Box("layer", heading, [*rows, *_times(used)], not self.outputs.isdisjoint(group.nodes))

    def _of_parameters(self, group: Group) -> Box:
        assert group.place is not None
        part = self.calling.choice.part(group.place)
        heading = f"parameters of {'layer' if group.place[1] is None else 'neuron'} {part.label}"
        return Box("parameter", heading, [(counted(len(group.nodes), "parameter"), ""), *self._ranges(group.nodes)])

    def _used(self, group: Group) -> list[Application]:
        return list(dict.fromkeys(self.calling.applications[node] for node in group.nodes))

    def _use(self, i: int) -> str:
        turn = self.calling.turn(i)
        return f", use {turn + 1}" if turn else ""

    def _range(self, nodes: Sequence[Value], what: str = "data") -> str:
        return self.wording.range([getattr(x, what) for x in nodes])

    def _ranges(self, nodes: Sequence[Value]) -> Rows:
        return [("data", self._range(nodes)), ("grad", self._range(nodes, "grad"))]


def _times(used: Sequence[Application]) -> Rows:
    """`× 100 samples`: how often the unit that was used most often was."""
    count: dict[int | None, int] = {}
    for use in used:
        count[use.unit] = count.get(use.unit, 0) + 1
    times = max(count.values())
    return [(f"× {whole(times)} samples", "")] if times > 1 else []


def counted(count: int, what: str) -> str:
    """`1 parameter`, `48 parameters`."""
    return f"{whole(count)} {what}{'s' * (count != 1)}"
