"""Jobs for the training process, and what the engine makes of them without one."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnviz import engine as e
from rnnviz.session.training.job import Job, SequenceTask, TextTask, batches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

DOGS = SequenceTask(np.array([0, 1, 2]), np.array([1, 2, 3]))
SPEC = e.NetworkSpec("rnn", 5, 3, 5)
UNREAD = 4
"""A token that no task here reads, so that no update changes its weights."""


def dogs_job(**changed: Any) -> Job:
    usual: dict[str, Any] = {"spec": SPEC, "parameters": e.initialise(SPEC), "optimizer": e.SGD(0.1)}
    return Job(**usual | {"task": DOGS} | changed)


def text_job(**changed: Any) -> Job:
    """Windows of a random text, so that every update has another batch and another loss."""
    ids = np.random.default_rng(1).integers(0, UNREAD, 200)
    return dogs_job(**{"task": TextTask(ids, length=5, size=3, seed=2), "clip_norm": 1.0} | changed)


def replayed(job: Job, updates: int) -> NDArray[np.float64]:
    """Do a job in this process and return what `history.Record` calls a table."""
    return np.array(list(islice(found(job), updates)), np.float64).T


def found(job: Job) -> Iterator[tuple[float, ...]]:
    """Do a job in this process and yield the columns of such a table, for ever."""
    trainer = e.Trainer(
        job.spec,
        job.parameters,
        job.optimizer,
        clip_norm=job.clip_norm,
        optimizer_state=job.optimizer_state,
        update=job.update,
    )
    for s in map(trainer.step, batches(job.task, job.update)):
        yield s.loss, s.tokens, s.total_norm, s.clipped, *s.gradient_norms.values()


def edited(parameters: e.Parameters, value: float, token: int = UNREAD) -> e.Parameters:
    """Return parameters whose weight from a token to the first unit is `value`."""
    weights = parameters["weight_ih_l0"].copy()
    weights[0, token] = value
    return parameters.replaced({"weight_ih_l0": weights})
