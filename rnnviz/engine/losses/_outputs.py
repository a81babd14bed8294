"""Losses that are a mean over the outputs of a step."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import by_class
from rnnviz.engine.errors import ShapeError
from rnnviz.engine.losses._base import LossRun

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Array, Booleans
    from rnnviz.engine.losses._base import Targets
    from rnnviz.engine.trace import Trace


class MeanRun(LossRun):
    """The buffers of such a loss: of those outputs of a step that have a target, the mean.

    wanted: the targets class by class, (O, T·B), NaN where there is none.
    """

    silent: Booleans | None  # which outputs have no target: (O, T·B); None if all have one
    counts: Array | float  # of how many outputs a step's loss is the mean: (T·B,)

    def __init__(self, trace: Trace, targets: Targets) -> None:
        self.wanted = np.empty_like(by_class(trace.logits))
        self.losses = np.empty_like(self.wanted)
        super().__init__(trace, targets)

    @abstractmethod
    def measure(self) -> None:
        """Write every output's own loss into `losses`, and its derivative by its logit into `gradients`."""

    def aim(self, targets: Targets) -> None:
        """Set the targets, (T, B, O), checked."""
        self.targets = targets
        np.copyto(self.wanted, by_class(targets))
        silent = np.isnan(self.wanted)
        outputs, self.heard = silent.shape
        self.counts, self.silent = float(outputs), None
        if silent.any():
            given = outputs - np.add.reduce(silent, 0)
            self.heard = int(np.count_nonzero(given))
            self.counts, self.silent = np.maximum(given, 1).astype(self.wanted.dtype), silent

    def fill(self) -> None:
        """Compute the loss of every step, the total and the gradients by the logits."""
        losses, gradients, step = self.losses, self.gradients, self.by_step
        self.measure()
        if self.silent is not None:
            losses[self.silent] = 0.0
            gradients[self.silent] = 0.0
        np.add.reduce(losses, 0, out=step)
        np.divide(step, self.counts, step)
        np.divide(gradients, self.counts, gradients)
        self.total = float(np.add.reduce(step)) / self.batch


@np.errstate(all="ignore")
def checked_numbers(trace: Trace, targets: ArrayLike) -> Array:
    """Return a copy of the targets as numbers of the network's type, NaN past each sequence's length."""
    wanted, shape = np.asarray(targets), trace.logits.shape
    if wanted.shape != shape or wanted.dtype.kind not in "fiu":
        raise ShapeError(f"targets must be numbers of shape {shape}, not {wanted.dtype} {wanted.shape}.")
    numbers = np.array(wanted, trace.logits.dtype)
    if np.minimum.reduce(trace.lengths) < trace.steps:
        numbers[np.arange(trace.steps)[:, None] >= trace.lengths] = np.nan
    return numbers
