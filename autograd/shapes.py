"""The shapes of boxes in the built-in drawing: how large each must be for its text, and how it is drawn."""

from __future__ import annotations

from .picture import Box, Picture
from .style import ADVANCE, FONT_SIZE, Theme
from .wording import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    Point = tuple[float, float]

LINE = 15.0  # height of a row
CUT = 9.0  # how far a parameter's hexagon reaches beyond its text
ARROW = 7.0  # length of an arrow's head, and room that one takes beside another
SIDE = 5.0  # how thick a layer's box is
CORNER = 8.0  # what is cut off a neuron's corners


def text_width(text: str, size: float) -> float:
    """How wide the text is in the drawing."""
    return visible(text) * ADVANCE * size


def box_sizes(picture: Picture, rankdir: str) -> list[Point]:
    """Width and height of each box: enough for its text, and for its arrows to arrive side by side."""
    arrivals = [0.0] * len(picture.boxes)
    for arrow in picture.arrows:
        arrivals[arrow.head] += ARROW + sum(width for _, width in (arrow.strokes or ())[1:])
    sizes = []
    for box, room in zip(picture.boxes, arrivals, strict=True):
        width, height = max(text_width(line, FONT_SIZE) for line in box.lines) + 14.0, LINE * len(box.lines) + 6.0
        if box.kind == "parameter":
            width += 2 * CUT
        elif box.kind == "layer":
            width, height = width + SIDE, height + SIDE
        elif box.kind == "neuron" or (box.kind == "constant" and box.rows):
            width += CORNER
        if rankdir in ("LR", "RL"):
            height = max(height, room)
        else:
            width = max(width, room)
        sizes.append((width, height))
    return sizes


def drawn_box(box: Box, center: Point, size: Point, theme: Theme) -> list[str]:
    """The box as SVG elements: its shape, then its text."""
    (width, height), (x, y) = size, center
    left, top = x - width / 2, y - height / 2
    paint = f'fill="{theme.fill[box.kind]}" stroke="{theme.ink}"'
    inset = 7.0
    if box.kind == "layer":
        shape = _block(left, top, width, height, paint)
        x, y, top, width, height = x - SIDE / 2, y + SIDE / 2, top + SIDE, width - SIDE, height - SIDE
    elif box.kind == "neuron":
        corners = [
            (left, top + CORNER),
            (left + CORNER, top),
            (left + width - CORNER, top),
            (left + width, top + CORNER),
        ]
        shape = [_polygon([*corners, *[(2 * x - a, 2 * y - b) for a, b in corners]], paint)]
        inset += CORNER / 2
    elif box.kind == "constant":
        paint += ' stroke-dasharray="3 2"' if theme.fill["constant"] == theme.paper else ""
        if box.rows:
            shape = [_rect(left, top, width, height, f'{paint} rx="16"')]
            inset += CORNER / 2
        else:
            shape = [f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{width / 2:.1f}" ry="{height / 2:.1f}" {paint}/>']
    elif box.kind == "parameter":
        corners = [(left, y), (left + CUT, top), (left + width - CUT, top)]
        shape = [_polygon([*corners, *[(2 * x - a, 2 * y - b) for a, b in corners]], paint)]
        inset += CUT
    else:
        shape = [_rect(left, top, width, height, paint + (' rx="9"' if box.kind == "input" else ""))]
    if box.final:
        line = f'fill="none" stroke="{theme.ink}" stroke-width="0.7"'
        shape.append(_rect(left + 2.5, top + 2.5, width - 5, height - 5, line))
    base = y - LINE * len(box.lines) / 2 + LINE * 0.74
    middle = f'text-anchor="middle"{" font-weight=" + chr(34) + "bold" + chr(34) if box.rows else ""}'
    text = [f'<text x="{x:.1f}" y="{base:.1f}" {middle}>{escaped(box.heading)}</text>']
    for i, (title, number) in enumerate(box.rows, 1):
        at = f'y="{base + i * LINE:.1f}"'
        if title:
            text.append(f'<text x="{left + inset:.1f}" {at} fill="{theme.faint}">{escaped(title)}</text>')
        if number:
            end = f'<text x="{left + width - inset:.1f}" {at} text-anchor="end">'
            text.append(f"{end}{escaped(number)}</text>")
    return shape + text


def _rect(left: float, top: float, width: float, height: float, paint: str) -> str:
    return f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" {paint}/>'


def _polygon(corners: list[Point], paint: str) -> str:
    return f'<polygon points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in corners)}" {paint}/>'


def _block(left: float, top: float, width: float, height: float, paint: str) -> list[str]:
    """A box with a top and a side, as of something that has more in it than is seen."""
    right, bottom, front = left + width, top + height, left + width - SIDE
    low = top + SIDE
    outline = [(left, low), (left + SIDE, top), (right, top), (right, bottom - SIDE), (front, bottom), (left, bottom)]
    edges = f"M{left:.1f},{low:.1f} H{front:.1f} V{bottom:.1f} M{front:.1f},{low:.1f} L{right:.1f},{top:.1f}"
    return [_polygon(outline, paint), f'<path d="{edges}" {paint}/>']


def escaped(text: str) -> str:
    """Text as it may stand in SVG and HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
