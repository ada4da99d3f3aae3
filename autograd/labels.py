"""What to call the nodes of a graph: their names, and v1, v2, … in order of computation where they have none."""

from __future__ import annotations

from .graph import topological_order
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def labels(*outputs: Value) -> dict[Value, str]:
    """A label for every node `outputs` depend on, no two alike: two leaves named x are x and x′.

    >>> x, y = Value(2.0, "x"), Value(3.0, "x")
    >>> list(labels(x * y + 1).values())
    ['x', 'x′', 'v1', 'v2']
    """
    found: dict[Value, str] = {}
    order = topological_order(*outputs)
    taken = {node.name for node in order}
    times: dict[str, int] = {}  # how many nodes have had the name
    unnamed = 0
    for node in order:
        if node.name:
            times[node.name] = count = times.get(node.name, 0) + 1
            label = primed(node.name, count)
            while count > 1 and label in taken:
                count += 1
                label = primed(node.name, count)
            times[node.name] = count
        else:
            unnamed += 1
            while f"v{unnamed}" in taken:
                unnamed += 1
            label = f"v{unnamed}"
        found[node] = label
    return found


def primed(name: str, count: int) -> str:
    """x, x′, x′′, x′4, x′5, …"""
    return name + ("′" * (count - 1) if count < 4 else f"′{count}")


def figures(x: float, digits: int = 4) -> str:
    """A number as people write it: `digits` significant ones, no trailing zeros, a real minus left to the fonts.

    >>> figures(2.0), figures(-0.30000000000000004), figures(1234567.0), figures(0.0)
    ('2', '-0.3', '1.235e+06', '0')
    """
    return f"{x + 0.0:.{digits}g}"  # + 0.0 makes -0.0 plain 0


def formula(node: Value, names: dict[Value, str]) -> str:
    """How the node was computed, one step deep, as code: `v1 = x * y`. A leaf is its number.

    >>> x = Value(2.0, "x")
    >>> y = 3 * x
    >>> formula(y, labels(y))
    '3 * x'
    """
    if node.op is None:
        return figures(node.data)
    return node.op.written(*[names[x] if isinstance(x, Value) else figures(x) for x in node.inputs])


def whole(count: int) -> str:
    """A count as people write it, however long it is.

    >>> whole(1234567), whole(2**20000)
    ('1 234 567', 'about 10^6020')
    """
    if count < 10**15:
        return f"{count:,}".replace(",", " ")
    return f"about 10^{int(count.bit_length() * 0.30102999566398120)}"


def aligned(table: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines: names to the left, numbers to the right, and a last column, of notes, as it is.

    >>> aligned([["input", "value", ""], ["x", "1", "note"]])
    ['input  value', 'x          1  note']
    """
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = []
    for name, *numbers, note in table:
        cells = [cell.rjust(width) for cell, width in zip(numbers, widths[1:-1], strict=True)]
        lines.append("  ".join([name.ljust(widths[0]), *cells, note]).rstrip())
    return lines


def cut(words: list[str], between: str) -> str:
    """The words joined, the middle of a long list left out and counted.

    >>> cut(["a"] * 12, "-")
    'a-a-a-a-… 4 more …-a-a-a-a'
    """
    if len(words) > 10:
        words = [*words[:4], f"… {len(words) - 8} more …", *words[-4:]]
    return between.join(words)


def arrows(nodes: Sequence[Value], names: dict[Value, str]) -> str:
    """A path as text: x → v1 → f."""
    return cut([names[node] for node in nodes], " → ")
