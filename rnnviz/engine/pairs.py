"""The pairs (loss of step t, state of step k) of a window of steps, and vectors packed by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import column_norms

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array, Booleans


class Pairs:
    """The pairs of n steps, those of state k together in the order of t; k = 0 comes first.

    causal: only pairs k ≤ t, as a loss reaches no later state of its own way.
    """

    def __init__(self, steps: int, *, causal: bool) -> None:
        self.steps, self.causal = steps, causal
        self.starts = [k * steps - (k * (k - 1) // 2 if causal else 0) for k in range(steps + 1)]

    def __len__(self) -> int:
        return self.starts[-1]

    def place(self, t: int, k: int) -> int:
        """Return the place of loss t among the losses of state k."""
        return t - k if self.causal else t

    def has(self, t: int, k: int) -> bool:
        """Tell whether loss t and state k are a pair."""
        return k <= t or not self.causal

    def mask(self) -> Booleans:
        """Return which [t, k] are pairs."""
        steps = self.steps
        return np.tri(steps, dtype=np.bool_) if self.causal else np.ones((steps, steps), np.bool_)

    def to_map(self, values: Array) -> Array:
        """Spread one value a pair over a map [t, k], zero where there is no pair. values: (pairs,)."""
        spread = np.zeros((self.steps, self.steps))
        spread.T[self.mask().T] = values
        return spread


class Packed:
    """A vector for every pair, zero at first: for each state k a matrix with a column a loss.

    So a sweep that carries the gradients of all losses from step to step works on one piece of memory.
    """

    def __init__(self, pairs: Pairs, rows: int) -> None:
        self.pairs, self.rows = pairs, rows
        self._flat = np.zeros(rows * len(pairs))

    def block(self, k: int) -> Array:
        """Return the vectors of state k, (rows, losses), to be read or written."""
        starts = self.pairs.starts
        return self._flat[self.rows * starts[k] : self.rows * starts[k + 1]].reshape(self.rows, -1)

    def vector(self, t: int, k: int) -> Array:
        """Return the vector of a pair, (rows,)."""
        return self.block(k)[:, self.pairs.place(t, k)]

    def joined(self, part: slice = slice(None)) -> Array:
        """Return some rows of all vectors side by side, (rows, pairs), in the order of the pairs."""
        blocks = [self.block(k)[part] for k in range(self.pairs.steps)]
        return np.concatenate(blocks, axis=1) if blocks else np.zeros((len(range(self.rows)[part]), 0))

    def norms(self, part: slice) -> Array:
        """Return the norms of some rows of all vectors, (pairs,)."""
        norms = np.empty(len(self.pairs))
        for k, start in enumerate(self.pairs.starts[:-1]):
            norms[start : self.pairs.starts[k + 1]] = column_norms(self.block(k)[part])
        return norms

    def spread(self) -> Array:
        """Return all vectors as (k, rows, t), zero where there is no pair."""
        spread = np.zeros((self.pairs.steps, self.rows, self.pairs.steps))
        for k, vectors in enumerate(spread):
            vectors[:, k if self.pairs.causal else 0 :] = self.block(k)
        return spread
