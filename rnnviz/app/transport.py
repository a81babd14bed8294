"""The transport: step, play, loop, scrub and speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from rnnviz.app.icons import icon
from rnnviz.panels.base.buttons import join
from rnnviz.session.playback import SPEEDS

HANDLE = 14  # pixels of the slider's handle

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QMouseEvent

    from rnnviz.app.actions import Actions
    from rnnviz.figures.theme import Theme
    from rnnviz.session.playback import Playback


class ScrubSlider(QSlider):
    """A slider whose handle comes to where its groove is pressed, and then follows the mouse."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump first, so that the press is one of the handle."""
        share = (event.position().x() - HANDLE / 2) / max(1.0, self.width() - HANDLE)
        self.setValue(round(self.minimum() + share * (self.maximum() - self.minimum())))
        super().mousePressEvent(event)


class Transport(QWidget):
    """Buttons of the playback actions, the step as text and as a slider, and the speed."""

    def __init__(self, playback: Playback, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.playback = playback
        self._play = actions["play"]
        self.setObjectName("transport")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        names = ("first", "previous", "play", "next", "last", "loop", "slow")
        for button in join([_button(actions[name]) for name in names]):
            row.addWidget(button)
        row.addSpacing(8)
        self.place = QLabel()
        self.place.setProperty("class", "figures")
        row.addWidget(self.place)
        row.addSpacing(8)
        self.slider = ScrubSlider(Qt.Orientation.Horizontal)
        self.slider.setFixedWidth(90)
        self.slider.setToolTip("Scrub: move the playhead t through the sequence")
        self.slider.setAccessibleName("Playhead")
        row.addWidget(self.slider)
        row.addSpacing(8)
        self.speed = QComboBox()
        self.speed.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for speed in SPEEDS:
            self.speed.addItem(_speed(speed), speed)
        self.speed.setToolTip("Speed of playing, in steps a second; in slow motion in stages a second")
        self.speed.setAccessibleName("Speed")
        row.addWidget(self.speed)
        self.slider.valueChanged.connect(self._on_slider_moved)
        self.speed.currentIndexChanged.connect(self._on_speed_chosen)
        playback.step_changed.connect(self._read_back)
        playback.steps_changed.connect(self._read_back)
        playback.playing_changed.connect(self._on_playing_changed)
        playback.speed_changed.connect(self._on_speed_changed)
        playback.slow_changed.connect(self._on_slow_changed)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._on_speed_changed(playback.speed)
        self._on_slow_changed(playback.slow)
        self.set_theme(theme)
        self._read_back()

    def set_theme(self, theme: Theme) -> None:
        """Draw the play button in other colours."""
        self._icons = {playing: icon("pause" if playing else "play", theme) for playing in (False, True)}
        self._on_playing_changed(self.playback.playing)

    def _on_playing_changed(self, playing: bool) -> None:
        self._play.setIcon(self._icons[playing])
        self._play.setChecked(playing)
        self._play.setText("Pause" if playing else "Play")

    def _on_slider_moved(self, value: int) -> None:
        self.playback.seek(value - 1)

    def _on_speed_chosen(self, index: int) -> None:
        self.playback.set_speed(self.speed.itemData(index))

    def _on_speed_changed(self, speed: int) -> None:
        with QSignalBlocker(self.speed):
            self.speed.setCurrentIndex(self.speed.findData(speed))

    def _on_slow_changed(self, slow: bool) -> None:
        for index, speed in enumerate(SPEEDS):
            self.speed.setItemText(index, _speed(speed, slow=slow))

    def _read_back(self) -> None:
        steps, step = self.playback.steps, self.playback.step
        widest = self.place.fontMetrics().horizontalAdvance(f"t = {steps:,} / {steps:,}")
        self.place.setMinimumWidth(widest)  # so that nothing moves while it counts
        self.place.setText(f"t = {min(step + 1, steps):,} / {steps:,}")
        with QSignalBlocker(self.slider):
            self.slider.setRange(1, max(1, steps))
            self.slider.setValue(step + 1)
        self.slider.setEnabled(steps > 1)


def _speed(speed: int, *, slow: bool = False) -> str:
    return f"{speed} {'stages' if slow else 'steps'}/s"


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    return button
