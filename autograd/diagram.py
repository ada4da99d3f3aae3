"""The diagram of a graph: data and grad in every node, the local derivative on every edge; layers that fold."""

from __future__ import annotations

from .chain_rule import mapped
from .graph import topological_order
from .labels import whole
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike
    from typing import Any

    import graphviz

    from .paths import Path
    from .picture import Picture
    from .style import Theme

ENDINGS = (".svg", ".html", ".dot", ".gv", ".png", ".pdf")
ENGINES, RANKDIRS = ("auto", "dot", "builtin"), ("LR", "TB", "RL", "BT")
FOLDS, LABELS, NAMED_THEMES = ("neuron", "layer", "none"), ("local", "contribution"), ("light", "dark", "print")


class Diagram:
    """A drawing of a computation graph as it was when the diagram was made. Made by `diagram`; notebooks show it."""

    def __init__(self, picture: Picture, engine: str, rankdir: str | None, theme: Theme, playable: bool = True) -> None:
        from .page import Steps

        self.picture, self.engine, self.theme, self.playable = picture, engine, theme, playable
        self._steps = Steps(picture)  # now, because the numbers may have changed by the time it is shown
        # deep graphs go down the page, because screens and paper scroll that way
        self.rankdir = rankdir or ("LR" if picture.depth() <= 7 else "TB")

    @property
    def digraph(self) -> graphviz.Digraph:
        """The diagram as a `graphviz.Digraph`, to be changed and rendered by its own means."""
        from .digraph import digraph

        return digraph(self.picture, self.rankdir, self.theme)

    @property
    def source(self) -> str:
        """The diagram in the DOT language."""
        source: str = self.digraph.source
        return source

    def svg(self) -> str:
        """The diagram as an SVG document."""
        from . import programs

        if self.engine == "dot" or (self.engine == "auto" and programs.has_dot()):
            drawn = programs.rendered(self.digraph, "svg").decode()
            return drawn[drawn.index("<svg") :]  # without the XML prologue, so that it can stand in a page
        return self._plain()

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

    def _plain(self) -> str:
        from .svg import svg

        return svg(self.picture, self.rankdir, theme=self.theme)

    def _marked(self, picture: Picture) -> str:
        from .svg import svg

        return svg(picture, self.rankdir, marked=True, theme=self.theme)

    def _page(self) -> str:
        from .page import page

        return page(self._steps, self._marked, self.theme)

    def _repr_html_(self) -> str:
        from .page import fragment, image

        if self.engine == "dot":  # whoever asks for Graphviz' drawing gets it; it cannot be played
            return image(self.picture, self.svg())
        if not self.playable:
            return image(self.picture, self._plain())
        return fragment(self._steps, self._marked, self.theme)

    def __repr__(self) -> str:
        count = f"{len(self.picture.boxes)} nodes"
        if self.picture.folded:
            count = f"{whole(len(self.picture.places))} nodes, folded to {len(self.picture.boxes)} boxes"
        return f"<diagram of {count}; .save('f.svg') writes it>"


def diagram(
    f: Value | Sequence[Value],
    engine: str = "auto",
    rankdir: str | None = None,
    limit: int = 300,
    model: Any = None,
    fold: str | None = None,
    open: Any = (),
    path: Path | None = None,
    paths_from: Value | None = None,
    top: int = 5,
    edge_labels: str = "local",
    theme: str = "light",
    digits: int | Callable[[float], str] = 4,
    playable: bool = True,
) -> Diagram:
    """Draw the graph of f: what each node is, its data and grad, and the local derivative on each edge.

    Inputs are rounded boxes, parameters hexagons, constants ellipses, outputs have a double border.

    Args:
        f: a Value, or several.
        engine: "dot" is Graphviz; "builtin" needs nothing and gives the same bytes everywhere; "auto" is "dot"
            where it is installed.
        rankdir: "LR" or "TB" (or "RL", "BT"); None takes LR for shallow graphs and TB for deep ones.
        limit: how many boxes are drawn at the most.
        model: an `nn` module whose layers are folded. The samples that went through it are folded as well.
        fold: "layer" (which a model alone means) or "neuron": one box for each, with z, a and δ = ∂f/∂z; "none":
            every node, in labelled frames. An arrow that stands for several edges with different local derivatives
            is labelled with what comes back over it: Σ adjoint · local or, from several nodes, the length ‖·‖ of
            the vector of these sums.
        open: parts of the model that are not folded: "layers.0", "layers.0.neurons.2", modules, or a list of them.
        path: a path, of `paths(f, x)`, to show on top.
        paths_from: a Value; the `top` paths from it to f with the largest contributions are shown on top.
        edge_labels: "local", or "contribution" for `local × adjoint = contribution`.
        theme: "light", "dark", or "print", black on white.
        digits: of a number, or a function from float to str.
        playable: whether notebooks can play both passes on it, which makes a page with many diagrams large; if not,
            they show an image. `save("f.html")` writes a page that can be played either way.

    ValueError: there are more boxes than `limit`, an unknown option, or a path or part that is not there.

    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> f = x * y
    >>> f.backward()
    >>> picture = diagram(f, engine="builtin")
    >>> picture, "digraph" in picture.source, picture.svg()[:4]
    (<diagram of 3 nodes; .save('f.svg') writes it>, True, '<svg')
    """
    outputs: list[Value] = []
    mapped(outputs.append, f)
    _require("engine", engine, ENGINES)
    _require("rankdir", rankdir, (None, *RANKDIRS))
    _require("fold", fold, (None, *FOLDS))
    _require("edge_labels", edge_labels, LABELS)
    _require("theme", theme, NAMED_THEMES)
    if model is None and (fold is not None or open != ()):
        raise ValueError(f"{'fold' if fold is not None else 'open'} takes a model as well: diagram(f, model=…)")
    from .picture import Picture
    from .style import THEMES
    from .wording import Wording

    wording = Wording(digits)
    overlay = _overlay(outputs, path, paths_from, top, wording)
    nodes = topological_order(*outputs)
    contributions = edge_labels == "contribution"
    if contributions and not any(node.grad for node in nodes if node.op):
        raise ValueError("there is no contribution to show while every grad is 0; call f.backward() first")
    if model is not None:
        from .folding import folded

        picture = folded(outputs, nodes, model, fold or "layer", open, wording, contributions, limit)
    else:
        if len(nodes) > limit:
            raise ValueError(
                f"this graph has {whole(len(nodes))} nodes, more than a reader can follow; draw a part of it, such as "
                f"one inner node or the loss of one sample, fold it with model=…, or pass limit={len(nodes)} if you "
                "want all of them"
            )
        picture = Picture(outputs, wording, contributions)
    if overlay is not None:
        overlay.lay(picture)
    return Diagram(picture, engine, rankdir, THEMES[theme], playable)


def _overlay(outputs: Sequence[Value], path: Any, paths_from: Any, top: int, wording: Any) -> Any:
    if path is None and paths_from is None:
        return None
    from .overlay import Overlay

    if path is not None and paths_from is not None:
        raise ValueError("path shows one path and paths_from the largest; give one of the two")
    if path is not None:
        return Overlay.of_path(outputs, path)
    return Overlay.of_largest(outputs, paths_from, top, wording)


def _require(option: str, given: object, allowed: Sequence[object]) -> None:
    if given not in allowed:
        *names, last = [repr(name) for name in allowed if name is not None]
        raise ValueError(f"expected {option} {', '.join(names)} or {last}, got {given!r}")
