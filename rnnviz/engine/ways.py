"""The two ways through time: from the first step to the last, and from the last to the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rnnviz.engine.arrays import Integers


class Way:
    """The order in which a layer runs over a batch of sequences.

    A layer knows only its own order, in which every sequence begins at step 0 and padding comes last, also
    when it runs backwards. Turning an array twice gives the array, so the same turn leads back.
    """

    def __init__(self, *, backwards: bool, steps: int, lengths: Integers, ragged: bool) -> None:
        self.backwards, self.steps, self.ragged = backwards, steps, ragged
        self.read(lengths)

    def read(self, lengths: Integers) -> None:
        """Take in the lengths of other sequences, (B,); whether they are all T must be as before."""
        if self.backwards and self.ragged:
            step = np.arange(self.steps)[:, None]
            self._order = np.where(step < lengths, lengths - 1 - step, step)

    @property
    def copies(self) -> bool:
        """Whether `turned` returns a copy, not a view."""
        return self.backwards and self.ragged

    def turned(self, array: NDArray[Any]) -> NDArray[Any]:
        """Turn an array into this order, or back into the sequences' own. array: (T, B) or (T, n, B)."""
        if not self.backwards:
            return array
        if not self.ragged:
            return array[::-1]
        order = self._order if array.ndim == 2 else self._order[:, None]
        turned: NDArray[Any] = np.take_along_axis(array, order, 0)
        return turned
