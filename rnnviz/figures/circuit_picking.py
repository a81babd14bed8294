"""What is at a place of a circuit: a unit on a wire, or a part, in words and as what is picked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.engine.selection import Selection
from rnnviz.figures.circuit_overlays import lane_of
from rnnviz.figures.circuit_symbols import written
from rnnviz.figures.circuit_values import carried, is_known
from rnnviz.figures.circuits import circuit_of
from rnnviz.figures.difference import DELTA
from rnnviz.figures.model import Heatmap
from rnnviz.figures.notation import visible
from rnnviz.figures.states import quantity
from rnnviz.figures.textruns import plain
from rnnviz.figures.wording import reworded

if TYPE_CHECKING:
    from rnnviz.figures.circuits import Part, Wire
    from rnnviz.figures.model import Figure
    from rnnviz.figures.picking import Pick
    from rnnviz.figures.scene import Scene


def wire_at(scene: Scene, figure: Figure, pick: Pick) -> Wire | None:
    """Return the wire whose cells are at a place; None where there are none."""
    drawn = circuit_of(scene.spec, scene.layer)
    if drawn is None or pick.mark is None or pick.row is None:
        return None
    marks = figure.plots[0].marks
    if not isinstance(marks[pick.mark], Heatmap):
        return None
    before = sum(isinstance(mark, Heatmap) for mark in marks[: pick.mark])
    return drawn.wires[before]


def selected(scene: Scene, figure: Figure, pick: Pick) -> Selection | None:
    """Return the unit that a place in the circuit stands for; None where there are no cells."""
    wire = wire_at(scene, figure, pick)
    if wire is None or pick.row is None:
        return None
    name, lane, row = lane_of(scene, wire, pick.row)
    return Selection(name, row) if lane is None else Selection(name, row, *lane)


def told(scene: Scene, figure: Figure, pick: Pick) -> str:
    """Say what is at a place: a unit of a wire and its value, or what a part does; nothing elsewhere."""
    wire = wire_at(scene, figure, pick)
    if wire is not None and pick.row is not None:
        return _of_unit(scene, wire, pick.row)
    part = part_at(scene, pick.x, pick.y)
    return "" if part is None else reworded(part.hint, scene.spec, scene.notation)


def part_at(scene: Scene, x: float, y: float) -> Part | None:
    """Return the part at a place of the circuit."""
    drawn = circuit_of(scene.spec, scene.layer)
    for part in () if drawn is None else drawn.parts:
        width, height = part.size
        if abs(x - part.at[0]) <= width / 2 and abs(y - part.at[1]) <= height / 2:
            return part
    return None


def _of_unit(scene: Scene, wire: Wire, row: int) -> str:
    name, _, _ = lane_of(scene, wire, row)
    number, word = f"[{row + 1}]", ""
    if name == "y" or (name == "x" and scene.analysis.trace.x.ndim == 2):
        number = f" of {visible(scene.vocabulary[row])}"
    elif wire.written == "{}" and quantity(name).word:
        word = f" ({quantity(name).word})"
    symbol = plain(written(scene, wire))
    delta = DELTA if scene.baseline is not None else ""
    what = f"{delta}{symbol}{number}{word}" if wire.written == "{}" else f"{delta}({symbol}){number}"
    if not is_known(scene, wire):
        return f"{what} at step {scene.step + 1} is not computed yet"
    return f"{what} at step {scene.step + 1} = {float(carried(scene, wire)[row]):.6g}"
