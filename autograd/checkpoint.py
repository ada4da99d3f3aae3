"""Checkpointing: keep what goes into a part of the graph and rebuild the rest when the gradient needs it (block P4).

Memory for time: with √n of n layers kept, about 2√n of them are alive at a time, for one more forward pass.
"""

from __future__ import annotations

from itertools import chain, filterfalse

from .op import described
from .recording import no_grad
from .segment import CHECKPOINT, Output, Segment, values_in
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def checkpoint(function: Callable[..., Any], *inputs: Any) -> Any:
    """`function(*inputs)`, with the same numbers and the same gradients, but without keeping the graph in between.

    The function runs once now, without recording, and once more in each pass that needs its inner graph. Values that
    it uses without being given them (weights) count as inputs too. It may call `checkpoint` itself; but with each
    layer inside the checkpoint of the one before, all levels are alive at once, so cut a chain into segments side by
    side instead.

    Args:
        function: gives a Value, or lists and tuples of them. It must compute the same each time it is called.
        inputs: what it is called with: Values, lists of them, anything.

    `backward` and `gradient` keep one inner graph at a time; `create_graph`, `jvp`, `jacobian`, `hvp` and `hessian`
    build all of them again. Sums of more than two terms that mix what lies inside and outside may differ in the last
    bit from those of the kept graph. TypeError: not a function, or the graph is copied. ValueError, in the later
    pass: the function gave something else than before. Source: Chen et al. 2016, "Training deep nets with sublinear
    memory cost"; Griewank 1992.

    >>> x, w = Value(2.0, "x"), Value(3.0, "w")
    >>> y = checkpoint(lambda x: (w * x + 1) ** 2, x)
    >>> y.backward()
    >>> y, x.grad, w.grad
    (Value(data=49.0, grad=1.0), 42.0, 28.0)
    """
    if not callable(function):
        raise TypeError(f"expected a function to checkpoint, got {described(function)}")
    if no_grad.active:  # nothing is recorded anyway, or an outer checkpoint watches
        return function(*inputs)
    seen: list[tuple[tuple[Any, ...], Value]] = []  # the inputs and the result of every op
    no_grad.watch = seen.append
    try:
        with no_grad():
            result = function(*inputs)
    finally:
        no_grad.watch = None
    inside = {node for _, node in seen}
    used = dict.fromkeys(filterfalse(inside.__contains__, chain.from_iterable([inputs for inputs, _ in seen])))
    boundary = tuple([x for x in used if x.__class__ is not float])
    segment = Segment(function, inputs, boundary)
    outputs: dict[Value, Value] = {}
    for place, value in enumerate(values_in(result)):
        if value in inside and value not in outputs:
            outputs[value] = _output(segment, place, value)
    return _replaced(result, outputs)


def _output(segment: Segment, place: int, value: Value) -> Value:
    """The node that stands for an output: of its graph it has the ends, and of the rest the way to rebuild it."""
    node = Value(value.data, value.name)
    node.op, node._x, node._dx = CHECKPOINT, segment.boundary, Output(segment, len(segment.places))
    segment.places.append(place)
    segment.results.append(value.data)
    return node


def _replaced(result: Any, outputs: dict[Value, Value]) -> Any:
    if isinstance(result, Value):
        return outputs.get(result, result)
    if isinstance(result, list | tuple):
        parts = [_replaced(part, outputs) for part in result]
        return parts if isinstance(result, list) else tuple(parts)
    return result
