"""WebP animations, without loss: as sharp as the picture, and small."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING

from rnnviz.export._files import replace_file
from rnnviz.export._movies import durations, register_movie
from rnnviz.export._reel import reel

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.export._movies import Film

UNIT = Fraction(1, 1000)
EFFORT = {"quality": 60, "method": 2}  # more takes far longer and gains little


@register_movie(".webp", "WebP animation")
def save(film: Film, path: Path) -> None:
    """Write a film as a WebP animation that begins again at its end."""
    from PIL import Image

    frames = map(Image.fromarray, film.pixels())
    first = next(frames)
    content = io.BytesIO()
    first.save(
        content,
        "WEBP",
        save_all=True,
        append_images=[reel(frames, film.count - 1, first)] if film.count > 1 else [],
        duration=durations(film.count, film.rate, UNIT),
        loop=0,
        lossless=True,
        **EFFORT,
    )
    replace_file(path, content.getvalue())
