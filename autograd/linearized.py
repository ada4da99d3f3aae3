"""The graph between some nodes and what was computed from them, as the linear map that the chain rule makes of it.

Swept backward it gives adjoints, x̄ = Σ c̄ · ∂c/∂x over the consumers c of x; swept forward it gives tangents,
ẏ = Σ ∂y/∂x · ẋ over the inputs x of y. Same edges, same numbers, two directions.
"""

from __future__ import annotations

from operator import mul

from .extended import local_derivatives, same
from .graph import topological_order
from .op import ARITHMETIC_ERRORS
from .recording import IN_CHECKPOINT, no_grad
from .segment import CHECKPOINT, Awaited, unfolded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from .op import Op
    from .segment import Segment
    from .value import Value


class Linearized:
    """Every node on a path from one of `wanted` to one of `outputs`, in topological order, with its edges.

    Args:
        outputs: what was computed.
        wanted: what to differentiate by; all nodes, unless told. Edges to others need not even be differentiable.
        create_graph: local derivatives are Values that can be differentiated again, instead of floats.
        keep: there will be several sweeps, or one forward: keep the edges, and build what lies under checkpoints
            once. Otherwise a sweep backward builds and drops one checkpoint after the other.
        ends: nodes that are taken for leaves.

    >>> from autograd import Value
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> f = x * y
    >>> linear = Linearized([f], [x, y])
    >>> linear.backward({f: 1.0})[y], linear.forward({x: 1.0, y: 10.0})[f]
    (2.0, 23.0)
    """

    def __init__(
        self,
        outputs: Sequence[Value],
        wanted: Iterable[Value] | None = None,
        create_graph: bool = False,
        keep: bool = False,
        ends: Iterable[Value] = (),
    ) -> None:
        if no_grad.watch is not None:
            raise RuntimeError(IN_CHECKPOINT)
        self.create_graph, self.keep = create_graph, keep or create_graph  # Values are to be recorded once
        self.times = product if create_graph else mul
        self.doubles: dict[Value, Value] = {}  # of the outputs of checkpoints, where these are unfolded
        order = topological_order(*outputs, seen=set(ends))
        if self.keep:
            order = unfolded(order, self.doubles)
        self.needed = needed = set(order if wanted is None else wanted)
        self.nodes: list[Value] = []  # those with inputs
        for node in order:
            inputs = (self.doubles[node],) if node in self.doubles else node.inputs
            if node.op is not None and not needed.isdisjoint(inputs):
                needed.add(node)
                self.nodes.append(node)
        self._kept: dict[Value, list[tuple[Value, Any, int]]] = {}

    def edges(self, node: Value) -> list[tuple[Value, Any, int]]:
        """Each wanted input of the node, ∂node/∂input, and which input it is. The local derivative is the float kept
        since the node was made or, with create_graph, a Value."""
        found = self._kept.get(node)
        if found is None:
            needed, inputs = self.needed, node.inputs
            locals_: Sequence[Any]
            if node in self.doubles:
                inputs, locals_ = (self.doubles[node],), (1.0,)
            elif self.create_graph:
                locals_ = recorded(node, [x if x in needed else 0.0 for x in inputs])
            else:
                locals_ = node.local_derivatives
            found = [(x, locals_[i], i) for i, x in enumerate(inputs) if x in needed]
            if self.keep:
                self._kept[node] = found
        return found

    def backward(self, seeds: dict[Value, Any]) -> dict[Value, Any]:
        """Adjoints: those given, and from them the adjoint of every node below."""
        adjoint = dict(seeds)
        self._sweep(adjoint)
        return adjoint

    def _sweep(self, adjoint: dict[Value, Any]) -> None:
        times = self.times
        awaited = None if self.keep else Awaited(self.nodes)
        for node in reversed(self.nodes):
            if node not in adjoint:
                continue
            above = adjoint[node]
            if awaited and node.op is CHECKPOINT:
                found = awaited.complete(node, above)
                if found is not None:
                    self._sweep_segment(node._dx.segment, found, adjoint)
                continue
            for x, local, _ in self.edges(node):
                term = times(above, local)
                adjoint[x] = adjoint[x] + term if x in adjoint else term

    def _sweep_segment(self, segment: Segment, found: dict[int, Any], adjoint: dict[Value, Any]) -> None:
        """Build the segment's inner graph, go backward through it, and drop it."""
        outputs = segment.rebuilt()
        wanted = [x for x in segment.boundary if x in self.needed]
        inner = Linearized([outputs[i] for i in reversed(found)], wanted, ends=segment.boundary)
        adjoint.update({outputs[i]: above for i, above in found.items()})
        inner._sweep(adjoint)
        for node in inner.nodes:
            adjoint.pop(node, None)

    def forward(self, seeds: dict[Value, Any]) -> dict[Value, Any]:
        """Tangents: those given, and from them the tangent of every node above."""
        tangent, times = dict(seeds), self.times
        for node in self.nodes:
            for x, local, _ in self.edges(node):
                if x in tangent:
                    term = times(local, tangent[x])
                    tangent[node] = tangent[node] + term if node in tangent else term
        return tangent


def product(a: Any, b: Any) -> Any:
    """a · b; a plain 1 leaves the other as it is, so that graphs of derivatives stay small."""
    if a.__class__ is float and a == 1.0:
        return b
    return a if b.__class__ is float and b == 1.0 else a * b


def recorded(node: Value, edges: Sequence[Value | float]) -> Sequence[Any]:
    """The node's local derivatives as graphs: its op's partials, run on the very Values it was computed from."""
    op = node.op
    assert op is not None  # leaves have no edges
    require_result(node)
    try:
        found = op.local_derivatives(node.inputs, node, edges)
    except ARITHMETIC_ERRORS as error:
        raise no_second_derivative(op, error) from None
    for x, then, now in zip(edges, node.local_derivatives, found, strict=True):
        if x.__class__ is not float:
            require_unchanged(node, "local derivative", then, float(now))
    return found


def no_second_derivative(op: Op, error: Exception) -> Exception:
    """The ArithmeticError of an op that has a derivative at this point, but no second one."""
    kind = type(error) if isinstance(error, ArithmeticError) else ArithmeticError  # log at 0 raises a ValueError
    return kind(f"the derivative of this {op.name} has no derivative of its own here: {error}")


def require_result(node: Value) -> None:
    """A ValueError unless the node's op still gives its number."""
    op = node.op
    assert op is not None
    try:
        now: float | None = op.compute(*[float(x) for x in node.inputs])
    except ARITHMETIC_ERRORS:
        now = None
    require_unchanged(node, "result", node.data, now)


def require_same(node: Value) -> None:
    """A ValueError unless the node's op still gives its number and its local derivatives."""
    require_result(node)
    op = node.op
    assert op is not None
    found = local_derivatives(op, [float(x) for x in node.inputs], node.data, node.inputs)
    for then, now in zip(node.local_derivatives, found, strict=True):
        if then is not None:
            require_unchanged(node, "local derivative", then, now)


def require_unchanged(node: Value, what: str, then: float | None, now: float | None) -> None:
    """A ValueError if a number of the forward pass would be another one now, or (None) cannot be computed now."""
    if not same(then, now):
        would = "could not be computed now" if now is None else f"would be {now!r} now"
        op = node.op.name if node.op else "it"
        raise ValueError(
            f"data changed after {op} was computed: its {what} was {then!r} and {would}; "
            "compute f again before differentiating it"
        )
