"""Whether an exercise suits pen and paper: small whole numbers, halves and quarters, now and then a third or e."""

from __future__ import annotations

import math

from ..graph import topological_order
from ..paths import paths
from ..value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

VALUES, SLOPES = 8, 48  # the smallest parts that a number may have: eighths, and 48ths, which are thirds of 16ths
LARGEST = 40.0
PATHS = {1: 1, 2: 6, 3: 8, 4: 12, 5: 12}  # at most, all variables together
ZEROS = {5: 0.35}  # a ReLU that is off makes some derivatives 0: to see this is part of the exercise
UNDOES = {("exp", "log"), ("log", "exp"), ("sqrt", "pow"), ("div", "div"), ("neg", "neg")}


def simple(x: float, parts: int) -> bool:
    """Whether x is a/parts + b·e, where |a/parts| is at most 40 and b a whole number or a half, at most 12.

    >>> simple(2.5, 2), simple(1.0 + 2 * math.e, 2), simple(2.25, 2), simple(math.pi, 2)
    (True, True, False, False)
    """
    for halves in range(-24, 25):
        a = (x - halves / 2 * math.e) * parts
        if abs(a) <= LARGEST * parts and abs(a - round(a)) < 1e-9:
            return True
    return False


def friendly(f: Value, xs: Sequence[Value], level: int) -> bool:
    """Whether every number on the way to the derivatives is simple, and few of the derivatives and products are 0."""
    for node in topological_order(f):
        slopes = [d for d in node.local_derivatives if d is not None]
        if not simple(node.data, VALUES) or not all(simple(d, SLOPES) for d in slopes) or _blurred(node):
            return False
    products: list[float] = []
    nothing = 0
    for x in xs:
        found = []
        for path in paths(f, x):
            found.append(path.product)
            if len(products) + len(found) > PATHS[level]:
                return False
        total = math.fsum(found)
        if not found or not simple(total, SLOPES):
            return False
        nothing += total == 0.0
        products += found
    if nothing > ZEROS.get(level, 0.0) * len(xs) or products.count(0.0) > max(1, len(products) // 3):
        return False
    return all(simple(product, SLOPES) for product in products)


def _blurred(node: Value) -> bool:
    """Whether a mistake would go unseen here: factors that are alike, or a kink."""
    inputs = node.inputs
    if node.op is None:
        return False
    if node.op.kink is not None and node.op.kink(*map(float, inputs)) == 0.0:
        return True
    return node.op.name == "mul" and inputs[0] is not inputs[1] and abs(float(inputs[0])) == abs(float(inputs[1]))


def worthwhile(f: Value, xs: Sequence[Value], level: int) -> bool:
    """Whether it is an exercise of its level, and nobody would write it shorter: no u + u, x + 2 + 1 or exp(log(x))."""
    nodes = topological_order(f)
    uses: dict[Value, int] = {}
    for node in nodes:
        for x in node.inputs:
            if isinstance(x, Value):
                uses[x] = uses.get(x, 0) + 1
    inner = [node for node in nodes if node.op is not None]
    if any(_shorter(node) for node in inner):
        return False
    bends = [node.op.name for node in inner if node.op is not None and (node.op.arity == 1 or node.op.name == "pow")]
    products = [node.inputs for node in inner if node.op is not None and node.op.name == "mul"]
    if level == 1:  # not a line, and something is to be multiplied on the way
        curved = any(node.op is not None and node.op.name not in ("add", "sub", "mul") for node in inner)
        return 2 <= len(inner) <= 3 and curved and abs(math.prod([path.product for path in paths(f, xs[0])])) != 1.0
    if level == 2:
        times = sorted([uses.get(x, 0) for x in xs])
        return not bends and any(float not in map(type, factors) for factors in products) and times[-2:] == [1, 2]
    if level == 3:
        return len(bends) >= 2 and set(bends) != {"pow"} and max(uses.values()) > 1
    return bool(bends or products) and (level == 5 or any(uses.get(node, 0) > 1 for node in inner))


def _shorter(node: Value) -> bool:
    """Whether there is a shorter way to write it."""
    op, inputs = node.op, node.inputs
    assert op is not None
    if op.name in ("add", "sub"):
        summands = _summands(node)
        return len(set(summands)) < len(summands)
    below = inputs[-1]
    return isinstance(below, Value) and below.op is not None and (op.name, below.op.name) in UNDOES


def _summands(node: Value) -> list[Value | None]:
    """What is added up there, without its constant factors; None for a constant."""
    found: list[Value | None] = []
    todo: list[Value | float] = [node]
    while todo:
        x = todo.pop()
        name = x.op.name if isinstance(x, Value) and x.op is not None else ""
        if not isinstance(x, Value):
            found.append(None)
        elif name in ("add", "sub"):
            todo += x.inputs
        elif name == "mul" and float in map(type, x.inputs):
            todo += [factor for factor in x.inputs if isinstance(factor, Value)]
        else:
            found.append(x)
    return found
