"""Second derivatives, forward over reverse: how fast the adjoints change while the inputs move along a direction.

With x̄ = Σ c̄ · ∂c/∂x, the rate of x̄ is Σ (rate of c̄) · ∂c/∂x + c̄ · (rate of ∂c/∂x), and the last factor is what an
op's partials give on dual numbers.
"""

from __future__ import annotations

from .chain_rule import answer, collected, mapped, require_value
from .dual import Dual
from .jacobian import seeded
from .linearized import Linearized, no_second_derivative, require_result, require_unchanged
from .op import ARITHMETIC_ERRORS
from .segment import CHECKPOINT
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def hvp(f: Value, xs: Any, direction: Any, create_graph: bool = False) -> Any:
    """The Hessian of f times a direction, Σ ∂²f/∂xᵢ∂xⱼ · directionⱼ for each i, in the shape of `xs`.

    Costs a few gradients, however many xs there are: the Hessian itself is never formed. Source: Pearlmutter 1994.

    Args: as for `jvp`. ValueError: the direction has another length; an x is computed from another; data changed.
    ArithmeticError: an op on the way has no second derivative at this point (sqrt at 0), with its name.

    >>> x, y = Value(2.0), Value(3.0)
    >>> hvp(x * x * y, [x, y], [1.0, 0.0])
    [6.0, 4.0]
    """
    xs, wanted = collected(xs)
    curvature = _Curvature(f, wanted, create_graph)
    rates = curvature.along(seeded(wanted, direction, create_graph))
    return mapped(lambda x: answer(rates.get(x, 0.0), create_graph), xs)


def hessian(f: Value, xs: Any, create_graph: bool = False) -> Any:
    """∂²f/∂xᵢ∂xⱼ for each pair of `xs`: nested lists, the shape of `xs` twice. Exact, and exactly symmetric.

    One forward-over-reverse sweep for each x (exercise J9). Args and errors: as for `hvp`.

    >>> x, y = Value(2.0), Value(3.0)
    >>> hessian(x * x * y, [x, y])
    [[6.0, 4.0], [4.0, 0.0]]
    """
    xs, wanted = collected(xs)
    curvature = _Curvature(f, wanted, create_graph)
    entries: dict[tuple[Value, Value], Any] = {}
    for x in dict.fromkeys(wanted):
        rates = curvature.along({x: 1.0})
        for y in wanted:  # those met before keep their number, so that both halves are one
            if (x, y) not in entries:
                entries[x, y] = entries[y, x] = answer(rates.get(y, 0.0), create_graph)
    return mapped(lambda x: mapped(lambda y: entries[x, y], xs), xs)


class _Curvature:
    """f between `wanted` and itself, with its adjoints: what is the same for every direction."""

    def __init__(self, f: Value, wanted: Sequence[Value], create_graph: bool) -> None:
        require_value(f, "f")
        self.linear = linear = Linearized([f], wanted, create_graph, keep=True)
        self.create_graph = create_graph
        given = set(wanted)
        for node in linear.nodes:
            if node in given:
                raise ValueError(
                    f"{node.name or f'the {node.op.name} node'} is computed from another of xs, so that its second "  # type: ignore[union-attr]
                    "derivatives depend on what is held fixed; ask for the two apart"
                )
            if not create_graph and node.op is not CHECKPOINT:
                require_result(node)
        self.adjoint = linear.backward({f: 1.0})

    def along(self, seeds: dict[Value, Any]) -> dict[Value, Any]:
        """The rate of every adjoint while the seeds' Values move as fast as they say."""
        linear, adjoint, times = self.linear, self.adjoint, self.linear.times
        tangent = linear.forward(seeds)
        moving = {x: Dual(x if self.create_graph else x.data, rate) for x, rate in tangent.items()}
        rates: dict[Value, Any] = {}
        for node in reversed(linear.nodes):
            edges = linear.edges(node)
            if node in rates:
                above = rates[node]
                for x, local, _ in edges:
                    term = times(above, local)
                    rates[x] = rates[x] + term if x in rates else term
            if node in moving and node.op is not CHECKPOINT:  # that has but one edge, to its double, which is 1
                above, local_rates = adjoint[node], self._dual_derivatives(node, moving)
                for x, then, i in edges:
                    now = local_rates[i]
                    if now.__class__ is Dual and now.tangent is not None:
                        if then != now.primal and not self.create_graph:
                            require_unchanged(node, "local derivative", then, now.primal)
                        term = times(above, now.tangent)
                        rates[x] = rates[x] + term if x in rates else term
        return rates

    def _dual_derivatives(self, node: Value, moving: dict[Value, Dual]) -> Sequence[Any]:
        """The node's local derivatives, as dual numbers where they move."""
        op = node.op
        assert op is not None
        inputs: list[Any] = [moving.get(x, x) for x in node.inputs]  # type: ignore[arg-type]
        if self.create_graph:  # Values that stand still become dual numbers too, so that an op never meets both
            inputs = [Dual(x) if isinstance(x, Value) else x for x in inputs]
        else:
            inputs = [x if x.__class__ is Dual else float(x) for x in inputs]
        # an op of any number of inputs gives all its local derivatives at once
        edges = [x if x in self.linear.needed else 0.0 for x in node.inputs] if op.arity else ()
        try:
            return op.local_derivatives(inputs, moving[node], edges)
        except ARITHMETIC_ERRORS as error:
            raise no_second_derivative(op, error) from None
