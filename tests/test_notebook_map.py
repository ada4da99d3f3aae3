"""notebooks/README.md leads from every exercise of the five courses to the section that treats it."""

import re
from string import ascii_lowercase

import pytest
from notebook_runs import FOLDER
from notebook_sections import mentions, sections, slug
from run_notebooks import from_source, sources

ITEMS = [
    *(f"G{i}" for i in range(1, 5)),
    *("D-a", "D-b", "D-c", "D-d", "D-regression", "D-e", "D-f", "D-g", "D-SGD"),
    *(f"D-{letter}" for letter in ascii_lowercase[7:12]),
    *(f"U{i}" for i in range(1, 14)),
    *(f"J{i}" for i in range(1, 12)),
    *(f"P{i}" for i in range(1, 5)),
]
TEXT = (FOLDER / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\[([^\]]+)\]\(([^)#]*)(?:#([^)]+))?\)")
ROWS = dict(re.findall(r"^\| ([GDUJP]-?\w+) \| (.*) \|$", TEXT, re.MULTILINE))
BOOKS = {f"{path.stem}.ipynb": path for path in sources()}


@pytest.fixture(scope="module")
def anchors():
    """The sections of every notebook, by its file's name."""
    return {name: sections(from_source(path)) for name, path in BOOKS.items()}


def test_no_exercise_is_missing_and_none_stands_twice():
    assert re.findall(r"^\| ([GDUJP]-?\w+) \|", TEXT, re.MULTILINE) == ITEMS


@pytest.mark.parametrize("item", ITEMS)
def test_each_exercise_leads_to_sections_that_name_it(item, anchors):
    links = LINK.findall(ROWS[item])
    assert links, f"{item} leads nowhere"
    for text, file, anchor in links:
        assert file in anchors, f"{item}: there is no {file}"
        assert anchor in anchors[file], f"{item}: {file} has no heading with the anchor #{anchor}"
        assert mentions(anchors[file][anchor], item), f"{item} does not occur in the section #{anchor} of {file}"
        number, _, heading = text.partition(" · ")
        assert (int(number), slug(heading)) == (int(file[:2]), anchor), f"{item}: the link says {text!r}"


def test_every_notebook_is_listed():
    listed = re.findall(r"^\| \[(\d\d_\w+\.ipynb)\]\(\1\) \|", TEXT, re.MULTILINE)
    assert listed == list(BOOKS)


@pytest.mark.parametrize("name", ["README.md", *BOOKS])
def test_every_link_leads_somewhere(name, anchors):
    book = BOOKS.get(name)
    text = TEXT if book is None else "\n".join(c.source for c in from_source(book).cells if c.cell_type == "markdown")
    for words, file, anchor in LINK.findall(text):
        if file.startswith("https://"):
            continue
        assert not file or (FOLDER / file).exists(), f"{name}: {words!r} links to {file}"
        found = anchors.get(file or name)
        wanted = anchor if book is None else anchor.lower()  # JupyterLab's anchors keep the capitals
        assert not anchor or found is None or wanted in found, f"{name}: {file or name} has no #{anchor}"


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Where the numbers come from: a sum over paths", "where-the-numbers-come-from-a-sum-over-paths"),
        ("1 · A network on paper", "1--a-network-on-paper"),
        ("Logits of ±1000", "logits-of-1000"),
        ("The common factors are the δ", "the-common-factors-are-the-δ"),
        ("`draw_dot` and [trace](x.md), by hand!", "draw_dot-and-trace-by-hand"),
        ("x² − y², non-linear", "x--y-non-linear"),
    ],
)
def test_anchors_are_made_as_on_github(heading, anchor):
    assert slug(heading) == anchor


def test_a_section_has_its_subsections_and_ends_where_the_next_begins(tmp_path):
    text = "# Title\nA\n## One\nU1 here\n### Part\nU2 here\n```text\n# no heading\n```\n## Two\nU10\n## One\nagain"
    file = tmp_path / "demo.py"
    file.write_text("# %% [markdown]\n" + "\n".join(f"# {line}" for line in text.splitlines()), encoding="utf-8")
    found = sections(from_source(file))
    assert list(found) == ["title", "one", "part", "two", "one-1"]
    assert mentions(found["one"], "U2") and mentions(found["part"], "U2") and not mentions(found["part"], "U1")
    assert not mentions(found["two"], "U1") and mentions(found["title"], "U10")
    assert not mentions("D-SGD1 and AD-SGD", "D-SGD") and mentions("(D-SGD)", "D-SGD")
