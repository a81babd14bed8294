"""Why is a number what it is? Its expression, in a small window that a click elsewhere closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QDialog, QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from rnnviz.figures.explanation import explanation
from rnnviz.panels.base.scene import scene_of
from rnnviz.panels.views.figure_view import FigureView

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session

NOTHING = "Pick a unit, a weight, a loss or a cell of the gradient map first; W then says what gives it."
TIP = "The expression that gives the number that is picked, with its numbers (W)"
ROOM = 0.9  # share of the screen that it may take
EDGE = 10  # pixels around the figure


class WhyPopover(QDialog):
    """Shows what gives the number that is picked, and follows the playhead while it is open."""

    def __init__(self, session: Session, theme: Theme, zoom: float, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popover")
        self.setWindowTitle("Why?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.session = session
        self.view = FigureView(theme)
        self.view.zoom = zoom
        self.area = QScrollArea()
        self.area.setObjectName("scrolled")
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidget(self.view)
        box = QVBoxLayout(self)
        box.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        box.addWidget(self.area)
        session.moment_changed.connect(self._on_moment_changed)

    def open_at(self, at: QPoint) -> bool:
        """Open at a place of the screen, or as near as there is room; say whether there is a reason."""
        self.session.catch_up()  # terms of two moments would not add up
        if not self._show_reason():
            self.close()
            return False
        screen = self.screen().availableGeometry()
        self.adjustSize()
        size = self.sizeHint().boundedTo(screen.size() * ROOM)
        self.resize(size)
        x = min(max(screen.left(), at.x()), screen.right() - size.width())
        y = min(max(screen.top(), at.y()), screen.bottom() - size.height())
        self.move(x, y)
        self.show()
        return True

    def _show_reason(self) -> bool:
        moment = self.session.moment
        figure = explanation(scene_of(moment), moment.selection)
        if figure is None:
            return False
        margins, (width, height) = figure.margins, figure.plots[0].natural
        zoom = self.view.zoom
        width = (width + margins.left + margins.right) * zoom
        height = (height + margins.top + margins.bottom) * zoom
        self.view.setFixedSize(round(width), round(height))
        self.area.setMinimumSize(self.view.size().boundedTo(self.screen().availableSize() * ROOM))
        self.view.show_figure(figure)
        return True

    def _on_moment_changed(self, _old: Moment, new: Moment) -> None:
        if self.isVisible() and not new.stale and not self._show_reason():
            self.close()


def explain(session: Session, theme: Theme, zoom: float, parent: QWidget) -> bool:
    """Say why the number that is picked is what it is, near the mouse; return whether there is a reason."""
    place = parent.mapFromGlobal(QCursor.pos())
    here = QCursor.pos() if parent.rect().contains(place) else parent.mapToGlobal(parent.rect().center())
    return WhyPopover(session, theme, zoom, parent).open_at(here)


def offer(menu: QMenu, run: Callable[[], object], *, picked: bool) -> None:
    """Offer in a menu to explain what is picked."""
    action = menu.addAction("Why?", run)
    action.setToolTip(TIP)
    action.setEnabled(picked)


def show_menu(panel: QWidget, run: Callable[[], object], at: QPoint, *, picked: bool) -> None:
    """Open a menu that offers to explain what is picked and nothing else."""
    menu = QMenu(panel)
    offer(menu, run, picked=picked)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
