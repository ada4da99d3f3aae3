"""Straightening: nodes with a single edge slide level with its other end, labels level with their edge."""

from collections.abc import Mapping, Sequence

from autograd.layout.layers import Layers
from autograd.layout.room import LEVEL, Room
from autograd.layout.spacing import space_out

FIRM = 100.0  # weight of the wish of an edge that can be straight from end to end
NEARER = 5.0  # how much nearer than usual such an edge may come to the boxes it passes


def straighten(layers: Layers, at: list[float], distance: Sequence[float]) -> None:
    """Move the nodes with one edge (an input used once, a result of one input), and the edge, in place.

    distance is, for each item, the least distance from the item before it in its column. All other items
    stay where they are, but for labels beside an edge that can be straight.
    """
    far_end: dict[int, int] = {}
    passed: dict[int, int] = {}
    for chain in layers.chains:
        for end, other in ((chain[0], chain[-1]), (chain[-1], chain[0])):
            if len(layers.before[end]) + len(layers.after[end]) == 1:
                far_end[end] = other
                passed.update((item, end) for item in chain[1:-1])
    _slide(layers, at, distance, far_end)
    _slide(layers, at, distance, passed)
    _level_labels(layers, at, distance)


def _slide(layers: Layers, at: list[float], distance: Sequence[float], goal: Mapping[int, int]) -> None:
    """Move the items that have a goal towards its level, between the neighbours that have none."""
    low, high = min(at, default=0.0), max(at, default=0.0)
    for column in layers.columns:
        run: list[int] = []
        first = low
        for item in column:
            if item in goal:
                run.append(item)
                continue
            _place_run(run, at, distance, goal, first, at[item] - distance[item])
            run = []
            first = at[item]
        _place_run(run, at, distance, goal, first, high)


def _place_run(
    run: Sequence[int],
    at: list[float],
    distance: Sequence[float],
    goal: Mapping[int, int],
    first: float,
    last: float,
) -> None:
    """Place neighbouring items near their goals, behind the item at `first` and up to `last`."""
    if run:
        wishes = [at[goal[item]] for item in run]
        # distance of the column's first item is 0, so `first` is then the limit itself
        low = first + distance[run[0]]
        places = space_out(wishes, [distance[item] for item in run[1:]], low, last)
        for item, place in zip(run, places, strict=True):
            at[item] = place


def _level_labels(layers: Layers, at: list[float], distance: Sequence[float]) -> None:
    """Make room in the columns of labels for the edges that can be straight everywhere else."""
    room = Room(layers.columns, at, distance)
    labels = {item for number in layers.label_columns for item in layers.columns[number]}
    level: dict[int, float] = {}
    for chain in layers.chains:
        own, inner = at[chain[0]], chain[1:-1]
        if abs(own - at[chain[-1]]) <= LEVEL and all(i in labels or room.fits(i, own, NEARER) for i in inner):
            level.update((item, own) for item in inner if item in labels)
    low, high = min(at, default=0.0), max(at, default=0.0)
    for number in sorted(layers.label_columns):
        column = layers.columns[number]
        wishes = [level.get(item, at[item]) for item in column]
        weights = [FIRM if item in level else 1.0 for item in column]
        places = space_out(wishes, [distance[item] for item in column[1:]], low, high, weights)
        for item, place in zip(column, places, strict=True):
            at[item] = place
