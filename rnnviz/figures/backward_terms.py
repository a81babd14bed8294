"""The terms of a weight's gradient in the steps whose flow is known: which there are, and which is picked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.selection import Selection, StepPair
from rnnviz.figures.backward_entry import is_single

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Booleans
    from rnnviz.engine.selection import WeightEntry
    from rnnviz.engine.terms import EntryTerms
    from rnnviz.figures.backward_here import Here
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene


def pair_selection(scene: Scene, pair: StepPair) -> Selection:
    """Return a pair of steps as it is picked in a sum; the weight that is summed up stays picked."""
    weight = None if scene.selection is None else scene.selection.weight
    return Selection("h", None, scene.layer, scene.direction, weight=weight, pair=pair)


@dataclass(frozen=True)
class Terms:
    """The terms (t, k) of an entry. All maps are (n, n) by [t − start, k − start]; steps count from 0."""

    here: Here
    entry: WeightEntry

    @property
    def start(self) -> int:
        """The first step of the window."""
        return self.here.scene.analysis.flow.start

    @property
    def count(self) -> int:
        """The number of steps of the window."""
        return self.here.scene.analysis.flow.stop - self.start

    @property
    def is_all(self) -> bool:
        """Whether the window is the whole sequence."""
        return self.count == self.here.scene.steps

    @cached_property
    def found(self) -> EntryTerms:
        """What the terms are products of."""
        return self.here.scene.analysis.flow.entry(*self.entry)

    @cached_property
    def products(self) -> Floats:
        """The terms."""
        return self.found.products

    @cached_property
    def heard(self) -> Booleans:
        """Which steps of the window have a loss: (n,)."""
        return self.here.scene.analysis.flow.heard

    @cached_property
    def single(self) -> bool:
        """Whether each loss reaches the entry at its own step only."""
        return is_single(self.here, self.entry)

    @cached_property
    def reached(self) -> Booleans:
        """Which pairs there are: those below the diagonal, all where directions mix."""
        spec, n = self.here.spec, self.count
        if self.single:
            return np.eye(n, dtype=np.bool_)
        name = self.entry.parameter
        top = f"_l{spec.num_layers - 1}" in name
        if spec.bidirectional and not top:
            return np.ones((n, n), np.bool_)
        triangle = np.tri(n, dtype=np.bool_)
        return triangle.T if name.endswith("_reverse") else triangle

    @cached_property
    def cells(self) -> Floats:
        """The terms, zero where there are none."""
        return np.where(self.reached, self.products, 0.0)

    @property
    def backwards(self) -> bool:
        """Whether the entry belongs to a layer that runs from the last step to the first."""
        return self.entry.parameter.endswith("_reverse")

    def value(self, pair: StepPair) -> float:
        """Return a term."""
        return float(self.products[pair.t - self.start, pair.k - self.start])

    def factors(self, pair: StepPair) -> tuple[float, float]:
        """Return what a loss sends to a step, and what the entry multiplies there."""
        t, k = pair.t - self.start, pair.k - self.start
        return float(self.found.sent[t, k]), float(self.found.read[k])

    def steps(self, t: int) -> list[int]:
        """Return the steps, within the window, that the loss of one reaches."""
        return np.flatnonzero(self.reached[t]).tolist()

    @cached_property
    def picked(self) -> StepPair | None:
        """The pair that is picked, within the window and among those that there are."""
        selection = self.here.scene.selection
        pair = None if selection is None else selection.pair
        if pair is None:
            return None
        t, k = pair.t - self.start, pair.k - self.start
        inside = 0 <= t < self.count and 0 <= k < self.count and bool(self.reached[t, k])
        return pair if inside else None

    def pair(self, t: int, k: int) -> StepPair:
        """Return a pair of the window as it is picked."""
        return StepPair(self.start + t, self.start + k)

    @cached_property
    def looked_at(self) -> StepPair | None:
        """The pair that is worked out: the one picked, else the largest term of the playhead's loss."""
        if self.picked is not None:
            return self.picked
        t = self.here.step - self.start
        if not 0 <= t < self.count or not self.heard[t]:
            return None
        sizes = np.where(self.reached[t], np.abs(np.nan_to_num(self.products[t])), -1.0)
        return self.pair(t, int(sizes.argmax()))
