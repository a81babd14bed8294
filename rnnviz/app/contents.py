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
from rnnviz.app.statusbar import StatusBar
from rnnviz.app.topbar import TopBar
from rnnviz.app.workspaces import EXPLORE
from rnnviz.figures.tracks import TrackView
from rnnviz.panels import PANELS
from rnnviz.panels.base.chart_panel import ChartPanel
from rnnviz.panels.timeline import TimelinePanel

if TYPE_CHECKING:
    from rnnviz.app.window import MainWindow
    from rnnviz.app.workspaces import Workspace
    from rnnviz.figures.theme import Theme
    from rnnviz.panels.base.panel import Panel
    from rnnviz.session.session import Session

EDGE = 8  # pixels of canvas around the cards


class Contents:
    """Builds everything into a window and keeps it by name."""

    def __init__(self, window: MainWindow, session: Session, theme: Theme) -> None:
        self.session = session
        self.window = window
        self.desk = _desk(window)
        # The keyboard goes from panel to panel in the order in which they are made, so it is that of reading.
        names = (*EXPLORE.panels(), *(name for name in PANELS if name not in EXPLORE.panels()))
        panels = {name: PANELS[name](session, theme) for name in names}
        self.docks = {name: PanelDock(panel, theme, self.desk) for name, panel in panels.items()}
        self.notice = Notice(window)
        self.controller = Controller(window, session)
        self.actions = Actions(window, commands(self.controller), theme)
        self.palette = CommandPalette(self.actions, window)
        self.top_bar = TopBar(session, self.controller.network, self.actions, self._menu(), theme, window)
        self.status_bar = StatusBar(session, window)
        window.addToolBar(self.top_bar)
        window.setStatusBar(self.status_bar)
        self.top_bar.workspace_chosen.connect(window.show_workspace)
        for dock in self.docks.values():
            dock.save_requested.connect(self.controller.save_panel)
            dock.panel.refused.connect(self.notice.say)
        self.controller.connect_states(self.actions)
        self._check_theme(theme)
        self.set_zoom(self.controller.preferences.zoom)
        self._recall_tracks()
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

    def visible_panels(self) -> list[Panel]:
        """Return the panels in sight."""
        return [dock.panel for dock in self.docks.values() if dock.panel.isVisible()]

    def arrange(self, workspace: Workspace) -> None:
        """Show the panels of a workspace where it wants them."""
        arrange(self.desk, workspace.layout, self.docks)

    def set_theme(self, theme: Theme) -> None:
        """Show everything in other colours."""
        self.actions.set_theme(theme)
        self.top_bar.set_theme(theme)
        for dock in self.docks.values():
            dock.set_theme(theme)
        self._check_theme(theme)

    def _recall_tracks(self) -> None:
        """Show the timeline's tracks as the user left them, and remember what becomes of them."""
        timeline = self.panel("timeline")
        if isinstance(timeline, TimelinePanel):
            timeline.tracks.choose(TrackView.from_text(self.controller.preferences.tracks))
            timeline.tracks.changed.connect(self._on_tracks_changed)

    def _on_tracks_changed(self, tracks: TrackView) -> None:
        self.controller.preferences.tracks = tracks.to_text()

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
        self.controller.remember(self.desk)


def _desk(window: MainWindow) -> QMainWindow:
    """Return where the docks are: a window within the window, so that there is a margin around them."""
    desk = QMainWindow()
    desk.setWindowFlags(Qt.WindowType.Widget)
    desk.setDockNestingEnabled(True)
    room = QWidget()
    room.setObjectName("room")
    box = QVBoxLayout(room)
    box.setContentsMargins(EDGE, EDGE, EDGE, 0)
    box.addWidget(desk)
    window.setCentralWidget(room)
    return desk
