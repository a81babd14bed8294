"""The plain recurrent cell (Elman 1990): h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.cells._protocol import Adjoint, Cell, LayerTrace, LayerWeights, Runner
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

    def runner(
        self, activation: Activation, weights: LayerWeights, x: Array | Integers, initial: Mapping[str, Array]
    ) -> RNNRunner:
        """Bind the layer to what it reads."""
        return RNNRunner(activation, weights, x, initial["h"])

    def adjoint(self, activation: Activation, weights: LayerWeights, layer: LayerTrace) -> RNNAdjoint:
        """Bind the layer to the states it went through."""
        return RNNAdjoint(activation, weights.weight_hh, layer.h)


class RNNRunner(Runner):
    """The layer's way through time. x: (T, B, I) or tokens (T, B); initial: (B, H)."""

    def __init__(
        self, activation: Activation, weights: LayerWeights, x: Array | Integers, initial: Array
    ) -> None:
        self.apply, self.weights, self.x, self.initial = activation.apply, weights, x, initial
        self.a = np.empty((len(x), *initial.shape), initial.dtype)
        self.h = np.empty((len(x) + 1, *initial.shape), initial.dtype)
        self.layer = LayerTrace(states={"h": self.h}, preactivations={"h": self.a})
        self.recurrent = np.empty(initial.shape, initial.dtype)
        self.steps = list(zip(self.h[:-1], self.a, self.h[1:], strict=True))

    def run(self) -> None:
        """Run over all steps: a_t = W_hh h_{t−1} + W_ih x_t + b, h_t = φ(a_t)."""
        weights, dot, add, apply = self.weights, np.dot, np.add, self.apply
        project(self.x, weights.weight_ih, weights.bias_ih + weights.bias_hh, out=self.a)
        self.h[0] = self.initial
        weight, recurrent = weights.weight_hh.T.copy(), self.recurrent  # products with a view would be slower
        for before, a_t, h_t in self.steps:
            dot(before, weight, recurrent)
            add(a_t, recurrent, a_t)
            apply(a_t, h_t)


class RNNAdjoint(Adjoint):
    """The transposed Jacobians of the steps, diag φ'(a_t) W_hh each.

    h: (T, B, H), or (T, 1, H) to pull many rows through one sequence; weight_hh: (H, H).
    """

    def __init__(self, activation: Activation, weight_hh: Array, h: Array) -> None:
        self.slope, self.weight_hh, self.h = activation.slope, weight_hh, h
        self.slopes = np.empty(h.shape, h.dtype)
        self.slopes_by_step = list(self.slopes)
        self.width = h.shape[-1]

    def linearise(self) -> None:
        """Find φ'(a_t) of all steps."""
        self.slope(self.h, self.slopes)

    def pull(self, step: int, gradient: Array, delta: Array, below: Array) -> None:
        """δ_t = ∂L/∂h_t ⊙ φ'(a_t) and ∂L/∂h_{t−1} = δ_t W_hh, gradients as rows."""
        np.multiply(gradient, self.slopes_by_step[step], delta)
        np.dot(delta, self.weight_hh, below)

    def input_side(self, delta: Array) -> Array:
        """Input and recurrence meet in one sum, so both sides have the same gradient."""
        return delta

    def recurrent_side(self, delta: Array) -> Array:
        """Input and recurrence meet in one sum, so both sides have the same gradient."""
        return delta
