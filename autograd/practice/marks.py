"""A marked sheet: for each blank whether the answer is right and, where it is not, what was probably done instead."""

from __future__ import annotations

from ..labels import figures
from .answers import FEWEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .answers import Answer
    from .slips import Mistake

NEAR = 0.01  # relative: an answer as close as that was rounded on the way, or not computed to the end


class Mark:
    """What one answer is worth.

    `number` and `label` are the blank's, `answer` what was written there, `value` the number it was read as (None
    where there is none), `expected` the right one; `verdict` is "right", "right, rounded", "missing", "off",
    "follows" (off, but right with earlier answers that are off) or "unreadable"; `reasons` says why it is not right.
    """

    def __init__(
        self, number: int, label: str, answer: object, value: float | None, expected: float, verdict: str,
        reasons: Sequence[str] = (), mistakes: Sequence[Mistake] = (),
    ) -> None:  # fmt: skip
        self.number, self.label, self.answer, self.value, self.expected = number, label, answer, value, expected
        self.verdict, self.reasons, self.mistakes = verdict, list(reasons), list(mistakes)

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.verdict.startswith("right")

    def __repr__(self) -> str:
        said = {"follows": "off, but", "unreadable": "cannot be read:", "off": "off:"}.get(self.verdict, self.verdict)
        return " ".join([f"({self.number}) {self.label}: {said}", "; or ".join(self.reasons)]).rstrip()


class Marks:
    """All marks of a sheet, by number in `marks`; true if all are right. Prints as a line a blank and a last one.

    `right`, `wrong` and `missing` count them.
    """

    def __init__(self, marks: dict[int, Mark]) -> None:
        self.marks = marks

    @property
    def right(self) -> int:
        """How many answers are right."""
        return sum([mark.right for mark in self.marks.values()])

    @property
    def missing(self) -> int:
        """How many blanks are still blank."""
        return sum([mark.verdict == "missing" for mark in self.marks.values()])

    @property
    def wrong(self) -> int:
        """How many answers are off, or cannot be read."""
        return len(self.marks) - self.right - self.missing

    def __bool__(self) -> bool:
        return self.right == len(self.marks)

    def __repr__(self) -> str:
        width = len(str(max(self.marks, default=0))) + 2
        lines = [f"{f'({mark.number})':>{width}} {repr(mark).partition(' ')[2]}" for mark in self.marks.values()]
        rest = [f"{count} {word}" for count, word in ((self.wrong, "off"), (self.missing, "missing")) if count]
        lines.append(", ".join([f"{self.right} of {len(self.marks)} right", *rest]))
        return "\n".join(lines)


def remark(answer: Answer, expected: float) -> str:
    """What to say of a wrong answer that no typical mistake gives."""
    if answer.digits is not None and 0 < answer.digits < FEWEST and answer.rounded(expected):
        return f"too coarse, {FEWEST} digits are needed at least"
    if abs(answer.value - expected) <= NEAR * abs(expected):
        return "close, but not to the digits given: was something rounded on the way?"
    return f"no typical mistake gives {figures(answer.value, 6)}"
