"""Layered layout of computation graphs: places for boxes, curves and labels, without any other program."""

from collections.abc import Sequence

from autograd.layout.drawing import Layout, draw
from autograd.layout.graph import Edge, topological_order
from autograd.layout.nesting import Frame, Size

__all__ = ["Frame", "Layout", "layered_layout"]


def layered_layout(
    sizes: Sequence[Size],
    edges: Sequence[Edge],
    labels: Sequence[Size | None] | None = None,
    rankdir: str = "LR",
    rank_gap: float = 36.0,
    node_gap: float = 18.0,
    frames: Sequence[Frame] = (),
) -> Layout:
    """Lay out a directed acyclic graph in layers, so that all edges point in one direction.

    sizes holds the (width, height) of each node, edges the (tail, head) pairs of node numbers, labels the
    (width, height) of each edge's label or None. rankdir is "LR", "TB", "BT" or "RL"; rank_gap and
    node_gap are the least distances of nodes along and across that direction. The nodes of a frame stand
    together, and nothing else stands among them.

    Raises ValueError for a cycle, an unknown node number, rankdir, a gap that is not positive, or a frame that
    edges leave and come back to.

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
    topological_order(len(sizes), edges)  # raises what is to be raised about the edges
    return draw(sizes, edges, labels or [None] * len(edges), frames, rankdir, (rank_gap, node_gap))
