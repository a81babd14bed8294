"""Heat maps: one image at device resolution on the screen, rectangles in vector files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage

from rnnviz.drawing.colours import finite
from rnnviz.drawing.lattice import Lattice, coverage, lattice, owners
from rnnviz.drawing.numbers import draw_numbers
from rnnviz.drawing.words import draw_words
from rnnviz.figures.colour import argb
from rnnviz.figures.layout import LARGEST, to_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.layout import Rect
    from rnnviz.figures.model import Heatmap

    Colours = NDArray[np.uint32]
    Floats = NDArray[np.floating]

VECTOR_CELLS = 20_000  # more would make a vector file slower than the picture is worth
VECTOR_RATIO = 4.0  # device pixels a logical one in which those are drawn as an image
RADIUS = 2.0  # logical pixels of a rounded cell's corners
LAP = 0.5  # logical pixels by which cells without a gap overlap in a vector file, or viewers show seams


class Area(NamedTuple):
    """Where a heat map lies in logical pixels, left < right and top < bottom, and its values so turned."""

    left: float
    top: float
    right: float
    bottom: float
    values: Floats


def draw_heatmap(c: Canvas, mark: Heatmap) -> None:
    """Draw the cells, and their numbers if the mark asks for them."""
    if mark.values.ndim != 2 or mark.values.size == 0:
        return
    area = _area(c, mark)
    if area is None:
        return
    if c.vector and mark.values.size <= VECTOR_CELLS:
        _draw_rectangles(c, mark, area)
    else:
        _draw_image(c, mark, area)
    if mark.texts is not None:
        draw_words(c, mark)
    elif mark.decimals is not None:
        draw_numbers(c, mark, area)


def _area(c: Canvas, mark: Heatmap) -> Area | None:
    """Return the part of the map that may be seen, None if there is none."""
    rows, columns = mark.values.shape
    step = (mark.bottom - mark.top) / rows
    if not all(abs(number) <= LARGEST for number in (mark.left, mark.top, mark.bottom)) or not step:
        return None
    (x0, y0), (x1, y1) = (to_data(c.plot, c.rect, *corner) for corner in (c.bounds[:2], _end(c.bounds)))
    across = _seen(x0 - mark.left, x1 - mark.left, columns)
    down = _seen((y0 - mark.top) / step, (y1 - mark.top) / step, rows)
    values = mark.values[down[0] : down[1], across[0] : across[1]]
    if not values.size:
        return None
    left, right = (c.at_x(mark.left + n) for n in across)
    top, bottom = (c.at_y(mark.top + n * step) for n in down)
    if left > right:
        left, right, values = right, left, values[:, ::-1]
    if top > bottom:
        top, bottom, values = bottom, top, values[::-1]
    return Area(left, top, right, bottom, values)


def _end(bounds: Rect) -> tuple[float, float]:
    return bounds.right, bounds.bottom


def _seen(first: float, last: float, count: int) -> tuple[int, int]:
    """Return the cells between two positions, counted in cells, and one more on each side."""
    low, high = sorted((first, last))
    start = int(min(max(low - 1, 0), count))
    return start, int(min(max(high + 2, start), count))


def row_fill(c: Canvas, mark: Heatmap) -> float:
    """Return the share of a row that is coloured: rows touch unless cells are rounded or the plot square."""
    return 0.97 if mark.rounded or (c.plot.fit == "square" and mark.fill < 1) else 1.0


def column_fill(mark: Heatmap) -> float:
    """Return the share of a column that is coloured; rounded cells never touch."""
    return min(mark.fill, 0.97) if mark.rounded else mark.fill


def _draw_image(c: Canvas, mark: Heatmap, area: Area) -> None:
    ratio = VECTOR_RATIO if c.vector else c.ratio
    left, top, right, bottom = (edge * ratio for edge in area[:4])
    values = largest_of(area.values, max(1, int(bottom - top)), max(1, int(right - left)))
    across = lattice(left, right, values.shape[1], column_fill(mark), ratio)
    down = lattice(top, bottom, values.shape[0], row_fill(c, mark), ratio)
    x0, x1 = across.within(int(c.bounds.x * ratio), int(c.bounds.right * ratio) + 1)
    y0, y1 = down.within(int(c.bounds.y * ratio), int(c.bounds.bottom * ratio) + 1)
    if x1 <= x0 or y1 <= y0:
        return
    corner = _corner(mark, across, down, c.scale * ratio)
    table = _table(argb(values, finite(mark.scale), c.theme), corner)
    reach = len(corner) - 1
    pixels = table.take(owners(across, x0, x1, reach), 1).take(owners(down, y0, y1, reach), 0)
    image = QImage(pixels.data, x1 - x0, y1 - y0, (x1 - x0) * 4, QImage.Format.Format_ARGB32_Premultiplied)
    if c.vector:
        image = image.copy()  # a file may read it after the array has gone
    image.setDevicePixelRatio(ratio)
    c.painter.drawImage(QPointF(x0 / ratio, y0 / ratio), image)


def _corner(mark: Heatmap, across: Lattice, down: Lattice, scale: float) -> NDArray[np.float64]:
    """Coverage of corner pixels; a single 1 where corners are square."""
    radius = min(RADIUS * scale, 0.3 * across.least, 0.3 * down.least) if mark.rounded else 0.0
    return coverage(radius) if radius >= 1.0 else np.ones((1, 1))


def _table(colours: Colours, corner: NDArray[np.float64]) -> Colours:
    """Each cell's colour for each distance from its edges; the last row and column, for gaps, are empty."""
    rows, columns, n = *colours.shape, len(corner)
    table = np.zeros((rows * n + 1, columns * n + 1), np.uint32)
    if n == 1:
        table[:-1, :-1] = colours
        return table
    part = np.rint(corner * 256).astype(np.uint32)[None, :, None, :]
    whole = colours[:, None, :, None]
    # Two channels at a time: each product stays below 2³².
    low = (((whole & 0x00FF00FF) * part) >> 8) & 0x00FF00FF
    high = (((whole >> 8) & 0x00FF00FF) * part) & 0xFF00FF00
    table[:-1, :-1] = (low | high).reshape(rows * n, columns * n)
    return table


