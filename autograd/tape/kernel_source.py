"""The kernel's source: one function that runs any plan, with a case for every op of the table.

It is printed from the table and compiled once; a plan is data to it, so that a new graph needs no compilation. Loops
run over the rows of a block. They read through slices, because a slice lets the compiler see that no index is negative,
without which it does not use the processor's vector instructions.
"""

from __future__ import annotations

import re

from ..op import TABLE, Op
from .step import may_stand_still
from .text import expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

OUTS, INS = 2, 8  # a matrix product goes on by so many outputs and inputs at a time: what the registers hold

HEAD = '''"""Made by autograd.tape; one case for each op of its table."""
import math
from numba import njit

njit_ = njit(error_model="numpy", fastmath={{"contract"}}, nogil=True, cache={cache})
summing = njit(error_model="numpy", fastmath={{"contract", "reassoc", "nsz"}}, nogil=True, cache={cache})
'''

REST = '''
@njit_
def one_more(y, w, x):
    for r in range(y.size):
        y[r] += w * x[r]


@njit_
def matmul(index, at, k, out, count, v, u, size, n):
    weights = at + k
    starts = weights + count * k
    for j in range(count):
        y = v[(out + j) * size : (out + j) * size + n]
        s = index[starts + j]
        start = u[s] if s >= 0 else 0.0
        for r in range(n):
            y[r] = start
    j = 0
    while j < count:
        outs = OUTS if j + OUTS <= count else 1
        w = weights + j * k
        y0 = v[(out + j) * size : (out + j) * size + n]
        i = 0
        if outs == OUTS:
MANY_OUTS
        else:
ONE_OUT
        while i < k:
            x0 = v[index[at + i] * size : index[at + i] * size + n]
            for q in range(outs):
                y0 = v[(out + j + q) * size : (out + j + q) * size + n]
                one_more(y0, u[index[w + q * k + i]], x0)
            i += 1
        j += outs


@njit_
def pairs(index, at, k, out, start, v, size, n):
    y = v[out * size : out * size + n]
    if start >= 0:
        x0 = v[start * size : start * size + n]
        for r in range(n):
            y[r] = x0[r]
    else:
        for r in range(n):
            y[r] = 0.0
    for i in range(k):
        x0 = v[index[at + i] * size : index[at + i] * size + n]
        x1 = v[index[at + k + i] * size : index[at + k + i] * size + n]
        for r in range(n):
            y[r] += x0[r] * x1[r]


@njit_
def dot(index, at, k, start, u):
    total = u[start] if start >= 0 else 0.0
    for i in range(k):
        total += u[index[at + i]] * u[index[at + k + i]]
    return total


@summing
def outer(index, at, m, k, v, size, n, totals):
    xs = at + m
    targets = xs + k
    for j in range(m):
        d = v[index[at + j] * size : index[at + j] * size + n]
        t = targets + j * k
        i = 0
OUTER
        while i < k:
            x0 = v[index[xs + i] * size : index[xs + i] * size + n]
            s0 = 0.0
            for r in range(n):
                s0 += d[r] * x0[r]
            totals[index[t + i]] += s0
            i += 1


@summing
def added(index, at, m, v, u, size, n, totals):
    for i in range(m):
        x = v[index[at + m + i] * size : index[at + m + i] * size + n]
        s = 0.0
        for r in range(n):
            s += x[r]
        totals[index[at + i]] += u[index[at + 2 * m + i]] * s


@njit_
def kernel(
    before, code, index, u, v, size, rows, columns, by_row, by_column, first, last, once, totals, results, places,
    uniform, out,
):
    """All in one call: the steps that run once, if `once`; the rows from `first` to before `last`, a block at a time;
    and then, if `once`, the sums. One function, because what calls another is compiled with it once more. The number
    in row i and column j is rows[i * by_row + j * by_column], and results[k, i] gets result k of row i."""
    wanted = places.size
    at = first
    alone = once
    while alone or at < last:
        if alone:
            steps, memory, width, n = before, u, 1, 1
        else:
            steps, memory, width, n = code, v, size, min(size, last - at)
            for j in range(columns):
                if n == 1:
                    v[j * size] = rows[at * by_row + j * by_column]
                elif by_row == 1:
                    y = v[j * size : j * size + n]
                    x = rows[j * by_column + at : j * by_column + at + n]
                    for r in range(n):
                        y[r] = x[r]
                else:
                    y = v[j * size : j * size + n]
                    for r in range(n):
                        y[r] = rows[(at + r) * by_row + j * by_column]
        for step in range(steps.shape[0]):
            kind, a, b, c = steps[step, 0], steps[step, 3], steps[step, 4], steps[step, 5]
            o, count = steps[step, 1], steps[step, 2]
            if kind == 0:
                matmul(index, a, b, o, count, memory, u, width, n)
            elif kind == 1:
                pairs(index, a, b, o, c, memory, width, n)
            elif kind == 2:
                u[o] = dot(index, a, b, c, u)
            elif kind == 3:
                outer(index, a, count, b, memory, width, n, totals)
            elif kind == 4:
                added(index, a, count, memory, u, width, n, totals)
            elif kind == 5:
                y = memory[o * width : o * width + n]
                for r in range(n):
                    y[r] = u[a]
CASES
        if alone:
            alone = False
            totals[:] = 0.0
        else:
            for k in range(wanted):
                place = places[k]
                if place >= 0 and n == 1:
                    results[k, at] = v[place * size]
                elif place >= 0:
                    x = v[place * size : place * size + n]
                    y = results[k, at : at + n]
                    for r in range(n):
                        y[r] = x[r]
            at += n
    if once:
        for t in range(uniform.size):
            out[t] = totals[t] + (last - first) * u[uniform[t]] if uniform[t] >= 0 else totals[t]
'''

