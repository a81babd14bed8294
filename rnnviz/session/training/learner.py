"""A job being done: updates, commands between them, and what there is to tell of both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz import engine as e
from rnnviz.session.training.history import COLUMNS
from rnnviz.session.training.job import batches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.session.training.commands import Command
    from rnnviz.session.training.job import Job

_UNTOLD = 100_000
"""The most updates to make without telling of them: a window that hangs must not fill the memory."""


class Learner:
    """Does a job. trouble: a sentence that the user has not been told yet, or empty."""

    def __init__(self, job: Job) -> None:
        self.trouble = ""
        self._job, self._left = job, job.left
        self._last: e.Snapshot | None = None  # the latest update since `_job`
        self._trainer = job.trainer()
        self._batches: Iterator[e.Batch] | None = None
        self._rows: list[tuple[float, ...]] = []
        self._set_out(job)

    @property
    def job(self) -> Job:
        """The job as it stands."""
        last = self._last
        if last is None:
            return replace(self._job, left=self._left)
        return replace(
            self._job,
            parameters=last.parameters,
            update=last.update,
            optimizer_state=last.optimizer_state,
            left=self._left,
        )

    @property
    def can_learn(self) -> bool:
        """Whether there is an update to make now."""
        return self._left != 0 and self._batches is not None and len(self._rows) < _UNTOLD

    def take_table(self) -> e.Array:
        """Return what every update has found since the last call: (4 + P, n), as in `history.Record`."""
        rows, self._rows = self._rows, []
        columns = len(COLUMNS) + len(self._job.parameters)
        return np.array(rows, np.float64).reshape(-1, columns).T

    def obey(self, command: Command) -> None:
        """Go on with the job as the command changes it."""
        old = self.job
        new = command.changed(old)
        if new.task is not old.task or (self._batches is None and new.left not in (0, old.left)):
            self._set_out(new)
        self._take_up(new)

    def learn(self) -> None:
        """Make one update. If its parameters are not finite, it is told, but the ones before it are kept."""
        assert self._batches is not None
        try:
            snapshot = self._trainer.step(next(self._batches))
        except MemoryError:
            self._halt("There is not enough memory for an update; make the batch or the network smaller.")
            return
        except e.EngineError as error:
            self._halt(str(error))
            return
        norms = snapshot.gradient_norms.values()
        self._rows.append((snapshot.loss, snapshot.tokens, snapshot.total_norm, snapshot.clipped, *norms))
        if self._left is not None:
            self._left -= 1
        before, self._last = self._last, snapshot
        if snapshot.trouble is not None:
            self._give_up(snapshot, before)

    def _take_up(self, job: Job) -> None:
        """Go on from what a job says."""
        self._job, self._left, self._last = job, job.left, None
        self._trainer = job.trainer()

    def _set_out(self, job: Job) -> None:
        """Learn what a job says from now on; if there is nothing to learn, wait for another task."""
        self._batches = None
        try:
            self._batches = batches(job.task, job.update)
        except e.EngineError as error:
            self.trouble = str(error)

    def _give_up(self, snapshot: e.Snapshot, before: e.Snapshot | None) -> None:
        """Halt after an update in which something was not finite, with the latest finite parameters."""
        if not np.isfinite(snapshot.parameters.flat).all():
            self._last = before
            self._take_up(replace(self.job, update=snapshot.update))
        self._halt(snapshot.sentence)

    def _halt(self, sentence: str) -> None:
        """Make no more updates, and see to it that the next one takes the next batch."""
        self._left = 0
        self._set_out(self.job)
        self.trouble = sentence
