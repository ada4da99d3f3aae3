"""Instructions of one level (none reads another) and one kind become neighbours in memory, and then one step.

So n neurons that read the same inputs become one matrix product again, and their activations one vector.
"""

from __future__ import annotations

from ..op import TABLE
from .program import Program
from .step import EACH, FILL, MATMUL, Step, may_stand_still

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .splitting import Item


class Memory:
    """Where each slot of the program stands: in V if it varies, else in U. `slots` says how many slots there are."""

    def __init__(self, program: Program, slots: int) -> None:
        self.place = [-1] * slots
        self.size_u = self.size_v = 0
        self.take([*program.parameters, *program.numbers], varying=False)
        self.take(program.inputs, varying=True)

    def take(self, slots: Sequence[int], varying: bool) -> int:
        """Neighbouring places for these slots; gives the first."""
        first = self.size_v if varying else self.size_u
        place = self.place
        for k, slot in enumerate(slots, first):
            place[slot] = k
        if varying:
            self.size_v += len(slots)
        else:
            self.size_u += len(slots)
        return first


def grouped(items: list[Item], memory: Memory, varying: bool) -> list[Step]:
    """The items, of which each comes after those it reads, as steps."""
    level = [0] * len(memory.place)
    groups: dict[Any, list[Item]] = {}
    levels: list[list[list[Item]]] = []
    for item in items:
        slot, kind, op, kinds, operands = item
        reads = operands if kind is EACH else operands[0] if kind is MATMUL else _reads(kind, operands)
        mine = 0
        for x in reads:
            if level[x] > mine:
                mine = level[x]
        level[slot] = mine + 1
        key = (mine, op, kinds) if kind is EACH else (mine, kind, operands[0] if kind is MATMUL else "")
        group = groups.get(key)
        if group is None:
            group = groups[key] = []
            if mine == len(levels):
                levels.append([])
            levels[mine].append(group)
        group.append(item)
    steps: list[Step] = []
    for members in levels:
        for group in members:
            kind = group[0][1]
            if kind is EACH:
                _each(group, memory, varying, steps)
            elif kind is MATMUL:
                steps.append(_matmul(group, memory))
            else:
                _others(group, memory, varying, steps)
    return steps


def _reads(kind: str, operands: tuple[Any, ...]) -> Sequence[int]:
    if kind is FILL:
        return operands
    xs, ys, start = operands
    return [*xs, *ys] if start is None else [*xs, *ys, start]


def _each(group: list[Item], memory: Memory, varying: bool, steps: list[Step]) -> None:
    """Neighbours whose operands are neighbours, or one and the same number, in one step."""
    place, (_, _, op, kinds, operands) = memory.place, group[0]
    if len(group) == 1:
        at = tuple([place[x] for x in operands])
        steps.append(Step(EACH, memory.take([group[0][0]], varying), 1, at, op, kinds))
        return
    entries = [(*[place[x] for x in item[4]], item[0]) for item in group]
    alone = [i for i, kind in enumerate(kinds) if kind == "u"]  # those with the same number go together
    entries.sort(key=lambda entry: ([entry[i] for i in alone], entry))
    out = memory.take([entry[-1] for entry in entries], varying)
    width, still = len(operands), not varying and op is not None and may_stand_still(op)
    run, moves = 0, [0] * width  # how many are in the run that ends here, and how its operands go on
    begin = entries[0]
    for k, entry in enumerate([*entries, None]):
        if run and entry is not None:
            by = [entry[i] - begin[i] for i in range(width)]
            going = moves if run > 1 else by
            fits = all(
                b == g * run and ((g == 1 and kind == "v") or (g == 0 and (kind == "u" or still)))
                for b, g, kind in zip(by, going, kinds, strict=True)
            )
            if fits and (1 in going or ("v" in kinds and varying)):
                run, moves = run + 1, going
                continue
        if run:
            letters = kinds if varying or run == 1 else "".join(["v" if g else "u" for g in moves])
            steps.append(Step(EACH, out + k - run, run, begin[:-1], op, letters))
        if entry is not None:
            run, begin = 1, entry


def _matmul(group: list[Item], memory: Memory) -> Step:
    place = memory.place
    if len(group) > 1:  # in the order of the weights, which is that of the units
        group.sort(key=lambda item: [place[w] for w in item[4][1]])
    xs = tuple([place[x] for x in group[0][4][0]])
    weights = tuple([place[w] for item in group for w in item[4][1]])
    starts = tuple([-1 if item[4][2] is None else place[item[4][2]] for item in group])
    first = memory.take([item[0] for item in group], True)
    if len(weights) == 1 and starts == (-1,):
        return Step(EACH, first, 1, (xs[0], weights[0]), TABLE["mul"], "vu")
    return Step(MATMUL, first, len(group), (xs, weights, starts))


def _others(group: list[Item], memory: Memory, varying: bool, steps: list[Step]) -> None:
    place = memory.place
    for slot, kind, _, _, operands in group:
        if kind is FILL:
            at: tuple[Any, ...] = (place[operands[0]],)
        else:
            xs, ys, start = operands
            at = tuple([place[x] for x in xs]), tuple([place[y] for y in ys]), -1 if start is None else place[start]
        steps.append(Step(kind, memory.take([slot], varying), 1, at))
