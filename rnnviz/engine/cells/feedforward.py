"""A layer without memory, to compare with: h_t = φ(W_ih x_t + b_ih)."""

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


@register("feedforward")
class Feedforward(Cell):
    """The same layer at every step, blind to all other steps; the preactivation is a_t."""

    title = "Feed-forward"
    gates = ("h",)
    states = ("h",)
    memory = "h"
    keeps = ""
    recurrent = False
    activations = ("tanh", "relu", "sigmoid", "identity")
    stages = (Stage("a is summed", ("a.h",)), Stage("h is written", ("h",)))

    def runner(self, spec: NetworkSpec, weights: Weights, source: Source) -> FeedforwardRunner:
        """Bind the layer to what it reads."""
        return FeedforwardRunner(spec, weights, source)

    def adjoint(
        self,
        spec: NetworkSpec,
        weights: Weights,  # noqa: ARG002 — none of them leads back to an earlier step
        course: Course,
        *,
        flat: bool = False,
    ) -> FeedforwardAdjoint:
        """Bind the layer to what it computed."""
        return FeedforwardAdjoint(spec, course, flat)


class FeedforwardRunner(Runner):
    """The same for every step; none looks at the initial state."""

    def __init__(self, spec: NetworkSpec, weights: Weights, source: Source) -> None:
        self.apply = ACTIVATIONS[spec.activation].apply
        self.weights, self.source = weights, source
        self.h = source.empty(more=1)
        self.a = source.empty() if source.keep else self.h[1:]
        self.course = Course({"h": self.h}, {"h": self.a} if source.keep else {}, holds=source.holds)

    def run(self) -> None:
        """Run all steps at once: a_t = W_ih x_t + b_ih, h_t = φ(a_t)."""
        source = self.source
        source.inputs.begin(self.weights.weight_ih, self.weights.bias_ih)
        source.inputs.project(0, source.steps, self.a)
        self.h[0] = source.initial["h"]
        self.apply(self.a, self.h[1:])
        if source.holds:
            for step, h_t in enumerate(self.h[1:]):
                source.holds.put("h", step, h_t)


class FeedforwardAdjoint(Adjoint):
    """Nothing passes from a step to the one before."""

    def __init__(self, spec: NetworkSpec, course: Course, flat: bool) -> None:
        self.slope, self.course, self.h = ACTIVATIONS[spec.activation].slope, course, course.states["h"]
        self.width, self.chunk = spec.hidden_size, chunk_of(self.h, course.steps)
        self.slopes = np.empty((self.chunk, *self.h.shape[1:]), self.h.dtype)
        self.slopes_by_step = by_step(self.slopes, flat=flat)

    def begin(self) -> None:
        """Take in nothing: no weight leads back to an earlier step."""

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
        """δ_t = ∂L/∂h_t ⊙ φ'(a_t) and ∂L/∂h_{t−1} = 0."""
        gradient, delta, below = parts
        np.multiply(gradient, self.slopes_by_step[step % self.chunk], delta)
        below.fill(0.0)

    def input_blocks(self) -> tuple[tuple[slice, slice], ...]:
        """All of δ enters through the input."""
        return ((slice(None), slice(None)),)

    def recurrent_blocks(self) -> tuple[Block, ...]:
        """Nothing enters through a recurrence."""
        return ()

    def named(self, delta: Array) -> dict[str, Array]:
        """Return δ, the gradient of a."""
        return {"h": delta}
