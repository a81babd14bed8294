"""Where a mark is drawn: the painter, the plot it belongs to and how finely to draw."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen

from rnnviz.drawing.colours import colour
from rnnviz.drawing.whole import whole, wholes
from rnnviz.figures.layout import position, span_x, span_y, to_pixels_x, to_pixels_y

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray
    from PySide6.QtGui import QColor

    from rnnviz.figures.layout import Rect
    from rnnviz.figures.model import Plot
    from rnnviz.figures.theme import Theme


@dataclass(frozen=True, slots=True)
class Canvas:
    """A plot being painted.

    rect: its drawing area; bounds: the whole picture; both in logical pixels. scale: of fonts, pens and
    frames. ratio: device pixels a logical one. vector: shapes instead of pixels. fine: lines antialiased.
    exact: pens as wide as asked for, not a whole number of device pixels.
    """

    painter: QPainter
    plot: Plot
    rect: Rect
    bounds: Rect
    theme: Theme
    scale: float
    ratio: float
    vector: bool
    fine: bool
    exact: bool = False

    def x(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return the logical pixels of x values; finite but for NaN."""
        return to_pixels_x(self.plot, self.rect, values)

    def y(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return the logical pixels of y values; finite but for NaN."""
        return to_pixels_y(self.plot, self.rect, values)

    def at_x(self, value: float) -> float:
        """Return the logical pixel of one x value; NaN stays NaN."""
        return position(self.plot.x, span_x(self.plot, self.rect), value)

    def at_y(self, value: float) -> float:
        """Return the logical pixel of one y value; NaN stays NaN."""
        return position(self.plot.y, span_y(self.plot, self.rect), value)

    def colour(self, role: str) -> QColor:
        """Return the theme's colour of a role."""
        return colour(self.theme, role)

    def pen(self, role: str, width: float = 1.0) -> QPen:
        """Return a pen as wide as `thickness` says."""
        return QPen(self.colour(role), self.thickness(width))

    def snap(self, pixels: ArrayLike) -> NDArray[np.float64]:
        """Move pixels to whole device pixels; vectors stay where they are."""
        at = np.asarray(pixels, np.float64)
        return at if self.vector else wholes(at * self.ratio) / self.ratio

    def snapped(self, pixel: float) -> float:
        """Move one pixel position to a whole device pixel, as `snap` does."""
        return pixel if self.vector else whole(pixel * self.ratio) / self.ratio

    def even(self, length: float) -> float:
        """Return a length as an even number of device pixels, at least two.

        What is centred on a snapped point with an even width is symmetric about it: strips, their frames and
        the arrows between them then agree to the pixel.
        """
        return length if self.vector else max(2, 2 * whole(length * self.ratio / 2)) / self.ratio

    def thickness(self, width: float) -> float:
        """Return a pen's width, scaled, as a whole number of device pixels unless it is to be exact."""
        scaled = width * self.scale
        return scaled if self.vector or self.exact else max(1, whole(scaled * self.ratio)) / self.ratio

    def smooth(self, on: bool) -> None:
        """Turn antialiasing on or off."""
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, on)

    def fill_with(self, role: str) -> None:
        """Draw what follows filled with a role's colour, without an outline."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.colour(role))


def pixel_ratio(painter: QPainter) -> float:
    """Return the device pixels that one logical pixel of the painter has."""
    return float(painter.device().devicePixelRatioF())


@contextmanager
def saved(painter: QPainter) -> Iterator[None]:
    """Give the painter back as it was, whatever happens in between."""
    painter.save()
    try:
        yield
    finally:
        painter.restore()
