"""What menus, keys and the palette can do to a matrix: operations, the clipboard, files, freezing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction, QCursor, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from rnnviz.panels.base.matrix_block import spelled
from rnnviz.panels.base.matrix_popover import MatrixPopover
from rnnviz.session import tables
from rnnviz.session.errors import SessionError
from rnnviz.session.matrix_edits import OPERATIONS, refusal, sized

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.panels.base.block_editor import BlockEditor
    from rnnviz.panels.base.matrix_block import Block

CSV_FILES = "Comma-separated values (*.csv);;All files (*)"
TIPS = {
    "copy": "Put the numbers on the clipboard as spreadsheets do, a row a line",
    "paste": "Write the numbers of the clipboard from the first selected entry on; 0,5 is a half",
    "save": "Write all of the matrix to a file, one row a line, commas between numbers",
    "open": "Read all of the matrix from a file of as many rows and columns",
    "freeze": "Training leaves these entries as they are: their ∂L/∂w counts as 0; you can still edit them",
}


class MatrixActions(QObject):
    """Fills menus for a block of a matrix, and does what they offer.

    A block of one entry stands for its whole matrix, but for copying, pasting and freezing.
    """

    told = Signal(str)  # what was done, in one sentence
    pasted = Signal(object)  # the Block that was written

    def __init__(self, blocks: BlockEditor, parent: QWidget) -> None:
        super().__init__(parent)
        self._blocks = blocks
        self.popover = MatrixPopover(blocks, parent)

    @property
    def _widget(self) -> QWidget:
        """The panel, which is not kept: the two would keep each other."""
        parent = self.parent()
        assert isinstance(parent, QWidget)
        return parent

    def fill(self, menu: QMenu, block: Block | None) -> None:
        """Offer what can be done to a block, or to each matrix if there is none."""
        menu.setToolTipsVisible(True)
        if block is not None:
            self._fill(menu, block)
            return
        for symbol in self._blocks.shown:
            inner = menu.addMenu(spelled(symbol))
            inner.setToolTipsVisible(True)
            self._fill(inner, self._blocks.whole(symbol))

    def _fill(self, menu: QMenu, block: Block) -> None:
        target = self.target(block)
        menu.addAction(f"{self._blocks.named(target)}, {sized(target.shape)}").setEnabled(False)
        menu.addSeparator()
        for name, operation in OPERATIONS.items():
            action = menu.addAction(operation.title, partial(self.operate, name, block))
            why = refusal(operation, self._blocks.values(target))
            action.setEnabled(not why)
            action.setToolTip(why or operation.help)
        menu.addSeparator()
        self._add(menu, "Copy", "copy", partial(self.copy, block))
        self._add(menu, "Paste", "paste", partial(self.paste, block))
        self._add(menu, "Save as CSV…", "save", partial(self.save, block.symbol))
        self._add(menu, "Open CSV…", "open", partial(self.open, block.symbol))
        menu.addSeparator()
        frozen = self._blocks.is_frozen(block)
        words = f"Freeze {self._blocks.named(block)}"
        action = self._add(menu, words, "freeze", partial(self.freeze, block, not frozen))
        action.setCheckable(True)
        action.setChecked(frozen)

    def _add(self, menu: QMenu, text: str, tip: str, do: Callable[[], object]) -> QAction:
        action: QAction = menu.addAction(text, do)
        action.setToolTip(TIPS[tip])
        return action

    def target(self, block: Block) -> Block:
        """Return what operations change: the block, or for a single entry its matrix."""
        return self._blocks.whole(block.symbol) if block.size == 1 else block

    def operate(self, name: str, block: Block, at: QPoint | None = None) -> None:
        """Carry an operation out; ask for its numbers first, where the mouse is or at a place."""
        target = self.target(block)
        if why := refusal(OPERATIONS[name], self._blocks.values(target)):
            self._blocks.refused.emit(why)
        elif OPERATIONS[name].asks:
            self.popover.open_for(name, target, QCursor.pos() if at is None else at)
        else:
            self._blocks.session.document.end_merge()
            self._blocks.operate(name, target)

    def copy(self, block: Block) -> None:
        """Put a block on the clipboard as text with tabs."""
        QGuiApplication.clipboard().setText(tables.to_tsv(self._blocks.values(block)))
        self.told.emit(f"Copied {self._blocks.named(block)}.")

    def paste(self, block: Block) -> None:
        """Write the table on the clipboard over a block."""
        try:
            values = tables.from_text(QGuiApplication.clipboard().text())
        except SessionError as error:
            self._blocks.refused.emit(str(error))
            return
        self._blocks.session.document.end_merge()
        written = self._blocks.paste(block, values)
        if written is not None:
            self.pasted.emit(written)

    def save(self, symbol: str) -> None:
        """Ask where to and write a whole matrix."""
        name = f"{spelled(symbol)}.csv"
        chosen, _ = QFileDialog.getSaveFileName(self._widget, f"Save {spelled(symbol)}", name, CSV_FILES)
        if not chosen:
            return
        path = Path(chosen)
        path = path if path.suffix else path.with_name(path.name + ".csv")
        try:
            tables.write_csv(path, self._blocks.values(self._blocks.whole(symbol)))
        except SessionError as error:
            self._blocks.refused.emit(str(error))
            return
        self.told.emit(f"Saved {path}.")

    def open(self, symbol: str) -> None:
        """Ask for a file and read a whole matrix from it."""
        chosen, _ = QFileDialog.getOpenFileName(self._widget, f"Open {spelled(symbol)}", "", CSV_FILES)
        if not chosen:
            return
        try:
            values = tables.read_csv(Path(chosen))
        except SessionError as error:
            self._blocks.refused.emit(str(error))
            return
        self._blocks.session.document.end_merge()
        self._blocks.replace(symbol, values, f"Open {Path(chosen).name} as {spelled(symbol)}")

    def freeze(self, block: Block, on: bool) -> None:
        """Let training leave a block as it is, or change it again."""
        self._blocks.session.document.end_merge()
        self._blocks.freeze(block, on)
