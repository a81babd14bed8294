"""The map of the gradient: how much of each step's loss reaches each earlier state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.figures.columns import TOO_SHORT, Columns, columns_of
from rnnviz.figures.difference import as_alone, as_ratio, comparison, log_ratio, other_flow
from rnnviz.figures.flow_maps import WEIGHTS, FlowMap, flow_map, norm_of, stored
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.highlight import PICKED
from rnnviz.figures.model import Axis, Figure, Heatmap, Margins, Plot, Region, Scale, Text
from rnnviz.figures.numbers import FINE_STEPS, decades, largest, nice_ceiling
from rnnviz.figures.staleness import as_stale, dimmed, saying_so
from rnnviz.figures.wording import verdict_of

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats, Mark
    from rnnviz.figures.scene import Scene

CALLED = {"h": "hidden state", "c": "cell state"}
SUMS = ("Σ‖·‖", "‖Σ·‖")  # the sum of the norms, the norm of the sum
APART = 0.4  # of a cell: between the map and its sums
ROWS = 18  # of the map that are at most as high as one of its sums
WORDS = 0.45  # of its height, how far down the map says that it is stale, beneath the legend


@register("gradient-flow", "Gradient flow")
def gradient_flow(scene: Scene, what: str | None = None) -> Figure:
    """Show ‖∂L_t/∂h_k‖ for every pair of steps in logarithmic colours, with the verdict beneath.

    Below the map are, for each k, the sum of its norms and the norm of the sum: where the second is the
    smaller one, losses cancel one another. what: "c" for ‖∂L_t/∂c_k‖ instead, of a cell that has c, or a
    weight (see `flow_maps.WEIGHTS`) for the terms of its gradient; by default the verdict's state.
    """
    what = what or CELLS[scene.spec.cell].memory
    columns = columns_of(scene)
    if not columns.count:
        return Figure("Gradient flow", "The sequence has no step yet.", (), message=TOO_SHORT)
    compared = ratios(scene, what)
    found = flow_map(scene, columns, what)
    sentence = verdict_of(scene)
    if two := comparison(scene):
        sentence = f"{two.this}: {sentence}"
    plot, scale = (
        _plot(scene, columns, found, what) if compared is None else _ratio_plot(scene, compared, what)
    )
    figure = Figure(
        "Gradient flow",
        f"{_description(what)} {sentence}",
        (saying_so(scene, plot, columns.stop + 0.5, columns.start + 0.5 + WORDS * columns.count),),
        legend=scale
        if columns.count > 1
        else None,  # it stands where no step can hear, of which one has none
        margins=Margins(left=52 if compared is None else 44, top=10, right=12, bottom=40),
        note=columns.note(),
        caption=sentence,
    )
    return as_stale(scene, (as_alone if compared is None else as_ratio)(scene, figure))


def _description(what: str) -> str:
    if what in WEIGHTS:
        return f"The terms that every step k adds to the gradient of {what} for the loss of every step t."
    return f"How much of each step's loss reaches each earlier {CALLED.get(what, what)}."


def _plot(scene: Scene, columns: Columns, found: FlowMap, what: str) -> tuple[Plot, Scale]:
    """Return the map, left of it the initial state, or the sums of each loss, beneath it those of steps."""
    every = (found.values, found.by_step, found.initial, found.by_loss)
    sizes = np.concatenate([part.ravel() for part in every if part is not None])
    scale = Scale("gradient", *decades(sizes), log=True, label=norm_of(scene, what))
    first, last = columns.start + 0.5, columns.stop + 0.5
    # Of few steps the cells are large, their sums need not be; of many, these must still be told apart.
    thick = max(min(1.0, 0.1 + 0.1 * columns.count), columns.count / ROWS)
    below, beside = last + APART * thick, first - APART - 2
    low = first - (found.initial is not None) if found.by_loss is None else beside
    marks: list[Mark] = [Heatmap(found.values, scale, first, first, last, fill=0.96)]
    if found.initial is not None:
        marks.append(Heatmap(found.initial[:, None], scale, low, first, last, fill=0.96))
    if found.by_loss is not None:
        marks.append(Heatmap(found.by_loss.T, scale, beside, first, last, fill=0.96))
    marks.append(Heatmap(found.by_step, scale, first, below, below + 2 * thick, fill=0.96))
    t = scene.step + 1.0
    marks += [Region(low, t + 0.5, "selection", t + 0.5, t - 0.5), *_picked(scene, columns)]
    steps = _ticks(columns)
    y_sums = tuple((below + (n + 0.5) * thick, name) for n, name in enumerate(SUMS))
    if (
        found.by_loss is not None
    ):  # in the corner, as wide as their columns: among the ticks they have no room
        at = np.array([[beside + n + 0.5, below + thick] for n in range(len(SUMS))])
        marks.append(Text(at, SUMS, "muted", size=11.0, pitch=0.95))
    start = ((float(columns.start), str(columns.start)),) if found.initial is not None else ()
    x = Axis(low, last, "k: the step the gradient reaches", whole=True, ticks=(*start, *steps))
    y = Axis(
        first, below + 2 * thick, "t: the step whose loss sends it",
        reverse=True, whole=True, ticks=(*steps, *y_sums),
    )  # fmt: skip
    return Plot("flow", x, y, (*marks, *dimmed(scene, low, last)), fit="square"), scale


def _ticks(columns: Columns) -> tuple[tuple[float, str], ...]:
    """Return about ten steps of the window."""
    every = max(1, -(-columns.count // 10))
    return tuple((float(n), str(n)) for n in range(columns.start + 1, columns.stop + 1) if n % every == 0)


def _ratio_plot(scene: Scene, compared: Floats, what: str) -> tuple[Plot, Scale]:
    """Return the map of how much larger the norms are than those of the other."""
    columns = columns_of(scene)
    values, scale = _compared(scene, compared, what)
    first, last, t = columns.start + 0.5, columns.stop + 0.5, scene.step + 1.0
    marks: tuple[Mark, ...] = (
        Heatmap(values, scale, first, first, last, fill=0.96),
        Region(first, t + 0.5, "selection", t + 0.5, t - 0.5),
        *_picked(scene, columns),
        *dimmed(scene, first, last),
    )
    x = Axis(first, last, "k: the step the gradient reaches", whole=True)
    y = Axis(first, last, "t: the step whose loss sends it", reverse=True, whole=True)
    return Plot("flow", x, y, marks, fit="square"), scale


def _compared(scene: Scene, ratios: Floats, what: str) -> tuple[Floats, Scale]:
    """Return ratios and their colours; where one of the two norms is zero, the last colour of its side."""
    limit = nice_ceiling(largest(ratios), FINE_STEPS)
    scale = Scale("signed", -limit, limit, label=f"log₁₀ ratio of {norm_of(scene, what)}")
    return np.clip(ratios, -limit, limit), scale


def ratios(scene: Scene, what: str = "h") -> Floats | None:
    """Return log₁₀ of the norms over those of the other: (n, n); None if there is no other to compare."""
    flow = other_flow(scene)
    if flow is None:
        return None
    other = flow.terms(stored(scene, what)) if what in WEIGHTS else flow.norms[what]
    return log_ratio(flow_map(scene, columns_of(scene), what).values, other)


def _picked(scene: Scene, columns: Columns) -> tuple[Region, ...]:
    """Return the outline of the pair that is picked, if it is in sight."""
    pair = None if scene.selection is None else scene.selection.pair
    if pair is None or not all(map(columns.holds, pair)):
        return ()
    t, k = pair.t + 1, pair.k + 1
    return (Region(k - 0.5, k + 0.5, PICKED, t + 0.5, t - 0.5),)
