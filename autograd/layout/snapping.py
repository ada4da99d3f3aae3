"""Snapping: an edge that is nearly level becomes level, by a small move of one of its nodes."""

from collections.abc import Sequence

from autograd.layout.layers import Layers
from autograd.layout.room import LEVEL, Room

REACH = 12.0  # largest move of a node


def snap(layers: Layers, at: list[float], distance: Sequence[float]) -> None:
    """Move nodes in place, within their free space, where that makes more of their edges level.

    distance is, for each item, the least distance from the item before it in its column. The mean of
    several layouts leaves such small steps, which look like mistakes.
    """
    ways: dict[int, list[list[int]]] = {}  # the chains of each node's edges, seen from the node
    for chain in layers.chains:
        ways.setdefault(chain[0], []).append(chain)
        ways.setdefault(chain[-1], []).append(chain[::-1])
    room = Room(layers.columns, at, distance)
    for node in [item for column in layers.columns for item in column if item in ways and item < layers.nodes]:
        own = at[node]
        level = _better_level(own, [at[way[-1]] for way in ways[node]])
        if level == own or not room.fits(node, level):
            continue
        at[node] = level
        for way in ways[node]:
            for item in way[1:-1]:
                # The level beginning of an edge, or the whole of one that is level now, moves along.
                if abs(at[item] - own) > LEVEL and abs(at[way[-1]] - level) > LEVEL:
                    break
                if room.fits(item, level):
                    at[item] = level


def _better_level(own: float, levels: Sequence[float]) -> float:
    """Return the nearest of the levels within reach at which more of them are level than at `own`."""

    def count(value: float) -> int:
        return sum(abs(level - value) <= LEVEL for level in levels)

    better = [level for level in levels if abs(level - own) <= REACH and count(level) > count(own)]
    return min(better, key=lambda level: (abs(level - own), level), default=own)
