"""A panel around a ChartView, whose library is loaded after the first frame is on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.panels.base.panel import Panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.theme import Theme
    from rnnviz.panels.views.chart_view import ChartView
    from rnnviz.session.session import Session


class ChartPanel(Panel):
    """A panel that is one ChartView, made by `prepare` so that the window need not wait for it."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self._chart: ChartView | None = None
        self._zoom = 1.0

    @property
    def view(self) -> ChartView:  # type: ignore[override]  # made on first use, so it cannot be an attribute
        """The chart, made on first use."""
        if self._chart is None:
            self.prepare()
            assert self._chart is not None
        return self._chart

    def prepare(self) -> None:
        """Load the chart's library and show the chart; nothing if that was done."""
        if self._chart is None:
            from rnnviz.panels.views.chart_view import ChartView  # costs more than all else at start-up

            self._chart = ChartView(self.theme)
            self._chart.zoom = self._zoom
            self.add_chart(self._chart)
            self.refresh()

    def add_chart(self, chart: QWidget) -> None:
        """Put the chart into the panel, all of which it fills."""
        self.box.addWidget(chart, 1)

    def refresh(self) -> None:
        """Show the session's moment, once there is a chart."""
        if self._chart is not None:
            super().refresh()

    def set_zoom(self, zoom: float) -> None:
        """Scale what is drawn, now or when the chart is made."""
        self._zoom = zoom
        if self._chart is not None:
            self._chart.zoom = zoom

    def set_theme(self, theme: Theme) -> None:
        """Show the panel in other colours."""
        self.theme = theme
        if self._chart is not None:
            self._chart.set_theme(theme)
