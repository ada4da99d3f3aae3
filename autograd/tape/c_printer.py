"""Routines as C99: all slots are local names, or, where they are many, places of an array."""

from __future__ import annotations

import math

from .functions import c_comment
from .routine import about, filled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .routine import Routine

MOST_LOCALS = 2000  # instructions; compilers take long over more names
MOST_ON_STACK = 1 << 16  # numbers of the array, half a megabyte
# the standard lets a compiler do so, and gcc with -std=c99 does not
EXACT = """\
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* else a product may be added without being rounded first */
#endif
"""


class CPrinter:
    """Prints a file."""

    c = True

    def number(self, x: float) -> str:
        """A number as it is written."""
        return repr(x) if math.isfinite(x) else f"{'-' * (x < 0)}{'NAN' if x != x else 'INFINITY'}"

    def text(self, routines: dict[str, Routine], functions: dict[str, str], x: str, w: str) -> str:
        """The file: what it is, what it includes, the functions that had to be printed, and the routines."""
        bodies = [self._function(name, routine, x, w) for name, routine in routines.items()]
        head = c_comment("\n".join(about(routines, x, w)))
        return "\n".join([f"{head}#include <math.h>\n{EXACT}", *functions.values(), *bodies])

    def _function(self, name: str, routine: Routine, x: str, w: str) -> str:
        leaves = {x: routine.program.inputs, w: routine.program.parameters}
        results = {} if len(routine.values) == 1 else {"outputs": routine.values}
        gives = "The value" if not results else f"The {len(routine.values)} values, in outputs"
        if routine.gradient is not None:
            results = dict(zip(("by_parameters", "by_inputs"), routine.gradient, strict=True))
            gives += f", its derivatives by {w}, in by_parameters, and those by {x}, in by_inputs"
        kind = "void" if "outputs" in results else "double"
        arguments = ", ".join([*[f"const double *{a}" for a in leaves], *[f"double *{a}" for a in results]])
        lines = [f"{c_comment(gives + '.')}{kind} {name}({arguments})", "{"]
        live = {a: [i for i in slots if routine.live[i]] for a, slots in leaves.items()}
        lines += [f"    (void){a};" for a, slots in {**live, **results}.items() if not slots]
        lines += _places(routine, leaves)
        for section, slots in routine.sections.items():
            if slots and routine.gradient is not None:
                lines.append(f"    /* {routine.title(section)} */")
            for slot in slots:
                lines += _statements(routine, slot)
        for array, slots in results.items():
            lines += [f"    {array}[{k}] = {routine.texts[slot]};" for k, slot in enumerate(slots)]
        if kind == "double":
            lines.append(f"    return {routine.texts[routine.values[0]]};")
        return "\n".join([*lines, "}", ""])


def _places(routine: Routine, leaves: dict[str, list[int]]) -> list[str]:
    """Say where the slots are, in `texts`; the declarations that this takes."""
    given = {slot: f"{argument}[{k}]" for argument, slots in leaves.items() for k, slot in enumerate(slots)}
    written = [slot for slots in routine.sections.values() for slot in slots]
    routine.texts = routine.names
    if len(written) <= MOST_LOCALS:
        return [f"    const double {routine.names[i]} = {at};" for i, at in given.items() if routine.live[i]]
    routine.texts = routine.names[:]
    for slot, at in (*given.items(), *[(slot, f"v[{k}]") for k, slot in enumerate(written)]):
        routine.texts[slot] = at
    if len(written) > MOST_ON_STACK:
        return [f"    static double v[{len(written)}]; /* not on the stack: call it in one thread at a time */"]
    return [f"    double v[{len(written)}];"]


def _statements(routine: Routine, slot: int) -> list[str]:
    statements = routine.statements(slot)
    if routine.texts is routine.names:
        statements[0][0] = f"{'const ' * (len(statements) == 1)}double {statements[0][0]}"
    lines: list[str] = []
    for words in statements:
        first, *rest = filled([*words[:-1], f"{words[-1]};"], 4)
        lines += [first, *[f"    {line}" for line in rest]]
    if routine.texts is not routine.names and slot in routine.program.names:
        lines[-1] += f" /* {routine.names[slot]} */"
    return lines
