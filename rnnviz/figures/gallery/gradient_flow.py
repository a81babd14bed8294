"""The map of the gradient: how much of each step's loss reaches each earlier state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.columns import TOO_SHORT, Columns, columns_of
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.highlight import PICKED
from rnnviz.figures.model import Axis, Figure, Heatmap, Margins, Plot, Region, Scale
from rnnviz.figures.numbers import decades
from rnnviz.figures.staleness import as_stale, dimmed
from rnnviz.figures.states import Lane, symbol

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats, Mark
    from rnnviz.figures.scene import Scene

CALLED = {"h": "hidden state", "c": "cell state"}


@register("gradient-flow", "Gradient flow")
def gradient_flow(scene: Scene, state: str = "h") -> Figure:
    """Show ‖∂L_t/∂h_k‖ for every pair of steps in logarithmic colours, with the verdict beneath.

    state: "c" for ‖∂L_t/∂c_k‖ instead, of a cell that has c.
    """
    columns = columns_of(scene)
    if not columns.count:
        return Figure("Gradient flow", "The sequence has no step yet.", (), message=TOO_SHORT)
    norms = reached(scene, columns, state)
    scale = Scale("gradient", *decades(norms), log=True, label=norm_of(scene, state))
    first, last = columns.start + 0.5, columns.stop + 0.5
    t = scene.step + 1.0
    marks: tuple[Mark, ...] = (
        Heatmap(norms, scale, first, first, last, fill=0.96),
        Region(first, t + 0.5, "selection", t + 0.5, t - 0.5),
        *_picked(scene, columns),
        *dimmed(scene, first, last),
    )
    plot = Plot(
        "flow",
        Axis(first, last, "k: the step the gradient reaches", whole=True),
        Axis(first, last, "t: the step whose loss sends it", reverse=True, whole=True),
        marks,
        fit="square",
    )
    sentence = scene.analysis.verdict.sentence
    figure = Figure(
        "Gradient flow",
        f"How much of each step's loss reaches each earlier {CALLED.get(state, state)}. {sentence}",
        (plot,),
        legend=scale,
        margins=Margins(left=44, top=10, right=12, bottom=40),
        note=columns.note(),
        caption=sentence,
    )
    return as_stale(scene, figure)


def _picked(scene: Scene, columns: Columns) -> tuple[Region, ...]:
    """Return the outline of the pair that is picked, if it is in sight."""
    pair = None if scene.selection is None else scene.selection.pair
    if pair is None or not all(map(columns.holds, pair)):
        return ()
    t, k = pair.t + 1, pair.k + 1
    return (Region(k - 0.5, k + 0.5, PICKED, t + 0.5, t - 0.5),)


def norm_of(scene: Scene, state: str) -> str:
    """Write the norm that the map shows, with the layer and direction of the state if there are several."""
    flow = scene.analysis.flow
    return f"‖∂L_t/∂{symbol(scene.spec, state, Lane(flow.layer, flow.direction), '_k')}‖"


def reached(scene: Scene, columns: Columns, state: str = "h") -> Floats:
    """Return the norms of the window: (n, n), NaN above the diagonal and in rows whose loss is left out."""
    norms = np.array(scene.analysis.flow.norms[state], float)
    norms[np.triu_indices(columns.count, 1)] = np.nan
    norms[[t - columns.start for t in scene.silent if columns.start <= t < columns.stop]] = np.nan
    return norms
