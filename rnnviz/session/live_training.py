"""Training and the document: what is learnt appears in it, what is edited reaches the training."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rnnviz.session import edits
from rnnviz.session.errors import EditError
from rnnviz.session.learning import job_of, note_of, optimizer_of, task_of
from rnnviz.session.training.run import TrainingRun

if TYPE_CHECKING:
    from rnnviz.session.document import Document
    from rnnviz.session.settings import TrainingSettings
    from rnnviz.session.state import DocumentState
    from rnnviz.session.training.history import Record
    from rnnviz.session.training.job import Job

ACTIVE = frozenset({"starting", "running"})


class LiveTraining(QObject):
    """Trains the document's network in another process.

    A run, from Train to Pause, is one step to undo, whatever was edited in it; undo during a run ends it.
    state_changed(str): see `TrainingRun`. progressed: there are more updates to show, or fewer.
    troubled(str): one sentence for the user.
    """

    state_changed = Signal(str)
    progressed = Signal()
    troubled = Signal(str)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._index = -1  # of the run's step in the history, −1 without a run
        self._learning = False  # an edit that is being made comes from the training process
        self._run = TrainingRun(self)
        self._run.snapshot_arrived.connect(self._on_snapshot_arrived)
        self._run.state_changed.connect(self._on_run_state_changed)
        self._run.troubled.connect(self.troubled)
        document.state_changed.connect(self._on_document_changed)

    @property
    def run(self) -> TrainingRun:
        """The run in the other process."""
        return self._run

    @property
    def is_active(self) -> bool:
        """Whether updates are being made."""
        return self._run.state in ACTIVE

    @property
    def record(self) -> Record:
        """What every update up to the document's present parameters has found."""
        return self._run.history.until(self._document.state.updates)

    def start(self) -> None:
        """Train without an end, from the document as it is."""
        self._begin(left=None)

    def step_once(self) -> None:
        """Make a single update."""
        if not self.is_active:
            self._begin(left=1)

    def pause(self) -> None:
        """Make no more updates; what was learnt stays."""
        if self.is_active:
            self._run.pause()

    def toggle(self) -> None:
        """Train, or pause."""
        if self.is_active:
            self.pause()
        else:
            self.start()

    def reset(self) -> None:
        """Return to the parameters that training began with."""
        self.stop()
        try:
            self._document.edit(edits.reset(self._document.state), "Reset the weights")
        except EditError as error:
            self.troubled.emit(str(error))

    def stop(self) -> None:
        """End the training process, as when the window is closed."""
        self._run.stop()
        self._end()

    def recall(self, record: Record | None) -> None:
        """Take over what was found in the training of a document that has been opened; None for nothing."""
        self.stop()
        self._run.recall(record)
        self.progressed.emit()

    def _begin(self, left: int | None) -> None:
        try:
            job = replace(job_of(self._document.state), update=self._document.state.updates, left=left)
        except EditError as error:
            self.troubled.emit(str(error))
            return
        if note := note_of(job.task):
            self.troubled.emit(note)
        self._document.hold("Train" if left is None else "Train by one update")
        state = self._document.state
        if state.origin is None:
            self._document.edit(edits.with_origin(state, state.parameters), "Train")
        self._index = self._document.undo_stack.index()
        self._run.start(job)

    def _end(self) -> None:
        """Let edits be steps of their own again."""
        self._index = -1
        self._document.release()

    def _on_snapshot_arrived(self, job: Job) -> None:
        state = edits.with_learnt(self._document.state, job.parameters, job.update)
        self._learning = True
        try:
            self._document.edit(state, "Train")
        finally:
            self._learning = False
        self._index = self._document.undo_stack.index()
        self.progressed.emit()

    def _on_run_state_changed(self, state: str) -> None:
        if state not in ACTIVE:
            self._end()
        self.state_changed.emit(state)

    def _on_document_changed(self, old: DocumentState, new: DocumentState) -> None:
        if self._learning:
            return
        if old.updates != new.updates:
            self.progressed.emit()  # undo, redo or reset: the curves end elsewhere
        if self._index >= 0 and self.is_active:
            self._follow(old, new)

    def _follow(self, old: DocumentState, new: DocumentState) -> None:
        """Tell the training process what was edited; undo ends the run."""
        if self._document.undo_stack.index() < self._index:
            self.stop()
            return
        self._index = self._document.undo_stack.index()
        try:
            self._tell(old, new)
        except EditError as error:
            self.pause()
            self.troubled.emit(str(error))

    def _tell(self, old: DocumentState, new: DocumentState) -> None:
        if old.spec != new.spec or old.vocabulary != new.vocabulary:
            self._run.start(replace(job_of(new), update=new.updates))
            return
        if old.parameters is not new.parameters:
            self._run.edit_parameters(old.parameters, new.parameters)
        if optimizer_of(old) != optimizer_of(new):
            self._run.set_optimizer(optimizer_of(new))
        if old.settings.clip != new.settings.clip:
            self._run.set_clip(new.settings.clip)
        if old.frozen is not new.frozen:
            self._run.set_frozen(new.parameters, tuple(new.frozen.items()))
        if _learns_otherwise(old, new):
            self._run.set_task(task_of(new))


def _learns_otherwise(old: DocumentState, new: DocumentState) -> bool:
    """Whether the batches differ: another text, start, silent steps or windows."""
    return (
        _windows(old.settings) != _windows(new.settings)
        or old.text != new.text
        or old.silent != new.silent
        or old.corpus is not new.corpus
        or old.initial is not new.initial
    )


def _windows(settings: TrainingSettings) -> tuple[object, ...]:
    """Return those settings that batches depend on."""
    return settings.source, settings.batch, settings.window, settings.seed
