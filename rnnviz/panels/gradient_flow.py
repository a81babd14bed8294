"""The gradient flow panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from rnnviz.engine import CELLS
from rnnviz.engine.selection import Selection, StepPair
from rnnviz.figures.gallery.gradient_flow import gradient_flow as draw_flow
from rnnviz.figures.gallery.gradient_flow import norm_of
from rnnviz.panels._registry import register
from rnnviz.panels.base.buttons import join, tool_button
from rnnviz.panels.base.figure_panel import FigurePanel
from rnnviz.panels.base.keyed_view import KeyedView
from rnnviz.panels.base.why_popover import explain, show_menu

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from rnnviz.figures.model import Figure
    from rnnviz.figures.picking import Pick
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session

TIPS = {
    "h": "‖∂L_t/∂h_k‖: what every loss says to the hidden state h_k",
    "c": "‖∂L_t/∂c_k‖: what every loss says to the cell state c_k, by way of h_k = o_k ⊙ tanh(c_k) too",
}
"""The states that may be chosen, by what the choice shows."""


@register("gradient-flow")
class GradientFlowPanel(FigurePanel[KeyedView]):
    """The map of ‖∂L_t/∂h_k‖: click a cell (t, k), or go to it by the arrows, to pick it."""

    view_type = KeyedView

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.view.pressed.connect(self._on_pressed)
        self.view.moved.connect(self._on_moved)
        self.view.left.connect(self._on_left)
        self.view.takes_keys = True
        self.view.opened.connect(self._on_opened)
        self.view.menu_asked.connect(self._on_menu_asked)
        self.view.double_clicked.connect(self._on_double_clicked)
        self.view.hovered.connect(self._on_hovered)
        self.choices = QButtonGroup(self)
        self._row = QWidget(self)
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for button in join([tool_button(name, "segment", tip, checked=False) for name, tip in TIPS.items()]):
            self.choices.addButton(button, len(self.choices.buttons()))
            row.addWidget(button)
        self.choices.button(0).setChecked(True)
        self.choices.idClicked.connect(self.refresh)
        self._offer_choices()

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return the choice of the state whose gradient is shown."""
        return (self._row,)

    @property
    def state(self) -> str:
        """The state whose gradient is shown; h in a cell that does not have the one chosen."""
        chosen = tuple(TIPS)[self.choices.checkedId()]
        return chosen if chosen in CELLS[self.session.moment.state.spec.cell].states else "h"

    def draw(self, scene: Scene) -> Figure:
        """Return the map of the state chosen."""
        return draw_flow(scene, self.state)

    def _on_pressed(self, pick: Pick) -> None:
        start = self.session.moment.analysis.flow.start
        if pick.row is not None and pick.column is not None and pick.column <= pick.row:
            self.pick(start + pick.row, start + pick.column)
        elif pick.row is not None:
            self.session.playback.seek(start + pick.row)

    def pick(self, t: int, k: int) -> None:
        """Pick the loss of a step and the state that its gradient reaches, and go to that step."""
        flow = self.session.moment.analysis.flow
        pair = StepPair(t, k)
        self.session.playback.seek(t)
        self.session.playback.select(Selection(self.state, None, flow.layer, flow.direction, pair=pair))

    def _on_moved(self, rows: int, columns: int) -> None:
        """Pick the cell beside the one that is picked, or that of the playhead's step."""
        moment = self.session.moment
        pair = None if moment.selection is None else moment.selection.pair
        first, stop = moment.window
        if first == stop:
            return
        t, k = (moment.step, moment.step) if pair is None else (pair.t + rows, pair.k + columns)
        t = min(max(t, first), stop - 1)
        self.pick(t, min(max(k, first), t))

    def _on_opened(self, typed: str) -> None:
        """Explain on Return; digits mean nothing here."""
        if not typed:
            self.explain()

    def _on_double_clicked(self, pick: Pick) -> None:
        if pick.row is not None and pick.column is not None and pick.column <= pick.row:
            self.explain()

    def _on_menu_asked(self, pick: Pick | None, at: QPoint) -> None:
        if pick is not None:
            self._on_pressed(pick)
        show_menu(self, self.explain, at, picked=self.session.moment.selection is not None)

    def explain(self) -> None:
        """Say what gives the number of the cell that is picked."""
        explain(self.session, self.theme, self.view.zoom, self)

    def _on_left(self) -> None:
        self.session.playback.select(None)

    def _on_hovered(self, pick: Pick | None) -> None:
        self.view.setToolTip(self.reading(pick))

    def reading(self, pick: Pick | None) -> str:
        """Say what the cell under the mouse stands for, nothing outside of the triangle."""
        if pick is None or pick.row is None or pick.column is None or pick.column > pick.row:
            return ""
        flow, state = self.session.moment.analysis.flow, self.state
        t, k = flow.start + pick.row + 1, flow.start + pick.column + 1
        value = flow.norms[state][pick.row, pick.column]
        return f"{norm_of(self.scene, state)} at t = {t}, k = {k}: {value:.3g}"

    def _offer_choices(self) -> None:
        states = CELLS[self.session.moment.state.spec.cell].states
        for button in self.choices.buttons():
            button.setVisible(button.text() in states)
        self._row.setVisible(len(states) > 1)

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.state.spec != new.state.spec:
            self._offer_choices()
        super()._on_moment_changed(old, new)
