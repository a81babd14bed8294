"""He's normal scheme (He, Zhang, Ren & Sun 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.engine.initialisers._base import Scheme
from rnnviz.engine.initialisers._registry import register

if TYPE_CHECKING:
    import numpy as np

    from rnnviz.engine.arrays import Array


@register("he")
class He(Scheme):
    """N(0, 2 / inputs) for each gate's block; biases are zero."""

    title = "He"
    help = "Weights are normal with a variance of 2 / inputs, made for the relu, which silences half of them."

    def weights(self, shape: tuple[int, int], _units: int, generator: np.random.Generator, /) -> Array:
        """Draw from N(0, 2 / inputs)."""
        return generator.normal(0.0, (2 / shape[1]) ** 0.5, shape)
