"""How diagrams look: fonts, sizes, and the colours of three themes, shared by DOT and the built-in drawing."""

# A monospaced font, because its text is as wide in the reader's browser as it was reckoned to be here.
FONT = "DejaVu Sans Mono"
FONT_FALLBACKS = "Menlo, Consolas, Liberation Mono, monospace"
FONT_SIZE, LABEL_SIZE = 11.0, 10.0
ADVANCE = 0.602  # width of a character, in font sizes

# The dashes of paths on top of a picture, beside their colours: solid, dashed, dotted, …
DASHES = ("", "9 4", "2 3", "9 3 2 3", "16 4", "6 2 2 2 2 2")


class Theme:
    """The colours of a picture: paper and inks, a fill for each kind of box, and the colours of paths on top.

    >>> THEMES["print"].fill["parameter"], THEMES["dark"].paper
    ('#ffffff', '#1b1d21')
    """

    def __init__(
        self, paper: str, ink: str, faint: str, label: str, muted: str, frame: str, fill: dict[str, str], paths: str
    ) -> None:
        self.paper, self.ink, self.faint, self.label = paper, ink, faint, label
        self.muted, self.frame = muted, frame  # edges beside the paths shown, and the ground of a frame
        self.fill, self.paths = fill, tuple(paths.split())


KINDS = ("op", "input", "parameter", "constant", "output", "neuron", "layer")
# tints of the Okabe-Ito colours, which people with any colour vision can tell apart, and the colours themselves
LIGHT = Theme(
    *("#ffffff", "#222222", "#555555", "#9c2f00", "#c4c4c4", "#f8f8f5"),
    dict(zip(KINDS, ["#ffffff", "#d6e9f8", "#fde6c4", "#eeeeee", "#cdeee3", "#f3dfeb", "#f3dfeb"], strict=True)),
    "#0072b2 #d55e00 #009e73 #b8558a #b07800 #3a93c8",
)
DARK = Theme(
    *("#1b1d21", "#ececec", "#b9b9b9", "#ffb48a", "#5d6067", "#23262b"),
    dict(zip(KINDS, ["#2b2e34", "#16395a", "#55390c", "#3a3c40", "#0c4a38", "#4d2a41", "#4d2a41"], strict=True)),
    "#56b4e9 #e69f00 #2fc79a #e59ac3 #f0e442 #ff8a4a",
)
# black on white: shapes and line styles alone tell the kinds apart
PRINT = Theme(
    *("#ffffff", "#000000", "#000000", "#000000", "#000000", "#ffffff"), dict.fromkeys(KINDS, "#ffffff"), "#000000"
)
THEMES = {"light": LIGHT, "dark": DARK, "print": PRINT}

INK, FAINT_INK, LABEL_INK, FILL = LIGHT.ink, LIGHT.faint, LIGHT.label, LIGHT.fill
