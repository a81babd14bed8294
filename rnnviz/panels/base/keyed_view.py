"""A figure view whose keys belong to a selected cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent

from rnnviz.panels.views.figure_view import FigureView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.theme import Theme

MOVES: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
OPENERS = frozenset("0123456789.,-+−")
EDIT = frozenset((Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2))


class KeyedView(FigureView):
    """Takes arrows, digits, Return and Escape before the window's shortcuts do, while `takes_keys` is set."""

    moved = Signal(int, int)  # rows, columns: an arrow key
    stepped = Signal(int)  # 1 or −1: an arrow key with Alt
    opened = Signal(str)  # what was typed to begin with, nothing for Return
    left = Signal()  # Escape

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.takes_keys = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def event(self, event: QEvent) -> bool:
        """Claim a key before it becomes a shortcut of the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._takes(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Say what a key means for the selected cell."""
        if not self._takes(event):
            super().keyPressEvent(event)
            return
        key = event.key()
        if key in MOVES:
            rows, columns = MOVES[key]
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.stepped.emit(columns - rows)
            else:
                self.moved.emit(rows, columns)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            self.opened.emit("" if key in EDIT else event.text())

    def _takes(self, event: QKeyEvent) -> bool:
        if not self.takes_keys or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        key = event.key()
        return key in MOVES or key in EDIT or key == Qt.Key.Key_Escape or event.text() in OPENERS
