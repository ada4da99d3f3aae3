"""The weights of a network in three orders: neuron by neuron, as matrices, and those in one vector."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np


class Weights:
    """Converts between the orders; `flat` is ours and micrograd's, neuron by neuron its weights and then its bias."""

    def __init__(self, *sizes: int) -> None:
        self.pairs = list(pairwise(sizes))
        self.shapes = [shape for i, o in self.pairs for shape in ((o, i), (o,))]
        self.sizes = [int(np.prod(shape)) for shape in self.shapes]
        self.cuts = np.cumsum(self.sizes)[:-1].tolist()

    def arrays(self, flat: Any) -> list[Any]:
        """Of each layer the matrix, a row for each neuron, and the biases."""
        found, at = [], 0
        for fan_in, fan_out in self.pairs:
            neurons = flat[at : at + fan_out * (fan_in + 1)].reshape(fan_out, fan_in + 1)
            found += [neurons[:, :-1].copy(), neurons[:, -1].copy()]
            at += neurons.size
        return found

    def flat(self, arrays: Any) -> Any:
        """`arrays`, undone."""
        arrays = [np.asarray(array) for array in arrays]
        return np.concatenate([np.column_stack(pair).ravel() for pair in zip(arrays[::2], arrays[1::2], strict=True)])

    def packed(self, flat: Any) -> Any:
        """The matrices and biases one behind the other."""
        return np.concatenate([array.ravel() for array in self.arrays(flat)])

    def unpacked(self, packed: Any) -> Any:
        """`packed`, undone."""
        parts = np.split(np.asarray(packed), self.cuts)
        return self.flat([part.reshape(shape) for part, shape in zip(parts, self.shapes, strict=True)])
