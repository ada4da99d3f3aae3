"""Arrows of the built-in drawing: a curve and its head, or the paths that run along an edge, side by side."""

from __future__ import annotations

from .picture import Arrow
from .shapes import ARROW
from .style import DASHES, Theme

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Point = tuple[float, float]


def drawn_arrow(arrow: Arrow, route: Sequence[Point], rankdir: str, theme: Theme) -> list[str]:
    """The arrow as SVG elements along its route."""
    dash = ' stroke-dasharray="5 3"' if arrow.dashed else ""
    if not arrow.strokes:
        ink = theme.ink if arrow.strokes is None else theme.muted
        thin = ' stroke-width="0.5"' if arrow.strokes is not None and ink == theme.ink else ""
        head = "" if ink == theme.ink else f' fill="{ink}"'
        return [
            f'<path d="{_curve(route)}" fill="none" stroke="{ink}"{thin}{dash}/>',
            f'<path d="{_head(route)}"{head}/>',
        ]
    # the paths that share an edge run side by side, across the direction in which the edges run
    total = sum(width for _, width in arrow.strokes)
    offset, shapes = -total / 2, []
    for number, width in arrow.strokes:
        shift = offset + width / 2
        offset += width
        moved = [(x, y + shift) if rankdir in ("LR", "RL") else (x + shift, y) for x, y in route]
        pattern = DASHES[(number - 1) % len(DASHES)]
        dash = f' stroke-dasharray="{pattern}"' if pattern else ""
        shapes.append(
            f'<path d="{_curve(moved)}" fill="none" stroke="{theme.paths[(number - 1) % len(theme.paths)]}" '
            f'stroke-width="{width:.2f}"{dash}/>'
        )
    number = max(arrow.strokes, key=lambda stroke: stroke[1])[0]
    head = _head(route, max(1.0, (total + 3) / (0.8 * ARROW)))
    return [*shapes, f'<path d="{head}" fill="{theme.paths[(number - 1) % len(theme.paths)]}"/>']


def thickness(arrow: Arrow) -> float:
    """How far the paths on an arrow reach to each side of where an arrow alone would run."""
    return sum(width for _, width in arrow.strokes or ()) / 2


def _curve(route: Sequence[Point]) -> str:
    """The route as far as the back of the arrow head."""
    back = _back(route)
    points = [*route[:-1], back]
    return f"M{points[0][0]:.1f},{points[0][1]:.1f} C" + " ".join(f"{x:.1f},{y:.1f}" for x, y in points[1:])


def _back(route: Sequence[Point]) -> Point:
    dx, dy = _direction(route)
    return (route[-1][0] - ARROW * dx, route[-1][1] - ARROW * dy)


def _head(route: Sequence[Point], wide: float = 1.0) -> str:
    (x, y), (bx, by) = route[-1], _back(route)
    dx, dy = _direction(route)
    wing = 0.4 * ARROW * wide
    return f"M{x:.1f},{y:.1f} L{bx - wing * dy:.1f},{by + wing * dx:.1f} L{bx + wing * dy:.1f},{by - wing * dx:.1f} Z"


def _direction(route: Sequence[Point]) -> Point:
    """The unit vector along which the route arrives."""
    (x, y), (cx, cy) = (
        route[-1],
        next((p for p in reversed(route[:-1]) if p != route[-1]), (route[-1][0] - 1, route[-1][1])),
    )
    length = ((x - cx) ** 2 + (y - cy) ** 2) ** 0.5
    return ((x - cx) / length, (y - cy) / length)
