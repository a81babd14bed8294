"""Draw an animation of a panel or a workspace into a file, without a display."""

from __future__ import annotations

import sys
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from rnnviz.app.errors import CommandError
from rnnviz.app.film import Learning, Playing, usual_every
from rnnviz.app.frame_progress import FrameProgress
from rnnviz.app.sources import kept_of
from rnnviz.engine import EngineError
from rnnviz.export import LARGEST_FILM, MOVIES, Film, save_film
from rnnviz.export.frames import painted
from rnnviz.figures.gallery import FIGURES
from rnnviz.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QImage

    from rnnviz.app.render import Picture
    from rnnviz.figures.model import Figure
    from rnnviz.session.session import Session

__all__ = ["MOVIES", "animate", "check_film"]


def check_film(picture: Picture) -> None:
    """Refuse options that mean nothing to this picture. Raises CommandError."""
    if picture.output.suffix.lower() in MOVIES:
        if picture.every is not None and picture.train is None:
            raise CommandError("--every says how often training is shown; give --train, too.")
        return
    given = {"--fps": picture.fps, "--train": picture.train, "--every": picture.every}
    for option, value in given.items():
        if value is not None:
            raise CommandError(f"{option} is for animations, whose names end in {' or '.join(MOVIES)}.")


def animate(picture: Picture, session: Session) -> None:
    """Draw an animation and say on standard error how far it is. Raises CommandError, ExportError."""
    source = _source(picture)
    count = source.count(session)
    _check_size(picture, count)
    passes = MOVIES[picture.output.suffix.lower()].passes
    progress = FrameProgress(count, passes, sys.stderr)
    with progress:
        images = (
            _panel_images(picture, session, source)
            if picture.panel
            else _window_images(picture, session, source)
        )
        rate = source.rate(session) if picture.fps is None else picture.fps
        try:
            save_film(Film(images, count, Fraction(rate), progress.tell_frame), picture.output)
        except (SessionError, EngineError) as error:
            raise CommandError(str(error)) from error


def _source(picture: Picture) -> Playing | Learning:
    if picture.train is None:
        return Playing()
    every = picture.every or usual_every(picture.train)
    return Learning(kept_of(picture.source), picture.train, every, _complain)


def _check_size(picture: Picture, count: int) -> None:
    width, height = picture.size
    if count * width * height * picture.scale**2 > LARGEST_FILM:
        most = int(LARGEST_FILM // (width * height * picture.scale**2))
        what = "a larger --every" if picture.train else "a shorter sequence"
        raise CommandError(
            f"{count:,} frames of {width}x{height} at scale {picture.scale:g} are too many, "
            f"the most is {most:,}; choose a smaller --size or {what}."
        )


def _panel_images(picture: Picture, session: Session, source: Playing | Learning) -> Iterator[QImage]:
    look = replace(picture.look, transparent=False)
    return painted(_figures(str(picture.panel), session, source), look)


def _figures(panel: str, session: Session, source: Playing | Learning) -> Iterator[Figure]:
    from rnnviz.panels.base.curves import TrainingCurves
    from rnnviz.panels.base.scene import scene_of

    curves = TrainingCurves()
    for _ in source.run(session):
        shown = curves.of(session.training.record, session.document.state.settings.clip)
        yield FIGURES[panel].figure(replace(scene_of(session.moment), curves=shown))


def _window_images(picture: Picture, session: Session, source: Playing | Learning) -> Iterator[QImage]:
    from rnnviz.app.render import grabbed, shown_window

    with shown_window(picture, session) as window:
        for _ in source.run(session):
            QCoreApplication.processEvents()  # panels catch up
            for panel in window.contents.visible_panels():
                settle = getattr(panel.view, "settle", None)
                if settle is not None:
                    settle()
            yield grabbed(window, picture)


def _complain(sentence: str) -> None:
    sys.stderr.write(f"rnnviz: {sentence}\n")
