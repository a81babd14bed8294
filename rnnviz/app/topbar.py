"""The bar at the top: document, workspaces, transport, network, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QWidget,
)

from rnnviz.app.icons import icon
from rnnviz.app.network_choice import NetworkChoice
from rnnviz.app.transport import Transport
from rnnviz.app.workspace_choice import WorkspaceChoice
from rnnviz.panels.base.buttons import tool_button

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QResizeEvent

    from rnnviz.app.actions import Actions
    from rnnviz.app.network_control import NetworkControl
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session


LONGEST_TITLE = 180  # logical pixels; half of it where the bar is narrow
EDGES = 24  # logical pixels that the bar keeps at its ends and between its rows
SPARED: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "",
        "slider",
        "slider name",
        "cells",
        "slider cells",
        "slider name cells",
        "slider name title speed workspaces",
        "slider name title speed workspaces cells",
    )
)
"""What the bar does without, the widest one first; of cells and workspaces there is a list then."""


class TopBar(QToolBar):
    """Buttons for what a window's actions do; holds no state of its own."""

    workspace_chosen = Signal(str)

    def __init__(
        self,
        session: Session,
        control: NetworkControl,
        actions: Actions,
        menu: QMenu,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__("Main", parent)
        self.setObjectName("topbar")
        self.setMovable(False)
        self.setIconSize(QSize(16, 16))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.menu_button = tool_button("", "quiet", "Menu")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(menu)
        self.menu_button.setAccessibleName("Menu")
        self._brand = QLabel("RNNViz")
        self._brand.setObjectName("brand")
        self.document = QLabel()
        self.document.setTextFormat(Qt.TextFormat.PlainText)
        self.document.setObjectName("document")
        self.transport = Transport(session.playback, actions, theme)
        self.network = NetworkChoice(control, actions)
        self.workspaces = WorkspaceChoice()
        self.workspaces.chosen.connect(self.workspace_chosen)
        left = _row(self.menu_button, self._brand, self.document, self.workspaces)
        right = _row(
            self.network, _button(actions["undo"]), _button(actions["redo"]), _words(actions["palette"])
        )
        self._rows = left, self.transport, right
        for widget in (left, _stretch(), self.transport, _stretch(), right):
            self.addWidget(widget)
        session.moment_changed.connect(self._on_moment_changed)
        self._show(session.document.state.title)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in other colours."""
        self.menu_button.setIcon(icon("menu", theme))
        self.transport.set_theme(theme)

    def mark_workspace(self, name: str) -> None:
        """Show which workspace is the present one."""
        self.workspaces.mark(name)

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.state.title != new.state.title:
            self._show(new.state.title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Do without what there is no room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for spared in SPARED:
            self._spare(spared)
            if self._needed() <= self.width():
                break
        # What there was no room for a moment ago is hidden, and a hidden widget does not say that it shrank.
        if layout := self.layout():
            layout.invalidate()
            layout.activate()

    def _spare(self, spared: frozenset[str]) -> None:
        room = LONGEST_TITLE // 2 if spared else LONGEST_TITLE
        self.document.setText(self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideMiddle, room))
        self.document.setVisible("title" not in spared)
        self._brand.setVisible("name" not in spared)
        self.transport.slider.setVisible("slider" not in spared)
        self.transport.speed.setVisible("speed" not in spared)
        self.network.set_narrow("cells" in spared)
        self.workspaces.set_narrow("workspaces" in spared)

    def _needed(self) -> int:
        """Return the width that all parts together want, and a little more."""
        for row in self._rows:
            if layout := row.layout():
                layout.invalidate()
        return sum(row.sizeHint().width() for row in self._rows) + EDGES

    def _show(self, title: str) -> None:
        self._title = title
        self.document.setToolTip(title)
        self._fit()


def _row(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    return holder


def _stretch() -> QWidget:
    empty = QWidget()
    empty.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return empty


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    return button


def _words(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setText(action.shortcut().toString())
    return button
