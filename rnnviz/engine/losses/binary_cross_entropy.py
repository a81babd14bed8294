"""The loss of answers of yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.errors import ShapeError
from rnnviz.engine.losses._outputs import MeanRun, checked_numbers
from rnnviz.engine.losses._registry import measure, register

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.losses._base import Loss, Targets
    from rnnviz.engine.trace import Trace


def binary_cross_entropy(trace: Trace, targets: ArrayLike) -> Loss:
    """Return −y log ŷ − (1 − y) log(1 − ŷ), the mean over the outputs of every step, in nats.

    targets: (T, B, O) in 0 … 1; NaN leaves an output out, and so does lying past a sequence's length.
    Raises ShapeError if the targets do not fit, SpecError if the readout is not sigmoid.
    """
    return measure("binary_cross_entropy", trace, targets)


@register("binary_cross_entropy")
class BinaryCrossEntropy:
    """−log of the chance that was given to each answer."""

    title = "Binary cross-entropy"
    readout = "sigmoid"

    def checked_targets(self, trace: Trace, targets: ArrayLike) -> Array:
        """Return a copy of the targets with NaN past each sequence's length."""
        wanted = checked_numbers(trace, targets)
        if not wanted.size:
            return wanted
        lowest, highest = np.fmin.reduce(wanted, None), np.fmax.reduce(wanted, None)
        if lowest < 0 or highest > 1:
            raise ShapeError(
                f"Targets must lie in 0 … 1, or be NaN for no loss, but hold {lowest:g} … {highest:g}."
            )
        return wanted

    def run(self, trace: Trace, targets: Targets) -> BinaryCrossEntropyRun:
        """Return the buffers of the loss."""
        return BinaryCrossEntropyRun(trace, targets)


class BinaryCrossEntropyRun(MeanRun):
    """The buffers of a binary cross-entropy."""

    def measure(self) -> None:
        """Write every output's loss, and ŷ − y.

        The loss is z ([z > 0] − y) + log(1 + e^−|z|), of which neither part is negative: so it is exact for
        all logits, 0 · ∞ being 0.
        """
        losses, scratch = self.losses, self.gradients
        np.greater(self.scores, 0.0, losses)
        np.subtract(losses, self.wanted, losses)
        np.multiply(losses, self.scores, losses)
        np.fmax(losses, 0.0, losses)
        np.copysign(self.scores, -1.0, scratch)
        np.exp(scratch, scratch)
        np.log1p(scratch, scratch)
        np.add(losses, scratch, losses)
        np.subtract(self.chances, self.wanted, self.gradients)
