"""Words in the cells of a heat map, such as the tokens that its columns stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from rnnviz.drawing.colours import finite, named
from rnnviz.drawing.text import MIDDLE, advance, font
from rnnviz.figures.colour import INKS, ink

if TYPE_CHECKING:
    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import Heatmap

LARGEST, SMALLEST = 13.0, 7.0  # logical pixels of the font; the smallest that can be read is not scaled
TALLEST = 0.8  # share of the cell's height
PADDING = 1.0  # pixels kept free of the cell's sides together


def draw_words(c: Canvas, mark: Heatmap) -> None:
    """Write each cell's text in the ink that can be read on its colour; what does not fit is cut short."""
    rows, columns = mark.values.shape
    pitch = abs(c.at_x(mark.left + 1) - c.at_x(mark.left))
    step = (mark.bottom - mark.top) / rows
    most = min(LARGEST * c.scale, abs(c.at_y(step) - c.at_y(0.0)) * TALLEST)
    room = pitch * mark.fill - PADDING * c.scale
    if most < SMALLEST or room <= 0:
        return
    light = ink(mark.values, finite(mark.scale), c.theme).ravel().tolist()
    pens = [named(colour) for colour in INKS]
    for n, text in enumerate(mark.texts or ()):
        x = c.at_x(mark.left + n % columns + 0.5)
        if not c.bounds.x <= x <= c.bounds.right:
            continue
        shown, size = fitted(text, room, most)
        if shown:
            y = c.at_y(mark.top + (n // columns + 0.5) * step)
            c.painter.setFont(font(size))
            c.painter.setPen(pens[light[n]])
            c.painter.drawText(QPointF(x - advance(shown, size) / 2, y + size * MIDDLE), shown)


def fitted(text: str, room: float, most: float) -> tuple[str, int]:
    """Return as much of a text as fits and the size to write it in; nothing if not even a letter fits."""
    least = int(SMALLEST)
    width = advance(text, int(most))
    size = int(most) if width <= room else max(least, int(most * room / width))
    if advance(text, size) <= room:
        return text, size
    for length in range(len(text) - 1, 0, -1):
        cut = f"{text[:length]}…"
        if advance(cut, least) <= room:
            return cut, least
    return "", least
