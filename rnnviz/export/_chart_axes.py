"""The axes of charts: their ranges, scales and names, and where they run."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rnnviz.figures.textruns import styled
from rnnviz.figures.ticks import ticks

if TYPE_CHECKING:
    from rnnviz.figures.layout import Rect
    from rnnviz.figures.model import Axis, Plot
    from rnnviz.figures.theme import Theme

PIXEL = 9525  # English metric units in 1/96 inch
NAMES, FINE = 13.0, 0.75  # points
LOWERED, RAISED = "-25000", "30000"  # in thousandths of a per cent
ABOUT = 6  # ticks
EVEN = 1e-9


def tint(theme: Theme, role: str) -> Any:
    """Return a theme's colour as python-pptx wants it."""
    from pptx.dml.color import RGBColor

    make: Any = RGBColor  # it has no types
    return make(*bytes.fromhex(theme[role].removeprefix("#")))


def points_of(size: float) -> Any:
    """Return a length in points as python-pptx wants it."""
    from pptx.util import Pt

    return Pt(size)


def set_axes(chart: Any, plot: Plot, theme: Theme, *, exact: bool) -> None:
    """Give a chart the scales and names of a plot; unless `exact`, ranges begin and end with a tick."""
    if _is_value(chart.category_axis):
        _set_range(chart.category_axis, plot.x, exact=exact)
    _set_range(chart.value_axis, plot.y, exact=exact)
    for axis in (chart.category_axis, chart.value_axis):
        _style(axis, theme)
    chart.category_axis.has_major_gridlines = False
    chart.value_axis.has_major_gridlines = True
    gridlines = chart.value_axis.major_gridlines.format.line
    gridlines.color.rgb, gridlines.width = tint(theme, "frame"), points_of(FINE)
    _name(chart.category_axis, plot.x.label, theme)
    _name(chart.value_axis, plot.y.label or plot.heading, theme)
    chart.has_title = bool(plot.y.label and plot.heading)
    if chart.has_title:
        write_label(chart.chart_title.text_frame, plot.heading, NAMES, tint(theme, "muted"))
        chart.chart_title.include_in_layout = False


def hide_axes(chart: Any) -> None:
    """Leave a chart's axes to whatever is beneath it."""
    for axis in (chart.category_axis, chart.value_axis):
        axis.visible = False
        axis.has_title = False
        axis.has_major_gridlines = False
    chart.has_legend = False


def place(chart: Any, frame: Rect, inner: Rect) -> None:
    """Let a chart's axes run exactly around a part of its frame."""
    area = chart._chartSpace.chart.plotArea  # noqa: SLF001 (python-pptx knows no layouts)
    for old in area.findall("{*}layout"):
        area.remove(old)
    layout = element("layout")
    manual = element("manualLayout")
    layout.append(manual)
    sides = {
        "x": (inner.x - frame.x) / frame.w,
        "y": (inner.y - frame.y) / frame.h,
        "w": inner.w / frame.w,
        "h": inner.h / frame.h,
    }
    manual.append(element("layoutTarget", "inner"))
    for name in ("xMode", "yMode"):
        manual.append(element(name, "edge"))
    for name, share in sides.items():
        manual.append(element(name, f"{share:.6f}"))
    area.insert(0, layout)


def _is_value(axis: Any) -> bool:
    return bool(axis._element.tag.endswith("valAx"))  # noqa: SLF001 (its class says the same, less plainly)


def _set_range(axis: Any, wanted: Axis, *, exact: bool) -> None:
    low, high = sorted((float(wanted.low), float(wanted.high)))
    scaling = axis._element.scaling  # noqa: SLF001 (python-pptx knows no logarithmic axes)
    if not wanted.log and (step := _step(wanted)) is not None:
        axis.major_unit = step
        if not exact:  # ticks are counted from the low end, which must be one of them
            low, high = (step * round_(end / step) for round_, end in ((_floor, low), (_ceil, high)))
    axis.minimum_scale, axis.maximum_scale = low, high
    if wanted.log:
        scaling.insert(0, element("logBase", "10"))  # anywhere else PowerPoint calls it damaged
    axis.reverse_order = wanted.reverse
    axis.tick_labels.number_format = "General"
    axis.tick_labels.number_format_is_linked = False


def _floor(number: float) -> int:
    return math.floor(number + EVEN)


def _ceil(number: float) -> int:
    return math.ceil(number - EVEN)


def _step(axis: Axis) -> float | None:
    """Return how far the ticks are apart that the program draws, None if they are not evenly spaced."""
    values = [value for value, _ in ticks(axis, ABOUT)]
    gaps = [after - before for before, after in pairwise(values)]
    even = bool(gaps) and max(gaps) - min(gaps) <= EVEN * max(map(abs, gaps))
    return gaps[0] if even and gaps[0] > 0 else None


def _style(axis: Any, theme: Theme) -> None:
    from pptx.enum.chart import XL_AXIS_CROSSES, XL_TICK_LABEL_POSITION, XL_TICK_MARK

    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb, axis.format.line.width = tint(theme, "frame"), points_of(FINE)
    axis.crosses = XL_AXIS_CROSSES.MINIMUM


def _name(axis: Any, label: str, theme: Theme) -> None:
    axis.has_title = bool(label)
    if label:
        write_label(axis.axis_title.text_frame, label, NAMES, tint(theme, "muted"))


def write_label(frame: Any, label: str, size: float, colour: Any) -> None:
    """Write a label with its subscripts. size: in points; colour: a `tint`."""
    paragraph = frame.paragraphs[0]
    for part in styled(label):
        run = paragraph.add_run()
        run.text = part.text
        run.font.size, run.font.bold, run.font.color.rgb = points_of(size), False, colour
        if part.subscript:
            baseline = RAISED if part.raised else LOWERED
            run.font._element.set("baseline", baseline)  # noqa: SLF001 (python-pptx knows no subscripts)


def element(name: str, value: str | None = None) -> Any:
    """Make an element of the charts' language."""
    from pptx.oxml.xmlchemy import OxmlElement

    made = OxmlElement(f"c:{name}")
    if value is not None:
        made.set("val", value)
    return made
