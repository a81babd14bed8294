"""Losses of every step, and what they say to the logits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import by_class, empty_by_step
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
    run = CrossEntropyRun(trace, checked_targets(trace, targets))
    run.fill()
    return run.loss()


class CrossEntropyRun:
    """The buffers of the cross-entropy of a trace and the work that fills them.

    `cross_entropy` makes a new one each time; training fills one again and again, after the trace has been
    filled anew, and after `aim` if the targets are others.
    """

    def __init__(self, trace: Trace, targets: Integers) -> None:
        shape, number = trace.logits.shape, trace.logits.dtype
        self.scores, self.chances = by_class(trace.logits), by_class(trace.probabilities)
        self.step = np.empty(shape[:2], number)
        self.logit_gradients = empty_by_step(shape, number)
        self.gradients = by_class(self.logit_gradients)
        self.batch = len(trace.lengths)
        self.total = 0.0
        self.aim(targets)

    def aim(self, targets: Integers) -> None:
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
        """Compute the loss of every step, the total and the gradients by the logits."""
        step = self.step.reshape(-1)
        # log Σ exp(z − max z) is −log max ŷ: so the loss is exact also where ŷ[target] underflows.
        np.subtract(np.maximum.reduce(self.scores, 0), self.scores.take(self.places), step)
        np.subtract(step, np.log(np.maximum.reduce(self.chances, 0)), step)
        np.copyto(self.gradients, self.chances)
        np.subtract.at(self.gradients.reshape(-1), self.places, 1.0)
        if self.silent is not None:
            step[self.silent] = 0.0
            self.gradients[:, self.silent] = 0.0
        self.total = float(np.add.reduce(step)) / self.batch

    def loss(self) -> Loss:
        """Return what was computed; it shares the buffers."""
        return Loss(self.step, self.total, self.targets, self.logit_gradients)


def checked_targets(trace: Trace, targets: ArrayLike) -> Integers:
    """Return a copy of the targets with −1 past each sequence's length."""
    wanted = np.array(targets)
    shape, classes = trace.logits.shape[:2], trace.logits.shape[2]
    if wanted.shape != shape or wanted.dtype.kind not in "iu":
        raise ShapeError(
            f"targets must be whole numbers of shape {shape}, not {wanted.dtype} {wanted.shape}."
        )
    if np.minimum.reduce(trace.lengths) < trace.steps:
        wanted = np.where(np.arange(trace.steps)[:, None] < trace.lengths, wanted, -1)
    if wanted.size and not -1 <= np.minimum.reduce(wanted, None) <= np.maximum.reduce(wanted, None) < classes:
        raise ShapeError(
            f"Targets must lie in 0 … {classes - 1}, or be −1 for no loss, "
            f"but hold {wanted.min()} … {wanted.max()}."
        )
    return wanted
