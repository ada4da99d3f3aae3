"""A picture as DOT: pure text, by the graphviz package's own Digraph. Running `dot` on it is another step."""

from __future__ import annotations

from .picture import Arrow, Box, Picture
from .shapes import escaped
from .style import FONT, FONT_SIZE, LABEL_SIZE, LIGHT, Theme

TYPE_CHECKING = False
if TYPE_CHECKING:
    import graphviz

SHAPES = {
    "op": {"shape": "box"},
    "input": {"shape": "box", "style": "filled,rounded"},
    "parameter": {"shape": "hexagon", "margin": "0.02,0.02"},
    "constant": {"shape": "ellipse", "margin": "0.05,0.02"},
    "output": {"shape": "box", "peripheries": "2"},
    "neuron": {"shape": "box", "style": "filled,diagonals"},
    "layer": {"shape": "box3d", "margin": "0.12,0.09"},
}
STYLES = ("solid", "dashed", "dotted")  # Graphviz has no more; samples of them stand in the legend
SAMPLES = ("━━━━", "╍╍╍╍", "┉┉┉┉")


def digraph(picture: Picture, rankdir: str, theme: Theme = LIGHT) -> graphviz.Digraph:
    """The picture as a `graphviz.Digraph`, on which everything its users know works.

    >>> from autograd import Value
    >>> print(digraph(Picture([Value(3.0, "x")]), "LR").source.splitlines()[-2].strip())
    0 [label="x\\ndata 3\\ngrad 0" fillcolor="#d6e9f8" shape=box style="filled,rounded"]
    """
    import graphviz

    graph = graphviz.Digraph("pathgrad", graph_attr={"rankdir": rankdir, "nodesep": "0.2", "ranksep": "0.35"})
    size, small, ink = f"{FONT_SIZE:g}", f"{LABEL_SIZE:g}", theme.ink
    if theme is not LIGHT:
        graph.attr(bgcolor=theme.paper)
    if picture.legend:
        graph.attr(label=_legend(picture, theme), labelloc="b", labeljust="l", fontname=FONT, fontsize=small)
    graph.attr("node", style="filled", fontname=FONT, fontsize=size, color=ink, fontcolor=ink, margin="0.1,0.05")
    graph.attr("edge", fontname=FONT, fontsize=small, color=ink, fontcolor=theme.label, arrowsize="0.6")
    inside: dict[int, list[int]] = {}
    for number, frame in enumerate(picture.frames):
        inside.setdefault(frame.parent, []).append(number)
    framed = {i for frame in picture.frames for i in frame.members}
    for i, box in enumerate(picture.boxes):
        if i not in framed:
            _add(graph, i, box, theme)
    for number in inside.get(-1, ()):
        _add_frame(graph, picture, number, inside, theme)
    for arrow in picture.arrows:
        graph.edge(str(arrow.tail), str(arrow.head), **_edge(arrow, theme))
    return graph


def _add(graph: graphviz.Digraph, i: int, box: Box, theme: Theme) -> None:
    import graphviz

    label = graphviz.nohtml("\\n".join(map(graphviz.escape, box.lines)))
    look = dict(SHAPES[box.kind])
    if box.final:
        look["peripheries"] = "2"
    if box.kind == "constant":
        if box.rows:
            look = {"shape": "box", "style": "filled,rounded"}
        if theme.fill["constant"] == theme.paper:
            look["style"] = look.get("style", "filled") + ",dashed"
    graph.node(str(i), label, fillcolor=theme.fill[box.kind], **look)


def _add_frame(
    graph: graphviz.Digraph, picture: Picture, number: int, inside: dict[int, list[int]], theme: Theme
) -> None:
    """A cluster with its boxes, and the clusters in it; they are a few deep."""
    import graphviz

    frame = picture.frames[number]
    with graph.subgraph(name=f"cluster_{number}") as cluster:
        look = {"style": "dashed,rounded,filled", "fillcolor": theme.frame, "color": theme.faint}
        text = {"fontname": FONT, "fontsize": f"{LABEL_SIZE:g}", "fontcolor": theme.faint, "labeljust": "l"}
        # a cluster inherits the page's legend and where it stands
        cluster.attr(label=graphviz.nohtml(graphviz.escape(frame.title)), labelloc="t", **look, **text)
        for i in frame.members:
            _add(cluster, i, picture.boxes[i], theme)
        for child in inside.get(number, ()):
            _add_frame(cluster, picture, child, inside, theme)


def _edge(arrow: Arrow, theme: Theme) -> dict[str, str]:
    import graphviz

    look = {"label": graphviz.nohtml(f" {graphviz.escape(arrow.label)} ")} if arrow.label else {}
    if arrow.dashed:
        look["style"] = "dashed"
    if arrow.strokes == ():
        look |= {"color": theme.muted, "fontcolor": theme.faint}
        if theme.muted == theme.ink:
            look["penwidth"] = "0.5"
    elif arrow.strokes:
        # several paths run side by side, all as wide as the widest, since Graphviz has one width for them
        look["color"] = ":".join(theme.paths[(number - 1) % len(theme.paths)] for number, _ in arrow.strokes)
        look["penwidth"] = f"{max(width for _, width in arrow.strokes):.2f}"
        look["style"] = STYLES[(arrow.strokes[0][0] - 1) % len(STYLES)] if len(arrow.strokes) == 1 else "solid"
    return look


def _legend(picture: Picture, theme: Theme) -> str:
    """An HTML-like label: a row for each line, a sample of the path's colour and dashes before it."""
    rows = []
    for number, line in picture.legend:
        sample, ink = "", theme.faint
        if number is not None:
            colour, ink = theme.paths[(number - 1) % len(theme.paths)], theme.ink
            sample = f'<TD ALIGN="LEFT"><FONT COLOR="{colour}">{SAMPLES[(number - 1) % len(SAMPLES)]}</FONT></TD>'
        span = "" if sample else ' COLSPAN="2"'
        rows.append(f'<TR>{sample}<TD ALIGN="LEFT"{span}><FONT COLOR="{ink}">{escaped(line)}</FONT></TD></TR>')
    return f'<<TABLE BORDER="0" CELLSPACING="1" CELLPADDING="1">{"".join(rows)}</TABLE>>'
