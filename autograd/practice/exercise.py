"""Endless practice: a random expression of a chosen level at a point where every number on the way is friendly."""

from __future__ import annotations

import operator

from ..labels import figures
from ..op import ARITHMETIC_ERRORS, described
from ..value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .drafts import Draft, Term
    from .worksheet import Worksheet


class Exercise:
    """An expression to differentiate, made by `exercise`; prints as the question.

    `f` is its graph, `xs` its leaves, which have names; `text` the expression in one piece, as
    `autograd.expression.evaluate` reads it, and `latex` the same in LaTeX; `definitions` are the lines (name,
    expression) as the graph has them, the last of which is f; `point` has the leaves' numbers by name. `level` and
    `seed` make the same exercise again.
    """

    def __init__(self, level: int, seed: int, draft: Draft) -> None:
        from ..expression import evaluate

        self.level, self.seed = level, seed
        self.definitions, self.point = draft.definitions, draft.point
        leaves = {name: Value(number, name) for name, number in draft.point.items()}
        nodes: dict[str, Value] = dict(leaves)
        for name, text in draft.definitions:
            nodes[name] = evaluate(text, nodes)
            nodes[name].name = name
        self.f, self.xs = nodes["f"], list(leaves.values())

    @property
    def text(self) -> str:
        """The expression with the definitions put in."""
        return self._whole().code

    @property
    def latex(self) -> str:
        """The expression with the definitions put in, as LaTeX."""
        return self._whole().formula.latex

    def worksheet(self, blanks: Any = "all", seed: int | None = None) -> Worksheet:
        """The exercise as a sheet to fill in: see `worksheet`.

        >>> len(exercise(1, 3).worksheet("totals").answers)
        1
        """
        from .worksheet import worksheet

        return worksheet(self.f, self.xs, blanks, self.seed if seed is None else seed)

    def _reads_back(self) -> bool:
        """Whether the text in one piece gives the same number; without parentheses, e + 1 - 2 may be rounded."""
        from ..expression import evaluate

        return bool(evaluate(self.text, self.point) == self.f.data)

    def _whole(self) -> Term:
        """The last definition, with the others put in."""
        from ..expression import Expression
        from .drafts import Term, symbol

        found = {name: symbol(name, number) for name, number in self.point.items()}
        for name, text in self.definitions:
            read = Expression(text)
            found[name] = Term(read(**{x: found[x].formula for x in read.names}), 0.0)
        return found["f"]

    def _repr_markdown_(self) -> str:
        from ..expression import Expression
        from .drafts import symbol

        lines = []
        for name, text in self.definitions:
            read = Expression(text)
            formula = read(**{x: symbol(x, 0.0).formula for x in read.names})
            lines.append(f"${symbol(name, 0.0).formula.latex} = {formula.latex}$")
        where = [f"${symbol(name, 0.0).formula.latex} = {figures(number)}$" for name, number in self.point.items()]
        wanted = [rf"$\partial f / \partial {symbol(name, 0.0).formula.latex}$" for name in self.point]
        return f"{', '.join(lines)} at {', '.join(where)}. Find {', '.join(wanted)}."

    def __repr__(self) -> str:
        lines = ", ".join([f"{name} = {text}" for name, text in self.definitions])
        where = ", ".join([f"{name} = {figures(number)}" for name, number in self.point.items()])
        wanted = ", ".join([f"∂f/∂{name}" for name in self.point])
        return f"exercise({self.level}, {self.seed}): {lines} at {where}. Find {wanted}."


def exercise(level: int = 1, seed: int | None = None) -> Exercise:
    """A random expression to differentiate by hand, the same for the same seed, with small and friendly numbers.

    Args:
        level: 1, a chain of two or three ops; 2, sums and products with one variable used twice; 3, nested
            functions and several paths; 4, inner nodes used more than once; 5, a small network.
        seed: a whole number; neighbouring ones never give the same expression. A new one is drawn unless told.

    ValueError: there is no such level. TypeError: level or seed is no whole number.

    >>> exercise(3, seed=11)
    exercise(3, 11): f = y**3 - y*x*exp(x - 1) at x = 1, y = 3. Find ∂f/∂x, ∂f/∂y.
    >>> exercise(4, seed=3).definitions
    [('u', 'x + y'), ('v', 'u + z'), ('f', 'u*v + sigmoid(y - 1)')]
    >>> exercise(4, seed=3).text
    '(x + y)*(x + y + z) + sigmoid(y - 1)'
    """
    from random import Random, randrange

    from .drafts import LEVELS
    from .friendly import friendly, worthwhile

    if level.__class__ is bool or not hasattr(level, "__index__"):
        raise TypeError(f"a level is a whole number from 1 to {len(LEVELS)}, got {described(level)}")
    if level not in LEVELS:
        raise ValueError(f"there is no level {level}; the levels are 1 to {len(LEVELS)}")
    if seed is None:
        seed = randrange(10**6)
    elif not hasattr(seed, "__index__"):
        raise TypeError(f"a seed is a whole number, got {described(seed)}")
    level, seed = operator.index(level), operator.index(seed)
    rng = Random(f"exercise {level} {seed}")
    while True:  # every turn has friendly drafts, many of them
        try:
            found = Exercise(level, seed, LEVELS[level](seed, rng))
        except ARITHMETIC_ERRORS:
            continue
        if worthwhile(found.f, found.xs, level) and friendly(found.f, found.xs, level) and found._reads_back():
            return found
