"""What every panel is: a widget that shows one figure of the session's moment, and only when it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rnnviz.figures.gallery import FIGURES
from rnnviz.panels.base.scene import scene_of

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from rnnviz.figures.model import Figure
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session


class View(Protocol):
    """What shows a figure: a FigureView or a ChartView."""

    paints: int
    zoom: float

    @property
    def figure(self) -> Figure | None:
        """The figure shown."""

    def width(self) -> int:
        """Its width in logical pixels."""

    def height(self) -> int:
        """Its height in logical pixels."""

    def show_figure(self, figure: Figure) -> None:
        """Show another figure."""

    def set_theme(self, theme: Theme) -> None:
        """Show it in other colours."""


class Panel(QWidget):
    """A dock's content. Subclasses build `view` and, where they have more to say, override `draw`.

    A hidden panel only marks itself stale; it draws when it is shown.
    """

    name: ClassVar[str]
    follows_edits: ClassVar[bool] = True  # what it shows depends on the document, not only on the training
    shows_flow: ClassVar[bool] = True  # what it shows may depend on the flow, the verdict or the spectra
    headline_changed = Signal(str, str)  # title, note
    refused = Signal(str)  # one sentence: why what was asked for cannot be
    opened = Signal(str)  # the name of another panel that is wanted now
    choices_changed = Signal(str, str)  # the panel's name, and its choices as `recall` reads them

    view: View

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.theme = theme
        self._stale = True
        self.setObjectName(self.name)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(8, 0, 8, 8)
        self.box.setSpacing(6)
        session.moment_changed.connect(self._on_moment_changed)

    @property
    def title(self) -> str:
        """What the panel is called in menus."""
        return FIGURES[self.name].title

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return the few controls that stand in the card's heading."""
        return ()

    def recall(self, choices: str) -> None:
        """Show the panel as the user left it; empty and unknown choices leave it as it is."""

    @property
    def scene(self) -> Scene:
        """What there is to show now."""
        return scene_of(self.session.moment)

    def draw(self, scene: Scene) -> Figure:
        """Return the figure to show."""
        return FIGURES[self.name].figure(scene)

    def refresh(self) -> None:
        """Show the session's moment now, or when the panel is next seen."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        figure = self.draw(self.scene)
        self.view.show_figure(figure)
        self.headline_changed.emit(figure.title, figure.note)

    def set_theme(self, theme: Theme) -> None:
        """Show the panel in other colours."""
        self.theme = theme
        self.view.set_theme(theme)

    def set_zoom(self, zoom: float) -> None:
        """Scale what is drawn, apart from the controls."""
        self.view.zoom = zoom

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the panel was hidden."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if self.shows_flow or not new.only_caught_up(old):
            self.refresh()
