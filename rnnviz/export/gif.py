"""GIF animations: one palette for all frames and no dithering, so that nothing flickers."""

from __future__ import annotations

import io
import zlib
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.export._colours import Census, packed, places, unpacked
from rnnviz.export._files import replace_file
from rnnviz.export._movies import durations, register_movie
from rnnviz.export._reel import reel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL.Image import Image

    from rnnviz.export._movies import Film

UNIT = Fraction(1, 100)
"""What a GIF counts time in, in seconds."""


@register_movie(".gif", "GIF animation", passes=2)
def save(film: Film, path: Path) -> None:
    """Write a film as a GIF that begins again at its end."""
    census, kept, shape = Census(), list[bytes](), (0, 0)
    for picture in map(packed, film.pixels()):
        census.add(picture)
        kept.append(zlib.compress(picture.tobytes(), 1))  # the palette is known after the last one only
        shape = picture.shape
    palette = census.palette()
    table = places(census, palette)

    def indexed() -> Iterator[Image]:
        from PIL import Image

        for data in kept:
            colours = np.frombuffer(zlib.decompress(data), np.uint32).reshape(shape)
            image = Image.fromarray(table[colours])
            image.putpalette(unpacked(palette).tobytes())
            film.tell()
            yield image

    frames = indexed()
    first = next(frames)
    content = io.BytesIO()
    milliseconds = [10 * duration for duration in durations(len(kept), film.rate, UNIT)]
    first.save(
        content,
        "GIF",
        save_all=True,
        append_images=[reel(frames, len(kept) - 1, first)] if len(kept) > 1 else [],
        duration=milliseconds,
        loop=0,
        optimize=False,
        disposal=1,
    )
    replace_file(path, content.getvalue())
