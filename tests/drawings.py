"""Reading drawings back: where the boxes, labels, frames and arrows of an SVG of the built-in engine stand."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations
from typing import NamedTuple

from autograd.shapes import text_width
from autograd.style import FONT_SIZE, LABEL_SIZE

ROUNDING = 0.15  # coordinates are written with one digit
Box = tuple[float, float, float, float]


class Drawing(NamedTuple):
    """What an SVG shows, as (left, top, right, bottom) and, for arrows, as points along them."""

    boxes: list[Box]
    labels: list[Box]
    frames: list[Box]
    arrows: list[list[tuple[float, float]]]
    texts: list[str]


def read(svg):
    """The drawing in an SVG text, with or without its groups."""
    drawing = Drawing([], [], [], [], [])
    elements = list(ET.fromstring(svg).iter())
    for element in elements[3:]:  # after the document, its title and its paper
        shape = {key: float(value) for key, value in element.items() if key in ("x", "y", "width", "height")}
        tag = element.tag.split("}")[1]
        if tag == "rect":
            box = (shape["x"], shape["y"], shape["x"] + shape["width"], shape["y"] + shape["height"])
            if element.get("stroke-dasharray") == "4 3":
                drawing.frames.append(box)
            elif element.get("fill") != "none":  # not the inner line of an output
                drawing.boxes.append(box)
        elif tag == "ellipse":
            cx, cy, rx, ry = (float(element.get(key)) for key in ("cx", "cy", "rx", "ry"))
            drawing.boxes.append((cx - rx, cy - ry, cx + rx, cy + ry))
        elif tag == "polygon":
            points = [tuple(map(float, pair.split(","))) for pair in element.get("points").split()]
            xs, ys = zip(*points, strict=True)
            drawing.boxes.append((min(xs), min(ys), max(xs), max(ys)))
        elif tag == "path" and " C" in element.get("d"):
            drawing.arrows.append(_points(element.get("d")))
        elif tag == "text":
            drawing.texts.append(element.text or "")
            if element.get("font-size") == f"{LABEL_SIZE:g}" and element.get("text-anchor") == "middle":
                half = text_width(element.text, LABEL_SIZE) / 2
                base = shape["y"] - 0.35 * LABEL_SIZE
                drawing.labels.append((shape["x"] - half, base - 5.5, shape["x"] + half, base + 5.5))
            elif element.get("text-anchor") == "middle":
                half = text_width(element.text or "", FONT_SIZE) / 2
                assert any(a - ROUNDING <= shape["x"] - half and shape["x"] + half <= c for a, _, c, _ in drawing.boxes)
    return drawing


def _points(curve):
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", curve)]
    route = list(zip(numbers[::2], numbers[1::2], strict=True))
    points = [route[0]]
    for i in range(0, len(route) - 1, 3):
        a, b, c, d = route[i : i + 4]
        for step in range(1, 13):
            u = step / 12
            p, q, r, s = (1 - u) ** 3, 3 * (1 - u) ** 2 * u, 3 * (1 - u) * u * u, u**3
            points.append(tuple(p * a[k] + q * b[k] + r * c[k] + s * d[k] for k in (0, 1)))
    return points


def overlap(a, b):
    """Whether two boxes share more than a border."""
    return min(a[2], b[2]) - max(a[0], b[0]) > ROUNDING and min(a[3], b[3]) - max(a[1], b[1]) > ROUNDING


def assert_sound(svg):
    """No box or label lies on another, no arrow runs through a box, a box is inside a frame or outside; the drawing."""
    drawing = read(svg)
    assert drawing.boxes
    pairs = [*combinations(drawing.boxes, 2), *[(a, b) for a in drawing.labels for b in drawing.boxes]]
    assert not [pair for pair in pairs if overlap(*pair)]
    assert not [pair for pair in combinations(drawing.labels, 2) if overlap(*pair)]
    for left, top, right, bottom in drawing.boxes:
        inner = (left + ROUNDING, top + ROUNDING, right - ROUNDING, bottom - ROUNDING)
        for arrow in drawing.arrows:
            assert not any(inner[0] < x < inner[2] and inner[1] < y < inner[3] for x, y in arrow)
    for frame in drawing.frames:
        for box in drawing.boxes:
            assert inside(box, frame) or not overlap(box, frame)
        for other in drawing.frames:
            assert other is frame or inside(other, frame) or inside(frame, other) or not overlap(other, frame)
    return drawing


def inside(box, frame):
    """Whether the box is inside the frame."""
    return frame[0] < box[0] and frame[1] < box[1] and box[2] < frame[2] and box[3] < frame[3]
