"""A widget for curves that people explore: they can be magnified, moved and read out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no types
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from rnnviz.drawing.colours import colour
from rnnviz.figures.textruns import plain
from rnnviz.panels.views.chart_layer import Layer
from rnnviz.panels.views.chart_picture import ChartPicture
from rnnviz.panels.views.chart_plot import Look
from rnnviz.panels.views.chart_readout import Reading, draw_reading, read

if TYPE_CHECKING:
    from PySide6.QtCore import QObject, QPointF
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent

    from rnnviz.figures.model import Figure
    from rnnviz.figures.theme import Theme

REST = 150  # milliseconds after a change until they are drawn well again
TOP = 100.0  # level above all curves
MAGNIFY = {"+": 0.8, "=": 0.8, "-": 1.25}  # by how much more, or less, is seen
BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


# The bindings take the parts of a GraphicsView apart in no certain order: a scene that goes after the view's
# viewport ends the program. One that is kept goes last, as Qt wants it; what is left of it is small.
_KEPT: list[Any] = []


class ChartView(QWidget):
    """Shows a figure of curves: the wheel magnifies, dragging moves, a double click shows the whole again.

    Ranges are the figure's until the user changes them; they are never chosen from the data. The keys + − 0
    magnify and reset. The point nearest to the mouse is read out. `paints` counts the pictures drawn.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paints = 0
        self._theme = theme
        self._zoom = 1.0
        self._fine = True
        self._figure: Figure | None = None
        self._mouse: tuple[float, float] | None = None
        self._reading: Reading | None = None
        self._ringed = False
        self._canvas: Any = pg.GraphicsView(self, background=colour(theme, "background"))
        _KEPT.append(self._canvas.scene())
        self._picture = ChartPicture(self._canvas.scene(), self._look(), self._on_range_changed)
        self._top = Layer(self._draw_top, TOP)
        self._canvas.scene().addItem(self._top)
        self._settling = QTimer(self, singleShot=True, interval=REST)
        self._settling.timeout.connect(self._on_settled)
        self._listen()

    def _listen(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._canvas.setAcceptDrops(False)
        self._canvas.viewport().installEventFilter(self)
        self._canvas.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._canvas.scene().sigMouseClicked.connect(self._on_mouse_clicked)

    @property
    def figure(self) -> Figure | None:
        """The figure shown, with its own ranges."""
        return self._figure

    @property
    def shown_figure(self) -> Figure | None:
        """The figure with the ranges that are seen, for an export that equals the screen."""
        return self._picture.shown

    @property
    def readout(self) -> str:
        """The name and the values of the point under the crosshair; empty without one."""
        return self._reading.text if self._reading is not None else ""

    @property
    def zoom(self) -> float:
        """By what fonts, pens and margins are scaled."""
        return self._zoom

    @zoom.setter
    def zoom(self, zoom: float) -> None:
        if zoom != self._zoom:
            self._zoom = zoom
            self._restyle()

    def set_theme(self, theme: Theme) -> None:
        """Show the figure in other colours."""
        if theme is not self._theme:
            self._theme = theme
            self._canvas.setBackground(colour(theme, "background"))
            self._restyle()

    def show_figure(self, figure: Figure) -> None:
        """Show another figure; a range the user has magnified stays, unless the plot has another x axis."""
        old, self._figure = self._figure, figure
        self._fine = not self._settling.isActive()
        self._settling.start()
        self._picture.show(figure, self._look())
        self._read_out()
        if old is None or (old.title, old.description) != (figure.title, figure.description):
            self.setAccessibleName(plain(figure.title))
            self.setAccessibleDescription(plain(figure.description))

    def reset(self) -> None:
        """Show the figure's own ranges."""
        self._picture.reset()

    def settle(self) -> None:
        """Draw well at once what would be drawn well after a moment's rest."""
        self._settling.stop()
        self._on_settled()

    def _look(self) -> Look:
        return Look(self._theme, self._zoom, self.devicePixelRatioF(), self._fine)

    def _restyle(self) -> None:
        self._picture.restyle(self._look())
        self._read_out()
        self._top.update()

    def _draw_top(self, painter: QPainter) -> None:
        """Draw the crosshair and the focus; the last thing drawn in every picture."""
        if self._reading is not None:
            draw_reading(painter, self._reading, self._theme, self._zoom)
        if self._ringed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(colour(self._theme, "accent"), 2.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        self.paints += 1

    def sizeHint(self) -> QSize:
        """Return a size at which most charts can be read."""
        return QSize(360, 220)

    def minimumSizeHint(self) -> QSize:
        """Return how small it may become."""
        return QSize(80, 48)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the widget, with the same ranges."""
        super().resizeEvent(event)
        self._canvas.setGeometry(self.rect())
        self._top.cover(self.width(), self.height())
        self._picture.resize(self.width(), self.height())
        self._read_out()

    def event(self, event: QEvent) -> bool:
        """Draw with other pens on a screen with smaller or larger pixels."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._restyle()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the right button from pyqtgraph, which would stretch one axis with it."""
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.RightButton:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Magnify with + and −, show the whole with 0."""
        if event.text() in MAGNIFY:
            self._picture.magnify(MAGNIFY[event.text()])
        elif event.text() == "0":
            self.reset()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is here."""
        super().focusInEvent(event)
        self._ring(event.reason() in BY_KEYBOARD)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it is not."""
        super().focusOutEvent(event)
        self._ring(False)

    def _ring(self, on: bool) -> None:
        self._ringed = on
        self._top.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Read nothing out."""
        super().leaveEvent(event)
        self._mouse = None
        self._read_out()

    def _read_out(self) -> None:
        """Read the point nearest to the mouse."""
        reading, shown = None, self._picture.shown
        if self._mouse is not None and shown is not None:
            reading = read(shown, self._picture.rects, *self._mouse)
        if reading != self._reading:
            self._reading = reading
            self._top.update()

    def _on_mouse_moved(self, at: QPointF) -> None:
        self._mouse = at.x(), at.y()
        self._read_out()

    def _on_mouse_clicked(self, event: Any) -> None:
        if event.double() and event.button() == Qt.MouseButton.LeftButton:
            self._picture.reset_at(event.scenePos().x(), event.scenePos().y())

    def _on_range_changed(self) -> None:
        if not self._picture.showing:
            self._picture.arrange()
            self._read_out()

    def _on_settled(self) -> None:
        """Draw well what was drawn coarsely while it changed."""
        if not self._fine:
            self._fine = True
            self._restyle()
