"""One way from a figure to pixels, for every screen and every file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QTextOption

from rnnviz.drawing.axes import draw_axes, fitted_names
from rnnviz.drawing.bars import draw_bars
from rnnviz.drawing.canvas import Canvas, pixel_ratio, saved
from rnnviz.drawing.cell_marks import draw_cell_bars, draw_locks
from rnnviz.drawing.colours import colour
from rnnviz.drawing.dial import draw_dial
from rnnviz.drawing.heatmap import draw_heatmap
from rnnviz.drawing.labels import draw_text
from rnnviz.drawing.legend import draw_legend
from rnnviz.drawing.lines import draw_line
from rnnviz.drawing.pipes import draw_pipes
from rnnviz.drawing.regions import draw_across, draw_region
from rnnviz.drawing.shapes import draw_arrows, draw_boxes, draw_points
from rnnviz.drawing.text import font
from rnnviz.figures.layout import Rect, caption_height, content_scale, plot_rects
from rnnviz.figures.model import (
    Arrows,
    Bars,
    Boxes,
    CellBars,
    Dial,
    Heatmap,
    Line,
    Locks,
    Pipes,
    Points,
    Region,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from PySide6.QtGui import QPainter

    from rnnviz.figures.model import Figure, Mark
    from rnnviz.figures.theme import Theme

Layer = Literal["all", "below", "above"]

DRAW: dict[type[Mark], Callable[[Canvas, Any], None]] = {
    Line: draw_line,
    Bars: draw_bars,
    Heatmap: draw_heatmap,
    Boxes: draw_boxes,
    Arrows: draw_arrows,
    Pipes: draw_pipes,
    Text: draw_text,
    Region: draw_region,
    Points: draw_points,
    CellBars: draw_cell_bars,
    Locks: draw_locks,
    Dial: draw_dial,
}
MESSAGE_SIZE, CAPTION_SIZE = 13.0, 12.0
MESSAGE_MARGIN = 16.0


def paint(  # noqa: PLR0913 (the one door to all drawing; what follows the theme is named)
    painter: QPainter,
    figure: Figure,
    size: tuple[float, float],
    theme: Theme,
    *,
    vector: bool = False,
    zoom: float = 1.0,
    layer: Layer = "all",
    still: tuple[int, ...] | None = None,
    fine: bool = True,
    exact: bool = False,
) -> None:
    """Draw a figure over what is there already, in width × height logical pixels from the painter's origin.

    vector: shapes that stay sharp at any size instead of pixels. zoom: of fonts, pens and margins. fine:
    lines antialiased. exact: pens as wide as asked for, not whole device pixels. layer "below" draws what
    surrounds the plots and the first `still` marks of each, "above" the other marks: a view keeps the lower
    layer while only the upper one changes.
    """
    bounds = Rect(0.0, 0.0, max(0.0, size[0]), max(0.0, size[1]))
    if not figure.plots:
        if layer != "above":
            draw_message(painter, bounds, theme, figure.message, zoom)
        return
    ratio = pixel_ratio(painter)
    how = ratio, vector, fine, exact
    canvases = [
        Canvas(painter, plot, rect, bounds, theme, content_scale(plot, rect, zoom), *how)
        for plot, rect in zip(figure.plots, plot_rects(figure, bounds.w, bounds.h, zoom), strict=True)
    ]
    names = fitted_names(canvases)
    cuts = still or (0,) * len(canvases)
    with saved(painter):
        for c, cut in zip(canvases, cuts, strict=True):
            if layer != "above":
                draw_axes(c, names)
            _draw_marks(
                c, {"all": c.plot.marks, "below": c.plot.marks[:cut], "above": c.plot.marks[cut:]}[layer]
            )
        if layer != "above":
            _draw_rest(canvases, figure, zoom)
        if layer != "below":
            last = canvases[(len(canvases) - 1) // max(1, figure.columns) * max(1, figure.columns)]
            for region in figure.across:
                draw_across(canvases[0], region, last.rect)


def _draw_marks(c: Canvas, marks: tuple[Mark, ...]) -> None:
    if c.rect.w <= 0 or c.rect.h <= 0 or not marks:
        return
    if not c.plot.clip:
        for mark in marks:
            DRAW[type(mark)](c, mark)
        return
    with saved(c.painter):
        c.painter.setClipRect(QRectF(*c.rect.grown(c.scale)), Qt.ClipOperation.IntersectClip)
        for mark in marks:
            DRAW[type(mark)](c, mark)


def _draw_rest(canvases: list[Canvas], figure: Figure, zoom: float) -> None:
    """Draw the legend, and the caption beneath the plots."""
    first = canvases[0]
    if figure.legend is not None:
        draw_legend(first, figure.legend)
    if figure.caption:
        bottom = max(c.rect.bottom for c in canvases) + figure.margins.bottom * zoom
        width = max(0.0, first.bounds.w - first.rect.x - figure.margins.right * zoom)
        area = QRectF(first.rect.x, bottom, width, caption_height(figure, first.bounds.w, zoom))
        wrapped(
            first.painter, area, first.theme, figure.caption, CAPTION_SIZE * zoom, Qt.AlignmentFlag.AlignLeft
        )


def draw_message(painter: QPainter, bounds: Rect, theme: Theme, message: str, zoom: float = 1.0) -> None:
    """Write a sentence in the middle of a picture that has nothing else to show."""
    area = QRectF(*bounds.grown(-MESSAGE_MARGIN * zoom))
    if message and area.width() > 0:
        with saved(painter):
            wrapped(painter, area, theme, message, MESSAGE_SIZE * zoom, Qt.AlignmentFlag.AlignCenter)


def wrapped(
    painter: QPainter, area: QRectF, theme: Theme, text: str, size: float, align: Qt.AlignmentFlag
) -> None:
    """Write muted text in as many lines as it needs."""
    option = QTextOption(align)
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    painter.setFont(font(round(size)))
    painter.setPen(colour(theme, "muted"))
    painter.drawText(area, text, option)
