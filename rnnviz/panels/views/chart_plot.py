"""One plot of a chart: pyqtgraph moves and magnifies its range and draws its curves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no types
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsRectItem

from rnnviz.drawing.colours import colour
from rnnviz.drawing.lines import WIDTH
from rnnviz.figures.layout import Rect, to_data, to_pixels_x, to_pixels_y
from rnnviz.figures.model import Line
from rnnviz.panels.views.chart_thinning import Part, Thinner, is_long

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.model import Axis, Floats, Plot
    from rnnviz.figures.theme import Theme

# Curves are given to pyqtgraph as fractions of the plot's area, y downwards: the layout makes them, so they
# are finite and agree with every other picture of the figure, whatever the range is in data units.
UNIT = Rect(0.0, 0.0, 1.0, 1.0)
CLOSEST, WIDEST, AWAY = 1e-4, 20.0, 1e3  # fractions: least and most that can be seen at once, farthest place
EDGE = 1e-9
PIECEWISE = 256  # points from which segments are stroked one by one, which costs a fifth of one long stroke
DASHES = (4.0, 3.0)  # of the pen's width


# A ViewBox that is collected leaves its address behind in the bindings, and the program crashes when another
# object comes to lie there. What is left of one whose chart is gone is small.
_KEPT: list[Any] = []


class Look(NamedTuple):
    """How curves are drawn: pen widths are in pixels of the device, `ratio` to a logical one."""

    theme: Theme
    zoom: float
    ratio: float
    fine: bool

    def pen(self, line: Line) -> QPen:
        """Return the pen of a curve: as the painter's when fine, one pixel wide otherwise."""
        width = WIDTH * self.zoom * self.ratio if self.fine else 1.0
        pen = QPen(colour(self.theme, line.role), width)
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        pen.setCosmetic(True)
        if line.dashed:
            pen.setDashPattern(DASHES)
        return pen


