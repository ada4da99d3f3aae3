"""A program as one function of a text: its instructions as sums of terms, in sections, with names for its slots."""

from __future__ import annotations

from itertools import chain, product

from ..extended import same
from ..labels import cut, whole
from .functions import ARITHMETIC, Functions
from .ieee import ieee

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..op import Op
    from .program import Program

WIDTH = 100
LONGEST_SUM = 200  # terms in one statement: compilers have limits


class Routine:
    """What a function of the text computes: the values, or a value and its gradient, by parameters and by inputs.

    `names` is what slots are called, `texts` what a printer writes for them.
    """

    names: list[str]
    texts: list[str]

    def __init__(
        self, program: Program, values: list[int], gradient: list[list[int]] | None, functions: Functions
    ) -> None:
        self.program, self.values, self.gradient, self.functions = program, values, gradient, functions
        forward, self.live = program.live(values), program.live(list(chain(values, *gradient or ())))
        instructions = [i for i, op in enumerate(program.ops) if op is not None and self.live[i]]
        adjoints = [i for i in instructions if not forward[i]]
        self.sections = {"forward": [i for i in instructions if forward[i]], "adjoints": adjoints}
        self._signed = _signed_zeros(program)
        for op, reads in program.instructions():  # what is to be printed, before any slot takes its name
            if op is not None and op.name not in ARITHMETIC and op.name != "dot":
                functions.function(op, len(reads))

    def title(self, section: str) -> str:
        """What stands above the section."""
        explained = f": z_bar is the derivative of {self.names[self.values[0]]} by z"
        return section + explained * (section == "adjoints")

    def statements(self, slot: int) -> list[list[str]]:
        """The instruction as one statement; a long sum as several that go on where the one before ended. Each is a
        list of words that stay together: `v = a`, `- b`, `+ c * d`."""
        target, terms, found = self.texts[slot], self._terms(slot), []
        for k in range(0, len(terms), LONGEST_SUM):
            first, *rest = [target, *terms[k : k + LONGEST_SUM]] if k else terms[:LONGEST_SUM]
            found.append([f"{target} = {first}", *[f"- {t[1:]}" if t.startswith("-") else f"+ {t}" for t in rest]])
        return found

    def _terms(self, slot: int) -> list[str]:
        op, reads = self.program.ops[slot], [self.texts[x] for x in self.program.arguments(slot)]
        assert op is not None
        if op.name != "dot":
            return [self.functions.applied(op, reads)]
        n = len(reads) // 2
        # a dot adds to 0, which shows where all its terms are -0
        start = reads[2 * n :] or (["0.0"] if self._signed[slot] else [])
        return start + [_product(x, y) for x, y in zip(reads[:n], reads[n : 2 * n], strict=True)]


def _product(x: str, y: str) -> str:
    if "1.0" in (x, y):
        return y if x == "1.0" else x
    if y.startswith("-"):
        x, y = y, x
    return f"-{y}" if x == "-1.0" and not y.startswith("-") else f"{x} * {y}"


def _signed_zeros(program: Program) -> bytearray:
    """For each slot whether it may matter that it is -0, because something is divided by it, say."""
    tells: dict[tuple[Op, int], bool] = {}
    found: list[int] = []
    for op, reads in program.instructions():
        if op is not None and op.name != "dot":
            if (op, len(reads)) not in tells:
                tells[op, len(reads)] = _tells_zeros_apart(op, len(reads))
            if tells[op, len(reads)]:
                found += reads
    return program.live(found)


def _tells_zeros_apart(op: Op, inputs: int) -> bool:
    if inputs > 3:
        return True
    f, others = ieee(op), list(product((1.0, -1.0), repeat=inputs - 1))
    points = [(p[:k], p[k:]) for k in range(inputs) for p in others]
    return not all(same(f(*before, 0.0, *after), f(*before, -0.0, *after)) for before, after in points)


def filled(words: Sequence[str], indent: int) -> list[str]:
    """Lines of words, no longer than WIDTH where the words allow it."""
    lines, line = [], " " * indent + words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = " " * indent + word
        else:
            line += f" {word}"
    return [*lines, line]


def about(routines: dict[str, Routine], x: str, w: str) -> list[str]:
    """What a text is: how long its functions are, and what x and w hold."""
    lengths = [f"{name} {whole(sum(map(len, routine.sections.values())))}" for name, routine in routines.items()]
    lines = [f"A graph of one row, recorded by a tape. Instructions: {', '.join(lengths)}."]
    routine = routines["forward"]
    for argument, kind, slots in ((x, "input", routine.program.inputs), (w, "parameter", routine.program.parameters)):
        names = f": {cut([routine.names[i] for i in slots], ', ')}" if slots else ""
        lines.append(f"{argument}: {whole(len(slots))} {kind}{'s' * (len(slots) != 1)}{names}")
    return lines
