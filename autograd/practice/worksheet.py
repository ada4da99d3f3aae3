"""The chain rule to fill in: a derivation with blanks, a key, and marks that say what went wrong where."""

from __future__ import annotations

from ..chain_rule import collected, require_value
from ..graph import topological_order
from ..op import described
from ..value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .blanks import Quantities
    from .marks import Marks
    from .sheet import Rows


class Worksheet:
    """A derivation with blanks, made by `worksheet`. Prints as text; notebooks typeset it.

    `f` and `xs` are what it differentiates, `answers` the right numbers by blank, `seed` the one that makes the same
    blanks again.
    """

    def __init__(self, quantities: Quantities, seed: int | None, filled: bool = False) -> None:
        self._quantities, self.seed, self.filled = quantities, seed, filled
        self.f, self.xs = quantities.f, list(quantities.xs)
        self.answers = {each.number: each.value for each in quantities.all if each.number is not None}
        self._rows: Rows | None = None

    def text(self) -> str:
        """The sheet as plain text."""
        from .sheet_text import text

        return text(self._shown(), self._heading())

    __repr__ = text

    def markdown(self) -> str:
        """The sheet as Markdown with LaTeX formulas."""
        from .sheet_text import markdown

        return markdown(self._shown(), self._heading())

    _repr_markdown_ = markdown

    def html(self) -> str:
        """The sheet as an HTML fragment with its own style, without scripts: formulas are MathML."""
        from .sheet_html import html

        return html(self._shown(), self._heading())

    def cells(self, name: str = "sheet") -> list[dict[str, Any]]:
        """Two notebook cells, as nbformat has them: the sheet, and code to fill in, where the sheet is called `name`.

        >>> x = Value(3.0, "x")
        >>> print(worksheet(x * x, x, "totals").cells()[1]["source"])
        answers = {
            1: ...,
        }
        sheet.check(answers)
        """
        from zlib import crc32

        lines = "".join([f"    {number}: ...,\n" for number in self.answers])
        code, text = f"answers = {{\n{lines}}}\n{name}.check(answers)", self.markdown()
        cell = f"{crc32(f'{name} {text}'.encode()):08x}"  # the same sheet, the same cells
        return [
            {"cell_type": "markdown", "id": f"sheet-{cell}", "metadata": {}, "source": text},
            {"cell_type": "code", "id": f"answers-{cell}", "metadata": {}, "source": code, "execution_count": None,
             "outputs": []},
        ]  # fmt: skip

    def key(self) -> Worksheet:
        """The same sheet, filled in."""
        return Worksheet(self._quantities, self.seed, filled=True)

    def check(self, answers: Any) -> Marks:
        """Mark the answers: which are right, and of the others, what typical mistake gives them.

        Args:
            answers: a dict from the blanks' numbers to answers, or a list of answers from blank 1 on. An answer is
                a number, or a text such as "2*e", "1/3" or "-4", in which the leaves' names may stand for their
                numbers; None, ... or "…" is none. Rounded ones count from three digits on.

        ValueError: there is no blank of that number. TypeError: answers is neither dict nor list. An answer that
        cannot be read is marked as such.

        >>> x, y = Value(2.0, "x"), Value(5.0, "y")
        >>> sheet = worksheet(x * y + x, [x, y], "totals")
        >>> sheet.check(["5", 2])
        (1) ∂f/∂x: off: the path x → f is forgotten
        (2) ∂f/∂y: right
        1 of 2 right, 1 off
        """
        from .marking import marked

        return marked(self._quantities, self._numbered(answers))

    def _numbered(self, answers: Any) -> dict[int, Any]:
        last = len(self.answers)
        if isinstance(answers, list | tuple):
            answers = dict(enumerate(answers, 1))
        if not hasattr(answers, "keys"):
            raise TypeError(f"expected answers as a dict from number to answer, or as a list, got {described(answers)}")
        for number in answers:
            if number not in self.answers:
                raise ValueError(f"there is no blank {number!r}; the blanks are numbered from 1 to {last}")
        return dict(answers)

    def _shown(self) -> Rows:
        from .sheet import Rows

        if self._rows is None:
            self._rows = Rows(self._quantities, self.filled)
        return self._rows

    def _heading(self) -> str:
        last = len(self.answers)
        return "Key" if self.filled else f"Fill in (1) to ({last})" if last > 1 else "Fill in (1)"


def worksheet(f: Value, xs: Any, blanks: Any = "all", seed: int | None = None) -> Worksheet:
    """The derivation of ∂f/∂x for each x of `xs`, with numbered blanks, a key, and `check(answers)`.

    Args:
        f, xs: what to differentiate, and by what: a Value or several.
        blanks: which numbers are left out: "values" of the nodes, "local derivatives", "products" along the paths,
            "totals", "all", several of these in a list, or a share of all numbers, such as 0.5, chosen at random.
        seed: for a share, which blanks: the same seed, the same sheet. A new one is drawn unless told.

    Source: exercise U1. TypeError: f or an x is no Value. ValueError: f does not depend on an x; blanks are of no
    such kind; the graph is too large for pen and paper.

    >>> x = Value(3.0, "x")
    >>> worksheet((2 * x).exp(), x)
    Fill in (1) to (6)
    ∂f/∂x for f = exp(2 · x)
    at x = 3
    <BLANKLINE>
    Values
      (1)  v₁ = 2 · x = ______
      (2)  f  = exp(v₁) = ______
    <BLANKLINE>
    Local derivatives
      (3)  ∂v₁/∂x = ______
      (4)  ∂f/∂v₁ = ______
    <BLANKLINE>
    Products along the paths
      (5)  x → v₁ → f: ______
    <BLANKLINE>
    Sums over the paths
      (6)  ∂f/∂x = ______
    """
    from .blanks import Quantities

    require_value(f, "f")
    _, found = collected(xs)
    if not found:
        raise ValueError("xs is empty; name at least one Value to differentiate by")
    found = list(dict.fromkeys(found))
    order = set(topological_order(f))
    for x in found:
        if x not in order:
            name = x.name or "one of xs"
            raise ValueError(f"f does not depend on {name}: no path leads from it to f, so there is nothing to fill in")
    quantities = Quantities(f, found)
    if seed is None and not isinstance(blanks, str | list | tuple):
        from random import randrange

        seed = randrange(10**6)
    quantities.choose(blanks, seed)
    return Worksheet(quantities, seed)
