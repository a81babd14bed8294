"""Which network: its cell and how many units, and a button for its other settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QSpinBox, QToolButton, QWidget

from rnnviz.app.network_control import cells_in_order, in_layers
from rnnviz.app.network_settings import NetworkSettings
from rnnviz.engine import CELLS
from rnnviz.panels.base.buttons import join, tool_button
from rnnviz.session import edits

if TYPE_CHECKING:
    from rnnviz.app.actions import Actions
    from rnnviz.app.network_control import NetworkControl

CELL_TIP = "Compute h_t from x_t and h_{{t−1}} as {} cells do; weights of gates that both cells have are kept"
ARROWS = {False: "→", True: "⇄"}


class NetworkChoice(QWidget):
    """Shows and edits the document's specification."""

    def __init__(self, control: NetworkControl, actions: Actions) -> None:
        super().__init__()
        self.control = control
        self.settings = NetworkSettings(control, self)
        self.settings.addActions([actions["undo"], actions["redo"]])  # a popup hears no others
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.cells = QButtonGroup(self)
        self._names = cells_in_order()
        titles = [CELLS[name].title for name in self._names]
        buttons = [tool_button(title, "segment", "", checked=False) for title in titles]
        for index, button in enumerate(join(buttons)):
            self.cells.addButton(button, index)
            row.addWidget(button)
        self.cell = QComboBox()
        for name, title in zip(self._names, titles, strict=True):
            self.cell.addItem(title, name)
        self.cell.setAccessibleName("Cell")
        row.addWidget(self.cell)
        row.addSpacing(8)
        self.units = QSpinBox()
        self.units.setRange(1, edits.MAX_UNITS)
        self.units.setSuffix(" units")
        self.units.setKeyboardTracking(False)
        self.units.setFixedWidth(96)
        self.units.setAccessibleName("Units")
        row.addWidget(self.units)
        row.addSpacing(8)
        self.more = tool_button("", "", actions["network"].toolTip())
        row.addWidget(self.more)
        self.cells.idClicked.connect(self._on_cell)
        self.cell.activated.connect(self._on_cell)
        self.units.valueChanged.connect(control.use_units)
        self.more.clicked.connect(actions["network"].trigger)
        control.changed.connect(self._read_back)
        self.set_narrow(False)
        self._read_back()

    def set_narrow(self, narrow: bool) -> None:
        """Let the cells be chosen from a list, which takes less room than a button each."""
        self.cell.setVisible(narrow)
        for button in self.cells.buttons():
            button.setVisible(not narrow)
        self.updateGeometry()  # now, since a bar may be waiting to lay itself out

    def cell_button(self, name: str) -> QToolButton:
        """Return the button that chooses a cell."""
        button = self.cells.button(self._names.index(name))
        assert isinstance(button, QToolButton)
        return button

    def open_settings(self) -> None:
        """Show the layers, the directions and all else below the button."""
        self.settings.open_below(self.more)

    def _on_cell(self, index: int) -> None:
        self.control.use_cell(self._names[index])

    def _read_back(self) -> None:
        spec = self.control.spec
        self.cell_button(spec.cell).setChecked(True)
        self.cell.setCurrentIndex(self._names.index(spec.cell))
        with QSignalBlocker(self.units):
            self.units.setValue(spec.hidden_size)
        words = f"{in_layers(spec.num_layers)} {ARROWS[spec.bidirectional]}"
        self.more.setText(words)
        ways = "both directions" if spec.bidirectional else "forwards only"
        self.more.setAccessibleName(f"Network: {in_layers(spec.num_layers)}, {ways}")
        self._set_tips()

    def _set_tips(self) -> None:
        said = self.control.said
        for button, name in zip(self.cells.buttons(), self._names, strict=True):
            button.setToolTip(said(CELL_TIP.format(CELLS[name].title)))
        self.cell.setToolTip(said("Which cells compute h_t from x_t and h_{t−1}; weights that fit are kept"))
        self.units.setToolTip(said("How many hidden units each layer has, the length of its h_t"))
