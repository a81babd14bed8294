"""The columns that the network, the timeline and every other figure over time share.

A column stands at x = t as the user counts: inputs, predictions and losses have columns 1 … T, states 0 … T,
since h_0 is a state too. A long sequence is shown through a window of steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rnnviz.figures.model import Axis, Region

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene


@dataclass(frozen=True, slots=True)
class Columns:
    """The window of steps start … stop−1 (from 0) of `steps`."""

    start: int
    stop: int
    steps: int

    @property
    def count(self) -> int:
        """The number of steps in the window."""
        return self.stop - self.start

    def axis(self, *, shown: bool = False) -> Axis:
        """Return the shared x axis: one column a state, the one before the window included."""
        return Axis(self.start - 0.5, self.stop + 0.5, shown=shown, whole=True)

    def note(self) -> str:
        """Say which steps are shown, if not all are."""
        return "" if self.count == self.steps else f"steps {self.start + 1:,}–{self.stop:,} of {self.steps:,}"


def columns_of(scene: Scene) -> Columns:
    """Return the window that the scene's analysis covers."""
    flow = scene.analysis.flow
    return Columns(flow.start, flow.stop, scene.steps)


def playhead(scene: Scene) -> tuple[Region, ...]:
    """Return the outline that crosses every track at the playhead; none without steps."""
    if not scene.steps:
        return ()
    return (Region(scene.step + 0.5, scene.step + 1.5, "selection"),)


TOO_SHORT = "Type at least two characters: each one is an input, and the next one is its target."
