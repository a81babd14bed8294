"""The numbers that the states start from, to read, to draw by chance and to type."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rnnviz.figures.states import lanes, symbol
from rnnviz.figures.symbols import quantity_letter
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.tips import Tips
from rnnviz.panels.base.typed_number import parse_number
from rnnviz.session import initial
from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from rnnviz.session.session import Moment, Session
    from rnnviz.session.state import DocumentState

MOST, ROWS = 4, 6  # columns and rows in sight
COLUMN, EDGE = 68, 16  # pixels: a column, and room for what scrolls
TABLE = "What the first step starts from in place of h_0 = 0: click a number and type another"


class StartEditor(QWidget):
    """A table of the states before the first step, a row a unit; every change is a step to undo.

    resized: the table has another number of rows or columns.
    """

    refused = Signal(str)
    resized = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._seed = 0
        self.zero = tool_button("zero", "small", "")
        self.random = tool_button("random", "small", "Draw all numbers between −1 and 1, anew at each click")
        self.words = QLabel(initial.NO_START)
        self.words.setProperty("class", "note")
        self.table = QTableWidget()
        self.table.setAccessibleName("Initial state")
        tips = Tips(session, self)
        tips.set(self.zero, "Start from zero: h_0 = 0")
        tips.set(self.table, TABLE)
        self.table.horizontalHeader().setDefaultSectionSize(COLUMN)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._lay_out()
        self.zero.clicked.connect(self._on_zero)
        self.random.clicked.connect(self._on_random)
        self.table.cellChanged.connect(self._on_cell_changed)
        session.moment_changed.connect(self._on_moment_changed)

    def _lay_out(self) -> None:
        box, row = QVBoxLayout(self), QHBoxLayout()
        box.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.zero)
        row.addWidget(self.random)
        row.addStretch(1)
        box.addLayout(row)
        box.addWidget(self.words)
        box.addWidget(self.table)

    def _places(self) -> list[tuple[str, int]]:
        """Return what each column holds: a state and a lane."""
        spec = self._session.document.state.spec
        names = initial.initial_of(self._session.document.state)
        return [(name, lane) for lane in range(len(lanes(spec))) for name in names]

    def read_back(self) -> None:
        """Show the document's numbers."""
        state = self._session.document.state
        arrays, places, spec = initial.initial_of(state), self._places(), state.spec
        self.words.setVisible(not places)
        self.table.setVisible(bool(places))
        for button in (self.zero, self.random):
            button.setEnabled(bool(places))
        with QSignalBlocker(self.table):
            self.table.setRowCount(spec.hidden_size)
            self.table.setColumnCount(len(places))
            notation = self._session.moment.notation
            heads = [symbol(spec, name, lanes(spec)[lane], "₀", notation) for name, lane in places]
            self.table.setHorizontalHeaderLabels(heads)
            for column, (name, lane) in enumerate(places):
                for unit, value in enumerate(arrays[name][lane, 0].tolist()):
                    self._write(unit, column, value)
        self._fit(spec.hidden_size, len(places))

    def _fit(self, rows: int, columns: int) -> None:
        height = self.table.horizontalHeader().height() + EDGE
        height += min(ROWS, rows) * self.table.verticalHeader().defaultSectionSize()
        width = self.table.verticalHeader().sizeHint().width() + min(MOST, columns) * COLUMN + EDGE
        if (width, height) != (self.table.width(), self.table.height()):
            self.table.setFixedSize(width, height)
            self.resized.emit()

    def _write(self, unit: int, column: int, value: float) -> None:
        item = self.table.item(unit, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            self.table.setItem(unit, column, item)
        item.setText(f"{value:.4g}")

    def _on_cell_changed(self, unit: int, column: int) -> None:
        name, lane = self._places()[column]
        item = self.table.item(unit, column)
        text = "" if item is None else item.text()
        try:
            value = parse_number(text, "to start from")
        except EditError as error:
            self.refused.emit(str(error))
            self.read_back()
            return
        spec = self._session.document.state.spec
        letter = quantity_letter(self._session.moment.notation, spec, name)
        words = f"Change {letter}₀[{unit + 1}]"
        self._edit(partial(initial.with_initial_number, name=name, lane=lane, unit=unit, value=value), words)

    def _on_zero(self) -> None:
        self._edit(partial(initial.with_initial, arrays=None), "Start from zero")

    def _on_random(self) -> None:
        self._seed += 1
        self._edit(partial(initial.with_random_initial, seed=self._seed), "Start from random states")

    def _edit(self, edit: partial[DocumentState], words: str) -> None:
        document = self._session.document
        try:
            document.edit(edit(document.state), words)
        except EditError as error:
            self.refused.emit(str(error))
        self.read_back()

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if self.isVisible() and (old.state is not new.state or old.notation != new.notation):
            self.read_back()
