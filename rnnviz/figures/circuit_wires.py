"""The wires of a circuit as lines: in the colours of what they carry, wider where that is new."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.figures.circuit_symbols import role
from rnnviz.figures.circuit_values import is_fresh, is_known
from rnnviz.figures.circuits import around, branches, routes
from rnnviz.figures.model import Pipes

if TYPE_CHECKING:
    from rnnviz.figures.circuit_marks import Strip
    from rnnviz.figures.circuits import Circuit, Wire
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

LINE, FRESH_LINE = 2.0, 3.5  # pixels


class Look(NamedTuple):
    """How a wire is drawn: the role of its colour, whether it is fresh, where its cells stand."""

    role: str
    fresh: bool
    strip: Strip


def looks(scene: Scene, circuit: Circuit, strips: tuple[Strip, ...]) -> tuple[Look, ...]:
    """Return how all wires are drawn."""
    return tuple(
        Look(role(wire) if is_known(scene, wire) else "disabled", is_fresh(scene, wire), strip)
        for wire, strip in zip(circuit.wires, strips, strict=True)
    )


@lru_cache(maxsize=64)
def wires(circuit: Circuit, shown: tuple[Look, ...]) -> tuple[Pipes, ...]:
    """Return the wires, those that have just got their numbers after the others and wider."""
    pairs = sorted(zip(circuit.wires, shown, strict=True), key=_order)
    return tuple(_pipes(circuit, wire, look) for wire, look in pairs)


def _order(pair: tuple[Wire, Look]) -> tuple[bool, bool]:
    return pair[0].over, pair[1].fresh


def _pipes(circuit: Circuit, wire: Wire, look: Look) -> Pipes:
    """Return the lines of a wire, which leave its cells free; what goes to a part ends in an arrow there."""
    lines: list[Floats] = []
    heads: set[int] = set()
    for route in routes(circuit, wire):
        lines += around(route, look.strip.edges)
        heads.add(len(lines) - 1)
    width, joins = FRESH_LINE if look.fresh else LINE, _joins(wire, look.strip)
    return Pipes(tuple(lines), look.role, width, frozenset(heads), joins, wire.over)


def _joins(wire: Wire, strip: Strip) -> Floats:
    """Return where a wire branches, but not in its cells, where this goes without saying."""
    places = branches(wire)
    left, top, right, bottom = strip.edges
    x, y = places.T
    outside = (x < left) | (x > right) | (y < top) | (y > bottom)
    return np.asarray(places[outside])