STEP_KINDS = {"matmul": 0, "pairs": 1, "dot": 2, "outer": 3, "sum": 4, "fill": 5}
FIRST_CASE = 6
# what Numba has of Python's math: one call of anything else, and nothing is compiled at all
COMPILED = re.compile(r"\w+").findall(
    "acos acosh asin asinh atan atan2 atanh ceil copysign cos cosh degrees erf erfc exp expm1 fabs floor gamma hypot "
    "lgamma log log10 log1p pow radians sin sinh sqrt tan tanh trunc"
)


def cases(table: Iterable[Op]) -> dict[tuple[Op, str], int]:
    """The number of each case: of an op with operands that move along with the rows ("v") or stand still ("u")."""
    found: dict[tuple[Op, str], int] = {}
    for op in table:
        for kinds in shapes(op):
            found[op, kinds] = FIRST_CASE + len(found)
    return found


def shapes(op: Op) -> list[str]:
    """What its operands may be in a step: see `may_stand_still`."""
    return ["vv", "vu", "uv"] if may_stand_still(op) else ["v" * (op.arity or 0)]


def kernel_source(table: Iterable[Op] | None = None, cache: bool = True) -> str:
    """The module's text. Ops that have no source are left out: plans with them run on NumPy.

    >>> "totals" in kernel_source()
    True
    """
    table = TABLE.values() if table is None else table
    texts = [_case(op, kinds, number) for (op, kinds), number in cases(sourced(table)).items()]
    many = _accumulate(OUTS, INS, 16) + _accumulate(OUTS, 2, 16)
    one = _accumulate(1, INS, 12) + _accumulate(1, 2, 12)
    body = (
        REST.replace("MANY_OUTS", many).replace("ONE_OUT", one).replace("OUTER", _outer(4)).replace("OUTS", str(OUTS))
    )
    return HEAD.format(cache=cache) + body.replace("CASES", "".join(texts))


def sourced(table: Iterable[Op]) -> list[Op]:
    """The ops that can be written down as source, in functions that can be compiled."""
    found = []
    for op in table:
        if op.arity in (1, 2, 3):  # a step has three operands at most
            try:
                text = expression(op, ("x", "y", "z")[: op.arity])
            except Exception:  # a row's array may do whatever it likes
                continue
            if set(re.findall(r"\bmath\.(\w+)", text)) <= set(COMPILED):
                found.append(op)
    return found


def _case(op: Op, kinds: str, number: int) -> str:
    names, lines = [], []
    for k, kind in enumerate(kinds):
        at = "abc"[k]
        if kind == "v":
            lines.append(f"x{k} = memory[{at} * width : ({at} + count) * width]")
            names.append(f"x{k}[r]")
        else:
            lines.append(f"w{k} = u[{at}]")
            names.append(f"w{k}")
    lines += ["y = memory[o * width : (o + count) * width]", "for r in range(y.size):"]
    lines.append(f"    y[r] = {expression(op, tuple(names))}")
    return f"            elif kind == {number}:  # {op.name} {kinds}\n" + "".join(f"{' ' * 16}{x}\n" for x in lines)


def _accumulate(outs: int, ins: int, indent: int) -> str:
    """Lines that add `ins` products to each of `outs` outputs in one go over the rows, while there are as many."""
    lines = [f"while i + {ins} <= k:"]
    for i in range(ins):
        lines.append(f"    x{i} = v[index[at + i + {i}] * size : index[at + i + {i}] * size + n]")
    for j in range(outs):
        if j:
            lines.append(f"    y{j} = v[(out + j + {j}) * size : (out + j + {j}) * size + n]")
        lines += [f"    w{j}_{i} = u[index[w + {j} * k + i + {i}]]" for i in range(ins)]
    lines.append("    for r in range(n):")
    for j in range(outs):
        terms = " + ".join([f"w{j}_{i} * x{i}[r]" for i in range(ins)])
        lines.append(f"        y{j}[r] = y{j}[r] + {terms}")
    lines.append(f"    i += {ins}")
    return "\n".join(" " * indent + line for line in lines) + "\n"


def _outer(ins: int) -> str:
    lines = [f"while i + {ins} <= k:"]
    for i in range(ins):
        lines.append(f"    x{i} = v[index[xs + i + {i}] * size : index[xs + i + {i}] * size + n]")
        lines.append(f"    s{i} = 0.0")
    lines.append("    for r in range(n):")
    lines += [f"        s{i} += d[r] * x{i}[r]" for i in range(ins)]
    lines += [f"    totals[index[t + i + {i}]] += s{i}" for i in range(ins)]
    lines.append(f"    i += {ins}")
    return "\n".join(" " * 8 + line for line in lines) + "\n"
