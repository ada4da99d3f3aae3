"""Spacing: places as near as possible to wishes, in a fixed order and with distances between them."""

from collections.abc import Sequence


def space_out(
    wishes: Sequence[float],
    distances: Sequence[float],
    low: float,
    high: float,
    weights: Sequence[float] | None = None,
) -> list[float]:
    """Return the places nearest to the wishes (in the sum of squares) that keep order and distances.

    distances holds, for each place but the first, its least distance from the place before; all places
    lie between low and high, which must leave room enough. A wish counts as much as its weight says.

    >>> space_out([5, 5], [4], 0, 10)
    [3.0, 7.0]
    """
    # With the distances taken off, the places need only not fall: neighbours that fall are pooled into
    # their mean (the pool adjacent violators method). Cutting off at the ends keeps that optimal.
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, float, int]] = []
    for wish, offset, weight in zip(wishes, offsets, weights or [1.0] * len(wishes), strict=True):
        mean, count = wish - offset, 1
        while pools and pools[-1][0] > mean:
            other, heavy, others = pools.pop()
            mean = (mean * weight + other * heavy) / (weight + heavy)
            weight += heavy
            count += others
        pools.append((mean, weight, count))
    top = high - offsets[-1]
    flat = [min(max(mean, low), top) for mean, _, count in pools for _ in range(count)]
    return [value + offset for value, offset in zip(flat, offsets, strict=True)]
