"""What a diagram shows, before anything is placed: a box for each node and constant, an arrow for each edge."""

from __future__ import annotations

from .graph import topological_order
from .labels import figures, formula, labels
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 24  # characters of a heading


class Box:
    """A node: its kind ("op", "input", "parameter", "constant", "output"), a heading and rows of (title, number)."""

    def __init__(self, kind: str, heading: str, rows: Sequence[tuple[str, str]] = ()) -> None:
        self.kind, self.heading, self.rows = kind, printable(heading), tuple(rows)

    @property
    def lines(self) -> list[str]:
        """The text of the box, from top to bottom."""
        return [self.heading, *(f"{title} {number}" for title, number in self.rows)]


class Arrow:
    """An edge from box number `tail` to box number `head`; its label is the local derivative ("" for constants)."""

    def __init__(self, tail: int, head: int, label: str) -> None:
        self.tail, self.head, self.label = tail, head, label


class Picture:
    """The boxes, inputs before what is made of them, and the arrows, in the order of the inputs.

    >>> x = Value(3.0, "x")
    >>> picture = Picture([x * x * 2])
    >>> [box.lines for box in picture.boxes]  # doctest: +NORMALIZE_WHITESPACE
    [['x', 'data 3', 'grad 0'], ['v1 = x * x', 'data 9', 'grad 0'], ['2'],
     ['v2 = v1 * 2', 'data 18', 'grad 0']]
    >>> [(arrow.tail, arrow.head, arrow.label) for arrow in picture.arrows]
    [(0, 1, '3'), (0, 1, '3'), (1, 3, '2'), (2, 3, '')]
    """

    def __init__(self, outputs: Sequence[Value]) -> None:
        names = labels(*outputs)
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        places: dict[Value, int] = {}
        for node in topological_order(*outputs):
            tails = []
            for x in node.inputs:
                if not isinstance(x, Value):
                    self.boxes.append(Box("constant", figures(x)))
                tails.append(places[x] if isinstance(x, Value) else len(self.boxes) - 1)
            kind = "op" if node.op else node.role
            rows = (("data", figures(node.data)), ("grad", figures(node.grad)))
            places[node] = len(self.boxes)
            self.boxes.append(Box("output" if node in outputs and node.op else kind, heading(node, names), rows))
            for tail, local in zip(tails, node.local_derivatives, strict=True):
                self.arrows.append(Arrow(tail, places[node], "" if local is None else figures(local)))

    def depth(self) -> int:
        """The number of arrows on the longest way through the picture."""
        depths = [0] * len(self.boxes)
        for arrow in self.arrows:
            depths[arrow.head] = max(depths[arrow.head], depths[arrow.tail] + 1)
        return max(depths, default=0)


def heading(node: Value, names: dict[Value, str]) -> str:
    """`x` for a leaf; `f = x * y` for a node, or `f = dot` where that would be long."""
    if node.op is None:
        return names[node]
    full = f"{names[node]} = {formula(node, names)}"
    return full if len(full) <= LONGEST else f"{names[node]} = {node.op.symbol}"


def printable(text: str) -> str:
    """The text on one line of bearable length, without the control characters that no drawing can hold."""
    text = "".join(c if c.isprintable() else "␣" if c.isspace() else "�" for c in text)
    return text if len(text) <= 2 * LONGEST else f"{text[: 2 * LONGEST - 1]}…"