class ChartPlot:
    """A ViewBox and its curves, kept for the life of the chart and shown anew with every figure."""

    def __init__(self, scene: Any, moved: Callable[..., None]) -> None:
        self.box: Any = pg.ViewBox(enableMenu=False, defaultPadding=0.0, invertY=True)
        self.box.disableAutoRange()
        self.box.setLimits(
            minXRange=CLOSEST, minYRange=CLOSEST, maxXRange=WIDEST, maxYRange=WIDEST,
            xMin=-AWAY, xMax=AWAY, yMin=-AWAY, yMax=AWAY,
        )  # fmt: skip
        _KEPT.append(self.box)
        scene.addItem(self.box)
        self._frame = self._framed()
        self.reset()
        self.box.sigRangeChanged.connect(moved)
        self._plot: Plot | None = None
        self._width = 0.0  # logical pixels
        self._curves: list[Any] = []
        self._thinners: list[Thinner] = []
        self._drawn: list[tuple[Line, Axis, Axis, Look, Part | None]] = []

    def _framed(self) -> QGraphicsRectItem:
        """Put the curves into a frame that clips them as the painter does, a little outside of the plot."""
        frame = QGraphicsRectItem(self.box)
        frame.setPen(QPen(Qt.PenStyle.NoPen))
        frame.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.box.setFlag(pg.ViewBox.GraphicsItemFlag.ItemClipsChildrenToShape, False)
        self.box.childGroup.setParentItem(frame)
        return frame

    @property
    def magnified(self) -> bool:
        """Whether another range is shown than the figure's."""
        (left, right), (top, bottom) = self.box.viewRange()
        return bool(max(abs(left), abs(top), abs(right - 1), abs(bottom - 1)) > EDGE)

    def reset(self) -> None:
        """Show the figure's own range."""
        self.box.setRange(xRange=(0.0, 1.0), yRange=(0.0, 1.0), padding=0.0)

    def magnify(self, factor: float) -> None:
        """Show `factor` times as many units around the middle."""
        self.box.scaleBy((factor, factor))

    def shown(self) -> Plot | None:
        """Return the plot with the range that is seen; the plot itself if that is its own."""
        if self._plot is None or not self.magnified:
            return self._plot
        (left, right), (top, bottom) = self.box.viewRange()
        x = [to_data(self._plot, UNIT, u, 0.0)[0] for u in (left, right)]
        y = [to_data(self._plot, UNIT, 0.0, v)[1] for v in (bottom, top)]
        return replace(self._plot, x=_ranged(self._plot.x, x), y=_ranged(self._plot.y, y), clip=True)

    def show(self, plot: Plot, look: Look) -> None:
        """Show another plot: where it is magnified it stays so, unless it has another x axis or scale."""
        old, kept = self._plot, self.shown()
        self._plot = plot
        if old is None or kept is None or not (self.magnified and _comparable(old, plot)):
            self.reset()
        elif old.y != plot.y:
            self._see(kept)
        self._show_curves([mark for mark in plot.marks if isinstance(mark, Line)], look)
        self.box.show()

    def hide(self) -> None:
        """Show nothing, and forget how it was magnified."""
        self.box.hide()
        self._plot = None
        self.reset()

    def place(self, rect: Rect, zoom: float) -> None:
        """Draw inside `rect`, in logical pixels of the chart; `zoom` scales how far pens reach out of it."""
        self._width = rect.w
        self.box.setGeometry(QRectF(*rect))
        self._frame.setRect(QRectF(-zoom, -zoom, rect.w + 2 * zoom, rect.h + 2 * zoom))
        clipped = self.magnified or (self._plot is not None and self._plot.clip)
        self._frame.setFlag(QGraphicsRectItem.GraphicsItemFlag.ItemClipsChildrenToShape, clipped)
        self.box.setVisible(self._plot is not None and rect.w > 0 and rect.h > 0)

    def restyle(self, look: Look) -> None:
        """Draw the same curves with other pens, and long ones with the points of the range that is seen."""
        if self._plot is not None:
            self._show_curves([line for line, *_ in self._drawn], look)

    def _part(self, line: Line, ratio: float) -> Part | None:
        """Return what a long curve is thinned for; None for a short one, which is not."""
        shown, pixels = self.shown(), max(1, round(self._width * ratio))
        if shown is None or not is_long(line.x, pixels):
            return None
        low, high = sorted((shown.x.low, shown.x.high))
        return Part(low, high, pixels)

    def _see(self, kept: Plot) -> None:
        """Show the part of the present plot that `kept` showed."""
        assert self._plot is not None
        across = np.sort(to_pixels_x(self._plot, UNIT, [kept.x.low, kept.x.high]))
        up = np.sort(to_pixels_y(self._plot, UNIT, [kept.y.low, kept.y.high]))
        self.box.setRange(xRange=across.tolist(), yRange=up.tolist(), padding=0.0)

    def _show_curves(self, lines: list[Line], look: Look) -> None:
        assert self._plot is not None
        wanted = [(line, self._plot.x, self._plot.y, look, self._part(line, look.ratio)) for line in lines]
        if wanted == self._drawn:
            return
        while len(self._curves) < len(lines):
            curve = pg.PlotCurveItem()
            self.box.addItem(curve, ignoreBounds=True)
            self._curves.append(curve)
            self._thinners.append(Thinner())
        drawn = [(line, x, y, part) for line, x, y, _, part in self._drawn]
        for n, (line, x, y, _, part) in enumerate(wanted):
            if n < len(drawn) and drawn[n] == (line, x, y, part):
                _restyle(self._curves[n], look.pen(line), look)
            else:
                seen = (line.x, line.y) if part is None else self._thinners[n].thinned(line.x, line.y, part)
                self._show_curve(self._curves[n], line, look, *seen)
        for curve in self._curves[len(lines) :]:
            curve.hide()
        self._drawn = wanted

    def _show_curve(self, curve: Any, line: Line, look: Look, x: Floats, y: Floats) -> None:
        assert self._plot is not None
        u, v = to_pixels_x(self._plot, UNIT, x), to_pixels_y(self._plot, UNIT, y)
        whole = not (np.isnan(u).any() or np.isnan(v).any())
        connect = "all" if whole else "finite"
        curve.setData(u, v, pen=look.pen(line), antialias=look.fine, connect=connect, skipFiniteCheck=whole)
        curve.setSegmentedLineMode("on" if len(u) > PIECEWISE and not line.dashed else "off")
        curve.show()


def _restyle(curve: Any, pen: QPen, look: Look) -> None:
    """Draw the same points with another pen."""
    curve.opts["antialias"] = look.fine
    curve.setPen(pen)
    curve.show()


def _comparable(old: Plot, new: Plot) -> bool:
    """Whether a magnified range of one plot means the same in the other."""
    return all(
        a == b
        for a, b in (
            (old.name, new.name),
            (old.x, new.x),
            (old.y.log, new.y.log),
            (old.y.reverse, new.y.reverse),
            (old.fit, new.fit),
        )
    )


def _ranged(axis: Axis, ends: list[float]) -> Axis:
    low, high = reversed(ends) if axis.reverse else ends
    return replace(axis, low=low, high=high)
