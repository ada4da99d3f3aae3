"""Paths on top of a picture: where they run, how wide they are, what the legend says, and what is refused."""

import math
import re

import pytest
from drawings import assert_sound
from test_diagram import NAMES, drawn, example
from test_folding import moons_loss, small

from autograd import Value, diagram, exp, path_table, paths, programs
from autograd.overlay import THICKEST, THINNEST, edges_of
from autograd.paths import Path
from autograd.style import DASHES, THEMES


def leaf(f, name):
    """The leaf of that name."""
    stack = [f]
    while stack:
        node = stack.pop()
        if isinstance(node, Value):
            if node.name == name:
                return node
            stack += node.inputs
    raise LookupError(name)


def on_top(picture):
    """For each path its arrows, as (tail, head) headings."""
    found = {}
    for arrow in picture.arrows:
        for number, _ in arrow.strokes:
            ends = [picture.boxes[end].heading.split(" = ")[0] for end in (arrow.tail, arrow.head)]
            found.setdefault(number, []).append(tuple(ends))
    return {number: sorted(found[number]) for number in sorted(found)}


def lines(picture):
    return [line.replace("\xa0", " ") for _, line in picture.legend]


def doubled(times, start=1.0):
    x = f = Value(start, "x")
    for _ in range(times):
        f = f + f
    f.name = "f"
    return f, x


def test_the_paths_run_along_their_edges_and_all_others_are_faint():
    f = example()
    picture = drawn(f, paths_from=leaf(f, "x")).picture
    assert on_top(picture) == {
        1: sorted([("x", "v₁"), ("v₁", "v₂"), ("v₂", "v₃"), ("v₃", "f")]),
        2: sorted([("x", "v₅"), ("v₅", "v₆"), ("v₆", "f")]),
    }
    faint = [arrow for arrow in picture.arrows if not arrow.strokes]
    assert len(faint) == len(picture.arrows) - 7
    assert drawn(f, paths_from=leaf(f, "x")).svg().count(f'fill="none" stroke="{THEMES["light"].muted}"') == len(faint)


def test_the_legend_has_the_products_the_largest_first_and_their_sum():
    f = example()
    assert lines(drawn(f, paths_from=leaf(f, "x")).picture) == [
        "∂f/∂x: 2 paths, sum 10.72",
        "#1  x → v₁ → v₂ → v₃ → f   2 · 1 · 4 · 1 = 8",
        "#2  x → v₅ → v₆ → f        1 · 2.718 · 1 = 2.718",
    ]


def test_the_paths_left_out_are_counted_and_added_up():
    f = example()
    assert lines(drawn(f, paths_from=leaf(f, "x"), top=1).picture)[-1] == "… and 1 more, together 2.718"


def test_of_more_paths_than_anyone_could_walk_the_largest_are_shown():
    f, x = doubled(40)
    picture = drawn(f, paths_from=x, top=3).picture
    assert lines(picture)[0] == "∂f/∂x: 1 099 511 627 776 paths, sum 1.1e+12"
    assert lines(picture)[-1] == "… and 1 099 511 627 773 more, together 1.1e+12"
    assert len(lines(picture)) == 5


def test_one_path_is_shown_as_it_is():
    f = example()
    path = list(paths(f, leaf(f, "y")))[1]
    picture = drawn(f, path=path).picture
    assert list(on_top(picture)) == [1]
    assert lines(picture) == ["#1  y → v₄ → v₅ → v₆ → f   0 · -1 · 2.718 · 1 = 0"]


def test_a_path_to_an_inner_node_of_the_graph_is_a_path_of_it():
    f = example()
    v3 = next(x for x in f.inputs if x.op.name == "pow")
    assert len(on_top(drawn(f, path=next(paths(v3, leaf(f, "x")))).picture)[1]) == 3


def test_the_path_without_steps_has_a_legend_and_no_edge():
    f = example()
    picture = drawn(f, paths_from=f).picture
    assert on_top(picture) == {}
    assert lines(picture) == ["∂f/∂f: 1 path, sum 1", "#1  f   1"]


