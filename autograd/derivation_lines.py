"""The lines of a derivation: a product for each path, or an adjoint for each node as the sum over its consumers."""

from __future__ import annotations

import math
from itertools import islice

from .formula import Formula, named, written_number
from .labels import whole
from .linearized import Linearized
from .paths import count_paths, largest_paths, size
from .typesetting import Line, Piece, Remark, Section, Side, Table, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .notation import Edge, Notation
    from .paths import Path
    from .value import Value

ENDS = 4  # of a long product, or a long sum over consumers, so many are written out at either end
ROWS = 4  # so many definitions and local derivatives for each path
NARROW = 3  # terms of a definition in a table
NOISE = 1e-12  # relative to what it was left over from, a difference that is nothing but rounding
BY_INPUT = Remark(
    "(∂v/∂u)₁, (∂v/∂u)₂, …: the derivative of v by its 1st, 2nd, … input alone, the other inputs held fixed",
    r"\left(\frac{\partial v}{\partial u}\right)_{1}, \left(\frac{\partial v}{\partial u}\right)_{2}, \ldots"
    r"\text{: the derivative of } v \text{ by its 1st, 2nd, … input alone, the other inputs held fixed}",
)


def by_paths(notation: Notation, limit: int, total: float) -> list[Section]:
    """Definitions, the sum over paths in symbols, the local derivatives, and the sum with these put in."""
    f, x = notation.f, notation.x
    count = count_paths(f, x)
    paths = sorted(islice(largest_paths(f, x), limit), key=lambda path: -size(path.product))
    products = [path.product for path in paths]
    value, remarks = (total, []) if count > len(paths) else _agreed(total, products)
    seen: dict[Any, int] = {}
    ways = [(path, _edges(notation, path, seen)) for path in paths]
    edges = list(dict.fromkeys([edge for _, way in ways for edge in way if edge]))

    def line(kind: str, role: str, terms: Sequence[Term]) -> Line:
        rest = _rest(role, count - len(paths), "paths", _remainder(value, products))
        return Line(kind, notation.ratio(f, x), [Side(role, *terms, *rest)], value, x)

    def written(piece: Callable[[Edge], Piece]) -> list[Term]:
        return [_product(path, way, piece) for path, way in ways]

    multiplied = [Term([Piece(written_number(path.product), path.product, path)], path.product, path) for path in paths]
    sums = [
        line("formulas", "formula", written(lambda edge: notation.factor(edge)[0])),
        line("numbers", "numbers", written(lambda edge: notation.factor(edge)[2])),
        line("products", "numbers", multiplied),
        Line("total", notation.ratio(f, x), [notation.valued(value, x)], value, x),
    ]
    following = [*[below.sides[0].latex for below in sums[1:]], ""]
    sums = [line for line, latex in zip(sums, following, strict=True) if line.sides[0].latex != latex]
    sections = [Section("Nodes on the way", _definitions(notation, paths, edges, ROWS * limit))]
    if count > 1 or len(paths[0].factors) > 1:  # else the local derivative is ∂f/∂x itself
        many = f"{whole(count)} paths, the largest product first" if count > 1 else "one path"
        chain = line("chain", "symbols", written(notation.edge))
        sections.append(Section(f"Chain rule: {many}", [chain, *_by_input(notation, edges)]))
        locals_ = [notation.local(edge) for edge in edges]
        sections.append(Section("Local derivatives", _first(locals_, ROWS * limit, len(edges))))
    return [*sections, Section("Put in and multiplied out", [*sums, *remarks])]


def _edges(notation: Notation, path: Path, seen: dict[Any, int]) -> list[Edge | None]:
    """The edges of a path from f down, None for the middle of a long one. Of paths that differ only in which of two
    edges between the same nodes they take, each gets another."""
    length = len(path.factors)
    key = path.nodes, tuple(["nan" if factor != factor else factor for factor in path.factors])
    turn = seen[key] = seen.get(key, -1) + 1
    found: list[Edge | None] = []
    for step in range(length):  # from x up
        if length > 2 * ENDS + 1 and ENDS <= step < length - ENDS:
            if step == ENDS:
                found.append(None)
            continue
        below, node, factor = path.nodes[step], path.nodes[step + 1], path.factors[step]
        choices = [
            i
            for i, (x, d) in enumerate(zip(node.inputs, notation.values(node), strict=True))
            if x is below and (d == factor or (d != d and factor != factor))
        ]
        turn, choice = divmod(turn, len(choices))
        found.append((node, choices[choice]))
    return found[::-1]


def _product(path: Path, way: Sequence[Edge | None], written: Callable[[Edge], Piece]) -> Term:
    hidden = path.factors[ENDS:-ENDS]
    gap = f"… {whole(len(hidden))} more …"
    cut = Piece(Formula(gap, rf"\cdots \text{{ {whole(len(hidden))} more }} \cdots"), math.prod(hidden), path)
    return Term([written(edge) if edge else cut for edge in way], path.product, path)


def _rest(role: str, count: int, what: str, value: float) -> list[Term]:
    """What is left out of a sum, as a term: how many, and in numbers what they add up to, where that can be told."""
    if not count:
        return []
    text = f"{whole(count)} more {what[:-1] if count == 1 else what}"
    formula = Formula(f"… {text}", rf"\cdots \text{{ {text}}}")
    if role == "numbers" and value == value:
        number = written_number(value)
        latex = rf"\text{{({text}: }}{number.latex}\text{{)}}"
        formula = Formula(f"({text}: {number.text})", latex, rounded=number.rounded)
    return [Term([Piece(formula, value)], value)]


def _remainder(total: float, shown: Sequence[float]) -> float:
    """The total without those shown; 0 where only rounding makes a difference."""
    rest = total - sum(shown)
    return 0.0 if abs(rest) <= NOISE * sum(map(abs, [total, *shown])) else rest


