"""The layered layout: what must hold in every drawing, on random graphs and on special ones."""

import math
import random
from collections.abc import Sequence
from itertools import combinations, pairwise

import pytest

from autograd.layout import Frame, Layout, layered_layout
from autograd.layout.nesting import PAGE, levels

Box = tuple[float, float, float, float]
Graph = tuple[list[tuple[float, float]], list[tuple[int, int]], list[tuple[float, float] | None] | None]

RANKDIRS = ("LR", "TB", "RL", "BT")
TOUCH = 1e-6  # boxes may touch, up to rounding


def random_graph(seed: int) -> Graph:
    """Return a random graph of up to 60 nodes; its kind and the share of labels depend on the seed."""
    rng = random.Random(seed)
    count = rng.randint(1, 60)
    sizes = [(rng.uniform(20, 130), rng.uniform(15, 70)) for _ in range(count)]
    reach = (count, 6, 15)[seed % 3]  # how far back an input may lie
    edges = []
    for head in range(1, count):
        for _ in range(rng.choice((0, 1, 1, 2, 2, 3) if seed % 2 else (1, 2))):
            edges.append((rng.randrange(max(0, head - reach), head), head))
    rng.shuffle(edges)
    if seed % 4 == 0:
        return sizes, edges, None
    share = (0, 0.3, 0.7, 1)[seed % 4]
    labels = [(rng.uniform(10, 60), rng.uniform(8, 20)) if rng.random() < share else None for _ in edges]
    return sizes, edges, labels


def scalar_network(widths: Sequence[int]) -> list[tuple[int, int]]:
    """Return the edges of a perceptron written out in scalar products, sums and activations."""
    edges = []
    count = widths[0]
    layer = list(range(count))
    for width in widths[1:]:
        outputs = []
        for _ in range(width):
            total, count = count, count + 1  # the bias
            for source in layer:
                weight, product, new_total = count, count + 1, count + 2
                edges += [(weight, product), (source, product), (total, new_total), (product, new_total)]
                total, count = new_total, count + 3
            edges.append((total, count))
            outputs.append(count)
            count += 1
        layer = outputs
    return edges


def around(center: tuple[float, float], size: tuple[float, float]) -> Box:
    """Return the box (left, top, right, bottom) of the size around the center."""
    (x, y), (w, h) = center, size
    return (x - w / 2, y - h / 2, x + w / 2, y + h / 2)


def overlap(a: Box, b: Box) -> bool:
    """Say whether the boxes share more than a border."""
    return min(a[2], b[2]) - max(a[0], b[0]) > TOUCH and min(a[3], b[3]) - max(a[1], b[1]) > TOUCH


