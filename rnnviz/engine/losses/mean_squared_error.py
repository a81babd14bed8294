"""The loss of numbers."""

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


def mean_squared_error(trace: Trace, targets: ArrayLike) -> Loss:
    """Return (ŷ − y)², the mean over the outputs of every step.

    targets: (T, B, O); NaN leaves an output out, and so does lying past a sequence's length.
    Raises ShapeError if the targets do not fit, SpecError if the readout is not linear.
    """
    return measure("mean_squared_error", trace, targets)


@register("mean_squared_error")
class MeanSquaredError:
    """The square of how far off each output is."""

    title = "Mean squared error"
    readout = "linear"

    def checked_targets(self, trace: Trace, targets: ArrayLike) -> Array:
        """Return a copy of the targets with NaN past each sequence's length."""
        wanted = checked_numbers(trace, targets)
        if np.isinf(wanted).any():
            raise ShapeError(f"Targets must be finite {wanted.dtype} numbers, or NaN for no loss.")
        return wanted

    def run(self, trace: Trace, targets: Targets) -> MeanSquaredErrorRun:
        """Return the buffers of the loss."""
        return MeanSquaredErrorRun(trace, targets)


class MeanSquaredErrorRun(MeanRun):
    """The buffers of a mean squared error."""

    def measure(self) -> None:
        """Write every output's (z − y)², and 2 (z − y)."""
        np.subtract(self.scores, self.wanted, self.gradients)
        np.multiply(self.gradients, self.gradients, self.losses)
        np.add(self.gradients, self.gradients, self.gradients)
