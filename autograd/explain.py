"""Why ∂f/∂x is what it is: the edges that make it zero, infinite or NaN, found by walking back from x to f.

A path's product is 0 once one factor is; ∞ and NaN arise at an edge or in a sum, and stay.
"""

from __future__ import annotations

import math

from .chain_rule import require_value
from .edges import Edge, Reasons
from .flow import Flow, dominant, walk
from .graph import topological_order
from .labels import arrows, cut, figures, formula, labels, whole
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .flow import Step

_TINY, _HUGE = 1e-6, 1e6  # beside the largest adjoint on the way, and beside f's own, which is 1
_SHOWN, _WIDTH = 4, 60  # of edges of one kind so many are printed; a formula is cut there
_FACTOR = "has a factor 0"


class Explanation:
    """Made by `explain_gradient`; prints as a few lines.

    `derivative` is ∂f/∂x; `kind` one of "no path", "zero", "infinite", "NaN" and "finite"; `finding` the answer in a
    sentence; `edges` the culprits, each with `node`, `input`, `index`, `local`, `cause` and `reason`.
    """

    def __init__(
        self, derivative: float, kind: str, finding: str, edges: Sequence[Edge] = (), lines: Iterable[str] = ()
    ) -> None:
        self.derivative, self.kind, self.finding, self.edges = derivative, kind, finding, list(edges)
        self._lines = list(lines)

    def __repr__(self) -> str:
        return "\n  ".join([self.finding, *self._lines])


def explain_gradient(f: Value, x: Value) -> Explanation:
    """Why ∂f/∂x is zero, infinite, NaN or tiny: the edges that decide it, with reasons; or that nothing is wrong.

    Of the factors 0 it names the last on each path that no other follows; together they cut every path.
    TypeError: f or x is not a Value.

    >>> x, w = Value(-0.3, "x"), Value(2.0, "w")
    >>> why = explain_gradient(w * x.relu(), x)
    >>> why
    ∂v2/∂x = 0: the only path from x to v2 has a factor 0
      x → v1 = relu(x): dead ReLU: its input is -0.3, where the local derivative step(x) is 0
    >>> why.kind, why.edges[0].input is x, why.edges[0].cause
    ('zero', True, 'dead ReLU')
    """
    require_value(f, "f")
    require_value(x, "x")
    names = labels(f)
    return _Diagnosis(Flow(f, x), names).explanation() if x in names else _no_path(f, x, names)


def _no_path(f: Value, x: Value, names: dict[Value, str]) -> Explanation:
    own, out = x.name or ("unnamed x" if "x" in names.values() else "x"), names[f]
    if f.op is None:
        lines = [f"{out} is a leaf: made from a number, by .data or within no_grad(), so that nothing was recorded"]
    else:
        leaves = [label for node, label in names.items() if node.op is None]
        lines = [f"{own} is not part of the graph of {out}, whose leaves are {cut(leaves, ', ')}"]
    twin = x.name and any(node.name == x.name for node in names)
    if twin:
        lines.append(f"another Value named {own} is part of the graph: was {own} made twice?")
    above = [node for node in topological_order(x) if node not in names]
    shared = dict.fromkeys([names[i] for node in above for i in node.inputs if isinstance(i, Value) and i in names])
    if out in shared:
        lines.append(f"the other way round there is one: {own} was computed from {out}")
    elif shared:
        lines.append(f"{own} was itself computed from {cut(list(shared), ', ')}, but {out} was not computed from {own}")
    elif f.op is not None and not twin:
        lines.append(f"if it should be, look for .data, float() or no_grad() between {own} and {out}")
    return Explanation(0.0, "no path", f"∂{out}/∂{own} = 0: no path leads from {own} to {out}", (), lines)


