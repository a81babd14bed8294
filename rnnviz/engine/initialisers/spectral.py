"""Random recurrent weights of a given spectral radius."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.engine.initialisers._registry import register
from rnnviz.engine.initialisers.glorot import Glorot

if TYPE_CHECKING:
    import numpy as np

    from rnnviz.engine.arrays import Array


@register("spectral")
class Spectral(Glorot):
    """N(0, 1/H) for each gate's recurrent block, scaled to a spectral radius; Glorot's other weights."""

    title = "Spectral radius"
    help = "Recurrent weights are normal and scaled to the spectral radius asked for, or else to 1."
    spectral_radius = 1.0

    def recurrent(self, units: int, generator: np.random.Generator, /) -> Array:
        """Draw from N(0, 1/H), whose spectral radius tends to 1 as H grows (the circular law)."""
        return generator.normal(0.0, units**-0.5, (units, units))
