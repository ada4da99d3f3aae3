"""The step page: a picture on which the forward and the backward pass can be played, in one file without a network.

The picture stands in the markup as it is; the script, where it runs, draws its own into a shadow root over it. So no
name or style meets those of the page around it, several can stand in one, and without scripts the picture remains.
"""

from __future__ import annotations

from ..style import DARK, LIGHT, PRINT
from ..svg import escaped, summary
from .steps import MOST as MOST
from .steps import Steps as Steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..picture import Picture
    from ..style import Theme

    Draw = Callable[[Picture], str]

SCRIPTS = "formulas timeline picture sayings panel layout stage inspector keys surroundings player"
PLAIN_STYLE = "body{margin:0}.pathgrad>svg{max-width:100%;height:auto}"  # before the script runs, and where none does


def page(steps: Steps, draw: Draw, theme: Theme = LIGHT) -> str:
    """An HTML document with the picture, on which both passes can be played.

    Args:
        steps: the numbers, the order of the passes, and the picture to draw.
        draw: makes an SVG of a picture, in that theme, with its boxes, arrows and labels marked.
        theme: what the page opens with; light follows the reader's system.

    >>> from autograd import Value
    >>> from autograd.picture import Picture
    >>> from autograd.svg import svg
    >>> x = Value(3.0, "x")
    >>> text = page(Steps(Picture([x * x])), lambda picture: svg(picture, "LR", marked=True))
    >>> text[:15], "default-src 'none'" in text, "https:" in text
    ('<!DOCTYPE html>', True, False)
    """
    root = _root(steps, draw, theme, True)
    script = program(theme) if "<script" in root else ""
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(PLAIN_STYLE)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(summary(steps.picture))}</title>\n<style>{PLAIN_STYLE}</style>\n</head>\n"
        f"<body>\n{root}\n<script>{script}</script>\n</body>\n</html>\n"
    )


def fragment(steps: Steps, draw: Draw, theme: Theme = LIGHT) -> str:
    """The same for a notebook: an image, which is all that is shown before it is trusted, and the script."""
    root = _root(steps, draw, theme, False)
    return f"{root}\n<script>{program(theme)}</script>" if "<script" in root else root


def program(theme: Theme) -> str:
    """The script: its files one after the other, and the style sheet that it puts into the shadow root.

    >>> '"use strict"' in program(LIGHT)
    True
    """
    import json
    from importlib.resources import files

    def lines(text: str) -> str:
        return "\n".join([line for line in map(str.strip, text.split("\n")) if line and not line.startswith("//")])

    folder = files(__package__)
    code = lines("\n".join([(folder / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS.split()]))
    css = lines((folder / "page.css").read_text(encoding="utf-8") + colours(theme))
    return f'(() => {{\n"use strict";\nconst CSS = {json.dumps(css)};\n{code}\n}})();'


def colours(theme: Theme) -> str:
    """The colours of the drawing, which are attributes in it, as those of the page's light and dark.

    >>> colours(LIGHT).splitlines()[-2]
    ':where(.app[data-theme="dark"] .stage) :is(svg, svg *)[fill="#222222"] { fill: #ececec }'
    """
    found = []
    for name, other in (("light", LIGHT), ("dark", DARK)):
        if theme is other or (theme is PRINT and other is LIGHT):
            continue
        pairs = {theme.fill[kind]: other.fill[kind] for kind in theme.fill}
        pairs |= dict(zip(theme.paths, other.paths, strict=False))
        pairs |= {getattr(theme, ink): getattr(other, ink) for ink in ("muted", "frame", "faint", "label", "ink")}
        # :where counts for nothing, so that what a step points at has the colour of the step
        where = f':where(.app[data-theme="{name}"] .stage) :is(svg, svg *)'
        found += [
            f'{where}[{what}="{own}"] {{ {what}: {new} }}\n'
            for own, new in pairs.items()
            for what in ("fill", "stroke")
        ]
    return "".join(found)


def roomy(picture: Picture, widths: dict[int, int]) -> Picture:
    """The picture with boxes wide enough for what their numbers are on the way, such as `-0.3333 +`."""
    from copy import copy

    room = copy(picture)
    room.boxes = [copy(box) for box in picture.boxes]
    for i, width in widths.items():
        rows = room.boxes[i].rows
        room.boxes[i].rows = tuple((title, number.rjust(width, "\u00a0")) for title, number in rows)
    return room


def _root(steps: Steps, draw: Draw, theme: Theme, whole: bool) -> str:
    """The element that the script finds: the picture, and the data beside it, if that is not too much."""
    from .content import content, embedded, widths

    if steps.too_many:
        drawn = draw(steps.picture)
        return f'<div class="pathgrad">{drawn}</div>\n{_too_long(steps)}' if whole else image(steps.picture, drawn)
    found = content(steps)
    drawn = draw(steps.picture if steps.picture.folded else roomy(steps.picture, widths(found)))
    data = embedded({**found, "theme": {DARK: "dark", PRINT: "light"}.get(theme, "")})
    shown = drawn if whole else image(steps.picture, drawn)
    return (
        f'<div class="pathgrad{" pathgrad-page" * whole}" data-steps="1">\n{shown}\n'
        f'<script type="application/json">{data}</script>\n</div>'
    )


def image(picture: Picture, drawn: str) -> str:
    """An image with its data inside: all that a notebook shows before it is trusted."""
    from base64 import b64encode

    data = b64encode(drawn.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escaped(summary(picture))}">'


def _too_long(steps: Steps) -> str:
    from ..labels import whole

    return (
        f"<p>This graph takes {whole(steps.count)} steps forward and backward, more than the {whole(MOST)} that a page "
        "can play; draw a part of it to see its steps.</p>"
    )


def _hash(text: str) -> str:
    from base64 import b64encode
    from hashlib import sha256

    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
