"""Which network: its cell, its activation and how many units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QSpinBox, QWidget

from rnnviz.engine import CELLS
from rnnviz.panels.base.buttons import join, tool_button
from rnnviz.session import edits

if TYPE_CHECKING:
    from rnnviz.session.session import Moment, Session


class NetworkChoice(QWidget):
    """Edits the document's specification; what can be kept of the weights is kept."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.cells = QButtonGroup(self)
        self._names = list(CELLS)
        titles = [CELLS[name].title for name in self._names]
        tip = "Use the {} cell; weights that fit are kept"
        buttons = [tool_button(title, "segment", tip.format(title), checked=False) for title in titles]
        for index, button in enumerate(join(buttons)):
            self.cells.addButton(button, index)
            row.addWidget(button)
        row.addSpacing(8)
        self.activation = QComboBox()
        self.activation.setToolTip("The activation φ in h_t = φ(a_t)")
        self.activation.setAccessibleName("Activation")
        row.addWidget(self.activation)
        row.addSpacing(8)
        self.units = QSpinBox()
        self.units.setRange(1, edits.MAX_UNITS)
        self.units.setSuffix(" units")
        self.units.setKeyboardTracking(False)
        self.units.setFixedWidth(96)
        self.units.setToolTip("How many hidden units, the length of h_t")
        self.units.setAccessibleName("Units")
        row.addWidget(self.units)
        self.cells.idClicked.connect(self._on_cell)
        self.activation.textActivated.connect(self._on_activation)
        self.units.valueChanged.connect(self._on_units)
        session.moment_changed.connect(self._on_moment_changed)
        self._read_back()

    def _on_cell(self, index: int) -> None:
        name = self._names[index]
        document = self.session.document
        document.edit(edits.with_cell(document.state, name), f"Use a {CELLS[name].title} cell")

    def _on_activation(self, name: str) -> None:
        document = self.session.document
        document.edit(edits.with_activation(document.state, name), f"Use {name}")

    def _on_units(self, units: int) -> None:
        document = self.session.document
        document.edit(edits.with_units(document.state, units), "Change the units", merge="units")

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.state.spec is not new.state.spec:
            self._read_back()

    def _read_back(self) -> None:
        spec = self.session.document.state.spec
        self.cells.button(self._names.index(spec.cell)).setChecked(True)
        with QSignalBlocker(self.activation), QSignalBlocker(self.units):
            choices = CELLS[spec.cell].activations
            if [self.activation.itemText(n) for n in range(self.activation.count())] != list(choices):
                self.activation.clear()
                self.activation.addItems(choices)
            self.activation.setCurrentText(spec.activation)
            self.units.setValue(spec.hidden_size)
