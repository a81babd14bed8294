"""Zip files: written to the same bytes for the same content, read with every size checked beforehand."""

from __future__ import annotations

import struct
import zlib
from contextlib import contextmanager
from io import BytesIO
from typing import IO, TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from rnnviz.session.files.errors import DocumentFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RATIO = 16
"""By how much a member may be packed; more would let a small file fill the memory."""

FREE = 1 << 20
"""Up to this size a member may be packed by more."""

MOST_TOGETHER = 1 << 26
"""What all members of a small file may unpack to together."""

_MOST_DIRECTORY = 1 << 16  # bytes, room for several hundred members
_DIRECTORY_END, _LOCATOR = b"PK\x05\x06", b"PK\x06\x07"
_END_SIZE, _LOCATOR_SIZE, _LONGEST_COMMENT = 22, 20, 0xFFFF
_ENCRYPTED = 0x1
_UNIX = 3
_EPOCH = (1980, 1, 1, 0, 0, 0)
_BROKEN = (
    *(BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError, struct.error),
    *(OverflowError, LookupError, OSError),
)


def packed(members: Mapping[str, bytes]) -> bytes:
    """Return a zip file with these members in this order; nothing in it depends on the time.

    Arrays are stored as they are, since numbers hardly get smaller; so is what would get smaller by so much
    that `Archive` would not unpack it.
    """
    stored = frozenset(name for name in members if name.endswith(".npy") and not name.startswith("corpus"))
    content, too_small = _packed(members, stored)
    return _packed(members, stored | too_small)[0] if too_small else content


def _packed(members: Mapping[str, bytes], stored: frozenset[str]) -> tuple[bytes, frozenset[str]]:
    """Return a zip file, and the names of those members that are packed by more than `RATIO`."""
    content = BytesIO()
    with ZipFile(content, "w") as file:
        for name, member in members.items():
            info = ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = _UNIX, 0o644 << 16
            info.compress_type = ZIP_STORED if name in stored else ZIP_DEFLATED
            file.writestr(info, member, compresslevel=6 if len(member) <= FREE else 1)
        infos = file.infolist()
    return content.getvalue(), frozenset(info.filename for info in infos if not _is_honest(info))


class Archive:
    """The members of a zip file by name. Nothing is unpacked before its size is known to be allowed.

    Nothing is ever unpacked to the disk, so a name is a key and no path. Raises DocumentFileError if it is no
    such file, or holds what `packed` would never write.
    """

    def __init__(self, file: IO[bytes]) -> None:
        size = file.seek(0, 2)
        _require_small_directory(file, size)
        with _explained():
            self._zip = ZipFile(file)
            infos = [info for info in self._zip.infolist() if not info.filename.endswith("/")]
        self._infos = {info.filename: info for info in infos}
        if len(self._infos) != len(infos):
            raise DocumentFileError("it holds two parts of the same name")
        for info in self._infos.values():
            _require_readable(info)
        together = sum(info.file_size for info in self._infos.values())
        packed_together = sum(info.compress_size for info in self._infos.values())
        if packed_together > size or together > MOST_TOGETHER + RATIO * size:
            raise DocumentFileError("it unpacks to far more than it holds")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all members, in the order of the file."""
        return tuple(self._infos)

    def size(self, name: str) -> int:
        """Return the size that a member will have. Raises DocumentFileError if there is none."""
        return self._info(name).file_size

    def read(self, name: str, most: int) -> bytes:
        """Return a member; refuse it, unread, if it is larger than `most` bytes."""
        info = self._info(name)
        if info.file_size > most:
            raise DocumentFileError(
                f"its part {shown(name)} has {info.file_size:,} bytes where at most {most:,} can be"
            )
        with _explained(), self._zip.open(info) as member:
            content = member.read(info.file_size)
            complete = len(content) == info.file_size and not member.read(1)
        if not complete:
            raise DocumentFileError(f"its part {shown(name)} is cut off")
        return content

    def _info(self, name: str) -> ZipInfo:
        if name not in self._infos:
            raise DocumentFileError(f"its part {shown(name)} is missing")
        return self._infos[name]


def shown(name: str, longest: int = 60) -> str:
    """Return what may be any text as a person can read it in a sentence."""
    short = name if len(name) <= longest else f"{name[: longest - 1]}…"
    return "".join(letter if letter.isprintable() else "�" for letter in short)


def _require_small_directory(file: IO[bytes], size: int) -> None:
    """Refuse what is no zip file, and a list of members that alone would fill the memory."""
    file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - _LOCATOR_SIZE))
    tail = file.read()
    last = tail[-_END_SIZE:]
    # The same two looks, in the same order, as the library's.
    plain = last.startswith(_DIRECTORY_END) and last.endswith(b"\0\0") and len(last) == _END_SIZE
    place = len(tail) - _END_SIZE if plain else tail.rfind(_DIRECTORY_END)
    if place < 0 or len(tail) - place < _END_SIZE:
        raise DocumentFileError("it is no file of RNNViz, or not all of one")
    directory = int.from_bytes(tail[place + 12 : place + 16], "little")
    is_large = tail[max(0, place - _LOCATOR_SIZE) : place].startswith(_LOCATOR)
    if is_large or directory > _MOST_DIRECTORY:
        raise DocumentFileError("it has more parts than a file of RNNViz can have")


def _require_readable(info: ZipInfo) -> None:
    name = shown(info.filename)
    if info.flag_bits & _ENCRYPTED:
        raise DocumentFileError(f"its part {name} is encrypted")
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise DocumentFileError(f"its part {name} is packed in a way that RNNViz does not know")
    if not _is_honest(info):
        raise DocumentFileError(f"its part {name} unpacks to far more than it holds")


def _is_honest(info: ZipInfo) -> bool:
    return info.file_size <= max(FREE, RATIO * info.compress_size)


@contextmanager
def _explained() -> Iterator[None]:
    """Say whatever a damaged file makes the library raise as one error."""
    try:
        yield
    except DocumentFileError:
        raise
    except _BROKEN as error:
        raise DocumentFileError("it is damaged") from error
