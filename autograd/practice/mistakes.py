"""Typical mistakes with the chain rule, made on purpose: what ∂f/∂x, or one path's product, comes out as with each."""

from __future__ import annotations

import math
from itertools import combinations

from ..labels import cut, figures
from ..names import SUBSCRIPTS
from .answers import close
from .slips import AtEdge, Mistake, Slips

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..notation import Edge, Notation
    from ..value import Value
    from .routes import Route, Routes

ALL_SUBSETS = 6  # of so many paths, any may be forgotten together; of more, one or two, or all but one


class Mistakes:
    """Every mistake that would show, for each number of a derivation, the most typical first.

    Args:
        notation: how the nodes and edges are written.
        routes: the paths from each x.

    >>> from autograd import Value
    >>> from autograd.notation import Notation
    >>> from autograd.practice.routes import Routes
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> f = x * y + x
    >>> mistakes = Mistakes(Notation(f, x), {x: Routes(f, x)})
    >>> for mistake in mistakes.in_total(x)[:3]:
    ...     print(figures(mistake.value), mistake.sentence)
    1 the path x → v₁ → f is forgotten
    3 the path x → f is forgotten
    -2 the product of the path x → v₁ → f has the wrong sign
    """

    def __init__(self, notation: Notation, routes: dict[Value, Routes]) -> None:
        self.notation, self.routes = notation, routes
        self.slips = Slips(notation)

    def in_total(self, x: Value) -> list[Mistake]:
        """With ∂f/∂x as a whole."""
        return self._telling(self._in_total(x), self.routes[x].total)

    def in_product(self, route: Route) -> list[Mistake]:
        """With the product along one path."""
        return self._telling(self._in_product(route), route.product)

    def in_local(self, edge: Edge) -> list[Mistake]:
        """With one local derivative."""
        return self._telling(self.slips.in_local(edge), self.slips.local(edge))

    def in_value(self, node: Value) -> list[Mistake]:
        """With the number of one node."""
        return self._telling(self.slips.in_value(node), node.data)

    def _telling(self, found: Iterator[Mistake], right: float) -> list[Mistake]:
        """Those that change the number, each explanation once."""
        shown: dict[str, Mistake] = {}
        for mistake in found:
            if math.isfinite(mistake.value) and not close(mistake.value, right):
                shown.setdefault(mistake.sentence, mistake)
        return list(shown.values())

    def _in_total(self, x: Value) -> Iterator[Mistake]:
        routes, notation = self.routes[x], self.notation
        paths, total = routes.all, routes.total
        for forgotten in _subsets([path for path in paths if path.product != 0.0], len(paths)):
            value = sum([path.product for path in paths if path not in forgotten])
            named = cut([self.arrows(path) for path in forgotten], " and ")
            yield Mistake("forgotten path", value, f"the path{_s(forgotten)} {named} {_are(forgotten)} forgotten")
        at_edges = list(self._at_edges([edge for edge, _ in routes.edges], x))

        def made(*kinds: str) -> Iterator[Mistake]:
            for each in at_edges:
                if each.kind in kinds:
                    yield Mistake(each.kind, routes.total_with(each.edge, each.value), each.sentence, each.place)

        yield from made("sign")
        for path in paths if len(paths) > 1 else ():
            sentence = f"the product of the path {self.arrows(path)} has the wrong sign"
            yield Mistake("sign", total - 2 * path.product, sentence)
        yield Mistake("sign", -total, "the sign is wrong")
        yield from made("swapped", "left out", "half a rule")
        for path in paths:
            yield Mistake("counted twice", total + path.product, f"the path {self.arrows(path)} is counted twice")
        for other, others in self.routes.items():
            if other is not x:
                yield Mistake("other variable", others.total, f"this is {notation.ratio(notation.f, other).text}")
        f, of_x = notation.symbol(notation.f).text, notation.ratio(notation.f, x).text
        yield Mistake("value", notation.f.data, f"this is the value of {f}, not {of_x}")
        yield from made("value")
        for path in paths:
            if len(path.factors) > 1:
                where = f" on the path {self.arrows(path)}" if len(paths) > 1 else ""
                sentence = f"the local derivatives{where} are added instead of multiplied"
                yield Mistake("added", total - path.product + sum(path.factors), sentence)
        if len(paths) > 1:
            added = sum([factor for path in paths for factor in path.factors])
            yield Mistake("added", added, "the local derivatives are added instead of multiplied on every path")
            product = math.prod([path.product for path in paths])
            yield Mistake("multiplied", product, "the products of the paths are multiplied instead of added")
        for node in routes.inputs:
            if node is not notation.f:
                inner, outer = notation.ratio(node, x).text, notation.ratio(notation.f, node).text
                name, of = notation.symbol(node).text, notation.symbol(x).text
                yield Mistake(
                    "chain cut", routes.tangent[node], f"this is {inner}: from {name} to {f} something is missing"
                )
                yield Mistake(
                    "chain cut", routes.adjoint[node], f"this is {outer}: from {of} to {name} something is missing"
                )

    def _in_product(self, route: Route) -> Iterator[Mistake]:
        notation, product, factors = self.notation, route.product, route.factors
        places = {edge: place for place, edge in enumerate(route.edges)}
        for mistake in self._at_edges(list(route.edges), route.x):
            value = route.product_with(places[mistake.edge], mistake.value)
            yield Mistake(mistake.kind, value, mistake.sentence, mistake.place)
        yield Mistake("sign", -product, "the sign is wrong")
        for edge, factor in zip(route.edges, factors, strict=True):
            twice = f"the factor {notation.edge(edge).text} = {figures(factor, 6)} is there twice"
            yield Mistake("counted twice", product * factor, twice)
        if len(factors) > 1:
            yield Mistake("added", sum(factors), "the local derivatives are added instead of multiplied")
        for place in range(1, len(factors)):
            node = notation.symbol(route.nodes[place]).text
            for kept, what in ((factors[:place], "after"), (factors[place:], "before")):
                yield Mistake("chain cut", math.prod(kept), f"the factors {what} {node} are missing")
        routes = self.routes[route.x]
        for other in routes.all:
            if other.edges != route.edges:
                yield Mistake("other path", other.product, f"this is the product of the path {self.arrows(other)}")
        whole = notation.ratio(notation.f, route.x).text
        yield Mistake("total", routes.total, f"this is {whole} as a whole, not this path's share")

    def _at_edges(self, edges: Sequence[Edge], x: Value) -> Iterator[AtEdge]:
        """Mistakes with one local derivative, kind by kind; the value of each is what is taken for it."""
        slips = self.slips
        for edge in edges:
            yield from slips.sign(edge)
        for edge in edges:
            yield from slips.swapped(edge)
        for edge in edges:
            yield from slips.left_out(edge, x)
        for edge in edges:
            yield from slips.rule(edge)
        for edge in edges:
            yield from slips.value_instead(edge)

    def arrows(self, route: Route) -> str:
        """The path as text; where two edges lead from one node to the next, with the number of the input.

        >>> from autograd import Value
        >>> from autograd.notation import Notation
        >>> from autograd.practice.routes import Routes
        >>> x = Value(3.0, "x")
        >>> routes = Routes(x * x, x)
        >>> [Mistakes(Notation(routes.f, x), {x: routes}).arrows(route) for route in routes.all]
        ['x →₁ f', 'x →₂ f']
        """
        return arrows(self.notation, route, "text")


def arrows(notation: Notation, route: Route, form: str) -> str:
    """A path in text or in LaTeX."""
    words = [getattr(notation.symbol(route.x), form)]
    for node, i in route.edges:
        arrow = "→" if form == "text" else r"\to"
        if node.inputs.count(node.inputs[i]) > 1:
            arrow += _lower(i + 1) if form == "text" else f"_{{{i + 1}}}"
        words.append(f"{arrow} {getattr(notation.symbol(node), form)}")
    return cut(words, " ")


def _lower(count: int) -> str:
    return str(count).translate(SUBSCRIPTS)


def _subsets(paths: Sequence[Route], count: int) -> Iterator[tuple[Route, ...]]:
    """What may be forgotten of so many paths, the fewest first; never all."""
    every = len(paths)
    sizes = [*range(1, every + 1)] if every <= ALL_SUBSETS else [1, 2, every - 1]
    for size in sizes:
        for found in combinations(paths, size):
            if size < count:
                yield found


def _s(forgotten: Sequence[Route]) -> str:
    return "s" * (len(forgotten) > 1)


def _are(forgotten: Sequence[Route]) -> str:
    return "are" if len(forgotten) > 1 else "is"
