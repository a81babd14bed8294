"""What a scheme is: how the numbers of a new network are drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array


class Scheme(ABC):
    """Draws one block after another, in float64 and in the order of `parameter_shapes`.

    The weights of every gate are a block of their own, so G gates have no say in how large one is.
    units: how many hidden units a block hears, H in a layer and D·H in the readout.
    """

    name: ClassVar[str]  # its key in `SCHEMES`
    title: ClassVar[str]
    help: ClassVar[str]  # one sentence
    spectral_radius: ClassVar[float | None] = None  # what recurrent blocks are scaled to by default

    @abstractmethod
    def weights(self, shape: tuple[int, int], units: int, generator: np.random.Generator, /) -> Array:
        """Return the weights of one gate's input, (H, inputs), or of the readout, (O, D·H)."""

    def recurrent(self, units: int, generator: np.random.Generator, /) -> Array:
        """Return the recurrent weights of one gate, (H, H); drawn as the other weights by default."""
        return self.weights((units, units), units, generator)

    def bias(self, size: int, _units: int, _generator: np.random.Generator, /) -> Array:
        """Return the biases of one gate, (H,), or of the readout, (O,); zero by default."""
        return np.zeros(size)

    def embedding(self, shape: tuple[int, int], generator: np.random.Generator, /) -> Array:
        """Return the table of embeddings, (I, E); by default from N(0, 1), as PyTorch does."""
        return generator.standard_normal(shape)
