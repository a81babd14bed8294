"""The chain panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from rnnviz.figures.gallery.chain import chain_of_jacobians, judged_pair
from rnnviz.panels._registry import register
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.figure_panel import FigurePanel
from rnnviz.panels.base.tips import Tips
from rnnviz.panels.views.figure_view import FigureView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.model import Figure
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session

LINK_MS = 300
PLAY = (
    "Follow the gradient back from step t, one Jacobian ∂h_i+1/∂h_i at a time: "
    "each one multiplies what the next one is given"
)


@register("chain")
class ChainPanel(FigurePanel[FigureView]):
    """The Jacobians between the steps of the pair picked in the map, played link by link."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.shown: int | None = None
        """How many links are shown while the chain plays; None for all."""
        self.timer = QTimer(self, interval=LINK_MS)
        self.timer.timeout.connect(self._on_timeout)
        self.play = tool_button("Link by link", "small", PLAY, checked=False)
        Tips(session, self).set(self.play, PLAY)
        self.play.toggled.connect(self._on_play_toggled)

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return the button that plays the chain."""
        return (self.play,)

    def draw(self, scene: Scene) -> Figure:
        """Return as much of the chain as has been played."""
        return chain_of_jacobians(scene, self.shown)

    @property
    def links(self) -> int:
        """How many links the chain has."""
        pair = judged_pair(self.scene)
        return 0 if pair is None else abs(pair.t - pair.k)

    def _on_play_toggled(self, playing: bool) -> None:
        self.shown = 0 if playing else None
        if playing:
            self.timer.start()
        else:
            self.timer.stop()
        self.refresh()

    def _on_timeout(self) -> None:
        """Show one more link; after the last one all stay."""
        if self.shown is None or self.shown >= self.links:
            self.play.setChecked(False)
            return
        self.shown += 1
        self.refresh()

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if self.shown is not None and old.selection != new.selection:
            self.shown = 0  # another pair plays from its own first link
        super()._on_moment_changed(old, new)
