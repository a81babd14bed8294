"""What is under the mouse in a figure over time, in words and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.figures.model import Bars, Heatmap
from rnnviz.figures.notation import visible

if TYPE_CHECKING:
    from rnnviz.figures.model import Figure
    from rnnviz.figures.picking import Pick
    from rnnviz.session.session import Session

UNITS = "network", "h_t"  # plots whose rows are hidden units; those of others are tokens
NAMES = {"network": "h", "h_t": "h", "x_t": "x", "ŷ_t": "ŷ", "L_t": "loss L", "dL/dh_t": "‖∂L/∂h‖"}


def reading(figure: Figure, pick: Pick, session: Session) -> str:
    """Say what the cell or bar under the mouse stands for; nothing where there is none."""
    plot = next((plot for plot in figure.plots if plot.name == pick.plot), None)
    if plot is None or pick.mark is None:
        return ""
    mark = plot.marks[pick.mark]
    step = round(pick.x)
    name = f"{NAMES.get(plot.name, plot.name)} at step {step}"
    if isinstance(mark, Heatmap) and pick.row is not None and pick.column is not None:
        value = mark.values[pick.row, pick.column]
        if plot.name in UNITS:
            return f"{name}, unit {pick.row + 1}: {value:.6g}"
        return f"{name}, {visible(session.document.state.vocabulary.tokens[pick.row])}: {value:.6g}"
    if isinstance(mark, Bars) and pick.index is not None:
        return f"{name}: {mark.heights[pick.index]:.6g}"
    return ""
