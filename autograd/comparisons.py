"""Values that were compared remember where, since a tape cannot see the `if` that was decided there.

`if 2 * x > 3` decides about what is computed from x as well, so the nodes that a compared one was computed from are
marked too: the nearest, because a comparison must stay cheap. What asks `float(x)` or `x.data` leaves no mark.
"""

from __future__ import annotations

import os
import sys

from .op import Operand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .value import Value

NEAREST = 64  # how many of the nodes behind a comparison are marked
LOOKED_AT = 256  # among how many; in a layer most are parameters
_PACKAGE = os.path.dirname(__file__) + os.sep


def remember(node: Value, other: Any = None) -> None:
    """Mark the Values compared and the nodes nearest behind them with the file and line that compared them.

    Parameters are marked when compared themselves: a network is trained whatever is decided about its outputs.
    """
    fresh: list[Any] = [x for x in (node, other) if isinstance(x, Operand) and not hasattr(x, "_compared_at")]
    if not fresh:  # marked already, and what lies behind with it
        return
    where = _caller()
    for x in fresh:
        x._compared_at = where
    full, left = len(fresh) + NEAREST, LOOKED_AT
    for behind in fresh:  # which grows: nearest first
        inputs = behind._x if behind._x.__class__ is tuple else (behind._x, behind._y)
        if len(inputs) > NEAREST:  # some, from its beginning to its end, as a dot has its weights on one side
            inputs = inputs[:: len(inputs) // NEAREST + 1]
        for x in inputs:
            if x is None or x.__class__ is float or x.role == "parameter" or hasattr(x, "_compared_at"):
                continue
            x._compared_at = where
            fresh.append(x)
            if len(fresh) == full:
                return
        left -= len(inputs)
        if left <= 0:
            return


def compared(nodes: Iterable[Value]) -> list[tuple[Value, str]]:
    """Those of the nodes that carry a mark, each with "file:line" of the code that compared it.

    >>> from autograd import Value
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> 2 * x > 3
    True
    >>> [node.name for node, where in compared([x, y])]
    ['x']
    """
    return [(node, _place(*node._compared_at)) for node in nodes if hasattr(node, "_compared_at")]


def _place(file: str, line: int) -> str:
    if os.path.basename(os.path.dirname(file)).startswith("ipykernel_"):  # another name in every session
        return f"line {line} of a notebook's cell"
    return f"{file}:{line}"


def _caller() -> tuple[str, int]:
    """The file and line nearest on the stack that is no part of this package."""
    frame = sys._getframe(2)
    while frame.f_code.co_filename.startswith(_PACKAGE) and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno
