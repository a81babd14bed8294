"""The gated recurrent unit (Cho et al. 2014), with its reset gate after the recurrent product or before it.

r_t = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr), and z_t likewise; h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}.
After, as in PyTorch and cuDNN: n_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_{t−1} + b_hn)).
Before, as in the paper: n_t = tanh(W_in x_t + b_in + W_hn (r_t ⊙ h_{t−1}) + b_hn).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.engine.cells._gru_after import AfterAdjoint, AfterRunner
from rnnviz.engine.cells._gru_before import BeforeAdjoint, BeforeRunner
from rnnviz.engine.cells._protocol import Adjoint, Cell, Course, Runner, Source, Stage, Weights
from rnnviz.engine.cells._registry import register

if TYPE_CHECKING:
    from rnnviz.engine.spec import NetworkSpec


@register("gru")
class GRU(Cell):
    """A layer that keeps z of its state and replaces the rest by a candidate n, which sees r of the past."""

    title = "GRU"
    gates = ("r", "z", "n")
    states = ("h",)
    memory = "h"
    keeps = "z"
    recurrent = True
    activations = ("tanh",)
    stages = (
        Stage("gates open", ("a.r", "a.z", "r", "z")),
        Stage("the candidate forms", ("a.n", "a.hn", "n", "hn")),
        Stage("h is written", ("h",)),
    )

    def runner(self, spec: NetworkSpec, weights: Weights, source: Source) -> Runner:
        """Bind the layer to what it reads."""
        return (AfterRunner if spec.gru_reset == "after" else BeforeRunner)(weights, source)

    def adjoint(self, spec: NetworkSpec, weights: Weights, course: Course, *, flat: bool = False) -> Adjoint:
        """Bind the layer to what it computed."""
        adjoint = AfterAdjoint if spec.gru_reset == "after" else BeforeAdjoint
        return adjoint(weights, course, flat)
