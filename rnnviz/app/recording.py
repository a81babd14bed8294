"""The frames of an animation that is made in a window: what the panels in sight show, step by step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from rnnviz.app.board import board_of, figure_of
from rnnviz.app.film import Learning, Playing, go_to, place_of
from rnnviz.export import png
from rnnviz.panels.base.curves import TrainingCurves
from rnnviz.panels.base.panel import Panel
from rnnviz.panels.base.scene import scene_of
from rnnviz.session.files.kept import Extras
from rnnviz.session.files.looking import kept_of, show
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QImage

    from rnnviz.app.window import MainWindow
    from rnnviz.export import Board, Look
    from rnnviz.figures.model import Figure

    Shown: TypeAlias = "Figure | Board | None"


def played(session: Session, what: Panel | MainWindow, *, slow: bool, look: Look) -> Iterator[QImage]:
    """Yield what a panel, or all panels in sight, show at every step, or stage; then return to where one was.

    The window's own playhead moves, so each frame is what one sees.
    """
    playback = session.playback
    was_slow, place = playback.slow, place_of(playback)
    playback.pause()
    playback.set_slow(slow)
    try:
        for _ in Playing().run(session):
            session.catch_up()
            yield from _painted(_what_is_shown(what), look)
    finally:
        playback.set_slow(was_slow)
        go_to(playback, place)


def _what_is_shown(what: Panel | MainWindow) -> Shown:
    return figure_of(what) if isinstance(what, Panel) else board_of(what)


def _painted(shown: Shown, look: Look) -> Iterator[QImage]:
    if shown is not None:
        yield png.painted(shown, look)


def learnt(
    session: Session, panel: Panel, updates: int, every: int, look: Look, complain: Callable[[str], object]
) -> Iterator[QImage]:
    """Yield what a panel would show if the network were trained now; the document stays as it is."""
    kept = kept_of(session, Extras())
    other = Session(kept.state)
    show(other, kept)
    curves = TrainingCurves()
    try:
        for _ in Learning(kept, updates, every, complain).run(other):
            found = curves.of(other.training.record, other.document.state.settings.clip)
            figure = panel.draw(replace(scene_of(other.moment), curves=found))
            yield png.painted(figure, look)
    finally:
        panel.refresh()  # it may have kept what it drew
        other.deleteLater()
