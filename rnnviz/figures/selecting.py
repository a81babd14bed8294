"""From a place in a figure to what is picked there, and from one thing that can be picked to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.selection import Selection
from rnnviz.figures.model import Heatmap, Line, Text
from rnnviz.figures.spots import labels
from rnnviz.figures.tokens import token_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.figures.model import Figure, Plot
    from rnnviz.figures.picking import Pick
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.states import Lane

    Known = Mapping[str, tuple[str, Lane | None]]

WHOLE = {"L_t": "L", "dL/dh_t": "dh", "dL/dc_t": "dc", "dL_t/dx_k": "dx"}
"""Tracks with one number a step, by the names of their plots."""


def selected_at(scene: Scene, figure: Figure, pick: Pick) -> Selection | None:
    """Return what a place in a figure over time stands for; None for nothing that can be picked."""
    plot = next((plot for plot in figure.plots if plot.name == pick.plot), None)
    if plot is None:
        return None
    if plot.name in WHOLE:
        return _of(scene, (WHOLE[plot.name], None), None)
    known = labels(scene)
    mark = None if pick.mark is None else plot.marks[pick.mark]
    if isinstance(mark, Heatmap) and mark.texts is None and mark.scale.label in known:
        return None if pick.row is None else _of(scene, known[mark.scale.label], pick.row)
    if isinstance(mark, Text) and pick.index is not None:
        return token_at(scene, plot, mark, pick.index)
    if plot.name in known and pick.mark is None:
        nearest = _nearest(plot, pick)
        return None if nearest is None else _of(scene, known[plot.name], nearest)
    return None


def _of(scene: Scene, what: tuple[str, Lane | None], row: int | None) -> Selection:
    name, lane = what
    if lane is None:
        return Selection(name, row, *((scene.layer, scene.direction) if name in {"dh", "dc"} else ()))
    return Selection(name, row, *lane)


def _nearest(plot: Plot, pick: Pick) -> int | None:
    """Return the line that is nearest to a place at its step."""
    drawn = [mark for mark in plot.marks if isinstance(mark, Line)]
    values = []
    for curve in drawn:
        n = round(pick.x - curve.x[0])
        values.append(curve.y[n] if 0 <= n < len(curve.y) else np.nan)
    distances = np.abs(np.array(values, float) - pick.y)
    return int(np.nanargmin(distances)) if np.isfinite(distances).any() else None


def reachable(scene: Scene, figure: Figure) -> tuple[Selection, ...]:
    """Return all that can be picked in a figure over time, from the top."""
    known, found = labels(scene), []
    for plot in figure.plots:
        if plot.name in WHOLE and plot.marks:
            found.append(_of(scene, (WHOLE[plot.name], None), None))
            continue
        heats = [m for m in plot.marks if isinstance(m, Heatmap) and m.texts is None]
        # In a diagram layers are stacked upwards, and of a box's strips the last is the hidden state.
        heats.reverse()
        for heat in sorted(heats, key=lambda heat: -heat.top):
            if heat.scale.label in known:
                found += _rows(scene, known[heat.scale.label], heat.values.shape[0])
        if not heats and plot.name in known:
            lines = sum(isinstance(mark, Line) and mark.role != "selection" for mark in plot.marks)
            found += _rows(scene, known[plot.name], lines)
    return tuple(dict.fromkeys(found))


def _rows(scene: Scene, what: tuple[str, Lane | None], rows: int) -> list[Selection]:
    return [_of(scene, what, row) for row in range(rows)]


def moved(scene: Scene, figure: Figure, down: int) -> Selection | None:
    """Return what is picked after going down, or up if `down` is negative; the first of all from nowhere."""
    found = reachable(scene, figure)
    if not found:
        return scene.selection
    if scene.selection not in found:
        return found[0] if down > 0 else found[-1]
    return found[min(max(0, found.index(scene.selection) + down), len(found) - 1)]
