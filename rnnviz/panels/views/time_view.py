"""A figure view over time, whose columns can be zoomed and moved and whose names have menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent

from rnnviz.figures.layout import Rect, plot_rects, to_data
from rnnviz.figures.picking import heading_at
from rnnviz.panels.views.figure_view import NOTCH, FigureView

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, QPoint, QPointF
    from PySide6.QtGui import QMouseEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.model import Plot
    from rnnviz.figures.theme import Theme


class TimeView(FigureView):
    """Says how far the columns should be zoomed and moved, and which track's name was asked for its menu.

    ruled: whether it has a ruler beneath its plots. by_mouse: whether it was the mouse that asked for a menu.
    """

    zoomed = Signal(float, float)  # notches closer, the x to stay in its place
    panned = Signal(float)  # columns to the right, a part of one at a time
    named = Signal(str, object)  # the plot whose name is under the mouse, where to open a menu
    menu_asked = Signal(object)  # where to open a menu: elsewhere, or by the keyboard

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.ruled = False
        self.by_mouse = False
        self._grabbed: float | None = None  # the pixel at which the ruler is held
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, pan with Shift or a sideways wheel; a plain wheel is for what is around."""
        x, angle = self._x_at(event.position()), event.angleDelta()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        sideways = abs(angle.x()) > abs(angle.y())
        if x is None or not (control or shift or sideways):
            super().wheelEvent(event)
            return
        if control:
            self.zoomed.emit((angle.y() or angle.x()) / NOTCH, x)
        else:
            notches = -(angle.x() or angle.y()) / NOTCH
            self.panned.emit(notches * max(1.0, self._columns() / 8))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the ruler, or do what a press in a plot does."""
        if event.button() == Qt.MouseButton.LeftButton and self._on_ruler(event.position()):
            self._grabbed = event.position().x()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the columns with the ruler, or do what a move in a plot does."""
        if self._grabbed is None:
            on_ruler = self._on_ruler(event.position())
            if on_ruler != (self.cursor().shape() == Qt.CursorShape.OpenHandCursor):
                shape = Qt.CursorShape.OpenHandCursor if on_ruler else Qt.CursorShape.PointingHandCursor
                self.setCursor(shape)
            super().mouseMoveEvent(event)
            return
        width = self._column_width()
        if width > 0:
            moved = int((self._grabbed - event.position().x()) / width)
            if moved:
                self._grabbed -= moved * width
                self.panned.emit(float(moved))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the ruler."""
        if self._grabbed is None:
            super().mouseReleaseEvent(event)
            return
        self._let_go()

    def hideEvent(self, event: QEvent) -> None:
        """Let go of what is held, whose release will not come."""
        self._let_go()
        super().hideEvent(event)  # type: ignore[arg-type]

    def _let_go(self) -> None:
        if self._grabbed is not None:
            self._grabbed = None
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the track whose name is under the mouse, or for that of all."""
        name = self._name_at(event.pos())
        self.by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if self.by_mouse and name is not None:
            self.named.emit(name, event.globalPos())
        else:
            self.menu_asked.emit(event.globalPos())
        event.accept()

    def _rects(self) -> list[tuple[Plot, Rect]]:
        if self.figure is None:
            return []
        rects = plot_rects(self.figure, self.width(), self.height(), self.zoom)
        return list(zip(self.figure.plots, rects, strict=True))

    def _x_at(self, at: QPointF) -> float | None:
        """Return the data position of a pixel in the first plot; None without any."""
        placed = self._rects()
        return to_data(*placed[0], at.x(), at.y())[0] if placed else None

    def _columns(self) -> float:
        placed = self._rects()
        return placed[0][0].x.high - placed[0][0].x.low if placed else 0.0

    def _column_width(self) -> float:
        placed = self._rects()
        return placed[0][1].w / max(1.0, self._columns()) if placed else 0.0

    def _on_ruler(self, at: QPointF) -> bool:
        placed = self._rects()
        if not self.ruled or not placed:
            return False
        last = placed[-1][1]
        return last.x <= at.x() < last.right and at.y() >= last.bottom + 1

    def _name_at(self, at: QPoint) -> str | None:
        """Return the plot beside whose rectangle a pixel of the gutter is."""
        if self.figure is None:
            return None
        return heading_at(self.figure, self.width(), self.height(), at.x(), at.y(), self.zoom)
