"""Arrays as `.npy`, NumPy's own format, of the plainest kinds of numbers; nothing in it is ever evaluated."""

from __future__ import annotations

import re
from io import BytesIO
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnviz.session.files.archive import shown
from rnnviz.session.files.errors import DocumentFileError

if TYPE_CHECKING:
    from collections.abc import Container

    from numpy.typing import NDArray

    from rnnviz.session.files.archive import Archive

HEADER = 10_000
"""The longest header that is read, in bytes."""

_MAGIC = b"\x93NUMPY"
_LENGTHS = {1: 2, 2: 4, 3: 4}  # how many bytes say how long the header is, by version
_HEADER = re.compile(
    r"\{\s*'descr':\s*'(?P<of>[<|][fbu][1248])',\s*'fortran_order':\s*(?P<columns>True|False),"
    r"\s*'shape':\s*\((?P<shape>[\d,\s]{0,100})\),?\s*\}\s*"
)


def npy(array: NDArray[Any]) -> bytes:
    """Return an array as a file, little end first."""
    content = BytesIO()
    plain = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    np.lib.format.write_array(content, plain, version=(1, 0), allow_pickle=False)
    return content.getvalue()


def read_exact(archive: Archive, name: str, of: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """Return an array whose type and shape are known; a member of another size is not even unpacked."""
    size = prod(shape) * np.dtype(of).itemsize
    array = _array(name, archive.read(name, size + HEADER), {of})
    if array.shape != shape:
        raise DocumentFileError(f"its part {shown(name)} has the shape {array.shape}, not {shape}")
    return array


def read_row(archive: Archive, name: str, of: Container[str], most: int) -> NDArray[Any]:
    """Return an array of one dimension with at most so many bytes and one of these types."""
    array = _array(name, archive.read(name, most + HEADER), of)
    if array.ndim != 1:
        raise DocumentFileError(f"its part {shown(name)} has {array.ndim} dimensions, not one")
    return array


def _array(name: str, content: bytes, of: Container[str]) -> NDArray[Any]:
    """Return what a file holds, read-only, sharing its memory."""
    found, start = _header(name, content)
    if found["of"] not in of:
        raise DocumentFileError(f"its part {shown(name)} holds numbers of the type {found['of']}")
    try:
        shape = tuple(int(size) for size in found["shape"].replace(",", " ").split())
        array = np.frombuffer(content, found["of"], offset=start)
        return array.reshape(shape, order="F" if found["columns"] == "True" else "C")
    except (ValueError, OverflowError):
        raise DocumentFileError(f"its part {shown(name)} is not as long as it says") from None


def _header(name: str, content: bytes) -> tuple[re.Match[str], int]:
    """Return the fields of a header and where the numbers begin."""
    length = _LENGTHS.get(content[6], 0) if content[:6] == _MAGIC and len(content) > 8 else 0
    start = 8 + length + int.from_bytes(content[8 : 8 + length], "little")
    if length and start <= min(len(content), HEADER):
        text = content[8 + length : start].decode("latin-1")
        if found := _HEADER.fullmatch(text):
            return found, start
    raise DocumentFileError(f"its part {shown(name)} is no array of numbers")
