"""Which point of a chart the mouse means, and the crosshair that reads it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from rnnviz.drawing.canvas import saved
from rnnviz.drawing.colours import colour
from rnnviz.drawing.text import Style, width_of, write
from rnnviz.figures.layout import to_data, to_pixels_x, to_pixels_y
from rnnviz.figures.model import Line, Points
from rnnviz.figures.textruns import plain
from rnnviz.panels.views.chart_thinning import is_long

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnviz.figures.layout import Rect
    from rnnviz.figures.model import Figure, Floats, Plot
    from rnnviz.figures.theme import Theme

SIZE, PADDING, AWAY, ROUND, DOT = 12.0, 6.0, 10.0, 4.0, 3.5  # logical pixels
REACH = 4.0  # pixels left and right of the mouse in which a long curve is looked at


class Reading(NamedTuple):
    """A point of a curve or of dots: its values, its colour and name, and where it is in the chart."""

    x: float
    y: float
    role: str
    label: str
    px: float
    py: float
    rect: Rect  # of its plot

    @property
    def values(self) -> str:
        """The point's coordinates as they are read out."""
        return f"({_written(self.x)}, {_written(self.y)})"

    @property
    def text(self) -> str:
        """What is read out: the name, if it has one, and the values."""
        return f"{plain(self.label)} {self.values}".strip()

    def distance(self, px: float, py: float) -> float:
        """How far it is from a pixel."""
        return float(np.hypot(self.px - px, self.py - py))


def read(figure: Figure, rects: Sequence[Rect], px: float, py: float) -> Reading | None:
    """Return the visible point nearest to a pixel in the plot that holds the pixel; None if there is none.

    Dots and named curves are read; curves without a name only if there is nothing else. Of a long curve,
    which may have millions of points, only those above and below the pixel are looked at if there are any.
    """
    for plot, rect in zip(figure.plots, rects, strict=True):
        if rect.holds(px, py):
            found = [_nearest(plot, rect, mark, (px, py)) for mark in _readable(plot)]
            known = [reading for reading in found if reading is not None]
            return min(known, key=lambda reading: reading.distance(px, py), default=None)
    return None


def _readable(plot: Plot) -> list[Line | Points]:
    marks = [mark for mark in plot.marks if isinstance(mark, (Line, Points))]
    return [mark for mark in marks if mark.label or isinstance(mark, Points)] or marks


def _nearest(plot: Plot, rect: Rect, mark: Line | Points, to: tuple[float, float]) -> Reading | None:
    x, y = _points(mark)
    reach = REACH if isinstance(mark, Line) and is_long(x, round(rect.w)) else np.inf
    while True:
        part = _within(plot, rect, x, to[0], reach)
        found = _nearest_of(plot, rect, mark, (x[part], y[part]), to)
        if found is not None or part == slice(0, len(x)):
            return found
        reach *= 8


def _within(plot: Plot, rect: Rect, x: Floats, px: float, reach: float) -> slice:
    """Return the part of a curve over ascending x at most `reach` pixels from a pixel, or from its end."""
    if not np.isfinite(reach) or reach > rect.w:
        return slice(0, len(x))
    at = float(np.clip(px, *sorted(to_pixels_x(plot, rect, x[[0, -1]]))))
    low, high = sorted(to_data(plot, rect, at + side * reach, rect.y)[0] for side in (-1, 1))
    return slice(int(np.searchsorted(x, low)), int(np.searchsorted(x, high, "right")))


def _nearest_of(
    plot: Plot,
    rect: Rect,
    mark: Line | Points,
    points: tuple[Floats, Floats],
    to: tuple[float, float],
) -> Reading | None:
    x, y = points
    px, py = to_pixels_x(plot, rect, x), to_pixels_y(plot, rect, y)
    area = rect.grown(1.0)
    visible = np.flatnonzero((px >= area.x) & (px <= area.right) & (py >= area.y) & (py <= area.bottom))
    if not visible.size:
        return None
    n = visible[np.argmin(np.hypot(px[visible] - to[0], py[visible] - to[1]))]
    return Reading(float(x[n]), float(y[n]), mark.role, mark.label, float(px[n]), float(py[n]), rect)


def _points(mark: Line | Points) -> tuple[Floats, Floats]:
    return (mark.x, mark.y) if isinstance(mark, Line) else (mark.positions[:, 0], mark.positions[:, 1])


def _written(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def draw_reading(painter: QPainter, reading: Reading, theme: Theme, zoom: float) -> None:
    """Draw the crosshair through a point and write its values beside it."""
    rect, at = reading.rect, QPointF(reading.px, reading.py)
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(colour(theme, "disabled"), 0))
        painter.drawLine(QLineF(rect.x, at.y(), rect.right, at.y()))
        painter.drawLine(QLineF(at.x(), rect.y, at.x(), rect.bottom))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colour(theme, "background"), 1.5 * zoom))
        painter.setBrush(colour(theme, reading.role))
        painter.drawEllipse(at, DOT * zoom, DOT * zoom)
        _draw_box(painter, reading, theme, zoom)


def _draw_box(painter: QPainter, reading: Reading, theme: Theme, zoom: float) -> None:
    """Write the name in its colour and the values, on a ground beside the point where there is room."""
    name, values = Style(reading.role, SIZE * zoom, 600), Style("text", SIZE * zoom)
    gap = PADDING * zoom if reading.label else 0.0
    named = width_of(reading.label, name) if reading.label else 0.0
    width, height = named + gap + width_of(reading.values, values) + 2 * PADDING * zoom, 1.9 * SIZE * zoom
    left, top = _corner(reading, width, height, AWAY * zoom)
    painter.setPen(QPen(colour(theme, "frame"), 0))
    painter.setBrush(colour(theme, "background"))
    painter.drawRoundedRect(QRectF(left, top, width, height), ROUND * zoom, ROUND * zoom)
    x, y = left + PADDING * zoom, top + height / 2
    if reading.label:
        write(painter, theme, (x, y), reading.label, name)
    write(painter, theme, (x + named + gap, y), reading.values, values)


def _corner(reading: Reading, width: float, height: float, away: float) -> tuple[float, float]:
    """Return the top left of a box: right of and above the point, else on the other side of it."""
    rect = reading.rect
    right, above = reading.px + away, reading.py - away - height
    left = right if right + width <= rect.right else max(rect.x, reading.px - away - width)
    return left, above if above >= rect.y else reading.py + away
