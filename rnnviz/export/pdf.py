"""PDF pictures: one page, shapes that stay sharp, fonts embedded."""

from __future__ import annotations

import re
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, QUuid
from PySide6.QtGui import QColor, QPageSize, QPainter, QPdfWriter

from rnnviz.export._files import replace_file
from rnnviz.export._registry import register
from rnnviz.export.board import draw, ground
from rnnviz.export.look import POINTS_PER_INCH
from rnnviz.figures.formats import PIXELS_PER_INCH
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.export.board import Board
    from rnnviz.export.look import Look
    from rnnviz.figures.model import Figure

RESOLUTION = 1200  # units an inch in which places are written
DOCUMENT = QUuid("{9f0c1f0e-5d0b-4f3e-9f5e-2b7a3c7d8e01}")  # one for all: a picture has no identity
# The time of writing, as Qt notes it in two places, with the zone behind it.
TIMES = (re.compile(rb"\(D:\d{14}[^)]*"), re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\"]*"))
THEN = (b"(D:20000101000000Z", b"2000-01-01T00:00:00Z")


@register(".pdf", "PDF picture", boards=True)
def save(figure: Figure | Board, path: Path, look: Look) -> None:
    """Write a figure as a PDF of one page, which is as large as the figure."""
    replace_file(path, drawn(figure, look))


def drawn(figure: Figure | Board, look: Look) -> bytes:
    """Return a figure as the content of a PDF file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = _writer(buffer, figure, look)
    with QPainter(writer) as painter:
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        if not look.transparent:
            whole = QRectF(0.0, 0.0, writer.width(), writer.height())
            painter.fillRect(whole, QColor(look.theme[ground(figure)]))
        unit = RESOLUTION / PIXELS_PER_INCH * look.zoom
        painter.scale(unit, unit)
        draw(painter, figure, look, vector=True)
    return timeless(bytes(buffer.data().data()))


def _writer(buffer: QBuffer, figure: Figure | Board, look: Look) -> QPdfWriter:
    writer = QPdfWriter(buffer)
    points = QSizeF(*(ceil(round(inches * POINTS_PER_INCH, 3)) for inches in look.inches))
    exact = QPageSize.SizeMatchPolicy.ExactMatch
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "Picture", exact))
    writer.setPageMargins(QMarginsF())
    writer.setResolution(RESOLUTION)
    writer.setTitle(plain(figure.title))
    writer.setCreator("RNNViz")
    writer.setDocumentId(DOCUMENT)
    return writer


def timeless(content: bytes) -> bytes:
    """Return a PDF file with another time of writing, always the same; nothing in it moves by that."""
    for pattern, then in zip(TIMES, THEN, strict=True):
        content = pattern.sub(partial(_filled, then), content)
    return content


def _filled(then: bytes, found: re.Match[bytes]) -> bytes:
    """Return a time as long as the one found."""
    return then[: len(found[0])].ljust(len(found[0]))
