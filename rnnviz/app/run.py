"""Open the window."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from rnnviz.app.palette import interface_font
from rnnviz.app.preferences import Preferences
from rnnviz.app.sources import DEFAULT, state_of
from rnnviz.app.window import MainWindow
from rnnviz.engine import limit_threads
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from types import TracebackType


def run(source: str | None) -> int:
    """Show `source`, a preset or a text file, or the worked example; return when the window is closed."""
    application = make_application()
    limit_threads()
    window = open_window(source)
    window.show()
    return application.exec()


def make_application() -> QApplication:
    """Return an application in the Fusion style, which our palettes colour fully."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("RNNViz")
    application.setStyle("Fusion")
    application.setFont(interface_font())
    return application


def open_window(source: str | None) -> MainWindow:
    """Return a window on a source in the user's theme and arrangement; errors in slots become notices."""
    window = MainWindow(Session(state_of(source or DEFAULT)), Preferences().theme)
    window.controller.restore()
    _report_errors(window)
    return window


def _report_errors(window: MainWindow) -> None:
    """Log what goes wrong in a slot and say so in the window: Qt itself would drop it silently."""
    log = logging.getLogger("rnnviz")

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("Something went wrong", exc_info=(kind, error, trace))
        window.notice.say(
            f"That did not work ({kind.__name__}: {error}). Nothing was lost; undo still works."
        )

    sys.excepthook = report
