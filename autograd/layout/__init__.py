"""Layered layout of computation graphs: places for boxes, curves and labels, without any other program."""

from collections.abc import Sequence

from autograd.layout.drawing import Layout, Size, draw
from autograd.layout.graph import Edge, topological_order

__all__ = ["Layout", "layered_layout"]


def layered_layout(
    sizes: Sequence[Size],
    edges: Sequence[Edge],
    labels: Sequence[Size | None] | None = None,
    rankdir: str = "LR",
    rank_gap: float = 36.0,
    node_gap: float = 18.0,
) -> Layout:
    """Lay out a directed acyclic graph in layers, so that all edges point in one direction.

    sizes holds the (width, height) of each node, edges the (tail, head) pairs of node numbers, labels the
    (width, height) of each edge's label or None. rankdir is "LR", "TB", "BT" or "RL"; rank_gap and
    node_gap are the least distances of nodes along and across that direction.

    Raises ValueError for a cycle, an unknown node number, rankdir, or a gap that is not positive.

    >>> layout = layered_layout([(40, 20), (40, 20)], [(0, 1)])
    >>> layout.centers, layout.width, layout.height
    (((28.0, 18.0), (104.0, 18.0)), 132.0, 36.0)
    """
    if rankdir not in ("LR", "RL", "TB", "BT"):
        raise ValueError(f"rankdir must be 'LR', 'RL', 'TB' or 'BT', not {rankdir!r}")
    if rank_gap <= 0 or node_gap <= 0:
        raise ValueError(f"rank_gap and node_gap must be positive, not {rank_gap} and {node_gap}")
    if labels is not None and len(labels) != len(edges):
        raise ValueError(f"there are {len(edges)} edges but {len(labels)} labels")
    order = topological_order(len(sizes), edges)
    return draw(sizes, edges, labels or [None] * len(edges), order, rankdir, (rank_gap, node_gap))
