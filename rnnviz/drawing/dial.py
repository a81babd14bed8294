"""Eigenvalues around the unit circle, in a corner of a plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPen

from rnnviz.drawing.text import Style, width_of, write

if TYPE_CHECKING:
    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import Dial

LINE = 14.0  # logical pixels of a row of words
WORDS = 11.0  # of their font
LEAST = 18.0  # the smallest square in which there is something to see
DOT = 2.2  # radius of a point
NEAR = 0.98  # of the reach: what lies beyond is drawn on the edge


def draw_dial(c: Canvas, mark: Dial) -> None:
    """Draw the circle with its axes as large as the words leave room, the points on it, the words beneath."""
    left, right = sorted((c.at_x(mark.left), c.at_x(mark.right)))
    top, bottom = sorted((c.at_y(mark.top), c.at_y(mark.bottom)))
    if any(edge != edge for edge in (left, right, top, bottom)):
        return
    words = _fitting(c, mark, right - left, bottom - top)
    side = min(right - left, bottom - top - len(words) * LINE * c.scale)
    middle, below = (left + right) / 2, (top + bottom + side - len(words) * LINE * c.scale) / 2
    if side >= LEAST * c.scale and mark.reach > 0:
        _draw_square(c, mark, (c.snapped(middle), c.snapped(below - side / 2)), side / 2)
    else:
        below = (top + bottom - len(words) * LINE * c.scale) / 2
    for n, text in enumerate(words):
        at = (middle, below + (n + 0.5) * LINE * c.scale)
        write(c.painter, c.theme, at, text, Style("muted", WORDS * c.scale, align=0.5))


def _fitting(c: Canvas, mark: Dial, width: float, height: float) -> tuple[str, ...]:
    """Return the words, or none if one of them is too wide, or all are too high."""
    widest = max((width_of(text, Style("muted", WORDS * c.scale)) for text in mark.words), default=0.0)
    return mark.words if widest <= width + 4 * c.scale and len(mark.words) * LINE * c.scale <= height else ()


def _draw_square(c: Canvas, mark: Dial, at: tuple[float, float], half: float) -> None:
    x, y = at
    unit = half / mark.reach
    c.smooth(False)
    c.painter.setPen(QPen(c.colour("frame"), c.thickness(1.0)))
    c.painter.drawLines([QLineF(x - half, y, x + half, y), QLineF(x, y - half, x, y + half)])
    c.smooth(True)
    c.painter.setBrush(Qt.BrushStyle.NoBrush)
    c.painter.setPen(QPen(c.colour("muted"), c.thickness(1.0)))
    c.painter.drawEllipse(QPointF(x, y), unit, unit)
    c.fill_with(mark.role)
    points = np.asarray(mark.points, np.float64).reshape(-1, 2)
    points = points[np.isfinite(points).all(1)]
    if not len(points):
        return
    # What is farther away than the side stays on its own ray.
    points = points / np.maximum(np.abs(points).max(1) / (NEAR * mark.reach), 1.0)[:, None]
    for px, py in points.tolist():
        c.painter.drawEllipse(QPointF(x + px * unit, y - py * unit), DOT * c.scale, DOT * c.scale)
