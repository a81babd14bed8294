"""Where things go: rectangles of plots, data to pixels and back, and the pixel sizes of text frames.

Everything that turns data into pixels asks here, so that degenerate ranges, infinities and huge numbers are
made finite in one place.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from rnnviz.figures.model import Axis, Figure, Plot, Text

LARGEST = 1e300  # data beyond this, infinities included, count as this
FARTHEST = 1e6  # pixels: far outside of any picture, well inside of what painters can draw
CAPTION_LETTER, CAPTION_LINE = 6.6, 17.0  # pixels taken by a letter, generously, and by a line
CAPTION_LINES = 4
LARGEST_NATURAL = 2.0  # times its own size: a formula in a large panel is there to be read from afar
WHOLE_CELL = 6.0  # pixels from which one unit of a square plot is a whole number of pixels


class Rect(NamedTuple):
    """A rectangle in logical pixels, y downwards."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.h

    def grown(self, by: float) -> Rect:
        """Return the rectangle with each side moved outwards, or inwards if negative."""
        return Rect(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def holds(self, px: float, py: float) -> bool:
        """Whether a point lies in the rectangle; the right and lower edges do not belong to it."""
        return self.x <= px < self.right and self.y <= py < self.bottom


class Span(NamedTuple):
    """The pixels along which an axis runs: `start` belongs to its low end, or its high end if `flipped`."""

    start: float
    extent: float
    flipped: bool


def plot_rects(figure: Figure, width: float, height: float, zoom: float = 1.0) -> tuple[Rect, ...]:
    """Return the drawing area of each plot in a picture of width × height logical pixels.

    A row is as high as the largest height in it, or else as the largest weight demands; columns are equally
    wide. `zoom` scales margins and heights.
    With too little room areas have no width or no height, never a negative one.
    """
    margins, columns = figure.margins, max(1, figure.columns)
    rows = [figure.plots[n : n + columns] for n in range(0, len(figure.plots), columns)]
    if not rows:
        return ()
    gap = margins.between_columns * zoom
    room = max(0.0, (width - (margins.left + margins.right) * zoom - gap * (columns - 1)) / columns)
    free = height - caption_height(figure, width, zoom)
    tops, heights = _rows(rows, figure, free, zoom)
    return tuple(
        _fitted(plot, Rect(margins.left * zoom + n * (room + gap), top, room, high), zoom)
        for row, top, high in zip(rows, tops, heights, strict=True)
        for n, plot in enumerate(row)
    )


def caption_height(figure: Figure, width: float, zoom: float = 1.0) -> float:
    """Return the logical pixels kept free below the plots for the caption, which is as wide as they are."""
    if not figure.caption:
        return 0.0
    room = max(1.0, width - (figure.margins.left + figure.margins.right) * zoom)
    lines = math.ceil(len(figure.caption) * CAPTION_LETTER * zoom / room)
    return min(lines, CAPTION_LINES) * CAPTION_LINE * zoom


def _weight(row: Sequence[Plot]) -> float:
    return max(max(0.0, plot.weight) for plot in row)


def _rows(
    rows: Sequence[Sequence[Plot]], figure: Figure, height: float, zoom: float
) -> tuple[list[float], list[float]]:
    """Tops and heights of the rows."""
    margins = figure.margins
    gap = margins.between_rows * zoom
    free = max(0.0, height - (margins.top + margins.bottom) * zoom - gap * (len(rows) - 1))
    fixed = [max(plot.height for plot in row) * zoom for row in rows]
    weights = [0.0 if high > 0 else _weight(row) for high, row in zip(fixed, rows, strict=True)]
    shrunk, total = min(1.0, free / max(1.0, sum(fixed))), sum(weights)
    free -= shrunk * sum(fixed)
    shares = [free * weight / total if total > 0 else free / len(rows) for weight in weights]
    heights = [shrunk * high if high > 0 else share for high, share in zip(fixed, shares, strict=True)]
    tops, top = [], margins.top * zoom
    for high in heights:
        tops.append(top)
        top += high + gap
    return tops, heights


def _fitted(plot: Plot, room: Rect, zoom: float) -> Rect:
    if plot.fit == "natural":
        return _natural(plot, room, zoom)
    return _square(plot, room) if plot.fit == "square" else room


def _natural(plot: Plot, room: Rect, zoom: float) -> Rect:
    w, h = plot.natural
    if w <= 0 or h <= 0:
        return room._replace(w=0.0, h=0.0)
    scale = min(LARGEST_NATURAL * zoom, room.w / w, room.h / h)
    if plot.centred:
        room = room._replace(x=room.x + (room.w - w * scale) / 2, y=room.y + (room.h - h * scale) / 2)
    return room._replace(w=w * scale, h=h * scale)


def _square(plot: Plot, room: Rect) -> Rect:
    across, up = (abs(high - low) for low, high in (limits(plot.x), limits(plot.y)))
    unit = min(room.w / across, room.h / up)
    if unit >= WHOLE_CELL:
        unit = math.floor(unit)  # equal cells look equal only if each has the same number of pixels
    return room._replace(w=min(room.w, unit * across), h=min(room.h, unit * up))


def content_scale(plot: Plot, rect: Rect, zoom: float = 1.0) -> float:
    """Return what scales a plot's fonts, pens and frames: `zoom`, or less for a natural plot without room."""
    if plot.fit != "natural" or plot.natural[0] <= 0:
        return zoom
    return rect.w / plot.natural[0]


@lru_cache(maxsize=512)
def limits(axis: Axis) -> tuple[float, float]:
    """Return the ends of an axis, in decades if it is logarithmic; always finite and always apart."""
    low, high = (max(-LARGEST, min(LARGEST, end)) for end in (axis.low, axis.high))
    if math.isnan(low) or math.isnan(high):
        return 0.0, 1.0
    if axis.log:
        high = math.log10(high) if high > 0 else 0.0
        low = math.log10(low) if low > 0 else high - 6
    middle = abs(low) + abs(high)
    return (
        (low, high) if abs(high - low) > 1e-14 * middle else (low - max(0.5, middle), high + max(0.5, middle))
    )


def span_x(plot: Plot, rect: Rect) -> Span:
    """Return the pixels of the x axis."""
    return Span(rect.x, rect.w, plot.x.reverse)


def span_y(plot: Plot, rect: Rect) -> Span:
    """Return the pixels of the y axis, which grows upwards unless it is reversed."""
    return Span(rect.y, rect.h, not plot.y.reverse)


def to_pixels(axis: Axis, span: Span, values: ArrayLike) -> NDArray[np.float64]:
    """Return logical pixels along an axis, in the shape of `values`.

    NaN stays NaN: nothing is there. Everything else is finite, at most FARTHEST from the plot; zero and less
    on a logarithmic axis lie far below its low end.
    """
    v = np.array(values, np.float64)
    low, high = limits(axis)
    start, slope = _line(low, high, span)
    with np.errstate(all="ignore"):
        np.minimum(np.maximum(v, -LARGEST, out=v), LARGEST, out=v)
        if axis.log:
            v = np.where(v <= 0, -LARGEST, np.log10(v))
        v -= low
        v *= slope
        v += start
    np.minimum(np.maximum(v, start - FARTHEST, out=v), start + FARTHEST, out=v)
    return v


def position(axis: Axis, span: Span, value: float) -> float:
    """Return the logical pixel of one value, as `to_pixels` does for many."""
    v = max(-LARGEST, min(LARGEST, value)) if value == value else value
    low, high = limits(axis)
    start, slope = _line(low, high, span)
    if axis.log and value == value:
        v = math.log10(v) if v > 0 else -LARGEST
    pixel = (v - low) * slope + start
    return max(start - FARTHEST, min(start + FARTHEST, pixel)) if value == value else pixel


def _line(low: float, high: float, span: Span) -> tuple[float, float]:
    """Pixel of the low end and pixels a unit."""
    slope = span.extent / (high - low)
    return (span.start + span.extent, -slope) if span.flipped else (span.start, slope)


def to_pixels_x(plot: Plot, rect: Rect, values: ArrayLike) -> NDArray[np.float64]:
    """Return the logical pixels of x values (see `to_pixels`)."""
    return to_pixels(plot.x, span_x(plot, rect), values)


def to_pixels_y(plot: Plot, rect: Rect, values: ArrayLike) -> NDArray[np.float64]:
    """Return the logical pixels of y values (see `to_pixels`)."""
    return to_pixels(plot.y, span_y(plot, rect), values)


def to_data(plot: Plot, rect: Rect, px: float, py: float) -> tuple[float, float]:
    """Return the data coordinates of a pixel, always finite; without an area it is the middle of the axes."""
    return _value(plot.x, span_x(plot, rect), px), _value(plot.y, span_y(plot, rect), py)


def _value(axis: Axis, span: Span, pixel: float) -> float:
    low, high = limits(axis)
    part = (pixel - span.start) / span.extent if span.extent > 0 else 0.5
    value = low + (1 - part if span.flipped else part) * (high - low)
    return float(10.0 ** max(-300.0, min(300.0, value))) if axis.log else value


class TextRoom(NamedTuple):
    """The font size of a text mark and half the width of its frames, in logical pixels."""

    size: float
    radius: float


FRAME_RADIUS = 0.95  # of the font size, where there is room
TIGHT = 1.4  # font size by radius, where there is not: still inside the frame, and still legible
FRAME_GAP, FRAME_SHARE = 3.0, 0.12  # pixels between neighbouring frames, and at most this share of the pitch


def text_room(mark: Text, plot: Plot, rect: Rect, zoom: float = 1.0) -> TextRoom:
    """Return how large a text mark is set; frames stay inside their pitch, and the text inside the frames."""
    scale = content_scale(plot, rect, zoom)
    size = mark.size * scale
    radius = FRAME_RADIUS * size
    if mark.frame == "none" or mark.pitch is None:
        return TextRoom(size, radius)
    low, high = limits(plot.x)
    pitch = abs(mark.pitch) * rect.w / abs(high - low)
    radius = min(radius, (pitch - min(FRAME_GAP * scale, FRAME_SHARE * pitch)) / 2)
    return TextRoom(min(size, TIGHT * radius), radius)


def frame_width(mark: Text, plot: Plot, rect: Rect, zoom: float = 1.0) -> float:
    """Return how wide a frame around a long string may be: inside its pitch; 0, no wider, without one."""
    if mark.pitch is None:
        return 0.0
    low, high = limits(plot.x)
    pitch = abs(mark.pitch) * rect.w / abs(high - low)
    return max(0.0, pitch - min(FRAME_GAP * content_scale(plot, rect, zoom), FRAME_SHARE * pitch))
