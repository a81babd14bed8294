"""The dialogue in which playback, or a run of training, becomes an animation."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.board import figure_of
from rnnviz.app.film import TRAINING_RATE, Playing, usual_every
from rnnviz.app.filming import Filming
from rnnviz.app.recording import learnt, played
from rnnviz.export import LARGEST_FILM, MOVIES, Look
from rnnviz.figures.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QImage

    from rnnviz.app.window import MainWindow
    from rnnviz.panels.base.panel import Panel

STEPS, STAGES, UPDATES = "steps", "stages", "updates"
SIZES = {"1280 × 720": 1.0, "1920 × 1080": 1.5}
USUAL = ".gif"
FASTEST, MOST_UPDATES = 50, 1_000_000

WHAT = "What the animation shows: one panel, or all panels in sight as they stand"
OVER = (
    "What changes from frame to frame: the step t, also in slow motion by its stages, or the weights W and b "
    "in a run of training from where they are now; the document stays as it is"
)
UPDATES_TIP = "How many updates of the weights the animation shows"
EVERY = "Every how many updates there is a frame"
RATE = "How many frames are shown in a second"
SIZE = "The animation's width and height in dots"
FORMAT = (
    "GIF is shown everywhere, in 255 colours; WebP and animated PNG keep every colour; MP4 is a video for "
    "presentations"
)


class AnimationDialog(QDialog):
    """Asks for an animation and makes it, beside the interface.

    told(str, bool): a sentence for the user, and whether it is good news.
    """

    told = Signal(str, bool)

    def __init__(self, window: MainWindow, first: Panel | None = None) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle("Export animation")
        self.setMinimumWidth(420)
        self._window, self._session = window, window.contents.session
        self.filming: Filming | None = None
        self.what, self.over, self.size_, self.suffix = (QComboBox() for _ in range(4))
        self.updates, self.every, self.rate = QSpinBox(), QSpinBox(), QSpinBox()
        self.facts, self.bar = QLabel(), QProgressBar()
        self.export_, self.cancel = QPushButton("Export…"), QPushButton("Close")
        self._fill(first)
        self._lay_out()
        self._connect()
        self._on_over_changed()

    @property
    def panel(self) -> Panel | None:
        """The panel to show, None for all that are in sight."""
        panel: Panel | None = self.what.currentData()
        return panel

    @property
    def count(self) -> int:
        """How many frames there will be."""
        playback = self._session.playback
        if self.over.currentData() == UPDATES:
            return 1 + -(-self.updates.value() // self.every.value())
        return max(1, playback.steps * (playback.stages if self.over.currentData() == STAGES else 1))

    @property
    def look(self) -> Look:
        """How each frame looks: as a slide does."""
        form = FORMATS["16:9"]
        return Look(form.pixels, self._window.theme, self.size_.currentData(), form.points)

    def _fill(self, first: Panel | None) -> None:
        for panel in self._window.contents.visible_panels():
            if figure_of(panel) is not None:
                self.what.addItem(panel.title, panel)
        self.what.addItem("All panels in sight", None)
        titles = [self.what.itemText(n) for n in range(self.what.count())]
        if first is not None and first.title in titles:
            self.what.setCurrentIndex(titles.index(first.title))
        self.over.addItem("the steps of the sequence", STEPS)
        self.over.addItem("the stages of each step", STAGES)
        self.over.addItem("updates of training", UPDATES)
        for words, scale in SIZES.items():
            self.size_.addItem(words, scale)
        for suffix, movie in MOVIES.items():
            self.suffix.addItem(movie.title, suffix)
        self.suffix.setCurrentIndex(self.suffix.findData(USUAL))
        self.updates.setRange(1, MOST_UPDATES)
        self.updates.setValue(100)
        self.updates.setGroupSeparatorShown(True)
        self.every.setRange(1, MOST_UPDATES)
        self.rate.setRange(1, FASTEST)
        self.rate.setSuffix(" frames a second")

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        rows: tuple[tuple[str, QWidget, str], ...] = (
            ("what", self.what, WHAT),
            ("shows", self.over, OVER),
            ("updates", self.updates, UPDATES_TIP),
            ("a frame every", self.every, EVERY),
            ("speed", self.rate, RATE),
            ("size", self.size_, SIZE),
            ("format", self.suffix, FORMAT),
        )
        for words, widget, tip in rows:
            widget.setToolTip(tip)
            widget.setAccessibleName(words)
            form.addRow(words, widget)
        self.facts.setWordWrap(True)
        self.facts.setProperty("class", "note")
        self.bar.setVisible(False)
        self.bar.setToolTip("How much of the animation is made")
        self.export_.setDefault(True)
        self.export_.setToolTip("Choose a file and write the animation into it")
        self.cancel.setToolTip("Close; while an animation is made, give it up and leave the file as it was")
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        buttons.addWidget(self.export_)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 16)
        box.setSpacing(12)
        box.addLayout(form)
        box.addWidget(self.facts)
        box.addWidget(self.bar)
        box.addLayout(buttons)

    def _connect(self) -> None:
        self.over.currentIndexChanged.connect(self._on_over_changed)
        self.what.currentIndexChanged.connect(self._read_back)
        self.size_.currentIndexChanged.connect(self._read_back)
        self.updates.valueChanged.connect(self._on_updates_changed)
        for spin in (self.every, self.rate):
            spin.valueChanged.connect(self._read_back)
        self.export_.clicked.connect(self.export)
        self.cancel.clicked.connect(self.reject)

    def _on_over_changed(self) -> None:
        training = self.over.currentData() == UPDATES
        rate = TRAINING_RATE if training else Playing().rate(self._session)
        self.rate.setValue(round(rate))
        self._read_back()

    def _on_updates_changed(self, updates: int) -> None:
        self.every.setValue(usual_every(updates))
        self._read_back()

    def _read_back(self) -> None:
        """Say how long it will be, or why it cannot be made."""
        training = self.over.currentData() == UPDATES
        self.updates.setEnabled(training)
        self.every.setEnabled(training)
        why = self._refusal()
        seconds = self.count / self.rate.value()
        self.facts.setText(why or f"{self.count:,} frames, {seconds:,.1f} s")
        self.export_.setEnabled(not why and self.filming is None)

    def _refusal(self) -> str:
        across, down = self.look.dots
        if self.over.currentData() == UPDATES and self.panel is None:
            return "Training is shown in one panel; choose which."
        if self.count * across * down > LARGEST_FILM:
            most = LARGEST_FILM // (across * down)
            return f"{self.count:,} frames are too many, the most of this size is {most:,}."
        if self.over.currentData() == UPDATES:
            return ""
        if not self._session.playback.steps:
            return "The sequence has no steps; type a longer one."
        if self._session.training.is_active:
            return "The network is learning, so no two frames would show the same one; pause it first."
        return ""

    def export(self) -> None:
        """Ask for a file and begin."""
        suffix = self.suffix.currentData()
        name = "rnnviz" if self.panel is None else self.panel.name
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Export animation", f"{name}{suffix}", f"{MOVIES[suffix].title} (*{suffix})"
        )
        if chosen:
            path = Path(chosen)
            self.begin(path if path.suffix.lower() == suffix else path.with_name(path.name + suffix))

    def begin(self, path: Path) -> None:
        """Make the animation; what it shows is asked from the window between its own events."""
        self.filming = Filming(self._images(), self.count, Fraction(self.rate.value()), path, self)
        self.filming.progressed.connect(self._on_progressed)
        self.filming.finished.connect(self._on_finished)
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self.filming.stop)
        for widget in (self.what, self.over, self.updates, self.every, self.rate, self.size_, self.suffix):
            widget.setEnabled(False)
        self.export_.setEnabled(False)
        self.cancel.setText("Cancel")
        self.bar.setVisible(True)
        self.filming.start()

    def _images(self) -> Iterator[QImage]:
        if self.over.currentData() == UPDATES and self.panel is not None:
            updates, every = self.updates.value(), self.every.value()
            return learnt(self._session, self.panel, updates, every, self.look, self._complain)
        slow = self.over.currentData() == STAGES
        return played(self._session, self.panel or self._window, slow=slow, look=self.look)

    def _complain(self, sentence: str) -> None:
        self.told.emit(sentence, False)

    def _on_progressed(self, done: int, whole: int) -> None:
        self.bar.setMaximum(whole)
        self.bar.setValue(done)

    def _on_finished(self, sentence: str, good: bool) -> None:
        self.filming = None
        if sentence:
            self.told.emit(sentence, good)
        self.done(QDialog.DialogCode.Accepted if good else QDialog.DialogCode.Rejected)

    def reject(self) -> None:
        """Close; an animation that is being made is given up first, and then the dialogue closes."""
        if self.filming is None:
            super().reject()
        else:
            self.cancel.setEnabled(False)
            self.filming.cancel()
