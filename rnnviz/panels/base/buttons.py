"""Tool buttons as the stylesheet knows them."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton


def tool_button(text: str, look: str, tip: str, *, checked: bool | None = None) -> QToolButton:
    """Return a button with words; `look` is its class in the stylesheet, `checked` lets it stay down."""
    button = QToolButton()
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
