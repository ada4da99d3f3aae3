"""Columns: ranks for one level of a drawing, and the order in each, labels and the ends of crossing edges included."""

from collections.abc import Sequence

from autograd.layout.graph import Edge, connected_parts, topological_order
from autograd.layout.layers import Layers, build_layers, insert_label_columns
from autograd.layout.ordering import order_columns
from autograd.layout.ranks import assign_ranks


def arranged(count: int, entering: int, leaving: int, edges: Sequence[Edge], labelled: Sequence[int]) -> Layers:
    """Return the ordered layers of `count` boxes, with a place for each edge that comes in or goes out.

    The places of `entering` edges follow the boxes in number and stand in a first column, in that order; those of
    `leaving` edges come last and stand in a last column.
    """
    inner = [edge for edge in edges if max(edge) < count]
    order = topological_order(count, inner)
    parts = connected_parts(count, inner)
    part_of = {node: number for number, part in enumerate(parts) for node in part}
    members: list[list[int]] = [[] for _ in parts]
    own_edges: list[list[Edge]] = [[] for _ in parts]
    for node in order:
        members[part_of[node]].append(node)
    for edge in inner:
        own_edges[part_of[edge[0]]].append(edge)
    ranks = [0] * count
    for nodes, own in zip(members, own_edges, strict=True):
        for node, rank in assign_ranks(nodes, own).items():
            ranks[node] = rank
    if entering:
        ranks = [rank + 1 for rank in ranks]
    last = max(ranks, default=0) + 1
    ranks += [0] * entering + [last] * leaving
    layers = build_layers(ranks, edges)
    if entering or leaving:
        order_columns(layers, [list(range(len(ranks)))], {*([0] if entering else []), *([last] if leaving else [])})
    else:
        order_columns(layers, parts)
    return insert_label_columns(layers, ranks, labelled)
