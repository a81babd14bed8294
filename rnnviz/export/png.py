"""PNG pictures, painted as on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter

from rnnviz.drawing import paint
from rnnviz.export._files import ExportError, replace_file
from rnnviz.export._registry import register

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.figures.model import Figure
    from rnnviz.figures.theme import Theme

_INCH = 0.0254  # metres
_PIXELS_PER_INCH = 96.0


@register(".png", "PNG picture")
def save(figure: Figure, path: Path, size: tuple[int, int], theme: Theme, scale: float = 1.0) -> None:
    """Write a figure as a PNG of size · scale dots whose printed size does not depend on the scale."""
    image = canvas(size, theme["background"], scale)
    image.setText("Title", figure.title)
    image.setText("Description", figure.description)
    with QPainter(image) as painter:
        paint(painter, figure, size, theme)
    write(image, path)


def canvas(size: tuple[int, int], colour: str, scale: float) -> QImage:
    """Return an image of `size` logical pixels, each `scale` dots wide; ExportError if memory lacks."""
    width, height = (round(side * scale) for side in size)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    if image.isNull():
        raise ExportError(f"A picture of {width} by {height} dots is too large; choose a smaller one.")
    image.setDevicePixelRatio(scale)
    image.fill(QColor(colour))
    return image


def write(image: QImage, path: Path) -> None:
    """Write a painted image as PNG; ExportError if it cannot be."""
    dots = round(_PIXELS_PER_INCH * image.devicePixelRatio() / _INCH)
    image.setDotsPerMeterX(dots)  # not earlier: text in points would grow with it while it is painted
    image.setDotsPerMeterY(dots)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"png")
    if not writer.write(image):
        raise ExportError(f"{path} could not be written ({writer.errorString()}); choose a smaller picture.")
    replace_file(path, bytes(buffer.data().data()))
