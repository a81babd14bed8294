"""The numbers that an operation on a matrix asks for; what they do is seen while they are chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from rnnviz.engine import spectrum
from rnnviz.panels.base.popover import Popover
from rnnviz.panels.base.tips import Tips
from rnnviz.session.matrix_edits import DISTRIBUTIONS, OPERATIONS, Numbers

if TYPE_CHECKING:
    from typing import Any

    from PySide6.QtGui import QCloseEvent

    from rnnviz.figures.model import Floats
    from rnnviz.panels.base.block_editor import BlockEditor
    from rnnviz.panels.base.matrix_block import Block

LABELS = {
    "factor": ("times", "Every entry is multiplied by it: W ← a W"),
    "distribution": ("drawn", "Uniform between −width and width, or normal around 0"),
    "width": ("width", "The bound ± of uniform numbers, the standard deviation of normal ones"),
    "seed": ("seed", "The same seed draws the same numbers again"),
    "radius": ("largest |eigenvalue|", "Above 1, what W_H h_{t−1} carries can grow; below 1 it fades"),
}
LARGEST = 1e6
STEP = 0.1


class MatrixPopover(Popover):
    """Previews an operation; Return or leaving keeps it as one step to undo, Escape takes it back."""

    def __init__(self, blocks: BlockEditor, parent: QWidget) -> None:
        super().__init__(parent)
        self._blocks = blocks
        self.tips = Tips(blocks.session, self)
        self._numbers = Numbers(width=0.5)
        self._target: tuple[str, Block, Floats] | None = None
        self._stored: Floats = np.zeros((1, 1))
        self.heading = QLabel()
        self.heading.setProperty("class", "heading")
        self.fields: dict[str, QWidget] = {
            "factor": _real(-LARGEST, 3),
            "distribution": QComboBox(),
            "width": _real(0.0, 3),
            "seed": QSpinBox(),
            "radius": _real(0.0, 3),
        }
        self.keep, self.cancel = QPushButton("Keep"), QPushButton("Take back")
        self._lay_out()

    def open_for(self, name: str, block: Block, at: QPoint) -> None:
        """Ask for an operation's numbers at a place on the screen; show what is drawn by chance at once."""
        operation = OPERATIONS[name]
        self._target = name, block, self._blocks.values(block).copy()
        self._stored = self._blocks.stored(block).copy()
        self._blocks.session.document.end_merge()
        self.setWindowTitle(operation.title.rstrip("…"))
        self.heading.setText(operation.done.format(self._blocks.named(block)))
        self._numbers = replace(self._numbers, factor=1.0)
        if name == "radius":
            self._numbers = replace(self._numbers, radius=spectrum(self._target[2]).spectral_radius)
        for asked, field in self.fields.items():
            self.form.setRowVisible(field, asked in operation.asks)
        self._show_numbers()
        self.adjustSize()
        self.move(at)
        self.show()
        first = self.fields[operation.asks[0]]
        first.setFocus(Qt.FocusReason.PopupFocusReason)
        if isinstance(first, QAbstractSpinBox):
            first.selectAll()
        if "seed" in operation.asks:
            self._preview()

    def reject(self) -> None:
        """Take back what was previewed: Escape, or the button."""
        if self._target is not None:
            name, block, _ = self._target
            self._blocks.restore(block, self._stored, self._merge(name))
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what is seen if the user goes elsewhere."""
        self.accept()
        event.accept()

    def done(self, result: int) -> None:
        """Let the next edit be a step of its own."""
        self._target = None
        self._blocks.session.document.end_merge()
        super().done(result)

    def _lay_out(self) -> None:
        box, self.form, buttons = QVBoxLayout(self), QFormLayout(), QHBoxLayout()
        box.setContentsMargins(12, 12, 12, 12)
        self.form.setHorizontalSpacing(12)
        for name, field in self.fields.items():
            words, tip = LABELS[name]
            self.tips.set(field, tip)
            field.setAccessibleName(words)
            self.form.addRow(words, field)
        self._connect()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.keep)
        self.cancel.setToolTip("Leave the weights as they were (Escape)")
        self.keep.setToolTip("Keep what is shown, as one step to undo (Return)")
        self.keep.setDefault(True)
        self.keep.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        box.addWidget(self.heading)
        box.addLayout(self.form)
        box.addLayout(buttons)

    def _connect(self) -> None:
        for field in self.fields.values():
            if isinstance(field, QComboBox):
                field.addItems(DISTRIBUTIONS)
                field.currentIndexChanged.connect(self._on_changed)
            elif isinstance(field, QDoubleSpinBox | QSpinBox):
                field.valueChanged.connect(self._on_changed)
                if isinstance(field, QSpinBox):
                    field.setRange(0, 2**31 - 1)

    def _show_numbers(self) -> None:
        for name, field in self.fields.items():
            field.blockSignals(True)
            value = getattr(self._numbers, name)
            if isinstance(field, QComboBox):
                field.setCurrentText(value)
            elif isinstance(field, QDoubleSpinBox | QSpinBox):
                field.setValue(value)
            field.blockSignals(False)

    def _on_changed(self) -> None:
        chosen: dict[str, Any] = {name: _value(field) for name, field in self.fields.items()}
        self._numbers = replace(self._numbers, **chosen)
        self._preview()

    def _preview(self) -> None:
        if self._target is not None:
            name, block, before = self._target
            self._blocks.operate(name, block, self._numbers, before, self._merge(name))

    def _merge(self, name: str) -> str:
        return f"popover {name}"


def _real(least: float, decimals: int) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(least, LARGEST)
    box.setDecimals(decimals)
    box.setSingleStep(STEP)
    return box


def _value(field: QWidget) -> object:
    if isinstance(field, QComboBox):
        return field.currentText()
    assert isinstance(field, QDoubleSpinBox | QSpinBox)
    return field.value()
