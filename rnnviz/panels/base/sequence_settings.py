"""What is rarely changed about the sequence: what a token is, their order, and the initial state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QWidget,
)

from rnnviz.figures.gallery.sequence import dimensions
from rnnviz.panels.base.buttons import join, tool_button
from rnnviz.panels.base.popover import Popover, form_of
from rnnviz.panels.base.scene import scene_of
from rnnviz.panels.base.start_editor import StartEditor
from rnnviz.panels.base.tips import Tips
from rnnviz.session.reading import READINGS

if TYPE_CHECKING:
    from rnnviz.session.session import Moment, Session

GAP = 4  # pixels between the button and what opens below it

READS = {
    "characters": "An input x_t is one character; the vocabulary is made anew",
    "words": "An input x_t is one word, number or sign; the vocabulary is made anew",
    "numbers": "An input x_t is a number or several; L_t is the squared error of what is predicted",
}
CANVAS = "A line of 100 zeros to draw a signal upon with the mouse"
SHUFFLE = "Put the inputs x_t in another order, to see that h_t depends on it; another one at each click"
START = "The states h_0 that the first step starts from"


class SequenceSettings(Popover):
    """Opens below a button. reads_chosen(str): a reading.

    shuffle_asked: another order is wanted; canvas_asked: a signal to draw upon.
    """

    reads_chosen = Signal(str)
    shuffle_asked = Signal()
    canvas_asked = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle("Sequence")
        self.reads = QButtonGroup(self)
        self.shuffle = tool_button("shuffle", "small", "")
        self.canvas = tool_button("empty canvas", "small", CANVAS)
        self.vectors = QLabel()
        self.start = StartEditor(session)
        self._lay_out()
        self.reads.idClicked.connect(self._on_reads)
        self.shuffle.clicked.connect(self.shuffle_asked)
        self.canvas.clicked.connect(self.canvas_asked)
        self.start.resized.connect(self.adjustSize)
        session.moment_changed.connect(self._on_moment_changed)

    def open_below(self, button: QWidget) -> None:
        """Show the settings below a button, left edge below left edge."""
        self._read_back()
        self.adjustSize()
        self.move(button.mapToGlobal(QPoint(0, button.height() + GAP)))
        self.show()
        self._reading.setFocus(Qt.FocusReason.PopupFocusReason)

    def _lay_out(self) -> None:
        rows: tuple[tuple[str, QWidget, str], ...] = (
            ("reads", self._reads_row(), ""),
            (
                "vectors",
                self.vectors,
                "How many tokens there are, and what stands for each of them",
            ),
            ("order", _row(self.shuffle, self.canvas), ""),
            ("starts from", self.start, ""),
        )
        form_of(self, rows)
        tips = Tips(self._session, self)
        tips.set(self.shuffle, SHUFFLE)
        tips.set(self.start, START)

    def _reads_row(self) -> QWidget:
        buttons = [tool_button(reads, "segment", READS[reads], checked=False) for reads in READINGS]
        for index, button in enumerate(join(buttons)):
            self.reads.addButton(button, index)
        return _row(*buttons, gap=0)

    def _on_reads(self, index: int) -> None:
        self.reads_chosen.emit(READINGS[index])
        self._read_back()

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if self.isVisible() and old.state is not new.state:
            self._read_back()

    @property
    def _reading(self) -> QAbstractButton:
        """The button of what the document reads."""
        return self.reads.button(READINGS.index(self._session.document.state.reads))

    def _read_back(self) -> None:
        self._reading.setChecked(True)
        self.canvas.setVisible(self._session.document.state.reads == "numbers")
        self.vectors.setText(dimensions(scene_of(self._session.moment)))
        self.start.read_back()


def _row(*widgets: QWidget, gap: int = 6) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(gap)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return holder
