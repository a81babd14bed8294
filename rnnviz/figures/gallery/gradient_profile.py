"""One row of the gradient map as a curve: how the playhead's loss fades, or grows, on its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.figures.columns import TOO_SHORT, Columns, columns_of
from rnnviz.figures.difference import as_alone, as_ratio, log_ratio, other_scene
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.highlight import PICKED
from rnnviz.figures.model import Axis, Figure, Line, Margins, Plot, Points
from rnnviz.figures.numbers import FINE_STEPS, decades, largest, nice_ceiling, norms
from rnnviz.figures.staleness import as_stale
from rnnviz.figures.states import Lane, lane_title, quantity
from rnnviz.figures.symbols import quantity_letter

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

MOST_DECADES = 600  # all there are: the curve is there to show how far the gradient goes
MARKED = 40  # points; more of them would only thicken the curve
EDGE = 1.05  # how far the axis of ratios reaches beyond the largest
UNHEARD = 1e-3  # the verdict's threshold, relative to the gradient at the step that sends it


@register("gradient-profile", "Gradient on its way back")
def gradient_profile(scene: Scene) -> Figure:
    """Show ‖∂L_t/∂h_k‖ against k for the playhead's t, and below which size a step is no longer heard.

    A cell with a memory c has ‖∂L_t/∂c_k‖ beside it.
    """
    columns = columns_of(scene)
    if not columns.count:
        return Figure("Gradient on its way back", "The sequence has no step yet.", (), message=TOO_SHORT)
    other = None if scene.baseline is None else other_scene(scene, flow=True)
    plot = _norms(scene, columns) if other is None else _ratios(scene, other, columns)
    figure = Figure(
        "Gradient on its way back",
        f"The gradient of the loss at step {scene.step + 1} with respect to each hidden state, "
        "on a logarithmic scale.",
        (plot,),
        margins=Margins(left=52, top=30, right=16, bottom=40),
        note=(columns.note() or "the playhead's row of the map") + _whose(scene),
    )
    return as_stale(scene, (as_alone if other is None else as_ratio)(scene, figure))


def _norms(scene: Scene, columns: Columns) -> Plot:
    whole, sent = _whole(scene, columns), _sent_back(scene, columns)
    marks = (
        *_drawn(whole),
        *_threshold(scene, columns),
        *(mark for curve in sent for mark in _drawn(curve)),
        *_picked(scene, columns, sent, above=0.0),
    )
    low, high = decades(np.concatenate([line.y for line in marks if isinstance(line, Line)]), 4, MOST_DECADES)
    return _plot(columns, Axis(low, high, log=True), marks, "gradient norm (log)")


def _ratios(scene: Scene, other: Scene, columns: Columns) -> Plot:
    """Return log₁₀ of this scene's norms over those of the other, and a line where they are equal."""
    mine = (_whole(scene, columns), *_sent_back(scene, columns))
    found = [
        curve._replace(sizes=log_ratio(curve.sizes, than.sizes))
        for curve, than in zip(mine, (_whole(other, columns), *_sent_back(other, columns)), strict=True)
    ]
    limit = nice_ceiling(max(largest(curve.sizes) for curve in found), FINE_STEPS)
    # Where one of the two is zero, the curve runs along the edge.
    found = [curve._replace(sizes=np.clip(curve.sizes, -limit, limit)) for curve in found]
    ends = np.array([columns.start + 0.5, columns.stop + 0.5])
    marks = (
        Line(ends, np.zeros(2), "muted", "equal", dashed=True),
        *(mark for curve in found for mark in _drawn(curve)),
        *_picked(scene, columns, found[1:]),
    )
    edge = EDGE * limit
    return _plot(columns, Axis(-edge, edge), marks, "log₁₀ ratio of gradient norms")


def _plot(columns: Columns, y: Axis, marks: tuple[Line | Points, ...], heading: str) -> Plot:
    x = Axis(columns.start + 0.5, columns.stop + 0.5, "k: the step the gradient reaches", whole=True)
    return Plot("profile", x, y, marks, heading=heading, clip=True)


def _whose(scene: Scene) -> str:
    """Call the layer and direction whose states these are, if there are several."""
    flow = scene.analysis.flow
    title = lane_title(scene.spec, Lane(flow.layer, flow.direction))
    return f" · {title}" if title else ""


class Curve(NamedTuple):
    """The sizes of the gradient with respect to one state."""

    state: str
    k: Floats
    sizes: Floats
    role: str
    label: str


def _drawn(curve: Curve) -> tuple[Line | Points, ...]:
    """Return a curve, its points marked where there is room for them."""
    line = Line(curve.k, curve.sizes, curve.role, curve.label)
    if len(curve.k) > MARKED:
        return (line,)
    return line, Points(np.stack([curve.k, curve.sizes], 1), curve.role, size=5.0)


def _whole(scene: Scene, columns: Columns) -> Curve:
    """Return ‖∂L/∂h_k‖ of the losses of all steps together."""
    flow, size = scene.analysis.flow, scene.spec.hidden_size
    part = slice(flow.direction * size, (flow.direction + 1) * size)
    gradients = scene.analysis.gradients.layers[flow.layer].h[columns.start : columns.stop, 0, part]
    k, letter = (
        columns.start + 1.0 + np.arange(len(gradients)),
        quantity_letter(scene.notation, scene.spec, "h"),
    )
    return Curve("h", k, norms(np.asarray(gradients, float)), "loss", f"‖∂L/∂{letter}_k‖")


def _sent_back(scene: Scene, columns: Columns) -> list[Curve]:
    """Return ‖∂L_t/∂s_k‖ of every state s for k up to the playhead's t, that of h last."""
    t = scene.step + 1
    k = np.arange(columns.start, t) + 1.0
    found = []
    for state in reversed(CELLS[scene.spec.cell].states):
        row = np.array(scene.analysis.flow.norms[state][scene.step - columns.start, : len(k)], float)
        role = "gradient" if state == "h" else quantity(state).role
        letter = quantity_letter(scene.notation, scene.spec, state)
        found.append(Curve(state, k, row, role, f"‖∂L_{{{t}}}/∂{letter}_k‖"))
    return found


def _picked(
    scene: Scene, columns: Columns, curves: list[Curve], above: float = -np.inf
) -> tuple[Points, ...]:
    """Return the point of the pair that is picked, if it belongs to the playhead's loss and is in sight."""
    pair = None if scene.selection is None else scene.selection.pair
    if scene.selection is None or pair is None or pair.t != scene.step or not all(map(columns.holds, pair)):
        return ()
    named = [curve for curve in curves if curve.state == scene.selection.quantity]
    size = float((named or curves)[-1].sizes[pair.k - columns.start])
    return (Points(np.array([[pair.k + 1.0, size]]), PICKED, size=9.0),) if size > above else ()


def _threshold(scene: Scene, columns: Columns) -> tuple[Line, ...]:
    """Return the line below which the verdict calls a step unheard, if anything is sent at all."""
    here, state = scene.step - columns.start, CELLS[scene.spec.cell].memory
    heard = scene.analysis.flow.norms[state][here, here] * UNHEARD
    if not (np.isfinite(heard) and heard > 0):
        return ()
    ends = np.array([columns.start + 0.5, columns.stop + 0.5])
    return (Line(ends, np.full(2, heard), "muted", "10⁻³ left", dashed=True),)
