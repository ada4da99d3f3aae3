"""The chain rule written out: ∂f/∂x in symbols, formulas and numbers, path by path or node by node."""

from __future__ import annotations

from .chain_rule import require_value
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .written_out import Derivation

LIMITS = {"paths": 8, "nodes": 30}


def derivation(f: Value, x: Value, style: str = "paths", limit: int | None = None) -> Derivation:
    """The chain rule for ∂f/∂x, written out from the recorded graph: symbols first, then formulas, then numbers.

    It prints as text; `.markdown()` and `.latex()` typeset it, as notebooks do; `.lines` has it in pieces.
    Nodes without a name are v1, v2, … as in diagrams and tables, but f is called f, unless another node is.

    Args:
        f, x: what to differentiate, and by what: leaves or inner nodes.
        style: "paths" is the sum over paths of products, the largest first; "nodes" the table of values, tangents
            v̇ = ∂v/∂x and adjoints v̄ = ∂f/∂v, then every adjoint as a sum over the node's consumers.
        limit: how many paths (8, unless told; and four times as many definitions and local derivatives) or how
            many nodes (30, unless told) are written out. What is left out is counted, and its sum given.

    TypeError: f or x is not a Value. ValueError: an unknown style, a limit below 1, or `data` was changed since f was
    computed. Source: exercises U1; the table: Griewank & Walther, "Evaluating Derivatives" (2008), chapter 3.

    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> derivation(x * y + y, x)
    ∂f/∂x for f = x · y + y
    at x = 2, y = 3
    <BLANKLINE>
    Nodes on the way
      (1)  v₁ = x · y = 2 · 3 = 6
      (2)  f  = v₁ + y = 6 + 3 = 9
    <BLANKLINE>
    Chain rule: one path
      (3)  ∂f/∂x = ∂f/∂v₁ · ∂v₁/∂x
    <BLANKLINE>
    Local derivatives
      (4)  ∂f/∂v₁ = 1
      (5)  ∂v₁/∂x = y = 3
    <BLANKLINE>
    Put in and multiplied out
      (6)  ∂f/∂x = 1 · y
      (7)        = 1 · 3
      (8)        = 3
    """
    require_value(f, "f")
    require_value(x, "x")
    if style not in LIMITS:
        raise ValueError(f"expected style 'paths' or 'nodes', got {style!r}")
    limit = LIMITS[style] if limit is None else limit
    if not isinstance(limit, int) or limit < 1:
        raise ValueError(f"limit is how many {style} to write out, a whole number from 1 up; got {limit!r}")
    from .written_out import Derivation  # the import takes as long as all of the engine's

    return Derivation(f, x, style, limit)
