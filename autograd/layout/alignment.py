"""Vertical alignment of Brandes and Koepf: chains of median neighbours become straight blocks."""

from collections.abc import Sequence

Columns = Sequence[Sequence[int]]


def mark_conflicts(
    columns: Columns, before: Sequence[Sequence[int]], place: Sequence[int], nodes: int
) -> set[tuple[int, int]]:
    """Return the edge steps that cross an inner step, one between two virtual items.

    Inner steps are the long middles of edges; they shall be straight, so the others must give way.
    """
    conflicts = set()
    for column in columns[1:]:
        low, scanned = 0, 0
        width = 1 << 60
        for i, item in enumerate(column):
            inner = item >= nodes and before[item][0] >= nodes
            if not inner and i < len(column) - 1:
                continue
            high = place[before[item][0]] if inner else width
            while scanned <= i:
                other = column[scanned]
                for source in before[other]:
                    is_inner = other >= nodes and source >= nodes
                    if not is_inner and not low <= place[source] <= high:
                        conflicts.add((source, other))
                scanned += 1
            low = high
    return conflicts


def align(
    columns: Columns, near: Sequence[Sequence[int]], place: Sequence[int], conflicts: set[tuple[int, int]]
) -> list[int]:
    """Return the block of each item, named by its first item.

    columns come in the order of the sweep, near holds each item's neighbours in the column swept before,
    and place the order inside the columns. Every item joins the block of its median neighbour, if that
    is free and no pair of blocks would cross; of two medians it tries the one of smaller place first.
    """
    block = list(range(len(near)))
    taken = [False] * len(near)
    for column in columns:
        limit = -1
        for item in column:
            around = sorted(near[item], key=place.__getitem__)
            half = len(around) - 1
            for k in range(half // 2, (half + 1) // 2 + 1) if around else ():
                other = around[k]
                free = not taken[other] and place[other] > limit
                if free and (other, item) not in conflicts and (item, other) not in conflicts:
                    block[item] = block[other]
                    taken[other] = True
                    limit = place[other]
                    break
    return block
