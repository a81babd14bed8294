"""Everything a figure may show: one network, one sequence, its analysis and the step looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine import Analysis, Intervention, NetworkSpec, Parameters, Spectra
    from rnnviz.engine.arrays import Booleans
    from rnnviz.engine.notation import Notation
    from rnnviz.engine.selection import Selection
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
    drawn counts from 1. curves: of the training so far, None before the first update. focus: the layer and
    the direction looked at, counted from 0; layer −1 is the top one. columns: the steps (start, stop) that
    figures over time show, None for those that the gradient flow covers. reads: what a token is,
    "characters", "words" or "numbers". signal: if it is numbers, all of them, (T + 1, d). baseline: the
    analysis of another sequence, without its flow, if this one is to be shown by how far its values are from
    those of the other at the same step. selection: what is picked, to be marked wherever it is shown. frozen:
    the entries that training leaves as they are, masks by parameter.

    stale: the gradient flow, the verdict and the spectra may be those of an earlier moment. spectra: None if
    figures find them themselves.

    notation: how symbols are written. stage: which of the step's `engine.stages` has been reached, None if
    the step is shown whole. interventions: what is held at a value; untouched: the analysis, without its
    flow, of the network in which nothing is, None if that is this one.
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
    focus: tuple[int, int] = (-1, 0)
    columns: tuple[int, int] | None = None
    reads: str = "characters"
    signal: Floats | None = None
    baseline: Analysis | None = None
    selection: Selection | None = None
    frozen: Mapping[str, Booleans] = field(default_factory=dict)
    stale: bool = False
    spectra: Spectra | None = None
    notation: Notation = "weights"
    stage: int | None = None
    interventions: tuple[Intervention, ...] = ()
    untouched: Analysis | None = None

    @property
    def steps(self) -> int:
        """T, the number of time steps."""
        return len(self.inputs)

    @property
    def layer(self) -> int:
        """The layer looked at, 0 … L−1."""
        return self.focus[0] % self.spec.num_layers

    @property
    def direction(self) -> int:
        """The direction looked at: 0 is forwards, 1 backwards."""
        return self.focus[1]
