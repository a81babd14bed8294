"""PNG pictures, painted as on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter

from rnnviz.export._files import ExportError, replace_file
from rnnviz.export._registry import register
from rnnviz.export.board import draw, ground
from rnnviz.export.look import Look
from rnnviz.figures.formats import PIXELS_PER_INCH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rnnviz.export.board import Board
    from rnnviz.figures.model import Figure

    Tell: TypeAlias = Callable[[float], object]

_INCH = 0.0254  # metres
BAND = 8_000_000  # dots of a band


@register(".png", "PNG picture", boards=True, dots=True)
def save(figure: Figure | Board, path: Path, look: Look, tell: Tell | None = None) -> None:
    """Write a figure as a PNG whose printed size does not depend on its dots; tell: see `painted`."""
    image = painted(figure, look, tell)
    image.setText("Title", figure.title)
    image.setText("Description", figure.description)
    write(image, path, look.scale)


def painted(figure: Figure | Board, look: Look, tell: Tell | None = None) -> QImage:
    """Return a figure as an image of `look.dots`; ExportError if memory lacks.

    tell: called between the bands in which a large picture is painted, with the share that is done; what it
    raises ends the work.
    """
    forms = QImage.Format.Format_ARGB32_Premultiplied, QImage.Format.Format_RGB32
    image = _blank(look.dots, forms[not look.transparent])
    image.fill(Qt.GlobalColor.transparent if look.transparent else QColor(look.theme[ground(figure)]))
    # A magnified picture is one of fewer pixels, each of which has more dots: edges lie between dots then.
    image.setDevicePixelRatio(look.scale * look.zoom)
    _warm(figure, look)
    if tell is None:
        with QPainter(image) as painter:
            draw(painter, figure, look, vector=False)
        return image
    bands = max(1, round(look.dots[0] * look.dots[1] / BAND))
    for n in range(bands):
        tell(n / bands)
        _paint_band(image, figure, look, (n / bands, (n + 1) / bands))
    tell(1.0)
    return image


def _warm(figure: Figure | Board, look: Look) -> None:
    """Paint nothing that is kept, for the sake of the fonts.

    The outlines of large letters depend, in their last digit, on the size that their font was used in before;
    the same picture would have other bytes the second time.
    """
    image = QImage(1, 1, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(look.scale * look.zoom)
    with QPainter(image) as painter:
        draw(painter, figure, look, vector=False)


def _paint_band(image: QImage, figure: Figure | Board, look: Look, band: tuple[float, float]) -> None:
    """Paint what lies between two shares of the height; bands meet between two rows of dots."""
    top, bottom = (round(share * look.dots[1]) / (look.scale * look.zoom) for share in band)
    with QPainter(image) as painter:
        painter.setClipRect(QRectF(0.0, top, look.room[0] + 1.0, bottom - top))
        draw(painter, figure, look, vector=False)


def canvas(size: tuple[int, int], colour: str, scale: float) -> QImage:
    """Return an image of `size` logical pixels, each `scale` dots wide; ExportError if memory lacks."""
    image = _blank(Look(size, scale=scale).dots, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(QColor(colour))
    return image


def _blank(dots: tuple[int, int], form: QImage.Format) -> QImage:
    image = QImage(*dots, form)
    if image.isNull():
        raise ExportError(f"A picture of {dots[0]} by {dots[1]} dots is too large; choose a smaller one.")
    return image


def write(image: QImage, path: Path, scale: float) -> None:
    """Write a painted image as PNG, `scale` dots being 1/96 inch; ExportError if it cannot be."""
    replace_file(path, encoded(image, path, scale))


def encoded(image: QImage, path: Path, scale: float) -> bytes:
    """Return a painted image as a PNG file; the path is for the sentence if that fails."""
    dots = round(PIXELS_PER_INCH * scale / _INCH)
    image.setDotsPerMeterX(dots)  # not earlier: text in points would grow with it while it is painted
    image.setDotsPerMeterY(dots)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"png")
    if not writer.write(image):
        raise ExportError(f"{path} could not be written ({writer.errorString()}); choose a smaller picture.")
    return bytes(buffer.data().data())
