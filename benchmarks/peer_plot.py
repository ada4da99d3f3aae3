"""The peers as horizontal bars on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import common  # noqa: F401  # puts the checkout first on the path
from peer_targets import figure as figure_of

from nn.plots import new_figure

OURS, C, PEERS = "#0072b2", "#222222", "#e69f00"  # told apart by colour-blind eyes, and the peers by hatching besides


def plotted(moons: dict[str, float], digits: dict[str, float], casadi: dict[str, float]) -> Any:
    """`moons` and `digits` are seconds by contender; `casadi` its times beside the tape's, by task and form."""
    beside = "CasADi's time beside the tape's: to the right of 1 the tape is faster"
    panels: list[tuple[dict[str, float], str, Callable[[float], str], float | None]] = [
        (_sorted(moons), "a training step of the moons network: 100 rows, 2–16–16–1", duration, None),
        (_sorted(digits), "value and gradient on the digits: 1437 rows, 64–32–10", duration, None),
        (casadi, beside, lambda x: f"{figure_of(x)} ×", 1.0),
    ]
    panels = [panel for panel in panels if panel[0]]  # one is empty where CasADi is not installed
    figure = new_figure(10, 1 + 0.22 * sum(len(found) + 3 for found, *_ in panels))
    areas = figure.subplots(len(panels), 1, squeeze=False, height_ratios=[len(found) + 3 for found, *_ in panels])
    for area, panel in zip(areas[:, 0], panels, strict=True):
        _bars(area, *panel)
    return figure


def duration(seconds: float) -> str:
    """Such as "13 ms".

    >>> duration(1.28e-5), duration(0.0249), duration(1.3)
    ('12.8 µs', '24.9 ms', '1.3 s')
    """
    size, unit = (1e6, "µs") if seconds < 1e-3 else (1e3, "ms") if seconds < 1 else (1, "s")
    return f"{seconds * size:.3g} {unit}"


def _sorted(found: dict[str, float]) -> dict[str, float]:
    return {name: found[name] for name in sorted(found, key=found.__getitem__)}


def _bars(area: Any, found: dict[str, float], title: str, text: Callable[[float], str], base: float | None) -> None:
    """Bars from `base`, or from the left end."""
    names, values = list(found), list(found.values())
    least, most = min(values), max(values)
    start = 10.0 ** math.floor(math.log10(least)) if base is None else base
    colours = [{"tape": OURS, "eager": OURS, "C": C}.get(name.replace(",", "").split()[0], PEERS) for name in names]
    bars = area.barh(names, [value - start for value in values], left=start, color=colours, height=0.7)
    for bar, colour in zip(bars, colours, strict=True):
        if colour == PEERS:
            bar.set(hatch="//", edgecolor="white", linewidth=0)
    for k, value in enumerate(values):
        side = -1 if value < start else 1
        align = "right" if side < 0 else "left"
        place = {"xytext": (4 * side, 0), "textcoords": "offset points", "va": "center", "ha": align}
        area.annotate(text(value), (value, k), fontsize=8, **place)
    area.set_xscale("log")
    room = (max(start, most) / min(start, least)) ** 0.15  # for the numbers at the ends of the bars
    area.set_xlim(start if base is None else min(base, least) / room, max(start, most) * room)
    area.minorticks_off()
    area.invert_yaxis()
    area.set_title(title, fontsize=10, loc="left")
    area.tick_params(labelsize=8)
    area.tick_params(axis="y", length=0)
    ticks = [x for x in area.get_xticks() if area.get_xlim()[0] <= x <= area.get_xlim()[1]]
    area.set_xticks(ticks, [f"{x:g} ×" if base else duration(x) for x in ticks])
    area.grid(axis="x", alpha=0.3)
    area.set_axisbelow(True)
    if base is not None:
        area.axvline(base, color="#222222", linewidth=1)
    for name in ("top", "right", "left"):
        area.spines[name].set_visible(False)
