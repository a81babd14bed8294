"""What the weights panel shows besides the weights: buttons and entries of a menu to choose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, Signal

from rnnviz.figures.gallery.weights import Overlays
from rnnviz.panels.base.buttons import tool_button

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu

PUSH = "Show in each entry which way training would push it: −∂L/∂w, to the right to raise it"
NUDGE = "Change the selected entry a little, and see beside ∂L/∂w how much the loss really changes"
SPECTRA = "Eigenvalues beside square matrices"
SPECTRA_TIP = "Show the eigenvalues λ of W on the unit circle, its spectral radius max |λ| and its 2-norm"


class WeightOverlays(QObject):
    """The gradients in the entries, a nudge beside them, and the eigenvalues; none of them at first."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pushes = tool_button("∂L", "small", PUSH, checked=False)
        self.nudge = tool_button("Nudge", "small", NUDGE, checked=False)
        self.nudge.hide()
        self._spectra = False
        self.pushes.toggled.connect(self._on_pushes_toggled)
        self.nudge.toggled.connect(self.changed)

    @property
    def gradients(self) -> bool:
        """Whether each entry shows which way training would push it."""
        return self.pushes.isChecked()

    @property
    def nudged(self) -> bool:
        """Whether the finite difference stands beside the gradient of the selected entry."""
        return self.nudge.isChecked()

    def with_corner(self, corner: tuple[int, int] | None) -> Overlays:
        """Return them for a figure, with the corner of a selected block."""
        return Overlays(corner, self.gradients, self._spectra)

    def show_spectra(self, on: bool) -> None:
        """Show the eigenvalues beside each square matrix, or not."""
        if on != self._spectra:
            self._spectra = on
            self.changed.emit()

    def toggle_spectra(self) -> None:
        """Show the eigenvalues beside each square matrix if they are not shown."""
        self.show_spectra(not self._spectra)

    def toggle_pushes(self) -> None:
        """Show in each entry which way training would push it, or not."""
        self.pushes.toggle()

    def toggle_nudge(self) -> None:
        """Show the finite difference beside the gradient of the selected entry, or not."""
        self.pushes.setChecked(True)
        self.nudge.toggle()

    def fill(self, menu: QMenu) -> None:
        """Offer what has no button at first."""
        self._offer(menu, SPECTRA, SPECTRA_TIP, self.toggle_spectra, on=self._spectra)
        self._offer(menu, "Nudge", NUDGE, self.toggle_nudge, on=self.nudged)

    def _offer(self, menu: QMenu, title: str, tip: str, run: Callable[[], None], *, on: bool) -> None:
        action = menu.addAction(title, run)
        action.setToolTip(tip)
        action.setCheckable(True)
        action.setChecked(on)

    def to_text(self) -> str:
        """Write which are shown, for the settings file."""
        shown = {"gradients": self.gradients, "nudge": self.nudged, "spectra": self._spectra}
        return " ".join(name for name, on in shown.items() if on)

    def recall(self, text: str) -> None:
        """Show those that `to_text` has written."""
        chosen = text.split()
        self.pushes.setChecked("gradients" in chosen)
        self.nudge.setChecked("nudge" in chosen and self.gradients)
        self.show_spectra("spectra" in chosen)

    def _on_pushes_toggled(self, on: bool) -> None:
        self.nudge.setVisible(on)
        if not on:
            with QSignalBlocker(self.nudge):  # it is one change
                self.nudge.setChecked(False)
        self.changed.emit()
