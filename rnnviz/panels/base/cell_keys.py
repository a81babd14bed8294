"""What the keys do to the entries of the matrices: select others, step and clear them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rnnviz.panels.base.dragging import NOTCH

if TYPE_CHECKING:
    from rnnviz.panels.base.block_editor import BlockEditor
    from rnnviz.panels.base.cell_selection import CellSelection
    from rnnviz.panels.base.keyed_view import KeyedView


class CellKeys(QObject):
    """Turns the keys of a view into selections and edits."""

    selected = Signal(object, object)  # Entry or None, and (row, column) of the corner of a block or None
    reached = Signal(int, int)  # row and column of the selected matrix that should be in sight
    opened = Signal(object, str)  # Entry whose number is to be typed, and how it begins

    def __init__(self, blocks: BlockEditor, cells: CellSelection, view: KeyedView) -> None:
        super().__init__(blocks)
        self._blocks, self._cells = blocks, cells
        view.moved.connect(self._on_moved)
        view.extended.connect(self._on_extended)
        view.all_chosen.connect(self._on_all_chosen)
        view.stepped.connect(self._on_stepped)
        view.opened.connect(self._on_opened)
        view.cleared.connect(self._on_cleared)
        view.left.connect(self._on_left)

    def _on_moved(self, rows: int, columns: int) -> None:
        self._blocks.session.document.end_merge()
        entry = self._cells.beside(rows, columns)
        if entry is not None:
            self.selected.emit(entry, None)
            self.reached.emit(entry.row, entry.column)

    def _on_extended(self, rows: int, columns: int) -> None:
        self._blocks.session.document.end_merge()
        corner = self._cells.grown(rows, columns)
        if corner is not None:
            self.selected.emit(self._cells.entry, corner)
            self.reached.emit(*corner)

    def _on_all_chosen(self) -> None:
        if self._cells.entry is not None:
            self.selected.emit(*self._blocks.whole(self._cells.entry.symbol).ends)

    def _on_stepped(self, sign: int) -> None:
        self._cells.step(sign * NOTCH, "key")

    def _on_opened(self, typed: str) -> None:
        if self._cells.entry is not None:
            self.opened.emit(self._cells.entry, typed)

    def _on_cleared(self) -> None:
        if self._cells.block is not None:
            self._blocks.session.document.end_merge()
            self._blocks.set(self._cells.block, 0.0)

    def _on_left(self) -> None:
        self.selected.emit(None, None)