def sample(route: Sequence[tuple[float, float]], per_piece: int = 20) -> list[tuple[float, float]]:
    """Return points along a piecewise cubic Bezier path."""
    assert len(route) % 3 == 1 and len(route) >= 4
    points = [route[0]]
    for i in range(0, len(route) - 1, 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = route[i : i + 4]
        for step in range(1, per_piece + 1):
            u = step / per_piece
            p, q, r, s = (1 - u) ** 3, 3 * (1 - u) ** 2 * u, 3 * (1 - u) * u * u, u**3
            points.append((p * ax + q * bx + r * cx + s * dx, p * ay + q * by + r * cy + s * dy))
    return points


def assert_sound(graph: Graph, layout: Layout, rankdir: str) -> None:
    """Assert all that must hold in a drawing."""
    sizes, edges, labels = graph
    nodes = [around(center, size) for center, size in zip(layout.centers, sizes, strict=True)]
    texts = []
    for edge, center in enumerate(layout.label_centers):
        size = labels[edge] if labels else None
        assert (center is None) == (size is None)
        if center is not None and size is not None:
            texts.append(around(center, size))
    for box in nodes + texts:
        assert box[0] >= 0 and box[1] >= 0 and box[2] <= layout.width and box[3] <= layout.height
    assert not [pair for pair in combinations(nodes + texts, 2) if overlap(*pair)]

    assert len(layout.routes) == len(edges)
    start_side, end_side = {"LR": (2, 0), "RL": (0, 2), "TB": (3, 1), "BT": (1, 3)}[rankdir]
    for route, (tail, head) in zip(layout.routes, edges, strict=True):
        for point, box, side in ((route[0], nodes[tail], start_side), (route[-1], nodes[head], end_side)):
            along, across = side % 2, 1 - side % 2
            assert point[along] == pytest.approx(box[side])
            assert box[across] - TOUCH <= point[across] <= box[across + 2] + TOUCH
        points = sample(route)
        assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in points)
        left, top = min(x for x, _ in points), min(y for _, y in points)
        right, bottom = max(x for x, _ in points), max(y for _, y in points)
        for box in nodes + texts:
            if overlap(box, (left, top, right, bottom)):
                inner = (box[0] + TOUCH, box[1] + TOUCH, box[2] - TOUCH, box[3] - TOUCH)
                assert not any(inner[0] < x < inner[2] and inner[1] < y < inner[3] for x, y in points)


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_random_graphs_are_drawn_soundly(first: int) -> None:
    for seed in range(first, first + 40):
        graph = random_graph(seed)
        rankdir = RANKDIRS[seed // 3 % 4]
        assert_sound(graph, layered_layout(*graph, rankdir=rankdir), rankdir)


@pytest.mark.parametrize("seed", range(8))
def test_odd_sizes_and_gaps(seed: int) -> None:
    rng = random.Random(seed)
    sizes, edges, labels = random_graph(seed + 500)
    sizes = [(rng.choice((0, 3, 40, 250)), rng.choice((0, 3, 40, 250))) for _ in sizes]
    rank_gap, node_gap = rng.choice((1, 90)), rng.choice((1, 60))
    layout = layered_layout(sizes, edges, labels, "LR", rank_gap, node_gap)
    assert_sound((sizes, edges, labels), layout, "LR")


@pytest.mark.parametrize("labelled", [False, True])
@pytest.mark.parametrize("widths", [(8, 1), (2, 4, 1), (3, 4, 4, 1)])
def test_networks_are_drawn_soundly(widths: tuple[int, ...], labelled: bool) -> None:
    edges = scalar_network(widths)
    sizes = [(90.0, 46.0)] * (1 + max(head for _, head in edges))
    labels: list[tuple[float, float] | None] | None = [(40.0, 12.0)] * len(edges) if labelled else None
    assert_sound((sizes, edges, labels), layered_layout(sizes, edges, labels), "LR")


def test_same_input_gives_the_same_drawing() -> None:
    for seed in range(20):
        graph = random_graph(seed)
        assert repr(layered_layout(*graph)) == repr(layered_layout(*graph))


@pytest.mark.parametrize("rankdir", RANKDIRS)
def test_edges_point_in_the_direction_asked_for(rankdir: str) -> None:
    sizes, edges, labels = random_graph(33)
    layout = layered_layout(sizes, edges, labels, rankdir=rankdir)
    axis, sign = {"LR": (0, 1), "RL": (0, -1), "TB": (1, 1), "BT": (1, -1)}[rankdir]
    for tail, head in edges:
        assert sign * (layout.centers[head][axis] - layout.centers[tail][axis]) > 0


def test_opposite_directions_are_mirror_images() -> None:
    graph = random_graph(33)
    right, left = layered_layout(*graph, rankdir="LR"), layered_layout(*graph, rankdir="RL")
    assert (right.width, right.height) == (left.width, left.height)
    for a, b in zip(right.centers, left.centers, strict=True):
        assert (a[0] + b[0], a[1]) == pytest.approx((right.width, b[1]))


@pytest.mark.parametrize("labelled", [False, True])
@pytest.mark.parametrize("copies", [2, 3, 5])
def test_parallel_edges_are_apart(copies: int, labelled: bool) -> None:
    sizes = [(90.0, 46.0)] * 3
    edges = [(0, 1)] * copies + [(1, 2)] + [(0, 2)] * copies
    labels: list[tuple[float, float] | None] | None = [(40.0, 12.0)] * len(edges) if labelled else None
    layout = layered_layout(sizes, edges, labels)
    assert_sound((sizes, edges, labels), layout, "LR")
    for group in (layout.routes[:copies], layout.routes[copies + 1 :]):
        for one, other in combinations(group, 2):
            assert min(math.dist(p, q) for p, q in zip(sample(one), sample(other), strict=False)) > 2


def test_edges_arrive_apart_and_in_order() -> None:
    sizes = [(90.0, 46.0)] * 9
    layout = layered_layout(sizes, [(tail, 8) for tail in range(8)])
    starts = [route[0][1] for route in layout.routes]
    ends = [end for _, end in sorted(zip(starts, (route[-1][1] for route in layout.routes), strict=True))]
    assert all(b - a > 2 for a, b in pairwise(ends))


def test_a_chain_is_straight() -> None:
    layout = layered_layout([(30, 20), (90, 46), (50, 10)], [(0, 1), (1, 2)], [(40, 12), None])
    levels = {y for _, y in layout.centers} | {y for route in layout.routes for _, y in route}
    assert max(levels) - min(levels) < TOUCH


def test_a_sum_stands_in_the_middle_of_its_inputs() -> None:
    layout = layered_layout([(90, 46)] * 4, [(0, 2), (1, 2), (2, 3)])
    (_, first), (_, second), (_, total), (_, result) = layout.centers
    assert total == result == pytest.approx((first + second) / 2)


def test_an_input_stands_next_to_its_use() -> None:
    layout = layered_layout([(90, 46)] * 6, [(0, 1), (1, 2), (2, 3), (5, 4), (3, 4)])
    assert layout.centers[5][0] == layout.centers[3][0]


def test_a_tree_has_no_crossings() -> None:
    edges = [(2 * node + side, node) for node in range(1, 16) for side in (0, 1)]
    order = [(31 - tail, 31 - head) for tail, head in edges]  # inputs first
    layout = layered_layout([(30, 20)] * 31, order)
    for (one, a), (other, b) in combinations(list(zip(layout.routes, order, strict=True)), 2):
        if one[0][0] == other[0][0] and a[1] != b[1]:
            assert (one[0][1] - other[0][1]) * (one[-1][1] - other[-1][1]) > 0


def test_no_nodes() -> None:
    layout = layered_layout([], [])
    assert layout.centers == layout.routes == layout.label_centers == ()
    assert layout.width > 0 and layout.height > 0


def test_one_node() -> None:
    layout = layered_layout([(90, 46)], [])
    assert layout.centers == ((layout.width / 2, layout.height / 2),)
    assert layout.width >= 90 and layout.height >= 46


def test_disconnected_parts() -> None:
    sizes = [(60.0, 30.0)] * 9
    edges = [(0, 1), (2, 3), (3, 4), (6, 7)]
    labels: list[tuple[float, float] | None] = [(40, 12), None, (40, 12), None]
    for rankdir in RANKDIRS:
        assert_sound((sizes, edges, labels), layered_layout(sizes, edges, labels, rankdir), rankdir)


def test_long_chain_with_a_long_way_round() -> None:
    count = 2000
    edges = [(node, node + 1) for node in range(count - 1)] + [(0, count - 1)]
    layout = layered_layout([(30, 20)] * count, edges)
    across = list(layout.routes[-1][1:-1])
    assert len({y for _, y in layout.centers}) <= 2
    assert all(a[0] < b[0] for a, b in pairwise(layout.centers))
    assert any(abs(y - layout.centers[1][1]) > 10 for _, y in across)


def random_frames(seed: int, count: int, edges: Sequence[tuple[int, int]]) -> list[Frame]:
    """Return frames that can be drawn around nodes of a graph, some of them inside others."""
    rng = random.Random(seed)
    after: list[set[int]] = [set() for _ in range(count)]
    for tail, head in sorted(edges, reverse=True):
        after[tail] |= {head} | after[head]
    frames: list[Frame] = []
    home = [PAGE] * count
    for _ in range(rng.randint(1, 6)):
        parent = rng.choice([PAGE, PAGE, *range(len(frames))])
        free = [node for node in range(count) if home[node] == parent]
        chosen = rng.sample(free, min(len(free), rng.randint(1, 5)))
        between = [n for n in range(count) if any(n in after[a] for a in chosen) and any(b in after[n] for b in chosen)]
        members = sorted({*chosen, *between})
        if not members or any(home[node] != parent for node in members):
            continue
        title = (rng.choice((0.0, 60.0, 150.0)), 12.0)
        fewer = [Frame(tuple(n for n in f.members if n not in members), f.title, f.parent) for f in frames]
        try:
            levels(count, edges, [*fewer, Frame(tuple(members), title, parent)])
        except ValueError:  # two frames with edges both ways
            continue
        frames = [*fewer, Frame(tuple(members), title, parent)]
        for node in members:
            home[node] = len(frames) - 1
    return frames


def held(frames: Sequence[Frame]) -> list[set[int]]:
    """Return for each frame the nodes in it, those in inner frames included."""
    found: list[set[int]] = [set() for _ in frames]
    for number, frame in enumerate(frames):
        around = number
        while around != PAGE:
            found[around] |= set(frame.members)
            around = frames[around].parent
    return found


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_frames_hold_their_nodes_and_nothing_else(first: int) -> None:
    drawn = 0
    for seed in range(first, first + 40):
        sizes, edges, labels = random_graph(seed)
        rankdir = RANKDIRS[seed // 3 % 4]
        frames = random_frames(seed, len(sizes), edges)
        layout = layered_layout(sizes, edges, labels, rankdir, 22, 14, frames)
        assert_sound((sizes, edges, labels), layout, rankdir)
        for box, nodes in zip(layout.frames, held(frames), strict=True):
            for node, (center, size) in enumerate(zip(layout.centers, sizes, strict=True)):
                left, top, right, bottom = around(center, size)
                if node in nodes:
                    assert box[0] < left and box[1] < top and right < box[2] and bottom < box[3]
                else:
                    assert not overlap((left, top, right, bottom), box)
            for route, label, (tail, head) in zip(layout.routes, layout.label_centers, edges, strict=True):
                passing = any(
                    box[0] + TOUCH < x < box[2] - TOUCH and box[1] + TOUCH < y < box[3] - TOUCH
                    for x, y in sample(route)
                )
                assert passing == (tail in nodes or head in nodes)
                if label is not None:
                    assert overlap(around(label, (1, 1)), box) == (tail in nodes and head in nodes)
            drawn += 1
        for (a, one), (b, other) in combinations(zip(layout.frames, held(frames), strict=True), 2):
            assert overlap(a, b) == bool(one & other)
    assert drawn > 50


@pytest.mark.parametrize("rankdir", RANKDIRS)
def test_a_title_stands_in_its_frame_where_no_edge_and_no_node_is(rankdir: str) -> None:
    for seed in range(40):
        sizes, edges, _ = random_graph(seed)
        frames = random_frames(seed, len(sizes), edges)
        layout = layered_layout(sizes, edges, None, rankdir, 22, 14, frames)
        for frame, box, center in zip(frames, layout.frames, layout.title_centers, strict=True):
            title = around(center, frame.title)
            assert box[0] <= title[0] and box[1] <= title[1] and title[2] <= box[2] and title[3] <= box[3]
            nodes = [around(at, size) for at, size in zip(layout.centers, sizes, strict=True)]
            assert not any(overlap(title, node) for node in nodes)
            for route in layout.routes:
                assert not any(title[0] < x < title[2] and title[1] < y < title[3] for x, y in sample(route))


def test_routes_into_a_frame_are_smooth_at_its_border() -> None:
    sizes, edges, labels = random_graph(33)
    frames = random_frames(33, len(sizes), edges)
    assert frames
    layout = layered_layout(sizes, edges, labels, "LR", frames=frames)
    for route in layout.routes:
        for before, joint, after in list(zip(route[2::3], route[3::3], route[4::3], strict=False)):
            one = math.atan2(joint[1] - before[1], joint[0] - before[0])
            other = math.atan2(after[1] - joint[1], after[0] - joint[0])
            assert one == pytest.approx(other, abs=1e-6)


@pytest.mark.parametrize(
    ("frames", "message"),
    [
        ([Frame((0, 2))], "edges leave one of the frames 0 on the page and come back to it"),
        ([Frame((0, 1)), Frame((1, 2))], "node 1 is in frame 0 and in frame 1; it can be in one"),
        ([Frame((7,))], "frame 0 names node 7, but there are 3 nodes"),
        ([Frame((0,), parent=0)], "frame 0 cannot stand in frame 0"),
        ([Frame((0,), parent=3)], "frame 0 cannot stand in frame 3"),
        ([Frame((0, 1, 2)), Frame((), parent=2), Frame((), parent=1)], "frame 1 cannot stand in frame 2"),
    ],
)
def test_frames_that_cannot_be_drawn(frames: list[Frame], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        layered_layout([(10, 10)] * 3, [(0, 1), (1, 2)], frames=frames)


@pytest.mark.parametrize(
    ("edges", "options", "message"),
    [
        ([(0, 1), (1, 2), (2, 1)], {}, "cycle"),
        ([(1, 1)], {}, "cycle"),
        ([(0, 3)], {}, "edge 0 names node 3"),
        ([(0, 1), (-1, 2)], {}, "edge 1 names node -1"),
        ([(0, 1)], {"rankdir": "XX"}, "rankdir"),
        ([(0, 1)], {"rank_gap": 0}, "positive"),
        ([(0, 1)], {"node_gap": -1}, "positive"),
        ([(0, 1)], {"labels": []}, "1 edges but 0 labels"),
    ],
)
def test_errors(edges: list[tuple[int, int]], options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        layered_layout([(10, 10)] * 3, edges, **options)  # type: ignore[arg-type]
