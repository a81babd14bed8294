"""What stands around a plot: ticks, labels, headings, keys of its curves, names in the gutter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF
from PySide6.QtGui import QPen

from rnnviz.drawing.canvas import saved
from rnnviz.drawing.text import Style, width_of, write
from rnnviz.figures.model import Line, Points
from rnnviz.figures.ticks import thinned, ticks

if TYPE_CHECKING:
    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import GutterLabel
    from rnnviz.figures.ticks import Tick

    Placed = tuple[float, str]

TICK_SIZE, HEADING_SIZE, GUTTER_SIZE = 11.0, 12.0, 12.0
BELOW, LABEL_BELOW = 12.0, 28.0  # logical pixels from the plot down to the middle of ticks and of the label
BESIDE = 8.0  # from the plot to its y ticks
ABOVE = 14.0  # from the plot up to the middle of its heading
GUTTER = 8.0  # from the left edge of the figure to the names in the gutter
BETWEEN = 2.0  # at least, between the tracks that names belong to
LEAST = 8.0  # the smallest size of a name for lack of height
APART = 6.0  # between neighbouring tick labels
PIXELS_A_TICK = (48.0, 36.0)  # along x and y, about


def draw_axes(c: Canvas) -> None:
    """Draw everything around a plot that its marks do not draw."""
    x_ticks = _placed_x(c) if c.plot.x.shown else []
    y_ticks = _placed_y(c) if c.plot.y.shown else []
    if x_ticks and y_ticks and is_chart(c):
        _draw_frame(c, [y for y, _ in y_ticks])
    _draw_x(c, x_ticks)
    _draw_y(c, y_ticks)
    _draw_heading(c)
    _draw_gutter(c)


def is_chart(c: Canvas) -> bool:
    """Whether the plot shows curves or points, which are read against lines; cells are not."""
    return any(isinstance(mark, (Line, Points)) for mark in c.plot.marks)


def _style(c: Canvas, align: float) -> Style:
    return Style("muted", TICK_SIZE * c.scale, align=align)


def _placed_x(c: Canvas) -> list[Placed]:
    apart = PIXELS_A_TICK[1 if c.plot.x.whole else 0]  # whole numbers are as short as they are high
    found = ticks(c.plot.x, max(2, int(c.rect.w / (apart * c.scale)))) if c.scale > 0 else ()
    at = c.x([value for value, _ in found]).tolist()
    return _thin(found, at, [width_of(label, _style(c, 0.5)) for _, label in found], c.scale)


def _placed_y(c: Canvas) -> list[Placed]:
    found = ticks(c.plot.y, max(2, int(c.rect.h / (PIXELS_A_TICK[1] * c.scale)))) if c.scale > 0 else ()
    at = c.y([value for value, _ in found]).tolist()
    return _thin(found, at, [TICK_SIZE * c.scale] * len(found), 0.0)


def _thin(found: tuple[Tick, ...], at: list[float], sizes: list[float], scale: float) -> list[Placed]:
    return [(at[n], found[n][1]) for n in thinned(at, sizes, APART * scale)]


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
        at = (c.rect.x + c.rect.w / 2, c.rect.bottom + below)
        write(c.painter, c.theme, at, c.plot.x.label, _style(c, 0.5))


def _draw_y(c: Canvas, placed: list[Placed]) -> None:
    beside = c.rect.x - BESIDE * c.scale
    for y, label in placed:
        at = (beside, _inside(c, y))
        if not _meets_a_name(c, at, width_of(label, _style(c, 1.0))):
            write(c.painter, c.theme, at, label, _style(c, 1.0))
    if c.plot.y.shown and c.plot.y.label:
        widest = max((width_of(label, _style(c, 1.0)) for _, label in placed), default=0.0)
        x = max(beside - widest - BESIDE * c.scale, c.bounds.x + GUTTER * c.scale)
        with saved(c.painter):
            c.painter.translate(x, c.rect.y + c.rect.h / 2)
            c.painter.rotate(-90)
            write(c.painter, c.theme, (0.0, 0.0), c.plot.y.label, _style(c, 0.5))


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
    if c.plot.heading:
        write(c.painter, c.theme, (c.rect.x, y), c.plot.heading, heading)
    free = c.rect.x + (width_of(c.plot.heading, heading) if c.plot.heading else 0.0)
    named = [mark for mark in c.plot.marks if isinstance(mark, (Line, Points)) and mark.label]
    x = c.rect.right
    for mark in reversed(named if len(named) > 1 else []):
        key = Style(mark.role, HEADING_SIZE * c.scale, 600, 1.0)
        width = width_of(mark.label, key)
        if x - width < free + 2 * APART * c.scale:
            return
        write(c.painter, c.theme, (x, y), mark.label, key)
        x -= width + 2 * APART * c.scale


def _meets_a_name(c: Canvas, at: tuple[float, float], width: float) -> bool:
    """Whether a tick's label that ends at a place would be written over a name in the gutter."""
    names = ((c.at_y(label.at), _name_style(c, label)) for label in c.plot.gutter)
    starts = at[0] - width - APART * c.scale / 2
    return any(
        abs(y - at[1]) < 0.4 * (TICK_SIZE * c.scale + style.size)
        and c.bounds.x + GUTTER * c.scale + width_of(label.text, style) > starts
        for label, (y, style) in zip(c.plot.gutter, names, strict=True)
    )


def _draw_gutter(c: Canvas) -> None:
    """Names at the left edge of the figure."""
    for label in c.plot.gutter:
        y = c.at_y(label.at)
        if y == y:
            at = (c.bounds.x + GUTTER * c.scale, y)
            write(c.painter, c.theme, at, label.text, _name_style(c, label))


def _name_style(c: Canvas, label: GutterLabel) -> Style:
    """Return how a name is set: smaller if the gutter is too narrow, or too low for it and its neighbours."""
    y = c.at_y(label.at)
    others = [abs(c.at_y(other.at) - y) for other in c.plot.gutter if other is not label]
    apart = min(others, default=c.rect.h + BETWEEN * c.scale)
    style = Style(label.role, min(GUTTER_SIZE * c.scale, max(apart, LEAST * c.scale)), 600)
    room = c.rect.x - (GUTTER + 2) * c.scale
    width = width_of(label.text, style)
    return style._replace(size=style.size * room / width) if 0 < room < width else style
