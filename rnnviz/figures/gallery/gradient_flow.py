"""The map of the gradient: how much of each step's loss reaches each earlier state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.columns import TOO_SHORT, Columns, columns_of
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.model import Axis, Figure, Heatmap, Margins, Plot, Region, Scale
from rnnviz.figures.numbers import decades

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene


@register("gradient-flow", "Gradient flow")
def gradient_flow(scene: Scene) -> Figure:
    """Show ‖∂L_t/∂h_k‖ for every pair of steps in logarithmic colours, with the verdict beneath."""
    columns = columns_of(scene)
    if not columns.count:
        return Figure("Gradient flow", "The sequence has no step yet.", (), message=TOO_SHORT)
    norms = reached(scene, columns)
    scale = Scale("gradient", *decades(norms), log=True, label="‖∂L_t/∂h_k‖")
    first, last = columns.start + 0.5, columns.stop + 0.5
    t = scene.step + 1.0
    marks = (
        Heatmap(norms, scale, first, first, last, fill=0.96),
        Region(first, t + 0.5, "selection", t + 0.5, t - 0.5),
    )
    plot = Plot(
        "flow",
        Axis(first, last, "k: the step the gradient reaches", whole=True),
        Axis(first, last, "t: the step whose loss sends it", reverse=True, whole=True),
        marks,
        fit="square",
    )
    sentence = scene.analysis.verdict.sentence
    return Figure(
        "Gradient flow",
        f"How much of each step's loss reaches each earlier hidden state. {sentence}",
        (plot,),
        legend=scale,
        margins=Margins(left=44, top=10, right=12, bottom=40),
        note=columns.note(),
        caption=sentence,
    )


def reached(scene: Scene, columns: Columns) -> Floats:
    """Return the norms of the window: (n, n), NaN above the diagonal and in rows whose loss is left out."""
    norms = np.array(scene.analysis.flow.hidden, float)
    norms[np.triu_indices(columns.count, 1)] = np.nan
    norms[[t - columns.start for t in scene.silent if columns.start <= t < columns.stop]] = np.nan
    return norms
