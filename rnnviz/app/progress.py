"""How far a training run has come: a line that is rewritten on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rnnviz.engine import Snapshot

TERMINAL_SECONDS = 0.1
LOG_SECONDS = 10.0

_LONGEST_BAR = 30
_SHORTEST_BAR = 6
_WORDS = 54  # columns that the text beside the bar takes at most, but for both counts of updates


class Progress:
    """Shows on a stream how many of `updates` are made, the loss of a token since it last did, and the speed.

    Used in a `with` block, at whose end a terminal's line is wiped out. clock: returns seconds.
    """

    def __init__(self, updates: int, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._updates, self._stream, self._clock = updates, stream, clock
        self._rewrites = stream.isatty()
        self._started = clock()
        self._interval = TERMINAL_SECONDS if self._rewrites else LOG_SECONDS
        self._due = self._started + self._interval
        self._loss = self._tokens = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._rewrites:
            self._write(f"\r{'':{self._columns}}\r")

    def tell(self, snapshot: Snapshot) -> None:
        """Take note of an update and show it if it is time."""
        self._loss += snapshot.loss
        self._tokens += snapshot.tokens
        now = self._clock()
        if now < self._due:
            return
        self._due = now + self._interval
        text = self._text(snapshot.update, now - self._started)
        self._write(self._line(snapshot.update, text) if self._rewrites else f"{text}\n")
        self._loss = self._tokens = 0.0

    def _text(self, update: int, seconds: float) -> str:
        speed = update / seconds
        left = rough((self._updates - update) / speed)
        loss = self._loss / self._tokens
        pace = f"{speed:,.0f}" if speed >= 10 else f"{speed:.2g}"
        return f"{update:,} of {self._updates:,} updates ({pace}/s), loss {loss:.4g}, {left} left"

    def _line(self, update: int, text: str) -> str:
        """Return what replaces the terminal's line: a bar, if there is room for it, and the text."""
        columns = self._columns
        width = min(_LONGEST_BAR, columns - 2 * len(f"{self._updates:,}") - _WORDS)
        if width >= _SHORTEST_BAR:
            text = f"{bar(update / self._updates, width, self._stream.encoding)} {text}"
        return f"\r{text[:columns]:{columns}}"

    @property
    def _columns(self) -> int:
        """How many columns can be written without the terminal beginning a new line."""
        columns = 0
        with suppress(OSError):  # the stream's own terminal; standard output may go elsewhere
            columns = os.get_terminal_size(self._stream.fileno()).columns
        # A terminal may not know its own size.
        return max(1, (columns or shutil.get_terminal_size().columns) - 1)

    def _write(self, text: str) -> None:
        with suppress(OSError):  # nobody looks any more, which is no reason to stop
            self._stream.write(text)
            self._stream.flush()


def bar(part: float, width: int, encoding: str | None) -> str:
    """Return a bar of which a part, 0 to 1, is filled, in characters that the encoding has."""
    full, empty = "━", "╌"
    try:
        (full + empty).encode(encoding or "ascii")
    except UnicodeEncodeError:
        full, empty = "#", "."
    filled = int(part * width)
    return full * filled + empty * (width - filled)


def rough(seconds: float) -> str:
    """Write how long something will take: 42 s, 7 min, 3 h."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:,.0f} h"
