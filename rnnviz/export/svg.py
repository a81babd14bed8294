"""SVG pictures: shapes that stay sharp however large they are shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtSvg import QSvgGenerator

from rnnviz.export._files import replace_file
from rnnviz.export._outlines import Letters, OutliningPainter
from rnnviz.export._registry import register
from rnnviz.export.board import draw
from rnnviz.figures.formats import PIXELS_PER_INCH
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.export.board import Board
    from rnnviz.export.look import Look
    from rnnviz.figures.model import Figure

SIZE = re.compile(r'<svg width="[^"]*" height="[^"]*"')
NOTHING = re.compile(r"<g[^>]*>\s*</g>\s*")


@register(".svg", "SVG picture", boards=True)
def save(figure: Figure | Board, path: Path, look: Look) -> None:
    """Write a figure as SVG."""
    replace_file(path, drawn(figure, look).encode("utf-8"))


def drawn(figure: Figure | Board, look: Look) -> str:
    """Return a figure as the text of an SVG file."""
    buffer, letters = QBuffer(), Letters()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = _generator(figure, look)
    generator.setOutputDevice(buffer)
    with OutliningPainter(generator, letters) as painter:
        draw(painter, figure, look, vector=True)
    found = NOTHING.sub("", bytes(buffer.data().data()).decode("utf-8"))
    width, height = (f"{side:.6g}" for side in look.size)  # of 1/96 inch, as a pixel is in SVG
    return letters.put_into(SIZE.sub(f'<svg width="{width}" height="{height}"', found, count=1))


def _generator(figure: Figure | Board, look: Look) -> QSvgGenerator:
    """Return what writes SVG; of its versions 1.1 is the one that can clip."""
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setResolution(round(PIXELS_PER_INCH))
    generator.setSize(QSize(*(max(1, round(side)) for side in look.size)))
    generator.setViewBox(QRectF(0.0, 0.0, *look.room))
    generator.setTitle(plain(figure.title))
    generator.setDescription(plain(figure.description))
    return generator
