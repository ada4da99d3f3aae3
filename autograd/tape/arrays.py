"""A plan run by NumPy: one call for each step, over all rows of a block at once."""

from __future__ import annotations

import math
from itertools import pairwise

from .ieee import ieee
from .step import DOT, EACH, FILL, MATMUL, OUTER, PAIRS, SUM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..op import Op
    from .plan import Plan
    from .step import Step

BLOCK = 1 << 16  # numbers in V: what a processor's second cache holds


class ArrayRunner:
    """Runs a plan with NumPy. `run` gives the sums over rows, and the results of each row."""

    def __init__(self, plan: Plan) -> None:
        import numpy

        self.plan, self.np = plan, numpy
        self.u = numpy.zeros(plan.size_u)
        for place, number in plan.numbers:
            self.u[place] = number
        functions: dict[Op, Callable[..., Any]] = {}
        self._before = [self._call(step, functions) for step in plan.before]
        self._rows = [self._call(step, functions) for step in plan.rows]
        self._sums = [self._call(step, functions) for step in plan.sums]

    def run(self, parameters: Any, rows: Any) -> tuple[Any, Any]:
        """The totals, and the results of each row, one column each."""
        np, plan, u = self.np, self.plan, self.u
        results = np.empty((len(rows), len(plan.results)))
        with np.errstate(all="ignore"):
            u[: plan.parameters] = parameters
            for call in self._before:
                call(u, u, None)
            totals = np.zeros(len(plan.uniform))
            size = max(8, BLOCK // max(plan.size_v, 1))
            for first in range(0, len(rows), size):
                block = rows[first : first + size]
                v = np.empty((plan.size_v, len(block)))
                v[: plan.inputs] = block.T
                for call in self._rows:
                    call(v, u, None)
                for call in self._sums:
                    call(v, u, totals)
                for k, (kind, place) in enumerate(plan.results):
                    results[first : first + size, k] = v[place] if kind == "v" else u[place]
            for t, place in enumerate(plan.uniform):
                if place >= 0 and len(rows):  # a sum over no rows is 0, even of ∞
                    totals[t] += len(rows) * u[place]
        return totals, results

    def _call(self, step: Step, functions: dict[Op, Callable[..., Any]]) -> Callable[..., None]:
        np = self.np
        out, count, operands = step.out, step.count, step.operands
        place = slice(out, out + count)
        if step.kind is EACH:
            op = step.op
            assert op is not None
            if op not in functions:
                functions[op] = array_function(op, np)
            function = functions[op]
            where = [
                (kind == "v", slice(at, at + count) if kind == "v" else at)
                for kind, at in zip(step.kinds, operands, strict=True)
            ]
            if len(where) == 1:
                ((_, x),) = where

                def each1(v: Any, u: Any, totals: Any) -> None:
                    v[place] = function(v[x])

                return each1
            if isinstance(function, np.ufunc) and len(where) == 2:
                (v1, x), (v2, y) = where

                def each2(v: Any, u: Any, totals: Any) -> None:
                    function(v[x] if v1 else u[x], v[y] if v2 else u[y], v[place])

                return each2

            def each(v: Any, u: Any, totals: Any) -> None:
                v[place] = function(*[v[at] if moves else u[at] for moves, at in where])

            return each
        if step.kind is MATMUL:
            xs, weights, starts = operands
            take, w = _slice(np, xs), np.array(weights).reshape(count, len(xs))
            flat = _slice(np, weights)
            start = None if set(starts) == {-1} else _slice(np, starts) if -1 not in starts else np.array(starts)
            some = np.array([s >= 0 for s in starts])[:, None]

            def matmul(v: Any, u: Any, totals: Any) -> None:
                weight = u[flat].reshape(w.shape) if isinstance(flat, slice) else u[w]
                np.matmul(weight, v[take], v[place])
                if start is not None:
                    v[place] += (
                        u[start][:, None] if isinstance(start, slice) else np.where(some, u[start][:, None], 0.0)
                    )

            return matmul
        if step.kind is FILL:
            return lambda v, u, totals: v.__setitem__(out, u[operands[0]])
        if step.kind in (DOT, PAIRS):
            xs, ys, start = _slice(np, operands[0]), _slice(np, operands[1]), operands[2]

            def pairs(v: Any, u: Any, totals: Any) -> None:
                found = np.einsum("i...,i...->...", v[xs], v[ys])
                v[out] = found if start < 0 else found + v[start]

            return pairs
        if step.kind is OUTER:
            ds, xs, targets = _slice(np, operands[0]), _slice(np, operands[1]), _slice(np, operands[2])
            if len(set(operands[2])) == len(operands[2]):

                def outer(v: Any, u: Any, totals: Any) -> None:
                    totals[targets] += (v[ds] @ v[xs].T).ravel()

                return outer
            return lambda v, u, totals: np.add.at(totals, np.array(operands[2]), (v[ds] @ v[xs].T).ravel())
        assert step.kind is SUM
        at, xs, us = map(np.array, operands)
        return lambda v, u, totals: np.add.at(totals, at, u[us] * v[xs].sum(axis=1))


def array_function(op: Op, np: Any) -> Callable[..., Any]:
    """The op on arrays: NumPy's own function where it has one, the row's `array`, or `forward`, number by number."""
    if op.array is not None:
        array = op.array
        return lambda *xs: array(np, *xs)
    forward: Any = op.forward
    if getattr(forward, "__module__", None) in ("math", "_operator") and forward is not math.remainder:  # np's differs
        for name in (forward.__name__, *op.methods[1:]):  # not the row's own name, which may be anything
            if isinstance(getattr(np, name, None), np.ufunc):
                function: Callable[..., Any] = getattr(np, name)
                return function
    number = ieee(op)
    return lambda *xs: np.frompyfunc(number, len(xs), 1)(*xs).astype(float)


def _slice(np: Any, places: Any) -> Any:
    """Places that follow each other at equal distances as a slice, which is read without a copy."""
    places = list(places)
    if len(places) == 1:
        return slice(places[0], places[0] + 1)
    by = places[1] - places[0]
    if by > 0 and all(b - a == by for a, b in pairwise(places)):
        return slice(places[0], places[-1] + 1, by)
    return np.array(places)
