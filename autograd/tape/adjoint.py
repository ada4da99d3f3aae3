"""The adjoint program: x̄ = Σ c̄ · ∂c/∂x over the consumers c of x, each ∂c/∂x recorded from its op's row."""

from __future__ import annotations

from ..op import ARITHMETIC_ERRORS, TABLE, Op
from .program import Program, Slot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Template = tuple[list[float], list[tuple[Op, tuple[int, ...]]], list[int | None]]


def with_adjoints(
    program: Program, output: int, wanted: Sequence[int], adjoints: dict[int, int] | None = None
) -> list[int]:
    """Append to the program what computes ∂output/∂x for each of the slots wanted; gives the slots of these.

    A slot that the output does not depend on has the constant 0. Each adjoint is one `dot`, its sum over paths.
    `adjoints` is filled with the slot of ∂output/∂x for each x between the output and those wanted, in the order in
    which they are computed.

    >>> program = Program()
    >>> x, y = program.leaf("x"), program.leaf("y")
    >>> z = program.append(TABLE["mul"], (x, y))
    >>> with_adjoints(program, z, [x, y])  # ∂z/∂x is y itself, and ∂z/∂y is x
    [1, 0]
    """
    needed = program.dependent(wanted)
    one = program.constant(1.0)
    terms: dict[int, list[tuple[int, int]]] = {output: [(one, one)]}
    adjoint = {} if adjoints is None else adjoints
    locals_ = LocalDerivatives(program)
    ops, arguments = program.ops, program.arguments
    for i in range(output, -1, -1):
        if i not in terms:
            continue
        above = adjoint[i] = _added(program, terms.pop(i), one)
        op = ops[i]
        if op is None or not needed[i]:
            continue
        places = arguments(i)
        for x, local in zip(places, locals_.of(op, places, i, needed), strict=True):
            if local is not None:
                terms.setdefault(x, []).append((local, above))
    zero = None if all(x in adjoint for x in wanted) else program.constant(0.0)
    return [adjoint.get(x, zero) for x in wanted]  # type: ignore[misc]  # zero is a slot where it is used


def _added(program: Program, terms: list[tuple[int, int]], one: int) -> int:
    """Σ local · above; factors of 1 are left out."""
    plain = [b if a == one else a for a, b in terms if one in (a, b)]
    products = [(a, b) for a, b in terms if one not in (a, b)]
    if not products and len(plain) == 1:
        return plain[0]
    if not plain and len(products) == 1:
        return program.append(TABLE["mul"], products[0])
    if not products and len(plain) == 2:
        return program.append(TABLE["add"], plain)
    products += [(x, one) for x in plain[1:]]
    return program.append(TABLE["dot"], [*[a for a, _ in products], *[b for _, b in products], *plain[:1]])


class LocalDerivatives:
    """Local derivatives as slots. A row's partials run once for each kind of instruction; after that their
    instructions are repeated, which is three times faster than to run them again."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._kinds: dict[Any, Template] = {}

    def of(self, op: Op, places: tuple[int, ...], out: int, needed: bytearray) -> list[int | None]:
        """∂out/∂input for each input that is needed, None for the others."""
        program = self.program
        numbers = program.numbers
        # needed inputs are "", constants their number (with its sign where it is 0), all others None
        kind = (op, *["" if needed[x] else (numbers[x] or str(numbers[x])) if x in numbers else None for x in places])
        if kind not in self._kinds:
            self._kinds[kind] = _template(op, [None if needed[x] else numbers.get(x) for x in places], kind[1:])
        constants, steps, results = self._kinds[kind]
        found = [*places, out, *map(program.constant, constants)]
        for step, reads in steps:
            found.append(program.append(step, [found[k] for k in reads]))
        return [None if k is None else found[k] for k in results]


def _template(op: Op, numbers: list[float | None], kind: tuple[Any, ...]) -> Template:
    """The partials run on the slots of a program of their own: its constants, its instructions, and the results."""
    try:
        small, results = _partials(op, numbers, kind)  # partials may look at constants: x**0 has slope 0
    except ARITHMETIC_ERRORS:  # such as 1/0, which is for the executors to compute
        small, results = _partials(op, [None] * len(numbers), kind)
    steps = [i for i, step in enumerate(small.ops) if step is not None]
    order = [*range(len(numbers) + 1), *small.numbers, *steps]
    place = {slot: k for k, slot in enumerate(order)}
    return (
        list(small.numbers.values()),
        [(small.ops[i], tuple(place[x] for x in small.arguments(i))) for i in steps],  # type: ignore[misc]
        [None if r is None else place[r] for r in results],
    )


def _partials(op: Op, numbers: list[float | None], kind: tuple[Any, ...]) -> tuple[Program, list[int | None]]:
    small = Program()
    slots = [Slot(small, small.leaf()) for _ in range(len(numbers) + 1)]
    inputs = [slot if x is None else x for x, slot in zip(numbers, slots, strict=False)]
    edges = [slot if k == "" else 0.0 for k, slot in zip(kind, slots, strict=False)]
    found: list[int | None] = []
    for k, d in zip(kind, op.local_derivatives(inputs, slots[-1], edges), strict=True):
        found.append(None if k != "" else d.index if isinstance(d, Slot) else small.constant(float(d)))
    return small, found
