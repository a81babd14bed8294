"""Work beside the interface, for what takes longer than a frame may."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Qt, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_MS = 3

Work: TypeAlias = "Callable[[], object]"
Done: TypeAlias = tuple[int, object, Exception | None]


@dataclass
class _Desk:
    """Where the interface and the thread put things for one another; the thread knows nothing of Qt."""

    lock: Lock = field(default_factory=Lock)
    waiting: tuple[int, Work] | None = None
    done: Done | None = None
    manned: bool = False  # a thread is there and will look for work again

    def put(self, number: int, work: Work) -> None:
        """Leave some work instead of what waits, and see to it that somebody does it."""
        with self.lock:
            self.waiting = number, work
            if self.manned:
                return
            self.manned = True
        Thread(target=self._man, name="rnnviz-background").start()

    def _man(self) -> None:
        while (taken := self._take()) is not None:
            number, work = taken
            try:
                done: Done = number, work(), None
            except Exception as error:  # noqa: BLE001 — the interface raises it where it is seen
                done = number, None, error
            with self.lock:
                self.done = done

    def _take(self) -> tuple[int, Work] | None:
        with self.lock:
            taken, self.waiting = self.waiting, None
            self.manned = taken is not None
        return taken


class Background(QObject):
    """Does one piece of work after the other in a thread that lives only while there is some.

    A piece may take a moment and must not touch Qt. Of those that wait only the newest is kept. What is
    cancelled is done to its end but never told. A program that ends waits for the piece that is being done.

    found(object, bool): what a piece has returned, and whether it is the newest that was asked for.
    """

    found = Signal(object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = _Desk()
        self._asked = 0
        self._cancelled = 0  # this piece and all before it
        # To look is cheap, and nothing of Qt has to be thread-safe or outlive the thread.
        self._look = QTimer(self, interval=LOOK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._look.timeout.connect(self._on_look)

    @property
    def is_awaited(self) -> bool:
        """Whether the newest piece has not been told yet."""
        return self._look.isActive()

    def ask(self, work: Work) -> None:
        """Have a piece of work done, and leave out what waits."""
        self._asked += 1
        self._desk.put(self._asked, work)
        self._look.start()

    def cancel(self) -> None:
        """Never tell what was asked for so far."""
        self._cancelled = self._asked
        with self._desk.lock:
            self._desk.waiting = None
        self._look.stop()

    def _on_look(self) -> None:
        with self._desk.lock:
            done, self._desk.done = self._desk.done, None
        if done is None:
            return
        number, result, error = done
        if number <= self._cancelled:
            return
        if number == self._asked:
            self._look.stop()
        if error is not None:
            raise error
        self.found.emit(result, number == self._asked)
