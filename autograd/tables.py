"""The path table: every path with its product, their total, and what backprop found, side by side."""

from __future__ import annotations

import math
from itertools import islice

from .chain_rule import gradient, require_value
from .labels import arrows, figures, formula, labels, whole
from .paths import count_paths, largest_paths, size
from .value import Value


class PathTable:
    """The paths from x to f with their products, the largest first; prints as a table. Made by `path_table`."""

    def __init__(self, f: Value, x: Value, limit: int) -> None:
        self.f, self.x = f, x
        self.count = count_paths(f, x)
        self.paths = sorted(islice(largest_paths(f, x), limit), key=lambda path: -size(path.product))
        self.total: float = gradient(f, x)

    def __repr__(self) -> str:
        names = labels(self.f)
        x, f = names.get(self.x, self.x.name or "x"), names[self.f]
        shown = [path.product for path in self.paths]
        hidden = self.count - len(shown)
        rows = [(arrows(path.nodes, names), path.written_product()) for path in self.paths]
        if hidden:
            rows.append((f"… and {whole(hidden)} more", f"together {figures(self.total - sum(shown), 6)}"))
        total = self.total if hidden else sum(shown)
        rows.append((f"sum over {whole(self.count)} path{'s' * (self.count != 1)}", f"∂{f}/∂{x} = {figures(total, 6)}"))
        rows.append((f"{x}.grad", figures(self.x.grad, 6) + self._remark(f)))
        width = max(len(left) for left, _ in rows)
        steps = {node: None for path in self.paths for node in (*path.nodes[:4], *path.nodes[-4:]) if node.op}
        where = [f"{names[node]} = {formula(node, names)}" for node in labels(self.f) if node in steps]
        return "\n".join([*(f"{left:<{width}}   {right}" for left, right in rows), *_wrapped(where)])

    def _remark(self, f: str) -> str:
        if math.isclose(self.x.grad, self.total, rel_tol=1e-9, abs_tol=1e-300) or self.total != self.total:
            return ""
        return f"   (not what one {f}.backward() gives; was it called, and just once?)"


def path_table(f: Value, x: Value, limit: int = 20) -> PathTable:
    """The chain rule at work: every path from x to f, its local derivatives and their product, the total, `x.grad`.

    Largest contribution first, at most `limit` rows; the rest are counted and summed.

    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> f = x * y + x
    >>> f.backward()
    >>> path_table(f, x)
    x → v1 → v2        3 · 1 = 3
    x → v2             1
    sum over 2 paths   ∂v2/∂x = 4
    x.grad             4
    where v1 = x * y, v2 = v1 + x
    """
    require_value(x, "x")
    if not isinstance(limit, int) or limit < 0:
        raise ValueError(f"limit is how many paths to print, a whole number from 0 up; got {limit!r}")
    return PathTable(f, x, limit)


def _wrapped(where: list[str], width: int = 100) -> list[str]:
    lines: list[str] = []
    for i, entry in enumerate(where):
        entry += "," * (i + 1 < len(where))
        if lines and len(lines[-1]) + len(entry) < width:
            lines[-1] += f" {entry}"
        else:
            lines.append(f"{'      ' if lines else 'where '}{entry}")
    return lines
