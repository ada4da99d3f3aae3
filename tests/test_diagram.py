"""Diagrams: what they show, how they are written, and that nothing in a name can break them."""

import base64
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import graphviz
import pytest
from drawings import assert_sound
from strategies import outputs_by_hash_seed, u1

import nn
from autograd import Value, diagram, programs
from autograd.layout import layered_layout
from autograd.svg import box_sizes

CHECKOUT = Path(__file__).parents[1]
NAMES = [
    'say "hi"',
    "<script>alert(1)</script>",
    "a\nb",
    "x" * 300,
    "שלום",
    "a\\nb\\",
    "]]>&amp;",
    "\x00\x1b",
    "{a|b}",
    "",
]


def example():
    """f = (xy + z)² + exp(x − yz) at (1, 2, 0), exercise U1."""
    f, _ = u1()
    f.name = "f"
    f.backward()
    return f


def drawn(f, **options):
    return diagram(f, engine="builtin", **options)


def texts(svg):
    return [element.text for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def shapes(svg):
    return [element.tag.split("}")[1] for element in ET.fromstring(svg)]


def without_graphviz(monkeypatch):
    monkeypatch.setattr(programs, "has_dot", lambda: False)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)


def test_nodes_show_name_or_op_data_and_grad_and_edges_the_local_derivative():
    found = texts(drawn(example()).svg())
    for text in ("x", "v₁ = x · y", "v₃ = v₂²", "v₆ = exp(v₅)", "f = v₃ + v₆", "data", "grad", "10.72", "6.718"):
        assert text in found
    local_derivatives = ["2", "1", "1", "1", "4", "0", "2", "1", "-1", "2.718", "1", "1"]  # by hand, node by node
    assert found[-12:] == local_derivatives


def test_dot_says_the_same():
    source = drawn(example()).source
    assert r'label="v₁ = x · y\ndata 2\ngrad 4"' in source
    assert 'label=" 2.718 "' in source
    assert source.count(" -> ") == 13


def test_a_value_used_twice_has_two_edges():
    x = Value(3.0, "x")
    picture = drawn(x * x).picture
    assert [(arrow.tail, arrow.head, arrow.label) for arrow in picture.arrows] == [(0, 1, "3")] * 2


def test_inputs_parameters_constants_and_outputs_differ_in_shape():
    neuron = nn.Neuron(1, rng=0)
    f = neuron([Value(1.0, "x")]) * 2
    f.backward()
    picture = drawn(f)
    assert [box.kind for box in picture.picture.boxes] == [
        "parameter",
        "input",
        "parameter",
        "op",
        "op",
        "constant",
        "output",
    ]
    for shape in ("shape=hexagon", 'style="filled,rounded"', "shape=ellipse", "peripheries=2"):
        assert shape in picture.source
    tags = shapes(picture.svg())
    assert (tags.count("polygon"), tags.count("ellipse")) == (2, 1)
    assert 'rx="9"' in picture.svg()


def test_the_builtin_drawing_is_the_same_bytes_in_every_process():
    code = (
        "import sys; sys.path.insert(0, 'tests'); from test_diagram import drawn, example;"
        "sys.stdout.reconfigure(encoding='utf-8'); print(drawn(example()).svg(), drawn(example()).source)"
    )
    outputs = outputs_by_hash_seed(code, "0", "1", "2")
    assert len(outputs) == 1
    assert outputs.pop().decode().startswith(drawn(example()).svg())


def test_the_digraph_is_the_graphviz_packages_own():
    graph = drawn(example()).digraph
    assert isinstance(graph, graphviz.Digraph)
    graph.node("added", "by hand")
    assert "by hand" in graph.source


def test_numbers_and_source_are_those_of_the_moment_it_was_made():
    x = Value(2.0, "x")
    picture = drawn(x * x)
    before = picture.svg()
    x.data = 5.0
    assert picture.svg() == before


@pytest.mark.parametrize("name", NAMES)
def test_no_name_breaks_the_drawing(name):
    x = Value(2.0, name)
    f = x * x
    f.name = name
    picture = drawn(f)
    svg = picture.svg()
    heading = texts(svg)[0] or ""
    assert len(heading) <= 48
    assert "<script" not in svg
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", picture.source)
    page = picture._page()
    ET.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])


