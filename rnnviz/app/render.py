"""Draw a panel or a workspace into a file, without a display."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QPoint, QTimer, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QPainter

from rnnviz import export
from rnnviz.app.errors import CommandError
from rnnviz.app.sources import state_of
from rnnviz.engine import limit_threads
from rnnviz.export import png
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.theme import THEMES
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QMessageLogContext, QtMsgType

    from rnnviz.app.window import MainWindow

LARGEST = 64_000_000
"""The most dots of a picture; a few copies of it are held in memory."""

_PATIENCE = 30_000  # milliseconds until a window that does not draw is given up


@dataclass(frozen=True, slots=True)
class Picture:
    """What to draw: a panel or a workspace of a source. step counts from 1; size in logical pixels."""

    source: str
    panel: str | None
    workspace: str | None
    step: int | None
    theme: str
    size: tuple[int, int]
    scale: float
    output: Path


def render(picture: Picture) -> None:
    """Draw a picture into its file. Raises CommandError if that is not possible."""
    _check(picture)
    limit_threads()
    application = _application(picture)
    session = _session(picture)
    try:
        if picture.panel is not None:
            _draw_panel(picture, session)
        else:
            _draw_workspace(picture, session)
    except export.ExportError as error:
        raise CommandError(str(error)) from error
    del application  # kept until here: nothing is drawn without one


def _check(picture: Picture) -> None:
    """Refuse what can be seen to fail before anything is computed."""
    output = picture.output
    kinds = list(export.EXPORTERS) if picture.panel else [".png"]
    if output.suffix.lower() not in kinds:
        raise CommandError(f"The output {output} must end in {' or '.join(kinds)}.")
    if not output.parent.is_dir():
        raise CommandError(f"There is no folder {output.parent} to write {output.name} into; make it first.")
    if not os.access(output.parent, os.W_OK):
        raise CommandError(f"The folder {output.parent} cannot be written to; choose another.")
    width, height = picture.size
    if width * height * picture.scale**2 > LARGEST:
        raise CommandError(
            f"A picture of {width}x{height} at scale {picture.scale:g} is too large; "
            f"the most is {LARGEST // 10**6} million dots."
        )


def _application(picture: Picture) -> QGuiApplication:
    """Return the application that drawing needs; a workspace needs widgets, a panel does not."""
    existing = QGuiApplication.instance()
    if isinstance(existing, QGuiApplication):
        return existing
    os.environ["QT_SCALE_FACTOR"] = f"{picture.scale:g}"  # widgets keep pictures of themselves at this scale
    if picture.panel is not None:
        return QGuiApplication(["rnnviz"])
    from rnnviz.app.run import make_application

    return make_application()


def _session(picture: Picture) -> Session:
    """Return the source at the step asked for."""
    state = state_of(picture.source)
    session = Session(state)
    if picture.step is not None:
        if picture.step > state.steps:
            raise CommandError(f"There is no step {picture.step}: {picture.source} has {state.steps}.")
        session.playback.seek(picture.step - 1)
    return session


def _draw_panel(picture: Picture, session: Session) -> None:
    from rnnviz.panels.base.scene import scene_of

    figure = FIGURES[str(picture.panel)].figure(scene_of(session.moment))
    export.save(figure, picture.output, picture.size, THEMES[picture.theme], picture.scale)


def _draw_workspace(picture: Picture, session: Session) -> None:
    from rnnviz.app.window import MainWindow

    window = MainWindow(THEMES[picture.theme])
    window.fill(session)
    try:
        window.show_workspace(str(picture.workspace))
        window.resize(*picture.size)
        _show(window)
        if window.size().toTuple() != picture.size:
            least = window.minimumSizeHint()
            raise CommandError(f"The workspace needs at least {least.width()}x{least.height()} pixels.")
        image = png.canvas(picture.size, THEMES[picture.theme]["canvas"], picture.scale)
        with QPainter(image) as painter:
            window.render(painter, QPoint())
        png.write(image, picture.output)
    finally:
        window.hide()  # not close(), which would remember this window as the user's
        window.deleteLater()


def _show(window: MainWindow) -> None:
    """Show a window and wait until every panel in sight has been painted."""
    qInstallMessageHandler(_pass_on)
    loop = QEventLoop()
    window.usable.connect(loop.quit)
    timer = QTimer(singleShot=True, interval=_PATIENCE)
    timer.timeout.connect(partial(loop.exit, 1))
    timer.start()
    window.show()
    if loop.exec() != 0:
        raise CommandError(f"The window was not drawn within {_PATIENCE // 1000} seconds.")


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Print Qt's messages, but for one that the offscreen platform has for every window with a least size."""
    if "propagateSizeHints" not in message:
        sys.stderr.write(f"{message}\n")
