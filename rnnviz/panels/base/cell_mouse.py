"""What the mouse does to the entries of the matrices: select them, drag them, turn them by the wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from rnnviz.panels.base.dragging import dragged_by, turned_by

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.picking import Pick
    from rnnviz.panels.base.block_editor import BlockEditor
    from rnnviz.panels.base.cell_selection import CellSelection
    from rnnviz.panels.base.keyed_view import KeyedView
    from rnnviz.panels.base.matrix_block import Entry


class CellMouse(QObject):
    """Turns presses, drags, wheel and double clicks of a view into selections and edits."""

    selected = Signal(object, object)  # Entry or None, and (row, column) of the corner of a block or None
    opened = Signal(object)  # Entry: its number is to be typed

    def __init__(self, blocks: BlockEditor, cells: CellSelection, view: KeyedView) -> None:
        super().__init__(blocks)
        self._blocks, self._cells, self._view = blocks, cells, view
        self._before: Floats | None = None  # what a drag started from
        self._spans = False  # the drag selects a block
        self._alone: Entry | None = None  # what a click in a block, without a drag, leaves selected
        view.ask_before_wheel(self._is_selected)
        view.pressed.connect(self._on_pressed)
        view.dragged.connect(self._on_dragged)
        view.released.connect(self._on_released)
        view.wheel.connect(self._on_wheel)
        view.double_clicked.connect(self._on_double_clicked)

    def forget(self) -> None:
        """Leave selected what is, whatever the click was about to do."""
        self._alone = None

    def _is_selected(self, pick: Pick) -> bool:
        """Whether the wheel turns this entry; elsewhere it scrolls."""
        entry, block = self._cells.at(pick), self._cells.block
        return entry is not None and block is not None and block.holds(entry)

    def _on_pressed(self, pick: Pick, modifiers: Qt.KeyboardModifier) -> None:
        cells = self._cells
        entry, block = cells.at(pick), cells.block
        self._spans = bool(modifiers & Qt.KeyboardModifier.ShiftModifier) and entry is not None
        self._alone = None
        if entry is None:
            self.selected.emit(None, None)
        elif self._spans and cells.entry is not None and cells.entry.symbol == entry.symbol:
            self.selected.emit(cells.entry, entry[1:])
        elif block is not None and block.size > 1 and block.holds(entry) and not self._spans:
            self._alone = entry
        else:
            self.selected.emit(entry, None)
        self._before = None if cells.block is None else self._blocks.values(cells.block)

    def _on_dragged(self, start: Pick, dx: float, dy: float, modifiers: Qt.KeyboardModifier) -> None:
        block = self._cells.block
        if block is None or self._before is None or self._cells.at(start) is None:
            return
        if self._spans:
            cell = self._view.cell_rect(start.plot, 0, 0, 0)
            corner = self._cells.extended_to(start, dx / max(cell.w, 1.0), dy / max(cell.h, 1.0))
            if corner != self._cells.corner:
                self.selected.emit(self._cells.entry, corner)
            return
        self._alone = None
        self._blocks.shift(block, self._before, dragged_by(dx, dy, modifiers), "drag")

    def _on_released(self) -> None:
        self._blocks.session.document.end_merge()
        if self._alone is not None:
            self.selected.emit(self._alone, None)
            self._alone = None

    def _on_wheel(self, _pick: Pick, notches: float, modifiers: Qt.KeyboardModifier) -> None:
        self._cells.step(turned_by(notches, modifiers), "wheel")

    def _on_double_clicked(self, pick: Pick) -> None:
        entry = self._cells.at(pick)
        if entry is not None:
            self.selected.emit(entry, None)
            self.opened.emit(entry)
