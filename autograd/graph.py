"""The order of the graph: every node after all of its inputs, so that its adjoint is complete when it is met."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .segment import Segment
    from .value import Value


def topological_order(*outputs: Value, seen: set[Value] | None = None) -> list[Value]:
    """All nodes that `outputs` depend on, themselves included: inputs first, in a fixed order, without recursion.
    Nodes in `seen` are left out, with all that only they depend on, and those found are added to it.

    Depth-first search (Tarjan 1976) with an explicit stack: None on the stack says that the inputs of the
    node below it are done.

    >>> from autograd import Value
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> [node.name or node.op.name for node in topological_order(x * y + x)]
    ['x', 'y', 'mul', 'add']
    """
    order: list[Value] = []
    seen = set() if seen is None else seen
    stack: list[Value | None] = [*reversed(outputs)]
    walked: set[Segment] = set()
    push, pop, mark, done = stack.append, stack.pop, seen.add, order.append
    while stack:
        node = pop()
        if node is None:
            done(pop())  # type: ignore[arg-type]  # below a None there is always a node
        elif node not in seen:
            mark(node)
            if node.op is None:
                done(node)
                continue
            push(node)
            push(None)
            x, y = node._x, node._y
            # a number is a float, a variadic op's inputs are a tuple, anything else is a Value
            if y is not None and y.__class__ is not float and y not in seen:
                push(y)
            if x.__class__ is tuple:
                if node._dx.__class__ is not tuple:  # the output of a checkpoint: all of these have the same inputs
                    if node._dx.segment in walked:
                        continue
                    walked.add(node._dx.segment)
                stack.extend([i for i in reversed(x) if i not in seen and i.__class__ is not float])
            elif x.__class__ is not float and x not in seen:
                push(x)
    return order
