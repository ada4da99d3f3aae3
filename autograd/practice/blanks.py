"""What a worksheet may ask for, node by node, edge by edge, path by path, and which of these are to be blanks."""

from __future__ import annotations

import math
import operator

from ..extended import local_derivatives
from ..graph import topological_order
from ..labels import whole
from ..op import ARITHMETIC_ERRORS, described
from ..paths import count_paths
from ..segment import CHECKPOINT
from ..value import Value
from .routes import Route, Routes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


KINDS = ("values", "local derivatives", "products", "totals")
MOST = 500  # numbers on one sheet


class Quantity:
    """A number of the derivation: its `kind`, what it is `about` (a node, an edge, a Route, or x for ∂f/∂x), and its
    `value`; `number` is that of its blank, or None where it is printed."""

    number: int | None = None

    def __init__(self, kind: str, about: Any, value: float) -> None:
        self.kind, self.about, self.value = kind, about, value


class Quantities:
    """Every number on the way to the derivatives of f by `xs`, in the order in which they are computed."""

    def __init__(self, f: Value, xs: Sequence[Value]) -> None:
        self.f, self.xs = f, xs
        order = topological_order(f)
        count = sum([count_paths(f, x) for x in xs])
        nodes = [node for node in order if node.op is not None]
        if count + len(nodes) > MOST:
            size = f"{whole(len(nodes))} nodes and {whole(count)} path{'s' * (count != 1)}"
            raise ValueError(f"{size} are too many for pen and paper; ask for fewer xs, or take a smaller f")
        self.routes = {x: Routes(f, x) for x in xs}
        edges = dict.fromkeys([edge for routes in self.routes.values() for edge, _ in routes.edges])
        place = {node: i for i, node in enumerate(order)}
        self.all = [Quantity("values", node, node.data) for node in nodes]
        for node, i in sorted(edges, key=lambda edge: (place[edge[0]], edge[1])):
            local = node.local_derivatives[i]
            assert local is not None  # the edge comes from a Value
            self.all.append(Quantity("local derivatives", (node, i), local))
        for routes in self.routes.values():
            self.all += [Quantity("products", route, route.product) for route in routes.all if len(route.edges) > 1]
        self.all += [Quantity("totals", x, routes.total) for x, routes in self.routes.items()]
        self._of = {_key(quantity.about, quantity.kind): quantity for quantity in self.all}

    def of(self, kind: str, about: Any) -> Quantity | None:
        """The quantity about that node, edge, Route or x; None for a leaf's number."""
        if kind == "products" and len(about.edges) == 1:  # the path's share is its only local derivative
            return self.of("local derivatives", about.edges[0])
        return self._of.get(_key(about, kind))

    def choose(self, blanks: Any, seed: int | None) -> None:
        """Number those that are to be blanks."""
        chosen = _chosen(blanks, self.all, seed)
        if not chosen:
            kinds = " or ".join(blanks) if not isinstance(blanks, str) else blanks
            raise ValueError(f"this derivation has no {kinds} to ask for; choose other blanks, such as 'all'")
        for number, quantity in enumerate([quantity for quantity in self.all if quantity in chosen], 1):
            quantity.number = number

    def following(self, quantity: Quantity, given: Callable[[Quantity], float | None]) -> tuple[float, list[int]]:
        """The number with answers put in for what it is computed from, where `given` has one; and whose."""
        used: list[int] = []

        def now(kind: str, about: Any) -> float:
            source = self.of(kind, about)
            if source is None:
                return float(about)
            answer = given(source)
            if answer is not None and source.number is not None:
                used.append(source.number)
                return answer
            if source.number is None and source.kind == "products":  # which a sheet may leave to the student
                return _computed(source, now, self.routes)
            return source.value

        try:
            value = _computed(quantity, now, self.routes)
        except ARITHMETIC_ERRORS:
            return math.nan, used
        return value, sorted(set(used))


def _computed(quantity: Quantity, now: Callable[[str, Any], float], routes: dict[Value, Routes]) -> float:
    """The quantity from those that it is computed from directly."""
    about = quantity.about
    if quantity.kind == "totals":
        return sum([now("products", route) for route in routes[about].all])
    if quantity.kind == "products":
        return math.prod([now("local derivatives", edge) for edge in about.edges])
    node, i = (about, 0) if quantity.kind == "values" else about
    op = node.op
    assert op is not None  # leaves are given
    if op is CHECKPOINT:
        return quantity.value
    numbers = [now("values", x) if isinstance(x, Value) else x for x in node.inputs]
    if quantity.kind == "values":
        return float(op.compute(*numbers))
    local = local_derivatives(op, numbers, now("values", node), node.inputs)[i]
    assert local is not None  # the edge comes from a Value
    return local


def _key(about: Any, kind: str) -> Any:
    return kind, (about.x, about.edges) if isinstance(about, Route) else about


def _chosen(blanks: Any, every: Sequence[Quantity], seed: int | None) -> set[Quantity]:
    """The quantities meant by `blanks`."""
    if isinstance(blanks, str):
        blanks = KINDS if blanks == "all" else (blanks,)
    if isinstance(blanks, list | tuple):
        unknown = [kind for kind in blanks if kind not in KINDS]
        if unknown or not blanks:
            kinds = ", ".join(map(repr, KINDS))
            got = described(unknown[0]) if unknown else "none"
            raise ValueError(f"blanks are {kinds}, 'all', several of them, or a share such as 0.5; got {got}")
        return {quantity for quantity in every if quantity.kind in blanks}
    share = _share(blanks)
    from random import Random

    return set(Random(seed).sample(every, max(1, round(share * len(every)))))


def _share(blanks: Any) -> float:
    try:
        share = float(operator.index(blanks)) if hasattr(blanks, "__index__") else float(blanks)
    except (TypeError, ValueError):
        share = math.nan
    if not 0.0 < share <= 1.0 or blanks is True:
        raise ValueError(f"as a share, blanks is a number above 0 and up to 1, got {described(blanks)}")
    return share
