"""A picture as DOT: pure text, by the graphviz package's own Digraph. Running `dot` on it is another step."""

from __future__ import annotations

from .picture import Picture
from .style import FILL, FONT, FONT_SIZE, INK, LABEL_INK, LABEL_SIZE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import graphviz

SHAPES = {
    "op": {"shape": "box"},
    "input": {"shape": "box", "style": "filled,rounded"},
    "parameter": {"shape": "hexagon", "margin": "0.02,0.02"},
    "constant": {"shape": "ellipse", "margin": "0.05,0.02"},
    "output": {"shape": "box", "peripheries": "2"},
}


def digraph(picture: Picture, rankdir: str) -> graphviz.Digraph:
    """The picture as a `graphviz.Digraph`, on which everything its users know works.

    >>> from autograd import Value
    >>> print(digraph(Picture([Value(3.0, "x")]), "LR").source.splitlines()[-2].strip())
    0 [label="x\\ndata 3\\ngrad 0" fillcolor="#d6e9f8" shape=box style="filled,rounded"]
    """
    import graphviz

    graph = graphviz.Digraph("pathgrad", graph_attr={"rankdir": rankdir, "nodesep": "0.2", "ranksep": "0.35"})
    size, small = f"{FONT_SIZE:g}", f"{LABEL_SIZE:g}"
    graph.attr("node", style="filled", fontname=FONT, fontsize=size, color=INK, fontcolor=INK, margin="0.1,0.05")
    graph.attr("edge", fontname=FONT, fontsize=small, color=INK, fontcolor=LABEL_INK, arrowsize="0.6")
    for i, box in enumerate(picture.boxes):
        label = graphviz.nohtml("\\n".join(map(graphviz.escape, box.lines)))
        graph.node(str(i), label, fillcolor=FILL[box.kind], **SHAPES[box.kind])
    for arrow in picture.arrows:
        label = f" {arrow.label} " if arrow.label else None
        graph.edge(str(arrow.tail), str(arrow.head), label=label)
    return graph
