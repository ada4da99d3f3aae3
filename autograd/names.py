"""Names as they are typeset: `w1_52` is w⁽¹⁾₅₂ in text and w^{(1)}_{52} in LaTeX, `alpha` is α; others stay."""

from __future__ import annotations

from itertools import takewhile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
LETTERS = {letter: name for name, letter in GREEK.items()}
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPTS = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")
ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0307": "dot", "\u0308": "ddot"}
MARKS = {accent: mark for mark, accent in ACCENTS.items()}
# in math, because inside \text{…} these mean something else, or do not even compile
ESCAPES = {
    "\\": r"\backslash ", "{": r"\{", "}": r"\}", "_": r"\_", "^": r"\wedge ", "$": r"\$", "%": r"\%", "~": r"\sim ",
    "<": "{<}", ">": "{>}", "|": r"\vert ", "∂": r"\partial ", "′": r"\prime ", "#": r"\text{\#}", "&": r"\text{\&}",
    "`": r"\text{‘}",
}  # fmt: skip
LONGEST = 40


def text_name(name: str, accent: str = "") -> str:
    """The name for plain text: on one line of bearable length, indices where LaTeX has them, "bar" or "dot" above it.

    >>> text_name("w1_52"), text_name("x1"), text_name("alpha"), text_name("x_max"), text_name("my name 2")
    ('w⁽¹⁾₅₂', 'x₁', 'α', 'x_max', 'my name 2')
    """
    found = _taken_apart(name)
    if not found:
        return f"{accent}({shown(name)})" if accent else shown(name)
    word, index, lower, primes = found
    word = GREEK.get(word, word)
    if accent:
        from unicodedata import normalize

        word = normalize("NFC", word[0] + MARKS[accent]) + word[1:]
    if lower and not all(part.isdecimal() for part in lower):
        return word + index.translate(SUBSCRIPTS) + "_" + ",".join(lower) + primes
    layer = f"({index})".translate(SUPERSCRIPTS) if index and lower else ""  # in parentheses, as it is no power
    return word + layer + (",".join(lower) or index).translate(SUBSCRIPTS) + primes


def latex_name(name: str, accent: str = "") -> str:
    """The name in LaTeX: upper indices for layers as in exercise G1, words upright, everything else escaped.

    >>> latex_name("w1_52"), latex_name("x1"), latex_name("x′"), latex_name("loss"), latex_name("v3", "bar")
    ('w^{(1)}_{52}', 'x_{1}', "x'", '\\\\mathrm{loss}', '\\\\bar{v}_{3}')
    """
    found = _taken_apart(name)
    if not found:
        stem, primes = _primed(name)
        spelled = _accented(_spelled(shown(stem)), accent, True)
        return f"{{{spelled}}}{_dashes(primes)}" if primes else spelled
    word, index, lower, primes = found
    base = _accented(_word(word), accent, len(word) > 1 and word not in GREEK)
    layer = bool(index and lower) and all(part.isdecimal() for part in lower)
    upper = f"^{{({index})}}" if layer else ""
    below = [_word(part) for part in ([index] if index and not layer else []) + list(lower)]
    below_all = f"_{{{','.join(below)}}}" if below else ""
    dashes = _dashes(primes)
    if upper and dashes:  # two superscripts in a row are an error in LaTeX
        return f"{{{base}{upper}{below_all}}}{dashes}"
    return base + upper + dashes + below_all


def shown(name: str) -> str:
    """The name on one line of bearable length, without characters that cannot be seen.

    >>> shown("a\\nb"), len(shown("a" * 300))
    ('a␣b', 40)
    """
    name = "".join([c if c.isprintable() else "␣" if c.isspace() else "�" for c in name[: LONGEST + 1]])
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def right_to_left(text: str) -> bool:
    """Whether Hebrew, Arabic or the like is in it, which turns the order of what stands around it.

    >>> right_to_left("x₁"), right_to_left("שלום")
    (False, True)
    """
    if text.isascii():
        return False
    from unicodedata import bidirectional

    return any(bidirectional(c) in ("R", "AL") for c in text)


def _taken_apart(name: str) -> tuple[str, str, Sequence[str], str] | None:
    """A letter or a word, an index, after a lower bar others, and the primes that tell two of one name apart."""
    core, primes = _primed(name.replace("'", "′"))
    word = "".join(takewhile(str.isalpha, core))
    index = "".join(takewhile(_is_digit, core[len(word) :]))
    rest = core[len(word) + len(index) :]
    lower = rest[1:].replace("_", ",").split(",") if len(rest) > 1 else []
    if (
        not word
        or len(name) > LONGEST
        or (rest and not rest.startswith("_"))
        or not all(part.isascii() and part.isalnum() for part in lower)
        or "′" in core
        or right_to_left(word)
    ):
        return None
    return word, index, lower, primes


def _primed(name: str) -> tuple[str, str]:
    """The name without its primes, as in x′, x′′ and x′4, and these."""
    core = name.partition("′")[0]
    primes = name[len(core) :]
    return (core, primes) if core and all(map(_is_digit, primes.lstrip("′"))) else (name, "")


def _dashes(primes: str) -> str:
    count = primes.lstrip("′")
    return f"^{{\\prime {count}}}" if count else "'" * len(primes)


def _is_digit(character: str) -> bool:
    return character in "0123456789"


def _word(word: str) -> str:
    """Letters in italics, words upright."""
    if word in GREEK:
        return "\\" + word
    if len(word) == 1 or word.isdecimal():
        return _letter(word)
    return rf"\mathrm{{{word}}}" if word.isascii() else _spelled(word)


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in LETTERS:
        return "\\" + LETTERS[letter]
    from unicodedata import normalize

    base, mark = normalize("NFD", letter)[0], normalize("NFD", letter)[1:]
    if mark in ACCENTS and base.isascii():  # ŷ
        return rf"\{ACCENTS[mark]}{{{base}}}"
    return rf"\text{{{letter}}}"


def _spelled(text: str) -> str:
    """Any text, character by character, as LaTeX in math."""
    parts: list[str] = []
    plain = ""
    for c in [*text, ""]:
        if c and c not in ESCAPES and c not in LETTERS:
            plain += " " if c == "␣" else c
            continue
        if plain:
            parts.append(rf"\text{{{plain}}}")
            plain = ""
        if c:
            parts.append(ESCAPES.get(c) or rf"\{LETTERS[c]} ")
    return "".join(parts)


def _accented(latex: str, accent: str, wide: bool) -> str:
    if not accent:
        return latex
    return rf"\{'overline' if wide and accent == 'bar' else accent}{{{latex}}}"
