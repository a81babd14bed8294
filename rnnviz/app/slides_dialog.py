"""The dialogue in which panels become the slides of a presentation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
)

from rnnviz.app.board import figure_of
from rnnviz.app.slides import figure_named, source_of
from rnnviz.export import ExportError
from rnnviz.export.pptx import Deck, Slide
from rnnviz.figures.theme import THEMES
from rnnviz.panels import PANELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.app.window import MainWindow

SUFFIX = ".pptx"
CHOSEN = "A slide for each panel that is ticked; those in sight come with what is chosen in them"
COLOURS = "The colours of the slides; every quantity keeps its own in all of them"
NAME = Qt.ItemDataRole.UserRole


class SlidesDialog(QDialog):
    """Asks for panels and makes slides of them, one between the interface's events.

    told(str, bool): a sentence for the user, and whether it is good news.
    """

    told = Signal(str, bool)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle("Export slides")
        self.resize(420, 480)
        self._window, self._session = window, window.contents.session
        self.panels, self.theme, self.bar = QListWidget(), QComboBox(), QProgressBar()
        self.export_, self.cancel = QPushButton("Export…"), QPushButton("Close")
        self._slides: Iterator[Slide] | None = None
        self._deck: Deck | None = None
        self._path = Path()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_tick)
        self.panels.setSpacing(2)
        self._fill()
        self._lay_out()
        self.panels.itemChanged.connect(self._read_back)
        self.export_.clicked.connect(self.export)
        self.cancel.clicked.connect(self.reject)

    @property
    def chosen(self) -> list[str]:
        """The names of the panels that are ticked, in their order."""
        items = [self.panels.item(n) for n in range(self.panels.count())]
        return [item.data(NAME) for item in items if item.checkState() == Qt.CheckState.Checked]

    def _fill(self) -> None:
        shown = {panel.name: figure_of(panel) for panel in self._window.contents.visible_panels()}
        seen = {name for name, figure in shown.items() if figure is not None and figure.plots}
        docks = self._window.contents.docks
        for name in sorted(PANELS, key=lambda name: name not in seen):
            item = QListWidgetItem(docks[name].panel.title)
            item.setData(NAME, name)
            item.setCheckState(Qt.CheckState.Checked if name in seen else Qt.CheckState.Unchecked)
            self.panels.addItem(item)
        for name, theme in THEMES.items():
            self.theme.addItem(theme.title, name)
        self.theme.setCurrentIndex(self.theme.findData(self._window.theme.name))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        for words, widget, tip in (("panels", self.panels, CHOSEN), ("colours", self.theme, COLOURS)):
            widget.setToolTip(tip)
            widget.setAccessibleName(words)
            form.addRow(words, widget)
        self.bar.setVisible(False)
        self.bar.setToolTip("How many slides are made")
        self.export_.setDefault(True)
        self.export_.setToolTip("Choose a file and write the slides, with charts that can be edited, into it")
        self.cancel.setToolTip("Close; while slides are made, give them up and leave the file as it was")
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        buttons.addWidget(self.export_)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 16)
        box.setSpacing(12)
        box.addLayout(form)
        box.addWidget(self.bar)
        box.addLayout(buttons)

    def _read_back(self) -> None:
        self.export_.setEnabled(bool(self.chosen) and self._slides is None)

    def export(self) -> None:
        """Ask for a file and begin."""
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Export slides", f"rnnviz{SUFFIX}", f"PowerPoint slides (*{SUFFIX})"
        )
        if chosen:
            path = Path(chosen)
            self.begin(path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX))

    def begin(self, path: Path) -> None:
        """Make the slides."""
        self._session.catch_up()
        try:
            self._deck = Deck(THEMES[self.theme.currentData()])
        except ExportError as error:
            self._end(str(error), good=False)
            return
        self._path, self._slides = path, self._made(self.chosen)
        self.panels.setEnabled(False)
        self.theme.setEnabled(False)
        self.export_.setEnabled(False)
        self.cancel.setText("Cancel")
        self.bar.setMaximum(len(self.chosen))
        self.bar.setVisible(True)
        self._timer.start()

    def _made(self, names: list[str]) -> Iterator[Slide]:
        """Yield what each panel shows; of those out of sight what they would show at first."""
        source = source_of(self._session)
        for name in names:
            panel = self._window.contents.docks[name].panel
            shown = figure_of(panel) if panel.isVisible() else None
            yield Slide(shown or figure_named(self._session, name), source)

    def _on_tick(self) -> None:
        assert self._slides is not None
        assert self._deck is not None
        try:
            slide = next(self._slides, None)
            if slide is None:
                self._deck.write(self._path)
                self._end(f"Exported {self._path}.", good=True)
                return
            self._deck.add(slide)
        except ExportError as error:
            self._end(str(error), good=False)
            return
        self.bar.setValue(self.bar.value() + 1)

    def _end(self, sentence: str, *, good: bool) -> None:
        self._timer.stop()
        self.told.emit(sentence, good)
        self.done(QDialog.DialogCode.Accepted if good else QDialog.DialogCode.Rejected)

    def reject(self) -> None:
        """Close; slides that are being made are given up."""
        self._timer.stop()
        super().reject()
