"""Writing a file as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


class ExportError(Exception):
    """A picture cannot be written; the message is one sentence for the user."""


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` where `path` is; whatever goes wrong, what was there stays.

    The content goes to a temporary file in the same folder first. Raises ExportError.
    """
    try:
        _replace(_target(path), content)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ExportError(f"{path} could not be written ({reason}); choose another place.") from error


def _target(path: Path) -> Path:
    """Follow links, so that a link stays one, and refuse what a file must not replace."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise ExportError(f"{path} is a folder; add a file's name.")
    if not target.parent.is_dir():
        raise ExportError(f"There is no folder {path.parent}; make it first or choose another.")
    return target


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(target))
        os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _mode(target: Path) -> int:
    """Return the permissions of the file that is replaced, or those a new one gets."""
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
