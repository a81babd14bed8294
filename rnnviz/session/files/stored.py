"""Documents on the disk: saved as a whole or not at all, and never over what somebody else has saved."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rnnviz.session.files.archive import shown
from rnnviz.session.files.errors import ChangedOnDiskError, DocumentFileError
from rnnviz.session.files.limits import MOST_FILE
from rnnviz.session.files.locking import FileLock
from rnnviz.session.files.reading import read_kept
from rnnviz.session.files.writing import content_of
from rnnviz.session.replacing import PART, FileError, Replacement, explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.session.files.kept import Kept

_PATIENCE = 3.0
"""How long to wait, in seconds, for another window that is just saving the same file."""

_BREAK = 0.02


@dataclass(frozen=True)
class Stamp:
    """What a file was at some time: where and how large it is, when it was written, and what is in it."""

    inode: int
    size: int
    modified: int
    digest: str


def open_kept(path: Path) -> tuple[Kept, Stamp]:
    """Return what a file keeps, and what the file is now. Raises DocumentFileError, one sentence."""
    name = shown(path.name)
    try:
        _require_file(path, name)
        with path.open("rb") as file:
            stamp = _stamp(path, hashlib.file_digest(file, "sha256").hexdigest())
            return read_kept(file), stamp
    except FileNotFoundError:
        where = shown(str(path), 300)
        raise DocumentFileError(f"There is no file “{where}”; check its name and folder.") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise DocumentFileError(f"“{name}” cannot be read ({reason}).") from error
    except DocumentFileError as error:
        message = str(error)
        raise DocumentFileError(message if message.endswith(".") else f"“{name}”: {message}.") from error


def save_kept(path: Path, kept: Kept, known: Stamp | None = None) -> Stamp:
    """Write a file, whole or not at all, and return what it is then.

    known: what it should be before; if it is not, ChangedOnDiskError is raised and the file stays as it is.
    None: overwrite whatever is there. Raises SessionError, one sentence, if it cannot be written.
    """
    content = content_of(kept)
    with explained(path), _alone(path) as target:
        if known is not None and is_changed(target, known):
            raise ChangedOnDiskError(f"“{shown(path.name)}” has been changed by another program or window.")
        _forget_parts(target)
        with Replacement(path) as file:
            file.write(content)
        return _stamp(target, hashlib.sha256(content).hexdigest())


def is_changed(path: Path, known: Stamp) -> bool:
    """Return whether a file holds something else than it did; one that is gone has nothing to lose."""
    try:
        now = path.stat()
        if (now.st_ino, now.st_size, now.st_mtime_ns) == (known.inode, known.size, known.modified):
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() != known.digest
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _stamp(path: Path, digest: str) -> Stamp:
    now = path.stat()
    return Stamp(now.st_ino, now.st_size, now.st_mtime_ns, digest)


def _require_file(path: Path, name: str) -> None:
    """Refuse what is no file, before it is waited for, or is too large."""
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise DocumentFileError(f"“{name}” is a folder; choose a file in it.")
    if not stat.S_ISREG(found.st_mode):
        raise DocumentFileError(f"“{name}” is not a file that can be read; choose a file of RNNViz.")
    if found.st_size > MOST_FILE:
        raise DocumentFileError(f"“{name}” is larger than any file of RNNViz; choose another one.")


@contextmanager
def _alone(path: Path) -> Iterator[Path]:
    """Keep all other windows from saving the same file meanwhile; the target of a link is that file."""
    target = Path(os.path.realpath(path))
    lock = FileLock(target.with_name(f".{target.name}.lock"))
    until = time.monotonic() + _PATIENCE
    # Where no lock can be made no file can be written either, and that is said better there.
    with suppress(OSError):
        while not lock.take():
            if time.monotonic() > until:
                raise FileError(f"{shown(path.name)} is just being saved by another window; try again.")
            time.sleep(_BREAK)
    try:
        yield target
    finally:
        lock.release()


def _forget_parts(target: Path) -> None:
    """Remove what a crash has left of earlier saves of the same file."""
    left = re.compile(rf"\.{re.escape(target.name)}\.[a-z0-9_]{{8}}{re.escape(PART)}")
    with suppress(OSError):
        for path in target.parent.iterdir():
            if left.fullmatch(path.name):
                path.unlink()
