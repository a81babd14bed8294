"""The process that trains: what runs in it besides the training itself.

This module imports nothing but the standard library, so that the process shows signs of life from its first
moment on, while NumPy and the engine are still being loaded.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING

from rnnviz.session.training.pipe import BEAT, BEAT_SECONDS

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_PR_SET_PDEATHSIG = 1


def main(pipe: Connection) -> None:
    """Carry out what comes through the pipe until the other end is closed; the process ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the window, which then ends this process
    _die_with_the_window()
    channel = Channel(pipe)
    channel.open()

    from rnnviz.session.training.loop import Loop  # loads NumPy

    Loop(channel.inbox, channel.send).run()


class Channel:
    """The worker's end of the pipe: frames that came in, in `inbox`, and a way out that threads can share."""

    def __init__(self, pipe: Connection) -> None:
        self.inbox: SimpleQueue[bytes] = SimpleQueue()
        self._pipe = pipe
        self._speaking = Lock()

    def open(self) -> None:
        """Begin to listen and to beat."""
        Thread(target=self._listen, name="listen", daemon=True).start()
        Thread(target=self._beat, name="beat", daemon=True).start()

    def send(self, frame: bytes) -> None:
        """Send a frame; waits while the pipe is full. Ends the process if nobody listens any more."""
        try:
            with self._speaking:
                self._pipe.send_bytes(frame)
        except OSError:
            os._exit(0)

    def _listen(self) -> None:
        """Take in frames; when the window is gone, however it went, end in the middle of anything."""
        try:
            while True:
                self.inbox.put(self._pipe.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)

    def _beat(self) -> None:
        while True:
            self.send(BEAT)
            time.sleep(BEAT_SECONDS)


def _die_with_the_window() -> None:
    """Have the system end this process even while it is stopped and cannot see that its pipe has closed."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
