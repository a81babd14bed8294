"""The bar at the top: document, workspaces, transport, network, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
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
from rnnviz.app.workspaces import WORKSPACES
from rnnviz.panels.base.buttons import tool_button

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QResizeEvent

    from rnnviz.app.actions import Actions
    from rnnviz.app.network_control import NetworkControl
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session


ROOMY = 1400  # logical pixels from which the bar has room for everything
TIGHT = 1320  # below which more of it has to go
NARROW = 1240  # below which there is no room for a button a cell
LONGEST_TITLE = 180


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
        left = _row(self.menu_button, self._brand, self.document, *self._workspace_buttons())
        right = _row(
            self.network, _button(actions["undo"]), _button(actions["redo"]), _words(actions["palette"])
        )
        for widget in (left, _stretch(), self.transport, _stretch(), right):
            self.addWidget(widget)
        session.moment_changed.connect(self._on_moment_changed)
        self._show(session.document.state.title)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in other colours."""
        self.menu_button.setIcon(icon("menu", theme))
        self.transport.set_theme(theme)

    def _workspace_buttons(self) -> list[QToolButton]:
        self._workspaces = QButtonGroup(self)
        for index, workspace in enumerate(WORKSPACES.values()):
            tip = f"Arrange the panels of {workspace.title} anew"
            button = tool_button(workspace.title, "workspace", tip, checked=index == 0)
            self._workspaces.addButton(button, index)
        self._workspaces.idClicked.connect(self._on_workspace_clicked)
        return [button for button in self._workspaces.buttons() if isinstance(button, QToolButton)]

    def _on_workspace_clicked(self, index: int) -> None:
        self.workspace_chosen.emit(list(WORKSPACES)[index])

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.state.title != new.state.title:
            self._show(new.state.title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Do without the slider, the longer part of a title and more where the window is narrow."""
        super().resizeEvent(event)
        self.transport.slider.setVisible(self.width() >= ROOMY)
        self._brand.setVisible(self.width() >= TIGHT)
        self.document.setVisible(self.width() >= TIGHT)
        self.transport.speed.setVisible(self.width() >= TIGHT)
        self.network.set_narrow(self.width() < NARROW)
        self._show(self._title)
        # What there was no room for a moment ago is hidden, and a hidden widget does not say that it shrank.
        if layout := self.layout():
            layout.invalidate()
            layout.activate()

    def _show(self, title: str) -> None:
        self._title = title
        room = LONGEST_TITLE if self.width() >= ROOMY else LONGEST_TITLE // 2
        self.document.setText(self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, room))
        self.document.setToolTip(title)


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
