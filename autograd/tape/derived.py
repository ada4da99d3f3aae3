"""Programs made from programs: the gradient, and the Hessian times a direction."""

from __future__ import annotations

from ..op import TABLE
from .adjoint import with_adjoints
from .program import Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def only_output(program: Program) -> int:
    """The slot of the output. ValueError: there are several."""
    if len(program.outputs) != 1:
        raise ValueError(
            f"a gradient is that of one output, and this tape has {len(program.outputs)}; record one alone"
        )
    return program.outputs[0]


def leaves(program: Program, by: str) -> Sequence[int]:
    """The slots to differentiate by."""
    if by not in ("parameters", "inputs"):
        raise ValueError(f"by is 'parameters' or 'inputs', got {by!r}")
    return program.parameters if by == "parameters" else program.inputs


def gradient_program(program: Program, by: str) -> Program:
    """The program whose outputs are the derivatives of this one's."""
    new = program.copy()
    new.outputs = with_adjoints(new, only_output(program), leaves(program, by))
    return new


def hvp_program(program: Program, by: str, direction: str = "inputs") -> Program:
    """H d = ∂(g · d)/∂x, where g = ∂f/∂x: reverse over reverse, with d in further inputs (or parameters)."""
    new = gradient_program(program, by)
    gradient, wanted = new.outputs, leaves(program, by)
    moves = [new.leaf(f"d{k}") for k in range(1, len(wanted) + 1)]
    (new.inputs if direction == "inputs" else new.parameters).extend(moves)
    slope = new.append(TABLE["dot"], [*gradient, *moves]) if wanted else new.constant(0.0)
    new.outputs = with_adjoints(new, slope, wanted)
    return new
