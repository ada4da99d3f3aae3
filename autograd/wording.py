"""The words of a diagram: names with their indices as subscripts, numbers in the format asked for, headings."""

from __future__ import annotations

from .labels import figures, labels, primed
from .names import text_name
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

LONGEST = 24  # characters of a heading
APART = "\u2068\u2069"  # the invisible characters around text of another direction
POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
MARK = 0xF0000  # from here up, characters stand for the inputs of a formula until these are put in their places


class Wording:
    """How names and numbers are written in one diagram; `digits` is their number, or a function from float to str.

    >>> wording = Wording(2)
    >>> wording.number(1 / 3), wording.range([1.0, 2.0, 3.5, 0.25]), wording.range([-1.0, 2.0])
    ('0.33', '0.25 … 3.5', '(-1, 2)')
    """

    def __init__(self, digits: int | Callable[[float], str] = 4) -> None:
        if callable(digits):
            self.written = digits
        elif isinstance(digits, int) and not isinstance(digits, bool) and 1 <= digits <= 17:
            count = digits
            self.written = lambda x: figures(x, count)
        else:
            raise ValueError(f"digits is a whole number from 1 to 17 or a function from float to str, got {digits!r}")

    def number(self, x: float) -> str:
        """A number as the diagram writes it."""
        text = self.written(x)
        if not isinstance(text, str):
            raise TypeError(f"the number format gives text for a float, but for {x!r} it gave {text!r}")
        return printable(text)

    def range(self, numbers: Sequence[float]) -> str:
        """Up to three numbers themselves, in parentheses; of more the least and the greatest, NaN counted apart."""
        texts = [self.number(x) for x in numbers] if len(numbers) <= 3 else []
        known = [x for x in numbers if x == x]
        if not known or len(set(numbers)) == 1:
            return self.number(numbers[0])
        if texts:
            return f"({', '.join(texts)})"
        low, high = self.number(min(known)), self.number(max(known))
        missing = len(numbers) - len(known)
        return (low if low == high else f"{low} … {high}") + f" + {missing} nan" * (missing > 0)

    def labels(self, outputs: Iterable[Value]) -> dict[Value, str]:
        """A name for every node, as it is shown: no two alike."""
        names = Names()
        return {node: names(name) for node, name in labels(*outputs).items()}

    def heading(self, node: Value, name: str, inputs: Sequence[str]) -> str:
        """`x` for a leaf; `f = x · y` for a node, or `f = dot` where that would be long."""
        if node.op is None:
            return name
        full = f"{name} = {formula(node, inputs)}"
        symbol = "·" if node.op.name == "mul" else node.op.symbol
        return full if visible(full) <= LONGEST else f"{name} = {symbol}"


class Names:
    """Names as they are shown; where two would look alike the second stays as it was typed.

    >>> shown = Names()
    >>> shown("w1_52"), shown("x1"), shown("x_1"), shown("a\\nb"), shown.given("x1"), shown.counted()
    ('w⁽¹⁾₅₂', 'x₁', 'x_1', 'a␣b', 'x₁′', 'v₁')
    """

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.times: dict[str, int] = {}
        self.count = 0

    def __call__(self, name: str) -> str:
        text = printable(text_name(name))
        return self._first(text, [text, printable(name)])

    def given(self, name: str) -> str:
        """The name, with primes where another has it."""
        text = printable(text_name(name))
        return self._first(text, [text])

    def _first(self, text: str, wishes: Sequence[str]) -> str:
        """The first of the wishes that is not taken, or the text with primes."""
        found = next((wish for wish in wishes if wish not in self.taken), None)
        while found is None:
            self.times[text] = count = self.times.get(text, 1) + 1
            wish = primed(text, count)
            found = None if wish in self.taken else wish
        self.taken.add(found)
        return apart(found)

    def shown(self, name: str) -> str:
        """The name of something that has it more than once."""
        return apart(printable(text_name(name)))

    def counted(self) -> str:
        """The next of v1, v2, …"""
        self.count += 1
        while printable(text_name(f"v{self.count}")) in self.taken:
            self.count += 1
        return self(f"v{self.count}")


def formula(node: Value, inputs: Sequence[str]) -> str:
    """How the node was computed from inputs of these names: `x · y`.

    >>> formula(Value(1.0) * 2.0, ["a * b", "2"])
    'a * b · 2'
    """
    assert node.op is not None
    if len(inputs) > LONGEST:
        return node.op.symbol
    base, power = inputs[0], inputs[-1]
    if (
        node.op.name == "pow"
        and power in ("2", "3", "4", "5", "6", "7", "8", "9")
        and not set(base) & set(" +-*/·^.()")
    ):
        return base + POWERS[int(power)]
    marks = [("-" if name.startswith("-") else "") + chr(MARK + i) for i, name in enumerate(inputs)]
    text = node.op.written(*marks).replace(" * ", " · ")
    return text.translate({MARK + i: name.removeprefix("-") for i, name in enumerate(inputs)})


def printable(text: str) -> str:
    """The text on one line of bearable length, without the control characters that no drawing can hold."""
    kept = text[: 2 * LONGEST + 1]
    text = "".join(c if c.isprintable() or c in APART else "␣" if c.isspace() else "�" for c in kept)
    return text if len(text) <= 2 * LONGEST else f"{text[: 2 * LONGEST - 1]}…"


def apart(text: str) -> str:
    """Text that is written from right to left, kept apart from what stands beside it."""
    if text.isascii():
        return text
    from unicodedata import bidirectional

    return text.join(APART) if any(bidirectional(c) in ("R", "AL", "AN") for c in text) else text


def visible(text: str) -> int:
    """How many places the text takes in a line: two for the characters of wide scripts, none for invisible ones."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if c in APART or combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
