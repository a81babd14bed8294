"""What is picked and what is held, marked on the wires of a circuit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.held import HELD, stretches
from rnnviz.figures.highlight import PICKED
from rnnviz.figures.model import Locks, Mark, Region
from rnnviz.figures.spots import BEFORE, SHARED, spots
from rnnviz.figures.states import Lane, lane_looked_at

if TYPE_CHECKING:
    from rnnviz.figures.circuit_marks import Strip
    from rnnviz.figures.circuits import Circuit, Wire
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.spots import Spot

LOCK, BESIDE = 0.7, 0.33  # units: the room of a padlock, and how far it reaches beyond a strip


def picked(scene: Scene, circuit: Circuit, strips: tuple[Strip, ...], rows: tuple[int, ...]) -> list[Mark]:
    """Return the outlines of what is picked: a unit on every wire, of a weight only its target and source.

    strips, rows: where the cells of each wire stand, and how many there are.
    """
    found: list[Mark] = []
    for spot in spots(scene):
        for wire, strip, count in zip(circuit.wires, strips, rows, strict=True):
            row = _row(scene, wire, spot)
            if row is not None and row < count:
                found.append(_outline(strip, row, row + 1, count, PICKED))
    return found


def _row(scene: Scene, wire: Wire, spot: Spot) -> int | None:
    """Return the row of a wire that a spot names, None if it is elsewhere."""
    lane, first = lane_looked_at(scene), wire.reads[0]
    if first.below:
        if spot.lane is None or spot.lane.layer != lane.layer - 1:
            return None
        return spot.lane.direction * scene.spec.hidden_size + spot.row
    if first.name in SHARED or spot.lane is None:
        return spot.row if first.name == spot.quantity and spot.lane is None else None
    if spot.lane != lane:
        return None
    is_weight = scene.selection is not None and scene.selection.weight is not None
    return None if is_weight and not _is_of(wire, spot) else spot.row


def _is_of(wire: Wire, spot: Spot) -> bool:
    """Whether a wire carries just what a spot names, or what that becomes."""
    names, first = {spot.quantity, BEFORE + spot.quantity}, wire.reads[0]
    return wire.written == "{}" and first.name in names and first.previous == bool(spot.ago)


def _outline(strip: Strip, first: int, stop: int, count: int, role: str) -> Region:
    top, step = strip.y - strip.height / 2, strip.height / count
    left, right = strip.x - strip.width / 2, strip.x + strip.width / 2
    return Region(left, right, role, top + stop * step, top + first * step)


def held(scene: Scene, circuit: Circuit, strips: tuple[Strip, ...], rows: tuple[int, ...]) -> list[Mark]:
    """Return an outline and a padlock for what is held at the playhead's step."""
    lane, found = lane_looked_at(scene), list[Mark]()
    now = [one for one in stretches(scene) if one.lane == lane and one.start <= scene.step < one.stop]
    for one in now:
        for wire, strip, count in zip(circuit.wires, strips, rows, strict=True):
            (first, *others) = wire.reads
            if not others and first.name == one.quantity and _is_itself(wire):
                found.append(_outline(strip, one.top, one.top + one.rows, count, HELD))
                found.append(_lock(strip, one.top, one.rows, count))
    return found


def _is_itself(wire: Wire) -> bool:
    """Whether a wire carries an array of this step as it is."""
    return wire.written == "{}" and not (wire.reads[0].previous or wire.reads[0].below)


def _lock(strip: Strip, first: int, rows: int, count: int) -> Locks:
    """Return a padlock right of a strip: beside a single cell, or at the top of all."""
    step = strip.height / count
    top = (
        strip.y - strip.height / 2 + (first + 0.5) * step - 0.14
        if rows < count
        else strip.y - strip.height / 2
    )
    return Locks(np.array([[top, strip.x + strip.width / 2 + BESIDE - LOCK]]), "text", (LOCK, LOCK))


def lane_of(scene: Scene, wire: Wire, row: int) -> tuple[str, Lane | None, int]:
    """Return the quantity that a cell of a wire is a unit of, its lane, and the number of the unit."""
    first, lane, units = wire.reads[0], lane_looked_at(scene), scene.spec.hidden_size
    if first.below:
        return first.name, Lane(lane.layer - 1, row // units), row % units
    return first.name, None if first.name in SHARED else lane, row
