"""Names for slots, no two alike: as people read them, or as Python and C both allow them."""

from __future__ import annotations

import keyword
import re
from itertools import chain

from ..labels import primed
from ..names import ACCENTS, LETTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from .program import Program

LONGEST = 40
_WORDS = re.compile(r"\w+").findall
C_FUNCTIONS = frozenset(
    _WORDS("""
    acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs fdim floor fma fmax
    fmin fmod frexp hypot ilogb ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint
    nextafter nexttoward pow remainder remquo rint round scalbln scalbn sin sinh sqrt tan tanh tgamma trunc""")
)
C_WORDS = frozenset(
    _WORDS("""
    auto break case char const continue default do double else enum extern float for goto if inline int long register
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
    INFINITY NAN HUGE_VAL double_t float_t fpclassify isfinite isinf isnan isnormal signbit
    isgreater isgreaterequal isless islessequal islessgreater isunordered""")
)
OURS = frozenset(("math", "inf", "forward", "outputs", "by_parameters", "by_inputs", "divided", "power", "abs", "div"))
RESERVED = C_FUNCTIONS | C_WORDS | OURS | frozenset(keyword.kwlist)


def identifier(name: str) -> str:
    """The name in letters that both languages take, "" where nothing is left of it.

    >>> identifier("w1_52"), identifier("ŷ"), identifier("λ"), identifier("my name′"), identifier("2x"), identifier("→")
    ('w1_52', 'y_hat', 'lambda_', 'my_name_prime', 'v_2x', '')
    """
    text = name[: 2 * LONGEST]
    if not text.isascii():
        from unicodedata import normalize

        text = "".join([_spelled(c) for c in normalize("NFKD", text)])
    text = re.sub(r"[\W_]+", "_", text.replace("'", "_prime"), flags=re.ASCII).strip("_")[:LONGEST].rstrip("_")
    if text[:1].isdigit():
        text = "v_" + text
    return text + "_" if text in RESERVED else text


def _spelled(c: str) -> str:
    if c in ACCENTS:
        return f"_{ACCENTS[c]}_"
    return "_prime_" if c in "′" else LETTERS.get(c, c)


class Unique:
    """Gives each name back, changed where it was given before.

    >>> unique = Unique({"exp"}, numbered)
    >>> unique("h"), unique("h"), unique("h_2"), unique("exp")
    ('h', 'h_2', 'h_2_2', 'exp_2')
    """

    def __init__(self, taken: Collection[str] = (), again: Callable[[str, int], str] = primed) -> None:
        self.taken, self.again = set(taken), again
        self._times: dict[str, int] = {}

    def __call__(self, name: str) -> str:
        count = self._times.get(name, 0) + 1
        while (found := self.again(name, count)) in self.taken:
            count += 1
        self._times[name] = count
        self.taken.add(found)
        return found


def numbered(name: str, count: int) -> str:
    """x, x_2, x_3, …"""
    return name if count == 1 else f"{name}_{count}"


def slot_names(program: Program, unique: Unique | None = None, skip: Collection[int] = ()) -> list[str]:
    """What each slot is called: its name, or x1, w1 and v1, v2, … for inputs, parameters and instructions that have
    none, counted in their order. Constants are their numbers; slots in `skip` get no name.

    >>> from .program import Program
    >>> program = Program()
    >>> program.inputs = [program.leaf("x"), program.leaf("x"), program.leaf()]
    >>> slot_names(program)
    ['x', 'x′', 'x3']
    """
    unique = Unique() if unique is None else unique
    found = [""] * len(program)
    for slot in chain(program.inputs, program.parameters, sorted(program.names)):
        if not found[slot] and slot not in program.numbers and slot not in skip and program.names.get(slot):
            found[slot] = unique(program.names[slot])
    for letter, slots in (("x", program.inputs), ("w", program.parameters)):
        for place, slot in enumerate(slots, 1):
            found[slot] = found[slot] or unique(f"{letter}{place}")
    count = 0
    for slot, op in enumerate(program.ops):
        if slot in program.numbers:
            found[slot] = repr(program.numbers[slot])
        elif op is not None and not found[slot] and slot not in skip:
            count += 1
            while f"v{count}" in unique.taken:
                count += 1
            found[slot] = f"v{count}"
    return found
