"""Whether ops record the graph: they do, but within `no_grad()`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

IN_CHECKPOINT = (
    "a function under checkpoint() cannot ask for gradients, because the graph of its first run is not kept; "
    "take them outside of it"
)


class no_grad:  # noqa: N801  # a function to its users, as in other libraries
    """Within `with no_grad():` results are leaves: the numbers are computed and no graph is kept.

    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.inputs
    (9.0, ())
    """

    active = 0  # how many such blocks are open
    # where a function runs under `checkpoint`: told the inputs and the result of every op
    watch: Callable[[tuple[tuple[Any, ...], Any]], None] | None = None

    def __enter__(self) -> None:
        no_grad.active += 1

    def __exit__(self, *error: object) -> None:
        no_grad.active -= 1
