"""What a loss is: a number for every step, and what it says to the logits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine.arrays import by_class, empty_by_step

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Array, Booleans
    from rnnviz.engine.trace import Trace

# Classes (T, B), −1 where there is no loss, or numbers (T, B, O), NaN where there is none.
Targets: TypeAlias = NDArray[Any]


@dataclass(frozen=True, eq=False, slots=True)
class Loss:
    """The loss of every step; silent steps, those without a loss, have zeros throughout.

    step: (T, B); total: the sum over time, averaged over the batch; targets: classes (T, B), −1 where
    silent, or numbers (T, B, O), NaN where silent; logit_gradients: (T, B, O), of each step's own loss by
    its logits, not averaged.
    """

    step: Array
    total: float
    targets: Targets
    logit_gradients: Array

    @property
    def heard(self) -> Booleans:
        """Which steps have a loss: (T, B)."""
        # NaN is not at least −∞.
        given: Booleans = np.greater_equal(self.targets, 0 if self.targets.ndim == 2 else -np.inf)
        return given if given.ndim == 2 else np.logical_or.reduce(given, 2)


class LossRun(ABC):
    """The buffers of the loss of a trace and the work that fills them.

    A function such as `cross_entropy` makes a new one each time; training fills one again and again, after
    the trace has been filled anew, and after `aim` if the targets are others. scores, chances and gradients:
    logits, predictions and `logit_gradients` class by class, (O, T·B); heard: how many steps have a loss.
    """

    heard: int
    targets: Targets

    def __init__(self, trace: Trace, targets: Targets) -> None:
        shape, number = trace.logits.shape, trace.logits.dtype
        self.scores, self.chances = by_class(trace.logits), by_class(trace.probabilities)
        self.step = np.empty(shape[:2], number)
        self.by_step = self.step.reshape(-1)
        self.logit_gradients = empty_by_step(shape, number)
        self.gradients = by_class(self.logit_gradients)
        self.batch = len(trace.lengths)
        self.total = 0.0
        self.aim(targets)

    @abstractmethod
    def aim(self, targets: Targets) -> None:
        """Set the targets, checked, and count those heard."""

    @abstractmethod
    def fill(self) -> None:
        """Compute the loss of every step, the total and the gradients by the logits."""

    def loss(self) -> Loss:
        """Return what was computed; it shares the buffers."""
        return Loss(self.step, self.total, self.targets, self.logit_gradients)


class LossKind(Protocol):
    """One kind of loss."""

    title: str
    readout: str  # of `spec.READOUTS`: the one whose predictions it judges

    def checked_targets(self, trace: Trace, targets: ArrayLike) -> Targets:
        """Return a copy of the targets, silent past each sequence's length. Raises ShapeError."""

    def run(self, trace: Trace, targets: Targets) -> LossRun:
        """Bind a loss to what it judges. targets: checked."""
