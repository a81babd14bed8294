"""A figure panel whose figure may be taller than the panel."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea

from rnnviz.panels.base.figure_panel import FigurePanel
from rnnviz.panels.views.figure_view import FigureView

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.model import Figure
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Session

V = TypeVar("V", bound=FigureView)


class ScrolledPanel(FigurePanel[V]):
    """A panel that scrolls if its figure needs more height than there is, and else fills what there is."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.area = QScrollArea()
        self.area.setObjectName("scrolled")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.box.replaceWidget(self.view, self.area)
        self.box.setStretchFactor(self.area, 1)
        self.area.setWidget(self.view)

    @abstractmethod
    def height_needed(self, figure: Figure, width: float) -> float:
        """Return the least height, in logical pixels at a zoom of 1, in which a figure can be read."""

    def draw(self, scene: Scene) -> Figure:
        """Return the figure to show, after making room for it."""
        figure = super().draw(scene)
        self.make_room(figure)
        return figure

    def make_room(self, figure: Figure) -> None:
        """Let the view be as tall as a figure needs."""
        zoom = self.view.zoom
        width = max(1, self.area.viewport().width()) / zoom
        self.view.setMinimumHeight(round(self.height_needed(figure, width) * zoom))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room again: a narrower figure may be shorter."""
        super().resizeEvent(event)
        if self.view.figure is not None:
            self.make_room(self.view.figure)
