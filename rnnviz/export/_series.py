"""Which plots a presentation program can draw by itself, and the numbers it then holds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.layout import LARGEST
from rnnviz.figures.model import Bars, Line, Points, Region
from rnnviz.figures.notation import spelled
from rnnviz.figures.textruns import plain
from rnnviz.figures.thinning import thinned

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats, Plot

MOST = 2000
"""About how many points a curve has at most; of more, its lowest and highest are kept."""

UNNAMED = {"selection": "at the playhead", "muted": "for comparison", "faint": "each one"}
"""What curves without a name of their own are called in the table of a chart."""


@dataclass(frozen=True, eq=False, slots=True)
class Series:
    """One row of numbers of a chart; gaps are NaN. named: whether a legend should show its name."""

    name: str
    x: Floats
    y: Floats
    role: str
    line: bool
    points: float  # their diameter in pixels, 0 for none
    dashed: bool
    named: bool


def is_curves(plot: Plot) -> bool:
    """Whether a plot shows curves and points only, on axes of numbers, and where one looks."""
    numbers = all(axis.ticks is None or all(map(_is_number, axis.ticks)) for axis in (plot.x, plot.y))
    return _only(plot, (Line, Points)) and plot.fit != "natural" and numbers


def is_bars(plot: Plot) -> bool:
    """Whether a plot shows bars only, and where one looks."""
    return _only(plot, (Bars,))


def _is_number(tick: tuple[float, str]) -> bool:
    """Whether a tick's label is what a program would write there."""
    value, label = tick
    try:
        return math.isclose(float(label.replace("−", "-").replace(",", "")), value)
    except ValueError:
        return False


def name_of(label: str) -> str:
    """Return a label as plain text: h_t for `h_{t}`, without the marks of colours."""
    return spelled(plain(label) if "⟦" in label else label)


def _only(plot: Plot, kinds: tuple[type, ...]) -> bool:
    marks = [mark for mark in plot.marks if not isinstance(mark, Region)]
    return bool(marks) and all(isinstance(mark, kinds) for mark in marks)


def curves_of(plot: Plot) -> list[Series]:
    """Return the series of a plot of curves; points on the places of a curve become its markers."""
    found: list[Series] = []
    for mark in plot.marks:
        if isinstance(mark, Line):
            found.append(_curve(plot, mark))
        elif isinstance(mark, Points):
            series = _cloud(plot, mark)
            twin = next((n for n, each in enumerate(found) if _same_places(each, series)), None)
            if twin is None:
                found.append(series)
            else:
                found[twin] = replace(found[twin], points=mark.size)
    return _apart(sorted(found, key=_shortness))


def _shortness(series: Series) -> int:
    """Return what puts long series first: LibreOffice hides those that come before a longer one."""
    return -len(series.x)


def _curve(plot: Plot, mark: Line) -> Series:
    x, y = np.asarray(mark.x, float), np.asarray(mark.y, float)
    ascending = len(x) > MOST and bool((np.diff(x) >= 0).all())
    if ascending:
        x, y = thinned(x, y, float(x[0]), float(x[-1]), MOST // 2)
    return _series(plot, mark.label, x, y, mark.role, line=True, points=0.0, dashed=mark.dashed)


def _cloud(plot: Plot, mark: Points) -> Series:
    x, y = np.asarray(mark.positions, float).reshape(-1, 2).T
    return _series(plot, mark.label, x, y, mark.role, line=False, points=mark.size, dashed=False)


def _series(
    plot: Plot, label: str, x: Floats, y: Floats, role: str, *, line: bool, points: float, dashed: bool
) -> Series:
    usual = name_of(plot.heading) or plot.name
    name = name_of(label) if label else UNNAMED.get(role, usual)
    x, y = finite(x, log=plot.x.log), finite(y, log=plot.y.log)
    return Series(name, x, y, role, line, points, dashed, bool(label))


def _same_places(one: Series, other: Series) -> bool:
    pairs = (one.x, other.x), (one.y, other.y)
    return one.role == other.role and all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)


def _apart(found: list[Series]) -> list[Series]:
    """Return series of which none has the name of another, as the columns of a table must."""
    names = [series.name for series in found]
    return [
        replace(series, name=f"{series.name} {names[: n + 1].count(series.name)}")
        if names.count(series.name) > 1
        else series
        for n, series in enumerate(found)
    ]


def bars_of(plot: Plot) -> tuple[list[str], list[Series]]:
    """Return the names of the columns of a plot of bars, and its series, one entry a column."""
    low, high = round(plot.x.low + 0.5), round(plot.x.high - 0.5)
    columns = np.arange(low, max(low, high) + 1, dtype=float)
    found = []
    for mark in plot.marks:
        if isinstance(mark, Bars):
            heights = np.full(len(columns), np.nan)
            for n, height in enumerate(np.asarray(mark.heights, float)):
                place = round(mark.start + n) - low
                if 0 <= place < len(heights):
                    heights[place] = height
            name = name_of(plot.gutter[0].text if plot.gutter else plot.heading) or plot.name
            y = finite(heights, log=plot.y.log)
            found.append(Series(name, columns, y, mark.role, False, 0.0, False, True))
    return [f"{column:g}" for column in columns], _apart(found)


def finite(values: Floats, *, log: bool = False) -> Floats:
    """Return numbers, NaN for those that an office program cannot hold, or not show on a log axis."""
    with np.errstate(all="ignore"):
        known = np.isfinite(values) & (np.abs(values) < LARGEST) & ((values > 0) | (not log))
    return np.where(known, values, np.nan)
