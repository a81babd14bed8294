"""Figures painted into arrays, so that tests can look at pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from rnnviz.drawing import paint
from rnnviz.figures.model import Axis, Figure, Margins, Plot
from rnnviz.figures.theme import THEMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rnnviz.figures.model import Mark
    from rnnviz.figures.theme import Theme

    Pixels = NDArray[np.uint8]

LIGHT, DARK = THEMES["light"], THEMES["dark"]
HIDDEN = Axis(0, 10, shown=False)
BARE = Margins(0, 0, 0, 0, 0, 0)


def figure_of(
    *marks: Mark, x: Axis = HIDDEN, y: Axis = HIDDEN, margins: Margins = BARE, **plot: object
) -> Figure:
    """One plot with these marks; 10 by 10 units that fill the whole picture unless told otherwise."""
    return Figure("f", "A figure.", (Plot("p", x, y, marks, **plot),), margins=margins)


def blank(width: float, height: float, theme: Theme = LIGHT, ratio: float = 1.0) -> QImage:
    """An image of the theme's background."""
    image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(theme["background"]))
    return image


def picture(
    figure: Figure,
    width: float = 200,
    height: float = 100,
    theme: Theme = LIGHT,
    ratio: float = 1.0,
    **options: object,
) -> Pixels:
    """A painted figure as (height, width, 3) bytes of device pixels."""
    image = blank(width, height, theme, ratio)
    with QPainter(image) as painter:
        paint(painter, figure, (width, height), theme, **options)
    return pixels(image)


def pixels(image: QImage) -> Pixels:
    """An image as (height, width, 3) bytes."""
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)[:, :, 2::-1].copy()


def rgb(colour: str) -> list[int]:
    """`#rrggbb` as three bytes."""
    return [int(colour[n : n + 2], 16) for n in (1, 3, 5)]


def differing(found: Pixels, theme: Theme = LIGHT) -> NDArray[np.bool_]:
    """Which pixels are not background."""
    return (found != rgb(theme["background"])).any(2)


def extent(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """First and last column, first and last row in which something is drawn."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(columns[0]), int(columns[-1]), int(rows[0]), int(rows[-1])