class _Diagnosis:
    """What the walks find, in words."""

    def __init__(self, flow: Flow, names: dict[Value, str]) -> None:
        self.flow, self.names = flow, names
        self._label_inner()
        self.reasons = Reasons(names)
        self.edges: list[Edge] = []
        self._noted: set[tuple[Value, int]] = set()  # the edges among them that have a reason of their own
        self.lines: list[str] = []
        self.suspects: list[Value] = []  # nodes whose number, or a local derivative, is not finite

    def _label_inner(self) -> None:
        """Label what lies inside checkpoints, too: an output as the node that stands for it, the rest c1, c2, …"""
        names, doubles, count = self.names, self.flow.linear.doubles, 0
        taken = set(names.values())
        for node in topological_order(*doubles.values(), seen=set(names)):
            label = node.name or ""
            while not label or label in taken:
                count += 1
                label = f"{node.name or 'c'}{count}"
            taken.add(label)
            names[node] = label
        for node, double in reversed(doubles.items()):  # the outer ones first
            names[double] = names[node]

    def explanation(self) -> Explanation:
        f, x = self.flow.f, self.flow.x
        derivative = self.flow.adjoint[x]
        if x is f:
            kind, why = "finite", "the derivative of a Value by itself"
        elif derivative == 0.0:
            kind, why = "zero", self._zero()
        elif math.isfinite(derivative):
            kind, why = "finite", self._finite(derivative)
        else:
            kind, why = "infinite" if derivative == derivative else "NaN", self._not_finite()
        if not math.isfinite(f.data):
            self.lines.append(f"{self.names[f]} itself is {f.data}")
            self.suspects.append(f)
        finding = f"∂{self.names[f]}/∂{self.names[x]} = {figures(derivative, 6)}: {why}"
        return Explanation(derivative, kind, finding, self.edges, [*self._listed(), *self.lines, *self._from_data()])

    def _zero(self) -> str:
        reasons = self._explain_zero([self.flow.x])
        if reasons == [_FACTOR]:
            return f"{self._paths('each of the ')} {_FACTOR}"
        return f"{'; '.join(reasons)} ({self._paths()})"

    def _explain_zero(self, starts: Sequence[Value]) -> list[str]:
        """Why the adjoints of `starts` are 0, in a few words; the edges and the details are noted."""
        found, shielded, unblocked = self.flow.barrier(starts)
        reasons = [_FACTOR] if found else []
        self._note(found)
        if shielded:
            self.lines.append(f"before {whole(shielded)} of these there is another 0 on every path")
        underflows, cancelled = self.flow.lost(unblocked)
        if underflows:
            reasons.append("a product falls below 5e-324, the smallest float")
            self._note(dominant([underflows[0], *self.flow.largest(underflows[0][0])[0]], small=True))
        if cancelled:
            reasons.append(f"contributions cancel at {self._called(cancelled)}")
            self._show_largest(unblocked[0])
        for node in cancelled:
            self._note_contributions(node)
        rounded = [node for node in cancelled if math.fsum(term for _, term in self.flow.terms(node)) != 0.0]
        if rounded:
            self.lines.append(f"at {self._called(rounded)} they would not cancel without rounding")
        return reasons

    def _not_finite(self) -> str:
        found = self.flow.blown()
        self._note(found.steep + found.zeros)
        reasons = ["0 · ∞, a factor 0 meets an infinite one"] if found.zeros or found.vanished else []
        reasons += [f"there {reason}" for reason in self._explain_zero(list(found.vanished)) if reason != _FACTOR]
        if found.clashes:
            reasons.append(f"∞ − ∞ at {self._called([node for node, _ in found.clashes])}")
        for node, terms in found.clashes[:_SHOWN]:
            shown = [f"{figures(term)} through {self.names[step[0]]}" for step, term in terms]
            self.lines.append(f"{self.names[node]} receives {cut(shown, ', ')}")
        if any(step[2] != step[2] for step in found.steep):
            reasons.append("a local derivative is NaN")
        elif found.steep and not reasons:
            reasons.append("a local derivative is infinite")
        if found.overflows:
            reasons.append("a product of local derivatives goes beyond 1.8e308")
            first = found.overflows[0]
            self._note(dominant([first, *self.flow.largest(first[0])[0]], small=False))
        if found.sums:
            reasons.append(f"the sum at {self._called(found.sums)} goes beyond 1.8e308")
        for node in found.sums:
            self._note_contributions(node)
        return "; ".join(reasons)

    def _finite(self, derivative: float) -> str:
        adjoint, size = self.flow.adjoint, abs(derivative)
        top = max(adjoint, key=lambda node: abs(adjoint[node]))
        small = size < _TINY * abs(adjoint[top])
        if not small and size <= _HUGE:
            return f"finite; {self._paths()}, nothing is wrong on the way"
        path = self.flow.largest(self.flow.x)[0]
        if small and math.log(size) < math.log(_TINY) + sum(math.log(abs(step[2])) for step in path):
            self._show_largest(self.flow.x)
            return f"tiny, since the contributions of {self._paths()} all but cancel"
        self._note(dominant(path, small))
        causes = cut(list(dict.fromkeys([edge.cause for edge in self.edges])), ", ")
        if small:
            beside = f"∂{self.names[self.flow.f]}/∂{self.names[top]} = {figures(adjoint[top])}"
            return f"vanishing, beside {beside}, by small local derivatives ({causes})"
        return f"exploding by large local derivatives ({causes})" if causes else f"large, as a sum over {self._paths()}"

    def _note(self, steps: Iterable[Step]) -> None:
        for node, x, local, index in steps:
            self._noted.add((node, index))
            self.edges.append(self.reasons.edge(node, x, local, index))
            if not (math.isfinite(local) and math.isfinite(x.data) and math.isfinite(node.data)):
                self.suspects.append(node)

    def _note_contributions(self, of: Value) -> None:
        for (node, x, local, index), term in sorted(self.flow.terms(of), key=lambda found: -abs(found[1])):
            if term != 0.0 and (node, index) not in self._noted:
                reason = f"contributes {figures(term)} to the adjoint of {self.names[of]}"
                self.edges.append(Edge(node, x, index, local, "a contribution", reason))

    def _show_largest(self, start: Value) -> None:
        for path in self.flow.largest(start):
            product = math.prod(step[2] for step in path)
            nodes = [start, *[step[0] for step in path if step[0] not in self.flow.linear.doubles]]
            sign = "−" if sum(step[2] < 0 for step in path) % 2 else "+"
            self.lines.append(f"the largest {sign}: {arrows(nodes, self.names)}: {figures(product)}")

    def _paths(self, many: str = "") -> str:
        count, ends = self.flow.count(), f"from {self.names[self.flow.x]} to {self.names[self.flow.f]}"
        return f"{many}{whole(count)} paths {ends}" if count > 1 else f"{'the only' if many else '1'} path {ends}"

    def _called(self, nodes: list[Value]) -> str:
        return cut([self.names[node] for node in nodes], ", ")

    def _listed(self) -> list[str]:
        """The edges, by cause; of many the first few."""
        causes: dict[str, list[Edge]] = {}
        for edge in self.edges:
            causes.setdefault(edge.cause, []).append(edge)
        lines = []
        for cause, edges in causes.items():
            lines += [f"{self.names[e.input]} → {self._computed(e.node)}: {e.reason}" for e in edges[:_SHOWN]]
            if len(edges) > _SHOWN:
                lines.append(f"… and {whole(len(edges) - _SHOWN)} more ({cause})")
        return lines

    def _computed(self, node: Value) -> str:
        text = f"{self.names[node]} = {formula(node, self.names)}"
        return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"

    def _from_data(self) -> list[str]:
        """Where the NaN and ∞ of the suspects' numbers come from: leaves and constants, or ops on finite numbers."""
        place = {node: i for i, node in enumerate(self.names)} if self.suspects else {}
        met: dict[Value | float, Value] = {}
        lines = []
        for node, push in walk(self.suspects):
            wrong = [x for x in node.inputs if not math.isfinite(float(x))]
            for x in wrong:
                if isinstance(x, Value) and x.op is not None:
                    push(x)
                elif x not in met or place[node] < place[met[x]]:
                    met[x] = node
            if not wrong and node.op is not None and not math.isfinite(node.data):
                lines.append(f"{self._computed(node)} is {node.data}, computed from finite numbers")
        for x, node in met.items():
            name = f"{self.names[x]} = {x.data}" if isinstance(x, Value) else f"the constant {x}"
            lines.append(f"{name} came in with the data, first met in {self._computed(node)}")
        return lines[:_SHOWN] + ([f"… and {whole(len(lines) - _SHOWN)} more like these"] if len(lines) > _SHOWN else [])
