"""The chain rule as a function: ∂f/∂x = Σ over consumers c of x of ∂f/∂c · ∂c/∂x, on numbers or on graphs."""

from __future__ import annotations

from .linearized import Linearized
from .op import described
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
    xs, wanted = collected(xs)
    adjoint = adjoints(f, wanted, create_graph)

    return mapped(lambda x: answer(adjoint.get(x, 0.0), create_graph), xs)


def adjoints(f: Value, wanted: Sequence[Value] | None = None, create_graph: bool = False) -> dict[Value, Any]:
    """∂f/∂node of f and of every node between it and those wanted (all, unless told).

    >>> x = Value(3.0)
    >>> list(adjoints(x * x).values())
    [1.0, 6.0]
    """
    require_value(f, "f")
    return Linearized([f], wanted, create_graph).backward({f: 1.0})


def answer(found: Value | float, create_graph: bool) -> Value | float:
    """A derivative as it was asked for: a float or, with create_graph, a Value."""
    return Value(found) if create_graph and not isinstance(found, Value) else found


def mapped(function: Callable[[Value], Any], xs: Any, role: str = "to differentiate by") -> Any:
    """`function` of every Value in nested sequences, as nested lists."""
    if isinstance(xs, Value):
        return function(xs)
    if isinstance(xs, str) or not hasattr(xs, "__iter__") or getattr(xs, "shape", None) == ():
        raise TypeError(f"expected a Value or a sequence of Values {role}, got {described(xs)}")
    return [mapped(function, x, role) for x in xs]


def collected(xs: Any, role: str = "to differentiate by") -> tuple[Any, list[Value]]:
    """Nested sequences of Values as nested lists, since iterators can be walked but once; and their Values in a row.

    >>> x = Value(1.0, "x")
    >>> collected(iter([x, [x]]))[1] == [x, x]
    True
    """
    found: list[Value] = []

    def noted(x: Value) -> Value:
        found.append(x)
        return x

    return mapped(noted, xs, role), found


def require_value(f: object, role: str) -> None:
    """A TypeError unless `f` is a Value."""
    if not isinstance(f, Value):
        raise TypeError(f"expected a Value as {role}, got {described(f)}; build it from Values")
