"""Exported pictures as programs of others show them: rsvg for SVG, poppler for PDF, Pillow for PNG."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

PACKAGES = {
    "rsvg-convert": "librsvg2-bin",
    "pdftoppm": "poppler-utils",
    "pdfinfo": "poppler-utils",
    "pdffonts": "poppler-utils",
}


def ran(tool: str, *words: Any) -> str:
    """Run a tool and return what it says; without it the test fails and says what to install."""
    assert shutil.which(tool), f"These tests need {tool}; install the package {PACKAGES[tool]}."
    done = subprocess.run([tool, *map(str, words)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def shown(path: Path, scale: float = 1.0) -> Pixels:
    """Return a picture as (height, width, 4) bytes; one without dots at `scale` of them in 1/96 inch."""
    readable = path
    if path.suffix == ".svg":
        readable = path.with_suffix(".svg.png")
        ran("rsvg-convert", "-z", scale, "-o", readable, path)
    elif path.suffix == ".pdf":
        readable = path.with_suffix(".pdf.png")
        ran("pdftoppm", "-r", 96 * scale, "-png", "-singlefile", path, readable.with_suffix(""))
    with Image.open(readable) as image:
        image.load()
        return np.asarray(image.convert("RGBA"))


def apart(one: Pixels, other: Pixels) -> float:
    """Return how much two pictures differ, seen from so far away that edges do not matter: 0 to 255."""
    small = [
        np.asarray(Image.fromarray(pixels[..., :3]).resize((80, 50), Image.Resampling.BOX), float)
        for pixels in (one, other)
    ]
    return float(np.abs(small[0] - small[1]).mean())


def background(pixels: Pixels) -> tuple[int, ...]:
    """Return the colour, and how opaque it is, in the upper right corner."""
    return tuple(int(part) for part in pixels[1, -2])
