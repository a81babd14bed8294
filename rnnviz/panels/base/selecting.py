"""Picking what a figure over time shows: with the mouse where it is, with Up and Down what is next to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from rnnviz.figures.picking import pick
from rnnviz.figures.selecting import moved, selected_at
from rnnviz.figures.spots import SHARED
from rnnviz.figures.states import Lane, lane_looked_at
from rnnviz.panels.base.why_popover import explain, offer, show_menu
from rnnviz.panels.views.figure_view import FigureView
from rnnviz.panels.views.time_view import TimeView

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QMenu

    from rnnviz.engine.selection import Selection
    from rnnviz.figures.picking import Pick
    from rnnviz.panels.base.panel import Panel
    from rnnviz.session.session import Session

KEYS = {"Up": -1, "Down": 1}


class Selecting(QObject):
    """Lets the clicks and keys of one panel pick what every panel then marks."""

    def __init__(self, session: Session, panel: Panel) -> None:
        super().__init__(panel)
        self._session = session
        self._panel = panel
        view = panel.view
        if isinstance(view, FigureView):
            view.double_clicked.connect(self._on_double_clicked)
        if isinstance(view, TimeView):
            view.menu_asked.connect(self._on_menu_asked)
        for key, down in KEYS.items():
            context = Qt.ShortcutContext.WidgetWithChildrenShortcut
            QShortcut(QKeySequence(key), panel, context=context).activated.connect(partial(self.move, down))

    def at(self, pick: Pick) -> Selection | None:
        """Return what can be picked at a place of the figure shown."""
        figure = self._panel.view.figure
        return None if figure is None else selected_at(self._panel.scene, figure, pick)

    def explain(self) -> None:
        """Say why the number that is picked is what it is."""
        panel = self._panel
        explain(self._session, panel.theme, panel.view.zoom, panel)

    def add_to(self, menu: QMenu) -> None:
        """Offer in a menu to explain what is picked."""
        offer(menu, self.explain, picked=self._session.moment.selection is not None)

    def show_menu(self, at: QPoint) -> None:
        """Open a menu that offers just that."""
        show_menu(self._panel, self.explain, at, picked=self._session.moment.selection is not None)

    def _on_double_clicked(self, pick: Pick) -> None:
        if self.at(pick) is not None:
            self.explain()

    def _on_menu_asked(self, at: QPoint) -> None:
        """Pick what is under the mouse, which the menu then is about."""
        view = self._panel.view
        if isinstance(view, TimeView) and view.figure is not None:
            place = view.mapFromGlobal(at)
            found = pick(view.figure, view.width(), view.height(), place.x(), place.y(), view.zoom)
            self.choose(None if found is None else self.at(found))

    def move(self, down: int) -> None:
        """Pick what is below, or above if `down` is negative."""
        if (figure := self._panel.view.figure) is not None:
            self.choose(moved(self._panel.scene, figure, down))

    def choose(self, selection: Selection | None) -> None:
        """Pick something and look at its layer and direction; None leaves what was picked."""
        if selection is None:
            return
        lane = Lane(selection.layer, selection.direction)
        if selection.quantity not in {*SHARED, "L", "dx"} and lane != lane_looked_at(self._panel.scene):
            self._session.playback.look_at(*lane)
        self._session.playback.select(selection)
