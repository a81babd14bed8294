"""The gradient flow panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.panels._registry import register
from rnnviz.panels.base.figure_panel import FigurePanel
from rnnviz.panels.views.figure_view import FigureView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.picking import Pick
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Session


@register("gradient-flow")
class GradientFlowPanel(FigurePanel[FigureView]):
    """The map of ‖∂L_t/∂h_k‖: click a row to go to its step, point at a cell to read it."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.view.pressed.connect(self._on_pressed)
        self.view.hovered.connect(self._on_hovered)

    def _on_pressed(self, pick: Pick) -> None:
        if pick.row is not None:
            self.session.playback.seek(self.session.moment.analysis.flow.start + pick.row)

    def _on_hovered(self, pick: Pick | None) -> None:
        self.view.setToolTip(self.reading(pick))

    def reading(self, pick: Pick | None) -> str:
        """Say what the cell under the mouse stands for, nothing outside of the triangle."""
        if pick is None or pick.row is None or pick.column is None or pick.column > pick.row:
            return ""
        flow = self.session.moment.analysis.flow
        t, k = flow.start + pick.row + 1, flow.start + pick.column + 1
        return f"‖∂L_t/∂h_k‖ at t = {t}, k = {k}: {flow.hidden[pick.row, pick.column]:.3g}"
