"""The verdict panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.engine import CELLS
from rnnviz.engine.selection import Selection
from rnnviz.figures.gallery.verdict import heard_by_last, step_at
from rnnviz.figures.notation import visible
from rnnviz.panels._registry import register
from rnnviz.panels.base.figure_panel import FigurePanel
from rnnviz.panels.base.knobs import Knobs
from rnnviz.panels.views.figure_view import FigureView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.engine.selection import StepPair
    from rnnviz.figures.picking import Pick
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Session


@register("verdict")
class VerdictPanel(FigurePanel[FigureView]):
    """Whether the gradient vanishes, why, and which words it cannot reach; below, knobs to change it."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.view.pressed.connect(self._on_pressed)
        self.view.hovered.connect(self._on_hovered)
        self.knobs = Knobs(session)
        self.knobs.refused.connect(self.refused)
        self.box.addWidget(self.knobs)

    def pair_at(self, pick: Pick | None) -> StepPair | None:
        """Return the loss and the step of the word under the mouse."""
        if pick is None or pick.plot != "words" or pick.row is None or pick.column is None:
            return None
        return step_at(self.scene, pick.row, pick.column)

    def _on_pressed(self, pick: Pick) -> None:
        """Pick the word for the loss that is judged."""
        pair, moment = self.pair_at(pick), self.session.moment
        if pair is not None:
            flow, state = moment.analysis.flow, CELLS[moment.state.spec.cell].memory
            self.session.playback.select(Selection(state, None, flow.layer, flow.direction, pair=pair))

    def _on_hovered(self, pick: Pick | None) -> None:
        self.view.setToolTip(self.reading(pick))

    def reading(self, pick: Pick | None) -> str:
        """Say what is left at the word under the mouse."""
        pair, heard = self.pair_at(pick), heard_by_last(self.scene)
        if pair is None or heard is None:
            return ""
        state = CELLS[self.session.moment.state.spec.cell].memory
        of = f"‖∂L/∂{state}‖ of the loss at step {pair.t + 1}"
        word = visible(self.scene.inputs[pair.k])
        return f"{of}: {heard.left[pair.k - heard.first]:.3g} of it is left at step {pair.k + 1}, “{word}”"
