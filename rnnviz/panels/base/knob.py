"""A knob: a slider for the feel of a number, a box beside it for the number itself."""

from __future__ import annotations

from math import exp, log
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDoubleSpinBox, QSlider

NOTCHES = 600
"""Places a slider can stand at."""

NONE = "–"  # in the box of a number that there is not
_KEY = Qt.Key
KEYS = {
    *(_KEY.Key_Left, _KEY.Key_Right, _KEY.Key_Up, _KEY.Key_Down),
    *(_KEY.Key_PageUp, _KEY.Key_PageDown, _KEY.Key_Home, _KEY.Key_End),
}


class Range(NamedTuple):
    """From which number to which a knob goes; log: by equal factors instead of equal steps."""

    low: float
    high: float
    log: bool = False
    decimals: int = 2

    def at(self, notch: int) -> float:
        """Return the number of a place of the slider."""
        part = notch / NOTCHES
        if self.log:
            return exp(log(self.low) + part * (log(self.high) - log(self.low)))
        return self.low + part * (self.high - self.low)

    def notch(self, value: float) -> int:
        """Return the nearest place of a number."""
        held = min(max(value, self.low), self.high)
        whole = log(self.high / self.low) if self.log else self.high - self.low
        return round((log(held / self.low) if self.log else held - self.low) / whole * NOTCHES)


class _Slider(QSlider):
    """A slider that keeps the keys that turn it, which elsewhere move the playhead."""

    def event(self, event: QEvent) -> bool:
        """Keep a shortcut from being carried out instead."""
        if event.type() == QEvent.Type.ShortcutOverride and _turns(event):
            event.accept()
            return True
        return super().event(event)


def _turns(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and not event.modifiers() and event.key() in KEYS


class _Number(QDoubleSpinBox):
    """A box for a number, with a word for the largest one."""

    def __init__(self, last: str) -> None:
        super().__init__()
        self._last = last

    def textFromValue(self, value: float) -> str:  # noqa: N802 — Qt's name
        """Write a number, or the word."""
        return self._last if self._last and value >= self.maximum() else super().textFromValue(value)


class Knob(QObject):
    """A slider and a box that show one number.

    `turned` says which number is wanted, `let_go` that a drag or some typing has ended. What is shown is what
    `show_value` was told last, so a refused number does not stay. last: a word for the largest number.
    """

    turned = Signal(float)
    let_go = Signal()

    def __init__(self, name: str, tip: str, span: Range, largest: float, last: str = "") -> None:
        super().__init__()
        self.name, self.span = name, span
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, NOTCHES)
        self.slider.setPageStep(NOTCHES // 20)
        self.slider.setSingleStep(NOTCHES // 100)
        self.box = _Number(last)
        self.box.setDecimals(span.decimals)
        self.box.setRange(-largest if span.low < 0 else min(span.low, 10.0**-span.decimals), largest)
        self.box.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.box.setKeyboardTracking(False)
        for widget in (self.slider, self.box):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        self.slider.valueChanged.connect(self._on_slid)
        self.slider.sliderReleased.connect(self.let_go)
        self.box.valueChanged.connect(self._on_typed)

    def show_value(self, value: float) -> None:
        """Show a number, without asking for it."""
        blockers = QSignalBlocker(self.slider), QSignalBlocker(self.box)
        # A slider that is held stays under the mouse, whatever a rounded number would make of it.
        if not self.slider.isSliderDown():
            self.slider.setValue(self.span.notch(value))
        self.box.setValue(value)
        for blocker in blockers:
            blocker.unblock()

    def set_possible(self, possible: bool) -> None:
        """Let it be turned, or not; then it shows no number."""
        self.slider.setEnabled(possible)
        self.box.setEnabled(possible)
        self.box.setSpecialValueText("" if possible else NONE)
        if not possible:
            blocker = QSignalBlocker(self.box)
            self.box.setValue(self.box.minimum())
            blocker.unblock()

    def _on_slid(self, notch: int) -> None:
        self.turned.emit(self.span.at(notch))

    def _on_typed(self, value: float) -> None:
        self.turned.emit(value)
        self.let_go.emit()
