"""Plots as charts that a presentation program draws and lets one edit (ECMA-376, DrawingML charts).

python-pptx is loaded when there is a chart to make; what it has no words for is written into the XML.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rnnviz.export._chart_axes import PIXEL, element, hide_axes, place, points_of, set_axes, tint
from rnnviz.export._series import bars_of, curves_of, is_bars
from rnnviz.figures.layout import Rect
from rnnviz.figures.model import Bars

if TYPE_CHECKING:
    from rnnviz.export._series import Series
    from rnnviz.figures.model import Plot
    from rnnviz.figures.theme import Theme

LINE, FINE, TICKS = 2.0, 0.75, 12.0  # points
POINTS_A_PIXEL = 0.75
LARGEST_MARKER, SMALLEST_MARKER = 72, 2  # what the format allows
ROOM = Rect(0.13, 0.09, 0.84, 0.76)  # of the frame of a square plot, for its axes


def add_chart(slide: Any, plot: Plot, frame: Rect, theme: Theme, inner: Rect | None = None) -> Any:
    """Put a plot on a slide as a chart and return its shape. frame: in pixels of 1/96 inch.

    inner: where exactly its axes run, which something else draws then; None leaves that to the program.
    """
    shape = (_add_bars if is_bars(plot) else _add_curves)(slide, plot, frame, theme)
    chart = shape.chart
    chart.font.size = points_of(TICKS)
    chart.font.color.rgb = tint(theme, "muted")
    set_axes(chart, plot, theme, exact=inner is not None)
    if inner is not None:
        hide_axes(chart)
        place(chart, frame, inner)
    elif plot.fit == "square":
        place(chart, frame, _square(frame))
    return shape


def _add_curves(slide: Any, plot: Plot, frame: Rect, theme: Theme) -> Any:
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE

    make: Any = XyChartData  # it has no types
    data, found = make(), curves_of(plot)
    for series in found:
        column = data.add_series(series.name)
        for x, y in zip(series.x.tolist(), series.y.tolist(), strict=True):
            if not math.isnan(x):
                column.add_data_point(x, None if math.isnan(y) else y)
    box = [round(PIXEL * side) for side in frame]
    shape = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, *box, data)
    for drawn, series in zip(shape.chart.plots[0].series, found, strict=True):
        _style_curve(drawn, series, theme)
    _add_legend(shape.chart, found, theme)
    return shape


def _style_curve(drawn: Any, series: Series, theme: Theme) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE_DASH_STYLE

    faint = series.role == "faint"  # a colour for lines beneath all others, which a program may turn around
    colour = tint(theme, "disabled" if faint else series.role)
    if series.line:
        drawn.format.line.color.rgb = colour
        drawn.format.line.width = points_of(FINE if faint else LINE)
        if series.dashed:
            drawn.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
    else:
        drawn.format.line.fill.background()
    if series.points:
        size = round(series.points * POINTS_A_PIXEL * LINE)
        drawn.marker.style = XL_MARKER_STYLE.CIRCLE
        drawn.marker.size = max(SMALLEST_MARKER, min(LARGEST_MARKER, size))
        drawn.marker.format.fill.solid()
        drawn.marker.format.fill.fore_color.rgb = colour
        drawn.marker.format.line.fill.background()


def _add_bars(slide: Any, plot: Plot, frame: Rect, theme: Theme) -> Any:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    make: Any = CategoryChartData  # it has no types
    data = make()
    data.categories, found = bars_of(plot)
    for series in found:
        data.add_series(series.name, [None if math.isnan(y) else y for y in series.y.tolist()])
    box = [round(PIXEL * side) for side in frame]
    shape = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *box, data)
    drawn = shape.chart.plots[0]
    width = next(mark.width for mark in plot.marks if isinstance(mark, Bars))
    drawn.gap_width, drawn.overlap = round(100 * (1 - width) / width), 100
    for column, series in zip(drawn.series, found, strict=True):
        column.format.fill.solid()
        column.format.fill.fore_color.rgb = tint(theme, series.role)
        column.invert_if_negative = False
    shape.chart.has_legend = False
    return shape


def _add_legend(chart: Any, found: list[Series], theme: Theme) -> None:
    """Name the curves that have a name, if there is more than one of them."""
    from pptx.enum.chart import XL_LEGEND_POSITION

    chart.has_legend = sum(series.named for series in found) > 1
    if not chart.has_legend:
        return
    chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.legend.include_in_layout = False
    chart.legend.font.size = points_of(TICKS)
    chart.legend.font.color.rgb = tint(theme, "text")
    after = chart.legend._element.find("{*}legendPos")  # noqa: SLF001 (there is no other way)
    for n, series in reversed(list(enumerate(found))):
        if not series.named:
            entry = element("legendEntry")
            entry.append(element("idx", str(n)))
            entry.append(element("delete", "1"))
            after.addnext(entry)


def _square(frame: Rect) -> Rect:
    """Return the largest square in the room that a frame has for its axes."""
    side = min(frame.w * ROOM.w, frame.h * ROOM.h)
    left = frame.x + frame.w * ROOM.x + (frame.w * ROOM.w - side) / 2
    return Rect(left, frame.y + frame.h * ROOM.y, side, side)
