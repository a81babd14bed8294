"""The stages of a step in slow motion, in a row above the panels: x enters · gates open · … · ŷ appears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from rnnviz.engine import CELLS, stages
from rnnviz.panels.base.buttons import join
from rnnviz.panels.base.tips import in_notation, is_written_otherwise

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QMouseEvent

    from rnnviz.engine import NetworkSpec, Stage
    from rnnviz.session.session import Moment, Session


class StageButton(QToolButton):
    """One stage; it says where the mouse is dragged that went down on it."""

    dragged = Signal(object)  # QPoint in its parent

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse beyond the button's own edges."""
        super().mouseMoveEvent(event)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(self.mapToParent(event.position().toPoint()))


class StageStrip(QWidget):
    """A button a stage, the present one lit: a press goes there, a drag scrubs; seen in slow motion only.

    It is read from the session's moment and holds no state of its own.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setObjectName("stages")
        self.setAccessibleName("Stages of the step")
        self.buttons: list[StageButton] = []
        self._group = QButtonGroup(self)
        self._group.idPressed.connect(session.playback.seek_stage)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 8)
        self._row.setSpacing(0)
        self._row.addStretch()
        self._row.addStretch()
        session.moment_changed.connect(self._on_moment_changed)
        self._name_stages(session.moment)
        self._show(session.moment)

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if stages(old.state.spec) != stages(new.state.spec) or is_written_otherwise(old, new):
            self._name_stages(new)
        elif (old.step, old.stage) == (new.step, new.stage):
            return
        self._show(new)
        if new.stage is not None and not self.session.playback.playing:
            self._announce()

    def _name_stages(self, moment: Moment) -> None:
        """Make as many buttons as there are stages, and write on them."""
        spec = moment.state.spec
        found = stages(spec)
        self._make(len(found))
        for button, stage in zip(self.buttons, found, strict=True):
            button.setText(in_notation(moment, stage.title))
            shown = ", ".join(made(spec, stage))
            button.setToolTip(in_notation(moment, f"Show step t as far as {shown}, and nothing later"))

    def _make(self, count: int) -> None:
        if count == len(self.buttons):
            return
        for button in self.buttons:
            self._group.removeButton(button)
            button.hide()
            button.deleteLater()
        self.buttons = [StageButton(self) for _ in range(count)]
        join([*self.buttons])
        for number, button in enumerate(self.buttons):
            button.setCheckable(True)
            self._group.addButton(button, number)
            self._row.insertWidget(1 + number, button)
            button.dragged.connect(self._on_dragged)

    def _on_dragged(self, place: QPoint) -> None:
        """Go to the stage at the mouse, or to the nearest."""
        left_of = [n for n, button in enumerate(self.buttons) if button.x() <= place.x()]
        self.session.playback.seek_stage(max(left_of, default=0))

    def _show(self, moment: Moment) -> None:
        self.setVisible(moment.stage is not None)
        if moment.stage is not None:
            button = self.buttons[moment.stage]
            button.setChecked(True)
            number = f"stage {moment.stage + 1} of {len(self.buttons)}"
            self.setAccessibleDescription(f"{button.text()}: {number} of step {moment.step + 1}")

    def _announce(self) -> None:
        """Let a screen reader say where the step is, unless it would have to say so at every tick."""
        if QAccessible.isActive():
            said = QAccessibleAnnouncementEvent(self, self.accessibleDescription())
            QAccessible.updateAccessibility(said)


def made(spec: NetworkSpec, stage: Stage) -> list[str]:
    """Return what a stage makes, as it is written, preactivations only if there is nothing else."""
    cell = CELLS[spec.cell]
    own = {"x", "y", "L", *cell.gates, *cell.states} | ({"e"} if spec.embedding_size else set())
    symbols = [f"{'ŷ' if name == 'y' else name}_t" for name in stage.computes if name in own]
    return symbols or ["a_t"]
