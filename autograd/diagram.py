"""The diagram of a graph: data and grad in every node, the local derivative on every edge."""

from __future__ import annotations

from .chain_rule import mapped
from .graph import topological_order
from .labels import whole
from .picture import Picture
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    import graphviz

ENDINGS = (".svg", ".html", ".dot", ".gv", ".png", ".pdf")


class Diagram:
    """A drawing of a computation graph as it was when the diagram was made. Made by `diagram`; notebooks show it."""

    def __init__(self, outputs: Sequence[Value], engine: str, rankdir: str | None) -> None:
        self.picture = Picture(outputs)
        self.engine = engine
        # deep graphs go down the page, because screens and paper scroll that way
        self.rankdir = rankdir or ("LR" if self.picture.depth() <= 7 else "TB")

    @property
    def digraph(self) -> graphviz.Digraph:
        """The diagram as a `graphviz.Digraph`, to be changed and rendered by its own means."""
        from .digraph import digraph

        return digraph(self.picture, self.rankdir)

    @property
    def source(self) -> str:
        """The diagram in the DOT language."""
        source: str = self.digraph.source
        return source

    def svg(self) -> str:
        """The diagram as an SVG document."""
        from . import programs
        from .svg import svg

        if self.engine == "dot" or (self.engine == "auto" and programs.has_dot()):
            drawn = programs.rendered(self.digraph, "svg").decode()
            return drawn[drawn.index("<svg") :]  # without the XML prologue, so that it can stand in a page
        return svg(self.picture, self.rankdir)

    def save(self, path: str | PathLike[str]) -> str:
        """Write the diagram; the ending says as what: .svg .html .dot .png .pdf. Gives back the path.

        ValueError: another ending. RuntimeError: .png and .pdf need Graphviz, and there is none.
        """
        from pathlib import Path

        file = Path(path)
        ending = file.suffix.lower()
        if ending not in ENDINGS:
            raise ValueError(f"cannot save a diagram as {file.name!r}: the name must end in one of {' '.join(ENDINGS)}")
        if ending in (".png", ".pdf"):
            from .programs import rendered

            content = rendered(self.digraph, ending[1:])
        elif ending == ".html":
            content = self._page().encode()
        else:
            content = (self.svg() if ending == ".svg" else self.source).encode()
        file.write_bytes(content)
        return str(file)

    def _page(self) -> str:
        from .svg import escaped, summary

        title = escaped(summary(self.picture))
        return (
            f'<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n'
            '<meta name="viewport" content="width=device-width">\n'
            "<style>body { margin: 1em } svg { max-width: 100%; height: auto }</style>\n"
            f"{self.svg()}</html>\n"
        )

    def _repr_html_(self) -> str:
        # an image with its data inside is all that a notebook shows before it is trusted
        from base64 import b64encode

        from .svg import escaped, summary

        data = b64encode(self.svg().encode()).decode()
        return f'<img src="data:image/svg+xml;base64,{data}" alt="{escaped(summary(self.picture))}">'

    def __repr__(self) -> str:
        return f"<diagram of {len(self.picture.boxes)} nodes; .save('f.svg') writes it>"


def diagram(f: Value | Sequence[Value], engine: str = "auto", rankdir: str | None = None, limit: int = 300) -> Diagram:
    """Draw the graph of f: what each node is, its data and grad, and the local derivative on each edge.

    Inputs are rounded boxes, parameters hexagons, constants ellipses, outputs have a double border.

    Args:
        f: a Value, or several.
        engine: "dot" is Graphviz; "builtin" needs nothing and gives the same bytes everywhere; "auto" is "dot"
            where it is installed.
        rankdir: "LR" or "TB" (or "RL", "BT"); None takes LR for shallow graphs and TB for deep ones.
        limit: how many nodes are drawn at the most.

    ValueError: there are more nodes than `limit`, or an unknown engine or rankdir.

    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> f = x * y
    >>> f.backward()
    >>> picture = diagram(f, engine="builtin")
    >>> picture, "digraph" in picture.source, picture.svg()[:4]
    (<diagram of 3 nodes; .save('f.svg') writes it>, True, '<svg')
    """
    outputs: list[Value] = []
    mapped(outputs.append, f)
    if engine not in ("auto", "dot", "builtin"):
        raise ValueError(f"expected engine 'auto', 'dot' or 'builtin', got {engine!r}")
    if rankdir not in (None, "LR", "TB", "RL", "BT"):
        raise ValueError(f"expected rankdir 'LR', 'TB', 'RL' or 'BT', got {rankdir!r}")
    nodes = len(topological_order(*outputs))
    if nodes > limit:
        raise ValueError(
            f"this graph has {whole(nodes)} nodes, more than a reader can follow; draw a part of it, such as one "
            f"inner node or the loss of one sample, or pass limit={nodes} if you want all of them"
        )
    return Diagram(outputs, engine, rankdir)
