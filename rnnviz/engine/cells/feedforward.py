"""A layer without memory, to compare with: h_t = φ(W_ih x_t + b_ih)."""

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


@register("feedforward")
class Feedforward(Cell):
    """The same layer at every step, blind to all other steps; the preactivation is a_t."""

    title = "Feed-forward"
    gates = ("h",)
    states = ("h",)
    memory = "h"
    recurrent = False
    activations = ("tanh", "relu", "sigmoid", "identity")

    def run(
        self, activation: Activation, weights: LayerWeights, x: Array | Integers, initial: Mapping[str, Array]
    ) -> LayerTrace:
        """Run all steps at once: a_t = W_ih x_t + b_ih, h_t = φ(a_t)."""
        a = project(x, weights.weight_ih, weights.bias_ih)
        h = np.empty((len(a) + 1, *a.shape[1:]), a.dtype)
        h[0] = initial["h"]
        activation.apply(a, h[1:])
        return LayerTrace(states={"h": h}, preactivations={"h": a})

    def adjoint(
        self,
        activation: Activation,
        weights: LayerWeights,  # noqa: ARG002 — none of them leads back to an earlier step
        layer: LayerTrace,
    ) -> FeedforwardAdjoint:
        """Linearise the layer at what it computed."""
        return FeedforwardAdjoint(activation.slope(layer.h))


class FeedforwardAdjoint(Adjoint):
    """Slopes of the activation, (T, B, H) or (T, 1, H); nothing passes from a step to the one before."""

    def __init__(self, slopes: Array) -> None:
        self.slopes = list(slopes)
        self.width = slopes.shape[-1]

    def pull(self, step: int, gradient: Array, delta: Array, below: Array) -> None:
        """δ_t = ∂L/∂h_t ⊙ φ'(a_t) and ∂L/∂h_{t−1} = 0."""
        np.multiply(gradient, self.slopes[step], out=delta)
        below.fill(0.0)

    def input_side(self, delta: Array) -> Array:
        """All of δ enters through the input."""
        return delta

    def recurrent_side(self, delta: Array) -> Array:
        """Nothing enters through the recurrence."""
        return np.zeros_like(delta)
