"""A GRU whose reset gate acts on the state: n_t = tanh(W_in x_t + b_in + W_hn (r_t ⊙ h_{t−1}) + b_hn)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import by_step
from rnnviz.engine.cells._gates import by_gate
from rnnviz.engine.cells._gru import GATES, GRUAdjoint, GRURunner
from rnnviz.engine.cells._protocol import Block, Course, Parts, Source, Weights

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array
    from rnnviz.engine.interventions import Holds


class BeforeRunner(GRURunner):
    """The layer's way through time; `reset` is r_t ⊙ h_{t−1}."""

    besides, summed = "reset", False

    def __init__(self, weights: Weights, source: Source) -> None:
        super().__init__(weights, source)
        self.into_gates, self.into_n = (np.empty(self.shape(n), self.h.dtype) for n in (2, 1))

    def run(self) -> None:
        """Run over all steps; σ(a) = ½ + ½ tanh(a/2) of both gates at once."""
        weights, source, scale, holds = self.weights, self.source, self.scale, self.source.holds
        size = self.h.shape[1]
        bias = (weights.bias_ih + weights.bias_hh) * scale[:, 0]
        self.h[0] = source.initial["h"]
        weight_gates, weight_n = weights.weight_hh[: 2 * size] * 0.5, weights.weight_hh[2 * size :]
        into_gates, into_n, half = self.into_gates, self.into_n, self.half
        dot, add, mul, sub, tanh = np.dot, np.add, np.multiply, np.subtract, np.tanh
        source.inputs.begin(weights.weight_ih * scale, bias)
        for chunk in self.chunks:
            source.inputs.project(chunk.start, chunk.stop, chunk.a)
            for step, a_gates, a_n, gates, r, z, n, reset, before, h in chunk.steps:
                dot(weight_gates, before, into_gates)
                add(a_gates, into_gates, a_gates)
                tanh(a_gates, gates)
                mul(gates, half, gates)
                add(gates, half, gates)
                if holds:
                    holds.put_all(step, {"r": r, "z": z})
                mul(r, before, reset)
                dot(weight_n, reset, into_n)
                add(a_n, into_n, a_n)
                tanh(a_n, n)
                if holds:
                    holds.put("n", step, n)
                sub(before, n, into_n)
                mul(into_n, z, into_n)
                add(n, into_n, h)
                if holds:
                    holds.put("h", step, h)


class BeforeAdjoint(GRUAdjoint):
    """Gradients ∂L/∂h_t to those of the step before; δ stands in the order of the gates.

    The factors are those by which δ of z and n follow from ∂L/∂h_t, and δ of r from W_hnᵀ δ_n.
    """

    rows = 3

    def __init__(self, weights: Weights, course: Course, flat: bool) -> None:
        super().__init__(weights, course, flat)
        self.reset_steps = by_step(self.by_block[:, 0], flat=flat)
        self.other_steps = by_step(self.by_block[:, 1:], flat=flat)
        self.r_steps = by_step(course.gates["r"], flat=flat)
        self.transposed_gates = np.empty((self.size, 2 * self.size), self.h.dtype)
        self.transposed_n = np.empty((self.size, self.size), self.h.dtype)

    def begin(self) -> None:
        """Lie both parts of W_hhᵀ in memory as the products want them."""
        super().begin()
        np.copyto(self.transposed_gates, self.weights.weight_hh[: 2 * self.size].T)
        np.copyto(self.transposed_n, self.weights.weight_hh[2 * self.size :].T)

    def linearise(self, start: int, stop: int) -> None:
        """Find the factors of the steps."""
        steps, course, size = slice(start, stop), self.course, self.size
        gates, n, before = course.scratch["gates"][steps], course.gates["n"][steps], self.h[steps]
        factors = self.factors[: stop - start]
        by_r, by_z, by_n = by_gate(factors, GATES).values()
        by_gates = factors[:, : 2 * size]
        mul, sub = np.multiply, np.subtract
        sub(1.0, gates[:, : 2 * size], by_gates)
        mul(n, n, by_n)
        sub(1.0, by_n, by_n)
        mul(by_n, by_z, by_n)
        mul(by_gates, gates[:, : 2 * size], by_gates)
        mul(by_r, before, by_r)
        mul(by_z, before - n, by_z)
        if course.holds:
            self._silence(course.holds, steps, by_r, by_z, by_n)

    def _silence(self, holds: Holds, steps: slice, by_r: Array, by_z: Array, by_n: Array) -> None:
        """Let nothing pass upstream of what is held."""
        for name, factor in zip(GATES, (by_r, by_z, by_n), strict=True):
            holds.silence(name, steps, factor)
        holds.silence("h", steps, by_z, by_n)

    def cut(self, gradient: Array, delta: Array, below: Array) -> Parts:
        """Take r, z and n apart."""
        r, both, n = delta[: self.size], delta[: 2 * self.size], delta[2 * self.size :]
        others = delta[self.size :].reshape(2, self.size, *delta.shape[1:])
        return gradient, r, both, n, others, below, self.scratch.like(below)

    def pull(self, step: int, parts: Parts) -> None:
        """Find δ of z and n, then of r, and pass on what comes through both products and what z keeps."""
        gradient, r, both, n, others, below, passed = parts
        place, mul, add = step % self.chunk, np.multiply, np.add
        mul(gradient, self.other_steps[place], others)
        np.dot(self.transposed_n, n, passed)
        mul(passed, self.reset_steps[place], r)
        np.dot(self.transposed_gates, both, below)
        mul(passed, self.r_steps[step], passed)
        add(below, passed, below)
        mul(gradient, self.kept_steps[step], passed)
        add(below, passed, below)

    def input_blocks(self) -> tuple[tuple[slice, slice], ...]:
        """All of δ enters through the input."""
        return ((slice(None), slice(None)),)

    def recurrent_blocks(self) -> tuple[Block, ...]:
        """Return r and z by the state, n by the reset state."""
        gates = slice(0, 2 * self.size)
        n = slice(2 * self.size, None)
        return Block(gates, gates, self.h[:-1]), Block(n, n, self.course.scratch["reset"])

    def named(self, delta: Array) -> dict[str, Array]:
        """Return δ by gate."""
        return by_gate(delta, GATES)
