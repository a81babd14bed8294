"""Which unit's activation colours the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox

from rnnviz.panels.base.reading import numbered

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.session.session import Moment, Session

MOST = 1000  # units to choose from; a list of more is no choice


class UnitChoice(QComboBox):
    """Offers every unit of a layer, and none."""

    unit_changed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("class", "small")
        self.setAccessibleName("Unit that colours the text")
        self.setToolTip("Colour the text by one unit of h_t, in the layer and direction looked at")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._offer(session.moment.state.spec.hidden_size)
        self.activated.connect(self.unit_changed)
        session.moment_changed.connect(self._on_moment_changed)

    @property
    def unit(self) -> int | None:
        """The unit, from 0; None for plain text."""
        return self.currentIndex() - 1 if self.currentIndex() > 0 else None

    def choose(self, unit: int | None) -> None:
        """Choose a unit, or none; one that is not there counts as none."""
        index = 0 if unit is None or unit + 1 >= self.count() else unit + 1
        if index != self.currentIndex():
            self.setCurrentIndex(index)
            self.unit_changed.emit()

    def _offer(self, units: int) -> None:
        """Offer so many units and keep the choice if that is among them."""
        chosen = self.currentIndex()
        with QSignalBlocker(self):
            self.clear()
            self.addItem("text plain")
            self.addItems([f"text by h{numbered(unit)}" for unit in range(min(units, MOST))])
            self.setCurrentIndex(chosen if 0 <= chosen < self.count() else 0)

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.state.spec.hidden_size != new.state.spec.hidden_size:
            self._offer(new.state.spec.hidden_size)
