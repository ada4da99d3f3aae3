"""Order inside the columns: sweeps of weighted medians and transpositions keep the fewest crossings."""

from collections.abc import Collection, Sequence

from autograd.layout.crossings import count_crossings, transpose
from autograd.layout.layers import Layers

# Work limit in visited edge steps per starting order: small graphs get many sweeps, large ones few.
SWEEP_BUDGET = 6000
MIN_SWEEPS, MAX_SWEEPS = 6, 24
PATIENCE = 8  # sweeps without a gain after which a start is given up


def order_columns(layers: Layers, parts: Sequence[Sequence[int]], fixed: Collection[int] = ()) -> None:
    """Order the items of every column in place, but for the fixed columns, so that few edges cross.

    Connected parts are ordered one by one and stand one behind the other in every column.
    """
    part_of = [0] * len(layers.before)
    for number, part in enumerate(parts):
        for node in part:
            part_of[node] = number
    for chain in layers.chains:
        for item in chain[1:-1]:
            part_of[item] = part_of[chain[0]]
    pieces: list[list[list[int]]] = [[[] for _ in layers.columns] for _ in parts]
    for rank, column in enumerate(layers.columns):
        for item in column:
            pieces[part_of[item]][rank].append(item)
    ordered = [_best_order(piece, layers, fixed) if len(parts[i]) > 1 else piece for i, piece in enumerate(pieces)]
    for rank in range(len(layers.columns)):
        layers.columns[rank] = [item for piece in ordered for item in piece[rank]]


def _best_order(columns: list[list[int]], layers: Layers, fixed: Collection[int]) -> list[list[int]]:
    """Return the best order found from several starting orders."""
    place = [0] * len(layers.before)
    steps = sum(len(layers.after[item]) for column in columns for item in column)
    sweeps = max(MIN_SWEEPS, min(MAX_SWEEPS, SWEEP_BUDGET // max(steps, 1)))
    best: list[list[int]] = []
    fewest = -1
    for start in (_trace(columns, layers.before, True), _trace(columns, layers.after, False)):
        for by_mean in (False, True):
            current = [list(columns[rank] if rank in fixed else column) for rank, column in enumerate(start)]
            crossings = _number(current, layers, place)
            if fewest < 0 or crossings < fewest:
                best, fewest = [list(column) for column in current], crossings
            lowest, stalled = crossings, 0
            for turn in range(sweeps):
                if fewest == 0:
                    return best
                if stalled == PATIENCE:
                    break
                _sweep(current, layers, place, turn, by_mean, fixed)
                transpose(current, layers.before, layers.after, place, fixed)
                crossings = count_crossings(current, layers.after, place)
                stalled = 0 if crossings < lowest else stalled + 1
                lowest = min(lowest, crossings)
                if crossings < fewest:
                    best, fewest = [list(column) for column in current], crossings
    return best


def _number(columns: list[list[int]], layers: Layers, place: list[int]) -> int:
    """Write the places of the items and return the number of crossings."""
    for column in columns:
        for i, item in enumerate(column):
            place[item] = i
    return count_crossings(columns, layers.after, place)


def _trace(columns: list[list[int]], near: list[list[int]], from_last: bool) -> list[list[int]]:
    """Return a starting order: depth-first along `near`; for a tree it has no crossings at all."""
    seen = set()
    rank_of = {item: rank for rank, column in enumerate(columns) for item in column}
    result: list[list[int]] = [[] for _ in columns]
    for column in reversed(columns) if from_last else columns:
        for start in column:
            stack = [start]
            while stack:
                item = stack.pop()
                if item not in seen:
                    seen.add(item)
                    result[rank_of[item]].append(item)
                    stack.extend(reversed(near[item]))
    return result


def _sweep(
    columns: list[list[int]], layers: Layers, place: list[int], turn: int, by_mean: bool, fixed: Collection[int]
) -> None:
    """Sort every column by its neighbours in the column before (or, every second turn, after)."""
    forward = turn % 2 == 0
    near = layers.before if forward else layers.after
    ranks = range(1, len(columns)) if forward else range(len(columns) - 2, -1, -1)
    for column in [columns[rank] for rank in ranks if rank not in fixed]:
        keys = {}
        for item in column:
            if near[item]:
                places = [place[other] for other in near[item]]
                keys[item] = sum(places) / len(places) if by_mean else _median(places)
        movable = [item for item in column if item in keys]
        if turn % 4 >= 2:  # a different order of ties every second pair of sweeps, to leave local optima
            movable.reverse()
        movable.sort(key=keys.__getitem__)
        moved = iter(movable)
        for i, item in enumerate(column):
            if item in keys:
                column[i] = next(moved)
            place[column[i]] = i


def _median(places: list[int]) -> float:
    """Return the median; of an even number of places the side where they lie closer together weighs more."""
    if len(places) == 1:
        return places[0]
    places.sort()
    middle = len(places) // 2
    if len(places) % 2:
        return places[middle]
    if len(places) == 2:
        return (places[0] + places[1]) / 2
    left = places[middle - 1] - places[0]
    right = places[-1] - places[middle]
    if left + right == 0:
        return (places[middle - 1] + places[middle]) / 2
    return (places[middle - 1] * right + places[middle] * left) / (left + right)
