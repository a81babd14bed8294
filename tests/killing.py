"""Runs that are listened to, and whose workers are ended in every way there is."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject
from trainingjobs import edited, replayed, text_job

from rnnviz.session.training.run import TrainingRun

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable

    from rnnviz.session.training.history import Record
    from rnnviz.session.training.job import Job

_COMPARED = 100  # updates after a recovery


class Heard:
    """Everything that a run says, in order."""

    def __init__(self, run: TrainingRun) -> None:
        self.states: list[str] = []
        self.sentences: list[str] = []
        self.records: list[Record] = []
        self.jobs: list[Job] = []
        run.state_changed.connect(self.states.append)
        run.troubled.connect(self.sentences.append)
        run.progressed.connect(self.records.append)
        run.snapshot_arrived.connect(self.jobs.append)


@dataclass(frozen=True)
class Recovery:
    """What came of one kill: seconds from the signal until the user was told, and until training went on."""

    how: str
    told: float
    learning: float
    is_same: bool  # whether the losses afterwards are those of a run that was never interrupted
    has_edit: bool  # whether the last edit is still there


class Killer(QObject):
    """A run on a text whose workers are killed."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.run = TrainingRun(self)
        self.pids: set[int] = set()
        self._random = Random(seed)
        self._edit = 0.0
        self._told = self._learning = 0.0
        self._resumed: Job | None = None
        self.run.troubled.connect(self._on_troubled)
        self.run.progressed.connect(self._on_progressed)

    def start(self) -> None:
        """Let the run begin and wait for its first update."""
        self.run.start(text_job())
        wait_until_at(self.run, 1)

    def kill(self, number: signal.Signals, *, newborn: bool = False) -> Recovery:
        """Edit a weight and end the worker at random moments, and wait until another has learned enough.

        newborn: end the next worker, too, while it is still being started; that is the one that is measured.
        """
        self._pass(self._random.uniform(0.0, 0.6))
        self._edit_weight()
        self._pass(self._random.choice([0.0, 0.0, 0.02, 0.1]))
        began = self._strike(number)
        if newborn:
            wait_for(lambda: self._told > 0)
            self._pass(self._random.uniform(0.0, 0.15))
            began = self._strike(number)
        wait_for(lambda: self._told > 0 and self._learning > 0)
        resumed = self._resumed
        assert resumed is not None
        wait_until_at(self.run, resumed.update + _COMPARED)
        return Recovery(
            number.name, self._told - began, self._learning - began, self._is_same(resumed), self._has_edit()
        )

    def stop(self) -> int:
        """Stop the run and return how many of its processes are still there."""
        self.run.stop()
        return sum(not is_gone(pid) for pid in self.pids)

    def _strike(self, number: signal.Signals) -> float:
        pid = self.run.pid
        assert pid is not None
        self.pids.add(pid)
        self._told = self._learning = 0.0
        self._resumed = None
        os.kill(pid, number)
        return time.monotonic()

    def _edit_weight(self) -> None:
        job = self.run.job
        assert job is not None
        self._edit = self._random.random()
        self.run.edit_parameters(job.parameters, edited(job.parameters, self._edit))

    def _has_edit(self) -> bool:
        job = self.run.job
        assert job is not None
        return bool(np.isin(self._edit, job.parameters["weight_ih_l0"]))

    def _is_same(self, resumed: Job) -> bool:
        history = self.run.history
        place = resumed.update + 1 - history.first
        return np.array_equal(
            history.table[:, place : place + _COMPARED], replayed(resumed, _COMPARED), equal_nan=True
        )

    def _pass(self, seconds: float) -> None:
        """Let time pass, as a kill at a random moment needs it."""
        until = time.monotonic() + seconds
        wait_for(lambda: time.monotonic() >= until)

    def _on_troubled(self, _: str) -> None:
        self._told, self._resumed = time.monotonic(), self.run.job

    def _on_progressed(self, _: object) -> None:
        if self._resumed is not None and not self._learning:
            self._learning = time.monotonic()


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Let events happen until the condition holds. Raises TimeoutError if it never does."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def wait_until_at(run: TrainingRun, update: int) -> None:
    """Wait until the history has reached an update."""
    wait_for(lambda: run.history.last >= update)


def wait_until_in(run: TrainingRun, state: str) -> None:
    """Wait until the run is in a state."""
    wait_for(lambda: run.state == state)


def is_gone(pid: int) -> bool:
    """Whether there is no such process, or only what is left of one until its parent asks after it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True
