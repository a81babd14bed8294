"""Lines with rounded corners, as wires are drawn."""

from __future__ import annotations

from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainterPath, QPen, QPolygonF

if TYPE_CHECKING:
    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import Floats, Pipes

    Point: TypeAlias = tuple[float, float]

CORNER = 7.0  # logical pixels of a corner's radius
GAP = 3.0  # logical pixels free on both sides of a line that crosses another one
HEAD = 5.5  # logical pixels of an arrowhead's length, beside its line's width
BROAD = 0.9  # of its length: the width of an arrowhead
DOT = 1.75  # of the line's width: the radius of the dot where lines join


def draw_pipes(c: Canvas, mark: Pipes) -> None:
    """Draw each line, over a wider one in the background's colour if it leaves gaps, and its arrowhead."""
    width = c.thickness(mark.width)
    long = HEAD * c.scale + width
    for number, corners in enumerate(mark.lines):
        points = _crisp(c, corners, width)
        if len(points) < 2 or any(x != x or y != y for x, y in points):
            continue
        headed = number in mark.heads
        shaft = [*points[:-1], _moved(points[-1], points[-2], 0.7 * long)] if headed else points
        if mark.over:
            _stroke(c, shaft, _pen(c, "background", width + 2 * GAP * c.scale))
        _stroke(c, shaft, _pen(c, mark.role, width))
        if headed:
            c.smooth(True)
            c.painter.fillPath(_head(points[-2], points[-1], long), c.colour(mark.role))
    if mark.joins is not None:
        _draw_joins(c, mark.joins, mark.role, DOT * width)


def _pen(c: Canvas, role: str, width: float) -> QPen:
    return QPen(c.colour(role), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)


def _crisp(c: Canvas, corners: Floats, width: float) -> list[Point]:
    """Return corners in pixels, so that both edges of level and upright lines lie between device pixels."""
    half = width / 2
    return [
        (_snapped(c, c.at_x(x) - half) + half, _snapped(c, c.at_y(y) - half) + half)
        for x, y in corners.tolist()
    ]


def _snapped(c: Canvas, pixel: float) -> float:
    return c.snapped(pixel) if pixel == pixel else pixel


def _stroke(c: Canvas, points: list[Point], pen: QPen) -> None:
    """Draw a line: its corners as arcs, what is level or upright between them without antialiasing."""
    radius = CORNER * c.scale
    legs: list[QLineF] = []
    arcs, at = QPainterPath(), points[0]
    for (before, corner), (_, after) in pairwise(pairwise(points)):
        start, end = (_moved(corner, other, radius) for other in (before, after))
        legs.append(QLineF(*at, *start))
        arcs.moveTo(*start)
        arcs.quadTo(*corner, *end)
        at = end
    legs.append(QLineF(*at, *points[-1]))
    c.painter.setBrush(Qt.BrushStyle.NoBrush)
    c.painter.setPen(pen)
    c.smooth(c.vector or any(leg.dx() and leg.dy() for leg in legs))
    c.painter.drawLines(legs)
    if len(points) > 2:
        c.smooth(True)
        c.painter.drawPath(arcs)


def _moved(start: Point, end: Point, length: float) -> Point:
    """Return a place so far from `start` towards `end`, but halfway at most."""
    across, down = end[0] - start[0], end[1] - start[1]
    whole = hypot(across, down)
    share = min(length / whole, 0.5) if whole > 0 else 0.0
    return start[0] + across * share, start[1] + down * share


def _head(before: Point, tip: Point, long: float) -> QPainterPath:
    """Return an arrowhead at the end of a line."""
    whole = hypot(tip[0] - before[0], tip[1] - before[1]) or 1.0
    across, down = (tip[0] - before[0]) / whole * long, (tip[1] - before[1]) / whole * long
    base, half = (tip[0] - across, tip[1] - down), BROAD / 2
    sides = [(base[0] - sign * down * half, base[1] + sign * across * half) for sign in (1, -1)]
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(*tip), *(QPointF(*side) for side in sides)]))
    path.closeSubpath()
    return path


def _draw_joins(c: Canvas, joins: Floats, role: str, radius: float) -> None:
    c.smooth(True)
    c.fill_with(role)
    for x, y in zip(c.x(joins[:, 0]).tolist(), c.y(joins[:, 1]).tolist(), strict=True):
        if x == x and y == y:
            c.painter.drawEllipse(QPointF(x, y), radius, radius)
