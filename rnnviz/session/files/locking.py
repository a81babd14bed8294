"""Locks that other processes see and that the system lifts when their holder is gone, however it went."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


_IS_HELD = frozenset({errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})


class FileLock:
    """A lock that is a file; the file alone means nothing, it may be there although nobody holds the lock.

    Of a process id, which other programs write into such files, nobody knows whether it is another's by now.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether we hold it."""
        return self._handle is not None

    def take(self) -> bool:
        """Take it, and return whether that was possible. Raises OSError if there can be no such file."""
        while self._handle is None:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _take(handle)
            except OSError as error:
                os.close(handle)
                if error.errno in _IS_HELD:
                    return False
                raise
            if self._is_still_there(handle):
                self._handle = handle
            else:  # whoever held it has let it go just now, and the file with it
                os.close(handle)
        return True

    def release(self) -> None:
        """Let it go and remove the file; nothing if we do not hold it."""
        if self._handle is None:
            return
        handle, self._handle = self._handle, None
        # In this order nobody can take a lock whose file is about to go; Windows removes no open file.
        if sys.platform == "win32":
            os.close(handle)
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        if sys.platform != "win32":
            os.close(handle)

    def _is_still_there(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self._path.stat())
        except FileNotFoundError:
            return False
