"""A panel around a FigureView, whose columns move the playhead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from PySide6.QtCore import Qt

from rnnviz.panels.base.panel import Panel
from rnnviz.panels.base.reading import reading
from rnnviz.panels.base.selecting import Selecting
from rnnviz.panels.views.figure_view import FigureView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.picking import Pick
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Session


V = TypeVar("V", bound=FigureView)


class FigurePanel(Panel, Generic[V]):
    """A panel that is one FigureView, or one of `view_type`; subclasses connect its signals."""

    view: V
    view_type: type[FigureView] = FigureView

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.view = cast("V", self.view_type(theme))
        self.box.addWidget(self.view, 1)


class TimePanel(FigurePanel[FigureView]):
    """A figure panel over time: click a column to go there and a cell to pick it, drag to scrub."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.view.setCursor(Qt.CursorShape.PointingHandCursor)
        self.selecting = Selecting(session, self)
        self.selecting.sought.connect(self.seek)
        self.view.pressed.connect(self._on_pressed)
        self.view.dragged.connect(self._on_dragged)
        self.view.hovered.connect(self._on_hovered)
        self.view.double_clicked.connect(self._on_double_clicked)

    def _on_pressed(self, pick: Pick) -> None:
        picked = self.selecting.at(pick)
        self.seek(pick.x)
        self.selecting.choose(picked)

    def _on_dragged(self, start: Pick, dx: float, _dy: float, _modifiers: Qt.KeyboardModifier) -> None:
        self.seek(start.x + dx * self.view.units_per_pixel(start.plot))

    def _on_double_clicked(self, pick: Pick) -> None:
        self.selecting.explain_at(pick)

    def _on_hovered(self, pick: Pick | None) -> None:
        figure = self.view.figure
        self.view.setToolTip("" if pick is None or figure is None else reading(figure, pick, self.session))

    def seek(self, x: float) -> None:
        """Move the playhead to the column at data position x; the initial state's column counts as step 1."""
        self.session.playback.seek(round(x) - 1)
