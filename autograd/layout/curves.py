"""Curves: a smooth path through a row of windows, bending only where a window forces it to."""

from collections.abc import Sequence

Point = tuple[float, float]
Window = tuple[float, float, float, float]  # depth, lowest and highest value allowed there, best value

ROUNDING = 1e-6  # a window missed by less is not missed
MANY = 8  # more missed windows in one piece than this ask for two knots


def fit_curve(start: Point, end: Point, windows: Sequence[Window]) -> list[Point]:
    """Return a cubic Bezier path (1 + 3k points) from start to end that passes through all windows.

    Points are (depth, value); windows come in the order of their depth, strictly between start and end.
    Between knots the path is monotone, so if it is inside a window at both sides of a column it is inside
    all along the column. Every window that is missed becomes a knot, hence the method ends.

    >>> fit_curve((0, 0), (3, 6), [])
    [(0, 0), (1.0, 0.0), (2.0, 6.0), (3, 6)]
    """
    knots = [start, end]
    while True:
        slopes = _slopes(knots)
        fresh = _missed(knots, slopes, windows)
        if not fresh:
            return _bezier(knots, slopes)
        knots = sorted(knots + fresh)


def _slopes(knots: Sequence[Point]) -> list[float]:
    """Return slopes at the knots, flat at both ends, that make each cubic monotone (Steffen 1990)."""
    slopes = [0.0]
    for (x0, y0), (x1, y1), (x2, y2) in zip(knots, knots[1:], knots[2:], strict=False):
        left, right = (y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1)
        if left * right <= 0:
            slopes.append(0.0)
            continue
        mean = (left * (x2 - x1) + right * (x1 - x0)) / (x2 - x0)
        size = min(abs(left), abs(right), abs(mean) / 2)
        slopes.append(2 * size if left > 0 else -2 * size)
    return [*slopes, 0.0]


def _missed(knots: Sequence[Point], slopes: Sequence[float], windows: Sequence[Window]) -> list[Point]:
    """Return new knots for each piece of the path that misses windows: at the one it misses most.

    A piece that misses many windows is divided in their middle too, so that few rounds are needed.
    """
    fresh = []
    piece = 0
    missed: list[tuple[float, Point]] = []
    for depth, low, high, best in windows:
        while depth >= knots[piece + 1][0] and piece < len(knots) - 2:
            fresh += _choose(missed)
            piece, missed = piece + 1, []
        (x0, y0), (x1, y1) = knots[piece], knots[piece + 1]
        length = x1 - x0
        u = (depth - x0) / length
        v = 1 - u
        value = y0 * v * v * (1 + 2 * u) + y1 * u * u * (3 - 2 * u)
        value += length * u * v * (slopes[piece] * v - slopes[piece + 1] * u)
        miss = max(low - value, value - high)
        if miss > ROUNDING:
            missed.append((miss, (depth, best)))
    return fresh + _choose(missed)


def _choose(missed: Sequence[tuple[float, Point]]) -> list[Point]:
    """Return the knots for one piece, given its missed windows and by how much it misses them."""
    if not missed:
        return []
    worst = max(missed, key=lambda entry: entry[0])[1]
    middle = missed[len(missed) // 2][1]
    return [worst, middle] if len(missed) > MANY and worst != middle else [worst]


def _bezier(knots: Sequence[Point], slopes: Sequence[float]) -> list[Point]:
    """Return the control points of the cubic pieces with the given values and slopes at the knots."""
    points = [knots[0]]
    for i in range(len(knots) - 1):
        (x0, y0), (x1, y1) = knots[i], knots[i + 1]
        third = (x1 - x0) / 3
        points += [(x0 + third, y0 + third * slopes[i]), (x1 - third, y1 - third * slopes[i + 1]), (x1, y1)]
    return points
