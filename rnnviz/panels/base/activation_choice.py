"""The activation of a plain network, one click from one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from rnnviz.engine import ACTIVATIONS
from rnnviz.panels.base.buttons import join, tool_button
from rnnviz.panels.base.tips import Tips
from rnnviz.session.edits import with_activation
from rnnviz.session.errors import EditError
from rnnviz.session.offers import choices

if TYPE_CHECKING:
    from rnnviz.session.session import Moment, Session

TIP = "Use {} as φ in h_t = φ(a_t): {}"
SLOPES = {
    "tanh": "its slope 1 − h_t² is flat where h_t is near ±1",
    "relu": "its slope is 1 above zero, however large a_t is, and 0 below",
    "sigmoid": "its slope is at most ¼, and flat where h_t is near 0 or 1",
    "identity": "its slope is 1 everywhere",
}


class ActivationChoice(QWidget):
    """One button for each activation; a cell whose activations are fixed has none."""

    refused = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        tips = Tips(session, self)
        buttons = join([tool_button(name, "segment", "", checked=False) for name in ACTIVATIONS])
        for index, (name, button) in enumerate(zip(ACTIVATIONS, buttons, strict=True)):
            tips.set(button, TIP.format(name, SLOPES[name]))
            self.group.addButton(button, index)
            row.addWidget(button)
        self.group.idClicked.connect(self._on_clicked)
        session.moment_changed.connect(self._on_moment_changed)
        self._read_back(session.moment)

    def _on_clicked(self, index: int) -> None:
        document, name = self._session.document, tuple(ACTIVATIONS)[index]
        try:
            document.edit(with_activation(document.state, name), f"Use {name}")
        except EditError as error:
            self.refused.emit(str(error))
        self._read_back(self._session.moment)

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.state.spec != new.state.spec:
            self._read_back(new)

    def _read_back(self, moment: Moment) -> None:
        """Show which one the document has."""
        spec = moment.state.spec
        offered = choices(spec.cell, "activation")
        for name, button in zip(ACTIVATIONS, self.group.buttons(), strict=True):
            button.setChecked(name == spec.activation)
            button.setVisible(len(offered) > 1 and name in offered)
