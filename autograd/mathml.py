"""LaTeX, as far as formulas use it, to trees from which the page builds MathML: no network and no typesetter."""

from __future__ import annotations

import re

from .names import ACCENTS, GREEK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# A leaf is a string whose first letter says what it is: i identifier, n number, o operator, t text.
# The rest are lists: [kind, part, …] with kinds row, frac, sqrt, sup, sub, subsup, over, and ["v", 3], ["#", 5] for the
# name of node 3 and number 5 of the page.
Tree = str | list["Tree | int"]

TOKEN = re.compile(r"\\[A-Za-z]+ ?|\\.|\d+(?:\.\d+)?|.", re.DOTALL)
OPERATORS = {
    "cdot": "·", "times": "×", "approx": "≈", "cdots": "⋯", "dots": "…", "ldots": "…", "sim": "~", "wedge": "^",
    "backslash": "\\", "prime": "′", "vert": "|", "infty": "∞", "partial": "∂", "le": "≤", "ge": "≥", "to": "→",
}  # fmt: skip
OVER = {"hat": "^", "tilde": "~", "bar": "¯", "overline": "¯", "dot": "˙", "ddot": "¨"}
assert set(ACCENTS.values()) <= set(OVER)


def tree(latex: str) -> Tree:
    """The formula as a tree. A command that it does not know stands there as its name.

    >>> tree(r"\\frac{1}{x_{2}} - e^{-x}")
    ['row', ['frac', 'n1', ['sub', 'ix', 'n2']], 'o−', ['sup', 'ie', ['row', 'o−', 'ix']]]
    >>> tree(r"\\tanh\\left(\\name{3}{}\\right) + \\mathrm{loss}")
    ['row', 'itanh', ['row', 'o(', ['v', 3], 'o)'], 'o+', 'iloss']
    """
    return _row(_Tokens(TOKEN.findall(latex)), "")


class _Tokens:
    """Tokens that can be looked at before they are taken; at the end there is the empty one."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = tokens, 0

    def next(self) -> str:
        return self.tokens[self.at].rstrip(" ") or " " if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.next()
        self.at += 1
        return token

    def group(self) -> str:
        """The text of a group in braces."""
        return "".join(self._words()) if self.take() == "{" else ""

    def _words(self) -> Iterator[str]:
        depth = 0
        while (token := self.take()) and (depth or token != "}"):
            depth += (token == "{") - (token == "}")
            if token not in ("{", "}", r"\text"):
                # a space at the end of a token of MathML would not be seen
                yield _character(token).replace(" ", "\u00a0")


def _character(token: str) -> str:
    name = token[1:]
    return token if not name or token[0] != "\\" else GREEK.get(name) or OPERATORS.get(name) or name


def _row(tokens: _Tokens, end: str) -> Tree:
    parts: list[Tree | int] = []
    while (token := tokens.next()) and token != end:
        if token in ("^", "_", "'"):
            base = parts.pop() if parts else "t"
            assert not isinstance(base, int)
            parts.append(_scripted(base, tokens))
        elif token == " ":
            tokens.take()
        else:
            parts.append(_atom(tokens))
    tokens.take()
    return parts[0] if len(parts) == 1 and not isinstance(parts[0], int) else ["row", *parts]


def _atom(tokens: _Tokens) -> Tree:
    token = tokens.take()
    name = token[1:]
    if not token:
        return "t"
    if token == "{":
        return _row(tokens, "}")
    if not token.startswith("\\"):
        return f"n{token}" if token[0].isdigit() else f"i{token}" if token.isalpha() else "o" + token.replace("-", "−")
    if name in ("name", "num"):
        number = int(tokens.group())
        tokens.group()  # a mark for whoever put it there
        return ["v" if name == "name" else "#", number]
    if name == "left":
        opening = _character(tokens.take())
        inside = _row(tokens, r"\right")
        return ["row", f"o{opening}", inside, f"o{_character(tokens.take())}"]
    if name == "frac":
        return ["frac", _atom(tokens), _atom(tokens)]
    if name == "sqrt":
        return ["sqrt", _atom(tokens)]
    if name in OVER:
        return ["over", _atom(tokens), f"o{OVER[name]}"]
    if name in ("mathrm", "operatorname", "text"):
        words = tokens.group()
        return f"i{words}" if words.isalpha() else f"t{words}"
    if name in OPERATORS:
        return f"{'n' if name == 'infty' else 'o'}{OPERATORS[name]}"
    return f"i{_character(token)}" if name.isalpha() else f"o{_character(token)}"


def _scripted(base: Tree, tokens: _Tokens) -> Tree:
    scripts: dict[str, Tree] = {}
    while tokens.next() in ("^", "_", "'"):
        token = tokens.take()
        if token == "'":
            before = scripts.get("^", "o")
            scripts["^"] = f"{before}′" if isinstance(before, str) else ["row", before, "o′"]
        else:
            scripts[token] = _atom(tokens)
    if len(scripts) == 2:
        return ["subsup", base, scripts["_"], scripts["^"]]
    return ["sub", base, scripts["_"]] if "_" in scripts else ["sup", base, scripts["^"]]
