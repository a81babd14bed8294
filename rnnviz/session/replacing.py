"""Writing a file as a whole or not at all."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import time
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rnnviz.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType


PART = ".part"
"""How the temporary files end, those that a crash has left among them."""

_CHUNK = 1 << 20

_UNSYNCED = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM, errno.EISDIR})
"""How systems say that a folder's names cannot be waited for, or not by everybody."""

_PATIENCE = 1.0  # seconds, while somebody else reads the file that is to be replaced


class FileError(SessionError):
    """A file cannot be written."""


class Replacement:
    """What a file will hold once it is complete; until then, and whatever goes wrong, it stays as it was.

    In a `with` block: the content goes to a temporary file in the same folder, which takes the file's place
    at the end of the block, unless an exception leaves it. Before that it is on the disk, and has been read
    again and found to be the same. Raises FileError, one sentence.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with explained(path):
            self._target = _target(path)
            handle, self._name = tempfile.mkstemp(PART, f".{self._target.name}.", self._target.parent)
        self._file = os.fdopen(handle, "wb")
        self._checksum = self._size = 0

    def __enter__(self) -> Replacement:
        return self

    def write(self, content: bytes) -> None:
        """Add to the content."""
        with explained(self._path):
            self._file.write(content)
        self._checksum, self._size = zlib.crc32(content, self._checksum), self._size + len(content)

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with explained(self._path):
                    self._replace()
        finally:
            with suppress(OSError):  # of a full disk, of which enough was said, or of a name that is gone
                self._file.close()
            with suppress(OSError):
                os.unlink(self._name)

    def _replace(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()  # Windows moves no open file
        self._verify()
        Path(self._name).chmod(_mode(self._target))
        _move(self._name, self._target)
        _sync_folder(self._target.parent)

    def _verify(self) -> None:
        """Read again what was written: some disks take everything and keep nothing."""
        checksum = size = 0
        with open(self._name, "rb", buffering=0) as file:
            while chunk := file.read(_CHUNK):
                checksum, size = zlib.crc32(chunk, checksum), size + len(chunk)
        if (checksum, size) != (self._checksum, self._size):
            raise OSError(errno.EIO, "the disk did not keep what was written")


def _move(source: str, target: Path) -> None:
    """Let a file take the place of another; Windows refuses that while somebody reads the other."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            os.replace(source, target)
        except PermissionError:
            if sys.platform != "win32" or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _sync_folder(folder: Path) -> None:
    """Wait until the name of a file is on the disk, too, where that is possible."""
    if sys.platform == "win32":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno not in _UNSYNCED:
            raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Say what the system refuses as a FileError."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise FileError(f"{path} could not be written ({reason}); choose another place.") from error


def _target(path: Path) -> Path:
    """Follow links, so that a link stays one, and refuse what a file must not replace."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise FileError(f"{path} is a folder; add a file's name.")
    if not target.parent.is_dir():
        raise FileError(f"There is no folder {path.parent}; make it first or choose another.")
    if target.exists() and not target.is_file():
        raise FileError(f"{path} is a device, not a file that can be replaced; choose another name.")
    return target


def _mode(target: Path) -> int:
    """Return the permissions of the file that is replaced, or those a new one gets."""
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
