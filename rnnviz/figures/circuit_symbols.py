"""How what a wire of a circuit carries is written, and the role of its colour."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from rnnviz.figures.spots import BEFORE
from rnnviz.figures.states import before_symbol, handed_on, lane_looked_at, quantity, shared_symbol, symbol

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.engine.notation import Notation
    from rnnviz.figures.circuits import Reading, Wire
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.states import Lane

SHARED_ROLES = {"x": "input", "e": "input", "y": "readout"}


def role(wire: Wire) -> str:
    """Return the role of a wire's colour."""
    return wire.role or _role(wire.reads[0])


def _role(reading: Reading) -> str:
    return SHARED_ROLES.get(reading.name) or quantity(reading.name.removeprefix(BEFORE)).role


def written(scene: Scene, wire: Wire) -> str:
    """Write what a wire carries, and of which lane: h_{t−1}, f_t ⊙ c_{t−1}."""
    return _written(scene.spec, lane_looked_at(scene), scene.notation, wire)


def in_colours(scene: Scene, wire: Wire) -> str:
    """Write what a wire carries, each symbol in its colour; its own lane goes without saying."""
    return _written(scene.spec, lane_looked_at(scene), scene.notation, wire, _alone(scene.spec))


@lru_cache(maxsize=16)
def _alone(spec: NetworkSpec) -> NetworkSpec:
    return replace(spec, num_layers=1, bidirectional=False)


@lru_cache(maxsize=256)
def _written(
    spec: NetworkSpec, lane: Lane, notation: Notation, wire: Wire, shown: NetworkSpec | None = None
) -> str:
    """Write a wire's symbols, as those of the network `shown` and in colours if there is one."""
    found = []
    for reading in wire.reads:
        text = _symbol(spec if shown is None or reading.below else shown, lane, notation, reading)
        found.append(text if shown is None else f"⟦{_role(reading)}|{text}⟧")
    return wire.written.format(*found)


def _symbol(spec: NetworkSpec, lane: Lane, notation: Notation, reading: Reading) -> str:
    name = reading.name
    if reading.below:
        return f"{handed_on(spec, lane.layer - 1, notation)}_t"
    if name in SHARED_ROLES:
        return shared_symbol(spec, name, notation)
    if name.startswith(BEFORE):
        return before_symbol(spec, name.removeprefix(BEFORE), lane, notation=notation)
    before = "_{t+1}" if lane.direction else "_{t−1}"
    return symbol(spec, name, lane, before if reading.previous else "_t", notation)
