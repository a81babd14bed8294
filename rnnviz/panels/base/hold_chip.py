"""One thing that is held: its name, its value and its first step, which can be typed, and a way to let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSpinBox

from rnnviz.figures.held import value_words
from rnnviz.panels.base.buttons import tool_button

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.engine import Intervention

VALUE = "The value that it keeps, in place of what its equation gives; type another"
START = "The first step at which it has this value, counted from 1"
EDGES = 8, 2, 3, 2
WIDE = 52  # pixels of a number


class HoldChip(QFrame):
    """Shows an intervention; what the user wants of it are signals that name it."""

    value_typed = Signal(object, str)  # Intervention, what was typed
    start_chosen = Signal(object, int)  # Intervention, the step from 0
    let_go = Signal(object)  # Intervention

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self.held: Intervention | None = None
        self._names = "", ""
        self.name, self.value, self.start = QLabel(), QLineEdit(), QSpinBox()
        self.value.setToolTip(VALUE)
        self.value.setFixedWidth(WIDE)
        self.start.setToolTip(START)
        self.start.setKeyboardTracking(False)
        self.start.setFixedWidth(WIDE)
        self.off = tool_button("×", "quiet", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(*EDGES)
        row.setSpacing(5)
        self.words = QLabel("from step")
        for widget in (self.name, self.value, self.words, self.start, self.off):
            row.addWidget(widget)
        self.value.editingFinished.connect(self._on_edited)
        self.start.valueChanged.connect(self._on_start_changed)
        self.off.clicked.connect(self._on_clicked)

    def show_held(self, held: Intervention, name: str, letter: str, steps: int) -> None:
        """Show another intervention, called `name` or in short `letter`, in a sequence of so many steps."""
        self.held = held
        self._names = name.removeprefix("the whole "), letter
        self.set_brief(False)
        for widget, words in (
            (self.value, "Value of"),
            (self.start, "First step of"),
            (self.off, "Let go of"),
        ):
            widget.setAccessibleName(f"{words} {name}")
        self.off.setToolTip(f"Let go of {name} (undo holds it again)")
        self.value.setText(value_words(held.value))
        with QSignalBlocker(self.start):
            self.start.setRange(1, max(steps, held.start + 1))
            self.start.setValue(held.start + 1)

    def set_brief(self, brief: bool) -> None:
        """Do without the words where there is no room for them."""
        self.name.setText(f"{self._names[brief]} =")
        self.words.setText("from" if brief else "from step")

    def _on_edited(self) -> None:
        if self.held is not None and self.value.text() != value_words(self.held.value):
            self.value_typed.emit(self.held, self.value.text())

    def _on_start_changed(self, step: int) -> None:
        if self.held is not None:
            self.start_chosen.emit(self.held, step - 1)

    def _on_clicked(self) -> None:
        if self.held is not None:
            self.let_go.emit(self.held)
