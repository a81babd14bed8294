"""The gradient flow panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QWidget

from rnnviz.engine import CELLS
from rnnviz.engine.selection import Selection, StepPair
from rnnviz.figures.columns import columns_of
from rnnviz.figures.flow_maps import flow_map, norm_of, offered
from rnnviz.figures.gallery.gradient_flow import SUMS, ratios
from rnnviz.figures.gallery.gradient_flow import gradient_flow as draw_flow
from rnnviz.figures.notation import spelled
from rnnviz.figures.symbols import parameter_symbol, quantity_letter
from rnnviz.panels._registry import register
from rnnviz.panels.base.buttons import join, tool_button
from rnnviz.panels.base.figure_panel import FigurePanel
from rnnviz.panels.base.keyed_view import KeyedView
from rnnviz.panels.base.tips import Tips
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

STATES = "states"
OF = (
    "What the map shows: what every loss says to the states, ∂L_t/∂h_k, or the terms that every step k adds "
    "to ∂L_t/∂W, which sum to the gradient of a weight over t and k"
)


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
        self.tips = Tips(session, self)
        for button in join([tool_button("", "segment", "", checked=False) for _ in TIPS]):
            self.tips.set(button, tuple(TIPS.values())[len(self.choices.buttons())])
            self.choices.addButton(button, len(self.choices.buttons()))
            row.addWidget(button)
        self._chosen: str | None = None
        self.weights = QComboBox()
        self.weights.setProperty("class", "small")
        self.weights.setAccessibleName("What the map shows")
        self.tips.set(self.weights, OF)
        self.weights.activated.connect(self._on_weights_activated)
        self.choices.idClicked.connect(self._on_chosen)
        self._offer_choices()

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return the choice of the state whose gradient is shown."""
        return (self._row, self.weights)

    @property
    def state(self) -> str:
        """The state whose gradient is picked: the one chosen, or the one that the verdict is about."""
        cell = CELLS[self.session.moment.state.spec.cell]
        return self._chosen if self._chosen in cell.states else cell.memory

    def recall(self, choices: str) -> None:
        """Show the state that was chosen."""
        if choices in TIPS:
            self._chosen = choices
            self._offer_choices()
            self.refresh()

    def _on_chosen(self, index: int) -> None:
        self._chosen = tuple(TIPS)[index]
        self.refresh()
        self.choices_changed.emit(self.name, self._chosen)

    @property
    def what(self) -> str:
        """What the map shows: a state, or the terms of a weight."""
        chosen = self.weights.currentData()
        return self.state if chosen is None else str(chosen)

    def _on_weights_activated(self) -> None:
        self._row.setVisible(self.what == self.state and self._has_choice)
        self.refresh()

    @property
    def _has_choice(self) -> bool:
        return len(CELLS[self.session.moment.state.spec.cell].states) > 1

    def draw(self, scene: Scene) -> Figure:
        """Return the map of what was chosen."""
        return draw_flow(scene, self.what)

    def _on_pressed(self, pick: Pick) -> None:
        """Pick a pair, or go to the step of a row; the sums beneath the map belong to no step t."""
        flow = self.session.moment.analysis.flow
        if is_cell(pick):
            self.pick(flow.start + (pick.row or 0), flow.start + (pick.column or 0))
        elif flow.start < round(pick.y) <= flow.stop:
            self.session.playback.seek(round(pick.y) - 1)

    def pick(self, t: int, k: int) -> None:
        """Pick the loss of a step and the state that its gradient reaches, and go to that step.

        A weight that is picked stays so, since the equations sum up its gradient over such pairs.
        """
        flow, picked = self.session.moment.analysis.flow, self.session.moment.selection
        pair, weight = StepPair(t, k), None if picked is None else picked.weight
        self.session.playback.seek(t)
        place = (self.state, None, flow.layer, flow.direction, weight)
        self.session.playback.select(Selection(*place, pair=pair))

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
        if is_cell(pick):
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
        """Say what the cell under the mouse stands for, nothing where there is none."""
        if pick is None or pick.row is None or pick.column is None:
            return ""
        start, scene, what = self.session.moment.analysis.flow.start, self.scene, self.what
        t, k, name = start + pick.row + 1, start + pick.column + 1, norm_of(scene, what)
        compared = ratios(scene, what)
        if compared is not None:
            value = compared[pick.row, pick.column]
            return f"log₁₀ ratio of {name} at t = {t}, k = {k}: {value:.3g}" if value == value else ""
        found = flow_map(scene, columns_of(scene), what)
        if pick.mark == 0:
            value = found.values[pick.row, pick.column]
            return f"{name} at t = {t}, k = {k}: {value:.3g}" if value == value else ""
        if found.initial is not None and pick.mark == 1:
            return f"{name} at t = {t}, k = {start}, before the first step: {found.initial[pick.row]:.3g}"
        if found.by_loss is not None and pick.mark == 1:
            sums, n, where = found.by_loss.T, pick.column, f"loss t = {t}, over k"
            return f"{SUMS[n]} of {name} of the {where}: {sums[pick.row, n]:.3g}"
        return f"{SUMS[pick.row]} of {name} at k = {k}, over t: {found.by_step[pick.row, pick.column]:.3g}"

    def _offer_choices(self) -> None:
        moment = self.session.moment
        states = CELLS[moment.state.spec.cell].states
        for name, button in zip(TIPS, self.choices.buttons(), strict=True):
            button.setText(quantity_letter(moment.notation, moment.state.spec, name))
            button.setVisible(name in states)
            button.setChecked(name == self.state)
        self._offer_weights()
        self._row.setVisible(self.what == self.state and self._has_choice)

    def _offer_weights(self) -> None:
        """Offer the weights there are; one that is gone gives way to the states."""
        scene, chosen = self.scene, self.weights.currentData()
        blocker = QSignalBlocker(self.weights)
        self.weights.clear()
        self.weights.addItem(STATES, None)
        for kind in offered(scene):
            self.weights.addItem(f"∂{spelled(parameter_symbol(scene.notation, kind))}", kind)
        self.weights.setCurrentIndex(max(0, self.weights.findData(chosen)))
        blocker.unblock()

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.state.spec != new.state.spec or old.notation != new.notation:
            self._offer_choices()
        super()._on_moment_changed(old, new)


def is_cell(pick: Pick) -> bool:
    """Whether a pair (t, k) of the map itself is under the mouse."""
    return pick.mark == 0 and pick.row is not None and pick.column is not None and pick.column <= pick.row
