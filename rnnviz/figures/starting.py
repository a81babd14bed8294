"""The numbers that states start from, where the unrolled network shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rnnviz.engine import CELLS
from rnnviz.figures.model import Heatmap
from rnnviz.figures.picking import is_coloured
from rnnviz.figures.spots import labels

if TYPE_CHECKING:
    from rnnviz.figures.model import Figure
    from rnnviz.figures.picking import Pick
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.states import Lane


class StartCell(NamedTuple):
    """One number of what a lane starts from: its state, "h" or "c", and its unit, from 0."""

    state: str
    lane: Lane
    unit: int


def start_cell(scene: Scene, figure: Figure, pick: Pick) -> StartCell | None:
    """Return the number that a state starts from at a place of the unrolled network; None elsewhere.

    A lane that runs backwards starts after the last step. A window of steps that begins later has no start.
    """
    plot = next((plot for plot in figure.plots if plot.name == pick.plot), None)
    if plot is None or pick.mark is None or pick.row is None or pick.column is None:
        return None
    heat = plot.marks[pick.mark]
    if not isinstance(heat, Heatmap) or not is_coloured(heat, pick.x):
        return None
    name, lane = labels(scene).get(heat.scale.label, ("", None))
    cell = CELLS[scene.spec.cell]
    if lane is None or name not in cell.states or not cell.recurrent:
        return None
    outside = scene.steps + 1 if lane.direction else 0
    return StartCell(name, lane, pick.row) if round(heat.left + 0.5 + pick.column) == outside else None
