"""The notation in which every symbol of the window is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QToolButton

from rnnviz.figures.symbols import NOTATIONS

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from rnnviz.engine.notation import Notation
    from rnnviz.session.session import Session

TIP = "The notation of all symbols in the window: {}. What is stored keeps PyTorch's names"


class NotationMenu(QToolButton):
    """A button that says which notation there is and offers the others."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("class", "small")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip(TIP.format(", ".join(NOTATIONS.values())))
        self.setAccessibleName("Notation")
        menu = QMenu(self)
        self.offered = {name: menu.addAction(title) for name, title in NOTATIONS.items()}
        for name, action in self.offered.items():
            action.setCheckable(True)
            action.setData(name)
        menu.triggered.connect(self._on_triggered)
        self.setMenu(menu)
        session.playback.notation_changed.connect(self._on_notation_changed)
        self._on_notation_changed(session.playback.notation)

    def _on_triggered(self, action: QAction) -> None:
        self._session.playback.set_notation(action.data())
        self._on_notation_changed(self._session.playback.notation)

    def _on_notation_changed(self, notation: Notation) -> None:
        self.setText(NOTATIONS[notation])
        for name, action in self.offered.items():
            action.setChecked(name == notation)
