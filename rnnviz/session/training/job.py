"""What a run is asked to do, complete: a worker that is given a job needs nothing else to go on with it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from rnnviz import engine as e

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.engine.arrays import Booleans


@dataclass(frozen=True, eq=False)
class SequenceTask:
    """Learn one sequence, the same at every update. inputs and targets: (T,); −1 in targets for no loss.

    Of numbers they are (T, I) and (T, O), NaN for no loss. initial: the states that it starts from that are
    not zero, each with its name: (L·D, 1, H).
    """

    inputs: e.Integers | e.Array
    targets: e.Integers | e.Array
    initial: tuple[tuple[str, e.Array], ...] = ()


@dataclass(frozen=True, eq=False)
class TextTask:
    """Learn a text: each update `size` windows of it, of `length` steps. ids: (N,), its tokens."""

    ids: e.Integers
    length: int
    size: int
    seed: int = 0


Task: TypeAlias = SequenceTask | TextTask


def batches(task: Task, start: int) -> Iterator[e.Batch]:
    """Return the batches of a task from number `start` on; the n-th depends on the task and n alone.

    Raises EngineError, one sentence, if there is nothing to learn.
    """
    if isinstance(task, TextTask):
        return e.text_batches(task.ids, length=task.length, size=task.size, seed=task.seed, start=start)
    targets = np.asarray(task.targets)
    if not (np.isfinite(targets) if targets.ndim > 1 else targets >= 0).any():
        raise e.ShapeError("There is nothing to learn: no step of the sequence has a loss.")
    if targets.ndim > 1:
        return repeat(e.Batch(task.inputs[:, None], task.targets[:, None], initial_state=dict(task.initial)))
    return e.sequence_batches(task.inputs, task.targets, dict(task.initial))


@dataclass(frozen=True, eq=False)
class Job:
    """A network, what it learns and how, and how far it has come; it never changes, a command makes another.

    clip_norm: the longest gradient allowed, None for any. update: how many updates were made before.
    optimizer_state: what the optimiser remembers of them, None at the start. left: how many updates to make,
    None for no end; a job with none left is paused. frozen: the entries that never change, each mask with the
    name of its parameter. Raises EngineError if the parts do not fit together.
    """

    spec: e.NetworkSpec
    parameters: e.Parameters
    optimizer: e.Optimizer
    task: Task
    clip_norm: float | None = None
    update: int = 0
    optimizer_state: e.OptimizerState | None = None
    left: int | None = None
    frozen: tuple[tuple[str, Booleans], ...] = ()

    def __post_init__(self) -> None:
        flat = self.parameters.flat
        if self.parameters.shapes != e.parameter_shapes(self.spec) or flat.dtype != self.spec.number:
            raise e.ShapeError(
                "The parameters are those of another network: their names, shapes or type differ."
            )
        if self.clip_norm is not None and not self.clip_norm > 0:
            raise e.SpecError(
                f"The gradient can be clipped to a length above 0 only, not {self.clip_norm:g}."
            )
        for name, mask in self.frozen:
            if mask.shape != self.parameters.shapes.get(name):
                raise e.ShapeError(f"What is frozen of {name} does not fit this network.")

    def trainer(self) -> e.Trainer:
        """Return what makes the updates, from the next one on."""
        return e.Trainer(
            self.spec,
            self.parameters,
            self.optimizer,
            clip_norm=self.clip_norm,
            frozen=dict(self.frozen) or None,
            optimizer_state=self.optimizer_state,
            update=self.update,
        )
