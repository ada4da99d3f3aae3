"""Checks of the input graph, a topological order, and the connected parts of it."""

from collections.abc import Sequence

Edge = tuple[int, int]


def topological_order(count: int, edges: Sequence[Edge]) -> list[int]:
    """Return the nodes in an order in which every tail stands before its head.

    Raises ValueError when an edge names a node that does not exist, or when the edges form a cycle.

    >>> topological_order(3, [(2, 0), (0, 1)])
    [2, 0, 1]
    """
    waiting = [0] * count
    heads: list[list[int]] = [[] for _ in range(count)]
    for number, (tail, head) in enumerate(edges):
        for end in (tail, head):
            if not 0 <= end < count:
                raise ValueError(f"edge {number} names node {end}, but there are {count} nodes, numbered from 0")
        heads[tail].append(head)
        waiting[head] += 1
    order = [node for node in range(count) if not waiting[node]]
    for node in order:  # the list grows while it is read: it is also the queue
        for head in heads[node]:
            waiting[head] -= 1
            if not waiting[head]:
                order.append(head)
    if len(order) < count:
        stuck = next(node for node in range(count) if waiting[node])
        raise ValueError(f"the edges form a cycle: node {stuck} cannot be placed after all of its inputs")
    return order


def connected_parts(count: int, edges: Sequence[Edge]) -> list[list[int]]:
    """Return the connected parts of the graph, each a sorted list of nodes, ordered by their first node.

    >>> connected_parts(4, [(0, 2)])
    [[0, 2], [1], [3]]
    """
    near: list[list[int]] = [[] for _ in range(count)]
    for tail, head in edges:
        near[tail].append(head)
        near[head].append(tail)
    seen = [False] * count
    parts = []
    for start in range(count):
        if seen[start]:
            continue
        seen[start] = True
        part = [start]
        for node in part:
            for other in near[node]:
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        parts.append(sorted(part))
    return parts
