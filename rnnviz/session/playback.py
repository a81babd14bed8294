"""The playhead, how it moves by itself, and what is looked at there: layer, direction, what is picked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from rnnviz.session.zoom import fitted, following, is_usual

if TYPE_CHECKING:
    from rnnviz.engine.selection import Selection
    from rnnviz.session.sight import Sight
    from rnnviz.session.zoom import Columns

SPEEDS = (1, 2, 4, 8, 16, 30, 60)
"""Steps a second to choose from."""

_DEFAULT_SPEED = 4


class Playback(QObject):
    """A playhead over `steps` time steps, counted from 0; it is 0 when there are none.

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
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_interval(self._speed))
        self._timer.timeout.connect(self._on_timeout)

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
        return self._timer.isActive()

    @property
    def loop(self) -> bool:
        """Whether the first step follows the last."""
        return self._loop

    @property
    def speed(self) -> int:
        """Steps a second, one of `SPEEDS`."""
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
        if steps < 2:
            self.pause()

    def set_loop(self, loop: bool) -> None:
        """Choose whether the first step follows the last."""
        if loop != self._loop:
            self._loop = loop
            self.loop_changed.emit(loop)

    def set_speed(self, speed: int) -> None:
        """Choose the steps a second; raises ValueError for one that is not in `SPEEDS`."""
        if speed not in SPEEDS:
            raise ValueError(f"The speed must be one of {SPEEDS}, not {speed}.")
        if speed != self._speed:
            self._speed = speed
            self._timer.setInterval(_interval(speed))
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
        """Let the playhead move, from the start if it is at the end; fewer than two steps cannot play."""
        if self.playing or self._steps < 2:
            return
        if self._is_at_end:
            self.first()
        self._timer.start()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Let the playhead stand where it is."""
        if self.playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def next(self) -> None:
        """Pause and go one step on, past the end only in a loop."""
        self.pause()
        self._move(1)

    def previous(self) -> None:
        """Pause and go one step back, past the start only in a loop."""
        self.pause()
        self._move(-1)

    def first(self) -> None:
        """Go to the first step."""
        self.seek(0)

    def last(self) -> None:
        """Go to the last step."""
        self.seek(self._steps - 1)

    def seek(self, step: int) -> None:
        """Go to a step, or to the nearest that exists."""
        step = max(0, min(step, self._steps - 1))
        if step != self._step:
            self._step = step
            if self._columns is not None:
                self._columns = following(self._columns, self._steps, step)
            self.step_changed.emit(step)

    @property
    def _is_at_end(self) -> bool:
        return self._step >= self._steps - 1

    def _move(self, by: int) -> None:
        wrapped = (self._step + by) % max(1, self._steps)
        self.seek(wrapped if self._loop else self._step + by)

    def _on_timeout(self) -> None:
        self._move(1)
        if self._is_at_end and not self._loop:
            self.pause()


def _interval(speed: int) -> int:
    """Return the milliseconds between two steps."""
    return round(1000 / speed)
