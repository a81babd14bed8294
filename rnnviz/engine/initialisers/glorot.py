"""Glorot's uniform scheme (Glorot & Bengio 2010)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.engine.initialisers._base import Scheme
from rnnviz.engine.initialisers._registry import register

if TYPE_CHECKING:
    import numpy as np

    from rnnviz.engine.arrays import Array


@register("glorot")
class Glorot(Scheme):
    """U(−b, b) with b = √(6 / (inputs + outputs)) of each gate's block; biases are zero."""

    title = "Glorot"
    help = "Weights lie within ±√(6 / (inputs + outputs)), so that neither signals nor gradients grow."

    def weights(self, shape: tuple[int, int], _units: int, generator: np.random.Generator, /) -> Array:
        """Draw from ±√(6 / (inputs + outputs))."""
        bound = (6 / sum(shape)) ** 0.5
        return generator.uniform(-bound, bound, shape)
