"""What one update of a training run found and left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.health import NonFinite
    from rnnviz.engine.optimizers import OptimizerState
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.truncation import Carried


class Snapshot(NamedTuple):
    """One update: what was found before it, and the parameters and the optimiser's memory after it.

    update: 1 after the first; loss: of the batch, or of its window, summed over time, averaged over the
    sequences; tokens: how many losses a sequence has on average, so loss / tokens is the loss of a token.
    gradient_norms: by parameter, and total_norm: of all, both before clipping; clipped: whether the gradient
    was changed by it. trouble: the first value that is not finite, in the run or else among the new
    parameters. carried: where the next window of the same batch begins, None at the end of the batch.
    Nothing here changes when training goes on.
    """

    # A tuple, because one is made at every update, in less than half the time of a frozen dataclass.
    update: int
    parameters: Parameters
    loss: float
    tokens: float
    gradient_norms: Mapping[str, float]
    total_norm: float
    clipped: bool
    optimizer_state: OptimizerState
    trouble: NonFinite | None
    carried: Carried | None = None

    @property
    def sentence(self) -> str:
        """What went wrong in which update and what to do; empty if all is finite."""
        if self.trouble is None:
            return ""
        return f"Update {self.update:,}: {self.trouble.finding}; lower the rate, clip the gradient, or undo."