# Graphviz's own SVG writer prints the five characters &amp; as one, whatever stood in the DOT
@pytest.mark.parametrize("name", [name.replace("&amp;", " & ") for name in NAMES])
def test_dot_reads_every_name_as_it_is_meant(name):
    if not programs.has_dot():
        pytest.skip("Graphviz's dot is not installed, so nothing here can read DOT; .ci/run installs it")
    svg = diagram(Value(2.0, name), engine="dot").svg()
    first = next(ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")).text
    assert (first or "").replace("\xa0", " ").strip() == texts(drawn(Value(2.0, name)).svg())[0].strip()


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), 1e300, -0.0, 5e-324])
def test_every_number_can_be_drawn(number):
    x = Value(number, "x")
    assert f"{number + 0.0:.4g}" in texts(drawn(x + 1).svg())


def test_a_diagram_of_a_leaf_and_of_several_outputs():
    x = Value(2.0, "x")
    assert [box.heading for box in drawn(x).picture.boxes] == ["x"]
    assert [box.kind for box in drawn([x * 2, x * 3]).picture.boxes].count("output") == 2


def test_shallow_graphs_go_across_and_deep_ones_down():
    x = f = Value(1.0, "x")
    assert drawn(x * x).rankdir == "LR"
    for _ in range(20):
        f = f.tanh()
    picture = drawn(f)
    assert picture.rankdir == "TB"
    width = float(re.search(r'width="(\d+)pt"', picture.svg())[1])
    assert width < 400
    assert drawn(f, rankdir="LR").rankdir == "LR"


def test_a_neuron_with_eight_inputs_fits_a_page():
    neuron = nn.Neuron(8, rng=1)
    f = neuron([Value(i / 8, f"x{i}") for i in range(8)])
    width = float(re.search(r'width="(\d+)pt"', drawn(f).svg())[1])
    assert width < 700


def test_nothing_overlaps_in_the_drawing_of_a_network():
    loss = (nn.MLP(2, [3, 1], rng=0)([Value(1.0, "x1"), Value(2.0, "x2")]) - 1) ** 2
    picture = drawn(loss).picture
    sizes = box_sizes(picture, "LR")
    placed = layered_layout(sizes, [(arrow.tail, arrow.head) for arrow in picture.arrows])
    for i, ((x, y), (w, h)) in enumerate(zip(placed.centers, sizes, strict=True)):
        for (a, b), (v, g) in zip(placed.centers[:i], sizes[:i], strict=True):
            assert abs(x - a) >= (w + v) / 2 or abs(y - b) >= (h + g) / 2


