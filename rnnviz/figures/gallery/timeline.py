"""Stacked tracks over one time axis: input, state, prediction, loss and gradient of every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.columns import TOO_SHORT, Columns, columns_of, playhead
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Axis, Bars, Figure, GutterLabel, Heatmap, Margins, Plot, Scale
from rnnviz.figures.numbers import FINE_STEPS, largest, nice_ceiling, norms, short, written
from rnnviz.figures.states import state_scale, states

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

ONE_HOT = Scale("probability", 0.0, 1.0)
CLICK = "one column per step · click to move the playhead"
LABEL_AT = 0.35  # share of a bar track's height, below the number at its top
ROOM = 0.04  # share of a heat map's column left free between steps


@register("timeline", "Timeline")
def timeline(scene: Scene) -> Figure:
    """Show x_t, h_t, ŷ_t, L_t and ‖∂L/∂h_t‖ in the columns of the network."""
    columns = columns_of(scene)
    if not columns.count:
        return Figure("Timeline", "The sequence has no step yet.", (), message=TOO_SHORT)
    trace = scene.analysis.trace
    window = slice(columns.start, columns.stop)
    plots = (
        _cells("x_t", "input", columns, one_hot(columns, scene), 1.3),
        _cells("h_t", "hidden", columns, hidden(columns.start, states(scene), scene.spec.activation), 1.5),
        _cells("ŷ_t", "readout", columns, predictions(columns.start, trace.probabilities[window, 0]), 1.3),
        _bars("L_t", "loss L_t", "loss", columns, losses(columns, scene), 1.1),
        _bars("dL/dh_t", "‖∂L/∂h_t‖", "gradient", columns, gradients(columns, scene), 1.1, axis=True),
    )
    margins = Margins(top=6, bottom=22)
    return Figure(
        "Timeline",
        describe(scene),
        plots,
        across=playhead(scene),
        margins=margins,
        note=columns.note() or CLICK,
    )


def describe(scene: Scene) -> str:
    """Say in one sentence what the tracks show at the playhead."""
    loss = scene.analysis.loss.step[scene.step, 0]
    return (
        f"Input, hidden state, prediction, loss and gradient norm of {scene.steps} steps; "
        f"at step {scene.step + 1} the loss is {written(float(loss), 3)} nats."
    )


def _cells(name: str, role: str, columns: Columns, heat: Heatmap, weight: float) -> Plot:
    label = (GutterLabel(0.5, name, role),)
    return Plot(name, columns.axis(), Axis(shown=False), (heat,), gutter=label, weight=weight)


def _bars(
    name: str, label: str, role: str, columns: Columns, bars: Bars, weight: float, *, axis: bool = False
) -> Plot:
    high = nice_ceiling(largest(bars.heights), FINE_STEPS)
    middle = (GutterLabel(LABEL_AT * high, label, role),)
    return Plot(
        name,
        columns.axis(shown=axis),
        Axis(0.0, high, ticks=((high, short(high)),)),
        (bars,),
        gutter=middle,
        weight=weight,
        clip=True,
    )


def one_hot(columns: Columns, scene: Scene) -> Heatmap:
    """Return the one-hot inputs of the window: one row a token of the vocabulary."""
    ids = scene.analysis.trace.x[columns.start : columns.stop, 0]
    return _one_hot(columns.start, tuple(ids.tolist()), scene.spec.input_size)


@memoised
def _one_hot(start: int, ids: tuple[int, ...], size: int) -> Heatmap:
    return Heatmap(np.eye(size)[list(ids)].T, ONE_HOT, start + 0.5, 1.0, 0.0, 1 - ROOM)


@memoised
def hidden(start: int, h: Floats, activation: str) -> Heatmap:
    """Return the states h_start … h_stop, one row a unit."""
    return Heatmap(h.T, state_scale(h, activation), start - 0.5, 1.0, 0.0, 1 - ROOM)


@memoised
def predictions(start: int, probabilities: Floats) -> Heatmap:
    """Return ŷ_t, one row a token of the vocabulary."""
    # Of many tokens none may be likely: the darkest is the likeliest of all, not certainty.
    scale = Scale("probability", 0.0, min(1.0, nice_ceiling(largest(probabilities), FINE_STEPS)))
    return Heatmap(probabilities.T, scale, start + 0.5, 1.0, 0.0, 1 - ROOM)


def losses(columns: Columns, scene: Scene) -> Bars:
    """Return L_t; steps whose loss is left out have no bar."""
    heights = np.array(scene.analysis.loss.step[columns.start : columns.stop, 0], float)
    heights[[k - columns.start for k in scene.silent if columns.start <= k < columns.stop]] = np.nan
    return Bars(heights, "loss", columns.start + 1.0)


def gradients(columns: Columns, scene: Scene) -> Bars:
    """Return ‖∂L/∂h_t‖ of the total loss, h_start included."""
    found = scene.analysis.gradients
    later = found.layers[0].h[columns.start : columns.stop, 0]
    before = found.layers[0].h[columns.start - 1, 0] if columns.start else found.initial_state["h"][0, 0]
    return Bars(norms(np.concatenate((before[None], later))), "gradient", float(columns.start))
