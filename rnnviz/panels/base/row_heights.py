"""How high matrices must be so that their rows can be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.figures.model import CellBars, Dial

if TYPE_CHECKING:
    from rnnviz.figures.model import Figure, Plot

LOWEST_ROW = 9.0  # pixels
LOWEST_DIAL = 80.0
ROW_WITH_BAR = 24.0  # in which a number has room above the bar
FEW = 12  # columns, with which there is room for numbers


def height_of_rows(figure: Figure) -> float:
    """Return the least height of a figure of matrices, in logical pixels."""
    margins = figure.margins
    row = max(map(_lowest_row, figure.plots))
    between = (len(figure.plots) - 1) * margins.between_rows
    return sum(plot.weight for plot in figure.plots) * row + between + margins.top + margins.bottom


def _lowest_row(plot: Plot) -> float:
    """Return how high a row of a matrix must be for what is shown in it and beside it."""
    row = LOWEST_ROW
    for mark in plot.marks:
        if isinstance(mark, Dial):
            row = max(row, LOWEST_DIAL / plot.weight)
        elif isinstance(mark, CellBars) and mark.values.shape[1] <= FEW:
            row = max(row, ROW_WITH_BAR)
    return row
