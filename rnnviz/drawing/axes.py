"""What stands around a plot: ticks, labels, headings, keys of its curves, names in the gutter."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLineF
from PySide6.QtGui import QPen

from rnnviz.drawing.canvas import saved
from rnnviz.drawing.text import Style, width_of, write
from rnnviz.figures.model import Line, Points
from rnnviz.figures.ticks import thinned, ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import GutterLabel

    Placed = tuple[float, str]

TICK_SIZE, HEADING_SIZE, GUTTER_SIZE = 11.0, 12.0, 12.0
BELOW, LABEL_BELOW = 12.0, 28.0  # logical pixels from the plot down to the middle of ticks and of the label
BESIDE = 8.0  # from the plot to its y ticks
ABOVE = 14.0  # from the plot up to the middle of its heading
EDGE = 2.0  # from the edges of the picture to a label that is as long as it is high
GUTTER = 8.0  # from the left edge of the figure to the names in the gutter
SAME = 2.0  # pixels: names that are no farther apart stand side by side
LEAST = 8.0  # the smallest size of a name for lack of height
CLOSEST = 0.9  # of their size: names that are closer would be written over one another
HIGH = 1.18  # of its size: the height of a name with a subscript and a superscript
SMALL_KEY = 9.0  # the smallest size of a curve's name where there is little room
APART = 6.0  # between neighbouring tick labels
PIXELS_A_TICK = (48.0, 36.0)  # along x and y, about


class Names(NamedTuple):
    """The names in the gutter of a figure: their size, and the heights of those that there is room for."""

    size: float
    heights: frozenset[float]


def fitted_names(canvases: Sequence[Canvas]) -> Names:
    """Return how the names of a figure are set: smaller if two are close together, if need be not all."""
    scale = min((c.scale for c in canvases), default=1.0)
    found = sorted({y for c in canvases for label in c.plot.gutter if (y := c.at_y(label.at)) == y})
    apart = min((b - a for a, b in pairwise(found) if b - a > SAME * scale), default=math.inf)
    size = min(GUTTER_SIZE * scale, max(apart / HIGH, LEAST * scale))
    kept: list[float] = []
    for y in found:
        if not kept or not SAME * scale < y - kept[-1] < CLOSEST * size:
            kept.append(y)
    return Names(size, frozenset(kept))


def draw_axes(c: Canvas, names: Names) -> None:
    """Draw everything around a plot that its marks do not draw."""
    x_ticks = _placed_x(c) if c.plot.x.shown else []
    y_ticks = _placed_y(c) if c.plot.y.shown else []
    if x_ticks and y_ticks and is_chart(c):
        _draw_frame(c, [y for y, _ in y_ticks])
    _draw_x(c, x_ticks)
    _draw_y(c, y_ticks, names.size)
    _draw_heading(c)
    _draw_gutter(c, names)


def is_chart(c: Canvas) -> bool:
    """Whether the plot shows curves or points, which are read against lines; cells are not."""
    return any(isinstance(mark, (Line, Points)) for mark in c.plot.marks)


def _style(c: Canvas, align: float) -> Style:
    return Style("muted", TICK_SIZE * c.scale, align=align)


def _placed_x(c: Canvas) -> list[Placed]:
    apart = PIXELS_A_TICK[1 if c.plot.x.whole else 0]  # whole numbers are as short as they are high
    found = ticks(c.plot.x, max(2, int(c.rect.w / (apart * c.scale)))) if c.scale > 0 else ()
    widths = [width_of(label, _style(c, 0.5)) for _, label in found]
    at = c.x([value for value, _ in found]).tolist()
    kept: list[Placed] = []
    end = -math.inf
    for n in thinned(at, widths, APART * c.scale):
        x = _across(c, at[n], widths[n])
        if x - widths[n] / 2 >= end + APART * c.scale / 2:  # one that had to be moved may meet its neighbour
            kept.append((x, found[n][1]))
            end = x + widths[n] / 2
    return kept


def _across(c: Canvas, x: float, width: float) -> float:
    """Return the middle of a label that is to stand at x, moved as far as it would leave the picture."""
    edge = EDGE * c.scale + width / 2
    return min(max(x, c.bounds.x + edge), max(c.bounds.right - edge, c.bounds.x + edge))


def _placed_y(c: Canvas) -> list[Placed]:
    found = ticks(c.plot.y, max(2, int(c.rect.h / (PIXELS_A_TICK[1] * c.scale)))) if c.scale > 0 else ()
    at = c.y([value for value, _ in found]).tolist()
    written = [_inside(c, y) for y in at]
    return [(at[n], found[n][1]) for n in thinned(written, [TICK_SIZE * c.scale] * len(found), 0.0)]


def _draw_frame(c: Canvas, heights: list[float]) -> None:
    """Faint lines at the y ticks, then the two axes."""
    r, half = c.rect, 0.5 / c.ratio
    left, right, bottom = (c.snapped(edge) + half for edge in (r.x, r.right, r.bottom))
    c.smooth(False)
    c.painter.setPen(QPen(c.colour("faint"), c.thickness(1.0)))
    levels = [c.snapped(y) + half for y in heights]
    c.painter.drawLines([QLineF(left, y, right, y) for y in levels])
    c.painter.setPen(QPen(c.colour("frame"), c.thickness(1.0)))
    c.painter.drawLines([QLineF(left, r.y, left, bottom), QLineF(left, bottom, right, bottom)])


def _draw_x(c: Canvas, placed: list[Placed]) -> None:
    for x, label in placed:
        write(c.painter, c.theme, (x, c.rect.bottom + BELOW * c.scale), label, _style(c, 0.5))
    if c.plot.x.shown and c.plot.x.label:
        below = (LABEL_BELOW if placed else BELOW) * c.scale
        style = _narrowed(c.plot.x.label, _style(c, 0.5), c.bounds.w - 2 * EDGE * c.scale)
        middle = _across(c, c.rect.x + c.rect.w / 2, width_of(c.plot.x.label, style))
        write(c.painter, c.theme, (middle, c.rect.bottom + below), c.plot.x.label, style)


def _draw_y(c: Canvas, placed: list[Placed], names: float) -> None:
    beside = c.rect.x - BESIDE * c.scale
    for y, label in placed:
        at, style = (beside, _inside(c, y)), _style(c, 1.0)
        style = _narrowed(label, style, beside - c.bounds.x)
        if style.size < LEAST * c.scale:
            style = style._replace(size=LEAST * c.scale)
            label = _shortened(label, style, beside - c.bounds.x)
        if not _meets_a_name(c, at, width_of(label, style), names):
            write(c.painter, c.theme, at, label, style)
    if c.plot.y.shown and c.plot.y.label:
        widest = max((width_of(label, _style(c, 1.0)) for _, label in placed), default=0.0)
        x = max(beside - widest - BESIDE * c.scale, c.bounds.x + GUTTER * c.scale)
        _write_upwards(c, x, c.plot.y.label)


def _write_upwards(c: Canvas, x: float, label: str) -> None:
    """Write a label beside the middle of the plot, as far as the picture is high enough for it."""
    style = _narrowed(label, _style(c, 0.5), c.bounds.h - 2 * EDGE * c.scale)
    width = width_of(label, style)
    low, high = c.bounds.y + EDGE * c.scale + width / 2, c.bounds.bottom - EDGE * c.scale - width / 2
    with saved(c.painter):
        c.painter.translate(x, min(max(c.rect.y + c.rect.h / 2, low), high))
        c.painter.rotate(-90)
        write(c.painter, c.theme, (0.0, 0.0), label, style)


def _narrowed(label: str, style: Style, room: float) -> Style:
    """Return a style in which a label is no wider than there is room."""
    width = width_of(label, style)
    # Letters are set in whole pixels, so a size between two of them would be rounded up.
    return style._replace(size=float(math.floor(style.size * room / width))) if 0 < room < width else style


def _shortened(label: str, style: Style, room: float) -> str:
    """Return a label without its last letters, of which there are too many."""
    while len(label) > 1 and width_of(label + "…", style) > room:
        label = label[:-1]
    return label + "…"


def _inside(c: Canvas, y: float) -> float:
    """Labels of a track stay beside it, since another one may follow closely."""
    if is_chart(c) and c.plot.x.shown:
        return y
    half = min(0.4 * TICK_SIZE * c.scale, c.rect.h / 2)
    return max(c.rect.y + half, min(c.rect.bottom - half, y))


def _draw_heading(c: Canvas) -> None:
    """Write the heading above the plot at the left, the curves' names in their colours at the right."""
    y = c.rect.y - ABOVE * c.scale
    heading = Style("muted", HEADING_SIZE * c.scale)
    heading = _narrowed(c.plot.heading, heading, c.bounds.right - EDGE * c.scale - c.rect.x)
    if c.plot.heading:
        write(c.painter, c.theme, (c.rect.x, y), c.plot.heading, heading)
    _draw_keys(c, y, c.rect.x + (width_of(c.plot.heading, heading) if c.plot.heading else 0.0))


