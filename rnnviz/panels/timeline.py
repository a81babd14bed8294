"""The timeline panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QMenu, QToolButton

from rnnviz.figures.gallery.timeline import timeline, tracks
from rnnviz.figures.tracks import TrackView
from rnnviz.panels._registry import register
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.figure_panel import TimePanel
from rnnviz.panels.base.lane_choice import LaneChoice
from rnnviz.panels.base.track_menu import TEXT, TrackMenus
from rnnviz.panels.base.unit_choice import UnitChoice
from rnnviz.panels.base.zooming import HINT, Zooming
from rnnviz.panels.views.time_view import TimeView

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.model import Figure
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Session


@register("timeline")
class TimelinePanel(TimePanel):
    """Tracks of every quantity in the columns of the network; one layer and direction is shown in full."""

    view_type = TimeView

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        view = cast("TimeView", self.view)
        view.ruled = True
        self.lanes = LaneChoice(session, self)
        self.units = UnitChoice(session, self)
        self.tracks = TrackMenus(session, self)
        self.zooming = Zooming(session, view, self)
        self.menu = QMenu(self)
        self.button = tool_button("Tracks", "small", f"Show, hide and arrange the tracks. {HINT}")
        self.button.setMenu(self.menu)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu.aboutToShow.connect(self._on_menu_about_to_show)
        self.tracks.changed.connect(self._on_tracks_changed)
        self.units.unit_changed.connect(self._on_unit_changed)
        view.named.connect(self._on_named)
        view.menu_asked.connect(self.menu.popup)

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return what is looked at: the unit that colours the text, the layer and direction, the tracks."""
        return (self.units, self.lanes, self.button)

    def draw(self, scene: Scene) -> Figure:
        """Return the tracks that the user has chosen."""
        return timeline(scene, self.tracks.view, self.unit)

    @property
    def unit(self) -> int | None:
        """The unit whose activation colours the text, from 0; None for plain text."""
        unit = self.units.unit
        return unit if unit is None or unit < self.session.moment.state.spec.hidden_size else None

    def track_menu(self, name: str) -> QMenu | None:
        """Return the menu of the track that a plot belongs to, None if there is no such plot."""
        found = tracks(self.scene, self.tracks.view, self.unit)
        key = next((key for key, plot in found if plot.name == name), None)
        if key is None:
            return None
        menu = QMenu(self)
        self.tracks.fill_one(menu, key)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def recall(self, choices: str) -> None:
        """Show the tracks that were chosen."""
        self.tracks.choose(TrackView.from_text(choices))

    def _on_tracks_changed(self, tracks: TrackView) -> None:
        self.refresh()
        self.choices_changed.emit(self.name, tracks.to_text())

    def _on_menu_about_to_show(self) -> None:
        self.menu.clear()
        self.selecting.add_to(self.menu)
        self.menu.addSeparator()
        self.tracks.fill(self.menu)
        self.menu.addSeparator()
        self.zooming.fill(self.menu.addMenu("Steps side by side"))

    def _on_unit_changed(self) -> None:
        """Show the text if it is to be coloured."""
        if self.unit is not None and not self.tracks.view.shows(TEXT):
            self.tracks.choose(self.tracks.view.toggle(TEXT))
        else:
            self.refresh()

    def _on_named(self, name: str, at: QPoint) -> None:
        menu = self.track_menu(name)
        if menu is not None:
            menu.popup(at)
