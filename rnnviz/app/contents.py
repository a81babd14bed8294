"""What a window is filled with: its bars, its docks with their panels, its actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QMenu, QVBoxLayout, QWidget

from rnnviz.app.actions import Actions
from rnnviz.app.arrange import arrange
from rnnviz.app.command_palette import CommandPalette
from rnnviz.app.commands import Controller, commands
from rnnviz.app.dock import PanelDock
from rnnviz.app.notice import Notice
from rnnviz.app.one_undo import OneUndo
from rnnviz.app.stage_strip import StageStrip
from rnnviz.app.statusbar import StatusBar
from rnnviz.app.topbar import TopBar
from rnnviz.app.workspaces import EXPLORE, WORKSPACES
from rnnviz.panels import PANELS
from rnnviz.panels.base.chart_panel import ChartPanel

if TYPE_CHECKING:
    from rnnviz.app.window import MainWindow
    from rnnviz.app.workspaces import Workspace
    from rnnviz.figures.theme import Theme
    from rnnviz.panels.base.panel import Panel
    from rnnviz.session.session import Session

EDGE = 8  # pixels of canvas around the cards
ROOM = 640, 320  # pixels below which there is no room for a panel that is opened out of another one


class Contents:
    """Builds everything into a window and keeps it by name."""

    def __init__(self, window: MainWindow, session: Session, theme: Theme) -> None:
        self.session = session
        self.window = window
        self.stages = StageStrip(session, window)
        self.desk = _desk(window, self.stages)
        # The keyboard goes from panel to panel in the order in which they are made, so it is that of reading.
        names = (*EXPLORE.panels(), *(name for name in PANELS if name not in EXPLORE.panels()))
        panels = {name: PANELS[name](session, theme) for name in names}
        self.docks = {name: PanelDock(panel, theme, self.desk) for name, panel in panels.items()}
        self.notice = Notice(window)
        self.controller = Controller(window, session, self.desk, self.docks)
        self.actions = Actions(window, commands(self.controller), theme)
        self.palette = CommandPalette(self.actions, window)
        self.top_bar = TopBar(session, self.controller.network, self.actions, self._menu(), theme, window)
        self.status_bar = StatusBar(session, window)
        window.addToolBar(self.top_bar)
        window.setStatusBar(self.status_bar)
        self.top_bar.workspace_chosen.connect(window.show_workspace)
        for dock in self.docks.values():
            dock.save_requested.connect(self.controller.save_panel)
            dock.export_requested.connect(self.controller.exports.open)
            dock.picture_requested.connect(self.controller.exports.copy_picture)
            dock.data_requested.connect(self.controller.exports.copy_data)
            dock.panel.refused.connect(self.notice.say)
            dock.panel.opened.connect(self.open_panel)
        self.controller.connect_states(self.actions)
        self._check_theme(theme)
        self.set_zoom(self.controller.preferences.zoom)
        self._recall_choices()
        OneUndo(window)

    def _menu(self) -> QMenu:
        for dock in self.docks.values():
            self.actions.add("Panels", dock.toggleViewAction())
        menu = QMenu(self.window)
        for title, actions in self.actions.menus.items():
            menu.addMenu(title).addActions(actions)
        return menu

    def panel(self, name: str) -> Panel:
        """Return a panel by its name."""
        return self.docks[name].panel

    def open_panel(self, name: str) -> None:
        """Raise a panel; a hidden one as a tab over the timeline, or in its workspace if that is small."""
        dock, timeline = self.docks[name], self.docks["timeline"]
        if not dock.isVisible() and not dock.isFloating():
            home = next((space for space in WORKSPACES.values() if name in space.panels()), None)
            if timeline.isVisible() and timeline.width() >= ROOM[0] and timeline.height() >= ROOM[1]:
                self.desk.tabifyDockWidget(timeline, dock)
            elif home is not None:
                self.window.show_workspace(home.name)
        dock.show()
        dock.raise_()
        dock.panel.setFocus()

    def visible_panels(self) -> list[Panel]:
        """Return the panels in sight."""
        return [dock.panel for dock in self.docks.values() if dock.panel.isVisible()]

    def arrange(self, workspace: Workspace) -> None:
        """Show the panels of a workspace where it wants them."""
        self.top_bar.mark_workspace(workspace.name)
        arrange(self.desk, workspace.layout_in(self.window.width(), self.window.height()), self.docks)

    def set_theme(self, theme: Theme) -> None:
        """Show everything in other colours."""
        self.actions.set_theme(theme)
        self.top_bar.set_theme(theme)
        for dock in self.docks.values():
            dock.set_theme(theme)
        self._check_theme(theme)

    def _recall_choices(self) -> None:
        """Show the panels as the user left them, and remember what becomes of them."""
        for name, dock in self.docks.items():
            dock.panel.recall(self.controller.preferences.choices(name))
            dock.panel.choices_changed.connect(self.controller.preferences.remember_choices)

    def _check_theme(self, theme: Theme) -> None:
        for action in self.actions:
            if action.objectName().startswith("theme-"):
                action.setChecked(action.objectName() == f"theme-{theme.name}")

    def set_zoom(self, zoom: float) -> None:
        """Scale what the panels draw."""
        for dock in self.docks.values():
            dock.panel.set_zoom(zoom)

    def load_charts(self, *, all_of_them: bool = False) -> None:
        """Load the charts that are in sight and have something to show, or all; nothing if that was done."""
        for dock in self.docks.values():
            if isinstance(dock.panel, ChartPanel):
                if all_of_them:
                    dock.panel.load()
                else:
                    dock.panel.load_if_needed()

    def close(self) -> None:
        """Stop what runs and remember the arrangement."""
        self.session.playback.pause()
        self.session.training.stop()
        self.controller.recovery.close()
        self.controller.remember(self.desk)


def _desk(window: MainWindow, heading: QWidget) -> QMainWindow:
    """Return where the docks are: a window within the window, so that there is a margin around them."""
    desk = QMainWindow()
    desk.setWindowFlags(Qt.WindowType.Widget)
    desk.setDockNestingEnabled(True)
    room = QWidget()
    room.setObjectName("room")
    box = QVBoxLayout(room)
    box.setContentsMargins(EDGE, EDGE, EDGE, 0)
    box.setSpacing(0)
    box.addWidget(heading)
    box.addWidget(desk)
    window.setCentralWidget(room)
    return desk
