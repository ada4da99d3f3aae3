"""What the tape must reach, what was measured, and whether that is enough."""

from __future__ import annotations


def figure(x: float) -> str:
    """A number with about three digits.

    >>> figure(0.01234), figure(1.234), figure(123456.7)
    ('0.012', '1.23', '123457')
    """
    return f"{x:.0f}" if abs(x) >= 100 else f"{x:.1f}" if abs(x) >= 10 else f"{x:.2f}" if abs(x) >= 0.1 else f"{x:.2g}"


class Targets:
    """Rows of a table, in the order in which they are added. A measure of None could not be taken."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str]] = []

    def at_least(self, what: str, measured: float | None, limit: float, unit: str = " ×") -> None:
        self._add(what, measured, f"≥ {limit:g}{unit}", unit, measured is not None and measured >= limit)

    def above(self, what: str, measured: float | None, limit: float = 1.0, unit: str = " ×") -> None:
        self._add(what, measured, f"> {limit:g}{unit}", unit, measured is not None and measured > limit)

    def at_most(self, what: str, measured: float | None, limit: float, unit: str = " ×") -> None:
        self._add(what, measured, f"≤ {limit:g}{unit}", unit, measured is not None and measured <= limit)

    def below(self, what: str, measured: float | None, limit: float, unit: str) -> None:
        self._add(what, measured, f"< {limit:g}{unit}", unit, measured is not None and measured < limit)

    def without(self, what: str, measured: float | None, unit: str = " ×") -> None:
        """A measure that no target was set for."""
        self.rows.append((what, "not installed" if measured is None else f"{figure(measured)}{unit}", "", ""))

    def _add(self, what: str, measured: float | None, target: str, unit: str, reached: bool) -> None:
        if measured is None:
            self.rows.append((what, "not installed", target, ""))
        else:
            self.rows.append((what, f"{figure(measured)}{unit}", target, "reached" if reached else "**missed**"))
