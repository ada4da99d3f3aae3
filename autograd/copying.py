"""Copies and pickles of graphs of any depth: node by node in topological order, never by recursion."""

from __future__ import annotations

from weakref import WeakValueDictionary

from .graph import topological_order
from .segment import CHECKPOINT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .value import Value

_SLOTS = ("_float", "_grad", "name", "op", "_dx", "_dy")


def twin(node: Value, replaced: Callable[[Any], Any]) -> Value:
    """A new node like `node` whose inputs went through `replaced`."""
    copy = object.__new__(type(node))
    for slot in _SLOTS:
        setattr(copy, slot, getattr(node, slot))
    x = node._x
    copy._x = tuple(map(replaced, x)) if x.__class__ is tuple else replaced(x)
    copy._y = replaced(node._y)
    _set_rest(copy, *_rest(node))
    return copy


def _rest(node: Value) -> tuple[dict[str, Any] | None, tuple[str, int] | None]:
    """What not every node has: a dictionary, which instances of a subclass may have, and where it was compared."""
    return getattr(node, "__dict__", None), getattr(node, "_compared_at", None)


def _set_rest(node: Value, own: dict[str, Any] | None, mark: tuple[str, int] | None) -> None:
    if own:
        node.__dict__.update(own)
    if mark:
        node._compared_at = mark


def deep(node: Value, memo: dict[Any, Any]) -> Value:
    """`copy.deepcopy(node)`: a copy of the whole graph below it; what `memo` holds already is shared."""
    done: set[Value] = memo.setdefault(_SLOTS, set())  # the originals copied so far, a key no id() can equal
    for original in topological_order(node, seen=done):
        if original.op is CHECKPOINT:
            CHECKPOINT.__reduce__()  # says why not
        memo[id(original)] = twin(original, lambda x: memo.get(id(x), x))
    copy: Value = memo[id(node)]
    return copy


class _Record:
    """Stands for a node inside a pickle: the node's inputs are records too, and those came before it."""

    __slots__ = ("__weakref__", "node")

    def __init__(self, node: Value) -> None:
        self.node = node

    def __reduce__(self) -> tuple[Any, ...]:
        node = self.node
        x = node._x
        x = tuple(map(_record, x)) if x.__class__ is tuple else _record(x)
        return _restored, (type(node), x, _record(node._y), *_rest(node), *[getattr(node, s) for s in _SLOTS])


# One record a node for as long as a pickle is being written, so that a node met twice comes back as one node.
_records: WeakValueDictionary[int, _Record] = WeakValueDictionary()


def _record(x: Any) -> Any:
    if x is None or x.__class__ is float:
        return x
    record = _records.get(id(x))
    if record is None:
        record = _records[id(x)] = _Record(x)
    return record


def reduced(node: Value) -> tuple[Any, ...]:
    """What `pickle` stores for a node: records of its whole graph in topological order."""
    return _last, ([_record(n) for n in topological_order(node)],)


def _last(nodes: list[Value]) -> Value:
    return nodes[-1]


def _restored(
    kind: type[Value], x: Any, y: Any, own: dict[str, Any] | None, mark: tuple[str, int] | None, *slots: Any
) -> Value:
    node = object.__new__(kind)
    node._x, node._y = x, y
    for slot, content in zip(_SLOTS, slots, strict=True):
        setattr(node, slot, content)
    _set_rest(node, own, mark)
    return node