def _draw_keys(c: Canvas, y: float, free: float) -> None:
    """Write the names of the curves from the right edge as far as what is free, smaller if need be."""
    named = [mark for mark in c.plot.marks if isinstance(mark, (Line, Points)) and mark.label]
    if len(named) < 2:
        return
    apart, x = 2 * APART * c.scale, c.rect.right
    key = Style("muted", HEADING_SIZE * c.scale, 600, 1.0)
    whole = sum(width_of(mark.label, key) for mark in named)
    room = x - free - apart * len(named)
    smaller = math.floor(key.size * room / whole) if whole > room else key.size
    if smaller >= SMALL_KEY * c.scale:  # otherwise not all fit, and those that do are to be read
        key = key._replace(size=smaller)
    for mark in reversed(named):
        width = width_of(mark.label, key)
        if x - width < free + apart:
            return
        write(c.painter, c.theme, (x, y), mark.label, key._replace(role=mark.role))
        x -= width + apart


def _meets_a_name(c: Canvas, at: tuple[float, float], width: float, size: float) -> bool:
    """Whether a tick's label that ends at a place would be written over a name in the gutter."""
    names = ((c.at_y(label.at), _name_style(c, label, size)) for label in c.plot.gutter)
    starts = at[0] - width - APART * c.scale / 2
    return any(
        abs(y - at[1]) < 0.5 * (TICK_SIZE * c.scale + style.size)
        and c.bounds.x + GUTTER * c.scale + width_of(label.text, style) > starts
        for label, (y, style) in zip(c.plot.gutter, names, strict=True)
    )


def _draw_gutter(c: Canvas, names: Names) -> None:
    """Names at the left edge of the figure."""
    for label in c.plot.gutter:
        y = c.at_y(label.at)
        if y in names.heights:
            at = (c.bounds.x + GUTTER * c.scale, y)
            write(c.painter, c.theme, at, label.text, _name_style(c, label, names.size))


def _name_style(c: Canvas, label: GutterLabel, size: float) -> Style:
    """Return how a name is set: smaller than others if the gutter is too narrow for it."""
    style = Style(label.role, size, 600)
    room = c.rect.x - (GUTTER + 2) * c.scale
    width = width_of(label.text, style)
    return style._replace(size=style.size * room / width) if 0 < room < width else style
