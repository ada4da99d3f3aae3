"""Running Graphviz: the `dot` program through the graphviz package, or the one inside pygraphviz's wheel."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import graphviz


def has_dot() -> bool:
    """Whether `dot` is on the PATH."""
    import shutil

    return shutil.which("dot") is not None


def rendered(graph: graphviz.Digraph, form: str) -> bytes:
    """The graph drawn by Graphviz as "svg", "png" or "pdf". RuntimeError: there is none, or it failed."""
    if has_dot():
        import graphviz

        try:
            drawn: bytes = graph.pipe(format=form)
        except graphviz.CalledProcessError as error:
            reason = (error.stderr or b"").decode(errors="replace").strip().splitlines() or [
                f"exit code {error.returncode}"
            ]
            raise RuntimeError(f"Graphviz could not draw this as {form}: {reason[0]}") from None
        return drawn
    try:
        import pygraphviz
    except ImportError:
        raise RuntimeError(
            f"drawing {form} needs Graphviz: install it with your system's packages (apt install graphviz, "
            f"brew install graphviz) or with pip install 'pathgrad[graphviz]', or save as .svg, which needs nothing"
        ) from None
    inside: bytes = pygraphviz.AGraph(string=graph.source).draw(format=form, prog="dot")
    return inside
