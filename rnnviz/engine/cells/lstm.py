"""Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate of Gers, Schmidhuber & Cummins 2000).

i_t = σ(W_ii x_t + b_ii + W_hi h_{t−1} + b_hi), and f_t, o_t likewise;
g_t = tanh(W_ig x_t + b_ig + W_hg h_{t−1} + b_hg); c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t; h_t = o_t ⊙ tanh c_t.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import by_step
from rnnviz.engine.cells._gates import ALL, by_gate, logistic
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
    from rnnviz.engine.interventions import Holds
    from rnnviz.engine.spec import NetworkSpec

GATES = ("i", "f", "g", "o")
O = 3  # noqa: E741 — the place of the gate o
SIGMOIDS = (True, True, False, True)


@register("lstm")
class LSTM(Cell):
    """A layer with a memory c: written through the gate i, kept through f, read through o."""

    title = "LSTM"
    gates = GATES
    states = ("h", "c")
    memory = "c"
    keeps = "f"
    recurrent = True
    activations = ("tanh",)
    stages = (
        Stage("gates open", ("a.i", "a.f", "a.g", "a.o", "i", "f", "g", "o")),
        Stage("the cell is written", ("c",)),
        Stage("h is read", ("h",)),
    )

    def runner(
        self,
        spec: NetworkSpec,  # noqa: ARG002 — there is nothing to choose
        weights: Weights,
        source: Source,
    ) -> LSTMRunner:
        """Bind the layer to what it reads."""
        return LSTMRunner(weights, source)

    def adjoint(
        self, spec: NetworkSpec, weights: Weights, course: Course, *, flat: bool = False
    ) -> LSTMAdjoint:
        """Bind the layer to what it computed."""
        return LSTMAdjoint(spec, weights, course, flat)


class LSTMRunner(Runner):
    """The layer's way through time."""

    def __init__(self, weights: Weights, source: Source) -> None:
        self.weights, self.source = weights, source
        self.s = source.empty(rows=4)
        self.a = source.empty(rows=4) if source.keep else self.s
        self.h, self.c, self.squashed = source.empty(more=1), source.empty(more=1), source.empty()
        self.course = Course(
            states={"h": self.h, "c": self.c},
            preactivations=by_gate(self.a, GATES) if source.keep else {},
            gates=by_gate(self.s, GATES),
            halved=frozenset("ifo"),
            scratch={"gates": self.s, "tanh c": self.squashed},
            holds=source.holds,
        )
        steps = [
            by_step(array, flat=source.flat) for array in (self.a, self.s, self.h, self.c, self.squashed)
        ]
        a, s, h, c, squashed = steps
        gates = [by_step(gate, flat=source.flat) for gate in self.course.gates.values()]
        by_steps = list(
            zip(range(source.steps), a, s, *gates, h[:-1], c[:-1], c[1:], squashed, h[1:], strict=True)
        )
        self.chunks = source.chunks(self.a, by_steps)
        self.recurrent, self.written = np.empty(self.a.shape[1:], self.a.dtype), np.empty_like(self.h[0])
        self.sigmoids = logistic(SIGMOIDS, weights.weight_hh, source.flat, self.h.shape[2])
        if source.flat:
            self.recurrent, self.written = self.recurrent[:, 0], self.written[:, 0]

    def run(self) -> None:
        """Run over all steps; one tanh serves every gate, as σ(a) = ½ + ½ tanh(a/2)."""
        weights, sigmoids, holds = self.weights, self.sigmoids, self.source.holds
        scale, factor, offset = sigmoids.scale, sigmoids.factor, sigmoids.offset
        bias = (weights.bias_ih + weights.bias_hh) * scale[:, 0]
        self.h[0], self.c[0] = self.source.initial["h"], self.source.initial["c"]
        weight, recurrent, written = weights.weight_hh * scale, self.recurrent, self.written
        dot, add, mul, tanh = np.dot, np.add, np.multiply, np.tanh
        inputs = self.source.inputs
        inputs.begin(weights.weight_ih * scale, bias)
        for chunk in self.chunks:
            inputs.project(chunk.start, chunk.stop, chunk.a)
            for step, a, s, i, f, g, o, h_before, c_before, c, squashed, h in chunk.steps:
                dot(weight, h_before, recurrent)
                add(a, recurrent, a)
                tanh(a, s)
                mul(s, factor, s)
                add(s, offset, s)
                if holds:
                    holds.put_all(step, {"i": i, "f": f, "g": g, "o": o})
                mul(i, g, written)
                mul(f, c_before, c)
                add(c, written, c)
                if holds:
                    holds.put("c", step, c)
                tanh(c, squashed)
                mul(o, squashed, h)
                if holds:
                    holds.put("h", step, h)