def test_two_paths_over_a_value_used_twice_take_the_two_edges():
    f, x = doubled(2)
    picture = drawn(f, paths_from=x).picture
    strokes = [sorted(number for number, _ in arrow.strokes) for arrow in picture.arrows]
    assert all(len(numbers) == 2 for numbers in strokes)
    pairs = {tuple(i for i, numbers in enumerate(strokes) if number in numbers) for number in range(1, 5)}
    assert pairs == {(0, 2), (0, 3), (1, 2), (1, 3)}


def test_edges_between_the_same_nodes_are_told_apart_by_their_local_derivative():
    x = Value(3.0, "x")
    f = x**x
    for path in paths(f, x):
        ((head, k),) = edges_of(path)
        assert head.local_derivatives[k] == path.factors[0]
    assert sorted(k for path in paths(f, x) for _, k in edges_of(path)) == [0, 1]


@pytest.mark.parametrize("name", ["x", "y", "z"])
def test_width_is_in_proportion_to_the_contribution(name):
    f = example()
    picture = drawn(f, paths_from=leaf(f, name)).picture
    widths = {number: width for arrow in picture.arrows for number, width in arrow.strokes}
    products = [abs(path.product) for path in path_table(f, leaf(f, name)).paths]
    assert sorted(widths.values(), reverse=True) == [widths[number] for number in sorted(widths)]
    for number, product in enumerate(products, 1):
        assert widths[number] == pytest.approx(max(THINNEST, widths[1] * product / products[0]))


@pytest.mark.parametrize("top", [1, 2, 5, 6])
def test_the_paths_on_one_edge_are_no_thicker_than_the_layout_has_room_for(top):
    f, x = doubled(10)
    picture = drawn(f, paths_from=x, top=top)
    assert max(sum(width for _, width in arrow.strokes) for arrow in picture.picture.arrows) <= THICKEST + 1e-9
    assert_sound(picture.svg())


def test_a_path_is_known_by_colour_and_dashes_and_number():
    for theme in THEMES.values():
        looks = [(theme.paths[i % len(theme.paths)], DASHES[i % len(DASHES)]) for i in range(6)]
        assert len(set(looks)) == 6
    f = example()
    drawing = drawn(f, paths_from=leaf(f, "x"))
    labels = [arrow.label for arrow in drawing.picture.arrows if arrow.strokes]
    assert all(re.match(r"#[12]: ", label) for label in labels)
    assert drawing.svg().count(f'stroke-dasharray="{DASHES[1]}"') == 4  # three edges and the legend


def test_dot_draws_the_paths_and_the_legend_too():
    f = example()
    drawing = drawn(f, paths_from=leaf(f, "x"), theme="print")
    assert 'label=" #1: 4 " color="#000000" penwidth=4.00 style=solid' in drawing.source
    assert "<FONT" in drawing.source and "#2\xa0 x → v₅" in drawing.source
    if programs.has_dot():
        assert "together" not in programs.rendered(drawing.digraph, "svg").decode()


def test_contributions_are_local_times_adjoint_and_add_up_to_the_gradient():
    f = example()
    picture = drawn(f, edge_labels="contribution").picture
    x = next(i for i, box in enumerate(picture.boxes) if box.heading == "x")
    found = [arrow.label for arrow in picture.arrows if arrow.tail == x]
    assert found == ["2 × 4 = 8", "1 × 2.718 = 2.718"]
    assert math.isclose(sum(float(label.split(" = ")[1]) for label in found), leaf(f, "x").grad, rel_tol=1e-3)
    assert_sound(drawn(f, edge_labels="contribution").svg())


def test_contributions_need_a_backward_pass():
    x = Value(2.0, "x")
    with pytest.raises(ValueError, match=r"no contribution to show while every grad is 0; call f.backward\(\) first"):
        drawn(x * x, edge_labels="contribution")


