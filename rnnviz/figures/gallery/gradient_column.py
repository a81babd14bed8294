"""One column of the gradient map as a curve: which losses still reach a step, and how loudly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.figures.columns import TOO_SHORT, columns_of
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.model import Axis, Figure, Line, Margins, Plot, Points
from rnnviz.figures.numbers import decades
from rnnviz.figures.staleness import as_stale
from rnnviz.figures.states import quantity
from rnnviz.figures.symbols import quantity_letter

if TYPE_CHECKING:
    from rnnviz.figures.columns import Columns
    from rnnviz.figures.model import Floats, Mark
    from rnnviz.figures.scene import Scene

TITLE = "Losses that reach a step"
MOST_DECADES = 600  # all there are: the curve is there to show how far the gradient goes


@register("gradient-column", TITLE)
def gradient_column(scene: Scene) -> Figure:
    """Show ‖∂L_t/∂s_k‖ of every state s against t, for the k picked in the map, else the first step."""
    columns = columns_of(scene)
    if not columns.count:
        return Figure(TITLE, "The sequence has no step yet.", (), message=TOO_SHORT)
    k = step_reached(scene, columns)
    curves = [_curve(scene, columns, k, state) for state in reversed(CELLS[scene.spec.cell].states)]
    marks: tuple[Mark, ...] = (*curves, *_at_playhead(scene, curves[-1]))
    low, high = decades(np.concatenate([curve.y for curve in curves]), 2, MOST_DECADES)
    x = Axis(columns.start + 0.5, columns.stop + 0.5, "t: the step whose loss sends it", whole=True)
    plot = Plot("column", x, Axis(low, high, log=True), marks, heading="gradient norm (log)", clip=True)
    return as_stale(
        scene,
        Figure(
            TITLE,
            f"How large the gradient of each step's loss is when it reaches step {k + 1}, logarithmic.",
            (plot,),
            margins=Margins(left=52, top=30, right=16, bottom=40),
            note=f"k = {k + 1}, a column of the map",
        ),
    )


def step_reached(scene: Scene, columns: Columns) -> int:
    """Return the step, from 0, of the pair that is picked, or the first one of the window."""
    pair = None if scene.selection is None else scene.selection.pair
    return columns.start if pair is None or not columns.holds(pair.k) else pair.k


def _curve(scene: Scene, columns: Columns, k: int, state: str) -> Line:
    """Return the sizes for every t that can reach k; steps without a loss leave a gap."""
    t = np.arange(k, columns.stop)
    sizes: Floats = np.array(scene.analysis.flow.norms[state][k - columns.start :, k - columns.start], float)
    sizes[np.isin(t, list(scene.silent))] = np.nan
    role = "gradient" if state == "h" else quantity(state).role
    letter = quantity_letter(scene.notation, scene.spec, state)
    return Line(t + 1.0, sizes, role, f"‖∂L_t/∂{letter}_{{{k + 1}}}‖")


def _at_playhead(scene: Scene, curve: Line) -> tuple[Points, ...]:
    """Return the point of the playhead's loss, if it reaches the step."""
    here = np.flatnonzero(curve.x == scene.step + 1.0)
    if not len(here) or not curve.y[here[0]] > 0:
        return ()
    return (Points(np.array([[scene.step + 1.0, curve.y[here[0]]]]), "selection", size=9.0),)
