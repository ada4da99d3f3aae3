"""Units of another kind: Gaussian units around a centre (G4), and the perceptron with its own learning rule (U6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograd import Value, exp

from .initializers import Initializer, Rng, generator, uniform
from .module import Module, Parameter
from .targets import total


class GaussianLayer(Module):
    """a_j = exp(−½ ‖x − c_j‖²), with trainable centres c_j: ∂a_j/∂c_ji = a_j (x_i − c_ji). Source: exercise G4.

    Args: as for `Layer`; `init` draws the coordinates of the centres, uniform in −1 … 1 unless told.
    ValueError: `nin` is not a whole number from 1 up.

    >>> layer = GaussianLayer(2, 3, rng=0)
    >>> layer, len(layer([0.0, 0.0]))
    (GaussianLayer(2 → 3 Gaussian, 6 parameters), 3)
    """

    def __init__(self, nin: int, nout: int, init: Initializer | None = None, rng: Rng | int | None = None) -> None:
        if not isinstance(nin, int) or nin < 1:
            raise ValueError(f"expected a whole number of inputs from 1 up, got {nin!r}")
        draw, rng = init or uniform(), generator(rng)
        self.nin = nin
        self.centers: list[list[Value]] = [
            [Parameter(draw(nin, rng), f"c{j}{i}") for i in range(1, nin + 1)] for j in range(1, nout + 1)
        ]

    def __call__(self, x: Iterable[Any]) -> list[Any]:
        x = tuple(x)
        if len(x) != self.nin:
            raise ValueError(f"Gaussian units with {self.nin} inputs got {len(x)}")
        return [exp(-0.5 * total([(a - c) ** 2 for a, c in zip(x, center, strict=True)])) for center in self.centers]

    def __repr__(self) -> str:
        return f"GaussianLayer({self.nin} → {len(self.centers)} Gaussian, {len(self.parameters())} parameters)"


class Perceptron(Module):
    """Rosenblatt's unit: 1 if w·x + b > 0, else 0. Its derivative is 0 everywhere, so it learns by a rule of its own:
    w ← w + (t − a) x, b ← b + (t − a), sample after sample (exercise U6).

    >>> corners, either = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1]
    >>> unit = Perceptron(2)
    >>> unit.learn(corners, either), [unit(x) for x in corners]
    (4, [0, 1, 1, 1])
    """

    def __init__(self, nin: int) -> None:
        self.w: list[Value] = [Parameter(0.0, f"w{i}") for i in range(1, nin + 1)]
        self.b: Value = Parameter(0.0, "b")

    def __call__(self, x: Iterable[float]) -> int:
        x = tuple(x)
        if len(x) != len(self.w):
            raise ValueError(f"a perceptron with {len(self.w)} inputs got {len(x)}")
        return int(sum(w.data * a for w, a in zip(self.w, x, strict=True)) + self.b.data > 0)

    def learn(self, x: Sequence[Iterable[float]], targets: Sequence[int], epochs: int = 1000) -> int | None:
        """Go through the samples until none is wrong; the number of epochs that took, None if `epochs` did not do.

        A separable task is always learned, another never (XOR). ValueError: a target is not 0 or 1.
        """
        rows = [tuple(row) for row in x]
        if len(rows) != len(targets) or not rows:
            raise ValueError(f"expected one target for each sample, got {len(rows)} samples and {len(targets)} targets")
        for target in targets:
            if target not in (0, 1):
                raise ValueError(f"a perceptron's targets are 0 and 1, got {target!r}")
        for epoch in range(1, epochs + 1):
            wrong = 0
            for row, target in zip(rows, targets, strict=True):
                error = target - self(row)
                wrong += error != 0
                for w, a in zip(self.w, row, strict=True):
                    w.data += error * a
                self.b.data += error
            if not wrong:
                return epoch
        return None

    def __repr__(self) -> str:
        return f"Perceptron({len(self.w)} → Heaviside, {len(self.parameters())} parameters)"
