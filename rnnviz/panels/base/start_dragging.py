"""What the states start from, changed by the mouse where the unrolled network shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip

from rnnviz.figures.starting import start_cell
from rnnviz.figures.states import lanes, symbol
from rnnviz.panels.base.cell_editor import CellEditor
from rnnviz.panels.base.dragging import DIGITS, dragged_by, turned_by
from rnnviz.panels.base.typed_number import parse_number
from rnnviz.session.errors import EditError
from rnnviz.session.initial import initial_of, with_initial_number

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

    from rnnviz.figures.picking import Pick
    from rnnviz.figures.starting import StartCell
    from rnnviz.panels.base.figure_panel import FigurePanel
    from rnnviz.panels.views.figure_view import FigureView
    from rnnviz.session.session import Session

HINT = "drag to change, double-click to type"


class StartDragging(QObject):
    """Drags, turns and types one number of h_0 or c_0 at a time; a whole drag is one step to undo."""

    refused = Signal(str)  # one sentence

    def __init__(self, session: Session, panel: FigurePanel[FigureView]) -> None:
        super().__init__(panel)
        self._session = session
        self._held: StartCell | None = None  # the one that is dragged
        self._before = 0.0  # what it was when it was taken hold of
        self._typed: StartCell | None = None
        self.editor = CellEditor(panel.view, "Number of the initial state")
        self.editor.committed.connect(self._on_committed)
        panel.view.released.connect(self._on_released)

    @property
    def _panel(self) -> FigurePanel[FigureView]:
        """The panel, whose child this is: to hold it would make a ring for Python to collect."""
        return cast("FigurePanel[FigureView]", self.parent())

    def at(self, pick: Pick | None) -> StartCell | None:
        """Return the number that a state starts from at a place of the figure shown, if there is one."""
        figure = self._panel.view.figure
        return None if pick is None or figure is None else start_cell(self._panel.scene, figure, pick)

    def take(self, cell: StartCell) -> None:
        """Take hold of a number until the mouse is released."""
        self._held, self._before = cell, self.value(cell)

    def drag(self, dx: float, dy: float, modifiers: Qt.KeyboardModifier) -> bool:
        """Change the number that is held; return whether one is."""
        if self._held is None:
            return False
        self._set(self._held, self._before + dragged_by(dx, dy, modifiers), "drag")
        QToolTip.showText(QCursor.pos(), self.words(self._held), self._panel.view)
        return True

    def turn(self, pick: Pick, notches: float, modifiers: Qt.KeyboardModifier) -> None:
        """Change the number under the mouse by the wheel."""
        cell = self.at(pick)
        if cell is not None:
            self._set(cell, self.value(cell) + turned_by(notches, modifiers), "wheel")

    def type_at(self, pick: Pick) -> None:
        """Let the user type the number at a place."""
        self._typed = self.at(pick)
        if self._typed is not None and pick.mark is not None and pick.column is not None:
            rect = self._panel.view.cell_rect(pick.plot, pick.mark, self._typed.unit, pick.column)
            self.editor.open(rect, f"{self.value(self._typed):.6g}", select=True)

    def value(self, cell: StartCell) -> float:
        """Return a number of the document's initial state."""
        state = self._session.document.state
        return float(initial_of(state)[cell.state][lanes(state.spec).index(cell.lane), 0, cell.unit])

    def words(self, cell: StartCell) -> str:
        """Say which number it is, how large, and what changes it."""
        return f"{self._name(cell)}, unit {cell.unit + 1}: {self.value(cell):.6g}, {HINT}"

    def _name(self, cell: StartCell) -> str:
        notation = self._session.moment.notation
        return symbol(self._session.document.state.spec, cell.state, cell.lane, "₀", notation)

    def _set(self, cell: StartCell, value: float, how: str) -> None:
        document = self._session.document
        lane = lanes(document.state.spec).index(cell.lane)
        try:
            state = with_initial_number(document.state, cell.state, lane, cell.unit, round(value, DIGITS))
        except EditError as error:
            self.refused.emit(str(error))
            return
        document.edit(state, f"Change {self._name(cell)}[{cell.unit + 1}]", merge=f"{how} {cell}")

    def _on_released(self) -> None:
        if self._held is not None:
            self._held = None
            self._session.document.end_merge()
            QToolTip.hideText()

    def _on_committed(self, text: str) -> None:
        cell, self._typed = self._typed, None
        if cell is None:
            return
        try:
            value = parse_number(text, "to start from")
        except EditError as error:
            self.refused.emit(str(error))
            return
        self._set(cell, value, "type")
        self._session.document.end_merge()
