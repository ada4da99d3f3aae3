"""The Wengert list: a program as text, one line an instruction, in the table's notation; and its adjoint program."""

from __future__ import annotations

from ..labels import cut, primed, whole
from ..names import shown, text_name
from .adjoint import with_adjoints
from .derived import only_output
from .identifiers import Unique, slot_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .program import Program

LONGEST = 60  # lines
MOST = 6  # terms of a dot, or inputs of any other op


def listing(program: Program, first: int = 0, last: int | None = None) -> str:
    """The instructions from slot `first` on, the middle of a long list left out and counted; with `last`, all of them
    up to before that slot.

    >>> from autograd.op import TABLE
    >>> from .program import Program
    >>> program = Program()
    >>> program.inputs, program.parameters = [program.leaf("x")], [program.leaf("w1")]
    >>> product = program.append(TABLE["mul"], (0, 1))
    >>> program.outputs = [program.append(TABLE["add"], (product, program.constant(0.5)))]
    >>> print(listing(program))
    inputs x; parameters w1
    v1 = x * w1
    v2 = v1 + 0.5
    return v2
    """
    names = slot_names(program, _unique())
    end = len(program) if last is None else last
    slots = [i for i in range(first, end) if program.ops[i] is not None]
    lines = _lines(slots, lambda slot: _line(program, slot, names), LONGEST if last is None else len(slots))
    leaves = {"inputs": program.inputs, "parameters": program.parameters}
    given = "; ".join([f"{kind} {_several(names, slots)}" for kind, slots in leaves.items() if slots])
    head = [given] if given and first == 0 else []
    return "\n".join([*head, *lines, *([f"return {_several(names, program.outputs)}"] if end >= len(program) else [])])


def adjoint_listing(program: Program) -> str:
    """What computes x̄ = ∂output/∂x for every x, in the order in which it runs, which is backwards through `listing`.

    ValueError: there are several outputs.

    >>> from autograd.op import TABLE
    >>> from .program import Program
    >>> program = Program()
    >>> program.inputs, program.parameters = [program.leaf("x")], [program.leaf("w")]
    >>> product = program.append(TABLE["mul"], (0, 1))
    >>> program.outputs = [program.append(TABLE["tanh"], (product,))]
    >>> print(adjoint_listing(program))
    x̄ is ∂v2/∂x, and so on
    v̄₂ = 1.0
    v3 = v2 * v2
    v̄₁ = 1.0 - v3
    w̄ = x * v̄₁
    x̄ = w * v̄₁
    return w̄, x̄
    """
    output, new = only_output(program), program.copy()
    leaves, start = [*program.parameters, *program.inputs], len(program)
    adjoints: dict[int, int] = {}
    found = with_adjoints(new, output, leaves, adjoints)
    owner: dict[int, int] = {}  # of several with one adjoint the first
    for x, slot in adjoints.items():
        if slot >= start and slot not in new.numbers:
            owner.setdefault(slot, x)
    unique = _unique()
    names = slot_names(new, unique, skip=owner)
    bars = {x: unique(text_name(names[x], "bar")) for x in adjoints}
    for slot, x in owner.items():
        names[slot] = bars[x]
    live = new.live([*adjoints.values()])
    entries: list[int] = []  # the slot of an instruction, or ~x where x̄ is a slot that has a name already
    at = start
    for x, slot in adjoints.items():
        entries += [i for i in range(at, slot + 1) if live[i] and new.ops[i] is not None]
        at = max(at, slot + 1)
        if owner.get(slot) != x:
            entries.append(~x)
    lines = _lines(
        entries, lambda i: _line(new, i, names) if i >= 0 else f"{bars[~i]} = {names[adjoints[~i]]}", LONGEST
    )
    results = [bars.get(x, names[slot]) for x, slot in zip(leaves, found, strict=True)]
    head = f"x̄ is ∂{names[output]}/∂x, and so on"
    return "\n".join([head, *lines, f"return {cut(results, ', ')}"])


def _unique() -> Unique:
    return Unique(again=lambda name, count: primed(shown(name), count))


def _lines(entries: Sequence[int], line: Callable[[int], str], most: int) -> list[str]:
    if len(entries) <= most:
        return [line(entry) for entry in entries]
    half = most // 2
    left_out = f"… {whole(len(entries) - 2 * half + 1)} more …"
    return [*map(line, entries[: half - 1]), left_out, *map(line, entries[-half:])]


def _line(program: Program, slot: int, names: Sequence[str]) -> str:
    op, reads = program.ops[slot], [names[x] for x in program.arguments(slot)]
    assert op is not None
    if op.name == "dot" and len(reads) > 2 * MOST + 1:
        n = len(reads) // 2
        xs, ys, start = reads[:n], reads[n : 2 * n], reads[2 * n :]
        few = [op.written(*xs[k], *ys[k]) for k in (slice(0, MOST // 2), slice(n - MOST // 2 + 1, n))]
        return f"{names[slot]} = {few[0]} + … {n - MOST + 1} more … + {' + '.join([few[1], *start])}"
    if len(reads) > 2 * MOST + 1:
        reads = [*reads[: MOST // 2], f"… {len(reads) - MOST + 1} more …", *reads[-MOST // 2 + 1 :]]
    return f"{names[slot]} = {op.written(*reads)}"


def _several(names: Sequence[str], slots: Sequence[int]) -> str:
    return cut([names[slot] for slot in slots], ", ")
