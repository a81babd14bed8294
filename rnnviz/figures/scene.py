"""Everything a figure may show: one network, one sequence, its analysis and the step looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnviz.engine import Analysis, NetworkSpec, Parameters


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """The input of every function in `rnnviz.figures.gallery`.

    vocabulary: one token a row of the one-hot vectors. inputs, targets: T tokens each. silent: the steps
    whose loss is left out. step: the playhead, 0 … T−1 (0 if T is 0). Steps count from 0; what is
    drawn counts from 1.
    """

    spec: NetworkSpec
    parameters: Parameters
    vocabulary: tuple[str, ...]
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    silent: frozenset[int]
    analysis: Analysis
    step: int

    @property
    def steps(self) -> int:
        """T, the number of time steps."""
        return len(self.inputs)
