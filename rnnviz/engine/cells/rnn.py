"""The plain recurrent cell (Elman 1990): h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.activations import ACTIVATIONS
from rnnviz.engine.arrays import by_step
from rnnviz.engine.cells._protocol import (
    Adjoint,
    Block,
    Cell,
    Course,
    Parts,
    Runner,
    Source,
    Stage,
    Weights,
    chunk_of,
)
from rnnviz.engine.cells._registry import register

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array
    from rnnviz.engine.spec import NetworkSpec


@register("rnn")
class RNN(Cell):
    """A layer whose only state is its output h; the preactivation is a_t."""

    title = "Plain RNN"
    gates = ("h",)
    states = ("h",)
    memory = "h"
    keeps = ""
    recurrent = True
    activations = ("tanh", "relu", "sigmoid", "identity")
    stages = (Stage("a is summed", ("a.h",)), Stage("h is written", ("h",)))

    def runner(self, spec: NetworkSpec, weights: Weights, source: Source) -> RNNRunner:
        """Bind the layer to what it reads."""
        return RNNRunner(spec, weights, source)

    def adjoint(
        self, spec: NetworkSpec, weights: Weights, course: Course, *, flat: bool = False
    ) -> RNNAdjoint:
        """Bind the layer to the states it went through."""
        return RNNAdjoint(spec, weights, course, flat)


class RNNRunner(Runner):
    """The layer's way through time."""

    def __init__(self, spec: NetworkSpec, weights: Weights, source: Source) -> None:
        self.apply = ACTIVATIONS[spec.activation].apply
        self.weights, self.source = weights, source
        self.h = source.empty(more=1)
        self.a = source.empty() if source.keep else self.h[1:]
        self.course = Course({"h": self.h}, {"h": self.a} if source.keep else {}, holds=source.holds)
        h, a = by_step(self.h, flat=source.flat), by_step(self.a, flat=source.flat)
        self.recurrent = np.empty_like(h[0])
        steps = list(zip(range(source.steps), h[:-1], a, h[1:], strict=True))
        self.chunks = source.chunks(self.a, steps)

    def run(self) -> None:
        """Run over all steps: a_t = W_hh h_{t−1} + W_ih x_t + b, h_t = φ(a_t)."""
        weights, holds, recurrent, apply = self.weights, self.source.holds, self.recurrent, self.apply
        dot, add, weight = np.dot, np.add, weights.weight_hh
        self.h[0] = self.source.initial["h"]
        bias = weights.bias_ih + weights.bias_hh
        inputs = self.source.inputs
        inputs.begin(weights.weight_ih, bias)
        for chunk in self.chunks:
            inputs.project(chunk.start, chunk.stop, chunk.a)
            for step, before, a_t, h_t in chunk.steps:
                dot(weight, before, recurrent)
                add(a_t, recurrent, a_t)
                apply(a_t, h_t)
                if holds:
                    holds.put("h", step, h_t)


class RNNAdjoint(Adjoint):
    """The transposed Jacobians of the steps, W_hhᵀ diag φ'(a_t) each."""

    def __init__(self, spec: NetworkSpec, weights: Weights, course: Course, flat: bool) -> None:
        self.slope, self.weights, self.course = ACTIVATIONS[spec.activation].slope, weights, course
        self.h = course.states["h"]
        self.width, self.chunk = spec.hidden_size, chunk_of(self.h, course.steps)
        self.slopes = np.empty((self.chunk, *self.h.shape[1:]), self.h.dtype)
        self.slopes_by_step = by_step(self.slopes, flat=flat)
        self.transposed = np.empty_like(weights.weight_hh)

    def begin(self) -> None:
        """Lie W_hhᵀ in memory as the products want it."""
        np.copyto(self.transposed, self.weights.weight_hh.T)

    def linearise(self, start: int, stop: int) -> None:
        """Find φ'(a_t)."""
        slopes = self.slopes[: stop - start]
        self.slope(self.h[start + 1 : stop + 1], slopes)
        if self.course.holds:
            self.course.holds.silence("h", slice(start, stop), slopes)

    def cut(self, gradient: Array, delta: Array, below: Array) -> Parts:
        """Take all as they are."""
        return gradient, delta, below

    def pull(self, step: int, parts: Parts) -> None:
        """δ_t = ∂L/∂h_t ⊙ φ'(a_t) and ∂L/∂h_{t−1} = W_hhᵀ δ_t."""
        gradient, delta, below = parts
        np.multiply(gradient, self.slopes_by_step[step % self.chunk], delta)
        np.dot(self.transposed, delta, below)

    def input_blocks(self) -> tuple[tuple[slice, slice], ...]:
        """All of δ enters through the input."""
        return ((slice(None), slice(None)),)

    def recurrent_blocks(self) -> tuple[Block, ...]:
        """All of δ enters through the recurrence too."""
        return (Block(slice(None), slice(None), self.h[:-1]),)

    def named(self, delta: Array) -> dict[str, Array]:
        """Return δ, the gradient of a."""
        return {"h": delta}
