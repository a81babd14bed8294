"""Which layer and direction the figures over time show in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox

from rnnviz.figures.states import Lane, lane_title, lanes

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.engine import NetworkSpec
    from rnnviz.session.session import Moment, Session


class LaneChoice(QComboBox):
    """Offers every layer and direction of the network; hidden if there is only one."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._spec: NetworkSpec | None = None
        self.setProperty("class", "small")
        self.setAccessibleName("Layer and direction to look at")
        self.setToolTip("The layer and direction whose states and gates, such as f_t, are shown in full")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._on_activated)
        session.moment_changed.connect(self._on_moment_changed)
        self._read_back(session.moment)

    def _on_activated(self, index: int) -> None:
        self._session.playback.look_at(*self.itemData(index))

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.focus != new.focus or old.state.spec != new.state.spec:
            self._read_back(new)

    def _read_back(self, moment: Moment) -> None:
        """Offer what the network has, the top layer first, and show what is looked at."""
        spec = moment.state.spec
        with QSignalBlocker(self):
            if spec != self._spec:
                self._spec = spec
                self.clear()
                for lane in sorted(lanes(spec), key=lambda lane: (-lane.layer, lane.direction)):
                    self.addItem(lane_title(spec, lane), tuple(lane))
                self.setVisible(self.count() > 1)
            layer, direction = moment.focus
            looked_at = Lane(layer % spec.num_layers, direction)
            top_first = spec.num_layers - 1 - looked_at.layer
            self.setCurrentIndex(top_first * spec.directions + looked_at.direction)
