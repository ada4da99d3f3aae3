"""The chain rule as a function: ∂f/∂x = Σ over consumers c of x of ∂f/∂c · ∂c/∂x, on numbers or on graphs."""

from __future__ import annotations

from .graph import topological_order
from .op import ARITHMETIC_ERRORS, described
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


def gradient(f: Value, xs: Any, create_graph: bool = False) -> Any:
    """∂f/∂x for each x of `xs`, in the shape of `xs`: a Value, or lists (of lists) of Values. No `grad` is touched.

    Args:
        f: the Value to differentiate.
        xs: what to differentiate by: leaves or inner nodes; 0 where f does not depend on it.
        create_graph: give Values that can be differentiated again, instead of floats.

    TypeError: f or an entry of xs is not a Value. ValueError: with create_graph, `data` of a node was changed
    after it was used, so that the graph no longer says what was computed.

    >>> x, y = Value(2.0), Value(3.0)
    >>> gradient(x * y + x, [x, [y]])
    [4.0, [2.0]]
    >>> df = gradient(x**4, x, create_graph=True)
    >>> df.data, gradient(df, x)
    (32.0, 48.0)
    """
    adjoint = adjoints(f, create_graph)

    def derivative(x: Value) -> Value | float:
        found: Value | float = adjoint.get(x, 0.0)
        return Value(found) if create_graph and not isinstance(found, Value) else found

    return mapped(derivative, xs)


def adjoints(f: Value, create_graph: bool = False) -> dict[Value, Any]:
    """∂f/∂node of every node that f depends on, f included.

    >>> x = Value(3.0)
    >>> list(adjoints(x * x).values())
    [1.0, 6.0]
    """
    require_value(f, "f")
    adjoint: dict[Value, Any] = {f: 1.0}
    for node in reversed(topological_order(f)):
        local_derivatives = _recorded(node) if create_graph else node.local_derivatives
        for x, local in zip(node.inputs, local_derivatives, strict=True):
            if isinstance(x, Value):
                term = local if node is f else adjoint[node] * local
                adjoint[x] = adjoint[x] + term if x in adjoint else term
    return adjoint


def _recorded(node: Value) -> Sequence[Any]:
    """The node's local derivatives as graphs: its op's partials, run on the very Values it was computed from."""
    if node.op is None:
        return ()
    try:
        found = node.op.local_derivatives(node.inputs, node, node.inputs)
    except ARITHMETIC_ERRORS as error:
        raise type(error)(f"the derivative of this {node.op.name} has no derivative of its own here: {error}") from None
    for now, then in zip(found, node.local_derivatives, strict=True):
        if then is not None and float(now) != then and then == then:
            raise ValueError(
                f"data changed after {node.op.name} was computed: its local derivative was {then!r} and would be "
                f"{float(now)!r} now; compute f again before differentiating it"
            )
    return found


def mapped(function: Callable[[Value], Any], xs: Any) -> Any:
    """`function` of every Value in nested sequences, as nested lists."""
    if isinstance(xs, Value):
        return function(xs)
    if isinstance(xs, str) or not hasattr(xs, "__iter__"):
        raise TypeError(f"expected a Value or a sequence of Values to differentiate by, got {described(xs)}")
    return [mapped(function, x) for x in xs]


def require_value(f: object, role: str) -> None:
    """A TypeError unless `f` is a Value."""
    if not isinstance(f, Value):
        raise TypeError(f"expected a Value as {role}, got {described(f)}; build it from Values")
