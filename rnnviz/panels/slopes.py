"""The slopes panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.panels._registry import register
from rnnviz.panels.base.activation_choice import ActivationChoice
from rnnviz.panels.base.figure_panel import TimePanel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Session


@register("slopes")
class SlopesPanel(TimePanel):
    """How steep every unit's activation is at every step: where it is flat, gradients end."""

    shows_flow = False

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.activation = ActivationChoice(session)
        self.activation.refused.connect(self.refused)

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return the choice between tanh, ReLU and the others."""
        return (self.activation,)
