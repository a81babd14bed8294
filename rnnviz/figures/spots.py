"""Where in a network a selection is: the rows of numbers that it names, and what figures call these."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from rnnviz.engine import CELLS
from rnnviz.figures.difference import DELTA
from rnnviz.figures.states import (
    Lane,
    before_symbol,
    gate_names,
    lanes,
    preactivation_names,
    shared_symbol,
    symbol,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine import NetworkSpec
    from rnnviz.engine.notation import Notation
    from rnnviz.engine.selection import Selection, WeightEntry
    from rnnviz.figures.scene import Scene

BEFORE = "a."  # names a preactivation, by the gate or the state that it becomes
SHARED = ("x", "e", "y")  # what belongs to no lane
PARAMETER = re.compile(r"(?P<kind>\w+)_l(?P<layer>\d+)(?P<reverse>_reverse)?")


class Spot(NamedTuple):
    """A row of a quantity of a lane, or of none; `ago`: how many steps before the playhead it is read."""

    quantity: str
    lane: Lane | None
    row: int
    ago: int = 0


def spots(scene: Scene) -> tuple[Spot, ...]:
    """Return the rows that the selection names: a unit itself; of a weight its target, then its source."""
    return () if scene.selection is None else _spots(scene.spec, scene.selection)


@lru_cache(maxsize=64)
def _spots(spec: NetworkSpec, selection: Selection) -> tuple[Spot, ...]:
    if selection.weight is not None:
        return _ends(spec, selection.weight)
    if selection.unit is None or selection.pair is not None:
        return ()
    name = selection.quantity or "h"
    lane = None if name in SHARED else Lane(selection.layer, selection.direction)
    return (Spot(name, lane, selection.unit),)


def _ends(spec: NetworkSpec, entry: WeightEntry) -> tuple[Spot, ...]:
    """Return what a weight adds to, and what it multiplies."""
    name, row, column = entry
    if name == "embedding.weight":
        return (Spot("e", None, column), Spot("x", None, row))
    if name.startswith("head."):
        target = Spot("y", None, row)
        return (target, _handed_on(spec, spec.num_layers, column)) if name == "head.weight" else (target,)
    kind, lane = parameter_lane(name)
    target = Spot(gate_of_row(spec, row), lane, row % spec.hidden_size)
    if kind == "weight_hh":
        return (target, Spot("h", lane, column, ago=1))
    return (target, _handed_on(spec, lane.layer, column)) if kind == "weight_ih" else (target,)


def _handed_on(spec: NetworkSpec, layer: int, column: int) -> Spot:
    """Return what a layer, or the readout above the last one, reads in a column of its weights."""
    if layer == 0:
        return Spot("x" if spec.embedding_size is None else "e", None, column)
    return Spot("h", Lane(layer - 1, column // spec.hidden_size), column % spec.hidden_size)


def gate_of_row(spec: NetworkSpec, row: int) -> str:
    """Return the gate whose block holds a row of stored weights; "h" in a cell without gates."""
    return CELLS[spec.cell].gates[row // spec.hidden_size]


def parameter_lane(name: str) -> tuple[str, Lane]:
    """Return the kind of a stored parameter, such as "weight_hh", and the lane it belongs to."""
    found = PARAMETER.fullmatch(name)
    if found is None:
        raise KeyError(name)
    return found["kind"], Lane(int(found["layer"]), int(found["reverse"] is not None))


def labels(scene: Scene) -> Mapping[str, tuple[str, Lane | None]]:
    """Return quantities and their lanes by what the scales of heat maps and the tracks are called."""
    gates, before = gate_names(scene), preactivation_names(scene)
    return _labels(scene.spec, gates, before, scene.notation)


@lru_cache(maxsize=32)
def _labels(
    spec: NetworkSpec, gates: tuple[str, ...], before: tuple[str, ...], notation: Notation
) -> Mapping[str, tuple[str, Lane | None]]:
    found: dict[str, tuple[str, Lane | None]] = {}
    found |= {shared_symbol(spec, name, notation): (name, None) for name in SHARED}
    for lane in lanes(spec):
        for name in (*CELLS[spec.cell].states, *gates):
            found[symbol(spec, name, lane, notation=notation)] = (name, lane)
        for name in before:
            found[before_symbol(spec, name, lane, notation=notation)] = (BEFORE + name, lane)
    found |= {f"{DELTA}{text}": what for text, what in found.items()}  # of a comparison
    return MappingProxyType(found)
