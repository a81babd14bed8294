"""The equations panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.figures.gallery.equations import component_at
from rnnviz.panels._registry import register
from rnnviz.panels.base.scrolled_panel import ScrolledPanel
from rnnviz.panels.base.why_popover import explain
from rnnviz.panels.views.figure_view import FigureView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.model import Figure
    from rnnviz.figures.picking import Pick
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Session

SMALLEST = 0.8  # of their natural size: below that, scrolling is better than shrinking


@register("equations")
class EquationsPanel(ScrolledPanel[FigureView]):
    """The playhead's step as formulas with their numbers; a click picks one, a double click explains it."""

    shows_flow = False

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.view.pressed.connect(self._on_pressed)
        self.view.double_clicked.connect(self._on_double_clicked)

    def _on_pressed(self, pick: Pick) -> None:
        picked = component_at(self.scene, pick.x, pick.y)
        if picked is not None:
            self.session.playback.select(picked)

    def _on_double_clicked(self, pick: Pick) -> None:
        if component_at(self.scene, pick.x, pick.y) is not None:
            explain(self.session, self.theme, self.view.zoom, self)

    def height_needed(self, figure: Figure, width: float) -> float:
        """Return the height of the formulas if they fill the width, but are no larger than they should be."""
        if not figure.plots:
            return 0.0
        margins, (w, h) = figure.margins, figure.plots[0].natural
        room = width - margins.left - margins.right
        return h * min(SMALLEST, room / w) + margins.top + margins.bottom
