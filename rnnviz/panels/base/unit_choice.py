"""Which unit's activation colours the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox

from rnnviz.figures.symbols import quantity_letter
from rnnviz.panels.base.reading import numbered
from rnnviz.panels.base.tips import Tips, is_written_otherwise

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.session.session import Moment, Session

TIP = "Colour the text by one unit of h_t, in the layer and direction looked at"
MOST = 1000  # units to choose from; a list of more is no choice


class UnitChoice(QComboBox):
    """Offers every unit of a layer, and none."""

    unit_changed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("class", "small")
        self.setAccessibleName("Unit that colours the text")
        Tips(session, self).set(self, TIP)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._offer(session.moment)
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

    def _offer(self, moment: Moment) -> None:
        """Offer every unit and keep the choice if that is among them."""
        chosen, spec = self.currentIndex(), moment.state.spec
        letter = quantity_letter(moment.notation, spec, "h")
        with QSignalBlocker(self):
            self.clear()
            self.addItem("text plain")
            units = range(min(spec.hidden_size, MOST))
            self.addItems([f"text by {letter}{numbered(unit)}" for unit in units])
            self.setCurrentIndex(chosen if 0 <= chosen < self.count() else 0)

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        resized = old.state.spec.hidden_size != new.state.spec.hidden_size
        if resized or is_written_otherwise(old, new):
            self._offer(new)
