"""Frames: opened layers and units stand in one, as far as a frame can hold their nodes together."""

from __future__ import annotations

from ..picture import Frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .items import Items
    from .likeness import Group
    from .links import Links


def frames(
    items: Items,
    links: Links,
    boxes: Sequence[int],
    count: int,
    arrows: Sequence[tuple[int, int]],
    own: dict[int, int],
) -> list[Frame]:
    """The frames of a picture with `count` boxes.

    boxes holds the number of each group's box, arrows the (tail, head) of each arrow, own for the boxes of constants
    the group that they belong to.
    """
    members: dict[Any, list[int]] = {}
    homes: dict[int, Any] = {}
    for i, group in enumerate(links.groups):
        key = homes[i] = _home(items, links, group)
        if key is not None:
            for around in [(key[0], None, *key[2:]), key] if key[1] is not None else [key]:
                if around[:2] in items.choice.framed:
                    members.setdefault(around, [])
            if key in members:
                members[key].append(boxes[i])
    for box, i in own.items():
        if homes[i] in members:
            members[homes[i]].append(box)
    made: list[Frame] = []
    number: dict[Any, int] = {}
    times: dict[Any, int] = {}
    for key, inside in sorted(
        members.items(), key=lambda entry: (entry[0][0], -1 if entry[0][1] is None else entry[0][1])
    ):
        place = key[:2]
        part = items.choice.part(place)
        times[place] = times.get(place, 0) + 1
        title = f"{'layer' if place[1] is None else 'neuron'} {part.label}: {part.note}"
        if times[place] > 1:
            title += f" ({times[place]})"
        parent = number.get((place[0], None, *key[2:]), -1) if place[1] is not None else -1
        candidate = [*made, Frame(title, sorted(inside), parent)]
        if holds(count, arrows, candidate):
            number[key] = len(made)
            made = candidate
    return made


def holds(count: int, arrows: Sequence[tuple[int, int]], made: Sequence[Frame]) -> bool:
    """Whether these frames can be drawn: no arrow leaves one and comes back to it."""
    from ..layout import Frame as Placed
    from ..layout.nesting import levels

    try:
        levels(count, arrows, [Placed(frame.members, parent=frame.parent) for frame in made])
    except ValueError:
        return False
    return True


def _home(items: Items, links: Links, group: Group) -> Any:
    """The key of the innermost frame around a group: (layer, unit or None, what the application reads)."""
    node = group.nodes[-1]
    application = items.application.get(node)
    if application is None:
        place = items.own.get(node)
        uses = items.uses.get(place, ()) if place is not None else ()
        likes = list(dict.fromkeys(links.likeness(items, use) for use in uses))
        if place is None or len(likes) != 1:
            return None
        return _innermost(items, (*place, likes[0]))
    if group.kind == "layer":
        return None
    key = (application.layer, application.unit, links.likeness(items, application))
    return _innermost(items, (key[0], None, key[2]) if group.kind == "unit" else key)


def _innermost(items: Items, key: Any) -> Any:
    if key[:2] in items.choice.framed:
        return key
    around = (key[0], None, key[2])
    return around if around[:2] in items.choice.framed else None
