"""The register of animations, and what they share."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PySide6.QtGui import QImage

from rnnviz.export._files import ExportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from fractions import Fraction
    from pathlib import Path

    from numpy.typing import NDArray

    Pixels: TypeAlias = NDArray[np.uint8]
    Save: TypeAlias = "Callable[[Film, Path], None]"

LARGEST_FILM = 600_000_000
"""The most dots of all frames together: what some formats must hold in memory, a byte each."""


class Cancelled(Exception):  # noqa: N818 (nothing is wrong)
    """Nobody wants the file any more; it stays as it was."""


def _nothing() -> None:
    """Tell nobody."""


@dataclass(frozen=True, eq=False)
class Film:
    """Pictures of one size that follow one another.

    frames: `count` of them, made while they are taken. rate: frames a second. tell: called each time that a
    frame has been taken, and by movies of two passes once more for each; may raise Cancelled.
    """

    frames: Iterable[QImage]
    count: int
    rate: Fraction
    tell: Callable[[], object] = field(default=_nothing)

    def pixels(self) -> Iterator[Pixels]:
        """Yield what each frame shows, (height, width, 3), red, green and blue."""
        for image in self.frames:
            self.tell()
            yield pixels(image)


@dataclass(frozen=True, slots=True)
class Movie:
    """A format of animations: `suffix` as in ".gif", `title` as in a list of formats, how often it counts."""

    suffix: str
    title: str
    save: Save
    passes: int = 1


MOVIES: dict[str, Movie] = {}


def register_movie(suffix: str, title: str, passes: int = 1) -> Callable[[Save], Save]:
    """Enter a function that saves films under a suffix in lower case, such as ".gif"."""

    def enter(save: Save) -> Save:
        MOVIES[suffix] = Movie(suffix, title, save, passes)
        return save

    return enter


def save_film(film: Film, path: Path) -> None:
    """Write a film in the format that the path's suffix names; a file that is there is replaced as a whole.

    Raises ExportError, one sentence, if that is not possible, and Cancelled if `film.tell` does.
    """
    movie = MOVIES.get(path.suffix.lower())
    if movie is None:
        raise ExportError(f"{path} must end in {' or '.join(MOVIES)}, which says the format.")
    try:
        movie.save(film, path)
    except MemoryError as error:
        raise ExportError("There is not enough memory; export fewer frames or smaller ones.") from error


def pixels(image: QImage) -> Pixels:
    """Return what a picture shows, (height, width, 3), red, green and blue."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def durations(count: int, rate: Fraction, unit: Fraction) -> list[int]:
    """Return how many units of time each frame is shown; their rounding never adds up. unit: in seconds."""
    ends = [round(n / rate / unit) for n in range(count + 1)]
    return [max(1, after - before) for before, after in pairwise(ends)]


def changed(before: Pixels, after: Pixels) -> tuple[int, int, int, int] | None:
    """Return the smallest box with all that differs, (left, top, right, bottom); None if nothing does."""
    differs = (before != after).any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