@pytest.mark.parametrize("path", sorted((CHECKOUT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_drawings_of_a_notebook_are_sound(path):
    images = re.findall(r"image/svg\+xml;base64,([A-Za-z0-9+/=]+)", path.read_text(encoding="utf-8"))
    for image in images:
        assert_sound(base64.b64decode(image).decode())
    assert images or "diagram(" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("ending", "start"), [(".svg", "<svg"), (".html", "<!DOCTYPE html>"), (".dot", "digraph"), (".gv", "digraph")]
)
def test_saving_without_graphviz(tmp_path, monkeypatch, ending, start):
    without_graphviz(monkeypatch)
    path = diagram(example()).save(tmp_path / f"f{ending}")
    content = Path(path).read_text(encoding="utf-8")
    assert content.startswith(start)
    assert "exp(v₅)" in content


@pytest.mark.parametrize("ending", [".png", ".pdf"])
def test_pictures_that_need_graphviz_say_what_to_install(tmp_path, monkeypatch, ending):
    without_graphviz(monkeypatch)
    with pytest.raises(
        RuntimeError, match=rf"drawing {ending[1:]} needs Graphviz: .* pip install 'pathgrad\[graphviz\]'"
    ):
        diagram(example()).save(tmp_path / f"f{ending}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("ending", "start"), [(".png", b"\x89PNG"), (".pdf", b"%PDF"), (".svg", b"<svg")])
def test_saving_with_graphviz(tmp_path, ending, start):
    if not programs.has_dot():
        pytest.skip("Graphviz's dot is not installed; .ci/run installs it")
    path = diagram(example(), engine="dot").save(tmp_path / f"f{ending}")
    assert Path(path).read_bytes().startswith(start)


def test_graphviz_inside_pygraphviz_is_used_where_there_is_no_dot(monkeypatch):
    class AGraph:
        def __init__(self, string):
            self.string = string

        def draw(self, format, prog):
            return f"<?xml?><svg>{prog} {format} {len(self.string)}</svg>".encode()

    monkeypatch.setattr(programs, "has_dot", lambda: False)
    monkeypatch.setitem(sys.modules, "pygraphviz", type("pygraphviz", (), {"AGraph": AGraph}))
    picture = diagram(example(), engine="dot")
    assert picture.svg() == f"<svg>dot svg {len(picture.source)}</svg>"


def test_what_graphviz_says_of_a_failure_is_passed_on(monkeypatch):
    def fails(self, format):
        raise graphviz.CalledProcessError(1, ["dot"], stderr=b"Error: something about fonts\nmore\n")

    monkeypatch.setattr(programs, "has_dot", lambda: True)
    monkeypatch.setattr(graphviz.Digraph, "pipe", fails)
    with pytest.raises(RuntimeError, match=r"^Graphviz could not draw this as svg: Error: something about fonts$"):
        diagram(example(), engine="dot").svg()


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(
        ValueError, match=r"cannot save a diagram as 'f\.jpeg': the name must end in one of \.svg \.html"
    ):
        drawn(example()).save(tmp_path / "f.jpeg")


def test_notebooks_get_an_image_that_needs_no_trust():
    html = drawn(example())._repr_html_()
    found = re.search(r'<img src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)" alt="([^"<>]+)">', html)
    inside = texts(base64.b64decode(found[1]).decode())  # with room for what the numbers are on the way
    assert [text.strip() for text in inside if text] == [text for text in texts(drawn(example()).svg()) if text]
    without = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert re.fullmatch(r'<div class="pathgrad" data-steps="1">\s*<img [^<>]+>\s*</div>\s*', without)
    assert found[2].startswith("computation graph of 11 nodes: f = v₃ + v₆, data 6.718")
    assert repr(drawn(example())) == "<diagram of 11 nodes; .save('f.svg') writes it>"


def test_a_diagram_that_is_not_playable_is_a_plain_image_in_notebooks(tmp_path):
    x = Value(2.0, "x")
    picture = drawn(x * x, playable=False)
    html = picture._repr_html_()
    found = re.fullmatch(r'<img src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)" alt="([^"<>]+)">', html)
    assert base64.b64decode(found[1]).decode() == picture.svg()
    assert found[2] == "computation graph of 2 nodes: v₁ = x · x, data 4, grad 0"
    assert "<script" in Path(picture.save(tmp_path / "f.html")).read_text(encoding="utf-8")


def test_the_plain_image_is_the_same_bytes_with_and_without_graphviz(monkeypatch):
    shown = diagram(example(), playable=False)._repr_html_()
    without_graphviz(monkeypatch)
    assert diagram(example(), playable=False)._repr_html_() == shown


@pytest.mark.parametrize("length", [301, 100_000])
def test_a_graph_too_large_to_read_is_counted_not_drawn(length):
    x = f = Value(1.0)
    for _ in range(length):
        f = f + x
    count = f"{length + 1:,}".replace(",", " ")
    with pytest.raises(
        ValueError, match=f"this graph has {count} nodes, more than a reader can follow; draw a part of it.* model="
    ):
        diagram(f)


def test_the_limit_can_be_raised():
    x = f = Value(1.0)
    for _ in range(310):
        f = f + x
    assert len(drawn(f, limit=400).picture.boxes) == 311


@pytest.mark.parametrize(
    ("f", "message"), [(3.0, "got float 3.0"), ("x", "got str 'x'"), ([1.0], "got float 1.0"), (None, "got NoneType")]
)
def test_anything_but_values_is_refused(f, message):
    with pytest.raises(TypeError, match=message):
        diagram(f)


@pytest.mark.parametrize("options", [{"engine": "neato"}, {"rankdir": "up"}])
def test_unknown_options_are_refused(options):
    with pytest.raises(ValueError, match=r"expected (engine|rankdir) .* got '(neato|up)'"):
        diagram(Value(1.0), **options)
