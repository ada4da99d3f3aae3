"""How diagrams look: fonts, sizes and colours, shared by DOT and the built-in drawing."""

# A monospaced font, because its text is as wide in the reader's browser as it was reckoned to be here.
FONT = "DejaVu Sans Mono"
FONT_FALLBACKS = "Menlo, Consolas, Liberation Mono, monospace"
FONT_SIZE, LABEL_SIZE = 11.0, 10.0
ADVANCE = 0.602  # width of a character, in font sizes

INK, FAINT_INK, LABEL_INK = "#222222", "#555555", "#9c2f00"
FILL = {  # tints of the Okabe-Ito colours, which people with any colour vision can tell apart
    "op": "#ffffff",
    "input": "#d6e9f8",
    "parameter": "#fde6c4",
    "constant": "#eeeeee",
    "output": "#cdeee3",
}
