"""The pairs (loss of step t, state of step k ≤ t) of a window of steps, packed without gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array, Booleans


class Pairs:
    """Where each pair of n steps lies in an array with a row a pair.

    The rows of k stand together, those of t = k … n − 1 in order; k = 0 comes first. So a sweep that carries
    the gradients of all losses from step to step reads one contiguous block and writes the next.
    """

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.starts = [k * steps - k * (k - 1) // 2 for k in range(steps + 1)]

    def __len__(self) -> int:
        return self.starts[-1]

    def block(self, k: int) -> slice:
        """Return the rows of state k: that of its own loss first, then those of later losses."""
        return slice(self.starts[k], self.starts[k + 1])

    def row(self, t: int, k: int) -> int:
        """Return the row of loss t and state k ≤ t."""
        return self.starts[k] + t - k

    def own(self) -> list[int]:
        """Return the rows of the pairs (k, k)."""
        return self.starts[:-1]

    def to_map(self, values: Array) -> Array:
        """Spread one value a pair over a map [t, k], zero for k > t."""
        spread = np.zeros((self.steps, self.steps))
        spread.T[self.mask().T] = values
        return spread

    def mask(self) -> Booleans:
        """Return which [t, k] are pairs."""
        return np.tri(self.steps, dtype=np.bool_)
