"""Boxes, arrows and points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen

from rnnviz.drawing.lines import polygon

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import Arrows, Boxes, Points

    Floats = NDArray[np.float64]

BOX_RADIUS = 4.0
ARROW_WIDTH = 1.5
HEAD_LENGTH, HEAD_WIDTH = 7.0, 6.0


def draw_boxes(c: Canvas, mark: Boxes) -> None:
    """Draw equal rounded frames, their outline on whole device pixels."""
    if any(length != length for length in mark.size):
        return
    width = c.even(abs(c.at_x(mark.size[0]) - c.at_x(0.0)))
    height = c.even(abs(c.at_y(mark.size[1]) - c.at_y(0.0)))
    line = c.thickness(1.0)
    radius = min(BOX_RADIUS * c.scale, 0.3 * width, 0.3 * height)
    c.smooth(True)
    c.painter.setPen(QPen(c.colour(mark.role), line))
    c.painter.setBrush(c.colour("background"))
    lefts = c.snap(c.x(mark.centres[:, 0])) - width / 2 + line / 2
    tops = c.snap(c.y(mark.centres[:, 1])) - height / 2 + line / 2
    for x, y in _known(lefts, tops):
        box = QRectF(x, y, max(0.0, width - line), max(0.0, height - line))
        c.painter.drawRoundedRect(box, radius, radius)


def draw_arrows(c: Canvas, mark: Arrows) -> None:
    """Draw straight arrows; upright and level ones on whole device pixels."""
    ends = np.stack([scale(mark.ends[:, n]) for n, scale in enumerate((c.x, c.y, c.x, c.y))], 1)
    ends = ends[~np.isnan(ends).any(1)]
    if not len(ends):
        return
    line = c.thickness(ARROW_WIDTH)
    shafts = _crisp(c, ends, line)
    c.smooth(True)
    c.painter.setPen(QPen(c.colour(mark.role), line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    tips = shafts.copy()
    if mark.head:
        direction, length = _direction(shafts)
        shafts[:, 2:] -= direction * np.minimum(HEAD_LENGTH * c.scale, length)[:, None] * 0.9
    c.painter.drawLines([QLineF(*end) for end in shafts.tolist()])
    if mark.head:
        c.painter.fillPath(_heads(tips, c.scale), c.colour(mark.role))


def _crisp(c: Canvas, ends: Floats, line: float) -> Floats:
    """Move shafts along an axis so that both of their edges lie between device pixels."""
    half = line / 2
    for low, high in ((0, 2), (1, 3)):
        level = np.abs(ends[:, low] - ends[:, high]) < 0.5 / c.ratio
        at = c.snap(ends[level, low] - half) + half
        ends[level, low] = ends[level, high] = at
    return ends


def _direction(ends: Floats) -> tuple[Floats, Floats]:
    vector = ends[:, 2:] - ends[:, :2]
    length = np.hypot(vector[:, 0], vector[:, 1])
    return vector / np.maximum(length, 1e-9)[:, None], length


def _heads(ends: Floats, scale: float) -> QPainterPath:
    direction, length = _direction(ends)
    back = direction * np.minimum(HEAD_LENGTH * scale, length)[:, None]
    aside = np.stack([-direction[:, 1], direction[:, 0]], 1) * (HEAD_WIDTH * scale / 2)
    tips = ends[:, 2:]
    heads = QPainterPath()
    heads.setFillRule(Qt.FillRule.WindingFill)
    for triangle in np.stack([tips, tips - back + aside, tips - back - aside], 1):
        heads.addPolygon(polygon(triangle))
        heads.closeSubpath()
    return heads


def draw_points(c: Canvas, mark: Points) -> None:
    """Draw dots with a thin ring of the background, so that neighbours stay apart."""
    c.smooth(True)
    c.painter.setPen(QPen(c.colour("background"), c.scale))
    c.painter.setBrush(c.colour(mark.role))
    radius = mark.size * c.scale / 2 + c.scale / 2
    for x, y in _known(c.x(mark.positions[:, 0]), c.y(mark.positions[:, 1])):
        c.painter.drawEllipse(QPointF(x, y), radius, radius)


def _known(x: Floats, y: Floats) -> list[tuple[float, float]]:
    """Pairs without those that are not numbers."""
    return [(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True) if a == a and b == b]
