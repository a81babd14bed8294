"""Uniform within one over the root of the units, PyTorch's own scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.engine.initialisers._base import Scheme
from rnnviz.engine.initialisers._registry import register

if TYPE_CHECKING:
    import numpy as np

    from rnnviz.engine.arrays import Array


@register("uniform")
class Uniform(Scheme):
    """U(−1/√H, 1/√H) for all of a layer, U(−1/√(D·H), 1/√(D·H)) for the readout."""

    title = "Uniform (PyTorch)"
    help = "Weights and biases lie within ±1/√H, as PyTorch draws them."

    def weights(self, shape: tuple[int, int], units: int, generator: np.random.Generator, /) -> Array:
        """Draw from ±1/√units."""
        bound = units**-0.5
        return generator.uniform(-bound, bound, shape)

    def bias(self, size: int, units: int, generator: np.random.Generator, /) -> Array:
        """Draw from ±1/√units."""
        return self.weights((size, 1), units, generator)[:, 0]
