"""How far an animation has come."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rnnviz.app.progress import Progress, bar, rough

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_WIDTH = 24


class FrameProgress(Progress):
    """Shows on a stream how many of `frames` are done; each counts `passes` times."""

    def __init__(
        self, frames: int, passes: int, stream: TextIO, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(frames * passes, stream, clock)
        self._passes, self._done = passes, 0

    def tell_frame(self) -> None:
        """Take note of a frame and show it if it is time."""
        self._done += 1
        now = self._clock()
        if now < self._due:
            return
        self._due = now + self._interval
        text = self._words(now - self._started)
        if self._rewrites:
            drawn = bar(self._done / self._updates, _WIDTH, self._stream.encoding)
            self._write(f"\r{f'{drawn} {text}'[: self._columns]:{self._columns}}")
        else:
            self._write(f"{text}\n")

    def _words(self, seconds: float) -> str:
        left = rough(seconds / self._done * (self._updates - self._done))
        frames = self._updates // self._passes
        return f"{self._done // self._passes:,} of {frames:,} frames, {left} left"
