"""Choice: which layers and units of a model are folded, and which are opened and stand in a frame."""

from __future__ import annotations

from ..op import described
from .applications import Part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

Place = tuple[int, int | None]  # the number of a layer, and of a unit in it


class Choice:
    """What `fold` and `open` ask for: `folded` holds layers (l, None) and units (l, u), `framed` those with a frame.

    A layer that is opened shows its units; a unit that is opened, its nodes, while the rest of its layer stays folded.
    """

    def __init__(self, layers: Sequence[Part], fold: str, open: Any) -> None:
        self.layers, self.fold = layers, fold
        self.folded: set[Place] = set()
        self.framed: set[Place] = set()
        self.opened = set(_opened(layers, open))
        for layer in layers:
            whole = (layer.number, None)
            units: list[Place] = [(layer.number, unit.number) for unit in layer.units or [layer]]
            if fold == "layer" and whole not in self.opened and not layer.alone:
                self.folded.add(whole)
            elif (fold == "none" or whole in self.opened) and not layer.alone:
                self.framed.add(whole)
            for unit in units:
                if unit in self.opened or (fold == "none" and (len(units) > 1 or layer.alone)):
                    self.framed.add(unit)
                elif fold != "none":
                    self.folded.add(unit)

    def owner(self, layer: int, unit: int | None) -> Place | None:
        """The folded part that a unit's nodes go into; None if they are drawn."""
        if (layer, unit) in self.framed and unit is not None:
            return None
        if (layer, None) in self.folded:
            return (layer, None)
        return (layer, unit) if (layer, unit) in self.folded else None

    def shown(self, layer: int) -> int:
        """How many units of the layer are opened."""
        return sum((layer, unit.number) in self.opened for unit in self.layers[layer].units)

    def part(self, place: Place) -> Part:
        """The layer or unit there."""
        layer = self.layers[place[0]]
        return layer if place[1] is None or layer.alone else layer.units[place[1]]


def _opened(layers: Sequence[Part], wanted: Any) -> Iterator[Place]:
    """The places of the parts asked for, by path, by module, or a list of these. ValueError: there is no such part."""
    known = {part.path: (place, part) for place, part in _all(layers)}
    for one in wanted if isinstance(wanted, list | tuple | set | frozenset) else [wanted]:
        if isinstance(one, str) and one in known:
            yield known[one][0]
            continue
        places = [place for place, part in known.values() if part.told.module is one and one is not None]
        if not places:
            from difflib import get_close_matches

            close = get_close_matches(one, known, 1) if isinstance(one, str) else []
            hint = f"did you mean {close[0]!r}?" if close else f"it has {', '.join(list(known)[:6])}, …"
            raise ValueError(f"there is no part {described(one)} to open in this model; {hint}")
        yield from places


def _all(layers: Sequence[Part]) -> Iterator[tuple[Place, Part]]:
    for layer in layers:
        yield ((layer.number, layer.number if layer.alone else None), layer)
        for unit in layer.units:
            yield ((layer.number, unit.number), unit)
