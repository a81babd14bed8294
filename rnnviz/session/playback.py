"""The playhead, how it moves by itself, and what is looked at there: layer, direction, what is picked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rnnviz.session.metronome import Metronome
from rnnviz.session.place import Course, Place
from rnnviz.session.zoom import fitted, following, is_usual

if TYPE_CHECKING:
    from rnnviz.engine.notation import Notation
    from rnnviz.engine.selection import Selection
    from rnnviz.session.sight import Sight
    from rnnviz.session.zoom import Columns

SPEEDS = (1, 2, 4, 8, 16, 30, 60)
"""Steps a second, in slow motion stages a second, to choose from."""

_DEFAULT_SPEED = 4


class Playback(QObject):
    """A playhead over `steps` time steps, counted from 0; it is 0 when there are none.

    In slow motion it goes through the `stages` of every step, one where it would go a step.

    It is not part of the document: moving it cannot be undone. Every signal means that the value has changed.
    """

    step_changed = Signal(int)
    steps_changed = Signal(int)
    playing_changed = Signal(bool)
    loop_changed = Signal(bool)
    speed_changed = Signal(int)
    focus_changed = Signal(int, int)  # layer, direction
    sight_changed = Signal(str)  # which sequence
    selection_changed = Signal(object)  # Selection or None
    notation_changed = Signal(str)
    slow_changed = Signal(bool)
    stage_changed = Signal(object)  # int, or None
    columns_changed = Signal()  # but not if they only follow the step, or the number of steps

    def __init__(self, steps: int = 0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self._step = 0
        self._loop = False
        self._speed = _DEFAULT_SPEED
        self._focus = (-1, 0)
        self._sight: Sight = "a"
        self._columns: Columns | None = None
        self._selection: Selection | None = None
        self._notation: Notation = "weights"
        self._stages = 1
        self._stage: int | None = None
        self._metronome = Metronome(self._speed, self)
        self._metronome.ticked.connect(self._on_ticked)

    @property
    def step(self) -> int:
        """The playhead, 0 … steps − 1."""
        return self._step

    @property
    def steps(self) -> int:
        """How many time steps there are."""
        return self._steps

    @property
    def playing(self) -> bool:
        """Whether the playhead moves by itself."""
        return self._metronome.running

    @property
    def loop(self) -> bool:
        """Whether the first step follows the last."""
        return self._loop

    @property
    def speed(self) -> int:
        """Steps a second, or stages in slow motion, one of `SPEEDS`."""
        return self._speed

    @property
    def focus(self) -> tuple[int, int]:
        """The layer and the direction looked at, from 0; layer −1 is the top one, however many there are."""
        return self._focus

    @property
    def sight(self) -> Sight:
        """Which sequence is looked at; the first, whatever is chosen, if there is no second."""
        return self._sight

    @property
    def columns(self) -> Columns | None:
        """The steps that figures over time show, None for those that are shown if nobody chooses."""
        return self._columns

    @property
    def selection(self) -> Selection | None:
        """What is picked, to be marked wherever it is shown; None for nothing."""
        return self._selection

    @property
    def notation(self) -> Notation:
        """The notation in which symbols are written."""
        return self._notation

    @property
    def slow(self) -> bool:
        """Whether the playhead goes through the stages of each step."""
        return self._stage is not None

    @property
    def stage(self) -> int | None:
        """The stage of the step that has been reached, from 0; None if steps are shown whole."""
        return self._stage

    @property
    def stages(self) -> int:
        """How many stages a step has."""
        return self._stages

    def set_notation(self, notation: Notation) -> None:
        """Choose how symbols are written."""
        if notation != self._notation:
            self._notation = notation
            self.notation_changed.emit(notation)

    def set_stages(self, stages: int) -> None:
        """Say how many stages a step has now; the last one takes the place of one that is gone."""
        self._stages = stages
        if self._stage is not None:
            self._go(Place(self._step, min(self._stage, stages - 1)))

    def set_slow(self, slow: bool) -> None:
        """Go through the stages of each step, from the first one of this step; or show steps whole."""
        if slow != self.slow:
            self._stage = 0 if slow else None
            self.slow_changed.emit(slow)
            self.stage_changed.emit(self._stage)
            self._pause_if_stuck()

    def seek_stage(self, stage: int) -> None:
        """Go to a stage of this step, or to the nearest that exists; nothing if steps are shown whole."""
        if self._stage is not None:
            self._go(Place(self._step, max(0, min(stage, self._stages - 1))))

    def select(self, selection: Selection | None) -> None:
        """Pick something, or nothing."""
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit(selection)

    def show_columns(self, columns: Columns | None) -> None:
        """Choose the steps that figures over time show; the playhead may be elsewhere until it moves."""
        if columns is not None and is_usual(columns, self._steps):
            columns = None
        if columns != self._columns:
            self._columns = columns
            self.columns_changed.emit()

    def set_steps(self, steps: int) -> None:
        """Say how many steps there are now; the playhead keeps its place if that is still there."""
        if self._columns is not None:
            self._columns = fitted(self._columns, steps, self._steps)
        if steps != self._steps:
            self._steps = steps
            self.steps_changed.emit(steps)
        self.seek(self._step)
        self._pause_if_stuck()

    def set_loop(self, loop: bool) -> None:
        """Choose whether the first step follows the last."""
        if loop != self._loop:
            self._loop = loop
            self.loop_changed.emit(loop)

    def set_speed(self, speed: int) -> None:
        """Choose the steps, or stages, a second; raises ValueError for one that is not in `SPEEDS`."""
        if speed not in SPEEDS:
            raise ValueError(f"The speed must be one of {SPEEDS}, not {speed}.")
        if speed != self._speed:
            self._speed = speed
            self._metronome.set_rate(speed)
            self.speed_changed.emit(speed)

    def look_at(self, layer: int, direction: int) -> None:
        """Choose the layer and the direction to look at."""
        if (layer, direction) != self._focus:
            self._focus = (layer, direction)
            self.focus_changed.emit(layer, direction)

    def look_at_sequence(self, sight: Sight) -> None:
        """Choose the sequence to look at, or how the second one differs from the first."""
        if sight != self._sight:
            self._sight = sight
            self.sight_changed.emit(sight)

    def play(self) -> None:
        """Let the playhead move, from the start if it is at the end; with nowhere to go it cannot play."""
        if self.playing or self._course.total < 2:
            return
        if self._is_at_end:
            self.first()
        self._metronome.start()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Let the playhead stand where it is."""
        if self.playing:
            self._metronome.stop()
            self.playing_changed.emit(False)

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def next(self) -> None:
        """Pause and go one step, or stage, on, past the end only in a loop."""
        self.pause()
        self._move(1)

    def previous(self) -> None:
        """Pause and go one step, or stage, back, past the start only in a loop."""
        self.pause()
        self._move(-1)

    def first(self) -> None:
        """Go to the first step, in slow motion to its first stage."""
        self._go(self._course.first)

    def last(self) -> None:
        """Go to the last step, in slow motion to its last stage."""
        self._go(self._course.last)

    def seek(self, step: int) -> None:
        """Go to a step, or to the nearest that exists; the stage stays."""
        self._go(Place(max(0, min(step, self._steps - 1)), self._stage))

    @property
    def _course(self) -> Course:
        return Course(self._steps, self._stages, self.slow)

    @property
    def _place(self) -> Place:
        return Place(self._step, self._stage)

    @property
    def _is_at_end(self) -> bool:
        return self._place >= self._course.last

    def _move(self, by: int) -> None:
        self._go(self._course.moved(self._place, by, loop=self._loop))

    def _go(self, place: Place) -> None:
        """Go to a place; whoever hears of its step can already read its stage."""
        old, (self._step, self._stage) = self._place, place
        if place.step != old.step:
            if self._columns is not None:
                self._columns = following(self._columns, self._steps, place.step)
            self.step_changed.emit(place.step)
        if place.stage != old.stage:
            self.stage_changed.emit(place.stage)

    def _pause_if_stuck(self) -> None:
        if self._course.total < 2:
            self.pause()

    def _on_ticked(self) -> None:
        self._move(1)
        if self._is_at_end and not self._loop:
            self.pause()
