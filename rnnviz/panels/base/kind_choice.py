"""Which kind of matrix is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from rnnviz.panels.base.buttons import join, tool_button

if TYPE_CHECKING:
    from collections.abc import Mapping

ALL = "all"
FEW = 6  # buttons that a narrow panel has room for


class KindChoice(QWidget):
    """One button for each kind, and one for all; `only` is the kind that was chosen, None for all."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.only: str | None = None
        self.group = QButtonGroup(self)
        self._kinds: tuple[str, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.group.idClicked.connect(self._on_clicked)

    def offer(self, kinds: Mapping[str, str]) -> None:
        """Offer these kinds, each with what it is called; one that is gone is chosen no more."""
        self._kinds, names = tuple(kinds), [ALL, *kinds.values()]
        self.only = self.only if self.only in kinds else None
        if [button.text() for button in self.group.buttons()] == names:
            return
        for button in self.group.buttons():
            self.group.removeButton(button)
            self._row.removeWidget(button)
            button.deleteLater()
        while self._row.count():
            self._row.takeAt(0)
        tips = ["Show every matrix", *(f"Show {name} alone, larger" for name in names[1:])]
        buttons = [tool_button(n, "segment", tip, checked=False) for n, tip in zip(names, tips, strict=True)]
        for index, button in enumerate(join(buttons)):
            button.setProperty("room", "little" if len(buttons) > FEW else "")
            self.group.addButton(button, index)
            self._row.addWidget(button)
        self._row.addStretch(1)
        chosen = 0 if self.only is None else 1 + self._kinds.index(self.only)
        self.group.button(chosen).setChecked(True)

    def _on_clicked(self, index: int) -> None:
        self.only = self._kinds[index - 1] if index else None
        self.chosen.emit()
