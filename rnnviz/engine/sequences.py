"""What a network reads: a batch of sequences, checked against it, in buffers of its number type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.checks import check_tokens, checked_inputs, checked_lengths, checked_state
from rnnviz.engine.inputs import is_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Array, Booleans, Integers
    from rnnviz.engine.spec import NetworkSpec


@dataclass(eq=False, slots=True)
class Sequences:
    """A batch to run over; it owns its arrays.

    x: (T, B) tokens or columns (T, I, B); initial: (L·D, H, B) by state; lengths: (B,); padding: which (t, b)
    lie past their sequence's length, (T, B), None if none does. What x holds there is zero.
    """

    x: Array | Integers
    initial: Mapping[str, Array]
    lengths: Integers
    padding: Booleans | None

    def put(self, others: Sequences) -> None:
        """Take over the numbers of other sequences of the same shape."""
        np.copyto(self.x, others.x)
        np.copyto(self.lengths, others.lengths)
        for name, state in self.initial.items():
            np.copyto(state, others.initial[name])
        self.padding = others.padding

    @property
    def shown(self) -> Array | Integers:
        """The inputs as they were given: (T, B) tokens or (T, B, I)."""
        return self.x if is_tokens(self.x) else self.x.swapaxes(1, 2)

    def silence(self, columns: Array) -> None:
        """Make zero in place what lies past a sequence's length. columns: (T, n, B)."""
        if self.padding is not None:
            columns.swapaxes(1, 2)[self.padding] = 0.0


def checked_sequences(
    spec: NetworkSpec,
    x: ArrayLike,
    initial_state: Mapping[str, ArrayLike] | None,
    lengths: ArrayLike | None,
) -> Sequences:
    """Return sequences as a network reads them. Raises ShapeError if an array does not fit it."""
    inputs = checked_inputs(spec, x)
    ends = checked_lengths(lengths, *inputs.shape[:2])
    padding = None if lengths is None else _padding(ends, len(inputs))
    if padding is not None:
        inputs[padding] = 0  # what stands there can do no harm
    check_tokens(spec, inputs)
    if not is_tokens(inputs):
        inputs = np.ascontiguousarray(inputs.swapaxes(1, 2), spec.number)
    return Sequences(inputs, checked_state(spec, initial_state, len(ends)), ends, padding)


def _padding(lengths: Integers, steps: int) -> Booleans | None:
    """Return which (t, b) lie past their sequence's length: (T, B); None if none does."""
    if lengths.min() == steps:
        return None
    padding: Booleans = np.arange(steps)[:, None] >= lengths
    return padding
