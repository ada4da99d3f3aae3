"""Links: the edges between groups, taken together with what comes back over them, so that no part of it is lost.

For each node x of a group, ∂f/∂x is the sum of adjoint · local over the edges from x, on links and inside the group.
"""

from __future__ import annotations

from ..value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .applications import Application
    from .items import Items
    from .likeness import Group

    Edge = tuple[Value, int]


class Link:
    """Edges from `tail` to `head`, both places in the list of groups; a tail of -1 - i is entry i of `constants`.

    `flows` holds, for each node at the tail, Σ adjoint · local; `local` is the local derivative that all edges have, or
    None; `parameters` says that the edges come from the parameters in the tail's box.
    """

    __slots__ = ("edges", "flows", "head", "local", "parameters", "tail")

    def __init__(self, tail: int, head: int, parameters: bool) -> None:
        self.tail, self.head, self.parameters = tail, head, parameters
        self.edges: list[Edge] = []
        self.flows: dict[Value, float] = {}
        self.local: float | None = None

    def add(self, edge: Edge, x: Value, local: float) -> None:
        """One more edge."""
        if not self.edges:
            self.local = local
        elif self.local != local:
            self.local = None
        self.edges.append(edge)
        self.flows[x] = self.flows.get(x, 0.0) + edge[0].grad * local


class Constants:
    """Numbers that groups read: `columns` holds, for each position, those of all samples; `shared` are those that the
    units of a layer read."""

    __slots__ = ("columns", "number", "shared")

    def __init__(self, number: int, shared: bool) -> None:
        self.number, self.shared = number, shared
        self.columns: dict[int, list[float]] = {}


class Links:
    """Made of the groups: the `links`, the `constants`, and for each group what flows `inside` it to its own nodes."""

    def __init__(self, items: Items, found: list[Group]) -> None:
        self.groups = found
        self.of = {node: i for i, group in enumerate(found) for node in (*group.nodes, *group.parameters)}
        self.links: dict[Any, Link] = {}
        self.constants: dict[Any, Constants] = {}
        self.inside: list[dict[Value, float]] = [{} for _ in found]
        self._every = items.choice.fold == "none"  # every edge has its arrow
        self._held = {x for group in found for x in group.parameters}
        self._counted: set[tuple[Any, ...]] = set()
        for node in items.order:
            head = self.of[node]
            for k, (x, local) in enumerate(zip(node.inputs, node.local_derivatives, strict=True)):
                if local is None or not isinstance(x, Value):
                    self._add_constant(items, node, k, float(x), head)
                elif self.of[x] == head:
                    inside = self.inside[head]
                    inside[x] = inside.get(x, 0.0) + node.grad * local
                else:
                    self._add(node, k, x, local, head)

    def _add(self, node: Value, k: int, x: Value, local: float, head: int) -> None:
        tail, group = self.of[x], self.groups[head]
        held = x in self._held
        # an op of two inputs has an arrow for each, one of many inputs an arrow for each box that they come from
        apart = group.kind == "op" and node.op is not None and (node.op.arity is not None or self._every)
        key = (tail, head, held, k if apart else None)
        if key not in self.links:
            self.links[key] = Link(tail, head, held)
        self.links[key].add((node, k), x, local)

    def _add_constant(self, items: Items, node: Value, k: int, x: float, head: int) -> None:
        group, position = self.groups[head], items.reads.get((node, k))
        key: Any
        if position is not None:  # what a unit reads: the units of a layer read the same
            application = items.application[node]
            key = (application.layer, *self.likeness(items, application))
            if items.choice.fold == "none":
                key = (*key, position)
            found = self.constants.setdefault(key, Constants(len(self.constants), True))
            reading = (key, application.inputs, position)
            if reading not in self._counted:  # not once for each unit
                self._counted.add(reading)
                found.columns.setdefault(position, []).append(x)
        elif group.kind in ("layer", "unit", "activation") or (group.kind == "sum" and x == 0.0):
            return
        else:
            key = (head, k if group.kind == "op" else None)
            found = self.constants.setdefault(key, Constants(len(self.constants), False))
            found.columns.setdefault(0, []).append(x)
        single = len(group.nodes) == 1
        link = (key, head, k if single and group.kind == "op" and position is None else None)
        if link not in self.links:
            self.links[link] = Link(-1 - found.number, head, False)
        self.links[link].edges.append((node, k))

    def likeness(self, items: Items, application: Application) -> tuple[Any, ...]:
        """What is equal for applications of one layer to alike inputs."""
        if items.choice.fold == "none":
            return application.inputs
        return tuple(self.of[y] if isinstance(y, Value) else None for y in application.inputs)
