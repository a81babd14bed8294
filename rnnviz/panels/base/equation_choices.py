"""What the sheet of equations shows: a row of small buttons, and what was chosen with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QWidget

from rnnviz.panels.base.buttons import join, tool_button

if TYPE_CHECKING:
    from collections.abc import Mapping

WAYS = {
    "forward": "From x to ŷ: a_t, h_t, ŷ_t and L_t, each formula with this step's numbers",
    "backward": "From the loss back: the chain of ∂L/∂… of this step, and the gradient of a weight",
}
PARTS = {
    "vectors": "Whole vectors: W_X x_t, W_H h_{t−1} and b as columns of numbers",
    "one unit": "One unit, every product of W_X x_t and W_H h_{t−1} written out; click a number for another",
}


class Choices(NamedTuple):
    """What was chosen of the equations: the way, one unit instead of vectors, the weight of the way back."""

    way: Literal["forward", "backward"] = "forward"
    one_unit: bool = False
    parameter: str = "W_H"

    def to_text(self) -> str:
        """Write it for the settings file."""
        return json.dumps(self._asdict())

    @classmethod
    def from_text(cls, text: str) -> Choices:
        """Read what `to_text` wrote; the usual choices if it is anything else."""
        try:
            found = json.loads(text)
            way: Literal["forward", "backward"] = "backward" if found["way"] == "backward" else "forward"
            return cls(way, bool(found["one_unit"]), str(found["parameter"]))
        except (ValueError, TypeError, KeyError):
            return cls()


class EquationChoices(QWidget):
    """Forward or backward, whole vectors or one unit, and of which weight the gradient is summed up."""

    changed = Signal(object)  # Choices

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._choices = Choices()
        self.ways, self.parts = QButtonGroup(self), QButtonGroup(self)
        self.weights = QComboBox()
        self.weights.setProperty("class", "small")
        self.weights.setAccessibleName("Weight whose gradient is shown")
        self.weights.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 4)
        row.setSpacing(0)
        for group, tips in ((self.ways, WAYS), (self.parts, PARTS)):
            _fill(row, group, tips)
            row.addSpacing(8)
        row.addWidget(self.weights)
        row.addStretch(1)
        self.ways.idClicked.connect(self._on_chosen)
        self.parts.idClicked.connect(self._on_chosen)
        self.weights.activated.connect(self._on_chosen)
        self._show()

    @property
    def choices(self) -> Choices:
        """What was chosen."""
        return self._choices

    def choose(self, choices: Choices) -> None:
        """Show the equations otherwise."""
        if choices != self._choices:
            self._choices = choices
            self._show()
            self.changed.emit(choices)

    def offer(self, weights: Mapping[str, str]) -> None:
        """Offer the weights that there are, by their kinds, each with what it is called."""
        offered = {self.weights.itemData(n): self.weights.itemText(n) for n in range(self.weights.count())}
        if offered == dict(weights):
            return
        self.weights.clear()
        for kind, symbol in weights.items():
            self.weights.addItem(f"∂L/∂{symbol}", kind)
        self._show()

    def _on_chosen(self) -> None:
        way: Literal["forward", "backward"] = "backward" if self.ways.checkedId() else "forward"
        parameter = str(self.weights.currentData() or self._choices.parameter)
        self.choose(Choices(way, bool(self.parts.checkedId()), parameter))

    def _show(self) -> None:
        self.ways.button(int(self._choices.way == "backward")).setChecked(True)
        self.parts.button(int(self._choices.one_unit)).setChecked(True)
        self.weights.setCurrentIndex(max(0, self.weights.findData(self._choices.parameter)))
        self.weights.setVisible(self._choices.way == "backward")


def _fill(row: QHBoxLayout, group: QButtonGroup, tips: Mapping[str, str]) -> None:
    for number, button in enumerate(
        join([tool_button(name, "segment", tip, checked=False) for name, tip in tips.items()])
    ):
        group.addButton(button, number)
        row.addWidget(button)
