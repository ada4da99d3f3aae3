"""What nodes are called: as in the picture; inside a folded box z and a, with the numbers of layer and unit."""

from __future__ import annotations

from ..labels import labels, primed
from ..names import SUBSCRIPTS
from ..picture import Picture
from ..wording import Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..folding import FoldedPicture
    from ..value import Value

DIGITS = {subscript: chr(digit) for digit, subscript in SUBSCRIPTS.items()}


def names(picture: Picture) -> tuple[list[str], list[str]]:
    """The name of each node in topological order, and how the picture shows it.

    >>> from autograd import Value
    >>> x = Value(2.0, "x1")
    >>> names(Picture([x * x]))
    (['x1', 'v1'], ['x₁', 'v₁'])
    """
    found = labels(*picture.outputs)
    if type(picture) is Picture:
        return list(found.values()), list(picture.wording.labels(picture.outputs).values())
    from ..folding import FoldedPicture

    if isinstance(picture, FoldedPicture):
        alone, shared = set[int](), set[int]()
        for box in picture.places.values():
            (shared if box in alone else alone).add(box)
        alone -= shared
        found = _told_apart({node: _given(picture, node, alone) for node in found})
    shown = Names()
    return list(found.values()), [shown(name) for name in found.values()]


def _given(picture: FoldedPicture, node: Value, alone: set[int]) -> str:
    """What a folded picture calls the node; "" if nothing. `alone` are the boxes of one node."""
    box = picture.places[node]
    if node.name:
        return node.name
    if box in alone:
        return picture.boxes[box].heading.partition(" = ")[0].translate(DIGITS)  # such as the v₁ of `v₁ = a₃ - 1`
    application = picture.items.application.get(node)
    if application is None or node not in (application.z, application.a):
        return ""
    letter, place = "z" if node is application.z else "a", picture.items.of[node].place
    if place and place[1] is None and len(picture.items.choice.layers[application.layer].units) < 2:
        return f"{letter}{application.layer + 1}"
    return f"{letter}{application.layer + 1}_{(application.unit or 0) + 1}"


def _told_apart(given: dict[Value, str]) -> dict[Value, str]:
    """No two alike: primes for what comes again, such as a unit at work on another sample; numbers for the rest."""
    taken, times, rest = set(given.values()), dict[str, int](), 0
    found: dict[Value, str] = {}
    for node, name in given.items():
        while not name:
            rest += 1
            name = "" if f"u{rest}" in taken else f"u{rest}"
        times[name] = count = times.get(name, 0) + 1
        found[node] = primed(name, count)
    return found
