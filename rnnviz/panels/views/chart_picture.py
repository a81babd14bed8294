"""What a chart shows: its plots with their curves, and everything around and between them."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from rnnviz.drawing.changes import unchanged
from rnnviz.drawing.painter import draw_message, paint
from rnnviz.figures.layout import Rect, plot_rects
from rnnviz.figures.model import Line
from rnnviz.panels.views.chart_layer import Layer
from rnnviz.panels.views.chart_plot import ChartPlot

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter

    from rnnviz.figures.model import Figure, Mark, Plot
    from rnnviz.panels.views.chart_plot import Look

FAILED = "This chart could not be drawn; the details are in the log."
BELOW, UNDER, OVER = -300.0, -200.0, -50.0  # levels of the layers; pyqtgraph's curves are at −100

log = logging.getLogger(__name__)


class ChartPicture:
    """A figure in a scene: pyqtgraph draws the curves, the painter of exports all else, on one layout.

    Marks that are not curves lie under those of their plot if they come before the first, else over them.
    """

    def __init__(self, scene: Any, look: Look, moved: Callable[..., None]) -> None:
        self.shown: Figure | None = None  # with the ranges that are seen
        self.rects: tuple[Rect, ...] = ()
        self.showing = False  # ranges that change now are not the user's doing
        self._scene = scene
        self._moved = moved
        self._look = look
        self._figure: Figure | None = None
        self._size = (0, 0)
        self._plots: list[ChartPlot] = []
        self._sheets: tuple[Figure | None, Figure | None] = (None, None)  # under and over the curves
        self._below = Layer(self._draw_below, BELOW, kept=True)
        self._under = Layer(self._draw_under, UNDER)
        self._over = Layer(self._draw_over, OVER)
        for layer in (self._below, self._under, self._over):
            scene.addItem(layer)

    def show(self, figure: Figure, look: Look) -> None:
        """Show another figure; a range the user has magnified stays, unless the plot has another x axis."""
        self._figure, self._look = figure, look
        self.showing = True
        while len(self._plots) < len(figure.plots):
            self._plots.append(ChartPlot(self._scene, self._moved))
        for held, plot in zip(self._plots, figure.plots, strict=False):
            held.show(plot, look)
        for unused in self._plots[len(figure.plots) :]:
            unused.hide()
        self.showing = False
        self.arrange()

    def resize(self, width: int, height: int) -> None:
        """Fill that many logical pixels, with the same ranges."""
        self._size = (width, height)
        for layer in (self._below, self._under, self._over):
            layer.cover(width, height)
        self.arrange(anew=True)

    def restyle(self, look: Look) -> None:
        """Draw the same with other pens, colours or sizes."""
        self._look = look
        for held in self._plots:
            held.restyle(look)
        self.arrange(anew=True)

    def reset(self) -> None:
        """Show the figure's own ranges."""
        for held in self._plots:
            held.reset()

    def reset_at(self, px: float, py: float) -> None:
        """Show the own range of the plot at a pixel."""
        for held, rect in zip(self._plots, self.rects, strict=False):
            if rect.holds(px, py):
                held.reset()

    def magnify(self, factor: float) -> None:
        """Show `factor` times as many units of every plot."""
        for held in self._plots:
            held.magnify(factor)

    def arrange(self, *, anew: bool = False) -> None:
        """Place the plots by the ranges that are seen; draw what surrounds them if it differs, or `anew`."""
        if self._figure is None:
            return
        old, self.shown = self.shown, self._seen(self._figure)
        self.rects = plot_rects(self.shown, *self._size, self._look.zoom)
        for held, rect in zip(self._plots, self.rects, strict=False):
            held.place(rect, self._look.zoom)
            held.restyle(self._look)
        if anew or old is None or unchanged(old, self.shown) is None:
            self._below.update()
        self._sheets = _sheet(self.shown, over=False), _sheet(self.shown, over=True)
        for layer, sheet in zip((self._under, self._over), self._sheets, strict=True):
            layer.setVisible(sheet is not None)
            layer.update()

    def _seen(self, figure: Figure) -> Figure:
        plots = tuple(held.shown() or plot for held, plot in zip(self._plots, figure.plots, strict=False))
        same = all(a is b for a, b in zip(plots, figure.plots, strict=True))
        return figure if same else replace(figure, plots=plots)

    def _draw_below(self, painter: QPainter) -> None:
        """Draw axes, headings, keys and the legend, or the message of a figure without plots."""
        self._draw(painter, self.shown, "below")

    def _draw_under(self, painter: QPainter) -> None:
        self._draw(painter, self._sheets[0], "above")

    def _draw_over(self, painter: QPainter) -> None:
        self._draw(painter, self._sheets[1], "above")

    def _draw(self, painter: QPainter, figure: Figure | None, layer: Literal["below", "above"]) -> None:
        """Draw a layer; what goes wrong is logged, since an exception here could end the program."""
        if figure is None:
            return
        theme, zoom = self._look.theme, self._look.zoom
        try:
            paint(painter, figure, self._size, theme, zoom=zoom, layer=layer)
        except Exception:
            log.exception("A chart could not be drawn.")
            draw_message(painter, Rect(0.0, 0.0, *self._size), theme, FAILED, zoom)


def _sheet(figure: Figure, *, over: bool) -> Figure | None:
    """Return a figure of only the marks under the curves, or only those over them; None if there are none."""
    plots = tuple(replace(plot, marks=_beside_curves(plot, over=over)) for plot in figure.plots)
    across = figure.across if over else ()
    return (
        replace(figure, plots=plots, across=across) if across or any(plot.marks for plot in plots) else None
    )


def _beside_curves(plot: Plot, *, over: bool) -> tuple[Mark, ...]:
    first = next((n for n, mark in enumerate(plot.marks) if isinstance(mark, Line)), 0)
    part = plot.marks[first:] if over else plot.marks[:first]
    return tuple(mark for mark in part if not isinstance(mark, Line))
