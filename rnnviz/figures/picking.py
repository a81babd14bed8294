"""What is under the mouse, and where a cell is: arithmetic on a figure, without a window."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.layout import (
    Rect,
    content_scale,
    plot_rects,
    text_room,
    to_data,
    to_pixels_x,
    to_pixels_y,
)
from rnnviz.figures.model import Bars, Heatmap, Points, Text
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rnnviz.figures.model import Figure, Floats, Mark, Plot

    Halves = tuple[float, float, float]

REACH = 4.0  # logical pixels by which a plot without a neighbour can be missed
NEAR = 3.0  # logical pixels by which a point can be missed
LETTER = 0.6  # of the font size: the width of a letter, about
LINE = 0.7  # of the font size: half the height of a line


@dataclass(frozen=True, slots=True)
class Pick:
    """A place in a figure.

    plot: the plot's name; x, y: data coordinates. mark: which of the plot's marks is there, the topmost of
    several; row and column if it is a heat map, index if it is a text, points or bars; otherwise None.
    """

    plot: str
    x: float
    y: float
    mark: int | None = None
    row: int | None = None
    column: int | None = None
    index: int | None = None


def pick(figure: Figure, width: float, height: float, px: float, py: float, zoom: float = 1.0) -> Pick | None:
    """Return what lies at logical pixel (px, py) of a picture of width × height; None outside of all plots.

    The gap between two rows belongs to the nearer one, so that a column can be hit anywhere in its height.
    """
    rects = plot_rects(figure, width, height, zoom)
    beyond = max(REACH, figure.margins.between_rows / 2) * zoom
    for grown in (0.0, min(beyond, 2 * REACH * zoom)):
        for plot, rect in zip(figure.plots, rects, strict=True):
            if rect.grown(grown).holds(px, py):
                return _picked(plot, rect, (px, py), zoom)
    return None


def heading_at(
    figure: Figure, width: float, height: float, px: float, py: float, zoom: float = 1.0
) -> str | None:
    """Return the plot in whose part of the gutter logical pixel (px, py) of a picture is, if it is there."""
    beyond = figure.margins.between_rows / 2 * zoom
    for plot, rect in zip(figure.plots, plot_rects(figure, width, height, zoom), strict=True):
        if px < rect.x and rect.y - beyond <= py < rect.bottom + beyond:
            return plot.name
    return None


def _picked(plot: Plot, rect: Rect, at: tuple[float, float], zoom: float) -> Pick:
    x, y = to_data(plot, rect, *at)
    beside = Pick(plot.name, x, y)
    for n in range(len(plot.marks) - 1, -1, -1):
        mark = plot.marks[n]
        if isinstance(mark, Heatmap):
            cell = cell_at(mark, x, y)
            if cell is not None and is_coloured(mark, x):
                return Pick(plot.name, x, y, n, *cell)
            if cell is not None and beside.mark is None:
                beside = Pick(plot.name, x, y, n, *cell)
        index = _index(mark, plot, rect, at, zoom)
        if index is not None:
            return Pick(plot.name, x, y, n, index=index)
    return beside


def is_coloured(mark: Heatmap, x: float) -> bool:
    """Whether a place is in the coloured part of its column: strips of several maps stand side by side."""
    return abs((x - mark.left) % 1.0 - 0.5) <= mark.fill / 2


def cell_at(mark: Heatmap, x: float, y: float) -> tuple[int, int] | None:
    """Return the row and column of a heat map at a data position; gaps belong to the cell they are in."""
    if mark.values.ndim != 2 or mark.bottom == mark.top:
        return None
    rows, columns = mark.values.shape
    row, column = math.floor((y - mark.top) / (mark.bottom - mark.top) * rows), math.floor(x - mark.left)
    return (row, column) if 0 <= row < rows and 0 <= column < columns else None


def _index(mark: Mark, plot: Plot, rect: Rect, at: tuple[float, float], zoom: float) -> int | None:
    if isinstance(mark, Text):
        return _nearest(mark.positions, plot, rect, at, _text_halves(mark, plot, rect, zoom))
    if isinstance(mark, Points):
        reach = mark.size * content_scale(plot, rect, zoom) / 2 + NEAR
        return _nearest(mark.positions, plot, rect, at, [(0.0, reach, reach)] * len(mark.positions))
    if isinstance(mark, Bars):
        index = math.floor(to_data(plot, rect, *at)[0] - mark.start + 0.5)
        return index if 0 <= index < len(mark.heights) else None
    return None


def _text_halves(mark: Text, plot: Plot, rect: Rect, zoom: float) -> list[Halves]:
    """For each string: how far its centre is right of its position, half its width and half its height."""
    size, radius = text_room(mark, plot, rect, zoom)
    if mark.frame != "none":
        return [(0.0, radius, radius)] * len(mark.strings)
    widths = [LETTER * size * max(1, len(plain(string))) for string in mark.strings]
    return [((0.5 - mark.align) * w, w / 2, LINE * size) for w in widths]


def _nearest(
    positions: Floats, plot: Plot, rect: Rect, at: tuple[float, float], halves: Iterable[Halves]
) -> int | None:
    """Return which of the elements around their positions holds a pixel, the nearest of several."""
    if not len(positions):
        return None
    aside, half_width, half_height = np.array(list(halves), float).reshape(-1, 3).T
    dx = np.abs(to_pixels_x(plot, rect, positions[:, 0]) + aside - at[0])
    dy = np.abs(to_pixels_y(plot, rect, positions[:, 1]) - at[1])
    inside = np.flatnonzero((dx <= half_width) & (dy <= half_height))
    return int(inside[np.hypot(dx, dy)[inside].argmin()]) if inside.size else None


def cell_rect(
    figure: Figure,
    width: float,
    height: float,
    plot_name: str,
    mark: int,
    row: int,
    column: int,
    zoom: float = 1.0,
) -> Rect:
    """Return where a heat map's cell is, in logical pixels of a picture of width × height.

    Raises KeyError if there is no such plot, TypeError if the mark is not a heat map.
    """
    rects = plot_rects(figure, width, height, zoom)
    found = {plot.name: (plot, rect) for plot, rect in zip(figure.plots, rects, strict=True)}
    plot, rect = found[plot_name]
    heat = plot.marks[mark]
    if not isinstance(heat, Heatmap):
        raise TypeError(f"Mark {mark} of plot {plot_name} has no cells: it is not a heat map.")
    step = (heat.bottom - heat.top) / heat.values.shape[0]
    left, right = sorted(to_pixels_x(plot, rect, [heat.left + column, heat.left + column + 1]).tolist())
    ends = [heat.top + row * step, heat.top + (row + 1) * step]
    top, bottom = sorted(to_pixels_y(plot, rect, ends).tolist())
    return Rect(left, top, right - left, bottom - top)
