"""The network panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEasingCurve, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStyle

from rnnviz.figures.gallery.network import lane_at, network
from rnnviz.panels._registry import register
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.figure_panel import TimePanel
from rnnviz.panels.base.start_dragging import StartDragging
from rnnviz.panels.base.zooming import HINT, Zooming
from rnnviz.panels.views.time_view import TimeView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.model import Figure
    from rnnviz.figures.picking import Pick
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.starting import StartCell
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Session

DURATION = 300  # milliseconds to fold up
FOLDED_TIP = f"Fold the steps into one copy with loops, or unroll it in time (F). {HINT}"


@register("network")
class NetworkPanel(TimePanel):
    """The network unrolled in time; the playhead animates it, a click on a box looks at its layer.

    A double click on a box, or Enter, opens its cell.

    Folded it is one copy with loops. settled: it is folded, or unrolled, and moves no more.
    """

    shows_flow = False
    view_type = TimeView
    settled = Signal()

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.fold = 0.0
        self.folded = tool_button("Folded", "small", FOLDED_TIP, checked=False)
        self.folded.toggled.connect(self._on_toggled)
        cast("TimeView", self.view).menu_asked.connect(self.selecting.show_menu)
        self.zooming = Zooming(session, cast("TimeView", self.view), self)
        self.start = StartDragging(session, self)
        self.start.refused.connect(self.refused)
        self.view.ask_before_wheel(self._is_picked_start)
        self.view.wheel.connect(self.start.turn)
        self._motion = QVariantAnimation(self)
        self._motion.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._motion.valueChanged.connect(self._on_moved)
        self._motion.finished.connect(self.settled)
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("F"), self, context=context).activated.connect(self.folded.toggle)
        for key in ("Return", "Enter"):
            QShortcut(QKeySequence(key), self.view, context=context).activated.connect(self.open_cell)

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return the button that folds and unrolls."""
        return (self.folded,)

    def draw(self, scene: Scene) -> Figure:
        """Return the network as far as it is folded."""
        return network(scene, self.fold)

    def _on_toggled(self, folded: bool) -> None:
        """Move there from wherever it is now; at once if the platform wants no motion, or nobody looks."""
        self._motion.stop()
        goal = float(folded)
        if not self.isVisible() or not self._is_animated():
            self._on_moved(goal)
            self.settled.emit()
            return
        self._motion.setStartValue(self.fold)
        self._motion.setEndValue(goal)
        self._motion.setDuration(max(1, round(DURATION * abs(goal - self.fold))))
        self._motion.start()

    def _is_animated(self) -> bool:
        return self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0

    def _on_moved(self, fold: float) -> None:
        self.fold = fold
        self.refresh()

    def _is_picked_start(self, pick: Pick) -> bool:
        """Whether the wheel turns what is here; elsewhere it scrolls."""
        return self._start_at(pick) is not None and self.selecting.at(pick) == self.session.moment.selection

    def _start_at(self, pick: Pick | None) -> StartCell | None:
        """Return the number that a state starts from at a place; folded none is shown."""
        return self.start.at(pick) if self.fold == 0 else None

    def _on_pressed(self, pick: Pick) -> None:
        lane = lane_at(self.scene, pick.y)
        if lane is not None and lane != (self.scene.layer, self.scene.direction):
            self.session.playback.look_at(*lane)
        cell = self._start_at(pick)
        if cell is None:
            super()._on_pressed(pick)
        else:
            self.selecting.choose(self.selecting.at(pick))  # the playhead stays, to see there what follows
            self.start.take(cell)

    def _on_dragged(self, start: Pick, dx: float, dy: float, modifiers: Qt.KeyboardModifier) -> None:
        if not self.start.drag(dx, dy, modifiers):
            super()._on_dragged(start, dx, dy, modifiers)

    def _on_double_clicked(self, pick: Pick) -> None:
        if self._start_at(pick) is not None:
            self.start.type_at(pick)
        elif self._is_cell(pick):
            self.open_cell()
        else:
            super()._on_double_clicked(pick)

    def _is_cell(self, pick: Pick) -> bool:
        """Whether a place is in the box of a step's cell; folded there is but the playhead's."""
        at = round(pick.x)
        there = at == self.scene.step + 1 if self.fold else 0 < at <= self.scene.steps
        return there and lane_at(self.scene, pick.y) is not None

    def open_cell(self) -> None:
        """Show the inside of the cell that is looked at."""
        self.opened.emit("circuit")

    def _on_hovered(self, pick: Pick | None) -> None:
        cell = self._start_at(pick)
        shape = Qt.CursorShape.PointingHandCursor if cell is None else Qt.CursorShape.SizeVerCursor
        if self.view.cursor().shape() != shape:
            self.view.setCursor(shape)
        if cell is None:
            super()._on_hovered(pick)
        else:
            self.view.setToolTip(self.start.words(cell))

    def seek(self, x: float) -> None:
        """Move the playhead to a column; folded there is but one."""
        if self.fold == 0:
            super().seek(x)
