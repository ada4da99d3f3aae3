"""Backprop against finite differences, ∂f/∂x ≈ (f(x+h) − f(x−h)) / 2h, by each input; where they differ, op by op."""

from __future__ import annotations

import math

from .chain_rule import adjoints
from .check_point import Point
from .check_report import Report, Suspect
from .check_row import Row, judge
from .differences import EPSILON, Sample, side
from .graph import topological_order
from .labels import figures, formula, labels
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .op import Op


def check_gradients(function: Callable[..., Value], point: Any, tolerance: float = 1e-6) -> Report:
    """Compare backprop's derivative by each input with a finite difference whose step is chosen for that input.

    Args:
        function: gives a Value.
        point: numbers, for which `function` is called with new Values: in order for a sequence, by name for a dict.
            Or Values it reads by itself, such as `model.parameters()`: `function()` is then called without
            arguments while their `data` is varied; `data` is restored whatever happens, `grad` left alone.
        tolerance: the relative error allowed, on top of what the difference itself may be off.

    On a kink backprop agrees if it lies between the slopes on either side. What `function` raises at `point` itself
    is not caught. TypeError, ValueError: the point or the result is not one of the above.

    Source: Press et al., "Numerical Recipes" (2007), §5.7, on steps and errors.

    >>> report = check_gradients(lambda x, y: x * y + x, [2.0, 3.0])
    >>> bool(report), [row.backprop for row in report.rows]
    (True, [4.0, 2.0])
    """
    if not 0 < tolerance < 1:
        raise ValueError(f"expected a tolerance between 0 and 1, such as 1e-6, got {tolerance!r}")
    at = Point(function, point)
    f = at.result
    adjoint, (terms, noise) = adjoints(f), sizes(f)
    rows = []
    for i, leaf in enumerate(at.leaves):
        row = Row(at.names[i], at.numbers[i], adjoint.get(leaf, 0.0))

        def sample(x: float, i: int = i) -> Sample:
            return at.sample(i, x)

        judge(row, sample, at.base, terms.get(leaf, 0.0), noise, tolerance)
        rows.append(row)
    if all(row.agrees for row in rows):
        return Report(rows, [], "", tolerance)
    suspects = _suspects(f, tolerance)
    return Report(rows, suspects, _reason(rows, suspects, f.data, at.value()), tolerance)


def sizes(f: Value) -> tuple[dict[Value, float], float]:
    """Σ over paths of |∏ local derivatives| for each node, and the rounding error of f: ε · |∂f/∂node · node|,
    added over the nodes as independent errors are."""
    terms = {f: 1.0}
    roundings = []
    for node in reversed(topological_order(f)):
        for x, local in zip(node.inputs, node.local_derivatives, strict=True):
            if isinstance(x, Value) and local is not None:
                terms[x] = terms.get(x, 0.0) + terms[node] * abs(local)
        if node.op is not None:
            roundings.append(terms[node] * _size(node.op, [float(x) for x in node.inputs], node.data))
    noise = EPSILON * math.hypot(*roundings)
    return terms, noise if math.isfinite(noise) else EPSILON * abs(f.data)


def _size(op: Op, numbers: Sequence[float], out: float) -> float:
    """The number an op's rounding error is an ε of: its result, or the terms that it adds up, if those are larger."""
    if isinstance(op.partials, tuple):
        return abs(out)
    added = sum([abs(local * x) for local, x in zip(op.partials(numbers, out), numbers, strict=True)])
    return max(abs(out), float(added))


def _suspects(f: Value, tolerance: float) -> list[Suspect]:
    """Each op's local derivatives against differences of the op alone: the worst node for each op and edge."""
    names = labels(f)
    worst: dict[tuple[str, int], tuple[float, Value, Row]] = {}
    for node in topological_order(f):
        if node.op is None:
            continue
        numbers = [float(x) for x in node.inputs]
        for i, local in enumerate(node.local_derivatives):
            if local is None:
                continue
            row = Row(f"input {i + 1}", numbers[i], local)
            _judge_edge(row, node.op, numbers, i, tolerance)
            rank = math.inf if math.isnan(row.relative_error) else row.relative_error
            if row.verdict == "differs" and rank > worst.get((node.op.name, i + 1), (-1.0,))[0]:
                worst[node.op.name, i + 1] = rank, node, row
    ranked = sorted(worst.items(), key=lambda item: -float(figures(item[1][0], 2)))  # as printed: no order among equals
    return [Suspect(op, i, row, f"{names[node]} = {formula(node, names)}") for (op, i), (_, node, row) in ranked]


def _judge_edge(row: Row, op: Op, numbers: list[float], i: int, tolerance: float) -> None:
    def sample(t: float) -> Sample:
        xs = [*numbers[:i], t, *numbers[i + 1 :]]
        return Sample(op.forward(*xs), (op,), (side(op, xs),) if op.kink else ())

    base = sample(numbers[i])
    noise = EPSILON * _size(op, numbers, base.value)
    judge(row, sample, base, abs(row.backprop), noise, tolerance)


def _reason(rows: list[Row], suspects: list[Suspect], value: float, again: float) -> str:
    """What is wrong where no rule is."""
    if again != value and value == value:
        first, second = figures(value, 6), figures(again, 6)
        return f"The function is not deterministic: it gave {first}, then {second} at the same point; fix its seed."
    if suspects or all(row.verdict != "differs" for row in rows):
        return ""
    if any(math.isnan(row.backprop) for row in rows):
        return "No single rule is to blame: infinite local derivatives meet zero ones, or each other, and 0 · ∞ is nan."
    if any(row.sides for row in rows if row.verdict == "differs"):
        return "No single rule is to blame: each op's choice on its kink is allowed, but together they do not add up."
    return (
        "No single rule is to blame: each op agrees with its own difference. "
        "Look for numbers taken out of the graph, by .data, float() or no_grad()."
    )
