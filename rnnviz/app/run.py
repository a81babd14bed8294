"""Open the window."""

from __future__ import annotations

import gc
import logging
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from rnnviz.app.errors import CommandError
from rnnviz.app.formulas import keep_formulas
from rnnviz.app.palette import interface_font
from rnnviz.app.preferences import Preferences
from rnnviz.app.sources import DEFAULT, opened
from rnnviz.app.window import MainWindow

if TYPE_CHECKING:
    from types import TracebackType


def run(source: str | None) -> int:
    """Show `source`, a preset or a file, or the worked example; return when the window is closed."""
    application = make_application()
    preferences = Preferences()
    window = MainWindow(preferences.theme)
    opening = Opening(window, preferences, source or DEFAULT)
    window.first_frame.connect(keep_formulas, Qt.ConnectionType.QueuedConnection)
    window.first_frame.connect(opening.fill, Qt.ConnectionType.QueuedConnection)
    window.usable.connect(keep_what_lasts, Qt.ConnectionType.QueuedConnection)
    window.show()
    code = application.exec()
    if opening.error is not None:
        raise opening.error
    return code


def keep_what_lasts() -> None:
    """Let the collector pass over what a start has made: it lasts, and looking at it takes two frames."""
    gc.collect()
    gc.freeze()


def make_application() -> QApplication:
    """Return an application in the Fusion style, which our palettes colour fully."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("RNNViz")
    application.setStyle("Fusion")
    application.setFont(interface_font())
    return application


class Opening:
    """Fills a window that has appeared, with a source, in the user's arrangement.

    error: why that could not be done; the application has been told to end then.
    """

    def __init__(self, window: MainWindow, preferences: Preferences, source: str) -> None:
        self.error: CommandError | None = None
        self._window = window
        self._source = source
        self._kept = preferences.geometry
        self._notation = preferences.notation
        if self._kept is not None:
            window.restoreGeometry(self._kept[0])

    def fill(self) -> None:
        """Load everything and show the source."""
        from rnnviz.engine import limit_threads  # what takes long comes after the first frame
        from rnnviz.session.session import Session

        limit_threads()
        try:
            source = opened(self._source)
            session = Session(source.kept.state)
        except CommandError as error:
            self.error = error
            QApplication.exit(2)
            return
        session.playback.set_notation(self._notation)
        self._window.fill(session)
        if self._kept is not None:
            self._window.contents.desk.restoreState(self._kept[1])
        _report_errors(self._window)
        controller = self._window.contents.controller
        if source.path is not None and source.stamp is not None:
            controller.documents.take(source.kept, source.path, source.stamp)
        controller.recovery.watch()
        controller.recovery.offer()


def _report_errors(window: MainWindow) -> None:
    """Log what goes wrong in a slot and say so in the window: Qt itself would drop it silently."""
    log = logging.getLogger("rnnviz")

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("Something went wrong", exc_info=(kind, error, trace))
        window.contents.notice.say(
            f"That did not work ({kind.__name__}: {error}). Nothing was lost; undo still works."
        )

    sys.excepthook = report
