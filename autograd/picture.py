"""What a diagram shows, before anything is placed: a box for each node and constant, an arrow for each edge."""

from __future__ import annotations

from .value import Value
from .wording import Wording
from .wording import printable as printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Edge = tuple[Value, int]  # a node, and which of its inputs


class Box:
    """A node: its kind ("op", "input", "parameter", "constant", "output"), a heading and rows of (title, number).

    In folded pictures there are also "neuron" and "layer"; `final` says that one holds an output.
    """

    def __init__(self, kind: str, heading: str, rows: Sequence[tuple[str, str]] = (), final: bool = False) -> None:
        self.kind, self.heading, self.rows = kind, printable(heading), tuple(rows)
        self.final = final or kind == "output"

    @property
    def lines(self) -> list[str]:
        """The text of the box, from top to bottom."""
        return [self.heading, *(f"{title} {number}".strip() for title, number in self.rows)]


class Arrow:
    """An edge from box number `tail` to box number `head`; its label is the local derivative ("" for constants).

    A folded arrow stands for several edges; where these have different local derivatives its label is what comes back
    over them. `dashed` marks those that carry parameters and not activations. `strokes` holds (number of the path,
    width) for the paths that are shown on it, or is None where none are shown anywhere.
    """

    def __init__(self, tail: int, head: int, label: str, dashed: bool = False) -> None:
        self.tail, self.head, self.label, self.dashed = tail, head, label, dashed
        self.strokes: tuple[tuple[int, float], ...] | None = None


class Frame:
    """A labelled frame around the boxes of these numbers; `parent` is the number of the frame it stands in, or -1."""

    def __init__(self, title: str, members: Sequence[int], parent: int = -1) -> None:
        self.title, self.members, self.parent = printable(title), tuple(members), parent


class Picture:
    """The boxes, inputs before what is made of them, and the arrows, in the order of the inputs.

    `places` holds the number of each node's box, `edges` that of each edge's arrow, `legend` lines of (number of a
    path or None, text) that stand below.

    >>> x = Value(3.0, "x")
    >>> picture = Picture([x * x * 2])
    >>> [box.lines for box in picture.boxes]  # doctest: +NORMALIZE_WHITESPACE
    [['x', 'data 3', 'grad 0'], ['v₁ = x · x', 'data 9', 'grad 0'], ['2'],
     ['v₂ = v₁ · 2', 'data 18', 'grad 0']]
    >>> [(arrow.tail, arrow.head, arrow.label) for arrow in picture.arrows]
    [(0, 1, '3'), (0, 1, '3'), (1, 3, '2'), (2, 3, '')]
    """

    def __init__(self, outputs: Sequence[Value], wording: Wording | None = None, contributions: bool = False) -> None:
        self.wording = wording = wording or Wording()
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        self.frames: list[Frame] = []
        self.legend: list[tuple[int | None, str]] = []
        self.places: dict[Value, int] = {}
        self.edges: dict[Edge, int] = {}
        self.names: dict[Value, str] = {}
        self.outputs = tuple(outputs)
        self._fill(contributions)

    def _fill(self, contributions: bool) -> None:
        self.names = names = self.wording.labels(self.outputs)
        number = self.wording.number
        for node in names:  # in topological order
            tails, inputs = [], []
            for x in node.inputs:
                if not isinstance(x, Value):
                    self.boxes.append(Box("constant", number(x)))
                tails.append(self.places[x] if isinstance(x, Value) else len(self.boxes) - 1)
                inputs.append(names[x] if isinstance(x, Value) else number(x))
            self.places[node] = head = len(self.boxes)
            heading = self.wording.heading(node, names[node], inputs)
            self.boxes.append(Box(kind(node, self.outputs), heading, numbers(node, self.wording)))
            for k, (tail, local) in enumerate(zip(tails, node.local_derivatives, strict=True)):
                self.edges[node, k] = len(self.arrows)
                self.arrows.append(Arrow(tail, head, edge_label(node, local, self.wording, contributions)))

    def called(self, node: Value) -> str:
        """What the picture calls a node."""
        return self.names[node]

    @property
    def folded(self) -> bool:
        """Whether some box stands for more than one node."""
        return len(set(self.places.values())) < len(self.places)

    def depth(self) -> int:
        """The number of arrows on the longest way through the picture."""
        depths = [0] * len(self.boxes)
        above: dict[int, list[int]] = {}
        waiting = [0] * len(self.boxes)
        for arrow in self.arrows:
            above.setdefault(arrow.tail, []).append(arrow.head)
            waiting[arrow.head] += 1
        ready = [box for box, count in enumerate(waiting) if not count]
        for box in ready:  # the list grows while it is read
            for head in above.get(box, ()):
                depths[head] = max(depths[head], depths[box] + 1)
                waiting[head] -= 1
                if not waiting[head]:
                    ready.append(head)
        return max(depths, default=0)


def kind(node: Value, outputs: Iterable[Value]) -> str:
    """The kind of the node's box."""
    if node.op is None:
        return node.role
    return "output" if node in outputs else "op"


def numbers(node: Value, wording: Wording) -> tuple[tuple[str, str], ...]:
    """The rows of a node's box."""
    return (("data", wording.number(node.data)), ("grad", wording.number(node.grad)))


def edge_label(node: Value, local: float | None, wording: Wording, contributions: bool) -> str:
    """The local derivative or, where contributions are asked for, `local × adjoint = contribution`."""
    if local is None:
        return ""
    if not contributions:
        return wording.number(local)
    write = wording.number
    return f"{write(local)} × {write(node.grad)} = {write(node.grad * local)}"
