"""Nesting: which frame each node stands in, and what an edge crosses on its way out of one and into another."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from autograd.layout.graph import Edge, topological_order

Size = tuple[float, float]
PAGE = -1  # the number of what is around all frames


@dataclass(frozen=True)
class Frame:
    """A frame around the nodes of these numbers, with a title of this size; `parent` is the frame it stands in."""

    members: tuple[int, ...]
    title: Size = (0.0, 0.0)
    parent: int = PAGE


@dataclass
class Level:
    """What stands directly in a frame: its nodes, then its frames, and the edges between them.

    edges holds (edge, tail, head) with places in `children`; entering and leaving hold (edge, place) of those
    that cross the frame.
    """

    nodes: list[int] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    edges: list[tuple[int, int, int]] = field(default_factory=list)
    entering: dict[int, int] = field(default_factory=dict)
    leaving: dict[int, int] = field(default_factory=dict)


def levels(count: int, edges: Sequence[Edge], frames: Sequence[Frame]) -> dict[int, Level]:
    """Return what stands in each frame, and under PAGE what stands in none.

    Raises ValueError when a node is in two frames, when frames stand in one another, or when edges leave a frame and
    come back to it, so that no frame can hold its nodes together.

    >>> found = levels(3, [(0, 1), (1, 2)], [Frame((1,))])
    >>> found[PAGE].nodes, found[PAGE].frames, found[PAGE].edges, found[0].entering
    ([0, 2], [0], [(0, 0, 2), (1, 2, 1)], {0: 0})
    """
    home = [PAGE] * count
    for number, frame in enumerate(frames):
        for node in frame.members:
            if not 0 <= node < count:
                raise ValueError(f"frame {number} names node {node}, but there are {count} nodes, numbered from 0")
            if home[node] != PAGE:
                raise ValueError(f"node {node} is in frame {home[node]} and in frame {number}; it can be in one")
            home[node] = number
    found = {number: Level() for number in range(PAGE, len(frames))}
    for node, inside in enumerate(home):
        found[inside].nodes.append(node)
    for number, frame in enumerate(frames):
        if frame.parent not in found or number in _around(frame.parent, frames):
            raise ValueError(f"frame {number} cannot stand in frame {frame.parent}")
        found[frame.parent].frames.append(number)
    place = [0] * count
    places = {}
    for level in found.values():
        for i, node in enumerate(level.nodes):
            place[node] = i
        for i, number in enumerate(level.frames, len(level.nodes)):
            places[number] = i
    for edge, (tail, head) in enumerate(edges):
        out, into = _around(home[tail], frames), _around(home[head], frames)
        while out and into and out[-1] == into[-1]:  # the frames around both
            out.pop()
            into.pop()
        ends = []
        for node, way, crossed in ((tail, out, "leaving"), (head, into, "entering")):
            at = place[node]
            for number in way:
                getattr(found[number], crossed)[edge] = at
                at = places[number]
            ends.append(at)
        around = frames[out[-1]].parent if out else frames[into[-1]].parent if into else home[tail]
        found[around].edges.append((edge, ends[0], ends[1]))
    for number, level in found.items():
        _require_order(number, level)
    return found


def _around(number: int, frames: Sequence[Frame]) -> list[int]:
    """Return the frame and those it stands in, from the innermost; it stops where they turn in a circle."""
    found: list[int] = []
    while number != PAGE and number not in found:
        found.append(number)
        number = frames[number].parent
    return found


def _require_order(number: int, level: Level) -> None:
    children = len(level.nodes) + len(level.frames)
    try:
        topological_order(children, [(tail, head) for _, tail, head in level.edges])
    except ValueError as error:
        if not level.frames:
            raise
        where = "the page" if number == PAGE else f"frame {number}"
        raise ValueError(
            f"edges leave one of the frames {', '.join(map(str, level.frames))} on {where} and come back to it, "
            f"so that it cannot hold its nodes together ({error})"
        ) from None
