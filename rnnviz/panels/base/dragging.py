"""By how much the mouse moves a number: up and to the right raise it."""

from __future__ import annotations

from PySide6.QtCore import Qt

PER_PIXEL = 0.01
NOTCH = 0.1  # for a notch of the wheel, and for a key
DIGITS = 6  # decimals that moving a number keeps


def dragged_by(dx: float, dy: float, modifiers: Qt.KeyboardModifier) -> float:
    """Return by how much a number grows if the mouse is dragged so many pixels, y downwards."""
    return (dx - dy) * PER_PIXEL * fineness(modifiers)


def turned_by(notches: float, modifiers: Qt.KeyboardModifier) -> float:
    """Return by how much a number grows if the wheel is turned so many notches away from the user."""
    return notches * NOTCH * fineness(modifiers)


def fineness(modifiers: Qt.KeyboardModifier) -> float:
    """Shift moves ten times finer, Ctrl ten times coarser."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return 0.1
    return 10.0 if modifiers & Qt.KeyboardModifier.ControlModifier else 1.0
