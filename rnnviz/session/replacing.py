"""Writing a file as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rnnviz.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType


class FileError(SessionError):
    """A file cannot be written."""


class Replacement:
    """What a file will hold once it is complete; until then, and whatever goes wrong, it stays as it was.

    In a `with` block: the content goes to a temporary file in the same folder, which takes the file's place
    at the end of the block, unless an exception leaves it. Raises FileError, one sentence.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._target = _target(path)
        with _explained(path):
            handle, self._name = tempfile.mkstemp(prefix=f".{self._target.name}.", dir=self._target.parent)
        self._file = os.fdopen(handle, "wb")

    def __enter__(self) -> Replacement:
        return self

    def write(self, content: bytes) -> None:
        """Add to the content."""
        with _explained(self._path):
            self._file.write(content)

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with _explained(self._path):
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
        Path(self._name).chmod(_mode(self._target))
        os.replace(self._name, self._target)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
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