def test_paths_run_over_folded_pictures():
    x = [Value(0.5, "x1"), Value(-1.0, "x2")]
    model, loss = small(inputs=x)
    picture = drawn(loss, model=model, fold="neuron", paths_from=x[0]).picture
    assert set(on_top(picture)) == {1, 2, 3}
    assert lines(picture)[1].startswith("#1  x₁ → z⁽¹⁾₃ → a⁽¹⁾₃ → a⁽²⁾₁ → v₁ → L   ")
    assert_sound(drawn(loss, model=model, paths_from=x[0]).svg())


def test_the_largest_of_the_paths_through_a_hundred_samples():
    model, loss = moons_loss(100)
    drawing = drawn(loss, model=model, paths_from=model.layers[0].neurons[0].w[0], top=4)
    assert len(on_top(drawing.picture)) == 4
    assert re.match(
        r"#1  w⁽¹⁾₁,₁ → z⁽¹⁾₁ → a⁽¹⁾₁ → z⁽²⁾\S+ → a⁽²⁾\S+ → a₃ → v₁ → v₂ → v₃ → v₄ → v₅ → L", lines(drawing.picture)[4]
    )
    assert_sound(drawing.svg())


def test_trouble_comes_first():
    x = Value(1.0, "x")
    f = x * 5.0 + (x * math.inf) * 0.0
    f.backward()
    picture = drawn(f, paths_from=x).picture
    assert lines(picture)[1].endswith("inf · 0 · 1 = nan")
    assert_sound(drawn(f, paths_from=x).svg())


@pytest.mark.parametrize("name", NAMES)
def test_no_name_breaks_the_legend(name):
    x = Value(2.0, name)
    f = exp(x) * x
    f.name = name
    drawing = drawn(f, paths_from=x)
    assert_sound(drawing.svg())
    assert "<script" not in drawing.svg()
    assert all(len(line) < 160 for line in lines(drawing.picture))
    if programs.has_dot():
        assert "together" not in programs.rendered(drawing.digraph, "svg").decode()


def test_a_path_of_another_graph_is_refused():
    f, g = example(), example()
    with pytest.raises(
        ValueError,
        match=r"the path of 4 steps from 'x' to 'f' is not of this graph: 'x' is not a node of what is drawn; take one",
    ):
        drawn(f, path=next(paths(g, leaf(g, "x"))))


def test_a_path_over_an_edge_that_is_not_there_is_refused():
    f = example()
    path = next(paths(f, leaf(f, "x")))
    for wrong in (Path(path.nodes, (7.0, *path.factors[1:])), Path((path.nodes[0], f), (1.0,))):
        with pytest.raises(ValueError, match=r"is not of this graph: no edge with [71]\.0 leads from 'x' to "):
            drawn(f, path=wrong)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"path": [1, 2]}, TypeError, r"expected a path, as paths\(f, x\) gives them, got list"),
        ({"paths_from": 3.0}, TypeError, "expected a Value as paths_from, got float 3.0"),
        ({"paths_from": Value(1.0, "q")}, ValueError, "no path from 'q': what is drawn does not depend on it"),
        ({"paths_from": "x", "top": 0}, ValueError, "top is how many paths to show, a whole number from 1 up; got 0"),
        ({"paths_from": "x", "top": 2.5}, ValueError, "top is how many paths"),
        ({"paths_from": "x", "path": "x"}, ValueError, "give one of the two"),
        ({"edge_labels": "both"}, ValueError, "expected edge_labels 'local' or 'contribution', got 'both'"),
    ],
)
def test_what_cannot_be_shown_is_said(options, error, message):
    f = example()
    if options.get("paths_from") == "x":
        options = {**options, "paths_from": leaf(f, "x")}
    if options.get("path") == "x":
        options = {**options, "path": next(paths(f, leaf(f, "x")))}
    with pytest.raises(error, match=message):
        drawn(f, **options)


def test_paths_to_several_outputs_are_refused():
    x = Value(1.0, "x")
    with pytest.raises(ValueError, match="paths_from takes one output, and there are 2; draw one of them"):
        diagram([x * 2, x * 3], paths_from=x)
