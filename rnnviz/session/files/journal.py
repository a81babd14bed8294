"""What a crash must not take: a copy of the document that the next start finds.

A journal is the file NAME.rnnviz in a folder of its own, beside NAME.lock, which its process holds while it
lives, and NAME.PART.corpus with the text to learn from, which is large and hardly ever changes.
"""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from rnnviz.session.files.archive import Archive, packed
from rnnviz.session.files.errors import DocumentFileError
from rnnviz.session.files.locking import FileLock
from rnnviz.session.files.reading import read_kept
from rnnviz.session.files.stored import Stamp
from rnnviz.session.files.writing import corpus_members, members_of
from rnnviz.session.replacing import FileError, Replacement

if TYPE_CHECKING:
    from rnnviz.session.corpus import Corpus
    from rnnviz.session.files.kept import Kept

ORIGIN = "journal.json"
"""The member that a journal has beside those of a document."""

_NAME = re.compile(r"[0-9a-f]{32}")
_MOST = 1 << 20


class Origin(msgspec.Struct, frozen=True):
    """Where a document comes from. path: its file, and what that was; None if it never had one.

    title: what it was called in the window. corpus: the file with its text to learn from.
    """

    title: str
    path: str | None = None
    stamp: Stamp | None = None
    corpus: str | None = None


class Journal:
    """The journal of this process; there is no file before something is written. Threads may share it."""

    def __init__(self, folder: Path, name: str | None = None, lock: FileLock | None = None) -> None:
        self._folder = folder
        self._name = name or uuid.uuid4().hex
        self._lock = lock or _lock(folder, self._name)
        self._busy = Lock()
        self._corpus: tuple[Corpus, str] | None = None
        self._closed = False

    def write(self, kept: Kept, origin: Origin) -> None:
        """Keep a document instead of what was kept before, whole or not at all.

        Raises SessionError, one sentence; nothing is written after `remove(close=True)`.
        """
        with self._busy:
            if self._closed:
                return
            self._take_lock()
            corpus = self._written_corpus(kept.state.corpus)
            origin = msgspec.structs.replace(origin, corpus=corpus)
            members = members_of(kept, corpus=False) | {ORIGIN: msgspec.json.encode(origin)}
            with Replacement(self._folder / f"{self._name}.rnnviz") as file:
                file.write(packed(members))
            _forget(self._folder, self._name, but=corpus)

    def remove(self, *, close: bool = False) -> None:
        """Forget what was kept; it was saved, or was not wanted. close: write nothing any more."""
        with self._busy:
            self._closed = self._closed or close
            self._corpus = None
            if self._lock.is_held:
                remove(self._folder, self._name)
                self._lock.release()

    def _take_lock(self) -> None:
        """Take the lock before there is a file, so that one without a holder is always a lost one."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.take()
        except OSError as error:
            raise FileError(f"The folder {self._folder} cannot be written to.") from error

    def _written_corpus(self, corpus: Corpus | None) -> str | None:
        """Write a text that has not been written yet under a new name, and return the name."""
        if corpus is None:
            return None
        if self._corpus is None or self._corpus[0] is not corpus:
            name = f"{self._name}.{uuid.uuid4().hex}.corpus"
            with Replacement(self._folder / name) as file:
                file.write(packed(corpus_members(corpus)))
            self._corpus = corpus, name
        return self._corpus[1]


@dataclass(frozen=True, eq=False)
class Lost:
    """What a process that is gone has left; as long as this is here no other process will find it."""

    folder: Path
    name: str
    lock: FileLock

    @property
    def path(self) -> Path:
        """The journal."""
        return self.folder / f"{self.name}.rnnviz"

    @property
    def origin(self) -> Origin:
        """Where the document comes from. Raises DocumentFileError if that cannot be read."""
        try:
            with self.path.open("rb") as file:
                return msgspec.json.decode(Archive(file).read(ORIGIN, _MOST), type=Origin)
        except (OSError, DocumentFileError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise DocumentFileError("The copy of the lost document cannot be read.") from error

    @property
    def modified(self) -> float:
        """When it was written, in seconds since 1970; 0 if that is not known."""
        with suppress(OSError):
            return self.path.stat().st_mtime
        return 0.0

    def read(self) -> tuple[Kept, Origin]:
        """Return the document. Raises DocumentFileError, one sentence."""
        origin = self.origin
        try:
            with self.path.open("rb") as file:
                if origin.corpus is None:
                    return read_kept(file, known={ORIGIN}), origin
                with (self.folder / Path(origin.corpus).name).open("rb") as beside:
                    return read_kept(file, beside, known={ORIGIN}), origin
        except OSError as error:
            raise DocumentFileError("The copy of the lost document cannot be read.") from error
        except DocumentFileError as error:
            raise DocumentFileError(f"The copy of the lost document is damaged: {error}.") from error

    def adopted(self) -> Journal:
        """Return the same journal as that of this process, which goes on with it."""
        return Journal(self.folder, self.name, self.lock)

    def discard(self) -> None:
        """Forget it for good."""
        remove(self.folder, self.name)
        self.lock.release()

    def release(self) -> None:
        """Leave it for another time."""
        self.lock.release()


def lost_in(folder: Path) -> list[Lost]:
    """Return what processes that are gone have left, the latest first; what is of no use is cleared away."""
    found: list[Lost] = []
    for name in sorted({path.name.split(".")[0] for path in folder.glob("*.*")}):
        lock = _lock(folder, name)
        if not _NAME.fullmatch(name) or not _took(lock):
            continue
        if (folder / f"{name}.rnnviz").exists():
            found.append(Lost(folder, name, lock))
        else:
            remove(folder, name)
            lock.release()
    return sorted(found, key=lambda lost: lost.modified, reverse=True)


def remove(folder: Path, name: str) -> None:
    """Remove a journal: first the document, without which all else is nothing."""
    with suppress(OSError):
        (folder / f"{name}.rnnviz").unlink(missing_ok=True)
    _forget(folder, name, but=None)


def _forget(folder: Path, name: str, but: str | None) -> None:
    """Remove what belongs to a journal and is not used: other texts, and what was not written to its end."""
    with suppress(OSError):
        for path in [*folder.glob(f"{name}.*.corpus"), *folder.glob(f".{name}.*.part")]:
            if path.name != but:
                path.unlink(missing_ok=True)


def _took(lock: FileLock) -> bool:
    try:
        return lock.take()
    except OSError:
        return False


def _lock(folder: Path, name: str) -> FileLock:
    return FileLock(folder / f"{name}.lock")
