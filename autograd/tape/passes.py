"""Optimiser passes: each takes a program and gives a shorter one that computes the same outputs.

`shortened` rewrites in one walk, an instruction at a time; a rule gives the slot that the new program has instead of
an instruction, or None. `fused` makes dots of sums.
"""

from __future__ import annotations

import math
import sys

from ..op import TABLE, Op, op_known_as
from .ieee import ieee
from .program import Program, Slot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def optimised(program: Program, results: Sequence[int]) -> tuple[Program, list[int]]:
    """All passes, one after the other; the new program, and where the results stand in it."""
    return fused(*shortened(program, results))


def shortened(program: Program, results: Sequence[int]) -> tuple[Program, list[int]]:
    """The program without dead code, each instruction rewritten by the first rule below that has something to say.

    >>> program = Program()
    >>> x, two = program.leaf("x"), program.constant(2.0)
    >>> program.inputs = [x]
    >>> four = program.append(TABLE["mul"], (two, two))
    >>> y = program.append(TABLE["mul"], (x, four))
    >>> shorter, (y,) = shortened(program, [y])
    >>> shorter.numbers[shorter.arguments(y)[1]]  # the product 2 · 2 was computed, and no longer is
    4.0
    """
    new, live = Program(), program.live([*results, *program.outputs])
    place = new.started(program)
    numbers, names, append = new.numbers, program.names, new.append
    seen: dict[Any, int] = {}  # common subexpressions: what was computed already is not computed again
    for i, (op, reads) in enumerate(program.instructions()):
        if op is None or not live[i]:
            continue
        arguments = tuple([place[x] for x in reads])
        key = (op, arguments)
        slot = seen.get(key)
        if slot is None:
            if arguments and arguments[0] in numbers:
                slot = folded(new, op, arguments)
            if slot is None and (op.name in SIMPLER or op.arity is None):
                slot = simplified(new, op, arguments) if op.arity else lowered(new, op, arguments)
            if slot is None:
                slot = append(op, arguments)
            seen[key] = slot
        place[i] = slot
        if i in names:
            new.names.setdefault(slot, names[i])
    new.outputs = [place[x] for x in program.outputs]
    return new, [place[x] for x in results]


SIMPLER = ("mul", "div", "pow")


def folded(program: Program, op: Op, arguments: tuple[int, ...]) -> int | None:
    """Constant folding: what is computed from constants is one."""
    numbers = program.numbers
    for x in arguments:
        if x not in numbers:
            return None
    return program.constant(ieee(op)(*[numbers[x] for x in arguments]))


def simplified(program: Program, op: Op, arguments: tuple[int, ...]) -> int | None:
    """1 · x and x¹ are x, x⁰ is 1, -1 · x is -x, 2 · (3 · x) is 6 · x; and x², x³ and x⁴ are products, since processors
    are quicker at these."""
    if op.name == "mul":
        for factor, other in (arguments, arguments[::-1]):
            number = program.numbers.get(factor)
            if number == 1.0:
                return other
            if number == -1.0:
                return program.append(TABLE["neg"], (other,))
            if number is not None and program.ops[other] is op:
                for inner, x in (reads := program.arguments(other), reads[::-1]):
                    product = number * program.numbers.get(inner, 0.0)
                    if sys.float_info.min <= abs(product) < math.inf:
                        return program.append(op, (program.constant(product), x))
    elif op.name == "div" and program.numbers.get(arguments[1]) == 1.0:
        return arguments[0]
    elif op.name == "pow":
        x, number = arguments[0], program.numbers.get(arguments[1])
        if number == 0.0:
            return program.constant(1.0)
        if number == 1.0:
            return x
        if number in (2.0, 3.0, 4.0):
            square = program.append(TABLE["mul"], (x, x))
            return square if number == 2.0 else program.append(TABLE["mul"], (square, x if number == 3.0 else square))
    return None


def lowered(program: Program, op: Op, arguments: tuple[int, ...]) -> int | None:
    """An op of any number of inputs becomes ops of few, as its row's `array` says; `dot` is every executor's own."""
    if op.arity is not None or op.name == "dot" or op.array is None:
        return None
    try:
        out = op.array(_Table(), *[Slot(program, x) for x in arguments])
    except (AttributeError, TypeError):  # it asks for what is no op: the executors that can will run it as it is
        return None
    return out.index if isinstance(out, Slot) else program.constant(float(out))


