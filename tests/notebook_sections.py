"""The sections of a notebook by the anchors that GitHub gives their headings."""

from __future__ import annotations

import re
import unicodedata

KEPT = ("Nd", "Pc")  # decimal digits and the underscore's kind; letters and marks besides


def slug(heading):
    """The anchor of a heading: lower case, spaces as hyphens, no other punctuation or symbols.

    >>> slug("1 · The `dot` op, [drawn](x.svg)")
    '1--the-dot-op-drawn'
    """
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    kept = [c for c in text if c in " -" or unicodedata.category(c)[0] in "LM" or unicodedata.category(c) in KEPT]
    return "".join(kept).replace(" ", "-")


def sections(notebook):
    """The text of each section, its subsections included, by anchor; what occurs again gets -1, -2, … as on GitHub."""
    found, open_ones, seen = {}, [], {}
    for line in _lines(notebook):
        heading = re.match(r"(#{1,6})\s+(.+?)\s*#*$", line)
        if heading:
            level, name = len(heading[1]), slug(heading[2])
            seen[name] = seen.get(name, -1) + 1
            anchor = f"{name}-{seen[name]}" if seen[name] else name
            open_ones = [(above, other) for above, other in open_ones if above < level] + [(level, anchor)]
            found[anchor] = []
        for _, anchor in open_ones:
            found[anchor].append(line)
    return {anchor: "\n".join(lines) for anchor, lines in found.items()}


def _lines(notebook):
    """The lines of the text cells that are not in a block of code."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from re.sub(r"^```.*?^```", "", cell.source, flags=re.MULTILINE | re.DOTALL).splitlines()


def mentions(text, item):
    """Whether the item's code, such as U1 or D-e, stands in the text as a word."""
    return re.search(rf"(?<![\w-]){re.escape(item)}(?![\w-])", text) is not None
