"""One worker as the window sees it: a process, a pipe, and two threads so that the window never waits."""

from __future__ import annotations

import atexit
import os
import sys
from collections import deque
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from rnnviz.session.training.pipe import BEAT
from rnnviz.session.training.worker import main

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess


class WorkerProcess:
    """A worker that lives until `close`, or until it dies. Raises OSError if the system starts no process.

    Reading and writing can wait for a worker that has been stopped, so each has a thread of its own; both end
    when the process has ended.
    """

    def __init__(self) -> None:
        self._spoke = False
        self._frames: deque[bytes] = deque()
        self._outbox: SimpleQueue[bytes | None] = SimpleQueue()
        self._process, self._pipe = _spawned()
        self._threads = (
            Thread(target=self._read, name="read from the worker", daemon=True),
            Thread(target=self._write, name="write to the worker", daemon=True),
        )
        for thread in self._threads:
            thread.start()
        atexit.register(self.close)

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process exists; one that is stopped does."""
        return self._process.is_alive()

    @property
    def is_stopped(self) -> bool:
        """Whether the system says that the process is stopped; not every system can say."""
        if sys.platform != "linux":
            return False
        try:
            state = os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return False
        return state is not None

    def send(self, frame: bytes) -> None:
        """Send a frame as soon as the worker takes it."""
        self._outbox.put(frame)

    def frames(self) -> list[bytes]:
        """Return what has come since the last call, without the beats."""
        return [self._frames.popleft() for _ in range(len(self._frames))]

    def has_spoken(self) -> bool:
        """Return whether anything has come since the last call, be it a beat."""
        spoke, self._spoke = self._spoke, False
        return spoke

    def close(self) -> None:
        """End the process, however it is, and wait until it is gone; `frames` still returns what it has sent.

        There is nothing in a worker that is worth a farewell, and a stopped one would not hear it.
        """
        atexit.unregister(self.close)
        self._process.kill()
        self._process.join()
        self._outbox.put(None)
        for thread in self._threads:
            thread.join()
        self._pipe.close()

    def _read(self) -> None:
        try:
            while True:
                frame = self._pipe.recv_bytes()
                if frame != BEAT:
                    self._frames.append(frame)
                self._spoke = True
        except (EOFError, OSError):
            return

    def _write(self) -> None:
        try:
            while (frame := self._outbox.get()) is not None:
                self._pipe.send_bytes(frame)
        except OSError:
            return


def _spawned() -> tuple[SpawnProcess, Connection]:
    """Return a new worker and our end of its pipe."""
    from multiprocessing import get_context  # loads much, and is needed only when somebody trains

    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=main, args=(theirs,), name="training", daemon=True)
    try:
        process.start()
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()  # or the pipe would stay open when the worker dies
    return process, ours
