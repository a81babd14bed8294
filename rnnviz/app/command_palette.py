"""The command palette: type a few letters of what you want to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QKeyEvent
    from PySide6.QtWidgets import QWidget

    from rnnviz.app.actions import Actions

ROLE = Qt.ItemDataRole.UserRole
PASSED_ON = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


def matches(query: str, text: str) -> bool:
    """Whether every word of the query stands in the text, whatever the case."""
    return all(word in text.casefold() for word in query.casefold().split())


class CommandPalette(QDialog):
    """Lists the actions that match what is typed; Return runs the chosen one."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("palette")
        self.setWindowTitle("Commands")
        self._actions = actions
        self.line = QLineEdit(placeholderText="Type what you want to do")
        self.line.setAccessibleName("Command")
        self.list = QListWidget()
        self.list.setAccessibleName("Matching commands")
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 10)
        box.addWidget(self.line)
        box.addWidget(self.list)
        self.resize(460, 380)
        self.line.textChanged.connect(self._fill)
        self.line.installEventFilter(self)
        self.list.itemActivated.connect(self._run)
        self.list.itemClicked.connect(self._run)

    def open_over(self, window: QWidget) -> None:
        """Show the palette at the top of a window, empty."""
        self.line.clear()
        self._fill("")
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - self.width()) // 2, corner.y() + 60)
        self.show()
        self.line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the line edit's arrow keys move in the list, Return run the choice."""
        if watched is self.line and event.type() == QEvent.Type.KeyPress:
            key = _key(event)
            if key in PASSED_ON:
                self.list.event(event)
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._run(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _fill(self, query: str) -> None:
        self.list.clear()
        for menu, actions in self._actions.menus.items():
            for action in actions:
                words = f"{menu}: {action.text()}"
                if action.isEnabled() and action.objectName() != "palette" and matches(query, words):
                    keys = action.shortcut().toString()
                    item = QListWidgetItem(f"{words}   ({keys})" if keys else words, self.list)
                    item.setData(ROLE, action)
                    item.setToolTip(action.toolTip())
        if not self.list.count():
            nothing = QListWidgetItem("Nothing is called that.", self.list)
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.setCurrentRow(0)

    def _run(self, item: QListWidgetItem | None) -> None:
        self.close()
        action: QAction | None = None if item is None else item.data(ROLE)
        if action is not None:
            action.trigger()


def _key(event: QEvent) -> int:
    pressed: QKeyEvent = event  # type: ignore[assignment]  # the filter has looked at its type
    return pressed.key()
