"""Ranges: a veil over what is not yet, a rounded outline, or a dashed one around what is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen

from rnnviz.drawing.whole import whole
from rnnviz.figures.layout import Rect

if TYPE_CHECKING:
    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import Region

VEILS = {"veil": 0.65, "stale": 0.4}  # opacities
LINE, ACROSS_LINE = 2.5, 2.0  # logical pixels of the outlines of one plot, and across plots
SLENDER, FINE_LINE = 9.0, 1.2  # logical pixels below which an area has a finer outline, around it
DASHED = "held"  # the role of what has a fine, dashed outline however large it is
DASH, BLANK = 3.0, 2.0  # of the width of the line
LEAST = 3.0  # logical pixels that stay free within an outline
BEYOND = 3.0  # logical pixels by which a range of x alone reaches out of the plot
RADIUS = 3.0


def draw_region(c: Canvas, mark: Region) -> None:
    """Draw a region of one plot."""
    area = _area(c, mark)
    if area is None:
        return
    if mark.role in VEILS:
        veil = QColor(c.colour("background"))
        veil.setAlphaF(VEILS[mark.role])
        c.painter.fillRect(QRectF(*area), veil)
    elif mark.role == DASHED:
        outline(c, area, mark.role, FINE_LINE, dashed=True)
    elif min(area.w, area.h) < SLENDER * c.scale:
        outline(c, _around(c, area), mark.role, FINE_LINE)
    else:
        outline(c, area, mark.role, FINE_LINE if mark.fine else LINE)


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


def _around(c: Canvas, area: Rect) -> Rect:
    """Return an area with so much room around it that an outline does not hide what is in it."""
    line = FINE_LINE / 2 * c.scale
    more = [max(0.0, LEAST * c.scale - size) / 2 + line for size in (area.w, area.h)]
    return Rect(area.x - more[0], area.y - more[1], area.w + 2 * more[0], area.h + 2 * more[1])


def outline(c: Canvas, area: Rect, role: str, width: float, *, dashed: bool = False) -> None:
    """Draw a rounded outline along the edges of the area, symmetric about it and on whole device pixels."""
    line = c.thickness(width)
    left, top, right, bottom = map(c.snapped, (area.x, area.y, area.right, area.bottom))
    odd = 0.0 if c.vector else whole(line * c.ratio) % 2 / (2 * c.ratio)
    c.smooth(True)
    c.painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(c.colour(role), line)
    if dashed:
        pen.setDashPattern([DASH, BLANK])
    c.painter.setPen(pen)
    edges = QRectF(left - odd, top - odd, right - left + 2 * odd, bottom - top + 2 * odd)
    radius = min(RADIUS * c.scale, edges.width() / 3, edges.height() / 3)
    c.painter.drawRoundedRect(edges, radius, radius)
