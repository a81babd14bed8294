"""Ranges: a veil over what is not yet, or a rounded outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen

from rnnviz.drawing.whole import whole
from rnnviz.figures.layout import Rect

if TYPE_CHECKING:
    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import Region

VEIL = 0.65  # opacity
LINE, ACROSS_LINE = 2.5, 2.0  # logical pixels of the outlines of one plot, and across plots
BEYOND = 3.0  # logical pixels by which a range of x alone reaches out of the plot
RADIUS = 3.0


def draw_region(c: Canvas, mark: Region) -> None:
    """Draw a region of one plot."""
    area = _area(c, mark)
    if area is None:
        return
    if mark.role == "veil":
        veil = QColor(c.colour("background"))
        veil.setAlphaF(VEIL)
        c.painter.fillRect(QRectF(*area), veil)
    else:
        outline(c, area, mark.role, LINE)


def draw_across(c: Canvas, region: Region, last: Rect) -> None:
    """Draw a region that crosses all plots from the canvas's own to the one at `last`."""
    left, right = sorted((c.at_x(region.low), c.at_x(region.high)))
    if left == left and right == right:
        beyond = BEYOND * c.scale
        top, bottom = c.rect.y - beyond, last.bottom + beyond
        outline(c, Rect(left, top, right - left, bottom - top), region.role, ACROSS_LINE)


def _area(c: Canvas, mark: Region) -> Rect | None:
    beyond = BEYOND * c.scale
    left, right = sorted((c.at_x(mark.low), c.at_x(mark.high)))
    high = c.rect.y - beyond if mark.top is None else c.at_y(mark.top)
    low = c.rect.bottom + beyond if mark.bottom is None else c.at_y(mark.bottom)
    top, bottom = sorted((high, low))
    if any(edge != edge for edge in (left, right, top, bottom)):
        return None
    left, top, right, bottom = map(c.snapped, (left, top, right, bottom))
    return Rect(left, top, right - left, bottom - top)


def outline(c: Canvas, area: Rect, role: str, width: float) -> None:
    """Draw a rounded outline along the edges of the area, symmetric about it and on whole device pixels."""
    line = c.thickness(width)
    left, top, right, bottom = map(c.snapped, (area.x, area.y, area.right, area.bottom))
    odd = 0.0 if c.vector else whole(line * c.ratio) % 2 / (2 * c.ratio)
    c.smooth(True)
    c.painter.setBrush(Qt.BrushStyle.NoBrush)
    c.painter.setPen(QPen(c.colour(role), line))
    edges = QRectF(left - odd, top - odd, right - left + 2 * odd, bottom - top + 2 * odd)
    c.painter.drawRoundedRect(edges, RADIUS * c.scale, RADIUS * c.scale)
