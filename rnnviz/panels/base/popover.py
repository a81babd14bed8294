"""A small window below a button, that closes when the user goes elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFormLayout

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Popover(QDialog):
    """A popup that keeps keys without Ctrl or Alt to itself: arrows and Space are for what is in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popover")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # a click on the button closes, and no more

    def event(self, event: QEvent) -> bool:
        """Keep keys from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
            if not held:
                event.accept()
                return True
        return super().event(event)


def form_of(popover: QWidget, rows: tuple[tuple[str, QWidget, str], ...]) -> QFormLayout:
    """Lay rows out in a popover: the words before a widget, the widget, its tooltip."""
    form = QFormLayout(popover)
    form.setContentsMargins(12, 12, 12, 12)
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(8)
    for words, widget, tip in rows:
        widget.setToolTip(tip)
        form.addRow(words, widget)
    return form
