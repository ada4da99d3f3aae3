"""The cost of backpropagation as a formula (G2): forward, backward and update take steps linear in the weights."""

from __future__ import annotations

import math
from itertools import pairwise
from operator import index

from .labels import aligned, figures, whole
from .op import described, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any


class Steps:
    """How many multiplications (or divisions), additions (or subtractions) and evaluations of φ or φ'.

    >>> Steps(2, 1) + Steps(0, 0, 1), Steps(2, 1).total
    (Steps(multiplications=2, additions=1, evaluations=1), 3)
    """

    __slots__ = ("additions", "evaluations", "multiplications")

    def __init__(self, multiplications: int = 0, additions: int = 0, evaluations: int = 0) -> None:
        self.multiplications, self.additions, self.evaluations = multiplications, additions, evaluations

    @property
    def total(self) -> int:
        """All of them: each is one step."""
        return self.multiplications + self.additions + self.evaluations

    def __iter__(self) -> Iterator[int]:
        return iter((self.multiplications, self.additions, self.evaluations))

    def __add__(self, other: Steps) -> Steps:
        return Steps(*[a + b for a, b in zip(self, other, strict=True)])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Steps) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        m, a, e = self
        return f"Steps(multiplications={m}, additions={a}, evaluations={e})"


class StepCount:
    """The Steps of `forward`, `backward` and `update`; prints as a table. Made by `count_steps` and `network_steps`.

    Where the graph is G2's network, `network` and `loss` hold the count of each and `formula` what G2 gives for the
    network; elsewhere they are None, and `remark` says why. `costly` names the ops that exceed the bound.
    Two counts are equal if their three Steps are.
    """

    bound = 3  # Baur & Strassen 1983; on what, see count_steps

    def __init__(
        self,
        forward: Steps,
        backward: Steps,
        update: Steps,
        remark: str = "",
        parts: tuple[StepCount, StepCount, StepCount] | None = None,
        costly: Sequence[str] = (),
    ) -> None:
        self.forward, self.backward, self.update = forward, backward, update
        self.remark, self.costly = remark, tuple(costly)
        self.network: StepCount | None
        self.loss: StepCount | None
        self.formula: StepCount | None
        self.network, self.loss, self.formula = parts or (None, None, None)

    @property
    def total(self) -> int:
        """All steps of one training step."""
        return self.forward.total + self.backward.total + self.update.total

    @property
    def ratio(self) -> float:
        """The cheap-gradient ratio, (forward + backward) / forward in steps; NaN where forward takes none."""
        return _ratio(self.forward.total, self.backward.total)

    @property
    def multiplicative(self) -> float:
        """The same ratio without additions: in multiplications, divisions and evaluations."""
        return _ratio(self.forward.total - self.forward.additions, self.backward.total - self.backward.additions)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StepCount) and self._phases() == other._phases()

    def __hash__(self) -> int:
        return hash(self._phases())

    def _phases(self) -> tuple[Steps, Steps, Steps]:
        return self.forward, self.backward, self.update

    def __repr__(self) -> str:
        rows = [["", "multiplications", "additions", "evaluations", "steps"], *_rows(self)]
        if self.network is not None and self.loss is not None and self.loss.total:
            rows += _rows(self.network, "network: ")
            rows += [row for row in _rows(self.loss, "loss: ") if row[-1] != "0"]
        return "\n".join([*aligned([[*row, ""] for row in rows]), *self._remarks()])

    def _remarks(self) -> list[str]:
        lines = [self.remark] if self.remark else []
        if self.formula is not None:
            steps = ", ".join(whole(phase.total) for phase in self.formula._phases())
            same = "equal to" if self.formula == self.network else "not equal to"
            lines.append(f"  forward, backward, update: {steps}, {same} the network's count")
        if self.forward.total:
            lines.append(f"(forward + backward) / forward = {figures(self.ratio, 3)} in steps")
        if self.multiplicative == self.multiplicative:
            lines[-1] += f", {figures(self.multiplicative, 3)} without additions"
            lines.append(
                f"  (Baur & Strassen 1983: {self.bound} suffice in multiplications and divisions, for rational f)"
            )
        if self.multiplicative > self.bound:
            named = " and ".join(self.costly)
            lines.append(
                f"  more than {self.bound} here because of {named}, each of whose local derivatives takes steps"
            )
        return lines


