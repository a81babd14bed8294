"""The dialogue in which a picture, its numbers or the network are exported, with a preview of the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressDialog,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.clipboard import copy_data, copy_picture, copy_text
from rnnviz.app.export_form import ExportForm
from rnnviz.app.export_preview import Preview
from rnnviz.app.export_what import NetworkText, What
from rnnviz.export import EXPORTERS, ExportError, csv
from rnnviz.export._movies import Cancelled
from rnnviz.export.board import Board

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from rnnviz.app.export_choice import ExportChoice
    from rnnviz.figures.model import Figure
    from rnnviz.session.session import Session

LARGEST = 64_000_000
"""The most dots of a picture."""
PATIENCE = 1000  # milliseconds before progress is shown
CALM = 80  # milliseconds after a change until the preview is drawn anew


class Waiting(QProgressDialog):
    """How far a long export is; it appears after a second, and can be cancelled."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(words, "Cancel", 0, 100, parent)
        self.setWindowTitle("Export")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumDuration(PATIENCE)

    def tell(self, share: float) -> None:
        """Show how much is done; Cancelled if nobody wants the rest."""
        self.setValue(round(100 * share))  # this also handles what the user does
        if self.wasCanceled():
            raise Cancelled


class ExportDialog(QDialog):
    """Exports what is chosen; the choice is kept by whoever listens to `chosen`.

    told(str, bool): a sentence for the user, and whether it is good news.
    """

    chosen = Signal(str)  # an ExportChoice as text
    told = Signal(str, bool)

    def __init__(
        self, offers: Sequence[What], first: What, choice: ExportChoice, session: Session, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Export")
        self.form, self.preview, self.facts = ExportForm(offers, first, choice), Preview(), QLabel()
        self.save, self.copy, self.close_ = (QPushButton(words) for words in ("Export…", "Copy", "Close"))
        self._later = QTimer(self, singleShot=True, interval=CALM)
        self._later.timeout.connect(self._draw)
        self._lay_out()
        self.form.changed.connect(self._on_changed)
        self.save.clicked.connect(self.export)
        self.copy.clicked.connect(self.copy_it)
        self.close_.clicked.connect(self.close)
        session.moment_changed.connect(self._on_moment_changed)
        self._later.start(0)

    def _lay_out(self) -> None:
        self.facts.setWordWrap(True)
        self.facts.setProperty("class", "note")
        self.save.setDefault(True)
        self.save.setToolTip("Choose a file and write it")
        self.copy.setToolTip("Put this on the clipboard instead")
        self.close_.setToolTip("Close the dialogue; what was chosen is kept")
        buttons = QHBoxLayout()
        buttons.addWidget(self.close_)
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.save)
        side = QVBoxLayout()
        side.addWidget(self.form)
        side.addWidget(self.facts)
        side.addStretch(1)
        side.addLayout(buttons)
        box = QHBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 16)
        box.setSpacing(16)
        box.addWidget(self.preview, 1)
        box.addLayout(side)

    def _on_changed(self) -> None:
        self.chosen.emit(self.form.choice.to_text())
        self._later.start(CALM)

    def _on_moment_changed(self, _old: object, _new: object) -> None:
        self._later.start(CALM)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the preview as large as there is room."""
        super().resizeEvent(event)
        self._later.start(CALM)

    def _draw(self) -> None:
        """Show what the file will hold, and how large it will be."""
        what = self.form.shown
        try:
            if isinstance(what, NetworkText):
                self.preview.show_text(what.text())
            elif EXPORTERS[self.form.format].looks:
                self.preview.show_picture(what.picture(), self.form.look)
            else:
                self.preview.show_text(csv.table(_figure(what), Path(what.title)))
        except ExportError as error:
            self.preview.show_words(str(error))
        self.facts.setText(self._facts())

    def _facts(self) -> str:
        if isinstance(self.form.shown, NetworkText) or not EXPORTERS[self.form.format].looks:
            return ""
        look = self.form.look
        wide, high = look.inches
        paper = f"{wide:.4g} × {high:.4g} in"
        return (
            f"{look.dots[0]:,} × {look.dots[1]:,} dots, {paper}"
            if EXPORTERS[self.form.format].dots
            else paper
        )

    def export(self) -> None:
        """Ask for a file and write it."""
        what, suffix = self.form.shown, self.form.format
        dots = self.form.look.dots[0] * self.form.look.dots[1]
        if not isinstance(what, NetworkText) and EXPORTERS[suffix].dots and dots > LARGEST:
            self.told.emit(
                f"A picture of {dots / 1e6:,.0f} million dots is too large, the most is "
                f"{LARGEST // 10**6} million; choose fewer dots a pixel.",
                False,
            )
            return
        title = what.writer.title if isinstance(what, NetworkText) else EXPORTERS[suffix].title
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Export", f"{what.file_name}{suffix}", f"{title} (*{suffix})"
        )
        if chosen:
            self._write(what, _with_suffix(Path(chosen), suffix))

    def _write(self, what: What, path: Path) -> None:
        waiting = Waiting(f"Exporting {path.name} …", self)
        try:
            what.save(path, self.form.look, waiting.tell)
        except ExportError as error:
            self.told.emit(str(error), False)
            return
        except Cancelled:
            return
        finally:
            waiting.deleteLater()
        self.told.emit(f"Exported {path}.", True)
        self.accept()

    def copy_it(self) -> None:
        """Copy what the file would hold."""
        what = self.form.shown
        try:
            if isinstance(what, NetworkText):
                copy_text(what.text())
            elif EXPORTERS[self.form.format].looks:
                copy_picture(what.picture(), self.form.look)
            else:
                copy_data(_figure(what))
        except ExportError as error:
            self.told.emit(str(error), False)
            return
        self.told.emit(f"Copied: {what.title}.", True)


def _figure(what: What) -> Figure:
    """Return the one figure whose numbers are wanted."""
    picture = None if isinstance(what, NetworkText) else what.picture()
    if picture is None or isinstance(picture, Board):
        raise ExportError("Choose one panel: a table holds the numbers of one figure.")
    return picture


def _with_suffix(path: Path, suffix: str) -> Path:
    """Return the path with the suffix that says the format."""
    return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)
