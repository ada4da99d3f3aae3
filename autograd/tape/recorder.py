"""From a graph of Values to a program: one instruction for each node, in topological order."""

from __future__ import annotations

from ..graph import topological_order
from ..segment import unfolded
from .program import Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..value import Value


def recorded(
    outputs: Sequence[Value], inputs: Sequence[Value], parameters: Sequence[Value]
) -> tuple[Program, list[Value]]:
    """The program of the graph between them, and its nodes. Other leaves are constants; what lies under
    checkpoints is put in.

    >>> from autograd import Value
    >>> x, w = Value(2.0, "x"), Value(3.0, "w")
    >>> program, nodes = recorded([x * w + 1.0], [x], [w])
    >>> [(op.name, program.arguments(i)) for i, op in enumerate(program.ops) if op]
    [('mul', (0, 1)), ('add', (2, 3))]
    """
    program = Program()
    place: dict[Value, int] = {}
    for leaves, slots in ((inputs, program.inputs), (parameters, program.parameters)):
        for x in leaves:
            place[x] = program.leaf(x.name)
            slots.append(place[x])
    doubles: dict[Value, Value] = {}
    order = unfolded(topological_order(*outputs, seen=set(place)), doubles)
    append, constant = program.append, program.constant
    for node in order:
        if node in doubles:  # the output of a checkpoint is what it was rebuilt as
            place[node] = place[doubles[node]]
        elif node.op is None:
            place[node] = constant(node.data)
        else:
            places = [constant(x) if x.__class__ is float else place[x] for x in node.inputs]  # type: ignore[index]
            place[node] = slot = append(node.op, places)
            if node.name is not None:
                program.names[slot] = node.name
    program.outputs = [place[x] for x in outputs]
    return program, order