def largest_of(values: Floats, rows: int, columns: int) -> Floats:
    """Return at most rows × columns values, of cells that share a pixel the one largest in magnitude.

    An average would hide just what one looks for. NaN only where a block has nothing else.
    """
    for axis, most in ((0, rows), (1, columns)):
        count = values.shape[axis]
        if count > most:
            starts = np.arange(most) * count // most
            high = np.fmax.reduceat(values, starts, axis=axis)
            low = np.fmin.reduceat(values, starts, axis=axis)
            values = np.where(high >= -low, high, low)
    return values


def _draw_rectangles(c: Canvas, mark: Heatmap, area: Area) -> None:
    rows, columns = area.values.shape
    pitch, height = (area.right - area.left) / columns, (area.bottom - area.top) / rows
    across, down = column_fill(mark), row_fill(c, mark)
    radius = min(RADIUS * c.scale, 0.3 * pitch * across, 0.3 * height * down) if mark.rounded else 0.0
    c.painter.setPen(Qt.PenStyle.NoPen)
    c.smooth(True)
    colours = argb(area.values, finite(mark.scale), c.theme)
    xs, ys = _lapped(area.left, pitch, across, colours != 0), _lapped(area.top, height, down, colours.T != 0)
    for n, row in enumerate(colours.tolist()):
        for m, colour in enumerate(row):
            if not colour:
                continue
            (x, width), (y, tall) = xs(m, n), ys(n, m)
            c.painter.setBrush(QColor.fromRgba(colour))
            if radius:
                c.painter.drawRoundedRect(QRectF(x, y, width, tall), radius, radius)
            else:
                c.painter.drawRect(QRectF(x, y, width, tall))


def _lapped(
    start: float, pitch: float, fill: float, known: NDArray[np.bool_]
) -> Callable[[int, int], tuple[float, float]]:
    """Return where a cell of a line begins and how long it is: further only under a neighbour it touches.

    known: which cells there are, (lines, cells).
    """

    def at(cell: int, line: int) -> tuple[float, float]:
        touches = fill == 1.0 and cell + 1 < known.shape[1] and known[line, cell + 1]
        return start + pitch * (cell + (1 - fill) / 2), pitch * fill + (LAP if touches else 0.0)

    return at
