"""One document, its playhead and what the engine makes of them: the moment that every panel shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rnnviz import engine as e
from rnnviz.engine.window import visible_steps
from rnnviz.session.document import Document
from rnnviz.session.live_training import LiveTraining
from rnnviz.session.playback import Playback

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """A state, its analysis and the step looked at, which belong together; step counts from 0."""

    state: DocumentState
    analysis: e.Analysis
    step: int

    @property
    def window(self) -> tuple[int, int]:
        """The steps (start, stop) that are shown and whose gradient flow is known."""
        return self.analysis.flow.start, self.analysis.flow.stop


class Session(QObject):
    """Keeps `moment` in step with the document and the playhead.

    moment_changed(old, new) comes exactly once for every edit and for every move of the playhead; the
    analysis is the same object as before unless something that it depends on has changed.
    """

    moment_changed = Signal(object, object)

    def __init__(self, state: DocumentState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = Document(state, self)
        self._playback = Playback(state.steps, self)
        self._editing = False
        self._moment = Moment(state, _analyse(state, visible_steps(state.steps, 0)), 0)
        self._document.state_changed.connect(self._on_state_changed)
        self._training = LiveTraining(self._document, self)
        self._playback.step_changed.connect(self._on_step_changed)

    @property
    def document(self) -> Document:
        """What is edited."""
        return self._document

    @property
    def playback(self) -> Playback:
        """The playhead."""
        return self._playback

    @property
    def training(self) -> LiveTraining:
        """What trains the network."""
        return self._training

    @property
    def moment(self) -> Moment:
        """What every panel shows."""
        return self._moment

    def _on_state_changed(self, old: DocumentState, new: DocumentState) -> None:
        # A shorter text moves the playhead too; that move is part of this edit, not a second change.
        self._editing = True
        try:
            self._playback.set_steps(new.steps)
        finally:
            self._editing = False
        step = self._playback.step
        analysis = self._moment.analysis
        if _matters(old, new):
            analysis = _analyse(new, visible_steps(new.steps, step, current=self._moment.window))
        self._show(Moment(new, analysis, step))

    def _on_step_changed(self, step: int) -> None:
        if self._editing:
            return
        old = self._moment
        window = visible_steps(old.state.steps, step, current=old.window)
        analysis = old.analysis if window == old.window else _moved(old, window)
        self._show(Moment(old.state, analysis, step))

    def _show(self, moment: Moment) -> None:
        old, self._moment = self._moment, moment
        self.moment_changed.emit(old, moment)


def _matters(old: DocumentState, new: DocumentState) -> bool:
    """Whether the analysis depends on what differs: all but the title and the training."""
    return not (
        old.parameters is new.parameters
        and old.spec == new.spec
        and old.vocabulary is new.vocabulary
        and old.text == new.text
        and old.silent == new.silent
    )


def _analyse(state: DocumentState, window: tuple[int, int]) -> e.Analysis:
    return e.analyse(state.spec, state.parameters, state.input_ids, state.target_ids, steps=window)


def _moved(moment: Moment, window: tuple[int, int]) -> e.Analysis:
    """Return the analysis with the gradient flow of another window; the rest does not depend on it."""
    state, old = moment.state, moment.analysis
    flow = e.gradient_flow(state.spec, state.parameters, old.trace, old.loss, steps=window)
    return replace(old, flow=flow, verdict=e.verdict(state.spec, state.parameters, old.trace, flow))
