"""A figure view that can be drawn upon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.figures.layout import plot_rects, to_data
from rnnviz.panels.views.figure_view import FigureView

if TYPE_CHECKING:
    from rnnviz.figures.picking import Pick


class CanvasView(FigureView):
    """Says where in a plot's data a drag has come."""

    def dragged_to(self, start: Pick, dx: float, dy: float) -> tuple[float, float]:
        """Return the data coordinates so many pixels from where the drag began, inside the plot's axes."""
        figure = self.figure
        if figure is None:
            return start.x, start.y
        rects = plot_rects(figure, self.width(), self.height(), self.zoom)
        for plot, rect in zip(figure.plots, rects, strict=True):
            if plot.name == start.plot and rect.w > 0 and rect.h > 0:
                left, top = to_data(plot, rect, rect.x, rect.y)
                right, below = to_data(plot, rect, rect.x + 1, rect.y + 1)
                x, y = start.x + dx * (right - left), start.y + dy * (below - top)
                return _within(x, plot.x.low, plot.x.high), _within(y, plot.y.low, plot.y.high)
        return start.x, start.y


def _within(value: float, low: float, high: float) -> float:
    return min(max(low, value), high)
