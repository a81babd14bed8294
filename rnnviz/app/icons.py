"""The few icons of the window, drawn as paths so that they are sharp and take the theme's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.theme import Theme

SIDE = 16
SCALES = (1, 2)


def icon(name: str, theme: Theme) -> QIcon:
    """Return an icon in the theme's text colour, in the colour of text on the accent while it is checked."""
    made = QIcon()
    states = (
        (QIcon.Mode.Normal, QIcon.State.Off, "text"),
        (QIcon.Mode.Normal, QIcon.State.On, "accent_text"),
        (QIcon.Mode.Disabled, QIcon.State.Off, "disabled"),
        (QIcon.Mode.Disabled, QIcon.State.On, "disabled"),
    )
    for mode, state, role in states:
        for scale in SCALES:
            made.addPixmap(_pixmap(name, QColor(theme[role]), scale), mode, state)
    return made


def _pixmap(name: str, colour: QColor, scale: int) -> QPixmap:
    pixmap = QPixmap(QSize(SIDE, SIDE) * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.setBrush(colour)
        DRAWN[name](painter)
    return pixmap


def _triangle(painter: QPainter, left: float, right: float) -> None:
    points = [QPointF(left, 3.5), QPointF(right, 8.0), QPointF(left, 12.5)]
    painter.drawPolygon(QPolygonF(points))


def _chevron(painter: QPainter, left: float, right: float) -> None:
    painter.drawPolyline(QPolygonF([QPointF(left, 3.8), QPointF(right, 8.0), QPointF(left, 12.2)]))


def _first(painter: QPainter) -> None:
    painter.drawLine(QPointF(4.0, 3.8), QPointF(4.0, 12.2))
    _chevron(painter, 11.5, 7.0)


def _previous(painter: QPainter) -> None:
    _chevron(painter, 10.0, 5.5)


def _play(painter: QPainter) -> None:
    _triangle(painter, 5.0, 12.5)


def _pause(painter: QPainter) -> None:
    painter.drawRect(QRectF(4.5, 3.8, 2.2, 8.4))
    painter.drawRect(QRectF(9.5, 3.8, 2.2, 8.4))


def _next(painter: QPainter) -> None:
    _chevron(painter, 6.0, 10.5)


def _last(painter: QPainter) -> None:
    painter.drawLine(QPointF(12.0, 3.8), QPointF(12.0, 12.2))
    _chevron(painter, 4.5, 9.0)


def _arc(painter: QPainter, rect: QRectF, start: float, span: float) -> None:
    path = QPainterPath()
    path.arcMoveTo(rect, start)
    path.arcTo(rect, start, span)
    painter.strokePath(path, painter.pen())


def _head(painter: QPainter, tip: QPointF, dx: float, dy: float) -> None:
    """Draw a small arrow head at `tip`, pointing along (dx, dy)."""
    back, side = QPointF(tip.x() - 4 * dx, tip.y() - 4 * dy), QPointF(-2.6 * dy, 2.6 * dx)
    painter.drawPolygon(QPolygonF([tip, back + side, back - side]))


def _loop(painter: QPainter) -> None:
    _arc(painter, QRectF(3.0, 3.0, 10.0, 10.0), 60.0, 290.0)
    _head(painter, QPointF(13.4, 8.8), 0.25, 0.97)


def _slow(painter: QPainter) -> None:
    rect = QRectF(2.0, 2.0, 12.0, 12.0)
    _arc(painter, rect, -90.0, 180.0)
    for start in (102.0, 156.0, 210.0, 246.0):
        _arc(painter, rect, start, 12.0)
    painter.drawPolygon(QPolygonF([QPointF(6.8, 5.6), QPointF(10.2, 8.0), QPointF(6.8, 10.4)]))


def _undo(painter: QPainter) -> None:
    _arc(painter, QRectF(4.0, 5.0, 9.0, 8.0), -70.0, 210.0)
    _head(painter, QPointF(3.0, 8.8), -0.45, 0.9)


def _redo(painter: QPainter) -> None:
    _arc(painter, QRectF(3.0, 5.0, 9.0, 8.0), 250.0, -210.0)
    _head(painter, QPointF(13.0, 8.8), 0.45, 0.9)


def _menu(painter: QPainter) -> None:
    for y in (4.0, 8.0, 12.0):
        painter.drawLine(QPointF(3.0, y), QPointF(13.0, y))


def _more(painter: QPainter) -> None:
    for x in (3.5, 8.0, 12.5):
        painter.drawEllipse(QPointF(x, 8.0), 0.5, 0.5)


DRAWN: dict[str, Callable[[QPainter], None]] = {
    "first": _first,
    "previous": _previous,
    "play": _play,
    "pause": _pause,
    "next": _next,
    "last": _last,
    "loop": _loop,
    "slow": _slow,
    "undo": _undo,
    "redo": _redo,
    "menu": _menu,
    "more": _more,
}
