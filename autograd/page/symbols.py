"""How a node and its local derivatives are written, with names and with numbers: the row's own formulas, as trees."""

from __future__ import annotations

from ..formula import NAME, NUMBER, PRODUCT, SIGN, Formula, named, typeset
from ..mathml import tree
from ..segment import CHECKPOINT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..mathml import Tree
    from .steps import Steps


class Numbers:
    """Every number of the page once: as the diagram writes it and, where that is rounded, after a tab in full.

    >>> from autograd.labels import figures
    >>> numbers = Numbers(figures)
    >>> numbers(0.5), numbers(1 / 3), numbers(0.5), numbers.texts
    (0, 1, 0, ['0.5', '0.3333\\t0.3333333333333333'])
    """

    def __init__(self, written: Callable[[float], str]) -> None:
        self.written = written
        self.texts: list[str] = []
        self._places: dict[str, int] = {}

    def __call__(self, x: float) -> int:
        short, full = self.written(x), repr(x)
        text = short if full in (short, f"{short}.0") else f"{short}\t{full}"
        place = self._places.setdefault(text, len(self.texts))
        if place == len(self.texts):
            self.texts.append(text)
        return place


class Symbols:
    """The formulas of `steps`, in which node 3 is ["v", 3] and a number ["#", 5].

    `names` are those of the nodes, as the picture shows them and as a tree, no two alike.
    """

    def __init__(self, steps: Steps, numbers: Numbers) -> None:
        self.steps, self.numbers = steps, numbers
        self.names: list[tuple[str, Tree]] = []
        self._symbols: list[Formula] = []
        taken: set[str] = set()
        for i, (name, shown) in enumerate(zip(steps.names, steps.shown, strict=True)):
            found, primes = named(name), 0
            while found.latex in taken:  # x1 and x_1 would both be x₁
                primes += 1
                found = named(name, "", primes)
            taken.add(found.latex)
            self.names.append((shown, tree(found.latex)))
            scripted = "^" if "^" in found.latex or "'" in found.latex else ""  # then formula.py encloses it as a base
            self._symbols.append(Formula(shown, rf"\name{{{i}}}{{{scripted}}}", NAME))

    def computation(self, i: int) -> list[Tree]:
        """How node i was computed: with names, and with numbers. Nothing is simplified: x · x stays what it is.

        >>> from autograd import Value
        >>> from autograd.labels import figures
        >>> from autograd.page.steps import Steps
        >>> from autograd.picture import Picture
        >>> a = Value(3.0, "a")
        >>> Symbols(Steps(Picture([a * a])), Numbers(figures)).computation(1)
        [['row', ['v', 0], 'o·', ['v', 0]], ['row', ['#', 0], 'o·', ['#', 0]]]
        """
        steps, op = self.steps, self.steps.nodes[i].op
        assert op is not None  # leaves are given, not computed
        inputs = steps.inputs[i]
        names = [self._symbols[x] if isinstance(x, int) else self._number(x) for x in inputs]
        numbers = [self._number(steps.data[x] if isinstance(x, int) else x) for x in inputs]
        return [tree(typeset(op, names).latex), tree(typeset(op, numbers).latex)]

    def local_derivatives(self, i: int) -> list[tuple[Tree | int, Tree | int]]:
        """∂(node i)/∂(input) for each input by the op's rule: with names, and with numbers; 0 for nothing to say.

        >>> from autograd import Value
        >>> from autograd.labels import figures
        >>> from autograd.page.steps import Steps
        >>> from autograd.picture import Picture
        >>> x = Value(0.0, "x")
        >>> Symbols(Steps(Picture([x.tanh()])), Numbers(figures)).local_derivatives(1)
        [(['row', 'n1', 'o−', ['sup', ['v', 1], 'n2']], ['row', 'n1', 'o−', ['sup', ['#', 0], 'n2']])]
        """
        steps, inputs = self.steps, self.steps.inputs[i]
        names = [self._symbols[x] if isinstance(x, int) else x for x in inputs]
        numbers = [self._number(steps.data[x]) if isinstance(x, int) else x for x in inputs]
        symbols = self._partials(i, names, self._symbols[i])
        filled = self._partials(i, numbers, self._number(steps.data[i]))
        return [
            (
                0
                if symbol is None
                else tree(symbol.latex)
                if isinstance(symbol, Formula)
                else ["#", self.numbers(symbol)],
                # a lone number is said by the result, and so is one that was no formula in the first place
                0 if not isinstance(number, Formula) or number.latex.startswith(r"\num") else tree(number.latex),
            )
            for symbol, number in zip(symbols, filled, strict=True)
        ]

    def _partials(self, i: int, inputs: Sequence[Any], out: Formula) -> Sequence[Any]:
        op = self.steps.nodes[i].op
        if op is None or op is CHECKPOINT:
            return [None] * len(inputs)
        try:
            found = op.local_derivatives(inputs, out, inputs)
            return [x if x is None or isinstance(x, Formula) else float(x) for x in found]
        except Exception:  # a rule may be any function, and one that only numbers can go through has no notation
            return [None] * len(inputs)

    def _number(self, x: float) -> Formula:
        text = self.numbers.written(x)
        binding = SIGN if text.startswith("-") else PRODUCT if "e" in text else NUMBER
        return Formula(text, rf"\num{{{self.numbers(x)}}}{{}}", binding)
