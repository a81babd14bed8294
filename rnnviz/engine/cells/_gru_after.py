"""A GRU whose reset gate acts on the product: n_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_{t−1} + b_hn))."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import by_step
from rnnviz.engine.cells._gates import by_gate
from rnnviz.engine.cells._gru import GRUAdjoint, GRURunner
from rnnviz.engine.cells._protocol import Block, Course, Parts, Source, Weights

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array

DELTAS = ("n", "r", "z", "hn")  # the order of δ: n r z enter through the input, r z hn through the recurrence


class AfterRunner(GRURunner):
    """The layer's way through time; hn is W_hn h_{t−1} + b_hn."""

    besides, summed = "hn", True

    def __init__(self, weights: Weights, source: Source) -> None:
        super().__init__(weights, source)
        self.recurrent, self.change = (np.empty(self.shape(n), self.h.dtype) for n in (3, 1))

    def run(self) -> None:
        """Run over all steps; σ(a) = ½ + ½ tanh(a/2) of both gates at once."""
        weights, source, scale, holds = self.weights, self.source, self.scale, self.source.holds
        size, flat = self.h.shape[1], source.flat
        bias = weights.bias_ih * scale[:, 0]
        bias[: 2 * size] += weights.bias_hh[: 2 * size] * 0.5
        self.h[0] = source.initial["h"]
        bias_n = weights.bias_hh[2 * size :]
        if not flat:
            bias_n = np.repeat(bias_n[:, None], self.h.shape[2], axis=1)
        weight, recurrent, change, half = weights.weight_hh * scale, self.recurrent, self.change, self.half
        into_gates, into_n = recurrent[: 2 * size], recurrent[2 * size :]
        dot, add, mul, sub, tanh = np.dot, np.add, np.multiply, np.subtract, np.tanh
        source.inputs.begin(weights.weight_ih * scale, bias)
        for chunk in self.chunks:
            source.inputs.project(chunk.start, chunk.stop, chunk.a)
            for step, a_gates, a_n, gates, r, z, n, hn, before, h in chunk.steps:
                dot(weight, before, recurrent)
                add(a_gates, into_gates, a_gates)
                tanh(a_gates, gates)
                mul(gates, half, gates)
                add(gates, half, gates)
                if holds:
                    holds.put_all(step, {"r": r, "z": z})
                add(into_n, bias_n, hn)
                mul(r, hn, change)
                add(a_n, change, a_n)
                tanh(a_n, n)
                if holds:
                    holds.put("n", step, n)
                sub(before, n, change)
                mul(change, z, change)
                add(n, change, h)
                if holds:
                    holds.put("h", step, h)


class AfterAdjoint(GRUAdjoint):
    """Gradients ∂L/∂h_t to those of the step before; every δ is ∂L/∂h_t times a factor."""

    rows = 4

    def __init__(self, weights: Weights, course: Course, flat: bool) -> None:
        super().__init__(weights, course, flat)
        self.factor_steps = by_step(self.by_block, flat=flat)
        self.transposed = np.empty(weights.weight_hh.shape[::-1], self.h.dtype)

    def begin(self) -> None:
        """Lie W_hhᵀ in memory as the products want it."""
        super().begin()
        np.copyto(self.transposed, self.weights.weight_hh.T)

    def linearise(self, start: int, stop: int) -> None:
        """Find the factors of the steps."""
        steps, course, size = slice(start, stop), self.course, self.size
        gates = course.scratch["gates"][steps]
        r, n = course.gates["r"][steps], course.gates["n"][steps]
        factors = self.factors[: stop - start]
        by_n, by_r, by_z, by_hn = by_gate(factors, DELTAS).values()
        by_gates = factors[:, size : 3 * size]
        mul, sub = np.multiply, np.subtract
        sub(1.0, gates[:, : 2 * size], by_gates)
        mul(n, n, by_n)
        sub(1.0, by_n, by_n)
        mul(by_n, by_z, by_n)
        mul(by_gates, gates[:, : 2 * size], by_gates)
        sub(self.h[steps], n, by_hn)
        mul(by_z, by_hn, by_z)
        mul(by_r, course.scratch["hn"][steps], by_r)
        if course.holds:
            course.holds.silence("n", steps, by_n)
        mul(by_r, by_n, by_r)
        mul(by_n, r, by_hn)
        if course.holds:
            course.holds.silence("r", steps, by_r)
            course.holds.silence("z", steps, by_z)
            course.holds.silence("h", steps, by_n, by_r, by_z, by_hn)

    def cut(self, gradient: Array, delta: Array, below: Array) -> Parts:
        """Take the parts of δ that enter through the recurrence."""
        by_gates = delta.reshape(4, self.size, *delta.shape[1:])
        return gradient, by_gates, delta[self.size :], below, self.scratch.like(below)

    def pull(self, step: int, parts: Parts) -> None:
        """Find δ_t, and pass on what comes through W_hh and what z keeps."""
        gradient, by_gates, recurrent, below, passed = parts
        np.multiply(gradient, self.factor_steps[step % self.chunk], by_gates)
        np.dot(self.transposed, recurrent, below)
        np.multiply(gradient, self.kept_steps[step], passed)
        np.add(below, passed, below)

    def input_blocks(self) -> tuple[tuple[slice, slice], ...]:
        """Return r and z, then n."""
        size = self.size
        return (
            (slice(size, 3 * size), slice(0, 2 * size)),
            (slice(0, size), slice(2 * size, 3 * size)),
        )

    def recurrent_blocks(self) -> tuple[Block, ...]:
        """Return r, z and hn."""
        return (Block(slice(self.size, None), slice(None), self.h[:-1]),)

    def named(self, delta: Array) -> dict[str, Array]:
        """Return δ by gate, and that of hn."""
        return by_gate(delta, DELTAS)
