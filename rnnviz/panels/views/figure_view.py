"""A widget that shows any figure and says what the mouse does to it."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING
from weakref import WeakMethod

from PySide6.QtCore import QMetaMethod, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from rnnviz.drawing.colours import colour
from rnnviz.drawing.painter import draw_message, paint
from rnnviz.figures import picking
from rnnviz.figures.layout import Rect, plot_rects, to_data
from rnnviz.figures.textruns import plain
from rnnviz.panels.views.pictures import Pictures

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QFocusEvent, QHideEvent, QMouseEvent, QPaintEvent, QWheelEvent

    from rnnviz.figures.model import Figure
    from rnnviz.figures.picking import Pick
    from rnnviz.figures.theme import Theme

FAILED = "This picture could not be drawn; the details are in the log."
NOTCH = 120  # of Qt's angle units
RING, CORNER = 2.0, 4.0  # logical pixels of the frame that says that the keyboard is here
BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)

log = logging.getLogger(__name__)


class FigureView(QWidget):
    """Shows a figure; what an edit leaves alone is kept as a picture and not drawn again.

    The signals say what the mouse did and where, as a `Pick`; what it means is the panel's business.
    `dragged` counts pixels from the press. `paints` counts the pictures drawn.
    """

    pressed = Signal(object, object)  # Pick, Qt.KeyboardModifier
    dragged = Signal(object, float, float, object)  # Pick of the press, dx, dy, Qt.KeyboardModifier
    released = Signal()
    hovered = Signal(object)  # Pick or None
    double_clicked = Signal(object)  # Pick
    wheel = Signal(object, float, object)  # Pick, notches away from the user, Qt.KeyboardModifier

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paints = 0
        self._theme = theme
        self._zoom = 1.0
        self._figure: Figure | None = None
        self._pictures = Pictures()  # of axes and the marks that rest
        self._ringed = False
        self._press: tuple[Pick, QPointF] | None = None
        self._wants_wheel: WeakMethod[Callable[[Pick], bool]] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # so that keys are the window's again after typing
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def figure(self) -> Figure | None:
        """The figure shown."""
        return self._figure

    @property
    def zoom(self) -> float:
        """By what fonts, pens and margins are scaled."""
        return self._zoom

    @zoom.setter
    def zoom(self, zoom: float) -> None:
        if zoom != self._zoom:
            self._zoom = zoom
            self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Show the figure in other colours."""
        if theme != self._theme:
            self._theme = theme
            self._redraw()

    def show_figure(self, figure: Figure) -> None:
        """Show another figure; only what differs from the last one is drawn anew."""
        old, self._figure = self._figure, figure
        self._pictures.show(figure)
        if old is None or (old.title, old.description) != (figure.title, figure.description):
            self.setAccessibleName(plain(figure.title))
            self.setAccessibleDescription(plain(figure.description))
        self.update()

    def _redraw(self) -> None:
        self._pictures.redraw()
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size at which most figures can be read."""
        return QSize(360, 220)

    def minimumSizeHint(self) -> QSize:
        """Return how small it may become."""
        return QSize(80, 48)

    def units_per_pixel(self, plot_name: str) -> float:
        """Return how much x changes from one pixel to the next; 0 if there is no such plot."""
        if self._figure is None:
            return 0.0
        rects = plot_rects(self._figure, self.width(), self.height(), self._zoom)
        for plot, rect in zip(self._figure.plots, rects, strict=True):
            if plot.name == plot_name and rect.w > 0:
                return to_data(plot, rect, rect.x + 1, rect.y)[0] - to_data(plot, rect, rect.x, rect.y)[0]
        return 0.0

    def cell_rect(self, plot_name: str, mark: int, row: int, column: int) -> Rect:
        """Return where a cell of a heat map is in the widget; KeyError if there is no such plot."""
        if self._figure is None:
            raise KeyError(plot_name)
        size = self.width(), self.height()
        return picking.cell_rect(self._figure, *size, plot_name, mark, row, column, self._zoom)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the figure; what goes wrong is logged, since an exception here could end the program."""
        with QPainter(self) as painter:
            painter.setClipRect(event.rect())  # of a picture that is scrolled the rest is not drawn
            try:
                self._paint(painter)
                self._draw_ring(painter)
            except Exception:
                log.exception("A figure could not be drawn.")
                self._pictures.redraw()
                self._say(painter, FAILED)
        self.paints += 1

    def _paint(self, painter: QPainter) -> None:
        if self._figure is None:
            self._say(painter, "")
            return
        kept = self._pictures.now
        if kept.pixmap is None or kept.pixmap.devicePixelRatio() != self.devicePixelRatioF():
            kept.pixmap = self._drawn_below(self._figure)
        painter.drawPixmap(0, 0, kept.pixmap)
        size = self.width(), self.height()
        paint(painter, self._figure, size, self._theme, zoom=self._zoom, layer="above", still=kept.still)

    def _draw_ring(self, painter: QPainter) -> None:
        """Show that the keyboard is here, if it came by the keyboard."""
        if self._ringed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(self._theme, "accent"), RING))
            inside = RING / 2
            frame = QRectF(self.rect()).adjusted(inside, inside, -inside, -inside)
            painter.drawRoundedRect(frame, CORNER, CORNER)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is here."""
        super().focusInEvent(event)
        self._ring(event.reason() in BY_KEYBOARD)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it is not."""
        super().focusOutEvent(event)
        self._ring(False)

    def _ring(self, on: bool) -> None:
        if on != self._ringed:
            self._ringed = on
            self.update()

    def _drawn_below(self, figure: Figure) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(math.ceil(self.width() * ratio), math.ceil(self.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(colour(self._theme, "background"))
        size = self.width(), self.height()
        with QPainter(pixmap) as painter:
            still = self._pictures.now.still
            paint(painter, figure, size, self._theme, zoom=self._zoom, layer="below", still=still)
        return pixmap

    def _say(self, painter: QPainter, sentence: str) -> None:
        painter.fillRect(self.rect(), colour(self._theme, "background"))
        bounds = Rect(0.0, 0.0, self.width(), self.height())
        draw_message(painter, bounds, self._theme, sentence, self._zoom)

    def resizeEvent(self, _event: object) -> None:
        """Forget the pictures of the old size."""
        self._pictures.redraw()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Say where the left button went down."""
        pick = self._pick(event.position())
        if event.button() != Qt.MouseButton.LeftButton or pick is None:
            super().mousePressEvent(event)
            return
        self._press = pick, event.position()
        self.pressed.emit(pick, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say how far the mouse was dragged, or what is under it."""
        if self._press is None:
            self.hovered.emit(self._pick(event.position()))
            return
        pick, start = self._press
        moved = event.position() - start
        self.dragged.emit(pick, moved.x(), moved.y(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Say that a press has ended."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._end_press()
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Say what was double-clicked."""
        pick = self._pick(event.position())
        if event.button() == Qt.MouseButton.LeftButton and pick is not None:
            self.double_clicked.emit(pick)
        else:
            super().mouseDoubleClickEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Say how far the wheel was turned, if anyone listens; otherwise what is around may scroll."""
        pick = self._pick(event.position())
        angle = event.angleDelta()
        # With Alt held some platforms report the wheel as a horizontal one.
        notches = (angle.y() or angle.x()) / NOTCH
        heard = self.isSignalConnected(QMetaMethod.fromSignal(self.wheel))
        if pick is None or not notches or not heard or not self._turns(pick):
            event.ignore()
            return
        self.wheel.emit(pick, notches, event.modifiers())
        event.accept()

    def ask_before_wheel(self, wanted: Callable[[Pick], bool]) -> None:
        """Let a method say where the wheel is heard; elsewhere what is around may scroll.

        It is not kept alive: a view that held its panel could let both be collected while they paint.
        """
        self._wants_wheel = WeakMethod(wanted)

    def _turns(self, pick: Pick) -> bool:
        if self._wants_wheel is None:
            return True
        wanted = self._wants_wheel()
        return wanted is None or wanted(pick)

    def leaveEvent(self, event: QEvent) -> None:
        """Say that nothing is under the mouse."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def hideEvent(self, event: QHideEvent) -> None:
        """End a press whose release will not come."""
        super().hideEvent(event)
        self._end_press()

    def _end_press(self) -> None:
        if self._press is not None:
            self._press = None
            self.released.emit()

    def _pick(self, at: QPointF) -> Pick | None:
        if self._figure is None:
            return None
        return picking.pick(self._figure, self.width(), self.height(), at.x(), at.y(), self._zoom)