def _agreed(total: float, products: Sequence[float]) -> tuple[float, list[Remark]]:
    """Backprop's number for the sum over all paths, unless infinities or NaN make it another one."""
    shown = sum(products)
    slack = 1e-9 * sum(map(size, products))
    if total == shown or (total != total and shown != shown) or abs(total - shown) <= slack < math.inf:
        return total, []
    gives = written_number(total)
    text = "backprop, which adds up before it multiplies, gives"
    return shown, [Remark(f"{text} {gives.text}", rf"\text{{{text} }} {gives.latex}")]


def _definitions(notation: Notation, paths: Sequence[Path], edges: Sequence[Edge], limit: int) -> list[Line | Remark]:
    wanted: dict[Value, list[int]] = {}
    for node, i in edges:
        wanted.setdefault(node, []).append(i)
    nodes = [node for node in notation.names if node in wanted]
    count = len({node for path in paths for node in path.nodes[1:]})
    return _first([notation.definition(node, wanted[node]) for node in nodes], limit, count)


def _first(lines: list[Line], limit: int, count: int) -> list[Line | Remark]:
    """The first lines, and how many there are besides."""
    shown = lines if len(lines) <= limit + 1 else lines[:limit]
    return [*shown, *([Remark(f"… and {whole(count - len(shown))} more")] if count > len(shown) else [])]


def _by_input(notation: Notation, edges: Sequence[Edge]) -> list[Remark]:
    return [BY_INPUT] if any(map(notation.doubled, edges)) else []


def by_nodes(notation: Notation, limit: int) -> list[Section]:
    """The table of values, tangents and adjoints, then every adjoint as a sum over consumers, from f to x."""
    f, x = notation.f, notation.x
    linear = Linearized([f], [x])
    adjoint, tangent = linear.backward({f: 1.0}), linear.forward({x: 1.0})
    nodes = [x, *linear.nodes]
    cut = len(nodes) > limit + 1
    first = nodes[: (limit + 1) // 2] if cut else nodes
    last = nodes[len(nodes) - limit // 2 :] if cut else []
    gap = [Remark(f"… {whole(len(nodes) - limit)} more nodes …")] if cut else []
    consumers: dict[Value, list[Edge]] = {node: [] for node in (*first, *last)}
    inputs: dict[Value, list[Edge]] = {node: [] for node in consumers}
    for node in linear.nodes:
        for below, _, i in linear.edges(node):
            if below in consumers:
                consumers[below].append((node, i))
            if node in inputs:
                inputs[node].append((node, i))
    lines = {x: notation.given(x)}
    cells: dict[Line, Sequence[Formula]] = {}
    for node, edges in inputs.items():
        if node is not x:
            lines[node] = notation.definition(node, [i for _, i in edges], NARROW)
        side = lines[node].sides[0]
        formula = side.terms[0].factors[0] if side.role == "formula" else Formula("", "")
        numbers = [written_number(number) for number in (node.data, tangent[node], adjoint[node])]
        cells[lines[node]] = [notation.symbol(node), formula, *numbers]
    head = [named("node"), named("definition"), named("v"), named("v", "dot"), named("v", "bar")]
    tangents = [_sum(notation, "tangent", node, edges, tangent) for node, edges in inputs.items() if edges]
    back = {node: _sum(notation, "adjoint", node, edges, adjoint) for node, edges in consumers.items()}
    symbol = notation.symbol(x, "bar", adjoint[x])
    sides = [Side("symbols", Term([symbol], adjoint[x])), notation.valued(adjoint[x], x)]
    end = Line("total", notation.ratio(f, x), sides, adjoint[x], x)
    rows: list[Line | Remark] = [*[lines[node] for node in first], *gap, *[lines[node] for node in last]]
    upward: list[Line | Remark] = [
        *[back[node] for node in reversed(last)],
        *gap,
        *[back[node] for node in reversed(first)],
        end,
    ]
    every_edge = [edge for edges in (*inputs.values(), *consumers.values()) for edge in edges]
    return [
        Table("Values and tangents, from top to bottom", rows, head, cells, tangents),
        Section("Adjoints, from bottom to top: a term for each consumer", [*upward, *_by_input(notation, every_edge)]),
    ]


def _sum(notation: Notation, kind: str, node: Value, edges: Sequence[Edge], numbers: dict[Value, float]) -> Line:
    """A node's adjoint, v̄ = Σ c̄ · ∂c/∂v over its consumers c, or tangent, v̇ = Σ ∂v/∂u · u̇ over its inputs u."""
    back = kind == "adjoint"
    accent, what = ("bar", "consumers") if back else ("dot", "inputs")
    sides = []
    for role, way in (("symbols", None), ("formula", 0), ("numbers", 2)) if edges else ():
        terms = []
        for edge in [*edges[:ENDS], *edges[-ENDS:]] if len(edges) > 2 * ENDS + 1 else edges:
            other = edge[0] if back else notation.below(edge)
            local = notation.edge(edge) if way is None else notation.factor(edge)[way]
            value = numbers[other]
            symbol = Piece(written_number(value), value, other) if way == 2 else notation.symbol(other, accent, value)
            terms.append(Term([symbol, local] if back else [local, symbol], value * local.value))
        if len(edges) > len(terms):
            rest = _remainder(numbers[node], [term.value for term in terms])
            terms[ENDS:ENDS] = _rest(role, len(edges) - len(terms), what, rest)
        sides.append(Side(role, *terms))
    return Line(kind, notation.symbol(node, accent, numbers[node]), [*sides, notation.valued(numbers[node], node)],
                numbers[node], node)  # fmt: skip
