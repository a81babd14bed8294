"""The marks that show in a figure what is picked: in every figure the same thing, in the same colour.

Heat maps and tracks are known by what they are called (see `spots.labels`), so a figure only has to hand its
plots over.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rnnviz.engine.parameters import suffix
from rnnviz.figures.columns import shown_columns
from rnnviz.figures.model import Heatmap, Line, Mark, Region
from rnnviz.figures.spots import BEFORE, Spot, gate_of_row, labels, spots
from rnnviz.figures.states import Lane, lane_looked_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.figures.model import Plot
    from rnnviz.figures.notation import ShownParameter
    from rnnviz.figures.scene import Scene

PICKED = "selection"
OF_UNITS = frozenset({"W_X", "W_H", "b", "b_X", "b_H"})  # kinds of parameters with a row a unit


def with_rows(scene: Scene, plot: Plot) -> Plot:
    """Return a plot over time with the rows outlined, or the lines drawn once more, that are picked."""
    found = spots(scene)
    if not found or not plot.marks:
        return plot
    known, marks = labels(scene), list[Mark]()
    for spot in found:
        for mark in plot.marks:
            if isinstance(mark, Heatmap) and mark.texts is None and known.get(mark.scale.label) == spot[:2]:
                marks.append(row_outline(mark, spot.row))
        if known.get(plot.name) == spot[:2]:
            marks += _line(plot, spot.row)
    return replace(plot, marks=(*plot.marks, *marks)) if marks else plot


def row_outline(heat: Heatmap, row: int) -> Region:
    """Return the outline of a whole row of cells."""
    left, right = _width(heat, 0, heat.values.shape[1])
    return Region(left, right, PICKED, *_height(heat, row))


def _width(heat: Heatmap, first: int, stop: int) -> tuple[float, float]:
    free = (1 - heat.fill) / 2
    return heat.left + first + free, heat.left + stop - free


def _height(heat: Heatmap, row: int) -> tuple[float, float]:
    step = (heat.bottom - heat.top) / heat.values.shape[0]
    return heat.top + (row + 1) * step, heat.top + row * step


def _line(plot: Plot, row: int) -> list[Mark]:
    drawn = [mark for mark in plot.marks if isinstance(mark, Line)]
    return [replace(drawn[row], role=PICKED)] if row < len(drawn) else []


def cell_outlines(scene: Scene, marks: tuple[Mark, ...], at: int) -> tuple[Region, ...]:
    """Return the outlines of the picked cells in column x = `at` of a diagram.

    A gate without a strip of its own shows in the hidden state of its unit.
    """
    found: list[Region] = []
    for spot in spots(scene):
        heat = _strip(scene, marks, spot) or _strip(scene, marks, spot._replace(quantity="h"))
        if heat is None:
            continue
        backwards = spot.lane is not None and spot.lane.direction == 1
        column = round(at + (spot.ago if backwards else -spot.ago) - heat.left - 0.5)
        if not 0 <= column < heat.values.shape[1]:
            column = round(at - heat.left - 0.5)
        if 0 <= column < heat.values.shape[1] and spot.row < heat.values.shape[0]:
            found.append(Region(*_width(heat, column, column + 1), PICKED, *_height(heat, spot.row)))
    return tuple(found)


def _strip(scene: Scene, marks: tuple[Mark, ...], spot: Spot) -> Heatmap | None:
    """Return the last heat map of a quantity: of a network that folds up, the copy in the centre."""
    if spot.lane is None:
        return None
    known = labels(scene)
    return next(
        (
            mark
            for mark in reversed(marks)
            if isinstance(mark, Heatmap) and known.get(mark.scale.label) == spot[:2]
        ),
        None,
    )


def picked_columns(scene: Scene, start: int | None = None, stop: int | None = None) -> tuple[Region, ...]:
    """Return outlines of the columns t and k of a picked pair, apart from the playhead's own.

    start, stop: the steps that are shown, by default those of the network and the timeline.
    """
    pair = None if scene.selection is None else scene.selection.pair
    if pair is None:
        return ()
    columns = shown_columns(scene)
    start, stop = columns.start if start is None else start, columns.stop if stop is None else stop
    steps = [step for step in sorted(set(pair)) if start <= step < stop and step != scene.step]
    return tuple(Region(step + 0.5, step + 1.5, PICKED) for step in steps)


def weight_outlines(scene: Scene, shown: ShownParameter) -> tuple[Region, ...]:
    """Return outlines in a matrix: of a picked entry, or of what leads to a picked unit and away from it."""
    rows, columns = shown.values.shape
    weight = None if scene.selection is None else scene.selection.weight
    if weight is not None:
        row = weight.row - shown.first
        if weight.parameter not in shown.names or not 0 <= row < rows:
            return ()
        return (Region(weight.column, weight.column + 1.0, PICKED, row + 1.0, float(row)),)
    into = tuple(
        Region(0.0, float(columns), PICKED, spot.row + 1.0, float(spot.row))
        for spot in spots(scene)
        if _leads_to(scene, shown, spot) and spot.row < rows
    )
    away = (column for spot in spots(scene) for column in _leads_from(scene, shown, spot))
    out = tuple(Region(float(n), n + 1.0, PICKED, float(rows), 0.0) for n in away if n < columns)
    return into + out


def _leads_to(scene: Scene, shown: ShownParameter, spot: Spot) -> bool:
    """Whether the rows of a matrix are those of a quantity."""
    if spot.lane is None:
        return shown.kind in {"y": ("W_Y", "b_Y"), "x": ("E",)}.get(spot.quantity, ())
    if spot.lane != lane_looked_at(scene) or shown.kind not in OF_UNITS:
        return False
    gate = gate_of_row(scene.spec, shown.first)
    name = spot.quantity.removeprefix(BEFORE)
    return name in {"h", "c", gate} or (name == "hn" and gate == "n")


def _leads_from(scene: Scene, shown: ShownParameter, spot: Spot) -> Iterator[int]:
    """Yield the column of a matrix that multiplies a quantity, if there is one."""
    spec, lane = scene.spec, spot.lane
    if lane is None:
        first = "e" if spec.embedding_size is not None else "x"
        if spot.quantity == first and shown.kind == "W_X" and scene.layer == 0:
            yield spot.row
        if spot.quantity == "e" and shown.kind == "E":
            yield spot.row
    elif spot.quantity == "h":
        wide = lane.direction * spec.hidden_size + spot.row
        if shown.parameter == "weight_hh" + suffix(*lane):
            yield spot.row
        if (shown.kind == "W_Y" and lane.layer == spec.num_layers - 1) or (
            shown.kind == "W_X" and scene.layer == lane.layer + 1
        ):
            yield wide


def picked_rows(scene: Scene, quantity: str, ago: int = 0) -> frozenset[int]:
    """Return the rows of a vector in the equations, of the lane looked at, that are picked.

    quantity: as in a selection; a preactivation is picked with what it becomes.
    """
    here: tuple[Lane | None, ...] = (None, lane_looked_at(scene))
    return frozenset(
        spot.row
        for spot in spots(scene)
        if spot.lane in here
        and spot.ago == ago
        and quantity in {spot.quantity, BEFORE + spot.quantity, spot.quantity.removeprefix(BEFORE)}
    )
