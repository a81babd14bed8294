"""How the numbers on the wires of a circuit become colours."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.circuit_symbols import SHARED_ROLES, written
from rnnviz.figures.circuit_values import over_steps, read
from rnnviz.figures.circuits import Reading
from rnnviz.figures.columns import shown_columns
from rnnviz.figures.difference import other_scene, signed_delta
from rnnviz.figures.model import Scale
from rnnviz.figures.numbers import largest
from rnnviz.figures.states import scale_of, state_limit

if TYPE_CHECKING:
    from rnnviz.figures.circuits import Circuit, Wire
    from rnnviz.figures.scene import Scene

BOUNDED_BY_ONE = frozenset(("f", "i", "g", "o", "r", "z", "n"))


def scales(scene: Scene, circuit: Circuit) -> dict[str, Scale]:
    """Return how each wire's values become colours, by its name.

    What is added up has one scale, so that equal colours are equal numbers. It is that of all steps that are
    shown, so that it rests while they are played.
    """
    find = _difference if scene.baseline is not None else _limit
    limits = dict[str, float]()
    for wire in circuit.wires:
        if scene.baseline is not None or _scaled(wire) not in limits:
            limits[_scaled(wire)] = max(limits.get(_scaled(wire), 0.0), find(scene, wire))
    return {wire.name: _scale(scene, wire, limits[_scaled(wire)]) for wire in circuit.wires}


def _scaled(wire: Wire) -> str:
    """Return the quantity whose colours a wire has."""
    first = wire.reads[0]
    return wire.scaled_as or ("below" if first.below else first.name)


def _scale(scene: Scene, wire: Wire, limit: float) -> Scale:
    name, label = _scaled(wire), written(scene, wire)
    if scene.baseline is not None:
        return signed_delta(limit, label)
    if name in SHARED_ROLES:
        return _shared(label, limit)
    return scale_of(_quantity(name), limit, label)


@lru_cache(maxsize=32)
def _shared(label: str, limit: float) -> Scale:
    """Return the scale of probabilities, whose limit is 0, or of other numbers up to a limit."""
    return (
        Scale("signed", -limit, limit, label=label) if limit else Scale("probability", 0.0, 1.0, label=label)
    )


def _limit(scene: Scene, wire: Wire) -> float:
    """Return the largest magnitude that has a colour of its own, 0 for probabilities."""
    name = _scaled(wire)
    if _is_likelihood(scene, name):
        return 0.0
    if name in BOUNDED_BY_ONE:
        return 1.0
    reading = wire.reads[0] if name == "below" else Reading(name)
    return state_limit(_quantity(name), scene.spec.activation, (read(scene, reading, _steps(scene)),))


def _quantity(name: str) -> str:
    """Return the quantity that what a layer below hands on is."""
    return "h" if name == "below" else name


def _is_likelihood(scene: Scene, name: str) -> bool:
    if name == "x":
        return scene.analysis.trace.x.ndim == 2
    return name == "y" and scene.spec.readout != "linear"


def _steps(scene: Scene) -> slice:
    columns = shown_columns(scene)
    return slice(columns.start, columns.stop)


@np.errstate(all="ignore")
def _difference(scene: Scene, wire: Wire) -> float:
    """Return the largest difference of what a wire carries at all steps that are shown."""
    other = other_scene(scene)
    if other is None:
        return 0.0
    mine, others = over_steps(scene, wire, _steps(scene)), over_steps(other, wire, _steps(other))
    least = min(len(mine), len(others))
    return largest(mine[:least] - others[:least])
