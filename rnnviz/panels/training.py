"""The training panel: train, pause, step and reset, and watch the loss and the gradients of every update."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QSignalBlocker
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from rnnviz.engine import OPTIMIZERS
from rnnviz.figures.gallery.training import training as draw_training
from rnnviz.panels._registry import register
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.chart_panel import ChartPanel
from rnnviz.panels.base.curves import TrainingCurves
from rnnviz.panels.base.live_label import LiveLabel
from rnnviz.session import edits
from rnnviz.session.errors import EditError
from rnnviz.session.settings import MAX_BATCH, MAX_RATE, WINDOWS

if TYPE_CHECKING:
    from rnnviz.figures.model import Figure
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session

CONTROLS_WIDTH = 316
MEASURED_EVERY = 500  # milliseconds between two measurements of the speed, so that its figure can be read
STATES = {
    "idle": "Not trained yet",
    "starting": "Starting…",
    "running": "Training",
    "paused": "Paused",
    "stopped": "Stopped",
    "failed": "Failed",
}


@register("training")
class TrainingPanel(ChartPanel):
    """Loss and gradient norms beside the controls of the run."""

    follows_edits = False

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        self.training = session.training
        self._curves = TrainingCurves()
        self._clock = QElapsedTimer()
        self._clock.start()
        self._counted, self._speed = 0, 0.0
        self.controls = QWidget()
        self.controls.setFixedWidth(CONTROLS_WIDTH)
        super().__init__(session, theme, parent)
        column = QVBoxLayout(self.controls)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._buttons())
        column.addLayout(self._settings())
        column.addLayout(self._looks())
        self.status = LiveLabel()
        self.status.setProperty("class", "note")
        column.addWidget(self.status)
        column.addStretch(1)
        self.training.state_changed.connect(self._on_state_changed)
        self.training.progressed.connect(self._on_progressed)
        self.training.troubled.connect(self.refused)
        self._on_state_changed(self.training.run.state)
        self._read_back()

    def lay_out(self) -> None:
        """Put the controls beside the charts."""
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(self.room, 1)
        row.addWidget(self.controls)
        self.box.addLayout(row, 1)

    def draw(self, scene: Scene) -> Figure:
        """Return the curves in the look that was chosen."""
        return draw_training(
            scene,
            log=self.log.isChecked(),
            raw=self.raw.isChecked(),
            smooth=self.smooth.isChecked(),
        )

    @property
    def scene(self) -> Scene:
        """What there is to show now, the curves of training with it."""
        clip = self.session.document.state.settings.clip
        return replace(super().scene, curves=self._curves.of(self.training.record, clip))

    def _buttons(self) -> QHBoxLayout:
        self.train = tool_button(
            "Train",
            "primary",
            "Train, or pause: one update after another, by gradient descent W ← W − η ∂L/∂W or another rule",
            checked=False,
        )
        self.step = tool_button(
            "Step", "", "Make a single update: forward, loss, backpropagation through time, update"
        )
        self.reset = tool_button("Reset", "", "Return to the weights that training began with")
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self.train, self.step, self.reset):
            row.addWidget(button)
        row.addStretch(1)
        self.train.clicked.connect(self._on_train)
        self.step.clicked.connect(self.training.step_once)
        self.reset.clicked.connect(self.training.reset)
        return row

    def _settings(self) -> QGridLayout:
        self.rate = QDoubleSpinBox()
        self.rate.setDecimals(6)
        self.rate.setRange(1e-6, MAX_RATE)
        self.rate.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.rate.setToolTip("The learning rate η: how far an update goes, as in W ← W − η ∂L/∂W")
        self.optimizer = QComboBox()
        for name, optimizer in OPTIMIZERS.items():
            self.optimizer.addItem(optimizer.title, name)
        self.optimizer.setToolTip(
            "The optimiser: how an update follows from ∂L/∂W, and from those before it; each begins at its "
            "own rate η"
        )
        self.clip = QDoubleSpinBox()
        self.clip.setDecimals(3)
        self.clip.setRange(0.0, 1e6)
        self.clip.setSpecialValueText("none")
        self.clip.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.clip.setToolTip(
            "The longest gradient: a longer one is scaled down to this norm before an update"
        )
        self.batch, self.window_steps = QSpinBox(), QSpinBox()
        self.batch.setRange(1, MAX_BATCH)
        self.batch.setToolTip("How many windows of the text an update learns from")
        self.window_steps.setRange(*WINDOWS)
        self.window_steps.setToolTip("How many steps a window of the text has")
        self.source = QComboBox()
        self.source.addItem("sequence", "sequence")
        self.source.addItem("text", "text")
        self.source.setToolTip(
            "What is learnt: the sequence above, or windows of the text file that was opened"
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        entries: tuple[tuple[str, QWidget, str], ...] = (
            ("by", self.optimizer, "Optimiser"),
            ("rate η", self.rate, "Rate η"),
            ("learn", self.source, "What is learnt"),
            ("clip", self.clip, "Clip"),
            ("batch", self.batch, "Batch"),
            ("window", self.window_steps, "Window"),
        )
        for n, (words, box, name) in enumerate(entries):
            box.setAccessibleName(name)
            grid.addWidget(QLabel(words), n // 2, 2 * (n % 2))
            grid.addWidget(box, n // 2, 2 * (n % 2) + 1)
        grid.setColumnStretch(1, 6)
        grid.setColumnStretch(3, 5)
        for spin in (self.rate, self.clip, self.batch, self.window_steps):
            spin.setKeyboardTracking(False)
            spin.valueChanged.connect(self._on_setting)
        self.source.currentIndexChanged.connect(self._on_setting)
        self.optimizer.activated.connect(self._on_optimizer)
        return grid

    def _looks(self) -> QHBoxLayout:
        self.log, self.raw, self.smooth = (QCheckBox(words) for words in ("log", "raw", "smooth"))
        row = QHBoxLayout()
        for box, tip in (
            (self.log, "Logarithmic axes"),
            (self.raw, "The loss of every update"),
            (self.smooth, "The mean loss of the latest updates"),
        ):
            box.setChecked(True)
            box.setToolTip(tip)
            box.toggled.connect(self.refresh)
            row.addWidget(box)
        row.addStretch(1)
        return row

    def _on_train(self) -> None:
        self.training.toggle()
        self._on_state_changed(self.training.run.state)

    def _on_setting(self) -> None:
        document = self.session.document
        try:
            state = edits.with_settings(
                document.state,
                rate=self.rate.value(),
                clip=self.clip.value() or None,
                batch=self.batch.value(),
                window=self.window_steps.value(),
                source=self.source.currentData(),
            )
        except EditError as error:
            self.refused.emit(str(error))
            return
        document.edit(state, "Change the training", merge="training")

    def _on_optimizer(self, index: int) -> None:
        document = self.session.document
        state = edits.with_settings(document.state, optimizer=self.optimizer.itemData(index))
        document.edit(state, f"Learn by {self.optimizer.itemText(index)}")

    def _on_state_changed(self, state: str) -> None:
        active = self.training.is_active
        self._clock.restart()
        self._counted, self._speed = self.session.document.state.updates, 0.0
        self.train.setChecked(active)
        self.train.setText("Pause" if active else "Train")
        self.step.setEnabled(not active)
        self._say(state)

    def _say(self, state: str) -> None:
        speed = f" · {self._speed:,.0f} updates/s" if state == "running" and self._speed else ""
        self.status.setText(f"{STATES[state]}{speed}")

    def _on_progressed(self) -> None:
        """Show the curves, and twice a second how fast they grow."""
        elapsed = self._clock.elapsed()
        updates = self.session.document.state.updates
        if elapsed >= MEASURED_EVERY:
            self._speed = max(0, updates - self._counted) * 1000.0 / elapsed
            self._counted = updates
            self._clock.restart()
            self._say(self.training.run.state)
        self.refresh()

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.state.settings is not new.state.settings or old.state.corpus is not new.state.corpus:
            self._read_back()
        if old.state.vocabulary is not new.state.vocabulary or old.notation != new.notation:
            self.refresh()

    def _read_back(self) -> None:
        state = self.session.document.state
        settings = state.settings
        boxes = (self.optimizer, self.rate, self.clip, self.batch, self.window_steps, self.source)
        blockers = [QSignalBlocker(box) for box in boxes]
        self.optimizer.setCurrentIndex(self.optimizer.findData(settings.optimizer))
        self.rate.setValue(settings.rate)
        self.clip.setValue(settings.clip or 0.0)
        self.batch.setValue(settings.batch)
        self.window_steps.setValue(settings.window)
        self.source.setCurrentIndex(self.source.findData(settings.source))
        for blocker in blockers:
            blocker.unblock()
        self.source.setEnabled(state.corpus is not None)
        from_text = settings.source == "text"
        self.batch.setEnabled(from_text)
        self.window_steps.setEnabled(from_text)
