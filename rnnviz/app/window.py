"""The main window: docks around panels, the bars, and what dropping, painting and closing mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QVBoxLayout, QWidget

from rnnviz.app.actions import Actions
from rnnviz.app.arrange import arrange
from rnnviz.app.command_palette import CommandPalette
from rnnviz.app.commands import Controller, commands
from rnnviz.app.dock import PanelDock
from rnnviz.app.notice import Notice
from rnnviz.app.palette import palette, stylesheet
from rnnviz.app.statusbar import StatusBar
from rnnviz.app.topbar import TopBar
from rnnviz.app.workspaces import WORKSPACES
from rnnviz.panels import PANELS
from rnnviz.panels.base.chart_panel import ChartPanel

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent

    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Session

SIZE = (1600, 1000)
EDGE = 8  # pixels of canvas around the cards


class MainWindow(QMainWindow):
    """Shows a session in a workspace.

    first_frame: the window has been painted once. usable: every visible panel has, charts included.
    """

    first_frame = Signal()
    usable = Signal()

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self.session = session
        self.theme = theme
        self._painted = False
        self.setWindowTitle("RNNViz")
        self.setAcceptDrops(True)
        self.desk = self._desk()
        panels = {name: panel(session, theme) for name, panel in PANELS.items()}
        self.docks = {name: PanelDock(panel, theme, self.desk) for name, panel in panels.items()}
        self.notice = Notice(self)
        self.controller = Controller(self)
        self.actions_by_name = Actions(self, commands(self.controller), theme)
        self.palette_dialog = CommandPalette(self.actions_by_name, self)
        self.top_bar = TopBar(session, self.actions_by_name, self._menu(), theme, self)
        self.addToolBar(self.top_bar)
        self.setStatusBar(StatusBar(session, self))
        self.top_bar.workspace_chosen.connect(self.show_workspace)
        for dock in self.docks.values():
            dock.save_requested.connect(self.controller.save_panel)
            dock.panel.refused.connect(self.notice.say)
        self.controller.connect_states()
        self.resize(*SIZE)
        self.show_workspace("explore")
        self.set_theme(theme)
        self.setFocus()  # no button is about to be pressed

    def _desk(self) -> QMainWindow:
        """Return where the docks are: a window within the window, so that there is a margin around them."""
        desk = QMainWindow()
        desk.setWindowFlags(Qt.WindowType.Widget)
        desk.setDockNestingEnabled(True)
        room = QWidget()
        room.setObjectName("room")
        box = QVBoxLayout(room)
        box.setContentsMargins(EDGE, EDGE, EDGE, 0)
        box.addWidget(desk)
        self.setCentralWidget(room)
        return desk

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for title, actions in self.actions_by_name.menus.items():
            menu.addMenu(title).addActions(actions)
        panels = menu.addMenu("Panels")
        for dock in self.docks.values():
            panels.addAction(dock.toggleViewAction())
        return menu

    def show_workspace(self, name: str) -> None:
        """Arrange the panels of a workspace as it was designed."""
        arrange(self.desk, WORKSPACES[name].layout, self.docks)

    def set_theme(self, theme: Theme) -> None:
        """Show everything in other colours."""
        self.theme = theme
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(palette(theme))
            application.setStyleSheet(stylesheet(theme))
        self.actions_by_name.set_theme(theme)
        self.top_bar.set_theme(theme)
        for dock in self.docks.values():
            dock.set_theme(theme)
        self.controller.theme_shown(theme)

    def prepare_charts(self) -> None:
        """Load the chart library and show the charts; done by itself after the first frame."""
        for dock in self.docks.values():
            if isinstance(dock.panel, ChartPanel):
                dock.panel.prepare()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Note the first frame."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._on_first_frame)

    def _on_first_frame(self) -> None:
        self.first_frame.emit()
        self.prepare_charts()
        self._waiting = QTimer(self, interval=0)
        self._waiting.timeout.connect(self._check_usable)
        self._waiting.start()

    def _check_usable(self) -> None:
        shown = [dock.panel for dock in self.docks.values() if dock.panel.isVisible()]
        if all(panel.view.paints for panel in shown):
            self._waiting.stop()
            self.usable.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome a single local file."""
        if self.controller.dropped_file(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file that was dropped."""
        path = self.controller.dropped_file(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.controller.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop playing and remember the arrangement."""
        self.session.playback.pause()
        self.controller.remember()
        super().closeEvent(event)
