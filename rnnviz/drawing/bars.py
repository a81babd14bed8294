"""Bars from zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF

from rnnviz.figures.layout import limits

if TYPE_CHECKING:
    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import Bars

RADIUS = 1.5  # logical pixels of the corners
ROUNDED_FROM = 6.0  # logical pixels of width below which corners stay square
MANY = 400  # bars, above which corners stay square


def draw_bars(c: Canvas, mark: Bars) -> None:
    """Draw one bar a height, all equally wide; NaN draws none and a value that is not zero always shows."""
    heights = np.asarray(mark.heights, np.float64)
    drawn = np.flatnonzero(~np.isnan(heights) & (heights != 0))
    if not drawn.size or np.isnan(mark.start):
        return
    width = c.even(abs(c.at_x(mark.start + mark.width) - c.at_x(mark.start)))
    lefts = c.snap(c.x(mark.start + drawn)) - width / 2
    ends, zero = c.snap(c.y(heights[drawn])), c.snapped(c.at_y(_floor(c)))
    ends = np.where(
        np.abs(ends - zero) < 1 / c.ratio, zero + np.copysign(1 / c.ratio, ends - zero - 1e-9), ends
    )
    tops, tall = np.minimum(ends, zero), np.abs(ends - zero)
    rectangles = [
        QRectF(x, y, width, h) for x, y, h in zip(*map(np.ndarray.tolist, (lefts, tops, tall)), strict=True)
    ]
    c.fill_with(mark.role)
    radius = min(RADIUS * c.scale, 0.3 * width)
    if width < ROUNDED_FROM or len(rectangles) > MANY:
        c.smooth(c.vector)
        c.painter.drawRects(rectangles)
        return
    c.smooth(True)
    for rectangle in rectangles:
        r = min(radius, rectangle.height() / 2)
        c.painter.drawRoundedRect(rectangle, r, r)


def _floor(c: Canvas) -> float:
    """Return where bars begin: at zero, or at the low end of an axis that does not reach it."""
    low, _ = limits(c.plot.y)
    return 10.0**low if c.plot.y.log else max(0.0, low)
