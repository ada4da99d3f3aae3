"""Ports: the places on the sides of a node where its edges start and end."""

from collections.abc import Mapping, Sequence

from autograd.layout.layers import Layers
from autograd.layout.spacing import space_out

PORT_GAP = 12.0  # usual distance of two arrows that end at one node
CORNER = 0.12  # share of a side, at each corner, that is kept free of ports
PULL = 0.3  # how far a port follows the direction its edge comes from


def edges_in_order(layers: Layers) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Return for each node the edges that arrive, and for each those that leave, in the order in which they do."""
    place = layers.positions()
    leaving: dict[int, list[int]] = {}
    arriving: dict[int, list[int]] = {}
    for edge, chain in enumerate(layers.chains):
        leaving.setdefault(chain[0], []).append(edge)
        arriving.setdefault(chain[-1], []).append(edge)
    for group in leaving.values():
        group.sort(key=lambda edge: (place[layers.chains[edge][1]], edge))
    for group in arriving.values():
        group.sort(key=lambda edge: (place[layers.chains[edge][-2]], edge))
    return arriving, leaving


def place_ports(
    layers: Layers, at: Sequence[float], breadths: Sequence[float], fixed: Mapping[tuple[int, int], float]
) -> tuple[list[float], list[float]]:
    """Return, across the columns, where each edge leaves its tail and where it enters its head.

    All edges leave from the middle of the side, unless two of them are parallel. They enter in the order
    in which they arrive: straight on if they can, else as near to it as the others allow. At frames each edge has its
    place; `fixed` tells it by frame and edge.
    """
    starts = [fixed.get((chain[0], edge), at[chain[0]]) for edge, chain in enumerate(layers.chains)]
    ends = [fixed.get((chain[-1], edge), at[chain[-1]]) for edge, chain in enumerate(layers.chains)]
    arriving, leaving = edges_in_order(layers)
    for tail, group in leaving.items():
        parallel = len({layers.chains[edge][-1] for edge in group}) < len(group)
        if parallel and (tail, group[0]) not in fixed:
            wishes = [at[tail]] * len(group)
            for edge, port in zip(group, _spread(wishes, at[tail], breadths[tail]), strict=True):
                starts[edge] = port
    for head, group in arriving.items():
        if len(group) > 1 and (head, group[0]) not in fixed:
            sources = [layers.chains[edge][-2] for edge in group]
            wishes = [at[head] + PULL * (at[source] - at[head]) for source in sources]
            for edge, port in zip(group, _spread(wishes, at[head], breadths[head]), strict=True):
                ends[edge] = port
    return starts, ends


def _spread(wishes: Sequence[float], middle: float, breadth: float) -> list[float]:
    """Return places near the wishes, apart from each other and within the side around the middle."""
    half = breadth * (0.5 - CORNER)
    gap = min(PORT_GAP, 2 * half / max(len(wishes) - 1, 1))
    return space_out(wishes, [gap] * (len(wishes) - 1), middle - half, middle + half)
