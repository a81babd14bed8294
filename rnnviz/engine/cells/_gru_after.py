"""A GRU whose reset gate acts on the product: n_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_{t−1} + b_hn))."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import by_step
from rnnviz.engine.cells._gates import Scratch, by_gate, logistic
from rnnviz.engine.cells._protocol import Adjoint, Block, Course, Parts, Runner, Source, Weights, chunk_of

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array

GATES = ("r", "z", "n")
DELTAS = ("n", "r", "z", "hn")  # the order of δ: n r z enter through the input, r z hn through the recurrence


class AfterRunner(Runner):
    """The layer's way through time; hn is W_hn h_{t−1} + b_hn."""

    def __init__(self, weights: Weights, source: Source) -> None:
        self.weights, self.source = weights, source
        self.s, self.hn = source.empty(rows=3), source.empty()
        self.a = source.empty(rows=3) if source.keep else self.s
        self.h = source.empty(more=1)
        self.course = Course(
            states={"h": self.h},
            preactivations=(by_gate(self.a, GATES) | {"hn": self.hn}) if source.keep else {},
            gates=by_gate(self.s, GATES),
            halved=frozenset("rz"),
            scratch={"gates": self.s, "hn": self.hn},
            holds=source.holds,
        )
        flat, size = source.flat, self.h.shape[1]
        h, hn = by_step(self.h, flat=flat), by_step(self.hn, flat=flat)
        a_gates, a_n = (by_step(self.a[:, rows], flat=flat) for rows in np.s_[: 2 * size, 2 * size :])
        both = by_step(self.s[:, : 2 * size], flat=flat)
        gates = [by_step(gate, flat=flat) for gate in self.course.gates.values()]
        steps = list(zip(range(source.steps), a_gates, a_n, both, *gates, hn, h[:-1], h[1:], strict=True))
        self.chunks = source.chunks(self.a, steps)
        shape = (3 * size, *self.h.shape[2:])[: 1 if flat else 2]
        self.recurrent = np.empty(shape, self.h.dtype)
        self.change = np.empty((size, *shape[1:]), self.h.dtype)
        self.half = np.full((2 * size, *shape[1:]), 0.5, self.h.dtype)
        self.scale = logistic((True, True, False), weights.weight_hh, flat, self.h.shape[2]).scale

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


class AfterAdjoint(Adjoint):
    """Gradients ∂L/∂h_t to those of the step before; every δ is ∂L/∂h_t times a factor."""

    def __init__(self, weights: Weights, course: Course, flat: bool) -> None:
        self.weights, self.course, self.h = weights, course, course.states["h"]
        self.size, batch = self.h.shape[1:]
        self.width, self.chunk = 4 * self.size, chunk_of(self.h, course.steps)
        self.factors = np.empty((self.chunk, self.width, batch), self.h.dtype)
        self.factor_steps = by_step(self.factors.reshape(self.chunk, 4, self.size, batch), flat=flat)
        self.scratch = Scratch()
        self.kept = course.gates["z"].copy() if course.holds else course.gates["z"]
        self.kept_steps = by_step(self.kept, flat=flat)
        self.transposed = np.empty(weights.weight_hh.shape[::-1], self.h.dtype)

    def begin(self) -> None:
        """Lie W_hhᵀ in memory as the products want it, and find what passes from h to h."""
        np.copyto(self.transposed, self.weights.weight_hh.T)
        if self.course.holds:
            np.copyto(self.kept, self.course.gates["z"])
            self.course.holds.silence("h", slice(None), self.kept)

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
