"""Themes, number formats and names: what can be read, what is told apart without colour, what a name may hold."""

import re
import xml.etree.ElementTree as ET

import pytest
from drawings import assert_sound
from test_diagram import drawn, example, texts
from test_folding import moons_loss, small

import nn
from autograd import Value, diagram, programs
from autograd.folding import FoldedPicture
from autograd.style import FAINT_INK, FILL, INK, LABEL_INK, THEMES
from autograd.wording import Names, Wording, visible

HEX = re.compile(r"#[0-9a-f]{6}")


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """The contrast ratio of the Web Content Accessibility Guidelines."""
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def everything(**options):
    """A picture with boxes of all kinds, a frame, paths and a legend."""
    x = [Value(0.5, "x1"), Value(-1.0, "x2")]
    model = nn.MLP(2, [3, 2, 1], rng=0, activation="tanh")
    loss = (model(x) - 1) ** 2 + 0.1 * nn.squared_norm(model.parameters())
    loss.backward()
    return drawn(loss, model=model, open=["layers.1", "layers.2.neurons.0"], paths_from=x[0], **options)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_text_can_be_read_on_everything_it_stands_on(theme):
    for ink in (theme.ink, theme.faint):
        for ground in (theme.paper, theme.frame, *theme.fill.values()):
            assert contrast(ink, ground) >= 4.5
    assert contrast(theme.label, theme.paper) >= 4.5 and contrast(theme.label, theme.frame) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_paths_stand_out_from_the_paper(theme):
    assert all(contrast(colour, theme.paper) >= 3 for colour in theme.paths)
    assert contrast(theme.paths[0], theme.paper) > contrast(theme.muted, theme.paper) or theme.muted == theme.ink


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("rankdir", ["LR", "TB", "RL", "BT"])
def test_every_theme_is_drawn_soundly_in_every_direction(theme, rankdir):
    assert_sound(everything(theme=theme, rankdir=rankdir).svg())


@pytest.mark.parametrize("name", THEMES)
def test_a_drawing_has_the_colours_of_its_theme_and_no_others(name):
    theme, drawing = THEMES[name], everything(theme=name)
    known = {theme.paper, theme.ink, theme.faint, theme.label, theme.muted, theme.frame, *theme.paths}
    known |= set(theme.fill.values())
    assert set(HEX.findall(drawing.svg())) <= known
    assert set(HEX.findall(drawing.source)) <= known


def test_print_is_black_and_white():
    drawing = everything(theme="print")
    assert set(HEX.findall(drawing.svg() + drawing.source)) == {"#ffffff", "#000000"}


def test_in_print_the_kinds_of_boxes_differ_in_shape_or_line():
    drawing = everything(theme="print")
    from autograd.svg import svg

    kinds = {}
    root = ET.fromstring(svg(drawing.picture, "LR", marked=True, theme=THEMES["print"]))
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        if group.get("class") == "box":
            box = drawing.picture.boxes[int(group.get("data-box"))]
            shapes = [part for part in group if not part.tag.endswith("text")]
            look = [
                (
                    part.tag.split("}")[1],
                    part.get("rx", "")[:2],
                    part.get("stroke-dasharray"),
                    len((part.get("points") or "").split()),
                )
                for part in shapes
            ]
            look = [(tag, "" if tag == "ellipse" else rx, dash, corners) for tag, rx, dash, corners in look]
            kinds.setdefault(box.kind, set()).add(tuple(look))
    assert set(kinds) == set(FILL) - {"neuron"} | {"neuron"}
    assert sum(len(looks) for looks in kinds.values()) == len({look for looks in kinds.values() for look in looks})


def test_in_print_dot_tells_the_kinds_apart_as_well():
    source = everything(theme="print").source
    for look in ("shape=hexagon", "shape=box3d", 'style="filled,diagonals"', 'style="filled,dashed"', "peripheries=2"):
        assert look in source


def test_light_is_the_theme_unless_told():
    f = example()
    assert drawn(f).svg() == drawn(f, theme="light").svg()
    assert (THEMES["light"].ink, THEMES["light"].faint, THEMES["light"].label) == (INK, FAINT_INK, LABEL_INK)
    assert 'bgcolor="#1b1d21"' in drawn(f, theme="dark").source
    assert "bgcolor" not in drawn(f).source


def test_an_unknown_theme_is_refused():
    with pytest.raises(ValueError, match="expected theme 'light', 'dark' or 'print', got 'sepia'"):
        drawn(example(), theme="sepia")


