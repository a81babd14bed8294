"""Identity for recurrent weights, the IRNN (Le, Jaitly & Hinton 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.initialisers._base import Scheme
from rnnviz.engine.initialisers._registry import register

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array


@register("identity")
class Identity(Scheme):
    """The identity for each gate's recurrent block, N(0, 0.001²) for the other weights, zero biases."""

    title = "Identity (IRNN)"
    help = "Every unit begins by repeating its last value, and other weights are tiny; made for the relu."

    def weights(self, shape: tuple[int, int], _units: int, generator: np.random.Generator, /) -> Array:
        """Draw from N(0, 0.001²)."""
        return generator.normal(0.0, 0.001, shape)

    def recurrent(self, units: int, _generator: np.random.Generator, /) -> Array:
        """Return the identity."""
        return np.eye(units)
