"""One document, its playhead and what the engine makes of them: the moment that every panel shows."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from rnnviz import engine as e
from rnnviz.engine.window import visible_steps
from rnnviz.session.background import Background
from rnnviz.session.document import Document
from rnnviz.session.later import comes_later, found_later, spectra_of
from rnnviz.session.live_training import LiveTraining
from rnnviz.session.playback import Playback
from rnnviz.session.selection import fitted
from rnnviz.session.sight import in_sight, seen

if TYPE_CHECKING:
    from rnnviz.engine.notation import Notation
    from rnnviz.engine.selection import Selection
    from rnnviz.session.later import Later
    from rnnviz.session.sight import Sight
    from rnnviz.session.state import DocumentState

CALM_MS = 150
"""How long what was stale has to be up to date before it is shown so; it would flicker while one drags."""


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """A state, its analysis and the place looked at, which belong together.

    state: the document as it is seen, its text being the sequence looked at. step counts from 0, and so do
    the layer and the direction of `focus`; layer −1 is the top one. columns: the steps that figures over
    time show, None for those of the window. baseline: the analysis of the first sequence, without its flow,
    where the second is shown by how it differs from the first. selection: what is picked.

    stale: of a large network the flow, the verdict and the spectra may still be those of an earlier moment,
    while all the rest belongs to this one. spectra: None of a network so small that figures find them.

    notation: how symbols are written. stage: the stage of the step that has been reached, None if it is shown
    whole. untouched: the analysis, without its flow, of the network in which nothing is held; None if that is
    this one.
    """

    state: DocumentState
    analysis: e.Analysis
    step: int
    focus: tuple[int, int] = (-1, 0)
    columns: tuple[int, int] | None = None
    baseline: e.Analysis | None = None
    selection: Selection | None = None
    stale: bool = False
    spectra: e.Spectra | None = None
    notation: Notation = "weights"
    stage: int | None = None
    untouched: e.Analysis | None = None

    @property
    def window(self) -> tuple[int, int]:
        """The steps (start, stop) that are shown and whose gradient flow is known."""
        return self.analysis.flow.start, self.analysis.flow.stop

    def only_caught_up(self, before: Moment) -> bool:
        """Whether nothing has changed since a moment but what may be stale."""
        as_before = replace(self, analysis=before.analysis, stale=before.stale, spectra=before.spectra)
        same = all(getattr(as_before, f.name) is getattr(before, f.name) for f in fields(self))
        return same and self.analysis.trace is before.analysis.trace


class Session(QObject):
    """Keeps `moment` in step with the document and the playhead.

    moment_changed(old, new) comes exactly once for every edit, every move of the playhead, every other focus,
    selection, sequence or columns; the analysis is the same object as before unless something that it depends
    on has changed. It comes again when what a moment left `stale` has been found, and once more when that may
    be relied on.
    """

    moment_changed = Signal(object, object)

    def __init__(self, state: DocumentState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = Document(state, self)
        self._playback = Playback(state.steps, self)
        self._editing = False
        self._first: tuple[DocumentState, e.Analysis] | None = None
        self._free: tuple[DocumentState, e.Analysis] | None = None
        self._background = Background(self)
        self._background.found.connect(self._on_found)
        self._calm = QTimer(self, singleShot=True, interval=CALM_MS)
        self._calm.timeout.connect(self._on_calm)
        analysis = _analyse(state, visible_steps(state.steps, 0))
        spectra = spectra_of(state, self._playback.focus)
        self._moment = Moment(state, analysis, 0, spectra=spectra, untouched=self._untouched(state))
        self._document.state_changed.connect(self._on_state_changed)
        self._training = LiveTraining(self._document, self)
        self._playback.step_changed.connect(self._on_step_changed)
        self._playback.focus_changed.connect(self._on_focus_changed)
        self._playback.selection_changed.connect(self._on_selection_changed)
        self._playback.columns_changed.connect(self._on_columns_changed)
        self._playback.sight_changed.connect(self._on_sight_changed)
        self._playback.notation_changed.connect(self._on_notation_changed)
        self._playback.stage_changed.connect(self._on_stage_changed)
        self._playback.set_stages(len(e.stages(state.spec)))

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

    def _on_state_changed(self, _old: DocumentState, new: DocumentState) -> None:
        self._show_sequence(new, self._playback.sight)

    def _on_sight_changed(self, sight: Sight) -> None:
        self._show_sequence(self._document.state, sight)

    def _show_sequence(self, state: DocumentState, sight: Sight) -> None:
        """Show a document with the sequence that is looked at."""
        old, new = self._moment.state, seen(state, sight)
        # A shorter text moves the playhead too; that move is part of this edit, not a second change.
        self._editing = True
        try:
            self._playback.set_steps(new.steps)
            self._playback.set_stages(len(e.stages(new.spec)))
            self._playback.select(fitted(self._playback.selection, new, old))
        finally:
            self._editing = False
        step, focus = self._playback.step, _focus(new, self._playback.focus)
        moment = replace(
            self._moment,
            state=new,
            step=step,
            stage=self._playback.stage,
            focus=focus,
            columns=self._playback.columns,
        )
        if _matters(old, new):
            moment = self._analysed(moment, visible_steps(new.steps, step, current=self._moment.window))
        selection, untouched = self._playback.selection, self._untouched(new)
        baseline = untouched if in_sight(state, sight) == "effect" else self._baseline(state, sight)
        self._show(replace(moment, baseline=baseline, selection=selection, untouched=untouched))

    def _analysed(self, moment: Moment, window: tuple[int, int]) -> Moment:
        """Analyse a moment anew; what takes long follows later if until then there is anything to show."""
        state, old = moment.state, self._moment
        self._calm.stop()
        if comes_later(state.spec, window) and old.window == window and old.state.spec == state.spec:
            analysis = _analyse(state, window, old.analysis)
            self._background.ask(partial(found_later, state, analysis, window, moment.focus, old.spectra))
            return replace(moment, analysis=analysis, stale=True)
        self._background.cancel()
        spectra = spectra_of(state, moment.focus)
        return replace(moment, analysis=_analyse(state, window), stale=False, spectra=spectra)

    def catch_up(self) -> None:
        """Find what is stale at once."""
        if self._moment.stale:
            self._show(self._caught_up(self._moment, self._moment.window))

    def _caught_up(self, moment: Moment, window: tuple[int, int]) -> Moment:
        """Return a moment with the flow of a window, and with nothing stale any more."""
        self._calm.stop()
        self._background.cancel()
        found = found_later(moment.state, moment.analysis, window, moment.focus, moment.spectra)
        return _with_found(moment, found, stale=False)

    def _on_found(self, found: Later, is_newest: bool) -> None:
        """Show what belongs to this moment, or at least to a later one than what was shown."""
        if is_newest:
            self._calm.start()
        self._show(_with_found(self._moment, found, stale=True))

    def _on_calm(self) -> None:
        self._show(replace(self._moment, stale=False))

    def _baseline(self, state: DocumentState, sight: Sight) -> e.Analysis | None:
        """Return the analysis of the first sequence if the second is shown by how it differs from it."""
        if in_sight(state, sight) != "difference":
            self._first = None
        elif self._first is None or _matters(self._first[0], state):
            self._first = state, _analyse(state, (0, 0))
        return None if self._first is None else self._first[1]

    def _untouched(self, state: DocumentState) -> e.Analysis | None:
        """Return the analysis of the network in which nothing is held, if anything is."""
        if not state.interventions:
            self._free = None
            return None
        free = replace(state, interventions=())
        if self._free is None or _matters(self._free[0], free):
            self._free = free, _analyse(free, (0, 0))
        return self._free[1]

    def _on_step_changed(self, step: int) -> None:
        if self._editing:
            return
        old = self._moment
        window = visible_steps(old.state.steps, step, current=old.window)
        playback = self._playback
        moment = replace(old, step=step, stage=playback.stage, columns=playback.columns)
        self._show(moment if window == old.window else self._caught_up(moment, window))

    def _on_focus_changed(self, layer: int, direction: int) -> None:
        state, focus = self._moment.state, _focus(self._moment.state, (layer, direction))
        self._show(replace(self._moment, focus=focus, spectra=spectra_of(state, focus)))

    def _on_selection_changed(self, selection: Selection | None) -> None:
        if not self._editing:
            self._show(replace(self._moment, selection=selection))

    def _on_notation_changed(self, notation: Notation) -> None:
        self._show(replace(self._moment, notation=notation))

    def _on_stage_changed(self, stage: int | None) -> None:
        # If a step has come with it, it was shown with that.
        if not self._editing and stage != self._moment.stage:
            self._show(replace(self._moment, stage=stage))

    def _on_columns_changed(self) -> None:
        self._show(replace(self._moment, columns=self._playback.columns))

    def _show(self, moment: Moment) -> None:
        old, self._moment = self._moment, moment
        self.moment_changed.emit(old, moment)


def _focus(state: DocumentState, wanted: tuple[int, int]) -> tuple[int, int]:
    """Return the layer and the direction wanted if the network has them, otherwise the top one, forwards."""
    layer, direction = wanted
    spec = state.spec
    return layer if layer < spec.num_layers else -1, direction if direction < spec.directions else 0


def _matters(old: DocumentState, new: DocumentState) -> bool:
    """Whether the analysis depends on what differs: all but the title and the training."""
    return not (
        old.parameters is new.parameters
        and old.spec == new.spec
        and old.vocabulary is new.vocabulary
        and old.text == new.text
        and old.silent == new.silent
        and old.reads == new.reads
        and old.initial is new.initial
        and old.interventions == new.interventions
    )


def _analyse(state: DocumentState, window: tuple[int, int], lender: e.Analysis | None = None) -> e.Analysis:
    return e.analyse(
        state.spec,
        state.parameters,
        state.x,
        state.y,
        steps=window,
        interventions=state.interventions,
        initial_state=state.initial,
        lender=lender,
    )


def _with_found(moment: Moment, found: Later, *, stale: bool) -> Moment:
    """Put in what was found; the spectra only if they are still those that are looked at."""
    analysis = replace(moment.analysis, flow=found.flow, verdict=found.verdict)
    spectra = found.spectra if found.focus == moment.focus else moment.spectra
    return replace(moment, analysis=analysis, spectra=spectra, stale=stale)
