"""The register of circuits."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.engine import NetworkSpec
    from rnnviz.figures.circuits._model import Circuit

    Draw: TypeAlias = Callable[[NetworkSpec, int], Circuit]

CIRCUITS: dict[str, Draw] = {}
"""By cell, what draws one layer of a network, counted from 0."""


def register(*cells: str) -> Callable[[Draw], Draw]:
    """Enter a function under the names of the cells whose circuit it makes."""

    def enter(draw: Draw) -> Draw:
        CIRCUITS.update(dict.fromkeys(cells, draw))
        return draw

    return enter


@lru_cache(maxsize=32)
def circuit_of(spec: NetworkSpec, layer: int) -> Circuit | None:
    """Return the circuit of a layer, None for a cell that has none."""
    draw = CIRCUITS.get(spec.cell)
    return None if draw is None else draw(spec, layer)
