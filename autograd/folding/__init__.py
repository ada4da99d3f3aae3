"""Folding: the layers of a model as boxes, the samples that went through it as one, and nothing recorded for that.

applications finds the units in the graph, items takes them and sums as one thing each, likeness puts alike things into
groups, links adds up what flows between these, and boxes and frames write it down.
"""

from __future__ import annotations

import math

from ..labels import whole
from ..op import described
from ..picture import Arrow, Picture, edge_label
from .applications import Part, applications
from .arranging import arranged
from .boxes import Boxes
from .calling import Calling
from .choice import Choice
from .frames import frames
from .items import Items
from .likeness import groups
from .links import Link, Links

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..value import Value
    from ..wording import Wording

NOTES = {
    "Σ": "Σ: adjoint · local derivative, added up over the edges of an arrow",
    "‖": "‖Σ‖: the length of the vector of these sums, one for each node at its tail",
    "-": "dashed: from the parameters in the box",
    "…": "no numbers where more than 12 arrows meet",
}
CROWD = 12  # with labels, more arrows than these would not leave the picture readable


def folded(
    outputs: Sequence[Value],
    order: Sequence[Value],
    model: Any,
    fold: str,
    open: Any,
    wording: Wording,
    contributions: bool,
    limit: int,
) -> Picture:
    """The picture of a graph in which a model's layers or units are folded, or framed."""
    if not callable(getattr(model, "foldable", None)):
        raise TypeError(f"expected a model whose layers can be folded, such as an nn.MLP, got {described(model)}")
    layers = [Part(told, number) for number, told in enumerate(model.foldable())]
    known = set(order)
    if layers and all(known.isdisjoint(layer.parameters) for layer in layers):
        raise ValueError("this model has no part in the graph: what is drawn depends on none of its parameters")
    if fold == "none" and len(order) > limit:
        raise too_many(len(order), limit, "fold it with fold='layer'")
    choice = Choice(layers, fold, open)
    items = Items(order, set(outputs), applications(layers, order), choice)
    links = Links(items, arranged(groups(items), items))
    count = len(links.groups) + len(links.constants)
    if count > limit:
        other = "fold='layer', or " if fold == "neuron" else ""
        raise too_many(len(order), limit, f"and {whole(count)} boxes when folded; draw {other}a part of it", count)
    return FoldedPicture(outputs, items, links, wording, contributions)


def too_many(nodes: int, limit: int, advice: str, boxes: int | None = None) -> ValueError:
    """The error for a picture that no reader could follow."""
    if boxes is None:
        return ValueError(
            f"this graph has {whole(nodes)} nodes, more than a reader can follow; {advice}, draw a part of it, or pass "
            f"limit={nodes} if you want all of them"
        )
    return ValueError(
        f"this graph has {whole(nodes)} nodes, {advice}, or pass limit={boxes} if you want all of these boxes"
    )


class FoldedPicture(Picture):
    """A picture whose boxes may stand for many nodes. `inside` holds what flows to a box's own nodes within it."""

    def __init__(
        self, outputs: Sequence[Value], items: Items, links: Links, wording: Wording, contributions: bool
    ) -> None:
        self.items, self.links = items, links
        super().__init__(outputs, wording, contributions)

    def _fill(self, contributions: bool) -> None:
        items, links = self.items, self.links
        self.swept = any(node.grad for node in items.order if node.op)  # else nothing came back yet
        self.calling = Calling(items, links.groups, links.of)
        words = Boxes(self.outputs, self.calling, self.wording)
        into: dict[int, list[Link]] = {}
        for link in links.links.values():
            into.setdefault(link.head, []).append(link)
        constants, place, own = list(links.constants.values()), dict[int, int](), dict[int, int]()
        at = [0] * len(links.groups)
        for i in range(len(links.groups)):
            for link in into.get(i, ()):
                if link.tail < 0 and link.tail not in place:
                    found = constants[-1 - link.tail]
                    place[link.tail] = len(self.boxes)
                    if not found.shared:
                        own[len(self.boxes)] = i
                    self.boxes.append(words.constants(found))
            at[i] = len(self.boxes)
            self.boxes.append(words.box(i))
        self.places = {node: at[i] for node, i in links.of.items()}
        self.inside = {at[i]: flows for i, flows in enumerate(links.inside) if flows}
        arriving: dict[int, int] = {}
        for link in links.links.values():
            arriving[link.head] = arriving.get(link.head, 0) + 1
        notes: set[str] = set()
        for link in links.links.values():
            self.edges.update(dict.fromkeys(link.edges, len(self.arrows)))
            tail = place[link.tail] if link.tail < 0 else at[link.tail]
            crowded = arriving[link.head] > CROWD
            label = "" if link.tail < 0 or crowded else self._label(link, contributions)
            asks = {"Σ": "Σ" in label, "‖": "‖" in label, "-": link.parameters, "…": crowded and link.tail >= 0}
            notes.update(sign for sign, asked in asks.items() if asked)
            self.arrows.append(Arrow(tail, at[link.head], label, link.parameters))
        ends = [(arrow.tail, arrow.head) for arrow in self.arrows]
        self.frames = frames(items, links, at, len(self.boxes), ends, own)
        self.legend += [(None, NOTES[sign]) for sign in NOTES if sign in notes]

    def called(self, node: Value) -> str:
        """What the picture calls a node, be it inside a box."""
        return self.calling.called(node)

    def _label(self, link: Link, contributions: bool) -> str:
        (node, k), *others = link.edges
        if not others:
            return edge_label(node, node.local_derivatives[k], self.wording, contributions)
        if link.local is not None and not contributions:
            return self.wording.number(link.local)
        flows = list(link.flows.values())
        if not self.swept:
            return ""
        if len(flows) == 1:
            return f"Σ {self.wording.number(flows[0])}"
        return f"‖Σ‖ {self.wording.number(math.hypot(*flows))}"