class LSTMAdjoint(Adjoint):
    """Gradients (∂L/∂h_t, ∂L/∂c_t) to those of the step before; δ stands in the order of the gates.

    What one step needs is found for many at once: the factors by which δ follows from ∂L/∂c_t for i, f and
    g, and from ∂L/∂h_t for o, and `onto`, o ⊙ (1 − tanh² c_t), by which ∂L/∂h_t adds to ∂L/∂c_t.
    """

    def __init__(self, spec: NetworkSpec, weights: Weights, course: Course, flat: bool) -> None:
        self.weights, self.course = weights, course
        self.size, self.width, self.chunk = (
            spec.hidden_size,
            4 * spec.hidden_size,
            chunk_of(course.states["h"], course.steps),
        )
        shape, number = course.states["h"].shape[1:], course.states["h"].dtype
        self.factors = np.empty((self.chunk, 4 * shape[0], shape[1]), number)
        self.onto = np.empty((self.chunk, *shape), number)
        by_gates = self.factors.reshape(self.chunk, 4, *shape)
        self.written_steps = by_step(by_gates[:, :O], flat=flat)
        self.read_steps = by_step(by_gates[:, O], flat=flat)
        self.onto_steps = by_step(self.onto, flat=flat)
        self.kept = course.gates["f"].copy() if course.holds else course.gates["f"]
        self.kept_steps = by_step(self.kept, flat=flat)
        self.transposed = np.empty(weights.weight_hh.shape[::-1], number)

    def begin(self) -> None:
        """Lie W_hhᵀ in memory as the products want it, and find what passes from c to c."""
        np.copyto(self.transposed, self.weights.weight_hh.T)
        if self.course.holds:
            np.copyto(self.kept, self.course.gates["f"])
            self.course.holds.silence("c", ALL, self.kept)

    def linearise(self, start: int, stop: int) -> None:
        """Find the factors of the steps."""
        steps, course = slice(start, stop), self.course
        all_gates, squashed = (course.scratch[name][steps] for name in ("gates", "tanh c"))
        i, _, g, o = (course.gates[name][steps] for name in GATES)
        factors, onto = self.factors[: stop - start], self.onto[: stop - start]
        by_i, by_f, by_g, by_o = by_gate(factors, GATES).values()
        mul, sub = np.multiply, np.subtract
        sub(1.0, all_gates, factors)
        mul(factors, all_gates, factors)
        mul(by_i, g, by_i)
        mul(by_f, course.states["c"][steps], by_f)
        mul(by_o, squashed, by_o)
        mul(g, g, by_g)
        sub(1.0, by_g, by_g)
        mul(by_g, i, by_g)
        mul(squashed, squashed, onto)
        sub(1.0, onto, onto)
        mul(onto, o, onto)
        if course.holds:
            self._silence(course.holds, steps, (by_i, by_f, by_g, by_o), onto)

    def _silence(self, holds: Holds, steps: slice, factors: tuple[Array, ...], onto: Array) -> None:
        """Let nothing pass upstream of what is held."""
        for name, factor in zip(GATES, factors, strict=True):
            holds.silence(name, steps, factor)
        holds.silence("c", steps, *factors[:O])
        holds.silence("h", steps, factors[O], onto)

    def cut(self, gradient: Array, delta: Array, below: Array) -> Parts:
        """Take h and c, and i f g and o, apart."""
        size = self.size
        written = delta[: O * size].reshape(O, size, *delta.shape[1:])
        return gradient[:size], gradient[size:], written, delta[O * size :], delta, below[:size], below[size:]

    def pull(self, step: int, parts: Parts) -> None:
        """Complete ∂L/∂c_t, find δ_t, and pass both states' gradients on."""
        by_h, by_c, written, read, delta, below_h, below_c = parts
        place, mul = step % self.chunk, np.multiply
        mul(by_h, self.onto_steps[place], below_c)
        np.add(by_c, below_c, by_c)
        mul(by_c, self.written_steps[place], written)
        mul(by_h, self.read_steps[place], read)
        np.dot(self.transposed, delta, below_h)
        mul(by_c, self.kept_steps[step], below_c)

    def input_blocks(self) -> tuple[tuple[slice, slice], ...]:
        """All of δ enters through the input."""
        return ((ALL, ALL),)

    def recurrent_blocks(self) -> tuple[Block, ...]:
        """All of δ enters through the recurrence too."""
        return (Block(ALL, ALL, self.course.states["h"][:-1]),)

    def named(self, delta: Array) -> dict[str, Array]:
        """Return δ by gate."""
        return by_gate(delta, GATES)
