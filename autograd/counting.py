"""The steps of a recorded graph: every cost is a column of the op's row, or found by running the row's partials."""

from __future__ import annotations

from .chain_rule import collected
from .costs import Costs
from .graph import topological_order
from .linearized import Linearized
from .network_steps import StepCount, Steps, layered
from .recognition import recognised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .value import Value


def count_steps(f: Any, parameters: Any = None) -> StepCount:
    """Multiplications, additions and evaluations of φ or φ' in forward pass, backward pass and update, one by one (G2).

    Forward: what the rows say. Backward, for each edge between a parameter and f: its local derivative (one φ' for a
    function, else the arithmetic in the row's partial), one multiplication by the adjoint unless it is ±1, and one
    addition for each further contribution to a node. Update: one multiplication by η and one addition a parameter.

    Args:
        f: a loss, or the output of a network or (nested) sequences of outputs, each with an adjoint to start from.
        parameters: what to differentiate by; unless told nn's parameters or, where there are none, all leaves.

    Where the graph is G2's network (layers of `dot` without biases, each unit followed by one φ or, in a linear layer,
    none, and one pattern), alone or under a loss, both are told apart, and G2's formula stands beside the network's
    count. A loss is all that a single f has above the last layer and its φ, a softmax included.

    The ratio (forward + backward) / forward is printed beside the bound of Baur & Strassen, "The complexity of partial
    derivatives" (1983): L(f, ∂f/∂x₁, …, ∂f/∂x_n) ≤ 3 L(f), where L is the least number of multiplications and divisions
    for a rational f, additions and multiplications by constants being free. Here every multiplication counts, and φ and
    φ' too; still a product (1 forward, 2 backward) comes to 3, and so does a φ (φ itself, then φ' and a product). But
    a / b, where both are unknown, comes to 5: its row divides for each local derivative, 1/b and −out/b, where one
    division for both would do. So does a function of two unknowns, such as maximum. A graph full of these exceeds 3.

    TypeError: something else than Values. ValueError: no output; a checkpoint, whose steps are not recorded.

    >>> from autograd import Value, dot
    >>> w, v = [Value(0.5), Value(-1.0)], [Value(2.0)]
    >>> y = dot(v, [dot(w, [1.0, 2.0]).tanh()]).tanh()
    >>> count_steps(y)
              multiplications  additions  evaluations  steps
    forward                 3          1            2      6
    backward                6          0            2      8
    update                  3          3            0      6
    total                  12          4            4     20
    G2's formula for 2 → 1 tanh → 1 tanh:
      forward, backward, update: 6, 8, 6, equal to the network's count
    (forward + backward) / forward = 2.33 in steps, 2.6 without additions
      (Baur & Strassen 1983: 3 suffice in multiplications and divisions, for rational f)
    """
    _, outputs = collected(f, "to count the steps of")
    if not outputs:
        raise ValueError("expected a loss or the outputs of a network, got an empty sequence")
    order = topological_order(*outputs)
    leaves = [node for node in order if node.op is None]
    known = [leaf for leaf in leaves if leaf.role == "parameter"]
    wanted = dict.fromkeys((known or leaves) if parameters is None else collected(parameters, "as parameters")[1])
    costs, graph = Costs(), Linearized(outputs, wanted)
    seen = recognised(graph, outputs, wanted, known, costs)
    inside = set() if isinstance(seen, str) else seen.nodes
    forward, forward_rest = _forward(order, inside, costs)
    backward, backward_rest = _backward(graph, outputs, inside, costs)
    update = Steps(len(wanted), len(wanted))
    everything = forward + forward_rest, backward + backward_rest, update
    if isinstance(seen, str):
        return StepCount(*everything, f"not G2's network: {seen}", costly=costs.high)
    network, loss = StepCount(forward, backward, update), StepCount(forward_rest, backward_rest, Steps())
    formula = layered(seen.widths, seen.functions)
    return StepCount(*everything, f"G2's formula for {seen.shape}:", (network, loss, formula), costs.high)


def _forward(order: Sequence[Value], inside: set[Value], costs: Costs) -> tuple[Steps, Steps]:
    """The steps of the ops of nodes inside the network, and of the rest."""
    sums = [0, 0, 0], [0, 0, 0]
    for node in order:
        if node.op is not None:
            _add(sums[node not in inside], costs.forward(node.op, len(node.inputs)))
    return Steps(*sums[0]), Steps(*sums[1])


def _backward(graph: Linearized, outputs: Sequence[Value], inside: set[Value], costs: Costs) -> tuple[Steps, Steps]:
    """The steps along the edges down from nodes inside the network, and along the rest. A node that gets m
    contributions takes m − 1 additions; an output's own adjoint is one, and no node gets some from both sides."""
    sums = [0, 0, 0], [0, 0, 0]
    contributions: tuple[dict[Value, int], dict[Value, int]] = ({}, dict.fromkeys(outputs, 1))
    for node in graph.nodes:
        assert node.op is not None  # they have inputs
        inputs = node.inputs
        edges = tuple([i for i, x in enumerate(inputs) if x in graph.needed])
        cost, flows = costs.backward(node.op, len(inputs), edges)
        _add(sums[node not in inside], cost)
        counts = contributions[node not in inside]
        for i, flows_on in zip(edges, flows, strict=True):
            if flows_on:
                x = inputs[i]
                counts[x] = counts.get(x, 0) + 1  # type: ignore[index, arg-type]  # edges lead to Values
    for side, counts in zip(sums, contributions, strict=True):
        side[1] += sum(counts.values()) - len(counts)
    return Steps(*sums[0]), Steps(*sums[1])


def _add(sums: list[int], steps: Steps) -> None:
    sums[0] += steps.multiplications
    sums[1] += steps.additions
    sums[2] += steps.evaluations
