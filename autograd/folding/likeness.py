"""Likeness: things computed alike from alike things, as the terms of a hundred samples are, become one group."""

from __future__ import annotations

from .items import Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from ..value import Value
    from .items import Items

MANY = 8  # more inputs than this, read by one thing, are one group whatever their positions


class Group:
    """What becomes one box: `items` computed alike, their kind, their place in the model and their nodes.

    `parameters` are those of its part that stand inside it.
    """

    __slots__ = ("items", "kind", "nodes", "parameters", "place")

    def __init__(self, items: list[Item]) -> None:
        self.items, self.kind, self.place = items, items[0].kind, items[0].place
        self.nodes = [node for item in items for node in item.nodes]
        self.parameters: list[Value] = []


def groups(items: Items) -> list[Group]:
    """The items in groups.

    From below, a thing's likeness is what it does and the likeness of what it reads; where the model has a part in it,
    that decides. What only leads to the model, as inputs do, must also be read alike: at one place, by one group.
    """
    likeness, above = _from_below(items)
    number: dict[Item, int] = {}  # of the group
    if items.choice.fold == "none":
        number = {item: i for i, item in enumerate(items.items)}
    else:
        keys: dict[Any, int] = {}
        for item in above:
            number[item] = keys.setdefault(likeness[item], len(keys))
        _from_above(items, likeness, above, number, keys)
    found: dict[int, list[Item]] = {}
    for item in items.items:
        found.setdefault(number[item], []).append(item)
    return [group for alike in found.values() for group in _kept(alike, number, items)]


def _from_below(items: Items) -> tuple[dict[Item, int], Collection[Item]]:
    """A number for each item, equal for those computed alike; and which of them the model has a part in."""
    numbers: dict[Any, int] = {}
    likeness: dict[Item, int] = {}
    above: dict[Item, None] = {}
    for i, item in enumerate(items.items):
        read = [-1 if other is None else likeness[other] for _, other in item.inputs]
        node = item.nodes[-1]
        key: Any
        if item.kind in ("layer", "activation"):
            key = (item.kind, item.place, *sorted(set(read)))
        elif item.kind == "sum":
            key = (item.kind, node.name, *sorted([(sign, x) for (sign, _), x in zip(item.terms, read, strict=True)]))
        elif item.kind == "op":
            key = (item.kind, node.op, node.name, *read)
        elif item.kind == "leaf":
            key = ("leaf", i if node.role == "parameter" else None)
        else:
            key = (item.kind, item.place, *read)
        likeness[item] = numbers.setdefault(key, len(numbers))
        if item.place is not None or node in items.application or any(other in above for _, other in item.inputs):
            above[item] = None
    return likeness, above


def _from_above(
    items: Items, likeness: dict[Item, int], above: Collection[Item], number: dict[Item, int], keys: dict[Any, int]
) -> None:
    """Number the items that the model has no part in: those that lead to it are alike if they are read alike."""
    readers: dict[Item, list[tuple[Item, int]]] = {}
    places: dict[tuple[int, int], set[int]] = {}  # for two likenesses, at what positions one reads the other
    for item in items.items:
        for position, other in item.inputs:
            if other is not None and other not in number:
                readers.setdefault(other, []).append((item, position))
                places.setdefault((likeness[item], likeness[other]), set()).add(position)
    leading: set[Item] = set()
    for item in reversed(items.items):
        if item in number:
            continue
        by = readers.get(item, [])
        key: Any = item
        if by and all(head in leading or head in above for head, _ in by):
            own = likeness[item]
            read = {(number[head], -2 if len(places[likeness[head], own]) > MANY else at) for head, at in by}
            key = (own, *sorted(read))
            leading.add(item)
        number[item] = keys.setdefault(key, len(keys))


def _kept(alike: list[Item], number: dict[Item, int], items: Items) -> list[Group]:
    """The group of these items; of a sum that has nothing to fold, a group for each of its additions."""
    if alike[0].kind != "sum":
        return [Group(alike)]
    item = alike[0]
    terms = [number[other] for other in dict.fromkeys(other for _, other in item.inputs) if other is not None]
    repeated = len(set(terms)) < len(terms)
    if repeated or (len(alike) > 1 and len(terms) > 2):
        return [Group(alike)]
    if len(alike) > 1:
        return [Group([Item("op", None, one.nodes) for one in alike])]
    return [Group([Item("op", None, [node])]) for node in item.nodes]
