"""The main window: it appears at once, is filled, and says when it can be used.

What it is filled with takes several times as long to load as a window takes to appear, so that is imported
when it is needed (`fill`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

from rnnviz.app.palette import palette, stylesheet
from rnnviz.app.skeleton import Skeleton
from rnnviz.app.workspaces import EXPLORE, WORKSPACES

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent

    from rnnviz.app.contents import Contents
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Session

SIZE = (1600, 1000)
SHARE = 0.95  # of the screen that the window takes at most when it opens
SMALLEST = (1180, 640)


class MainWindow(QMainWindow):
    """Shows a session in a workspace, from `fill` on.

    first_frame: the window has been painted once. usable: every visible panel has, charts included.
    """

    first_frame = Signal()
    usable = Signal()

    contents: Contents

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._painted = self._filled = False
        self._settling = QTimer(self, interval=0)
        self._settling.timeout.connect(self._check_usable)
        self.setWindowTitle("RNNViz")
        self.setCentralWidget(Skeleton(EXPLORE, theme))
        self.resize(QSize(*SIZE).boundedTo(self.screen().availableSize() * SHARE))
        self.setMinimumSize(*SMALLEST)
        _colour_application(theme)

    def fill(self, session: Session) -> None:
        """Make the bars and panels and show the session in them."""
        from rnnviz.app.contents import Contents  # see above

        self.contents = Contents(self, session, self.theme)
        self._filled = True
        self.setAcceptDrops(True)
        self.show_workspace(EXPLORE.name)
        self.setFocus()  # no button is about to be pressed

    def show_workspace(self, name: str) -> None:
        """Arrange the panels of a workspace as it was designed."""
        self.contents.arrange(WORKSPACES[name])

    def set_theme(self, theme: Theme) -> None:
        """Show everything in other colours."""
        self.theme = theme
        _colour_application(theme)
        self.contents.set_theme(theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Note the first frame."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._on_first_frame)

    def _on_first_frame(self) -> None:
        self.first_frame.emit()
        self._settling.start()

    def _check_usable(self) -> None:
        """Load the charts once all else is on the screen, and wait until they are, too."""
        if not self._filled:
            return
        self.contents.load_charts()
        if all(panel.view.paints for panel in self.contents.visible_panels()):
            self._settling.stop()
            self.usable.emit()
            QTimer.singleShot(0, self._on_usable)

    def _on_usable(self) -> None:
        """Load the other charts while there is nothing else to do, so that none is waited for later."""
        self.contents.load_charts(all_of_them=True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome a single local file."""
        if self.contents.controller.dropped_file(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file that was dropped."""
        path = self.contents.controller.dropped_file(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.contents.controller.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about what is not saved; stop playing and remember the arrangement."""
        if self._filled and not self.contents.controller.documents.may_close():
            event.ignore()
            return
        if self._filled:
            self.contents.close()
        super().closeEvent(event)


def _colour_application(theme: Theme) -> None:
    application = QApplication.instance()
    if isinstance(application, QApplication):
        application.setPalette(palette(theme))
        application.setStyleSheet(stylesheet(theme))
