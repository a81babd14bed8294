"""A tick so many times a second, on average exactly: Qt's timers know whole milliseconds only."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

MS = 1000.0  # in a second
NS = 1e6  # in a millisecond


class Metronome(QObject):
    """Ticks `rate` times a second from `start` to `stop`."""

    ticked = Signal()

    def __init__(self, rate: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rate = rate
        self._due = 0.0
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def rate(self) -> int:
        """Ticks a second."""
        return self._rate

    def set_rate(self, rate: int) -> None:
        """Tick so many times a second from now on."""
        self._rate = rate
        if self.running:
            self.start()

    @property
    def running(self) -> bool:
        """Whether it ticks."""
        return self._timer.isActive()

    def start(self) -> None:
        """Tick for the first time in one period."""
        self._clock.start()
        self._due = 0.0
        self._wait()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def _on_timeout(self) -> None:
        self._wait()  # first, so that whoever hears the tick can stop it
        self.ticked.emit()

    def _wait(self) -> None:
        self._due, wait = upcoming(self._due, self._clock.nsecsElapsed() / NS, self._rate)
        self._timer.start(wait)


def upcoming(due: float, now: float, rate: int) -> tuple[float, int]:
    """Return when the tick after the one that was due is due, and the whole milliseconds until then.

    What was rounded off is made up for by the next ticks; what was missed is not, or they would come in a
    rush. Times are in milliseconds.
    """
    after = due + MS / rate
    if after < now:
        return now, 0
    return after, round(after - now)
