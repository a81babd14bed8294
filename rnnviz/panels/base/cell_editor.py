"""A line edit that opens over a cell of a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QLineEdit

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.layout import Rect

SMALLEST = (104, 26)


class CellEditor(QLineEdit):
    """Hidden until opened; Return or leaving it commits, Escape leaves the number as it was."""

    committed = Signal(str)

    def __init__(self, over: QWidget, name: str = "Number of the selected weight") -> None:
        super().__init__(over)
        self._over = over
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(name)
        self.hide()

    def open(self, cell: Rect, text: str, *, select: bool) -> None:
        """Show the editor over a cell in the parent's pixels, inside the parent."""
        width, height = max(SMALLEST[0], round(cell.w)), max(SMALLEST[1], round(cell.h))
        room = self._over.size()
        x = min(max(0, round(cell.x + cell.w / 2 - width / 2)), max(0, room.width() - width))
        y = min(max(0, round(cell.y + cell.h / 2 - height / 2)), max(0, room.height() - height))
        self.setGeometry(QRect(x, y, width, height))
        self.setText(text)
        if select:
            self.selectAll()
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Commit on Return, close on Escape; passed on, Return would open the editor anew."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._commit()
        elif event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit what was typed when the user goes elsewhere."""
        super().focusOutEvent(event)
        if self.isVisible():
            self._commit()

    def _commit(self) -> None:
        text = self.text()
        self._close()
        self.committed.emit(text)

    def _close(self) -> None:
        self.hide()
        self._over.setFocus()
