"""Two runs of a notebook, side by side: text, HTML and SVG to the byte, pictures by their pixels."""

from __future__ import annotations

import base64
import io
import re
from itertools import zip_longest

NEIGHBOURHOOD = 8  # pixels over which colours are averaged, as a Gaussian's standard deviation
TOLERANCE = 16  # by how much, of 255, the averages may differ; from Matplotlib 3.8 to 3.11 it is 8 for the moons
MARGIN = 6  # pixels by which width and height may differ: Matplotlib versions measure text differently
EMBEDDED = re.compile(r'data:image/svg\+xml;base64,([^"]*)')


def differences(expected, found):
    """What differs, one readable text for each difference: which cell, what was expected, what was found."""
    ids = [[cell.id for cell in notebook.cells] for notebook in (expected, found)]
    if ids[0] != ids[1]:
        return [f"the cells differ\n  expected: {' '.join(ids[0])}\n  found:    {' '.join(ids[1])}"]
    told = []
    for a, b in zip(expected.cells, found.cells, strict=True):
        told += [f"cell {a.id!r}: {text}" for text in _cell_differences(a, b)]
    return told


def _cell_differences(a, b):
    if (a.cell_type, a.source) != (b.cell_type, b.source):
        yield _apart("source", a.source, b.source)
    if a.metadata != b.metadata:
        yield f"metadata\n  expected: {dict(a.metadata)}\n  found:    {dict(b.metadata)}"
    outputs = [[_described(output) for output in cell.get("outputs", ())] for cell in (a, b)]
    if outputs[0] != outputs[1]:
        yield f"outputs\n  expected: {_listed(outputs[0])}\n  found:    {_listed(outputs[1])}"
        return
    for i, (x, y) in enumerate(zip(a.get("outputs", ()), b.get("outputs", ()), strict=True), 1):
        contents = [_contents(output) for output in (x, y)]
        for kind, expected in contents[0].items():
            compare = _pictures_apart if kind == "image/png" else _texts_apart
            difference = compare(expected, contents[1][kind])
            if difference:
                yield f"output {i}, {kind}{difference}"


def _described(output):
    """The output's type and the kinds of content in it; the text of an unexpected one is worth showing."""
    if output.output_type == "stream":
        return f"{output.name}{': ' + output.text.strip() if output.name == 'stderr' else ''}"
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return f"{output.output_type} of {', '.join(sorted(output.data))}"


def _listed(outputs):
    return "; ".join(outputs) or "none"


def _contents(output):
    if output.output_type == "stream":
        return {output.name: output.text}
    if output.output_type == "error":
        return {"error": f"{output.ename}: {output.evalue}"}
    return dict(output.data)


def _texts_apart(expected, found):
    if expected == found:
        return ""
    drawings = [EMBEDDED.search(text) for text in (expected, found)]
    if all(drawings):
        unpacked = [base64.b64decode(drawing[1]).decode() for drawing in drawings]
        if unpacked[0] != unpacked[1]:
            return _apart(", the SVG in it", *unpacked)
    return _apart("", expected, found)


def _apart(what, expected, found):
    """The first line in which two texts differ."""
    lines = zip_longest(expected.splitlines(), found.splitlines(), fillvalue="(nothing)")
    number, a, b = next(((i, a, b) for i, (a, b) in enumerate(lines, 1) if a != b), (0, repr(expected), repr(found)))
    return f"{what}, line {number}\n  expected: {_cut(a)}\n  found:    {_cut(b)}"


def _cut(line):
    return line if len(line) <= 300 else f"{line[:300]}…"


def _pictures_apart(expected, found):
    """Nothing if the pictures look alike: no neighbourhood of a pixel has another mean colour in the one than in the
    other. Versions of Matplotlib smooth edges differently and place text and axes a pixel aside."""
    if expected == found:
        return ""
    from PIL import Image, ImageChops, ImageFilter

    pictures = [Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB") for data in (expected, found)]
    sizes = [picture.size for picture in pictures]
    if any(abs(a - b) > MARGIN for a, b in zip(*sizes, strict=True)):
        return "\n  expected: {} × {} pixels\n  found:    {} × {} pixels".format(*sizes[0], *sizes[1])
    means = [picture.resize(sizes[0]).filter(ImageFilter.GaussianBlur(NEIGHBOURHOOD)) for picture in pictures]
    off = max(high for _, high in ImageChops.difference(*means).getextrema())
    if off <= TOLERANCE:
        return ""
    return f"\n  expected: the same picture, blurred, to {TOLERANCE} of 255 everywhere\n  found:    {off} of 255"
