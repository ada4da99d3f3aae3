"""Random expressions of a chosen difficulty: each level draws one, with the point to take it at."""

from __future__ import annotations

from ..formula import NAME, Formula
from ..names import latex_name
from ..op import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random
    from typing import Any

WHOLE = (-3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0)
HALVES = (*WHOLE, -0.5, 0.5, 1.5, 2.0, 3.0)
CONSTANTS = (2.0, 3.0, 4.0)
LANDINGS = {  # where a function's value and slope are friendly
    "exp": (0.0, 0.0, 1.0), "log": (1.0,), "sqrt": (1.0, 4.0, 9.0), "sin": (0.0,), "cos": (0.0,), "tanh": (0.0,),
    "sigmoid": (0.0,),
}  # fmt: skip
POWERS = str.maketrans({digit: f"**{i}" for i, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")})


class Term:
    """A piece of an expression: how it is written, and its number at the point."""

    __slots__ = ("formula", "number")

    def __init__(self, formula: Formula, number: float) -> None:
        self.formula, self.number = formula, number

    @property
    def code(self) -> str:
        """The piece as an expression that `autograd.expression` reads."""
        return self.formula.text.replace(" · ", "*").translate(POWERS)


class Draft:
    """What was drawn: named leaves with their numbers, and the definitions in order, of which the last is f."""

    def __init__(self, point: dict[str, float]) -> None:
        self.point = point
        self.leaves = [symbol(name, number) for name, number in point.items()]
        self.definitions: list[tuple[str, str]] = []

    def define(self, name: str, term: Term) -> Term:
        """Give the term a name, by which it can be used again: a node that is shared."""
        self.definitions.append((name, term.code))
        return symbol(name, term.number)


def symbol(name: str, number: float) -> Term:
    """A leaf, or a definition, by its name."""
    return Term(Formula(name, latex_name(name), NAME), number)


def applied(op: str, *terms: Term | float) -> Term:
    """The op applied to terms and numbers."""
    formulas: list[Any] = [x.formula if isinstance(x, Term) else x for x in terms]
    numbers = [x.number if isinstance(x, Term) else x for x in terms]
    return Term(TABLE[op](*formulas), TABLE[op](*numbers))


def shifted(term: Term, goal: float) -> Term:
    """The term and a constant that brings it to `goal`."""
    by = goal - term.number
    return term if by == 0 else applied("add", term, by) if by > 0 else applied("sub", term, -by)


def bent(name: str, term: Term, rng: Random) -> Term:
    """A function of the term, at a place where its numbers are friendly."""
    if name in ("square", "cube"):
        return applied("pow", term, 2.0 if name == "square" else 3.0)
    return applied(name, shifted(term, rng.choice(LANDINGS[name])))


def point(names: str, rng: Random, numbers: tuple[float, ...] = WHOLE) -> dict[str, float]:
    """Numbers for the names, no two alike: of x = y a factor x taken for y would go unseen."""
    return dict(zip(names, rng.sample(sorted(set(numbers)), len(names)), strict=True))


def chain(turn: int, rng: Random) -> Draft:
    """Level 1: two or three ops, one after the other."""
    draft = Draft(point("x", rng, HALVES))
    kinds = ("mul", "square", "add", "exp", "sub", "log", "div", "sqrt", "cube", "sin", "sigmoid", "tanh")
    last = kinds[turn % len(kinds)]
    term = draft.leaves[0]
    for kind in (*rng.sample([kind for kind in kinds if kind != last], rng.randrange(3)), last):
        constant = rng.choice(CONSTANTS)
        if kind in ("mul", "sub", "div"):
            term = applied(kind, constant, term)
        else:
            term = applied("add", term, constant) if kind == "add" else bent(kind, term, rng)
    draft.define("f", term)
    return draft


def sums_and_products(turn: int, rng: Random) -> Draft:
    """Level 2: sums and products of two or three variables, one of which is used twice."""
    draft = Draft(point(rng.choice(("xy", "xyz")), rng, HALVES))
    pool = [*draft.leaves, rng.choice(draft.leaves)]
    if rng.random() < 0.3:
        i = rng.randrange(len(pool))
        pool[i] = applied("mul", rng.choice(CONSTANTS), pool[i])
    draft.define("f", joined(pool, turn, rng))
    return draft


def joined(pool: list[Term], turn: int, rng: Random, functions: tuple[str, ...] = (), bends: int = 0) -> Term:
    """The pool as one term: joined two by two at random, in the end by the op whose turn it is; `bends` functions."""
    rng.shuffle(pool)
    places = rng.sample(range(1, len(pool)), bends)
    while len(pool) > 1:
        if len(pool) in places:
            i = rng.randrange(len(pool))
            pool[i] = bent(rng.choice(functions), pool[i], rng)
        a, b = pool.pop(), pool.pop()
        if b.code[0].isdigit():  # numbers come first
            a, b = b, a
        kinds = ("add", "mul", "sub")
        pool.append(applied(kinds[turn % 3] if not pool else rng.choice(("mul", *kinds)), a, b))
        rng.shuffle(pool)
    return pool[0]


def nested(turn: int, rng: Random) -> Draft:
    """Level 3: functions of sums and products, and variables that reach f on several paths."""
    draft = Draft(point(rng.choice(("xy", "xyz")), rng))
    pool = [*draft.leaves, *rng.sample(draft.leaves, 2)]
    functions = ("square", "exp", "log", "sqrt", "sin", "cos", "cube", "tanh", "sigmoid")
    draft.define("f", joined(pool, turn, rng, functions, 2))
    return draft


def shared(turn: int, rng: Random) -> Draft:
    """Level 4: inner nodes that have names and are used more than once, in two layers."""
    draft = Draft(point(rng.choice(("xy", "xyz")), rng))
    functions = ("square", "exp", "log", "sqrt", "sin", "tanh", "sigmoid")
    u = draft.define("u", joined(rng.sample(draft.leaves, 2), rng.randrange(3), rng))
    rest = draft.leaves[2:] or [rng.choice(draft.leaves)]
    if rng.random() < 0.6:
        inner = joined([u, *rest], rng.randrange(3), rng, functions, rng.randrange(2))
        pool = [u, draft.define("v", inner), *rng.sample(draft.leaves, 1)]
    else:
        pool = [u, u, *rest]
    draft.define("f", joined(pool, turn, rng, functions, 1))
    return draft


def network(turn: int, rng: Random) -> Draft:
    """Level 5: a network of one or two hidden units, with a squared error, or the output unit's activation, on top."""
    inputs, hidden, loss = (
        (2, ("sigmoid",), True), (1, ("relu", "relu"), True), (2, ("relu",), False), (1, ("sigmoid", "relu"), True),
        (1, ("tanh", "sigmoid"), False), (2, ("relu", "sigmoid"), True), (1, ("relu", "tanh"), False),
    )[turn % 7]  # fmt: skip
    xs = [f"x{k + 1}" for k in range(inputs)] if inputs > 1 else ["x"]
    weights = [[f"w{j + 1}{k + 1}" if inputs > 1 else f"w{j + 1}" for k in range(inputs)] for j in range(len(hidden))]
    outer = [f"c{j + 1}" for j in range(len(hidden))]
    names = [*xs, *[name for row in weights for name in row], *outer]
    numbers = [x for count in (len(xs), len(hidden) * inputs, len(outer)) for x in rng.sample(WHOLE[1:-1], count)]
    draft = Draft(dict(zip(names, numbers, strict=True)))
    leaf = dict(zip(names, draft.leaves, strict=True))
    total: Term | None = None
    for j, activation in enumerate(hidden):
        z: Term | None = None
        for weight, x in zip(weights[j], xs, strict=True):
            z = _plus(z, applied("mul", leaf[weight], leaf[x]))
        assert z is not None  # a unit has inputs
        unit = draft.define(f"h{j + 1}", applied("relu", z) if activation == "relu" else bent(activation, z, rng))
        total = _plus(total, applied("mul", leaf[outer[j]], unit))
    assert total is not None  # there are hidden units
    if loss:
        y = draft.define("y", total)
        draft.define("f", applied("pow", applied("sub", y, rng.choice((1.0, 2.0, 3.0))), 2.0))
    else:
        draft.define("f", bent(rng.choice(("sigmoid", "tanh")), total, rng))
    return draft


def _plus(total: Term | None, term: Term) -> Term:
    return term if total is None else applied("add", total, term)


LEVELS: dict[int, Callable[[int, Random], Draft]] = {
    1: chain, 2: sums_and_products, 3: nested, 4: shared, 5: network
}  # fmt: skip
