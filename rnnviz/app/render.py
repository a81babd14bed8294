"""Draw a panel or a workspace into a file, without a display."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QPoint, QTimer, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QPainter

from rnnviz import export
from rnnviz.app.animate import MOVIES, animate, check_film
from rnnviz.app.board import board_of
from rnnviz.app.errors import CommandError
from rnnviz.app.sources import kept_of
from rnnviz.app.workspaces import WORKSPACES
from rnnviz.engine import limit_threads
from rnnviz.export import png, pptx
from rnnviz.export.look import USUAL_POINTS
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.theme import THEMES
from rnnviz.session.files.looking import show
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction
    from pathlib import Path

    from PySide6.QtCore import QMessageLogContext, QtMsgType
    from PySide6.QtGui import QImage

    from rnnviz.app.window import MainWindow
    from rnnviz.engine.notation import Notation

SLIDES = ".pptx"
LARGEST = 64_000_000
"""The most dots of a picture; a few copies of it are held in memory."""

_PATIENCE = 30_000  # milliseconds until a window that does not draw is given up


@dataclass(frozen=True, slots=True)
class Picture:
    """What to draw: a panel or a workspace of a source. step counts from 1; size in logical pixels.

    code: one of the texts about the network instead. points: the size of letters, None as in the window.
    Of an animation: fps: frames a second. train: the updates to show, every how many of them; None for the
    steps of the sequence, as fast as they are played. slow: in slow motion.
    """

    source: str
    panel: str | None
    workspace: str | None
    step: int | None
    notation: Notation | None
    theme: str
    size: tuple[int, int]
    scale: float
    output: Path
    fps: Fraction | None = None
    train: int | None = None
    every: int | None = None
    slow: bool = False
    code: str | None = None
    points: float | None = None
    transparent: bool = False

    @property
    def look(self) -> export.Look:
        """How it looks."""
        points = USUAL_POINTS if self.points is None else self.points
        return export.Look(self.size, THEMES[self.theme], self.scale, points, self.transparent)


def render(picture: Picture) -> None:
    """Draw a picture into its file. Raises CommandError if that is not possible."""
    _check(picture)
    check_film(picture)
    limit_threads()
    application = _application(picture)
    session = _session(picture)
    try:
        if picture.output.suffix.lower() in MOVIES:
            animate(picture, session)
        elif picture.output.suffix.lower() == SLIDES:
            _draw_slides(picture, session)
        elif picture.code is not None:
            _write_code(picture, session)
        elif picture.panel is not None:
            _draw_panel(picture, session)
        else:
            _draw_workspace(picture, session)
    except export.ExportError as error:
        raise CommandError(str(error)) from error
    del application  # kept until here: nothing is drawn without one


def _check(picture: Picture) -> None:
    """Refuse what can be seen to fail before anything is computed."""
    output = picture.output
    kinds = _kinds(picture)
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


def _kinds(picture: Picture) -> list[str]:
    """Return the suffixes that the output may have."""
    if picture.code is not None:
        return [export.WRITERS[picture.code].suffix]
    if picture.panel is not None:
        return [*export.EXPORTERS, *MOVIES]
    return [*(suffix for suffix, one in export.EXPORTERS.items() if one.boards), SLIDES, *MOVIES]


def _application(picture: Picture) -> QGuiApplication:
    """Return the application that drawing needs; a workspace needs widgets, a panel does not."""
    existing = QGuiApplication.instance()
    if isinstance(existing, QGuiApplication):
        return existing
    os.environ["QT_SCALE_FACTOR"] = f"{picture.scale:g}"  # widgets keep pictures of themselves at this scale
    if picture.workspace is None:
        return QGuiApplication(["rnnviz"])
    from rnnviz.app.run import make_application

    return make_application()


def _session(picture: Picture) -> Session:
    """Return the source at the step asked for."""
    kept = kept_of(picture.source)
    state, session = kept.state, Session(kept.state)
    show(session, kept)
    if picture.notation is not None:
        session.playback.set_notation(picture.notation)
    if picture.slow:
        session.playback.set_slow(True)
    if picture.step is not None:
        if picture.step > state.steps:
            raise CommandError(f"There is no step {picture.step}: {picture.source} has {state.steps}.")
        session.playback.seek(picture.step - 1)
    return session


def _draw_panel(picture: Picture, session: Session) -> None:
    from rnnviz.panels.base.curves import TrainingCurves
    from rnnviz.panels.base.scene import scene_of

    curves = TrainingCurves().of(session.training.record, session.document.state.settings.clip)
    figure = FIGURES[str(picture.panel)].figure(replace(scene_of(session.moment), curves=curves))
    export.save(figure, picture.output, picture.look)


def _draw_slides(picture: Picture, session: Session) -> None:
    """Write a slide for the panel, or for each one of the workspace."""
    from rnnviz.app.slides import slides_of

    names = [picture.panel] if picture.panel else WORKSPACES[str(picture.workspace)].panels()
    pptx.save_deck(slides_of(session, names), picture.output, picture.look.theme)


def _write_code(picture: Picture, session: Session) -> None:
    from rnnviz.panels.base.scene import scene_of

    subject = export.Subject(session.document.state, scene_of(session.moment))
    export.write(subject, picture.output, str(picture.code))


def _draw_workspace(picture: Picture, session: Session) -> None:
    with shown_window(picture, session) as window:
        if picture.output.suffix.lower() == ".png" and not picture.transparent:
            png.write(grabbed(window, picture), picture.output, picture.scale)
        else:
            export.save(board_of(window), picture.output, replace(picture.look, points=USUAL_POINTS))


@contextmanager
def shown_window(picture: Picture, session: Session) -> Iterator[MainWindow]:
    """Show a session in the picture's workspace, size and theme, all panels painted."""
    from rnnviz.app.window import MainWindow

    window = MainWindow(THEMES[picture.theme])
    window.fill(session)
    try:
        window.resize(*picture.size)
        window.show_workspace(str(picture.workspace))
        _show(window)
        if window.size().toTuple() != picture.size:
            least = window.minimumSizeHint()
            raise CommandError(f"The workspace needs at least {least.width()}x{least.height()} pixels.")
        yield window
    finally:
        window.hide()  # not close(), which would remember this window as the user's
        window.deleteLater()


def grabbed(window: MainWindow, picture: Picture) -> QImage:
    """Return what a window shows."""
    image = png.canvas(picture.size, THEMES[picture.theme]["canvas"], picture.scale)
    with QPainter(image) as painter:
        window.render(painter, QPoint())
    return image


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
