"""What is drawn over the cells of a matrix: bars along their lower edges, padlocks in their corners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen

if TYPE_CHECKING:
    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import CellBars, Locks

STRIP = 4.0  # logical pixels: the ground of a bar, so that it can be told from any colour of a cell
SHARE = 0.3  # of a cell's height, at most
INSET = 2.0  # logical pixels from the cell's sides
BADGE = 10.0  # logical pixels: a padlock with its ground
LEAST = 6.0  # below which it is a plain square


def draw_cell_bars(c: Canvas, mark: CellBars) -> None:
    """Draw the ground of every bar, then the bars; a value that is not zero always shows."""
    values = np.asarray(mark.values, np.float64)
    if values.ndim != 2 or not values.size or not mark.limit > 0:
        return
    width, height = abs(c.at_x(1.0) - c.at_x(0.0)), abs(c.at_y(1.0) - c.at_y(0.0))
    tall = c.even(min(STRIP * c.scale, SHARE * height))
    inset = min(INSET * c.scale, 0.1 * width)
    half = width / 2 - inset
    with np.errstate(all="ignore"):
        lengths = half * np.nan_to_num(np.clip(values / mark.limit, -1.0, 1.0))
    lengths = np.where(lengths != 0, np.copysign(np.maximum(np.abs(lengths), 1 / c.ratio), lengths), 0.0)
    middles = c.x(np.arange(values.shape[1]) + 0.5).tolist()
    tops = [c.snapped(y) - tall - inset / 2 for y in c.y(np.arange(values.shape[0]) + 1.0).tolist()]
    c.smooth(False)
    c.fill_with("background")
    c.painter.drawRects([QRectF(x - half, y, 2 * half, tall) for y in tops for x in middles])
    c.fill_with(mark.role)
    c.painter.drawRects(
        [
            QRectF(x + min(length, 0.0), y, abs(length), tall)
            for y, row in zip(tops, lengths.tolist(), strict=True)
            for x, length in zip(middles, row, strict=True)
            if length
        ]
    )


def draw_locks(c: Canvas, mark: Locks) -> None:
    """Draw a padlock on a ground of its own in each cell, as small as the cells demand."""
    width, height = abs(c.at_x(mark.size[0]) - c.at_x(0.0)), abs(c.at_y(mark.size[1]) - c.at_y(0.0))
    size = min(BADGE * c.scale, 0.45 * width, 0.6 * height)
    if not len(mark.cells) or size <= 0:
        return
    rights, tops = c.x(mark.cells[:, 1] + mark.size[0]).tolist(), c.y(mark.cells[:, 0]).tolist()
    c.smooth(True)
    for right, top in zip(rights, tops, strict=True):
        if right == right and top == top:
            _draw_lock(c, c.snapped(right - size), c.snapped(top), size, mark.role)


def _draw_lock(c: Canvas, x: float, y: float, size: float, role: str) -> None:
    c.fill_with("background")
    c.painter.drawRoundedRect(QRectF(x, y, size, size), 0.25 * size, 0.25 * size)
    c.fill_with(role)
    if size < LEAST * c.scale:
        c.painter.drawRect(QRectF(x + 0.25 * size, y + 0.25 * size, 0.5 * size, 0.5 * size))
        return
    body = QRectF(x + 0.2 * size, y + 0.46 * size, 0.6 * size, 0.4 * size)
    c.painter.drawRoundedRect(body, 0.08 * size, 0.08 * size)
    bow = QPainterPath()
    bow.moveTo(x + 0.33 * size, body.top())
    bow.lineTo(x + 0.33 * size, y + 0.33 * size)
    bow.arcTo(QRectF(x + 0.33 * size, y + 0.16 * size, 0.34 * size, 0.34 * size), 180.0, -180.0)
    bow.lineTo(x + 0.67 * size, body.top())
    c.painter.setBrush(Qt.BrushStyle.NoBrush)
    c.painter.setPen(QPen(c.colour(role), 0.12 * size))
    c.painter.drawPath(bow)
