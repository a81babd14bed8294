"""A training run in the window: commands go in, progress comes out as signals, once a frame."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import finalize

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from rnnviz.session.training.commands import (
    EditParameters,
    Pause,
    Resume,
    SetClip,
    SetFrozen,
    SetOptimizer,
    SetTask,
    Start,
    StepOnce,
)
from rnnviz.session.training.history import History, Record
from rnnviz.session.training.supervisor import Supervisor

if TYPE_CHECKING:
    from rnnviz import engine as e
    from rnnviz.engine.arrays import Booleans
    from rnnviz.session.training.commands import Command
    from rnnviz.session.training.job import Job, Task
    from rnnviz.session.training.messages import Hello, Report

FRAME_MS = 16
_IDLE_MS = 50

_MOST_DEATHS = 5
"""After so many in a row, without an update between them, another worker would die as well."""


class TrainingRun(QObject):
    """Trains in another process, and in yet another one when that dies or hangs.

    Every command takes effect before the next update. state is one of: idle (nothing was started yet),
    starting, running, paused, stopped, failed.

    state_changed(str): it is another one. progressed(Record): what each of the latest updates found, none
    left out; `history` has them already. snapshot_arrived(Job): the job after the latest of them, with every
    edit made by hand, also those that the worker has not heard of. troubled(str): a sentence for the user.
    """

    progressed = Signal(object)
    snapshot_arrived = Signal(object)
    state_changed = Signal(str)
    troubled = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = "idle"
        self._supervisor: Supervisor | None = None
        self._history = History(())
        self._deaths = 0
        self._era = 0  # another one begins whenever the run is started or stopped
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def state(self) -> str:
        """What the run is doing."""
        return self._state

    @property
    def job(self) -> Job | None:
        """The job as it stands, with the commands that are still on their way; None if none was started."""
        return None if self._supervisor is None else self._supervisor.job

    @property
    def history(self) -> Record:
        """What every update has found; the arrays never change, later ones are longer."""
        return self._history.record

    @property
    def worker(self) -> Hello | None:
        """What the present worker has said of itself; None as long as there is none."""
        return None if self._supervisor is None else self._supervisor.hello

    @property
    def pid(self) -> int | None:
        """The id of the worker's process; None if there is none."""
        return None if self._supervisor is None else self._supervisor.pid

    def start(self, job: Job) -> None:
        """Take up a job. The history goes on after `job.update`, and forgets what it has of later updates."""
        self._era += 1
        self._history = _followed(self._history, job)
        self._deaths = 0
        if self._supervisor is None:
            self._supervisor = Supervisor(job)
            # Qt says when it deletes us with our parent, but not when Python does since nobody needs us.
            self.destroyed.connect(self._supervisor.close)
            finalize(self, self._supervisor.close)
        else:
            self._supervisor.tell(Start(job))
        self._set_state("starting")
        if self._timer.isActive():
            self._look_every(FRAME_MS)
        else:
            self._launch(self._supervisor)

    def recall(self, record: Record | None) -> None:
        """Take what earlier updates have found for the history, None for nothing; the run must be over."""
        self._history = History(())
        if record is not None:
            self._history = History(record.names, after=record.first - 1)
            self._history.append(record)

    def pause(self) -> None:
        """Make no more updates for now."""
        self._tell(Pause())

    def resume(self, updates: int | None = None) -> None:
        """Make so many updates, None for no end; also after `stop` or a failure."""
        self._go_on(Resume(updates))

    def step_once(self) -> None:
        """Make one more update than was asked for; also after `stop` or a failure."""
        self._go_on(StepOnce())

    def edit_parameters(self, before: e.Parameters, after: e.Parameters) -> None:
        """Give the parameters that differ their values in `after`; the others go on learning undisturbed."""
        self._tell(EditParameters.between(before, after))

    def set_rate(self, lr: float) -> None:
        """Learn at another rate. Raises EngineError, one sentence, if there can be none such."""
        if self._supervisor is not None:
            self._tell(SetOptimizer(replace(self._supervisor.job.optimizer, lr=lr)))

    def set_optimizer(self, optimizer: e.Optimizer) -> None:
        """Learn with other settings or in another way."""
        self._tell(SetOptimizer(optimizer))

    def set_clip(self, clip_norm: float | None) -> None:
        """Let no gradient be longer than this, None for any. Raises EngineError if it is not above 0."""
        self._tell(SetClip(clip_norm))

    def set_frozen(self, parameters: e.Parameters, frozen: tuple[tuple[str, Booleans], ...]) -> None:
        """Leave other entries, each mask with its parameter's name, as they are in these parameters."""
        self._tell(SetFrozen.as_in(parameters, frozen))

    def set_task(self, task: Task) -> None:
        """Learn something else with the same network."""
        self._tell(SetTask(task))

    def stop(self) -> None:
        """End the worker's process, wait until it is gone, and say no more of what it was doing."""
        if self._supervisor is not None and self._timer.isActive():
            self._era += 1
            self._timer.stop()
            self._supervisor.close()
            self._supervisor.forget()
            self._set_state("stopped")

    def _tell(self, command: Command) -> None:
        if self._supervisor is not None:
            self._supervisor.tell(command)
            self._look_every(FRAME_MS)

    def _go_on(self, command: Command) -> None:
        self._tell(command)
        if self._supervisor is not None and not self._timer.isActive():
            self._deaths = 0
            self._launch(self._supervisor)

    def _launch(self, supervisor: Supervisor) -> None:
        self._set_state("starting")
        try:
            supervisor.launch()
        except OSError as error:
            self._fail(f"The training process cannot start ({error.strerror}); close other programs.")
        else:
            self._timer.start(FRAME_MS)

    def _on_timeout(self) -> None:
        supervisor, era = self._supervisor, self._era
        assert supervisor is not None
        # One a frame: the answer to a report asks for the next, which may come before the window was painted.
        if (report := supervisor.report()) is not None:
            self._take(supervisor, report)
        if self._era == era and (problem := supervisor.problem()):
            self._replace(supervisor, problem)
        idle = self._state == "paused" and not supervisor.is_waiting
        self._look_every(_IDLE_MS if idle else FRAME_MS)

    def _look_every(self, milliseconds: int) -> None:
        # Setting an interval starts the timer's time anew, so not without need.
        if self._timer.interval() != milliseconds:
            self._timer.setInterval(milliseconds)

    def _take_reports(self, supervisor: Supervisor) -> None:
        while (report := supervisor.report()) is not None:
            self._take(supervisor, report)

    def _take(self, supervisor: Supervisor, report: Report) -> None:
        era, updates = self._era, report.table.shape[1]
        if updates or report.left == 0:
            self._deaths = 0
        if updates:
            record = Record(self._history.names, report.update - updates + 1, report.table)
            self._history.append(record)
            self.progressed.emit(record)
            self._emit(era, self.snapshot_arrived, supervisor.job)
        if report.trouble:
            self._emit(era, self.troubled, report.trouble)
        if era == self._era:
            self._set_state("paused" if report.left == 0 else "running")

    def _emit(self, era: int, signal: SignalInstance, value: object) -> None:
        """Emit a signal, unless whoever heard of an earlier one has started or stopped the run since."""
        if era == self._era:
            signal.emit(value)

    def _replace(self, supervisor: Supervisor, problem: str) -> None:
        """End a worker that is dead or stuck, take its last reports, and let another one go on."""
        era = self._era
        supervisor.close()
        self._take_reports(supervisor)
        if era != self._era:
            return
        self._deaths += 1
        where = f"at update {supervisor.job.update:,}"
        if self._deaths > _MOST_DEATHS:
            times = f"{self._deaths} times in a row"
            self._fail(f"Training has failed {where}: its process {problem} {times}; start it again.")
        else:
            self._launch(supervisor)
            sentence = f"The training process {problem} {where}; another one goes on from there."
            self._emit(era, self.troubled, sentence)

    def _fail(self, sentence: str) -> None:
        self._timer.stop()
        self._set_state("failed")
        self.troubled.emit(sentence)

    def _set_state(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)


def _followed(history: History, job: Job) -> History:
    """Return a history that ends with the update before the job's next one, as much of it as is known."""
    if history.names == tuple(job.parameters) and history.first - 1 <= job.update <= history.last:
        history.truncate(job.update)
        return history
    return History(tuple(job.parameters), after=job.update)
