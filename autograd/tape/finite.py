"""Where the numbers of a run stop being finite: the row, and the first instruction."""

from __future__ import annotations

import math

from .interpreter import Interpreter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .program import Program


def require_finite(
    found: tuple[Any, ...], program: Program, wanted: Sequence[int], parameters: Sequence[float], rows: Any
) -> None:
    """FloatingPointError where a number in the arrays or lists found is NaN or infinite. It names the first row in
    which one of the slots wanted is not finite, and in this row what was the first on the way there."""
    if not all(map(_finite, found)):
        raise FloatingPointError(_where_it_began(program, wanted, parameters, rows))


def _finite(found: Any) -> bool:
    if isinstance(found, list):
        return all(_finite(x) if isinstance(x, list) else math.isfinite(x) for x in found)
    if not found.size:
        return True
    from numpy import isfinite

    return bool(isfinite(found).all())


def _where_it_began(program: Program, wanted: Sequence[int], parameters: Sequence[float], rows: Any) -> str:
    live = program.live(wanted)  # what is not finite elsewhere did no harm
    run = Interpreter(program, wanted, ())
    slots = run.slots(map(float, parameters))
    for i, row in enumerate(rows if isinstance(rows, list) else rows.tolist()):
        run.fill(slots, row)
        if all(math.isfinite(slots[x]) for x in wanted):
            continue
        for j, slot in enumerate(program.inputs):
            if live[slot] and not math.isfinite(row[j]):
                name = program.names.get(slot)
                return f"row {i}, column {j}{f' ({name})' if name else ''} of the rows is {row[j]} (both count from 0)"
        for slot, x in enumerate(slots):
            if live[slot] and not math.isfinite(x):
                return _told(program, slot, slots, i)
    return "every number is finite in each row, but their sum is not"


def _told(program: Program, slot: int, slots: list[float], row: int) -> str:
    from .identifiers import slot_names
    from .listing import listing

    names, x = slot_names(program), slots[slot]
    if program.ops[slot] is None:
        return f"the {'constant' if slot in program.numbers else 'parameter'} {names[slot]} is {x}"
    numbers = [f"{names[k]} = {slots[k]:.6g}" for k in program.arguments(slot) if k not in program.numbers]
    given = ", ".join([*dict.fromkeys(numbers)][:4])
    line = listing(program, slot, slot + 1).splitlines()[0]
    return f"in row {row}, {line} is {x}" + (f" with {given}" if given else "")
