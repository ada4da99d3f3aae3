"""Rank assignment: the network simplex method makes the edges as short as possible in total."""

from collections.abc import Sequence

from autograd.layout.graph import Edge


def assign_ranks(order: Sequence[int], edges: Sequence[Edge]) -> dict[int, int]:
    """Return a rank >= 0 for each node of one connected part, every head at least one above its tail.

    order lists the nodes topologically. The sum of the edge lengths is minimal; among equally good
    ranks a node takes the one nearest to its consumers.

    >>> assign_ranks([0, 1, 2, 3], [(0, 1), (1, 2), (3, 2)])
    {0: 0, 1: 1, 2: 2, 3: 1}
    """
    place = {node: i for i, node in enumerate(order)}
    arcs: dict[Edge, int] = {}
    for tail, head in edges:
        arc = (place[tail], place[head])
        arcs[arc] = arcs.get(arc, 0) + 1
    ranks = _simplex(len(order), list(arcs), list(arcs.values()))
    lowest = min(ranks)
    return {node: ranks[i] - lowest for i, node in enumerate(order)}


def _simplex(count: int, arcs: list[Edge], weights: list[int]) -> list[int]:
    """Minimise the weighted length of the arcs, which run from lower to higher node numbers."""
    ranks = [0] * count
    for tail, head in sorted(arcs):
        ranks[head] = max(ranks[head], ranks[tail] + 1)
    # The total length is a sum of cost * rank over the nodes. The edges' share is scaled so that the
    # added share, which only asks for high ranks, can decide between optimal solutions and no more.
    cost = [-1] * count
    cost[-1] += count
    for (tail, head), weight in zip(arcs, weights, strict=True):
        cost[tail] -= weight * (count + 1)
        cost[head] += weight * (count + 1)
    tree = _tight_tree(ranks, arcs)
    for _ in range(4 * count + 100):  # far more pivots than are needed; every state is feasible
        leaving = _exchange(ranks, arcs, tree, cost)
        if not leaving:
            break
    return ranks


def _tight_tree(ranks: list[int], arcs: list[Edge]) -> list[list[int]]:
    """Shift ranks until a spanning tree of arcs of length one exists; return its arcs at each node."""
    near: list[list[int]] = [[] for _ in ranks]
    for i, (tail, head) in enumerate(arcs):
        near[tail].append(i)
        near[head].append(i)
    tree: list[list[int]] = [[] for _ in ranks]
    inside = [False] * len(ranks)
    inside[0] = True
    grown = [0]
    read = 0
    while True:
        while read < len(grown):
            node = grown[read]
            read += 1
            for i in near[node]:
                tail, head = arcs[i]
                other = head if node == tail else tail
                if not inside[other] and ranks[head] - ranks[tail] == 1:
                    inside[other] = True
                    grown.append(other)
                    tree[tail].append(i)
                    tree[head].append(i)
        if len(grown) == len(ranks):
            return tree
        slack, i = min((ranks[h] - ranks[t] - 1, i) for i, (t, h) in enumerate(arcs) if inside[t] != inside[h])
        shift = slack if inside[arcs[i][0]] else -slack
        for node in grown:
            ranks[node] += shift
        read = 0


def _exchange(ranks: list[int], arcs: list[Edge], tree: list[list[int]], cost: list[int]) -> bool:
    """Swap the tree arc with the worst cut value for the tightest arc the other way; False at the optimum."""
    above = [-1] * len(ranks)  # the arc towards the root
    preorder = [0]
    for node in preorder:
        for i in tree[node]:
            if i != above[node]:
                tail, head = arcs[i]
                child = head if node == tail else tail
                above[child] = i
                preorder.append(child)
    # Cutting the tree above a node frees its subtree to move. The cut value of the arc is the change of
    # the total when the subtree moves away by one: the sum of the costs in the subtree, up to the sign.
    total = list(cost)
    worst, cut = 0, -1
    for node in reversed(preorder[1:]):
        tail, head = arcs[above[node]]
        value = total[node] if node == head else -total[node]
        if value < worst:
            worst, cut = value, node
        total[tail if node == head else head] += total[node]
    if cut < 0:
        return False
    leaving = above[cut]
    below = [False] * len(ranks)
    below[cut] = True
    subtree = [cut]
    for node in subtree:
        for i in tree[node]:
            if i != above[node]:
                tail, head = arcs[i]
                child = head if node == tail else tail
                below[child] = True
                subtree.append(child)
    upward = cut == arcs[leaving][1]  # the subtree holds the head, so it moves to higher ranks
    slack, entering = min(
        (ranks[h] - ranks[t] - 1, i) for i, (t, h) in enumerate(arcs) if below[t] != below[h] and below[t] == upward
    )
    for node in subtree:
        ranks[node] += slack if upward else -slack
    for end in arcs[leaving]:
        tree[end].remove(leaving)
    for end in arcs[entering]:
        tree[end].append(entering)
    return True
