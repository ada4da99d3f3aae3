"""Arranging: parameters are put into the box of their part, and the groups into an order of computation."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .items import Items
    from .likeness import Group


def arranged(found: list[Group], items: Items) -> list[Group]:
    """The groups in order. Parameters go into the group of their part; if it has several or none, they stay apart."""
    parts: dict[Any, list[Group]] = {}
    for group in found:
        if group.kind in ("layer", "unit"):
            parts.setdefault(group.place, []).append(group)
    apart = []
    for group in found:
        if group.kind == "parameters" and len(parts.get(group.place, ())) == 1:
            parts[group.place][0].parameters = group.nodes
        else:
            apart.append(group)
    ordered = _ordered(apart, items)
    if ordered is None:  # a part reads what was made of its own parameters elsewhere
        for group in found:
            group.parameters = []
        ordered = _ordered(found, items)
        assert ordered is not None  # each group is above what it reads in likeness
    return ordered


def _ordered(found: list[Group], items: Items) -> list[Group] | None:
    """The groups, with the parameters inside them, in an order of computation, as near as can be to that of the graph;
    None if there is none."""
    of = {node: i for i, group in enumerate(found) for node in (*group.nodes, *group.parameters)}
    below: list[set[int]] = [set() for _ in found]
    above: list[dict[int, None]] = [{} for _ in found]
    first = [len(items.order)] * len(found)
    tops = {item.nodes[-1] for group in found for item in group.items}
    for position, node in enumerate(items.order):
        head = of[node]
        if node in tops and position < first[head]:
            first[head] = position
        for x in node.inputs:
            if x.__class__ is not float and of[x] != head:  # type: ignore[index]
                below[head].add(of[x])  # type: ignore[index]
                above[of[x]][head] = None  # type: ignore[index]
    waiting = [len(tails) for tails in below]
    ready = [(first[i], i) for i, count in enumerate(waiting) if not count]
    heapify(ready)
    ordered = []
    while ready:
        _, i = heappop(ready)
        ordered.append(found[i])
        for head in above[i]:
            waiting[head] -= 1
            if not waiting[head]:
                heappush(ready, (first[head], head))
    return ordered if len(ordered) == len(found) else None
