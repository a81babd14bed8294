"""What a network computed for a batch of sequences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array, Integers
    from rnnviz.engine.cells import LayerTrace


@dataclass(frozen=True, eq=False, slots=True)
class Trace:
    """Every number of a forward run; all that lies past a sequence's length is zero.

    x: (T, B) tokens or (T, B, I); logits and probabilities: (T, B, O); lengths: (B,).
    """

    x: Array | Integers
    layers: tuple[LayerTrace, ...]
    logits: Array
    probabilities: Array
    lengths: Integers

    @property
    def steps(self) -> int:
        """T, the number of time steps."""
        return len(self.x)

    @property
    def output(self) -> Array:
        """The hidden state of the top layer after each step: (T, B, H)."""
        return self.layers[-1].h

    @property
    def initial_state(self) -> dict[str, Array]:
        """The states before the first step, by name: (1, B, H)."""
        return {name: states[:1] for name, states in self.layers[0].states.items()}

    @property
    def final_state(self) -> dict[str, Array]:
        """The states after each sequence's last step, by name: (1, B, H)."""
        batch = np.arange(len(self.lengths))
        return {name: states[self.lengths, batch][None] for name, states in self.layers[0].states.items()}
