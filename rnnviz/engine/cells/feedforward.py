"""A layer without memory, to compare with: h_t = φ(W_ih x_t + b_ih)."""

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


@register("feedforward")
class Feedforward(Cell):
    """The same layer at every step, blind to all other steps; the preactivation is a_t."""

    title = "Feed-forward"
    gates = ("h",)
    states = ("h",)
    memory = "h"
    recurrent = False
    activations = ("tanh", "relu", "sigmoid", "identity")

    def runner(
        self, activation: Activation, weights: LayerWeights, x: Array | Integers, initial: Mapping[str, Array]
    ) -> FeedforwardRunner:
        """Bind the layer to what it reads."""
        return FeedforwardRunner(activation, weights, x, initial["h"])

    def adjoint(
        self,
        activation: Activation,
        weights: LayerWeights,  # noqa: ARG002 — none of them leads back to an earlier step
        layer: LayerTrace,
    ) -> FeedforwardAdjoint:
        """Bind the layer to what it computed."""
        return FeedforwardAdjoint(activation, layer.h)


class FeedforwardRunner(Runner):
    """The same for every step. x: (T, B, I) or tokens (T, B); initial: (B, H), which no step looks at."""

    def __init__(
        self, activation: Activation, weights: LayerWeights, x: Array | Integers, initial: Array
    ) -> None:
        self.apply, self.weights, self.x, self.initial = activation.apply, weights, x, initial
        self.a = np.empty((len(x), *initial.shape), initial.dtype)
        self.h = np.empty((len(x) + 1, *initial.shape), initial.dtype)
        self.layer = LayerTrace(states={"h": self.h}, preactivations={"h": self.a})

    def run(self) -> None:
        """Run all steps at once: a_t = W_ih x_t + b_ih, h_t = φ(a_t)."""
        project(self.x, self.weights.weight_ih, self.weights.bias_ih, out=self.a)
        self.h[0] = self.initial
        self.apply(self.a, self.h[1:])


class FeedforwardAdjoint(Adjoint):
    """Nothing passes from a step to the one before. h: (T, B, H) or (T, 1, H)."""

    def __init__(self, activation: Activation, h: Array) -> None:
        self.slope, self.h = activation.slope, h
        self.slopes = np.empty(h.shape, h.dtype)
        self.width = h.shape[-1]

    def linearise(self) -> None:
        """Find φ'(a_t) of all steps."""
        self.slope(self.h, self.slopes)

    def pull(self, step: int, gradient: Array, delta: Array, below: Array) -> None:
        """δ_t = ∂L/∂h_t ⊙ φ'(a_t) and ∂L/∂h_{t−1} = 0."""
        np.multiply(gradient, self.slopes[step], delta)
        below.fill(0.0)

    def input_side(self, delta: Array) -> Array:
        """All of δ enters through the input."""
        return delta

    def recurrent_side(self, delta: Array) -> Array:
        """Nothing enters through the recurrence."""
        return np.zeros_like(delta)
