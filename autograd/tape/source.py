"""A program as readable source without dependencies: forward, and value_and_gradient where there is one output."""

from __future__ import annotations

from itertools import chain, count

from .adjoint import with_adjoints
from .c_printer import CPrinter
from .functions import Functions
from .identifiers import RESERVED, Unique, identifier, numbered, slot_names
from .passes import optimised
from .python_printer import PythonPrinter
from .routine import Routine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from .program import Program


def source(program: Program, language: str, name: str = "value_and_gradient") -> str:
    """The program as `forward(x, w)` and, where it has one output, `value_and_gradient(x, w)`, for one row x and the
    parameters w: in "python" with nothing but `math`, in "c" (C99) with nothing but <math.h>.

    `forward` gives the output, or all of several; the other one the output, its derivatives by the parameters, and
    those by the inputs, under the name that is asked for. The numbers are those of the tape, ∞ and NaN included; only
    the sign of a result that is 0 may differ. Where a value is called x or w, the arguments are xs and ws.

    ValueError: another language, or a name that none of them takes. TypeError: an op has no source.

    >>> from autograd.op import TABLE
    >>> from .program import Program
    >>> program = Program()
    >>> program.inputs, program.parameters = [program.leaf("x1")], [program.leaf("w1")]
    >>> program.outputs = [program.append(TABLE["mul"], (0, 1))]
    >>> print(source(program, "python").partition("def forward")[2].partition("def")[0].rstrip())
    (x, w):
        \"""The value.\"""
        (x1,) = x
        (w1,) = w
        v1 = x1 * w1
        return v1
    """
    if language not in ("python", "c"):
        raise ValueError(f"expected the language 'python' or 'c', got {language!r}")
    if not name or identifier(name) != name:
        raise ValueError(f"expected a name that a function may have in Python and in C, got {name!r}")
    printer = CPrinter() if language == "c" else PythonPrinter()
    functions = Functions(printer.c, {name})
    routines = {"forward": Routine(*_forward(program), functions)}
    if len(program.outputs) == 1:
        routines[name] = Routine(*_gradient(program), functions)
    taken = {*functions.texts, name}
    for routine in routines.values():
        routine.names = _resolved(routine.program, Unique(RESERVED | taken, numbered))
        for slot, number in routine.program.numbers.items():
            routine.names[slot] = printer.number(number)
    taken = taken.union(*[routine.names for routine in routines.values()])
    return printer.text(routines, functions.texts, _argument("x", taken), _argument("w", taken))


def _forward(program: Program) -> tuple[Program, list[int], None]:
    program = program.copy()
    program.names = _marks(program)
    return *optimised(program, program.outputs), None


def _gradient(program: Program) -> tuple[Program, list[int], list[list[int]]]:
    program = program.copy()
    marks = program.names = _marks(program)
    adjoints: dict[int, int] = {}
    wanted = with_adjoints(program, program.outputs[0], [*program.parameters, *program.inputs], adjoints)
    for slot, adjoint in adjoints.items():
        marks.setdefault(adjoint, f"{marks[slot]} bar")
    program, slots = optimised(program, [*program.outputs, *wanted])
    end = 1 + len(program.parameters)
    return program, slots[:1], [slots[1:end], slots[end:]]


def _marks(program: Program) -> dict[int, str]:
    """A name for each slot for the passes to carry along: its own as an identifier, or else its number."""
    slots = [slot for slot in range(len(program)) if slot not in program.numbers]
    return {slot: identifier(program.names.get(slot, "")) or str(slot) for slot in slots}


def _resolved(program: Program, unique: Unique) -> list[str]:
    """The names of slots after the passes: marks that are numbers are counted afresh, and "z bar" is z_bar."""
    marks = {slot: mark for slot, mark in program.names.items() if slot not in program.numbers}
    program.names = {slot: mark for slot, mark in marks.items() if mark.isidentifier()}
    owners = set(marks.values())
    barred = {slot: mark[:-4] for slot, mark in marks.items() if mark.endswith(" bar") and mark[:-4] in owners}
    names = slot_names(program, unique, skip=barred)
    found = {mark: names[slot] for slot, mark in marks.items()}
    for slot, owner in barred.items():
        names[slot] = unique(f"{found[owner]}_bar")
    return names


def _argument(letter: str, taken: Collection[str]) -> str:
    names = chain((letter, f"{letter}s"), (f"{letter}s_{k}" for k in count(2)))
    return next(name for name in names if name not in taken)
