"""A picture as SVG, placed by the built-in layout: nothing to install, and the same bytes every time."""

from __future__ import annotations

from .picture import Box, Picture
from .style import ADVANCE, FAINT_INK, FILL, FONT, FONT_FALLBACKS, FONT_SIZE, INK, LABEL_INK, LABEL_SIZE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Point = tuple[float, float]

LINE = 15.0  # height of a row
CUT = 9.0  # how far a parameter's hexagon reaches beyond its text
ARROW = 7.0


def svg(picture: Picture, rankdir: str) -> str:
    """The picture as a self-contained SVG document.

    >>> from autograd import Value
    >>> text = svg(Picture([Value(3.0, "a<b")]), "LR")
    >>> "a&lt;b" in text, text == svg(Picture([Value(3.0, "a<b")]), "LR")
    (True, True)
    """
    from .layout import layered_layout

    sizes = box_sizes(picture, rankdir)
    placed = layered_layout(
        sizes,
        [(arrow.tail, arrow.head) for arrow in picture.arrows],
        [(_width(arrow.label, LABEL_SIZE), LABEL_SIZE + 2) if arrow.label else None for arrow in picture.arrows],
        rankdir,
        rank_gap=22.0,
        node_gap=14.0,
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{placed.width:.0f}pt" height="{placed.height:.0f}pt" '
        f'viewBox="0 0 {placed.width:.1f} {placed.height:.1f}" role="img" font-family="{FONT}, {FONT_FALLBACKS}" '
        f'font-size="{FONT_SIZE:g}" fill="{INK}">',
        f"<title>{escaped(summary(picture))}</title>",
        f'<rect width="{placed.width:.1f}" height="{placed.height:.1f}" fill="#ffffff"/>',
    ]
    for route in placed.routes:
        parts.append(f'<path d="{_curve(route)}" fill="none" stroke="{INK}"/>')
        parts.append(f'<path d="{_head(route)}"/>')
    for box, center, size in zip(picture.boxes, placed.centers, sizes, strict=True):
        parts += _box(box, center, size)
    for arrow, at in zip(picture.arrows, placed.label_centers, strict=True):
        if at is not None:
            y = at[1] + 0.35 * LABEL_SIZE
            style = f'font-size="{LABEL_SIZE:g}" fill="{LABEL_INK}" text-anchor="middle"'
            parts.append(f'<text x="{at[0]:.1f}" y="{y:.1f}" {style}>{escaped(arrow.label)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def summary(picture: Picture) -> str:
    """One line for whoever cannot see the picture."""
    outputs = ", ".join(", ".join(box.lines) for box in picture.boxes if box.kind == "output")
    return f"computation graph of {len(picture.boxes)} nodes{': ' if outputs else ''}{outputs}"


def escaped(text: str) -> str:
    """Text as it may stand in SVG and HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _width(text: str, size: float) -> float:
    wide = sum(1 for c in text if ord(c) >= 0x1100)  # scripts whose characters take two places
    return (len(text) + wide) * ADVANCE * size


def box_sizes(picture: Picture, rankdir: str) -> list[Point]:
    """Width and height of each box: enough for its text, and for its arrows to arrive side by side."""
    arrivals = [0] * len(picture.boxes)
    for arrow in picture.arrows:
        arrivals[arrow.head] += 1
    sizes = []
    for box, count in zip(picture.boxes, arrivals, strict=True):
        width, height = max(_width(line, FONT_SIZE) for line in box.lines) + 14.0, LINE * len(box.lines) + 6.0
        if box.kind == "parameter":
            width += 2 * CUT
        if rankdir in ("LR", "RL"):
            height = max(height, count * ARROW)
        else:
            width = max(width, count * ARROW)
        sizes.append((width, height))
    return sizes


def _box(box: Box, center: Point, size: Point) -> list[str]:
    (width, height), (x, y) = size, center
    left, top = x - width / 2, y - height / 2
    paint = f'fill="{FILL[box.kind]}" stroke="{INK}"'
    rect = f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" {paint}'
    if box.kind == "constant":
        shape = [f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{width / 2:.1f}" ry="{height / 2:.1f}" {paint}/>']
    elif box.kind == "parameter":
        corners = [(left, y), (left + CUT, top), (left + width - CUT, top)]
        corners += [(2 * x - a, 2 * y - b) for a, b in corners]
        shape = [f'<polygon points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in corners)}" {paint}/>']
    elif box.kind == "output":
        inner = f'<rect x="{left + 2.5:.1f}" y="{top + 2.5:.1f}" width="{width - 5:.1f}" height="{height - 5:.1f}" '
        shape = [rect + "/>", f'{inner}fill="none" stroke="{INK}" stroke-width="0.7"/>']
    else:
        shape = [rect + (' rx="9"/>' if box.kind == "input" else "/>")]
    inset = CUT + 7.0 if box.kind == "parameter" else 7.0
    base = y - LINE * len(box.lines) / 2 + LINE * 0.74
    middle = f'text-anchor="middle"{" font-weight=" + chr(34) + "bold" + chr(34) if box.rows else ""}'
    text = [f'<text x="{x:.1f}" y="{base:.1f}" {middle}>{escaped(box.heading)}</text>']
    for i, (title, number) in enumerate(box.rows, 1):
        at = f'y="{base + i * LINE:.1f}"'
        text.append(f'<text x="{left + inset:.1f}" {at} fill="{FAINT_INK}">{title}</text>')
        text.append(f'<text x="{left + width - inset:.1f}" {at} text-anchor="end">{escaped(number)}</text>')
    return shape + text


def _curve(route: Sequence[Point]) -> str:
    """The route as far as the back of the arrow head."""
    back = _back(route)
    points = [*route[:-1], back]
    return f"M{points[0][0]:.1f},{points[0][1]:.1f} C" + " ".join(f"{x:.1f},{y:.1f}" for x, y in points[1:])


def _back(route: Sequence[Point]) -> Point:
    dx, dy = _direction(route)
    return (route[-1][0] - ARROW * dx, route[-1][1] - ARROW * dy)


def _head(route: Sequence[Point]) -> str:
    (x, y), (bx, by) = route[-1], _back(route)
    dx, dy = _direction(route)
    wing = 0.4 * ARROW
    return f"M{x:.1f},{y:.1f} L{bx - wing * dy:.1f},{by + wing * dx:.1f} L{bx + wing * dy:.1f},{by - wing * dx:.1f} Z"


def _direction(route: Sequence[Point]) -> Point:
    """The unit vector along which the route arrives."""
    (x, y), (cx, cy) = (
        route[-1],
        next((p for p in reversed(route[:-1]) if p != route[-1]), (route[-1][0] - 1, route[-1][1])),
    )
    length = ((x - cx) ** 2 + (y - cy) ** 2) ** 0.5
    return ((x - cx) / length, (y - cy) / length)