class _Table:
    """The ops by NumPy's names, which is what a row's `array` asks for."""

    def __getattr__(self, name: str) -> Op:
        found = op_known_as(name)
        if found is None:
            raise AttributeError(f"no op is called {name}")
        return found


def fused(program: Program, results: Sequence[int]) -> tuple[Program, list[int]]:
    """Sums of products, w₁ x₁ + w₂ x₂ + …, become one `dot` each: one instruction instead of 2n − 1.

    A part that is used elsewhere too stays an instruction of its own.
    """
    add, mul, dot = TABLE["add"], TABLE["mul"], TABLE["dot"]
    wanted = [*results, *program.outputs]
    absorbed, live = _absorbed(program, wanted), program.live(wanted)  # what was made simpler may have left dead code
    new = Program()
    place, names = new.started(program), program.names
    parts: dict[int, tuple[list[int], list[int]]] = {}  # of the absorbed: x₁, y₁, x₂, y₂, … and addends

    def part(slot: int) -> tuple[list[int], list[int]]:
        return parts.pop(slot) if slot in parts else ([], [place[slot]])

    for i, (op, arguments) in enumerate(program.instructions()):
        if op is None or not live[i]:
            continue
        if op is dot:
            n = len(arguments) // 2
            pairs, plain = part(arguments[-1]) if len(arguments) % 2 else ([], [])
            for x, y in zip(arguments[:n], arguments[n : 2 * n], strict=True):
                pairs += (place[x], place[y])
        elif op is add and (absorbed[i] or absorbed[arguments[0]] or absorbed[arguments[1]]):
            (pairs, plain), (more, others) = part(arguments[0]), part(arguments[1])
            if len(more) + len(others) > len(pairs) + len(plain):  # the longer grows: long chains take linear time
                pairs, plain, more, others = more, others, pairs, plain
            pairs += more
            plain += others
        elif op is mul and absorbed[i]:
            pairs, plain = [place[x] for x in arguments], []
        else:
            place[i] = new.append(op, [place[x] for x in arguments])
            if i in names:
                new.names.setdefault(place[i], names[i])
            continue
        if absorbed[i]:
            parts[i] = pairs, plain
        else:
            place[i] = _written(new, pairs, plain)
            if i in names:
                new.names.setdefault(place[i], names[i])
    new.outputs = [place[x] for x in program.outputs]
    return new, [place[x] for x in results]


def _absorbed(program: Program, results: Sequence[int]) -> bytearray:
    """Which sums and products nobody reads but one sum, of which they become terms."""
    add, mul, dot = TABLE["add"], TABLE["mul"], TABLE["dot"]
    uses, found = program.readers(results), bytearray(len(program))
    ops = program.ops
    for op, arguments in program.instructions():
        if op is add or (op is dot and len(arguments) % 2):
            for x in arguments if op is add else arguments[-1:]:
                if uses[x] == 1 and (ops[x] is mul or ops[x] is add or ops[x] is dot):
                    found[x] = 1
    return found


def _written(new: Program, pairs: list[int], plain: list[int]) -> int:
    pairs = _collected(new, pairs)
    if not pairs and len(plain) == 2:
        return new.append(TABLE["add"], plain)
    if len(pairs) == 2 and not plain:
        return new.append(TABLE["mul"], pairs)
    if not pairs and len(plain) == 1:
        return plain[0]
    one = new.constant(1.0) if len(plain) > 1 else -1
    xs = [*pairs[::2], *plain[1:]]
    return new.append(TABLE["dot"], [*xs, *pairs[1::2], *[one] * len(plain[1:]), *plain[:1]])


def _collected(new: Program, pairs: list[int]) -> list[int]:
    """Terms with the same factor and numbers of one sign for the other taken together: w · 2 + w · 3 is w · 5. (But
    w · 5 - w · 3 is w · 2 only as long as w is finite.)"""
    numbers = new.numbers
    total: dict[tuple[int, bool], float] = {}
    if sum(x in numbers for x in pairs) < 2:
        return pairs
    rest: list[int] = []
    for x, y in zip(pairs[::2], pairs[1::2], strict=True):
        x, y = (y, x) if x in numbers else (x, y)
        number = numbers.get(y, 0.0)
        collected = total.get((x, number > 0.0), 0.0) + number
        if number and math.isfinite(collected):
            total[x, number > 0.0] = collected
        else:
            rest += (x, y)
    if 2 * len(total) + len(rest) == len(pairs):
        return pairs
    return rest + [slot for (x, _), number in total.items() for slot in (x, new.constant(number))]
