"""One row of the gradient map as a curve: how the playhead's loss fades, or grows, on its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.figures.columns import TOO_SHORT, Columns, columns_of
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.highlight import PICKED
from rnnviz.figures.model import Axis, Figure, Line, Margins, Plot, Points
from rnnviz.figures.numbers import decades, norms
from rnnviz.figures.staleness import as_stale
from rnnviz.figures.states import Lane, lane_title, quantity

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

MOST_DECADES = 600  # all there are: the curve is there to show how far the gradient goes
MARKED = 40  # points; more of them would only thicken the curve
UNHEARD = 1e-3  # the verdict's threshold, relative to the gradient at the step that sends it


@register("gradient-profile", "Gradient on its way back")
def gradient_profile(scene: Scene) -> Figure:
    """Show ‖∂L_t/∂h_k‖ against k for the playhead's t, and below which size a step is no longer heard.

    A cell with a memory c has ‖∂L_t/∂c_k‖ beside it.
    """
    columns = columns_of(scene)
    if not columns.count:
        return Figure("Gradient on its way back", "The sequence has no step yet.", (), message=TOO_SHORT)
    t = scene.step + 1
    sent = _sent_back(scene, columns)
    marks = (*_whole(scene, columns), *_threshold(scene, columns), *sent, *_picked(scene, columns))
    low, high = decades(np.concatenate([line.y for line in marks if isinstance(line, Line)]), 4, MOST_DECADES)
    plot = Plot(
        "profile",
        Axis(columns.start + 0.5, columns.stop + 0.5, "k: the step the gradient reaches", whole=True),
        Axis(low, high, log=True),
        marks,
        heading="gradient norm (log)",
        clip=True,
    )
    figure = Figure(
        "Gradient on its way back",
        f"The gradient of the loss at step {t} with respect to each hidden state, on a logarithmic scale.",
        (plot,),
        margins=Margins(left=52, top=30, right=16, bottom=40),
        note=(columns.note() or "the playhead's row of the map") + _whose(scene),
    )
    return as_stale(scene, figure)


def _whose(scene: Scene) -> str:
    """Call the layer and direction whose states these are, if there are several."""
    flow = scene.analysis.flow
    title = lane_title(scene.spec, Lane(flow.layer, flow.direction))
    return f" · {title}" if title else ""


def _curve(k: Floats, sizes: Floats, role: str, label: str) -> tuple[Line | Points, ...]:
    """Return a curve, its points marked where there is room for them."""
    line = Line(k, sizes, role, label)
    return (line,) if len(k) > MARKED else (line, Points(np.stack([k, sizes], 1), role, size=5.0))


def _whole(scene: Scene, columns: Columns) -> tuple[Line | Points, ...]:
    """Return ‖∂L/∂h_k‖ of the losses of all steps together."""
    flow, size = scene.analysis.flow, scene.spec.hidden_size
    part = slice(flow.direction * size, (flow.direction + 1) * size)
    gradients = scene.analysis.gradients.layers[flow.layer].h[columns.start : columns.stop, 0, part]
    k = np.arange(columns.start, columns.stop) + 1.0
    return _curve(k, norms(np.asarray(gradients, float)), "loss", "‖∂L/∂h_k‖")


def _sent_back(scene: Scene, columns: Columns) -> tuple[Line | Points, ...]:
    """Return ‖∂L_t/∂s_k‖ of every state s for k up to the playhead's t, that of h last."""
    t = scene.step + 1
    k = np.arange(columns.start, t) + 1.0
    marks: list[Line | Points] = []
    for state in reversed(CELLS[scene.spec.cell].states):
        row = np.array(scene.analysis.flow.norms[state][scene.step - columns.start, : len(k)], float)
        role = "gradient" if state == "h" else quantity(state).role
        marks += _curve(k, row, role, f"‖∂L_{{{t}}}/∂{state}_k‖")
    return tuple(marks)


def _picked(scene: Scene, columns: Columns) -> tuple[Points, ...]:
    """Return the point of the pair that is picked, if it belongs to the playhead's loss."""
    pair = None if scene.selection is None else scene.selection.pair
    if pair is None or pair.t != scene.step or not all(map(columns.holds, pair)):
        return ()
    norms = scene.analysis.flow.norms
    state = scene.selection.quantity if scene.selection and scene.selection.quantity in norms else "h"
    size = float(norms[state or "h"][pair.t - columns.start, pair.k - columns.start])
    return (Points(np.array([[pair.k + 1.0, size]]), PICKED, size=9.0),) if size > 0 else ()


def _threshold(scene: Scene, columns: Columns) -> tuple[Line, ...]:
    """Return the line below which the verdict calls a step unheard, if anything is sent at all."""
    here, state = scene.step - columns.start, CELLS[scene.spec.cell].memory
    heard = scene.analysis.flow.norms[state][here, here] * UNHEARD
    if not (np.isfinite(heard) and heard > 0):
        return ()
    ends = np.array([columns.start + 0.5, columns.stop + 0.5])
    return (Line(ends, np.full(2, heard), "muted", "10⁻³ left", dashed=True),)
