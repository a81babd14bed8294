"""A figure view whose keys belong to a selected cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMetaMethod, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from rnnviz.figures.picking import heading_at
from rnnviz.panels.views.figure_view import BY_KEYBOARD, FigureView

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QMouseEvent
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.theme import Theme

    Meaning = tuple[SignalInstance, tuple[object, ...]]

MOVES: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
OPENERS = frozenset("0123456789.,-+−")
EDIT = frozenset((Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2))
CLEAR = frozenset((Qt.Key.Key_Delete, Qt.Key.Key_Backspace))


class KeyedView(FigureView):
    """Takes keys for a selected cell before the window's shortcuts do, while `takes_keys` is set.

    It leaves those alone whose signal is connected to nothing.
    """

    moved = Signal(int, int)  # rows, columns: an arrow key
    extended = Signal(int, int)  # the same with Shift
    stepped = Signal(int)  # 1 or −1: an arrow key with Alt
    opened = Signal(str)  # what was typed to begin with, nothing for Return
    cleared = Signal()  # Delete
    left = Signal()  # Escape
    copied = Signal()
    pasted = Signal()
    all_chosen = Signal()
    menu_asked = Signal(object, object)  # Pick or None, QPoint on the screen
    heading_hovered = Signal(str)  # the plot beside which the mouse is, in the gutter

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.takes_keys = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        keys = QKeySequence.StandardKey
        self._standard = (
            (keys.Copy, self.copied),
            (keys.Paste, self.pasted),
            (keys.SelectAll, self.all_chosen),
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the mouse, headings too."""
        super().mouseMoveEvent(event)
        if self.figure is not None:
            size, at = (self.width(), self.height()), event.position()
            name = heading_at(self.figure, *size, at.x(), at.y(), self.zoom)
            if name is not None:
                self.heading_hovered.emit(name)

    def event(self, event: QEvent) -> bool:
        """Claim a key before it becomes a shortcut of the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._meant(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Say what a key means for the selected cell."""
        meant = self._meant(event)
        if meant is None:
            super().keyPressEvent(event)
            return
        signal, values = meant
        signal.emit(*values)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take keys if the keyboard came here by a key, so that one gets into the cells without a mouse."""
        super().focusInEvent(event)
        if event.reason() in BY_KEYBOARD:
            self.takes_keys = True

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Say that a menu is wanted, and for what."""
        self.menu_asked.emit(self._pick(event.pos().toPointF()), event.globalPos())

    def _meant(self, event: QKeyEvent) -> Meaning | None:
        """Return the signal that a key stands for and what it says, None if nobody listens to it."""
        found = self._meaning(event) if self.takes_keys else None
        if found is None or not self.isSignalConnected(QMetaMethod.fromSignal(found[0])):
            return None
        return found

    def _meaning(self, event: QKeyEvent) -> Meaning | None:
        key = event.key()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return next(((signal, ()) for keys, signal in self._standard if event.matches(keys)), None)
        if key in MOVES:
            return self._move(*MOVES[key], event.modifiers())
        if key in CLEAR:
            return self.cleared, ()
        if key == Qt.Key.Key_Escape:
            return self.left, ()
        if key in EDIT or event.text() in OPENERS:
            return self.opened, ("" if key in EDIT else event.text(),)
        return None

    def _move(self, rows: int, columns: int, held: Qt.KeyboardModifier) -> Meaning:
        if held & Qt.KeyboardModifier.AltModifier:
            return self.stepped, (columns - rows,)
        return (self.extended if held & Qt.KeyboardModifier.ShiftModifier else self.moved), (rows, columns)
