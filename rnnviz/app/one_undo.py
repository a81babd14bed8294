"""One undo for everything: Ctrl+Z means the document's also while a line of text has the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit

from rnnviz.panels.base.cell_editor import CellEditor

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class OneUndo(QObject):
    """Keeps the line edits of a window from undoing their text alone; what is typed there is in the document.

    A cell's editor keeps its own undo, since its text is not in the document yet.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        for box in window.findChildren(QAbstractSpinBox):
            box.installEventFilter(self)
        for line in window.findChildren(QLineEdit):
            if not isinstance(line, CellEditor):
                line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the key to the window's shortcuts: the line edit must not claim it."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and any(map(event.matches, KEYS)):
            event.ignore()
            return True
        return super().eventFilter(watched, event)
