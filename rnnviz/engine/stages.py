"""The order in which one step of a network is computed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rnnviz.engine.cells import CELLS, Stage

if TYPE_CHECKING:
    from rnnviz.engine.spec import NetworkSpec

ENTERS = Stage("x enters", ("x", "e"))
APPEARS = Stage("ŷ appears", ("y", "L"))


@lru_cache(maxsize=32)
def stages(spec: NetworkSpec) -> tuple[Stage, ...]:
    """Return the stages of a step: x enters, what the cell does in its layers, ŷ appears.

    Quantities are called as in a `Selection`; "a." stands before that of which a gate is a function.
    """
    return (ENTERS, *CELLS[spec.cell].stages, APPEARS)
