"""The window before its contents are there: the cards of a workspace, empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from rnnviz.app.workspaces import Part, Workspace
    from rnnviz.figures.theme import Theme

BAR, STATUS, GAP, RADIUS = 47.0, 28.0, 8.0, 6.0


class Skeleton(QWidget):
    """Draws where the bars and cards will be; it needs nothing that takes long to load."""

    def __init__(self, workspace: Workspace, theme: Theme) -> None:
        super().__init__()
        self._workspace = workspace
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the canvas, the top bar and the cards."""
        width, height = self.width(), self.height()
        room = QRectF(GAP, BAR + GAP, width - 2 * GAP, height - BAR - GAP - STATUS)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._theme["canvas"]))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._theme["frame"]), 1.0))
            painter.setBrush(QColor(self._theme["panel"]))
            painter.drawRect(QRectF(-1.0, -1.0, width + 2.0, BAR))
            for card in cards(self._workspace.layout_in(width, height), room):
                painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


def cards(part: Part, room: QRectF) -> list[QRectF]:
    """Return the rectangles of a layout's panels in reading order."""
    if isinstance(part, str):
        return [room]
    row = part.direction == "row"
    free = (room.width() if row else room.height()) - GAP * (len(part.parts) - 1)
    found: list[QRectF] = []
    at = room.x() if row else room.y()
    for inner, size in zip(part.parts, part.sizes, strict=True):
        extent = free * size / sum(part.sizes)
        inside = (
            QRectF(at, room.y(), extent, room.height()) if row else QRectF(room.x(), at, room.width(), extent)
        )
        found += cards(inner, inside)
        at += extent + GAP
    return found
