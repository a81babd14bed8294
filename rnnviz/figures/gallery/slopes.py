"""Slopes: how much of a gradient each unit lets through at each step, which is little where it saturates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import ACTIVATIONS, CELLS
from rnnviz.figures.columns import TOO_SHORT, gutter, playhead, shown_columns
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.highlight import row_outline
from rnnviz.figures.model import Axis, Bars, Figure, GutterLabel, Heatmap, Margins, Plot, Scale
from rnnviz.figures.spots import BEFORE, Spot, spots
from rnnviz.figures.states import Lane, gate_names, lane_looked_at, lane_title, quantity, symbol, traced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.figures.columns import Columns
    from rnnviz.figures.model import Floats, Mark
    from rnnviz.figures.scene import Scene

TITLE = "Slopes"
FLAT = 0.1  # of the steepest slope: a unit below it is saturated


@register("slopes", "Slopes")
def slopes(scene: Scene) -> Figure:
    """Show φ'(a_t) of every unit and gate, as a part of the steepest slope, and how many units are flat."""
    columns, lane = shown_columns(scene), lane_looked_at(scene)
    if not columns.count:
        return Figure(TITLE, "The sequence has no step yet.", (), message=TOO_SHORT)
    found = dict(_each(scene))
    plots = [_track(scene, name, values) for name, values in found.items()]
    flat = np.mean([values < FLAT for values in found.values()], axis=(0, 2))
    where = lane_title(scene.spec, lane)
    note = f"{np.mean(flat):.0%} flat" + (f" · {columns.note()}" if columns.note() else "")
    return Figure(
        f"{TITLE}{f' · {where}' if where else ''}",
        f"How steep every unit's activation is where it works: {np.mean(flat):.0%} of them are flat, "
        "below a tenth of the steepest slope, and let hardly any gradient through.",
        (*plots, _flat(columns, flat)),
        across=playhead(scene),
        margins=Margins(left=gutter(scene.spec) + 24),
        note=note,
    )


def _track(scene: Scene, name: str, values: Floats) -> Plot:
    """Return the slopes of one gate, or of h, as a heat map over time."""
    columns, lane = shown_columns(scene), lane_looked_at(scene)
    a = symbol(scene.spec, "a", lane, "_t" if name == "h" else f"_{{{name},t}}", scene.notation)
    label = f"φ'({a})"
    scale = Scale("probability", 0.0, 1.0, label=label)
    heat = Heatmap(values[columns.start : columns.stop].T, scale, left=columns.start + 0.5, fill=0.96)
    named = GutterLabel(0.5, label, quantity(name).role)
    marks: tuple[Mark, ...] = (
        heat,
        *(row_outline(heat, spot.row) for spot in spots(scene) if _is_of(spot, name, lane)),
    )
    return Plot(label, columns.axis(), Axis(0, 1, shown=False, reverse=True), marks, gutter=(named,))


def _is_of(spot: Spot, name: str, lane: Lane) -> bool:
    """Whether a picked row belongs to a gate, or to what it is a function of."""
    return spot.lane == lane and spot.ago == 0 and spot.quantity.removeprefix(BEFORE) == name


def _flat(columns: Columns, share: Floats) -> Plot:
    """Return the share of units that are flat at each step."""
    bars = Bars(share[columns.start : columns.stop], "warning", start=columns.start + 1.0)
    y, label = Axis(0.0, 1.0, ticks=((1.0, "all"),)), GutterLabel(0.5, "flat units", "warning")
    return Plot("flat", columns.axis(shown=True), y, (bars,), gutter=(label,), weight=0.5)


def _each(scene: Scene) -> Iterator[tuple[str, Floats]]:
    """Yield the slopes of h, or of every gate, as parts of the steepest one: (T, H)."""
    found = traced(scene, lane_looked_at(scene))
    if len(CELLS[scene.spec.cell].gates) == 1:
        yield "h", slope(found.h[:, 0], scene.spec.activation)
        return
    for name in gate_names(scene):
        yield name, slope(found.gates[name][:, 0], "tanh" if quantity(name).map == "signed" else "sigmoid")


def slope(values: Floats, activation: str) -> Floats:
    """Return φ'(a) where φ(a) is given, as a part of the steepest slope of φ."""
    kind = ACTIVATIONS[activation]
    found = np.array(values, float)
    with np.errstate(all="ignore"):
        kind.slope(found.copy(), found)
        found /= kind.steepest
    return found
