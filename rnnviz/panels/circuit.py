"""The circuit panel."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from rnnviz.engine.selection import Selection
from rnnviz.figures.circuit_picking import selected, told
from rnnviz.panels._registry import register
from rnnviz.panels.base.figure_panel import FigurePanel
from rnnviz.panels.base.hold_menu import offer_holds
from rnnviz.panels.base.keyed_view import KeyedView
from rnnviz.panels.base.lane_choice import LaneChoice
from rnnviz.panels.base.why_popover import explain, offer

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.picking import Pick
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Session

KEYS = {"Up": -1, "Down": 1}


@register("circuit")
class CircuitPanel(FigurePanel[KeyedView]):
    """The cell looked at as a circuit: a click picks a unit, a double click explains it, a menu holds it."""

    shows_flow = False
    view_type = KeyedView

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.lanes = LaneChoice(session, self)
        self.view.setCursor(Qt.CursorShape.PointingHandCursor)
        self.view.pressed.connect(self._on_pressed)
        self.view.double_clicked.connect(self._on_double_clicked)
        self.view.hovered.connect(self._on_hovered)
        self.view.menu_asked.connect(self._on_menu_asked)
        for key, down in KEYS.items():
            context = Qt.ShortcutContext.WidgetWithChildrenShortcut
            QShortcut(QKeySequence(key), self.view, context=context).activated.connect(
                partial(self.pick_next, down)
            )

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return the choice of a layer and a direction."""
        return (self.lanes,)

    def at(self, pick: Pick | None) -> Selection | None:
        """Return the unit that is at a place of the circuit; None where there are no cells."""
        figure = self.view.figure
        if pick is None or figure is None:
            return None
        return selected(self.scene, figure, pick)

    def explain(self) -> None:
        """Say why the number that is picked is what it is."""
        explain(self.session, self.theme, self.view.zoom, self)

    def pick_next(self, down: int) -> None:
        """Pick the next unit of what is picked, or the one before it; the first of h from nowhere."""
        scene, picked = self.scene, self.session.moment.selection
        if not scene.steps:
            return
        if picked is None or picked.unit is None:
            self.session.playback.select(Selection("h", 0, scene.layer, scene.direction))
            return
        last = {"x": scene.spec.input_size, "e": scene.spec.embedding_size or 1, "y": scene.spec.output_size}
        count = last.get(picked.quantity or "h", scene.spec.hidden_size)
        unit = min(max(0, picked.unit + down), count - 1)
        self.session.playback.select(replace(picked, unit=unit))

    def _on_pressed(self, pick: Pick) -> None:
        picked = self.at(pick)
        if picked is not None:
            self.session.playback.select(picked)

    def _on_double_clicked(self, pick: Pick) -> None:
        if self.at(pick) is not None:
            self.explain()

    def _on_hovered(self, pick: Pick | None) -> None:
        figure = self.view.figure
        words = "" if pick is None or figure is None else told(self.scene, figure, pick)
        self.view.setToolTip(words)

    def _on_menu_asked(self, pick: Pick | None, at: QPoint) -> None:
        """Open a menu about the unit under the mouse, or about what is picked."""
        picked = self.at(pick)
        if picked is not None:
            self.session.playback.select(picked)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        offer(menu, self.explain, picked=self.session.moment.selection is not None)
        offer_holds(menu, self.session, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
