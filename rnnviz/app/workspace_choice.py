"""Which workspace: a button each, or a list where there is no room for them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QWidget

from rnnviz.app.workspaces import WORKSPACES
from rnnviz.panels.base.buttons import tool_button

GAP = 4  # logical pixels between the buttons


class WorkspaceChoice(QWidget):
    """Shows the present workspace; chosen(name): another one, or the same anew, is asked for."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        self._names = list(WORKSPACES)
        self.group = QButtonGroup(self)
        self.list = QComboBox()
        self.list.setToolTip("Arrange the panels of a workspace anew")
        self.list.setAccessibleName("Workspace")
        for index, workspace in enumerate(WORKSPACES.values()):
            tip = f"Arrange the panels of {workspace.title} anew"
            button = tool_button(workspace.title, "workspace", tip, checked=index == 0)
            self.group.addButton(button, index)
            row.addWidget(button)
            self.list.addItem(workspace.title)
        row.addWidget(self.list)
        self.group.idClicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_chosen)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Let the workspace be chosen from a list, which takes less room."""
        self.list.setVisible(narrow)
        for button in self.group.buttons():
            button.setVisible(not narrow)
        self.updateGeometry()

    def mark(self, name: str) -> None:
        """Show which workspace is the present one."""
        index = self._names.index(name)
        self.group.button(index).setChecked(True)
        self.list.setCurrentIndex(index)

    def _on_chosen(self, index: int) -> None:
        self.chosen.emit(self._names[index])
