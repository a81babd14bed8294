"""The columns that the network, the timeline and every other figure over time share.

A column stands at x = t as the user counts: inputs, predictions and losses have columns 1 … T, states 0 … T,
since h_0 is a state too. What runs backwards starts from a state in column T + 1. A long sequence is shown
through a window of steps; the user may choose any other steps to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rnnviz.engine import CELLS
from rnnviz.figures.model import Axis, Margins, Region

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.figures.scene import Scene


@dataclass(frozen=True, slots=True)
class Columns:
    """The window of steps start … stop−1 (from 0) of `steps`; after: whether the state behind it is shown."""

    start: int
    stop: int
    steps: int
    after: bool = False

    @property
    def count(self) -> int:
        """The number of steps in the window."""
        return self.stop - self.start

    def holds(self, step: int) -> bool:
        """Whether a step, from 0, is in the window."""
        return self.start <= step < self.stop

    @property
    def end(self) -> float:
        """The right edge of the last column."""
        return self.stop + self.after + 0.5

    def axis(self, *, shown: bool = False) -> Axis:
        """Return the shared x axis: one column a state, those around the window included."""
        return Axis(self.start - 0.5, self.end, shown=shown, whole=True)

    def note(self) -> str:
        """Say which steps are shown, if not all are."""
        return "" if self.count == self.steps else f"steps {self.start + 1:,}–{self.stop:,} of {self.steps:,}"


def columns_of(scene: Scene) -> Columns:
    """Return the window whose gradient flow is known."""
    flow = scene.analysis.flow
    return Columns(flow.start, flow.stop, scene.steps, after=scene.spec.bidirectional)


def shown_columns(scene: Scene) -> Columns:
    """Return the columns of the network and the timeline: those chosen, else those of the gradient flow."""
    if scene.columns is None:
        return columns_of(scene)
    start, stop = scene.columns
    return Columns(start, min(stop, scene.steps), scene.steps, after=scene.spec.bidirectional)


def gutter(spec: NetworkSpec) -> float:
    """Return the pixels left of the columns: more where names say a gate, a layer or a direction."""
    if spec.num_layers > 1 and spec.bidirectional:
        return 108.0
    named = len(CELLS[spec.cell].gates) > 1 or spec.num_layers > 1 or spec.bidirectional
    return 96.0 if named else Margins().left


def playhead(scene: Scene) -> tuple[Region, ...]:
    """Return the outline that crosses every track at the playhead; none if that is not in sight."""
    if not shown_columns(scene).holds(scene.step):
        return ()
    return (Region(scene.step + 0.5, scene.step + 1.5, "selection"),)


TOO_SHORT = "Type at least two characters: each one is an input, and the next one is its target."
