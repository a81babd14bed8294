"""The menu of a timeline's tracks: which are shown, in which form and order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rnnviz.figures.tracks import USUAL_VIEW, TrackView, available, called
from rnnviz.panels.base.scene import scene_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from rnnviz.session.session import Session

BARS = frozenset({"L", "dh", "dc", "dx"})
TEXT = "text"


class TrackMenus(QObject):
    """Fills menus with what can be done to the tracks of a session, and keeps what was chosen."""

    changed = Signal(object)  # TrackView

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._view = USUAL_VIEW

    @property
    def view(self) -> TrackView:
        """What was chosen."""
        return self._view

    def choose(self, view: TrackView) -> None:
        """Show the tracks otherwise."""
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def fill(self, menu: QMenu) -> None:
        """Offer every track the network has, to be shown or hidden, and those shown to be arranged."""
        keys, scene = self._available(), scene_of(self._session.moment)
        for key in self._view.arranged(keys):
            action = menu.addAction(called(scene, key), partial(self._toggle, key))
            action.setCheckable(True)
            action.setChecked(self._view.shows(key))
        menu.addSeparator()
        arrange = menu.addMenu("Arrange")
        for key in self._view.seen(keys):
            self.fill_one(arrange.addMenu(called(scene, key)), key)
        menu.addAction("Usual tracks", partial(self.choose, USUAL_VIEW))

    def fill_one(self, menu: QMenu, key: str) -> None:
        """Offer what can be done to one track."""
        view, seen = self._view, self._view.seen(self._available())
        if key != TEXT:
            as_before = "Bars" if key in BARS else "Heat map"
            for text, lines in ((as_before, False), ("Lines", True)):
                action = menu.addAction(text, partial(self._draw_as, key, lines))
                action.setCheckable(True)
                action.setChecked((key in view.lines) == lines)
            menu.addSeparator()
        folded = key in view.collapsed
        menu.addAction("Expand" if folded else "Collapse", partial(self._collapse, key))
        up = menu.addAction("Move up", partial(self._move, key, -1))
        down = menu.addAction("Move down", partial(self._move, key, 1))
        up.setEnabled(key in seen and key != seen[0])
        down.setEnabled(key in seen and key != seen[-1])
        menu.addAction("Hide", partial(self._toggle, key))

    def _toggle(self, key: str) -> None:
        self.choose(self._view.toggle(key))

    def _draw_as(self, key: str, lines: bool) -> None:
        if (key in self._view.lines) != lines:
            self.choose(self._view.toggle_lines(key))

    def _collapse(self, key: str) -> None:
        self.choose(self._view.toggle_collapsed(key))

    def _move(self, key: str, down: int) -> None:
        self.choose(self._view.moved(key, down, self._available()))

    def _available(self) -> tuple[str, ...]:
        return available(scene_of(self._session.moment))
