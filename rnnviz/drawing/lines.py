"""Curves: broken at NaN, thinned where there are more points than pixels."""

from __future__ import annotations

from struct import pack
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, Qt
from PySide6.QtGui import QPen, QPolygonF

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import Line

    Floats = NDArray[np.float64]

WIDTH = 1.5  # logical pixels of a line that is drawn well
PIECE = 32  # points: a long antialiased stroke costs far more than its pieces
FINER = 0.25  # logical pixels of a bin in a vector file, which may be shown much larger
DENSE = 8  # points a bin from which the envelope replaces them


def draw_line(c: Canvas, mark: Line) -> None:
    """Draw a curve: WIDTH and antialiased when fine or in vectors, one device pixel otherwise."""
    points = np.stack([c.x(mark.x), c.y(mark.y)], 1)
    well = c.fine or c.vector
    c.smooth(well)
    pen = QPen(c.colour(mark.role), WIDTH * c.scale if well else 0.0)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin if c.vector else Qt.PenJoinStyle.BevelJoin)
    if mark.dashed:
        pen.setDashPattern([4.0, 3.0])
    c.painter.setPen(pen)
    c.painter.setBrush(Qt.BrushStyle.NoBrush)
    # Pieces would begin a dash each; a vector file wants the curve as one object.
    piece = PIECE if well and not c.vector and not mark.dashed else len(points)
    for part in unbroken(points):
        thin = envelope(part, FINER if c.vector else 1.0 / c.ratio)
        for k in range(0, max(1, len(thin) - 1), piece):
            c.painter.drawPolyline(polygon(thin[k : k + piece + 1]))


def unbroken(points: Floats) -> list[Floats]:
    """Split (n, 2) points where x or y is NaN into parts without any."""
    known = np.concatenate(([False], ~np.isnan(points).any(1), [False]))
    bounds = np.flatnonzero(np.diff(known)).reshape(-1, 2)
    return [points[start:stop] for start, stop in bounds.tolist()]


def envelope(points: Floats, width: float) -> Floats:
    """Return the first, lowest, highest and last point of each bin of `width` pixels along x.

    The same picture from far fewer points. Points whose x runs back, or which are few, come as they are.
    """
    x, y = points.T
    span = float(x[-1] - x[0])
    if len(x) < DENSE * max(1.0, span / width) or span <= 0 or (np.diff(x) < 0).any():
        return points
    bins = ((x - x[0]) / width).astype(np.intp)
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    ends = np.append(starts[1:], len(x)) - 1
    rows = (y[starts], np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts), y[ends])
    return np.stack([np.repeat(x[starts], 4), np.stack(rows, 1).ravel()], 1)


def polygon(points: Floats) -> QPolygonF:
    """Return (n, 2) points as Qt wants them: read as a stream, since a Python object a point is slow."""
    stream = QDataStream(QByteArray(pack(">I", len(points)) + points.astype(">f8").tobytes()))
    found = QPolygonF()
    stream >> found
    return found
