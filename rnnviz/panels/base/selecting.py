"""Picking what a figure over time shows: with the mouse where it is, with Up and Down what is next to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from rnnviz.figures.picking import pick
from rnnviz.figures.selecting import moved, selected_at
from rnnviz.figures.spots import SHARED
from rnnviz.figures.states import Lane, lane_looked_at
from rnnviz.panels.base.hold_menu import offer_holds
from rnnviz.panels.base.why_popover import explain, offer
from rnnviz.panels.views.time_view import TimeView

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from rnnviz.engine.selection import Selection
    from rnnviz.figures.picking import Pick
    from rnnviz.panels.base.panel import Panel
    from rnnviz.session.session import Session

KEYS = {"Up": -1, "Down": 1}


class Selecting(QObject):
    """Lets the clicks and keys of one panel pick what every panel then marks."""

    sought = Signal(float)  # x of the column that a menu is asked for

    def __init__(self, session: Session, panel: Panel) -> None:
        super().__init__(panel)
        self._session = session
        view = panel.view
        if isinstance(view, TimeView):
            view.menu_asked.connect(self._on_menu_asked)
        keyed = cast("QWidget", view)  # not the panel: its boxes and lists have these keys to themselves
        for key, down in KEYS.items():
            context = Qt.ShortcutContext.WidgetWithChildrenShortcut
            QShortcut(QKeySequence(key), keyed, context=context).activated.connect(partial(self.move, down))

    @property
    def _panel(self) -> Panel:
        """The panel, whose child this is: to hold it would make a ring for Python to collect."""
        return cast("Panel", self.parent())

    def at(self, pick: Pick) -> Selection | None:
        """Return what can be picked at a place of the figure shown."""
        figure = self._panel.view.figure
        return None if figure is None else selected_at(self._panel.scene, figure, pick)

    def explain(self) -> None:
        """Say why the number that is picked is what it is."""
        panel = self._panel
        explain(self._session, panel.theme, panel.view.zoom, panel)

    def explain_at(self, pick: Pick) -> None:
        """Explain what is picked if a place of the figure shows something."""
        if self.at(pick) is not None:
            self.explain()

    def add_to(self, menu: QMenu) -> None:
        """Offer in a menu to explain what is picked, and to hold it at a value."""
        offer(menu, self.explain, picked=self._session.moment.selection is not None)
        offer_holds(menu, self._session, self._panel)

    def show_menu(self, at: QPoint) -> None:
        """Open a menu that offers just that."""
        menu = QMenu(self._panel)
        self.add_to(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _on_menu_asked(self, at: QPoint) -> None:
        """Pick what is under the mouse and go to its step, which the menu is about; by keys nothing moves."""
        view = self._panel.view
        if isinstance(view, TimeView) and view.figure is not None and view.by_mouse:
            place = view.mapFromGlobal(at)
            found = pick(view.figure, view.width(), view.height(), place.x(), place.y(), view.zoom)
            picked = None if found is None else self.at(found)
            if found is not None and picked is not None:
                self.sought.emit(found.x)
                self.choose(picked)

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
