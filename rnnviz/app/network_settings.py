"""The settings of a network that are rarely changed: layers, directions, activation, biases and more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QSpinBox,
    QWidget,
)

from rnnviz.app.network_control import RESETS
from rnnviz.panels.base.buttons import join, tool_button
from rnnviz.panels.base.popover import Popover, form_of
from rnnviz.session import edits
from rnnviz.session.offers import choices, refusal

if TYPE_CHECKING:
    from rnnviz.app.network_control import NetworkControl

GAP = 4  # pixels between the button and what opens below it

LAYERS = (
    "How many layers, one above another: to an upper one, h_t of the one below is what x_t is to the first"
)
FORWARDS = "Each layer runs from the first step to the last: h_t follows from h_{t−1}"
BOTH = (
    "Each layer also runs from the last step to the first, and the logits come from both: W_Y [h→_t, h←_t]. "
    "The way back has read the next character already, so to predict it is to copy it"
)
ACTIVATION = "The activation φ in h_t = φ(a_t)"
RESET = (
    "Where the reset gate r_t acts in the candidate n_t: after the product, r_t ⊙ (W_H h_{t−1} + b_H), "
    "or before it, W_H (r_t ⊙ h_{t−1}) + b"
)
BIAS = "The biases b in a_t = W_X x_t + W_H h_{t−1} + b and b_Y of the logits, at first zero"
EMBEDDING = (
    "Read each character as a row of a learnt table, so many numbers long, which takes the place of its "
    "one-hot x_t; W_X begins anew"
)


class NetworkSettings(Popover):
    """Opens below a button; every change shows in all panels at once and is a step to undo."""

    def __init__(self, control: NetworkControl, parent: QWidget) -> None:
        super().__init__(parent)
        self.control = control
        self.setWindowTitle("Network")
        self.layers = QSpinBox()
        self.layers.setRange(1, edits.MAX_LAYERS)
        self.directions = QButtonGroup(self)
        self.activation, self.reset = QComboBox(), QComboBox()
        for reset, words in RESETS.items():
            self.reset.addItem(words, reset)
        self.bias = QCheckBox("biases b")
        self.embedding = QSpinBox()
        self.embedding.setRange(0, edits.MAX_EMBEDDING)
        self.embedding.setSpecialValueText("none: one-hot")
        self.embedding.setSuffix(" columns")
        self._lay_out()
        self.layers.valueChanged.connect(control.use_layers)
        self.directions.idClicked.connect(self._on_direction)
        self.activation.textActivated.connect(control.use_activation)
        self.reset.activated.connect(self._on_reset)
        self.bias.toggled.connect(control.use_bias)
        self.embedding.valueChanged.connect(control.use_embedding)
        control.changed.connect(self._read_back)
        self._read_back()

    def open_below(self, button: QWidget) -> None:
        """Show the settings below a button, right edge below right edge."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width(), button.height() + GAP))
        self.move(corner - QPoint(self.width(), 0))
        self.show()
        self.layers.setFocus(Qt.FocusReason.PopupFocusReason)

    def _lay_out(self) -> None:
        rows: tuple[tuple[str, QWidget, str], ...] = (
            ("layers", self.layers, ""),
            ("runs", self._direction_row(), ""),
            ("activation φ", self.activation, ""),
            ("reset gate acts", self.reset, ""),
            ("embedding", self.embedding, ""),
            ("", self.bias, ""),
        )
        form_of(self, rows)
        for words, widget, _ in rows:
            widget.setAccessibleName(words or self.bias.text())
        for box in (self.layers, self.embedding):
            box.setKeyboardTracking(False)

    def _direction_row(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        buttons = [
            tool_button(words, "segment", "", checked=False) for words in ("→ forwards", "⇄ both ways")
        ]
        for index, button in enumerate(join(buttons)):
            self.directions.addButton(button, index)
            row.addWidget(button)
        row.addStretch(1)
        return holder

    def _on_direction(self, index: int) -> None:
        self.control.use_both_directions(bool(index))

    def _on_reset(self, index: int) -> None:
        self.control.use_reset(self.reset.itemData(index))

    def _read_back(self) -> None:
        spec = self.control.spec
        boxes = (self.layers, self.activation, self.reset, self.bias, self.embedding)
        blockers = [QSignalBlocker(box) for box in boxes]
        self.layers.setValue(spec.num_layers)
        self.directions.button(int(spec.bidirectional)).setChecked(True)
        self.activation.clear()
        self.activation.addItems(choices(spec.cell, "activation"))
        self.activation.setCurrentText(spec.activation)
        self.reset.setCurrentIndex(self.reset.findData(spec.gru_reset))
        self.bias.setChecked(spec.bias)
        self.embedding.setValue(spec.embedding_size or 0)
        for blocker in blockers:
            blocker.unblock()
        self._allow(self.activation, "activation", ACTIVATION)
        self._allow(self.reset, "gru_reset", RESET)
        self._allow(self.directions.button(1), "bidirectional", BOTH)
        for widget, tip in (
            (self.layers, LAYERS),
            (self.directions.button(0), FORWARDS),
            (self.embedding, EMBEDDING),
            (self.bias, BIAS),
        ):
            widget.setToolTip(self.control.said(tip))

    def _allow(self, widget: QWidget, field: str, tip: str) -> None:
        """Let a setting be chosen, or say why this cell has no such choice."""
        why = refusal(self.control.spec, field)
        widget.setEnabled(not why)
        widget.setToolTip(why or self.control.said(tip))
