"""Keeps a worker going: knows what it was told, what it has done, and whether it still lives."""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from rnnviz import engine as e
from rnnviz.session.training.commands import Start
from rnnviz.session.training.messages import Hello, Order, Report, decode, encode
from rnnviz.session.training.pipe import NEXT
from rnnviz.session.training.process import WorkerProcess
from rnnviz.session.training.silence import Silence

if TYPE_CHECKING:
    from rnnviz.session.training.commands import Command
    from rnnviz.session.training.job import Job

STUCK_SECONDS = 0.6
"""A worker that says nothing for so long is stuck: it should have said six things."""

STARTING_SECONDS = 15.0
"""How long a new process may say nothing while it loads its libraries, with a virus scanner in its way."""

_log = logging.getLogger(__name__)


class Supervisor:
    """One worker at a time for one job. hello: what the present worker has said of itself, None so far.

    `job` is the job as it stands, with the commands that are still on their way already carried out. It is
    what another worker starts from: nothing told is lost, and no update that was reported is made again.
    """

    def __init__(self, job: Job) -> None:
        self.hello: Hello | None = None
        self._heard = self._job = job
        self._worker: WorkerProcess | None = None
        self._silence = Silence(time.monotonic())
        self._number = 0  # of the latest order
        self._start = 0  # of the latest one that began a job
        self._pending: deque[Order] = deque()
        self._frames: deque[bytes] = deque()

    @property
    def job(self) -> Job:
        """The job as it stands."""
        return self._job

    @property
    def pid(self) -> int | None:
        """The process id of the worker, None if there is none."""
        return self._worker.pid if self._worker is not None else None

    @property
    def is_waiting(self) -> bool:
        """Whether some command has not been carried out yet."""
        return bool(self._pending)

    def launch(self) -> None:
        """Start a worker on the job. Raises OSError if the system starts no process."""
        self.close()
        self.hello = None
        self._worker = WorkerProcess()
        self._silence = Silence(time.monotonic())
        self._pending.clear()
        self.tell(Start(self._job))

    def tell(self, command: Command) -> None:
        """Have a command carried out before the next update. Raises EngineError if it makes no sense."""
        self._job = command.changed(self._job)
        self._number += 1
        order = Order(self._number, command)
        if isinstance(command, Start):
            self._start = order.number
        self._pending.append(order)
        if self._worker is not None:
            self._worker.send(encode(order))

    def report(self) -> Report | None:
        """Return the next report that has come, None if there is no other; `job` is as it says."""
        self._receive()
        while self._frames:
            message: Hello | Report = decode(self._frames.popleft())
            if isinstance(message, Hello):
                self._greet(message)
                continue
            if self._worker is not None:
                self._worker.send(NEXT)
            if message.applied >= self._start:
                self._note(message)
                return message
        return None

    def problem(self) -> str:
        """Return what is wrong with the worker, to continue “The training process …”; empty if nothing is."""
        worker = self._worker
        if worker is None:
            return ""
        if not worker.is_alive:
            return "ended unexpectedly"
        silence = self._silence.look(time.monotonic(), heard=worker.has_spoken())
        is_starting = self.hello is None and not worker.is_stopped
        return "stopped answering" if silence > (STARTING_SECONDS if is_starting else STUCK_SECONDS) else ""

    def close(self) -> None:
        """End the worker, however it is; what it has reported so far can still be asked for."""
        if self._worker is not None:
            self._worker.close()
            self._receive()
            self._worker = None

    def forget(self) -> None:
        """Drop reports that have not been asked for."""
        self._frames.clear()

    def _receive(self) -> None:
        if self._worker is not None:
            self._frames.extend(self._worker.frames())

    def _greet(self, hello: Hello) -> None:
        self.hello = hello
        if hello.has_qt:
            _log.warning("The training process has loaded Qt; guard the main module of this program.")

    def _note(self, report: Report) -> None:
        """Take over what a report says of the job, and apply what is still on its way to that."""
        while self._pending and self._pending[0].number <= report.applied:
            self._heard = self._pending.popleft().command.changed(self._heard)
        self._heard = self._job = replace(
            self._heard,
            parameters=e.Parameters(report.flat, self._heard.parameters.shapes),
            optimizer_state=report.optimizer_state,
            update=report.update,
            left=report.left,
        )
        for order in self._pending:
            self._job = order.command.changed(self._job)