def network_steps(widths: Iterable[int]) -> StepCount:
    """G2's formula: the steps of one pattern through a fully connected network of these widths, without biases.

    With n₀ … n_L the widths and W = Σ n_l n_{l−1} the weights: forward 2W; backward, W for the outer products,
    Σ_{l≥2} (2 n_l − 1) n_{l−1} for the δs and Σ 2 n_l for φ'; update 2W. The error function is not counted.

    ValueError: fewer than two widths, or one that is not a whole number from 1 up.

    >>> network_steps([100, 100, 5])
              multiplications  additions  evaluations   steps
    forward            10 500     10 395          105  21 000
    backward           11 105        400          105  11 610
    update             10 500     10 500            0  21 000
    total              32 105     21 295          210  53 610
    G2's formula for 100 → 100 → 5
    (forward + backward) / forward = 1.55 in steps, 2.06 without additions
      (Baur & Strassen 1983: 3 suffice in multiplications and divisions, for rational f)
    """
    widths = _checked(widths)
    count = layered(widths, [(n, n) for n in widths[1:]])
    count.remark = "G2's formula for " + " → ".join(map(str, widths))
    return count


def layered(widths: Sequence[int], functions: Sequence[tuple[int, int]]) -> StepCount:
    """The formula where layer l evaluates φ and φ' as often as `functions` says: n_l times each, or not at all.

    >>> layered([2, 3], [(0, 0)]).forward
    Steps(multiplications=6, additions=3, evaluations=0)
    """
    pairs = list(pairwise(widths))
    weights = sum([n * m for n, m in pairs])
    slopes = sum([slope for _, slope in functions])
    forward = Steps(weights, sum([(n - 1) * m for n, m in pairs]), sum([phi for phi, _ in functions]))
    products = Steps(sum([n * m for n, m in pairs[1:]]), sum([n * (m - 1) for n, m in pairs[1:]]))  # Σ δ w, for l ≥ 2
    return StepCount(forward, products + Steps(slopes, 0, slopes) + Steps(weights), Steps(weights, weights))


def training_time(
    widths: Iterable[int], patterns: int, epochs: int = 1, steps_per_second: float = 1e10, training: bool = True
) -> float:
    """The seconds that G2's steps take for all patterns in all epochs; of the forward passes alone if not `training`.

    Args: widths as for `network_steps`. ValueError: a count or a speed that is not positive; TypeError: no number.

    >>> round(training_time([256 * 256, 1000, 1000, 5], patterns=2000, epochs=1000) / 3600, 1)  # hours
    18.6
    >>> training_time([256 * 256, 1000, 1000, 5], patterns=2000, training=False)
    26.6164
    """
    count = network_steps(widths)
    speed = number(steps_per_second, "a number of steps per second")
    if not 0 < speed < math.inf:
        raise ValueError(f"expected a positive number of steps per second, got {speed:g}")
    passes = _positive(patterns, "patterns") * _positive(epochs, "epochs")
    return (count.total if training else count.forward.total) * passes / speed


def _checked(widths: Any) -> list[int]:
    if isinstance(widths, str) or not hasattr(widths, "__iter__"):
        raise ValueError(f"expected the widths of the layers, such as [100, 100, 5], got {described(widths)}")
    found = [_positive(n, "units in each layer") for n in widths]
    if len(found) < 2:
        raise ValueError(f"expected the widths of two or more layers, inputs first, got {found}")
    return found


def _positive(n: Any, what: str) -> int:
    try:
        found = index(n)
    except TypeError:
        found = 0
    if found < 1:
        raise ValueError(f"expected a whole number of {what}, from 1 up, got {described(n)}")
    return found


def _ratio(forward: int, backward: int) -> float:
    return (forward + backward) / forward if forward else math.nan


def _rows(count: StepCount, prefix: str = "") -> list[list[str]]:
    forward, backward, update = count._phases()
    named = {"forward": forward, "backward": backward, "update": update, "total": forward + backward + update}
    return [[prefix + name, *[whole(n) for n in (*steps, steps.total)]] for name, steps in named.items()]
