"""The loss of a choice between classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.errors import ShapeError
from rnnviz.engine.losses._base import Loss, LossRun
from rnnviz.engine.losses._registry import measure, register

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Integers
    from rnnviz.engine.losses._base import Targets
    from rnnviz.engine.trace import Trace


def cross_entropy(trace: Trace, targets: ArrayLike) -> Loss:
    """Return −log ŷ_t[target] of every step, in nats.

    targets: (T, B) classes; −1 leaves a step's loss out, and so does lying past a sequence's length.
    Raises ShapeError if a target is no class, SpecError if the readout is not softmax.
    """
    return measure("cross_entropy", trace, targets)


@register("cross_entropy")
class CrossEntropy:
    """−log ŷ of the class that was to come."""

    title = "Cross-entropy"
    readout = "softmax"

    def checked_targets(self, trace: Trace, targets: ArrayLike) -> Integers:
        """Return a copy of the classes with −1 past each sequence's length."""
        wanted = np.array(targets)
        shape, classes = trace.logits.shape[:2], trace.logits.shape[2]
        if wanted.shape != shape or wanted.dtype.kind not in "iu":
            raise ShapeError(
                f"targets must be whole numbers of shape {shape}, not {wanted.dtype} {wanted.shape}."
            )
        if np.minimum.reduce(trace.lengths) < trace.steps:
            wanted = np.where(np.arange(trace.steps)[:, None] < trace.lengths, wanted, -1)
        if not wanted.size:
            return wanted
        if not -1 <= np.minimum.reduce(wanted, None) <= np.maximum.reduce(wanted, None) < classes:
            raise ShapeError(
                f"Targets must lie in 0 … {classes - 1}, or be −1 for no loss, "
                f"but hold {wanted.min()} … {wanted.max()}."
            )
        return wanted

    def run(self, trace: Trace, targets: Targets) -> CrossEntropyRun:
        """Return the buffers of the loss."""
        return CrossEntropyRun(trace, targets)


class CrossEntropyRun(LossRun):
    """The buffers of a cross-entropy."""

    def aim(self, targets: Targets) -> None:
        """Set the targets, (T, B), checked."""
        self.targets = targets
        wanted = targets.reshape(-1).astype(np.intp, copy=False)
        silent = wanted < 0
        self.heard = len(wanted) - int(np.count_nonzero(silent))
        self.silent = silent if self.heard < len(wanted) else None
        if self.silent is not None:
            wanted = np.where(silent, 0, wanted)
        self.places = wanted * len(wanted) + np.arange(len(wanted))

    def fill(self) -> None:
        """Compute the loss of every step, the total and the gradients by the logits, ŷ − target."""
        step = self.by_step
        # log Σ exp(z − max z) is −log max ŷ: so the loss is exact also where ŷ[target] underflows.
        np.subtract(np.maximum.reduce(self.scores, 0), self.scores.take(self.places), step)
        np.subtract(step, np.log(np.maximum.reduce(self.chances, 0)), step)
        np.copyto(self.gradients, self.chances)
        np.subtract.at(self.gradients.reshape(-1), self.places, 1.0)
        if self.silent is not None:
            step[self.silent] = 0.0
            self.gradients[:, self.silent] = 0.0
        self.total = float(np.add.reduce(step)) / self.batch
