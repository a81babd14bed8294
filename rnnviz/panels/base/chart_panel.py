"""A panel around a ChartView, whose library is loaded late: it takes longer than a window to appear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from rnnviz.panels.base.panel import Panel
from rnnviz.panels.views.figure_view import FigureView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.theme import Theme
    from rnnviz.panels.views.chart_view import ChartView
    from rnnviz.session.session import Session


class ChartPanel(Panel):
    """A panel that is one ChartView; until `load`, a FigureView holds its place and can show a message."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.room = QVBoxLayout()
        self.view: FigureView | ChartView = FigureView(theme)
        self._loaded = False
        self.room.addWidget(self.view)
        self.lay_out()

    def lay_out(self) -> None:
        """Put the chart's room into the panel, all of which it fills."""
        self.box.addLayout(self.room, 1)

    def load_if_needed(self) -> None:
        """Load the chart if the panel is in sight and has more to show than a message."""
        if not self._loaded and self.isVisible() and self.draw(self.scene).plots:
            self.load()

    def load(self) -> None:
        """Load the chart's library and show the chart; nothing if that was done."""
        if self._loaded:
            return
        from rnnviz.panels.views.chart_view import ChartView  # costs more than all else at start-up

        place, self.view = self.view, ChartView(self.theme)
        self.view.zoom = place.zoom
        self.room.replaceWidget(place, self.view)
        place.deleteLater()
        self._loaded = True
        self.refresh()
