"""What the window tells the worker. Each command makes another job of a job, on both sides in the same way.

The worker carries a command out by adopting the job that it makes. The window applies the commands that are
still on their way to the job that it heard of last; so it knows what the worker is about to do, and what
another worker has to be told when the first one dies.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz import engine as e

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Booleans
    from rnnviz.session.training.job import Job, Task


class Command(ABC):
    """Something that takes effect before the next update."""

    @abstractmethod
    def changed(self, job: Job) -> Job:
        """Return the job as it is after the command."""


@dataclass(frozen=True, eq=False)
class Start(Command):
    """Drop what is being done and take up this job."""

    job: Job

    def changed(self, job: Job) -> Job:  # noqa: ARG002 — whatever it was
        """Return the new job."""
        return self.job


@dataclass(frozen=True)
class Pause(Command):
    """Make no more updates for now."""

    def changed(self, job: Job) -> Job:
        """Leave none to make."""
        return replace(job, left=0)


@dataclass(frozen=True)
class Resume(Command):
    """Make so many updates, without an end if it is None."""

    updates: int | None = None

    def changed(self, job: Job) -> Job:
        """Leave so many to make."""
        return replace(job, left=self.updates)


@dataclass(frozen=True)
class StepOnce(Command):
    """Make one more update than was asked for; a job without an end is not changed."""

    def changed(self, job: Job) -> Job:
        """Leave one more to make."""
        return job if job.left is None else replace(job, left=job.left + 1)


@dataclass(frozen=True, eq=False)
class EditParameters(Command):
    """Give some parameters other values; the rest stay as learning has made them meanwhile.

    places: (n,), where they lie in the flat buffer; values: (n,).
    """

    places: e.Integers
    values: e.Array

    @classmethod
    def between(cls, before: e.Parameters, after: e.Parameters) -> EditParameters:
        """Return the command that makes of one what differs in the other. NaN is no different from NaN."""
        one, other = before.flat, after.flat
        places = np.flatnonzero((one != other) & ~(np.isnan(one) & np.isnan(other)))
        return cls(places, other[places])

    def changed(self, job: Job) -> Job:
        """Write the values into a copy of the parameters."""
        flat = job.parameters.flat.copy()
        flat[self.places] = self.values
        return replace(job, parameters=e.Parameters(flat, job.parameters.shapes))


@dataclass(frozen=True)
class SetOptimizer(Command):
    """Learn with other settings, such as another rate; what the optimiser remembers stays."""

    optimizer: e.Optimizer

    def changed(self, job: Job) -> Job:
        """Set the optimiser; another kind of optimiser begins without a memory."""
        state = job.optimizer_state if type(self.optimizer) is type(job.optimizer) else None
        return replace(job, optimizer=self.optimizer, optimizer_state=state)


@dataclass(frozen=True)
class SetClip(Command):
    """Let no gradient be longer than this, None for any length."""

    clip_norm: float | None

    def changed(self, job: Job) -> Job:
        """Set the threshold."""
        return replace(job, clip_norm=self.clip_norm)


@dataclass(frozen=True, eq=False)
class SetFrozen(Command):
    """Leave other entries of the parameters as they are in the window; see `Job.frozen`.

    values: (n,), theirs in the order of the flat buffer: training may have gone on since they were seen.
    """

    frozen: tuple[tuple[str, Booleans], ...]
    values: e.Array

    @classmethod
    def as_in(cls, parameters: e.Parameters, frozen: tuple[tuple[str, Booleans], ...]) -> SetFrozen:
        """Return the command that leaves entries as they are in these parameters."""
        return cls(frozen, parameters.flat[_places(parameters, frozen)])

    def changed(self, job: Job) -> Job:
        """Set the masks, and what they hold."""
        flat = job.parameters.flat.copy()
        flat[_places(job.parameters, self.frozen)] = self.values
        return replace(job, parameters=e.Parameters(flat, job.parameters.shapes), frozen=self.frozen)


def _places(parameters: e.Parameters, frozen: tuple[tuple[str, Booleans], ...]) -> Booleans:
    """Return where the frozen entries lie in the flat buffer, as a mask of it."""
    masks = dict(frozen)
    whole = (masks.get(name, np.zeros(shape, bool)).ravel() for name, shape in parameters.shapes.items())
    return np.concatenate(list(whole))


@dataclass(frozen=True)
class SetTask(Command):
    """Learn something else with the same network."""

    task: Task

    def changed(self, job: Job) -> Job:
        """Set the task."""
        return replace(job, task=self.task)
