"""A picture as SVG, placed by the built-in layout: nothing to install, and the same bytes every time."""

from __future__ import annotations

from .arrows import drawn_arrow, thickness
from .labels import whole
from .picture import Arrow, Picture
from .shapes import LINE, box_sizes, drawn_box, text_width
from .shapes import escaped as escaped
from .style import DASHES, FONT, FONT_FALLBACKS, FONT_SIZE, LABEL_SIZE, LIGHT, Theme

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .layout import Layout

    Point = tuple[float, float]

SAMPLE = 34.0  # length of the line beside a path in the legend


def svg(picture: Picture, rankdir: str, marked: bool = False, theme: Theme = LIGHT) -> str:
    """The picture as a self-contained SVG document; `marked` puts each box and arrow in a group with its number.

    >>> from autograd import Value
    >>> text = svg(Picture([Value(3.0, "a<b")]), "LR")
    >>> "a&lt;b" in text, text == svg(Picture([Value(3.0, "a<b")]), "LR")
    (True, True)
    """
    placed = layout(picture, rankdir)
    legend = _legend(picture, placed, theme)
    width = max(placed.width, *[8 + SAMPLE + 16 + text_width(line, LABEL_SIZE) for _, line in picture.legend], 0.0)
    height = placed.height + (LINE * len(picture.legend) + 6 if legend else 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}pt" height="{height:.0f}pt" '
        f'viewBox="0 0 {width:.1f} {height:.1f}" role="img" font-family="{FONT}, {FONT_FALLBACKS}" '
        f'font-size="{FONT_SIZE:g}" fill="{theme.ink}">',
        f"<title>{escaped(summary(picture))}</title>",
        f'<rect x="-1" y="-1" width="{width + 2:.1f}" height="{height + 2:.1f}" fill="{theme.paper}"/>',
    ]

    def grouped(kind: str, number: int, shapes: list[str]) -> list[str]:
        return [f'<g class="{kind}" data-{kind}="{number}">', *shapes, "</g>"] if marked else shapes

    for i in _outermost_first(picture):
        parts += grouped("frame", i, _frame(picture.frames[i].title, placed, i, theme))
    for i, (arrow, route) in enumerate(zip(picture.arrows, placed.routes, strict=True)):
        parts += grouped("arrow", i, drawn_arrow(arrow, route, rankdir, theme))
    sizes, level = box_sizes(picture, rankdir), rankdir in ("LR", "RL")
    for i, (box, center, size) in enumerate(zip(picture.boxes, placed.centers, sizes, strict=True)):
        parts += grouped("box", i, drawn_box(box, center, size, theme))
    for i, (arrow, at) in enumerate(zip(picture.arrows, placed.label_centers, strict=True)):
        if at is not None:
            x, y = at[0], at[1] + 0.35 * LABEL_SIZE
            if level:
                y -= thickness(arrow) / 2
            else:
                x += thickness(arrow) / 2
            style = f'font-size="{LABEL_SIZE:g}" fill="{theme.faint if arrow.strokes == () else theme.label}"'
            label = f'<text x="{x:.1f}" y="{y:.1f}" {style} text-anchor="middle">{escaped(arrow.label)}</text>'
            parts += grouped("label", i, [label])
    return "\n".join([*parts, *legend, "</svg>\n"])


def layout(picture: Picture, rankdir: str) -> Layout:
    """Where everything of the picture stands."""
    from .layout import Frame, layered_layout

    return layered_layout(
        box_sizes(picture, rankdir),
        [(arrow.tail, arrow.head) for arrow in picture.arrows],
        [_label_size(arrow, rankdir in ("LR", "RL")) if arrow.label else None for arrow in picture.arrows],
        rankdir,
        rank_gap=22.0,
        node_gap=14.0,
        frames=[
            Frame(frame.members, (text_width(frame.title, LABEL_SIZE), LABEL_SIZE + 2), frame.parent)
            for frame in picture.frames
        ],
    )


def _label_size(arrow: Arrow, level: bool) -> Point:
    """The label's, and beside it the room that thick paths take."""
    width, height = text_width(arrow.label, LABEL_SIZE), LABEL_SIZE + 2
    return (width, height + thickness(arrow)) if level else (width + thickness(arrow), height)


def summary(picture: Picture) -> str:
    """One line for whoever cannot see the picture."""
    lines = [", ".join(" ".join(line.split()) for line in box.lines) for box in picture.boxes if box.final]
    outputs = ", ".join(lines)
    count = f"{len(picture.boxes)} nodes"
    if picture.folded:
        count = f"{whole(len(picture.places))} nodes, folded to {len(picture.boxes)} boxes"
    return f"computation graph of {count}{': ' if outputs else ''}{outputs}"


def _outermost_first(picture: Picture) -> list[int]:
    depths = []
    for frame in picture.frames:
        depth, parent = 0, frame.parent
        while parent >= 0:
            depth, parent = depth + 1, picture.frames[parent].parent
        depths.append(depth)
    return sorted(range(len(depths)), key=depths.__getitem__)


def _frame(title: str, placed: Layout, i: int, theme: Theme) -> list[str]:
    (left, top, right, bottom), (x, y) = placed.frames[i], placed.title_centers[i]
    size = f'x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"'
    paint = f'rx="6" fill="{theme.frame}" stroke="{theme.faint}" stroke-dasharray="4 3"'
    text = f'font-size="{LABEL_SIZE:g}" fill="{theme.faint}" text-anchor="middle"'
    at = f'x="{x:.1f}" y="{y + 0.35 * LABEL_SIZE:.1f}"'
    return [f"<rect {size} {paint}/>", f"<text {at} {text}>{escaped(title)}</text>"]


def _legend(picture: Picture, placed: Layout, theme: Theme) -> list[str]:
    parts = []
    for i, (number, line) in enumerate(picture.legend):
        y = placed.height + LINE * (i + 0.5)
        left = 8.0
        if number is not None:
            colour, dash = theme.paths[(number - 1) % len(theme.paths)], DASHES[(number - 1) % len(DASHES)]
            pattern = f' stroke-dasharray="{dash}"' if dash else ""
            end = f'M{left:.1f},{y:.1f} h{SAMPLE:.1f}" stroke="{colour}" stroke-width="2.5"'
            parts.append(f'<path d="{end}{pattern} fill="none"/>')
            left += SAMPLE + 8
        style = f'font-size="{LABEL_SIZE:g}" fill="{theme.faint if number is None else theme.ink}"'
        parts.append(f'<text x="{left:.1f}" y="{y + 0.35 * LABEL_SIZE:.1f}" {style}>{escaped(line)}</text>')
    return parts
