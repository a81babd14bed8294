"""Losses of every step, and what they say to the logits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.errors import ShapeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Array, Booleans, Integers
    from rnnviz.engine.trace import Trace


@dataclass(frozen=True, eq=False, slots=True)
class Loss:
    """The loss of every step; silent steps, those without a loss, have zeros throughout.

    step: (T, B); total: the sum over time, averaged over the batch; targets: (T, B), −1 where silent;
    logit_gradients: (T, B, O), of each step's own loss by its logits, not averaged.
    """

    step: Array
    total: float
    targets: Integers
    logit_gradients: Array

    @property
    def heard(self) -> Booleans:
        """Which steps have a loss: (T, B)."""
        heard: Booleans = self.targets >= 0
        return heard


@np.errstate(all="ignore")
def cross_entropy(trace: Trace, targets: ArrayLike) -> Loss:
    """Return −log ŷ_t[target] of every step, in nats.

    targets: (T, B) classes; −1 leaves a step's loss out, and so does lying past a sequence's length.
    Raises ShapeError if a target is no class.
    """
    wanted = _checked_targets(trace, np.array(targets))
    classes = trace.logits.shape[-1]
    logits, probabilities = trace.logits.reshape(-1, classes), trace.probabilities.reshape(-1, classes)
    silent = wanted.ravel() < 0
    rows, columns = np.arange(len(silent)), np.where(silent, 0, wanted.ravel())
    # log Σ exp(z − max z) is −log max ŷ: so the loss is exact also where ŷ[target] underflows.
    step = (logits.max(axis=1) - logits[rows, columns]) - np.log(probabilities.max(axis=1))
    gradients = probabilities.copy()
    gradients[rows, columns] -= 1.0
    step[silent] = 0.0
    gradients[silent] = 0.0
    total = float(step.sum()) / wanted.shape[1]
    return Loss(step.reshape(wanted.shape), total, wanted, gradients.reshape(trace.logits.shape))


def _checked_targets(trace: Trace, targets: Integers) -> Integers:
    """Return the targets with −1 past each sequence's length."""
    shape, classes = trace.logits.shape[:2], trace.logits.shape[2]
    if targets.shape != shape or targets.dtype.kind not in "iu":
        raise ShapeError(
            f"targets must be whole numbers of shape {shape}, not {targets.dtype} {targets.shape}."
        )
    if trace.lengths.min() < trace.steps:
        targets = np.where(np.arange(trace.steps)[:, None] < trace.lengths, targets, -1)
    if targets.size and not -1 <= targets.min() <= targets.max() < classes:
        raise ShapeError(
            f"Targets must lie in 0 … {classes - 1}, or be −1 for no loss, "
            f"but hold {targets.min()} … {targets.max()}."
        )
    return targets
