"""The proper layered graph: long edges are cut into steps between neighbouring columns by virtual items."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from autograd.layout.graph import Edge


@dataclass
class Layers:
    """Items in columns; items below `nodes` are the nodes themselves, the others are virtual.

    chains holds the items of each edge from tail to head, before and after the neighbours of each item
    in the previous and the next column (parallel edges appear twice), label the edge whose label an item
    carries, label_columns the numbers of the columns that stand between ranks to carry labels.
    """

    nodes: int
    columns: list[list[int]]
    chains: list[list[int]]
    before: list[list[int]] = field(default_factory=list)
    after: list[list[int]] = field(default_factory=list)
    label: dict[int, int] = field(default_factory=dict)
    label_columns: set[int] = field(default_factory=set)

    def link(self) -> None:
        """Fill in the neighbour lists from the chains."""
        count = 1 + max((item for column in self.columns for item in column), default=-1)
        self.before = [[] for _ in range(count)]
        self.after = [[] for _ in range(count)]
        for chain in self.chains:
            for item, following in pairwise(chain):
                self.after[item].append(following)
                self.before[following].append(item)

    def positions(self) -> list[int]:
        """Return the place of each item in its column."""
        places = [0] * len(self.before)
        for column in self.columns:
            for place, item in enumerate(column):
                places[item] = place
        return places


def build_layers(ranks: Sequence[int], edges: Sequence[Edge]) -> Layers:
    """Return the layers of a ranked graph, with one virtual item in each column an edge passes.

    >>> build_layers([0, 1, 2], [(0, 1), (1, 2), (0, 2)]).columns
    [[0], [1, 3], [2]]
    """
    columns: list[list[int]] = [[] for _ in range(max(ranks, default=-1) + 1)]
    for node, rank in enumerate(ranks):
        columns[rank].append(node)
    item = len(ranks)
    chains = []
    for tail, head in edges:
        chain = [tail]
        for rank in range(ranks[tail] + 1, ranks[head]):
            columns[rank].append(item)
            chain.append(item)
            item += 1
        chains.append([*chain, head])
    layers = Layers(len(ranks), columns, chains)
    layers.link()
    return layers


def insert_label_columns(layers: Layers, ranks: Sequence[int], labelled: Sequence[int]) -> Layers:
    """Return the layers with a column of label places wherever a label falls between two columns.

    Every edge that crosses such a column takes an item in it. A label stands in the gap nearest to the
    middle of its edge. The order in a new column adds no crossing to those between its neighbours.
    """
    gap_of: dict[int, int] = {}
    load = [0] * len(layers.columns)
    middles = {edge: ranks[layers.chains[edge][0]] + ranks[layers.chains[edge][-1]] - 1 for edge in labelled}
    # Edges with one middle gap come first; the others have two and take the emptier one.
    for edge in sorted(labelled, key=lambda e: (middles[e] % 2, e)):
        low, high = middles[edge] // 2, (middles[edge] + 1) // 2
        gap_of[edge] = low if load[low] <= load[high] else high
        load[gap_of[edge]] += 1

    places = layers.positions()
    chains = [list(chain[:1]) for chain in layers.chains]
    item = len(layers.before)
    columns: list[list[int]] = []
    label: dict[int, int] = {}
    label_columns = set()
    crossing: list[list[int]] = [[] for _ in layers.columns]
    for edge, chain in enumerate(layers.chains):
        for gap in range(ranks[chain[0]], ranks[chain[-1]]):
            crossing[gap].append(edge)
    for gap, column in enumerate(layers.columns):
        columns.append(column)
        fresh = []
        for edge in crossing[gap]:
            chain = layers.chains[edge]
            step = gap - ranks[chain[0]]
            if load[gap]:
                if gap_of.get(edge) == gap:
                    label[item] = edge
                # Pairs that do not cross keep their order under any positive mix of the two places.
                fresh.append((places[chain[step]] + places[chain[step + 1]], places[chain[step]], edge, item))
                chains[edge].append(item)
                item += 1
            chains[edge].append(chain[step + 1])
        if fresh:
            label_columns.add(len(columns))
            columns.append([new for *_, new in sorted(fresh)])
    result = Layers(layers.nodes, columns, chains, label=label, label_columns=label_columns)
    result.link()
    return result
