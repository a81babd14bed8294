"""What is under the mouse in a figure over time, in words and numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.difference import DELTA
from rnnviz.figures.model import Bars, Heatmap, Line
from rnnviz.figures.notation import visible
from rnnviz.figures.states import shared_symbol
from rnnviz.panels.base.tips import in_notation

if TYPE_CHECKING:
    from rnnviz.figures.model import Figure, Plot
    from rnnviz.figures.picking import Pick
    from rnnviz.session.session import Session

BARS = {"L_t": "loss L", "dL/dh_t": "‖∂L/∂h‖", "dL/dc_t": "‖∂L/∂c‖"}  # in the first notation
SALIENCY = "dL_t/dx_k"
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
STEP = re.compile(r"_\{(\w+),t\}$")  # what stands before the t of a subscript stays


def reading(figure: Figure, pick: Pick, session: Session) -> str:
    """Say what the cell, bar or line under the mouse stands for; nothing where there is none."""
    plot = next((plot for plot in figure.plots if plot.name == pick.plot), None)
    if plot is None or not plot.marks:
        return ""
    if pick.mark is None:
        return _of_lines(plot, pick, session)
    mark, step = plot.marks[pick.mark], round(pick.x)
    if isinstance(mark, Heatmap) and pick.row is not None and pick.column is not None:
        value = float(mark.values[pick.row, pick.column])
        if mark.texts is not None:
            return _of_word(mark, pick.column, value, step)
        return f"{_of_row(mark.scale.label, pick.row, session)} at step {step}{_is(value, step, session)}"
    if isinstance(mark, Bars) and pick.index is not None:
        said = _of_bar(plot.name, step, float(mark.heights[pick.index]), session)
        return said and f"{_delta(plot)}{said}"
    return ""


def _delta(plot: Plot) -> str:
    """Return the sign of a difference for a track of such."""
    return DELTA if plot.gutter and plot.gutter[0].text.startswith(DELTA) else ""


def _is(value: float, step: int, session: Session) -> str:
    """Write what a number is, or that slow motion has not come to it."""
    moment = session.moment
    if value != value and moment.stage is not None and step == moment.step + 1:
        return " is not known yet"
    return f" = {value:.6g}"


def _of_row(name: str, row: int, session: Session) -> str:
    """Name a row: by its token or by the number of its unit."""
    if name.startswith(DELTA):
        return f"{DELTA}{_of_row(name.removeprefix(DELTA), row, session)}"
    predicted = shared_symbol(session.moment.state.spec, "y", session.moment.notation)
    if name in {"x_t", predicted}:
        tokens = session.document.state.vocabulary.tokens
        if row < len(tokens) and (name == predicted or session.moment.analysis.trace.x.ndim == 2):
            return f"{name.removesuffix('_t')} of {visible(tokens[row])}"
    return STEP.sub(r"_\1", name).removesuffix("_t") + numbered(row)


def _of_word(mark: Heatmap, column: int, value: float, step: int) -> str:
    """Read a token, and the unit that colours it."""
    word = (mark.texts or ())[column]
    if value != value:
        return f"{word} at step {step}"
    found = STEP.search(mark.scale.label)
    unit = numbered(int(found[1]) - 1) if found is not None else ""
    return f"{word} at step {step}: {STEP.sub('', mark.scale.label)}{unit} = {value:.6g}"


def _of_bar(name: str, step: int, height: float, session: Session) -> str:
    if name == SALIENCY:
        of = f"∂L{numbered(session.moment.step)}/∂x{numbered(step - 1)}"
        return "" if height != height else f"‖{of}‖ = {height:.6g}"
    return f"{in_notation(session.moment, BARS.get(name, name))} at step {step}{_is(height, step, session)}"


def _of_lines(plot: Plot, pick: Pick, session: Session) -> str:
    """Read the line that is nearest at the step under the mouse."""
    curves = [mark for mark in plot.marks if isinstance(mark, Line)]
    step = round(pick.x)
    at = [int(step - curve.x[0]) for curve in curves]
    values = np.array(
        [c.y[n] if 0 <= n < len(c.y) else np.nan for c, n in zip(curves, at, strict=True)], float
    )
    if not np.isfinite(values).any():
        return ""
    nearest = int(np.nanargmin(np.abs(np.where(np.isfinite(values), values, np.nan) - pick.y)))
    if plot.name in BARS or plot.name == SALIENCY:
        said = _of_bar(plot.name, step, float(values[nearest]), session)
        return said and f"{_delta(plot)}{said}"
    return f"{_delta(plot)}{_of_row(plot.name, nearest, session)} at step {step} = {values[nearest]:.6g}"


def numbered(row: int) -> str:
    """Write the number of a unit, from 1, as a subscript."""
    return str(row + 1).translate(SUBSCRIPTS)
