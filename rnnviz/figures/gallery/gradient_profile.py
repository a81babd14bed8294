"""One row of the gradient map as a curve: how the playhead's loss fades, or grows, on its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.columns import TOO_SHORT, Columns, columns_of
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.model import Axis, Figure, Line, Margins, Plot, Points
from rnnviz.figures.numbers import decades, norms

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

MOST_DECADES = 600  # all there are: the curve is there to show how far the gradient goes
MARKED = 40  # points; more of them would only thicken the curve
UNHEARD = 1e-3  # the verdict's threshold, relative to the gradient at the step that sends it


@register("gradient-profile", "Gradient on its way back")
def gradient_profile(scene: Scene) -> Figure:
    """Show ‖∂L_t/∂h_k‖ against k for the playhead's t, and below which size a step is no longer heard."""
    columns = columns_of(scene)
    if not columns.count:
        return Figure("Gradient on its way back", "The sequence has no step yet.", (), message=TOO_SHORT)
    t = scene.step + 1
    marks = (*_whole(scene, columns), *_threshold(scene, columns), *_sent_back(scene, columns))
    low, high = decades(np.concatenate([line.y for line in marks if isinstance(line, Line)]), 4, MOST_DECADES)
    plot = Plot(
        "profile",
        Axis(columns.start + 0.5, columns.stop + 0.5, "k: the step the gradient reaches", whole=True),
        Axis(low, high, log=True),
        marks,
        heading="gradient norm (log)",
        clip=True,
    )
    return Figure(
        "Gradient on its way back",
        f"The gradient of the loss at step {t} with respect to each hidden state, on a logarithmic scale.",
        (plot,),
        margins=Margins(left=52, top=30, right=16, bottom=40),
        note=columns.note() or "the playhead's row of the map",
    )


def _curve(k: Floats, sizes: Floats, role: str, label: str) -> tuple[Line | Points, ...]:
    """Return a curve, its points marked where there is room for them."""
    line = Line(k, sizes, role, label)
    return (line,) if len(k) > MARKED else (line, Points(np.stack([k, sizes], 1), role, size=5.0))


def _whole(scene: Scene, columns: Columns) -> tuple[Line | Points, ...]:
    """Return ‖∂L/∂h_k‖ of the losses of all steps together."""
    gradients = scene.analysis.gradients.layers[0].h[columns.start : columns.stop, 0]
    k = np.arange(columns.start, columns.stop) + 1.0
    return _curve(k, norms(np.asarray(gradients, float)), "loss", "‖∂L/∂h_k‖, all losses")


def _sent_back(scene: Scene, columns: Columns) -> tuple[Line | Points, ...]:
    """Return ‖∂L_t/∂h_k‖ for k up to the playhead's t."""
    t = scene.step + 1
    row = np.array(scene.analysis.flow.hidden[scene.step - columns.start, : t - columns.start], float)
    return _curve(np.arange(columns.start, t) + 1.0, row, "gradient", f"‖∂L_{{{t}}}/∂h_k‖")


def _threshold(scene: Scene, columns: Columns) -> tuple[Line, ...]:
    """Return the line below which the verdict calls a step unheard, if anything is sent at all."""
    here = scene.step - columns.start
    heard = scene.analysis.flow.hidden[here, here] * UNHEARD
    if not (np.isfinite(heard) and heard > 0):
        return ()
    ends = np.array([columns.start + 0.5, columns.stop + 0.5])
    return (
        Line(
            ends,
            np.full(2, heard),
            "muted",
            f"10⁻³‖∂L_{{{scene.step + 1}}}/∂h_{{{scene.step + 1}}}‖",
            dashed=True,
        ),
    )