@pytest.mark.parametrize(("digits", "shown"), [(2, "11"), (7, "10.71828"), (lambda x: f"{x:.1f}", "10.7")])
def test_numbers_are_written_as_asked_for(digits, shown):
    f = example()
    found = texts(drawn(f, digits=digits).svg())
    assert shown in found
    assert shown in drawn(f, digits=digits).source


def test_the_format_holds_for_edges_constants_headings_and_legends():
    x = Value(2.0, "x")
    f = x * 0.125
    f.backward()
    picture = drawn(f, digits=lambda n: f"<{n:.2f}>", paths_from=x).picture
    assert [box.heading for box in picture.boxes] == ["x", "<0.12>", "v₁ = x · <0.12>"]
    assert picture.arrows[0].label == "#1: <0.12>"
    assert "sum <0.12>" in picture.legend[0][1]
    model, loss = small()
    rows = dict(drawn(loss, model=model, digits=2).picture.boxes[1].rows)
    assert rows["δ₁"] == "(-0.024, 0.35, 0.64)"


@pytest.mark.parametrize("digits", [0, 18, 2.5, True, "4", None])
def test_what_is_no_number_format_is_refused(digits):
    with pytest.raises(ValueError, match="digits is a whole number from 1 to 17 or a function from float to str, got"):
        drawn(example(), digits=digits)


def test_a_number_format_that_gives_no_text_is_refused():
    with pytest.raises(TypeError, match=r"the number format gives text for a float, but for 1\.0 it gave 1"):
        drawn(example(), digits=int)


def test_ranges_of_numbers():
    wording = Wording()
    nan = float("nan")
    assert wording.range([2.0, 2.0]) == "2"
    assert wording.range([1.0, nan, 3.0, 2.0]) == "1 … 3 + 1 nan"
    assert wording.range([nan, float("nan"), nan, nan]) == "nan"
    assert wording.range([float("-inf"), 0.0, 1.0, float("inf")]) == "-inf … inf"


def test_indices_stand_high_and_low_and_names_that_would_look_alike_stay_apart():
    leaves = [Value(1.0, name) for name in ("w1_52", "w15_2", "w152", "x1", "x_1")]
    found = [box.heading for box in drawn(sum(leaves[1:], leaves[0])).picture.boxes]
    assert [name for name in found if name[0] in "wx"] == ["w⁽¹⁾₅₂", "w⁽¹⁵⁾₂", "w₁₅₂", "x₁", "x_1"]
    assert len(set(found)) == len(found)


def test_names_that_are_cut_alike_stay_apart():
    shown = Names()
    found = [shown("x" * 300 + str(i)) for i in range(20)]
    assert len(set(found)) == 20


def test_text_from_right_to_left_stays_apart_from_what_surrounds_it():
    x = Value(2.0, "שלום")
    heading = drawn(x * 3.0).picture.boxes[-1].heading
    assert heading == "v₁ = \u2068שלום\u2069 · 3"
    assert visible(heading) == len(heading) - 2


def test_a_name_that_looks_like_code_is_left_as_it_is():
    x = Value(2.0, "a * b")
    assert drawn(x * x).picture.boxes[-1].heading == "v₁ = a * b · a * b"
    assert drawn(x**2).picture.boxes[-1].heading == "v₁ = a * b ** 2"
    assert drawn(x * -3.0).picture.boxes[-1].heading == "v₁ = a * b · (-3)"


def test_wide_characters_have_room():
    narrow, wide = (
        float(re.search(r'width="(\d+)pt"', drawn(Value(1.0, name)).svg())[1]) for name in ("x" * 12, "界" * 12)
    )
    assert wide - narrow > 60


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_none_can_be_folded(number):
    model = nn.MLP(2, [3, 1], rng=0)
    loss = sum(model([number, x]) for x in (0.0, 1.0, 2.0, 3.0))
    loss.backward()
    for fold in ("layer", "neuron"):
        drawing = drawn(loss, model=model, fold=fold)
        assert_sound(drawing.svg())
        if programs.has_dot():
            assert f"{number:g}" in programs.rendered(drawing.digraph, "svg").decode().replace("&#45;", "-")


def test_both_engines_draw_every_theme():
    if not programs.has_dot():
        pytest.skip("Graphviz's dot is not installed; .ci/run installs it")
    model, loss = moons_loss(1)
    for theme in THEMES:
        svg = diagram(loss, engine="dot", model=model, theme=theme).svg()
        assert "layer 2: 16 ReLU" in svg
        assert f'stroke="{THEMES[theme].ink}"' in svg.replace('"black"', '"#000000"')


def test_a_folded_picture_has_the_interface_of_a_plain_one():
    plain, folded = drawn(example()).picture, everything().picture
    assert isinstance(folded, FoldedPicture)
    assert set(vars(plain)) <= set(vars(folded))
