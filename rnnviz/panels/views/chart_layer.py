"""A sheet that covers a chart and is drawn by a function, below or above the curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget


class Layer(QGraphicsItem):
    """Draws with `draw` in logical pixels of the chart; the mouse passes through it.

    kept: what was drawn stays as a picture until `update`, however often what is above it changes.
    """

    def __init__(self, draw: Callable[[QPainter], None], level: float, *, kept: bool = False) -> None:
        super().__init__()
        self._draw = draw
        self._area = QRectF()
        self.setZValue(level)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        if kept:
            self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def cover(self, width: float, height: float) -> None:
        """Cover a chart of that many logical pixels."""
        self.prepareGeometryChange()
        self._area = QRectF(0.0, 0.0, width, height)

    def boundingRect(self) -> QRectF:
        """Return what is covered."""
        return self._area

    def shape(self) -> QPainterPath:
        """Return nothing: there is nothing to be clicked."""
        return QPainterPath()

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Draw."""
        self._draw(painter)
