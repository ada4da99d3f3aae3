"""The built-in layout beside Graphviz' dot on the tests' random graphs: crossings, area, and time at 60 nodes.

    pip install -e '.[dev]' && python benchmarks/layout.py     # needs the program dot

Writes benchmarks/results/layout.md. Both get the same boxes, arrows and direction, without labels; a crossing is a
place where two drawn curves that share no box meet.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from itertools import combinations

import numpy as np
from common import ROOT, written  # puts the checkout first on the path

sys.path.insert(0, str(ROOT / "tests"))

from test_layout import random_graph  # after the path is set

from autograd.layout import layered_layout

GRAPHS = 240
FINENESS = np.linspace(0.0, 1.0, 9)[:, None]  # straight pieces of a curve


def polyline(points):
    """A chain of Bézier curves, start c c end c c end …, as points on it."""
    points = np.asarray(points, float)
    t, s = FINENESS, 1 - FINENESS
    pieces = [
        s**3 * a + 3 * s**2 * t * b + 3 * s * t**2 * c + t**3 * d
        for a, b, c, d in (points[i : i + 4] for i in range(0, len(points) - 1, 3))
    ]
    return np.concatenate(pieces)


def meet(one, other):
    """How often two polylines cross."""
    p, r = one[:-1, None], (one[1:] - one[:-1])[:, None]
    q, s = other[None, :-1], (other[1:] - other[:-1])[None]
    cross = r[..., 0] * s[..., 1] - r[..., 1] * s[..., 0]
    gap = q - p
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (gap[..., 0] * s[..., 1] - gap[..., 1] * s[..., 0]) / cross
        u = (gap[..., 0] * r[..., 1] - gap[..., 1] * r[..., 0]) / cross
    return int(((t > 0) & (t < 1) & (u > 0) & (u < 1)).sum())


def crossings(edges, curves):
    lines = [polyline(curve) for curve in curves]
    boxes = [(line.min(0), line.max(0)) for line in lines]
    found = 0
    for i, j in combinations(range(len(edges)), 2):
        if set(edges[i]) & set(edges[j]):
            continue
        (low, high), (other_low, other_high) = boxes[i], boxes[j]
        if (low <= other_high).all() and (other_low <= high).all():
            found += meet(lines[i], lines[j]) > 0
    return found


def by_dot(sizes, edges):
    """dot's curves in the order of the edges, and the area of its drawing."""
    nodes = [
        f'{i} [label="" shape=box fixedsize=true width={w / 72} height={h / 72}]' for i, (w, h) in enumerate(sizes)
    ]
    arrows = [f"{tail} -> {head}" for tail, head in edges]
    text = "digraph { rankdir=LR nodesep=0.19 ranksep=0.3 " + "\n".join(nodes + arrows) + "}"
    lines = subprocess.run(
        ["dot", "-Tplain"], input=text, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    width, height = map(float, lines[0].split()[2:4])
    curves = []
    for line in lines:
        words = line.split()
        if words[0] == "edge":
            count = int(words[3])
            numbers = list(map(float, words[4 : 4 + 2 * count]))
            curves.append(((int(words[1]), int(words[2])), list(zip(numbers[::2], numbers[1::2], strict=True))))
    return curves, width * height * 72 * 72


def main():
    ours = theirs = 0
    areas, rng = [], random.Random(0)
    for seed in range(GRAPHS):
        sizes, edges, _ = random_graph(seed)
        edges = [edge for edge in edges if edge[0] != edge[1]]
        placed = layered_layout(sizes, edges, [None] * len(edges), "LR", rank_gap=22.0, node_gap=14.0)
        ours += crossings(edges, placed.routes)
        drawn, area = by_dot(sizes, edges)
        theirs += crossings([edge for edge, _ in drawn], [curve for _, curve in drawn])
        areas.append(placed.width * placed.height / area)
    times = []
    for _ in range(15):
        sizes = [(rng.uniform(20, 130), rng.uniform(15, 70)) for _ in range(60)]
        edges = [(rng.randrange(max(0, head - 6), head), head) for head in range(1, 60) for _ in range(2)]
        start = time.perf_counter()
        layered_layout(sizes, edges, [None] * len(edges), "LR", rank_gap=22.0, node_gap=14.0)
        times.append(time.perf_counter() - start)
    rows = [
        (f"crossings on {GRAPHS} random graphs of up to 60 nodes, beside dot's", f"{ours / theirs:.2f} ×", "≤ 1.3 ×"),
        ("area of the drawing, beside dot's", f"{statistics.median(areas):.2f} ×", ""),
        ("laying out 60 nodes and 118 arrows", f"{1e3 * statistics.median(times):.0f} ms", "< 100 ms"),
    ]
    written("layout", rows)


if __name__ == "__main__":
    main()
