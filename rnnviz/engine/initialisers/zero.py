"""Nothing but zeros."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.initialisers._base import Scheme
from rnnviz.engine.initialisers._registry import register

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array


@register("zero")
class Zero(Scheme):
    """Zero for everything, embeddings too."""

    title = "Zero"
    help = "All is zero: units that begin alike stay alike, so this shows why weights are drawn at random."

    def weights(self, shape: tuple[int, int], _units: int, _generator: np.random.Generator, /) -> Array:
        """Return zeros."""
        return np.zeros(shape)

    def embedding(self, shape: tuple[int, int], _generator: np.random.Generator, /) -> Array:
        """Return zeros."""
        return np.zeros(shape)
