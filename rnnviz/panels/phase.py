"""The phase portrait panel."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QTimer

from rnnviz.engine import fixed_points
from rnnviz.figures.gallery.phase import STARTS, can_search, entering, phase
from rnnviz.panels._registry import register
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.chart_panel import ChartPanel
from rnnviz.panels.base.tips import Tips
from rnnviz.session.background import Background

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.engine import FixedPoint, NetworkSpec, Parameters
    from rnnviz.figures.model import Figure
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Session

CALM_MS = 150
"""How long nothing may have changed before fixed points are searched for anew."""

READING = (
    "The flow while the playhead's x_t is read: h_{t−1} goes to h_t along its arrow. "
    "Otherwise the flow while nothing is read, which says where the network would go by itself"
)


class Question(NamedTuple):
    """A network and what it reads, whose fixed points are asked for."""

    spec: NetworkSpec
    params: Parameters
    x: bytes

    def is_of(self, other: Question | None) -> bool:
        """Whether it has the same answer as another one."""
        return other is not None and self.params is other.params and self[::2] == other[::2]

    def found(self, near: tuple[FixedPoint, ...] | None = None) -> tuple[FixedPoint, ...]:
        """Return the fixed points, those near others if these are given."""
        states = None if near is None else [point.state for point in near]
        return fixed_points(self.spec, self.params, np.frombuffer(self.x), starts=STARTS, near=states)


@register("phase")
class PhasePanel(ChartPanel):
    """Where states go, in a plane; fixed points follow every edit, and are searched for when it is calm."""

    shows_flow = False

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        self.question: Question | None = None
        self.found: tuple[FixedPoint, ...] = ()
        super().__init__(session, theme, parent)
        self.background = Background(self)
        self.background.found.connect(self._on_found)
        self.calm = QTimer(self, singleShot=True, interval=CALM_MS)
        self.calm.timeout.connect(self._on_calm)
        self.reading = tool_button("reading x_t", "small", READING, checked=True)
        Tips(session, self).set(self.reading, READING)
        self.reading.toggled.connect(self.refresh)

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return the choice of what the network reads."""
        return (self.reading,)

    def draw(self, scene: Scene) -> Figure:
        """Return the portrait with the fixed points known so far."""
        reading = self.reading.isChecked()
        if scene.steps and can_search(scene.spec):
            self._follow(Question(scene.spec, scene.parameters, entering(scene, reading=reading).tobytes()))
            searching = self.calm.isActive() or self.background.is_awaited
            return phase(scene, self.found, reading=reading, searching=searching)
        return phase(scene, (), reading=reading)

    def _follow(self, question: Question) -> None:
        """Find where the fixed points have moved to, and leave the search for others until it is calm."""
        if question.is_of(self.question):
            return
        same = self.question is not None and self.question.spec == question.spec
        self.found = question.found(self.found) if same and self.found else ()
        self.question = question
        self.background.cancel()
        self.calm.start()

    def _on_calm(self) -> None:
        if self.question is not None:
            self.background.ask(partial(self.question.found))

    def _on_found(self, found: tuple[FixedPoint, ...], _is_newest: bool) -> None:
        self.found = found
        self.refresh()
