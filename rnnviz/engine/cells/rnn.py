"""The plain recurrent cell (Elman 1990): h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.cells._protocol import Adjoint, Cell, LayerTrace, LayerWeights
from rnnviz.engine.cells._registry import register
from rnnviz.engine.projection import project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.activations import Activation
    from rnnviz.engine.arrays import Array, Integers


@register("rnn")
class RNN(Cell):
    """A layer whose only state is its output h; the preactivation is a_t."""

    title = "Plain RNN"
    gates = ("h",)
    states = ("h",)
    memory = "h"
    recurrent = True
    activations = ("tanh", "relu", "sigmoid", "identity")

    def run(
        self, activation: Activation, weights: LayerWeights, x: Array | Integers, initial: Mapping[str, Array]
    ) -> LayerTrace:
        """Run over all steps: a_t = W_hh h_{t−1} + W_ih x_t + b, h_t = φ(a_t)."""
        a = project(x, weights.weight_ih, weights.bias_ih + weights.bias_hh)
        h = np.empty((len(a) + 1, *a.shape[1:]), a.dtype)
        h[0] = initial["h"]
        apply, weight, recurrent = activation.apply, weights.weight_hh.T, np.empty_like(h[0])
        for before, a_t, h_t in zip(h[:-1], a, h[1:], strict=True):
            np.dot(before, weight, out=recurrent)
            np.add(a_t, recurrent, out=a_t)
            apply(a_t, h_t)
        return LayerTrace(states={"h": h}, preactivations={"h": a})

    def adjoint(self, activation: Activation, weights: LayerWeights, layer: LayerTrace) -> RNNAdjoint:
        """Linearise the layer at the states it went through."""
        return RNNAdjoint(activation.slope(layer.h), weights.weight_hh)


class RNNAdjoint(Adjoint):
    """The transposed Jacobians of the steps, diag φ'(a_t) W_hh each.

    slopes: φ'(a_t), (T, B, H), or (T, 1, H) to pull many rows through one sequence; weight_hh: (H, H).
    """

    def __init__(self, slopes: Array, weight_hh: Array) -> None:
        self.slopes = list(slopes)
        self.weight_hh = weight_hh
        self.width = slopes.shape[-1]

    def pull(self, step: int, gradient: Array, delta: Array, below: Array) -> None:
        """δ_t = ∂L/∂h_t ⊙ φ'(a_t) and ∂L/∂h_{t−1} = δ_t W_hh, gradients as rows."""
        np.multiply(gradient, self.slopes[step], out=delta)
        np.dot(delta, self.weight_hh, out=below)

    def input_side(self, delta: Array) -> Array:
        """Input and recurrence meet in one sum, so both sides have the same gradient."""
        return delta

    def recurrent_side(self, delta: Array) -> Array:
        """Input and recurrence meet in one sum, so both sides have the same gradient."""
        return delta
