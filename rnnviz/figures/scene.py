"""Everything a figure may show: one network, one sequence, its analysis and the step looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine import Analysis, NetworkSpec, Parameters
    from rnnviz.figures.model import Floats


@dataclass(frozen=True, eq=False, slots=True)
class Curves:
    """What training has found, one entry an update: (n,) each.

    updates: their numbers, from 1. losses: nats a token. norms: of each parameter's gradient, by its name;
    total_norms: of all together, before clipping. clip: the longest gradient allowed, None for any; clipped:
    that where a gradient was longer, NaN elsewhere, None if none was. The ranges are the `extremes` of all
    losses and of all norms.
    """

    updates: Floats
    losses: Floats
    loss_range: Floats
    norms: Mapping[str, Floats]
    total_norms: Floats
    norm_range: Floats
    clipped: Floats | None
    clip: float | None


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """The input of every function in `rnnviz.figures.gallery`.

    vocabulary: one token a row of the one-hot vectors. inputs, targets: T tokens each. silent: the steps
    whose loss is left out. step: the playhead, 0 … T−1 (0 if T is 0). Steps count from 0; what is
    drawn counts from 1. curves: of the training so far, None before the first update.
    """

    spec: NetworkSpec
    parameters: Parameters
    vocabulary: tuple[str, ...]
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    silent: frozenset[int]
    analysis: Analysis
    step: int
    curves: Curves | None = None

    @property
    def steps(self) -> int:
        """T, the number of time steps."""
        return len(self.inputs)
