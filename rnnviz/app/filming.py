"""Making an animation beside the interface: it paints frames between its events, a thread writes the file."""

from __future__ import annotations

from queue import Full, Queue
from threading import Event, Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from rnnviz.engine import EngineError
from rnnviz.export import MOVIES, Cancelled, ExportError, Film, save_film
from rnnviz.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction
    from pathlib import Path

    from PySide6.QtGui import QImage

TICK_MS = 2  # between two frames, for what else the interface has to do
AHEAD = 4  # frames that may wait for the thread


class _Writer:
    """Writes the file in a thread that knows nothing of Qt's objects but images."""

    def __init__(self, count: int, rate: Fraction, path: Path) -> None:
        self.frames: Queue[QImage | None] = Queue(AHEAD)
        self.cancelled = Event()
        self.told = 0
        self.error: Exception | None = None
        self._film, self._path = Film(self._taken(), count, rate, self._tell), path
        self.thread = Thread(target=self._run, name="rnnviz-film", daemon=True)

    def _taken(self) -> Iterator[QImage]:
        while (frame := self.frames.get()) is not None:
            yield frame
        if self.cancelled.is_set():
            raise Cancelled

    def _tell(self) -> None:
        if self.cancelled.is_set():
            raise Cancelled
        self.told += 1

    def _run(self) -> None:
        try:
            save_film(self._film, self._path)
        except Exception as error:  # noqa: BLE001 — the interface says it, or raises it where it is seen
            self.error = error


class Filming(QObject):
    """One animation that is being made.

    images: the frames, `count` of them; each is asked for in the interface's own thread. What is cancelled
    leaves the file as it was.

    progressed(int, int): how much is done, of how much. finished(str, bool): a sentence, and whether the file
    is there; an empty one if it was cancelled. Until then the object must be kept.
    """

    progressed = Signal(int, int)
    finished = Signal(str, bool)

    def __init__(
        self, images: Iterator[QImage], count: int, rate: Fraction, path: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._images, self._path = images, path
        self._whole = count * MOVIES[path.suffix.lower()].passes
        self._writer = _Writer(count, rate, path)
        self._waiting: QImage | None = None
        self._given = False
        self._refused: Exception | None = None
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Begin."""
        self._writer.thread.start()
        self._timer.start()

    def cancel(self) -> None:
        """Give it up; `finished` comes when nothing is being written any more."""
        self._writer.cancelled.set()

    def stop(self) -> None:
        """Give it up at once and tell nobody, since the interface ends."""
        self._timer.stop()
        self.cancel()
        self._end_frames()
        self._writer.thread.join()

    def _on_tick(self) -> None:
        if not self._given:
            self._give()
        self.progressed.emit(self._writer.told, self._whole)
        if not self._writer.thread.is_alive():
            self._timer.stop()
            self._end_frames()
            self.finished.emit(*self._outcome())

    def _give(self) -> None:
        """Hand the thread another frame, or the end of them."""
        if self._writer.cancelled.is_set():
            self._end_frames()
            return
        try:
            if self._waiting is None:
                self._waiting = next(self._images, None)
            self._writer.frames.put_nowait(self._waiting)
        except Full:
            return
        except (SessionError, EngineError, ExportError) as error:
            self._refused = error
            self.cancel()
            return
        self._given = self._waiting is None
        self._waiting = None

    def _end_frames(self) -> None:
        """Wake the thread if it waits for a frame, and let the frames' generator put things back."""
        if not self._given:
            self._given = True
            while not self._writer.frames.empty():
                self._writer.frames.get_nowait()
            self._writer.frames.put(None)
        close = getattr(self._images, "close", None)
        if close is not None:
            close()

    def _outcome(self) -> tuple[str, bool]:
        error = self._refused or self._writer.error
        if error is None:
            return f"Exported {self._path}.", True
        if isinstance(error, Cancelled):
            return "", False
        if isinstance(error, (SessionError, EngineError, ExportError)):
            return str(error), False
        raise error
