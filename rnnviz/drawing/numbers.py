"""The values of a heat map as numbers in its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF

from rnnviz.drawing.canvas import saved
from rnnviz.drawing.colours import finite, named
from rnnviz.drawing.sprites import numbers
from rnnviz.drawing.text import MIDDLE, advance, font
from rnnviz.drawing.whole import wholes
from rnnviz.figures.colour import INKS, ink
from rnnviz.figures.numbers import LARGEST_PLAIN, written

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rnnviz.drawing.canvas import Canvas
    from rnnviz.drawing.heatmap import Area
    from rnnviz.figures.model import Floats, Heatmap

LARGEST, SMALLEST = 11.0, 7.5  # logical pixels of the font; the smallest that can be read is not scaled
PADDING = 4.0  # pixels kept free of the cell's sides together
TALLEST = 0.8  # share of the cell's height


class Placed(NamedTuple):
    """The numbers of a map row by row: logical pixels of their centres, and which are light on dark.

    fitting: the strings that fit into a cell; the others are left out, as is nothing, "".
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    strings: list[str]
    light: list[bool]
    fitting: set[str]


def draw_numbers(c: Canvas, mark: Heatmap, area: Area) -> None:
    """Print each value in its cell, as large as the cells allow; nothing where they are too small.

    One size serves the whole map; it depends on how many digits there are and not on signs, so that it rests
    while values move. A number longer than the others that does not fit is left out.
    """
    rows, columns = area.values.shape
    width, height = (area.right - area.left) / columns, (area.bottom - area.top) / rows
    room = width * mark.fill - PADDING * c.scale
    if mark.decimals is None or min(room, height * TALLEST) < SMALLEST:
        return
    across = _shown(area.left, width, columns, c.bounds.x, c.bounds.right)
    down = _shown(area.top, height, rows, c.bounds.y, c.bounds.bottom)
    values = area.values[down, across]
    strings = _strings(values, mark.decimals)
    distinct = set(strings) - {""}
    size = _size(distinct, room, min(LARGEST * c.scale, height * TALLEST))
    if size < SMALLEST:
        return
    fitting = {text for text in distinct if advance(text, size) <= room + 1}
    x = area.left + width * (np.arange(columns)[across] + 0.5)
    y = area.top + height * (np.arange(rows)[down] + 0.5)
    light = ink(values, finite(mark.scale), c.theme).ravel().tolist()
    placed = Placed(np.tile(x, len(y)), np.repeat(y, len(x)), strings, light, fitting)
    (_write if c.vector else _stamp)(c, placed, size)


def _shown(start: float, pitch: float, count: int, low: float, high: float) -> slice:
    """Return the cells of which something lies between low and high."""
    first = int(np.clip((low - start) // pitch, 0, count))
    last = int(np.clip((high - start) // pitch + 1, first, count))
    return slice(first, last)


def _strings(values: Floats, decimals: int) -> list[str]:
    """Numbers row by row, zero without a sign; nothing for NaN."""
    pattern = f"{{:z.{decimals}f}}".format
    return [
        pattern(v).replace("-", "−")
        if -LARGEST_PLAIN < v < LARGEST_PLAIN
        else ""
        if v != v
        else written(v, decimals)
        for v in values.ravel().tolist()
    ]


def _size(strings: set[str], room: float, most: float) -> int:
    """Return the font size in whole pixels at which the longest ordinary number fits."""
    digits = max((len(text.lstrip("−")) for text in strings if "·" not in text), default=3)
    size = max(1, int(most))
    width = advance("−" + "0" * (digits - 1) + ".", size) if digits > 1 else advance("0", size)
    return size if width <= room else int(size * room / width)


def _stamp(c: Canvas, placed: Placed, size: int) -> None:
    """Copy images of the numbers to whole device pixels."""
    kinds = tuple(numbers(size, colour, c.ratio) for colour in INKS)
    xs, ys = (wholes(at * c.ratio).astype(int).tolist() for at in (placed.x, placed.y))
    with saved(c.painter):
        c.painter.scale(1 / c.ratio, 1 / c.ratio)
        draw = c.painter.drawImage
        for x, y, text, light in zip(xs, ys, placed.strings, placed.light, strict=True):
            if text in placed.fitting:
                image, (half_width, half_height) = kinds[light].sprite(text)
                draw(x - half_width, y - half_height, image)


def _write(c: Canvas, placed: Placed, size: int) -> None:
    """Draw the numbers as text."""
    pens = [named(colour) for colour in INKS]
    c.painter.setFont(font(size))
    for x, y, text, light in zip(
        placed.x.tolist(), placed.y.tolist(), placed.strings, placed.light, strict=True
    ):
        if text in placed.fitting:
            c.painter.setPen(pens[light])
            c.painter.drawText(QPointF(x - advance(text, size) / 2, y + size * MIDDLE), text)
