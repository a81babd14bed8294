"""Tool buttons as the stylesheet knows them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolButton


class _Button(QToolButton):
    """A button that takes Space for itself once it has been reached by Tab; elsewhere Space plays."""

    def event(self, event: QEvent) -> bool:
        """Keep a shortcut from being carried out instead of the button."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_space(event):
            event.accept()
            return True
        return super().event(event)


def _is_space(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space and not event.modifiers()


def tool_button(text: str, look: str, tip: str, *, checked: bool | None = None) -> QToolButton:
    """Return a button with words; `look` is its class in the stylesheet, `checked` lets it stay down."""
    button = _Button()
    button.setText(text)
    button.setToolTip(tip)
    button.setProperty("class", look)
    if checked is not None:
        button.setCheckable(True)
        button.setChecked(checked)
    return button


def join(buttons: list[QToolButton]) -> list[QToolButton]:
    """Give the buttons of a row of segments their places, so that only the outer corners are round."""
    for button in buttons:
        button.setProperty("class", "segment")
        ends = button is buttons[0], button is buttons[-1]
        button.setProperty("place", {(True, False): "first", (False, True): "last"}.get(ends, "middle"))
    return buttons
