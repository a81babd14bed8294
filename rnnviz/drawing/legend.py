"""A scale's colours with the values at its ends."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from rnnviz.drawing.colours import finite
from rnnviz.drawing.text import Style, write
from rnnviz.figures.colour import argb, legend_values
from rnnviz.figures.model import Axis
from rnnviz.figures.ticks import ticks

if TYPE_CHECKING:
    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import Scale

WIDTH, HEIGHT = 100.0, 9.0  # logical pixels
SHARE = 0.45  # of the plot's width, at most
LEAST = 40.0  # logical pixels of a legend that can still be read
TOP = 26.0  # from the top of the plot to the middle of the colours
LINE = 15.0  # from there to the middle of the text above and below
EVERY_DECADE = 1000  # ticks at most: as many as it takes for both ends to be among them
BLOCKS = 7  # colours of a linear scale; a logarithmic one has one a decade


def draw_legend(c: Canvas, scale: Scale) -> None:
    """Draw the legend at the top right of a plot; none where there is too little room."""
    scale = finite(scale)
    width = min(WIDTH * c.scale, SHARE * c.rect.w)
    if width < LEAST or c.rect.h < 3 * LEAST:
        return
    left = c.snapped(c.rect.right - width)
    middle = c.rect.y + TOP * c.scale
    _draw_colours(c, scale, left, middle)
    style = Style("muted", 11.0 * c.scale)
    if scale.label:
        write(
            c.painter,
            c.theme,
            (c.rect.right, middle - LINE * c.scale),
            scale.label,
            style._replace(align=1.0),
        )
    low, high = ends(scale)
    below = middle + LINE * c.scale
    write(c.painter, c.theme, (left, below), low, style)
    write(c.painter, c.theme, (c.rect.right, below), high, style._replace(align=1.0))


def _draw_colours(c: Canvas, scale: Scale, left: float, middle: float) -> None:
    colours = argb(legend_values(scale, blocks(scale)), scale, c.theme).tolist()
    pitch = (c.rect.right - left) / len(colours)
    edges = [c.snapped(left + pitch * n) for n in range(len(colours) + 1)]
    top, bottom = (c.snapped(middle + side * HEIGHT * c.scale / 2) for side in (-1, 1))
    for colour, start, stop in zip(colours, edges, edges[1:], strict=False):
        c.painter.fillRect(QRectF(start, top, stop - start, bottom - top), QColor.fromRgba(colour))


def blocks(scale: Scale) -> int:
    """Return how many colours to show: on a logarithmic scale one for each power of ten, up to twelve."""
    if not (scale.log and 0 < scale.low < scale.high):
        return BLOCKS
    return max(2, min(12, round(log10(scale.high) - log10(scale.low)) + 1))


def ends(scale: Scale) -> tuple[str, str]:
    """Return what is written at the low and the high end."""
    found = dict(ticks(Axis(scale.low, scale.high, log=scale.log), EVERY_DECADE if scale.log else 4))
    return found.get(scale.low, f"{scale.low:.3g}"), found.get(scale.high, f"{scale.high:.3g}")
