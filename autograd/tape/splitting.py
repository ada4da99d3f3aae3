"""What of a program is the same in every row, and what is not: sums of products fall apart into both kinds."""

from __future__ import annotations

from collections import Counter

from ..op import TABLE, Op
from .program import Program
from .step import DOT, EACH, FILL, MATMUL, OUTER, PAIRS, SUM, Step, may_stand_still

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .grouping import Memory

    # what is to become a step or part of one: its slot, its kind, its op, the letters of its operands, and these
    Item = tuple[int, str, Op | None, str, tuple[Any, ...]]


SHORT, MANY = 4, 4  # terms of a sum that may be taken apart; how many there must be, or of one matrix for it to stay


class Splitter:
    """The items of a program in two lists, `before` and `rows`; and for each total the slot that is the same in each
    row, or None, with the products (x, y), or (x, None), that are to be added up."""

    def __init__(self, program: Program, results: Sequence[int], totals: Sequence[int]) -> None:
        self.program, self.one = program, program.constant(1.0)
        self.varying = program.dependent(program.inputs)
        self.before: list[Item] = []
        self.rows: list[Item] = []
        readers = program.readers([*results, *totals])
        # a total of products is the sum of them, so the products need not be there row by row
        parts = {
            slot
            for slot in totals
            if self.varying[slot] and readers[slot] == 1 and program.ops[slot] in (TABLE["mul"], TABLE["dot"])
        }
        for slot, (op, arguments) in enumerate(program.instructions()):
            if op is not None and slot not in parts:
                self._take(slot, op, arguments)
        self.rows = self._taken_apart(self.rows)
        self.totals = [self._total(slot, slot in parts) for slot in totals]

    def _take(self, slot: int, op: Op, arguments: tuple[int, ...]) -> None:
        varying = self.varying
        if op is TABLE["dot"]:
            self._dot(slot, arguments)
        elif not varying[slot]:
            self.before.append((slot, EACH, op, "v" * len(arguments), arguments))
        else:
            kinds = "".join(["v" if varying[x] else "u" for x in arguments])
            if "u" in kinds:
                if op.name == "mul":
                    v, u = arguments if kinds == "vu" else arguments[::-1]
                    self.rows.append((slot, MATMUL, None, "", ((v,), (u,), None)))
                    return
                if not may_stand_still(op):
                    arguments = tuple([x if varying[x] else self._filled(x) for x in arguments])
                    kinds = "v" * len(arguments)
            self.rows.append((slot, EACH, op, kinds, arguments))

    def _new(self, varying: bool) -> int:
        self.varying.append(varying)
        return len(self.varying) - 1

    def _filled(self, u: int) -> int:
        slot = self._new(True)
        self.rows.append((slot, FILL, None, "", (u,)))
        return slot

    def _dot(self, slot: int, arguments: Sequence[int]) -> None:
        both, mixed, same, start = self._terms(arguments)
        if not self.varying[slot]:
            self._uniform(slot, same, start)
            return
        start_v, start_u = (start, None) if start is not None and self.varying[start] else (None, start)
        if same:
            start_u = self._uniform(self._new(False), same, start_u)
        if start_v is not None and (mixed or start_u is not None or not both):
            mixed.append((self.one, start_v))
            start_v = None
        if mixed or start_u is not None:
            out = start_v = self._new(True) if both else slot
            if mixed:
                self.rows.append((out, MATMUL, None, "", (*_sides(mixed)[::-1], start_u)))
            else:
                self.rows.append((out, FILL, None, "", (start_u,)))
        if both:
            self.rows.append((slot, PAIRS, None, "", (*_sides(both), start_v)))

    def _taken_apart(self, items: list[Item]) -> list[Item]:
        """Short sums of which there are many, but with inputs of their own, as products and additions: these become
        vectors, where each sum would be a step by itself."""
        shared = Counter([item[4][0] for item in items if item[1] is MATMUL])
        short = [
            item[1] in (MATMUL, PAIRS) and len(item[4][0]) <= SHORT and (item[1] is PAIRS or shared[item[4][0]] < MANY)
            for item in items
        ]
        if sum(short) < MANY:
            return items
        found: list[Item] = []
        for item, apart in zip(items, short, strict=True):
            if not apart:
                found.append(item)
                continue
            slot, kind, _, _, (xs, ys, start) = item
            letters = "vv" if kind is PAIRS else "vu"
            for k, (x, y) in enumerate(zip(xs, ys, strict=True), 1):
                product = slot if k == len(xs) and start is None else self._new(True)
                found.append((product, EACH, TABLE["mul"], letters, (x, y)))
                if start is not None:
                    total = slot if k == len(xs) else self._new(True)
                    kinds = ("v" if self.varying[start] else "u") + "v"
                    found.append((total, EACH, TABLE["add"], kinds, (start, product)))
                    product = total
                start = product
        return found

    def _uniform(self, slot: int, terms: list[tuple[int, int]], start: int | None) -> int:
        if len(terms) == 1 and start is None:
            self.before.append((slot, EACH, TABLE["mul"], "vv", terms[0]))  # many of these become one step
        else:
            self.before.append((slot, DOT, None, "", (*_sides(terms), start)))
        return slot

    def _terms(self, arguments: Sequence[int]) -> tuple[Any, Any, Any, int | None]:
        """The terms of a dot of which both factors vary, one of them, (u, v), or none; and the start."""
        n, varying = len(arguments) // 2, self.varying
        found: tuple[list[Any], list[Any], list[Any]] = [], [], []
        for x, y in zip(arguments[:n], arguments[n : 2 * n], strict=True):
            if varying[x]:
                found[0 if varying[y] else 1].append((x, y) if varying[y] else (y, x))
            else:
                found[1 if varying[y] else 2].append((x, y))
        return *found, arguments[-1] if len(arguments) % 2 else None

    def _total(self, slot: int, apart: bool) -> tuple[int | None, list[Any]]:
        if not self.varying[slot]:
            return slot, []
        if not apart:
            return None, [(slot, None)]
        op, arguments = self.program.ops[slot], self.program.arguments(slot)
        if op is TABLE["mul"]:
            return None, [arguments]
        both, mixed, same, start = self._terms(arguments)
        pairs = [*both, *mixed]
        if start is not None and self.varying[start]:
            pairs.append((start, None))
            start = None
        return self._uniform(self._new(False), same, start) if same else start, pairs

    def sums(self, memory: Memory) -> list[Step]:
        """The steps that add up over rows: products that share their factors as one matrix."""
        place, varying = memory.place, self.varying
        products: dict[int, list[tuple[int, int]]] = {}  # for each d the x and the total of Σ d x
        single: list[tuple[int, int, int]] = []
        for t, (_, pairs) in enumerate(self.totals):
            for x, y in pairs:
                if y is None:
                    single.append((t, place[x], place[self.one]))
                elif varying[x] and varying[y]:
                    products.setdefault(place[y], []).append((place[x], t))
                else:
                    u, v = (y, x) if varying[x] else (x, y)
                    single.append((t, place[v], place[u]))
        groups: dict[tuple[int, ...], list[int]] = {}
        for d, entries in products.items():
            groups.setdefault(tuple([x for x, _ in entries]), []).append(d)
        steps = [
            Step(OUTER, 0, len(ds), (tuple(ds), xs, tuple([t for d in ds for _, t in products[d]])))
            for xs, ds in groups.items()
        ]
        if single:
            steps.append(Step(SUM, 0, len(single), tuple(zip(*single, strict=True))))
        return steps


def _sides(terms: list[tuple[int, int]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple([x for x, _ in terms]), tuple([y for _, y in terms])
