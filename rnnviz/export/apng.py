"""Animated PNG: every frame exactly as it was painted, of each only what differs from the one before it.

Written here, since Pillow would hold all frames in memory; see the PNG specification, third edition, 11.3.6.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.export._files import replace_file
from rnnviz.export._movies import changed, register_movie

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path
    from typing import TypeAlias

    from rnnviz.export._movies import Film, Pixels

    Box: TypeAlias = tuple[int, int, int, int]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = (8, 2, 0, 0, 0)  # bits, red-green-blue, deflate, filters by row, not interlaced
UP = 2  # the filter that keeps how a row differs from the row above it
LONGEST = 65_535  # what the numbers of a delay may be


@register_movie(".apng", "Animated PNG")
def save(film: Film, path: Path) -> None:
    """Write a film as an animated PNG that begins again at its end."""
    content = io.BytesIO()
    before: Pixels | None = None
    delay, sequence = _delay(film.rate), 0
    for picture in film.pixels():
        height, width, _ = picture.shape
        box: Box = (0, 0, width, height)
        if before is None:
            content.write(SIGNATURE + _chunk(b"IHDR", struct.pack(">II5B", width, height, *COLOURS)))
            content.write(_chunk(b"acTL", struct.pack(">II", film.count, 0)))
        else:
            box = changed(before, picture) or (0, 0, 1, 1)
        data = _compressed(picture[box[1] : box[3], box[0] : box[2]])
        content.write(_chunk(b"fcTL", _control(sequence, box, delay)))
        first = before is None
        content.write(
            _chunk(b"IDAT", data) if first else _chunk(b"fdAT", struct.pack(">I", sequence + 1) + data)
        )
        sequence += 1 if first else 2
        before = picture
    content.write(_chunk(b"IEND", b""))
    replace_file(path, content.getvalue())


def _delay(rate: Fraction) -> tuple[int, int]:
    """Return how long a frame is shown, as numerator and denominator of seconds."""
    seconds = (1 / rate).limit_denominator(LONGEST)
    return min(seconds.numerator, LONGEST), seconds.denominator


def _control(sequence: int, box: Box, delay: tuple[int, int]) -> bytes:
    """Return where a frame is written over the one before it, and for how long."""
    left, top, right, bottom = box
    return struct.pack(">5I2H2B", sequence, right - left, bottom - top, left, top, *delay, 0, 0)


def _compressed(picture: Pixels) -> bytes:
    """Return pixels as PNG keeps them; what is flat from row to row becomes zeros."""
    rows = np.ascontiguousarray(picture).reshape(len(picture), -1)
    filtered = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    filtered[:, 0] = UP
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    return zlib.compress(filtered.tobytes(), 6)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
