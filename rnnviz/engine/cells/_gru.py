"""What both kinds of GRU lay out alike: their buffers, step by step, and what z keeps of a gradient."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from rnnviz.engine.arrays import by_step
from rnnviz.engine.cells._gates import Scratch, by_gate, logistic
from rnnviz.engine.cells._protocol import Adjoint, Course, Runner, Source, Weights, chunk_of

GATES = ("r", "z", "n")


class GRURunner(Runner):
    """The buffers of the layer's way through time, and their views of each step.

    besides: what a kind keeps besides gates and states, (T, H, B); summed: whether that is a preactivation.
    """

    besides: ClassVar[str]
    summed: ClassVar[bool]

    def __init__(self, weights: Weights, source: Source) -> None:
        self.weights, self.source = weights, source
        self.s, more = source.empty(rows=3), source.empty()
        self.a = source.empty(rows=3) if source.keep else self.s
        self.h = source.empty(more=1)
        sums = by_gate(self.a, GATES) | ({self.besides: more} if self.summed else {})
        self.course = Course(
            states={"h": self.h},
            preactivations=sums if source.keep else {},
            gates=by_gate(self.s, GATES),
            halved=frozenset("rz"),
            scratch={"gates": self.s, self.besides: more},
            holds=source.holds,
        )
        flat, size = source.flat, self.h.shape[1]
        h = by_step(self.h, flat=flat)
        a_gates, a_n = (by_step(self.a[:, rows], flat=flat) for rows in np.s_[: 2 * size, 2 * size :])
        both, *others = (
            by_step(array, flat=flat) for array in (self.s[:, : 2 * size], *self.course.gates.values(), more)
        )
        steps = list(zip(range(source.steps), a_gates, a_n, both, *others, h[:-1], h[1:], strict=True))
        self.chunks = source.chunks(self.a, steps)
        self.half = np.full(self.shape(2), 0.5, self.h.dtype)
        self.scale = logistic((True, True, False), weights.weight_hh, flat, self.h.shape[2]).scale

    def shape(self, blocks: int) -> tuple[int, ...]:
        """Return the shape of so many blocks of H rows at one step."""
        return (blocks * self.h.shape[1], *self.h.shape[2:])[: 1 if self.source.flat else 2]


class GRUAdjoint(Adjoint):
    """The buffers of the layer's way back; rows: how many blocks of H rows δ has."""

    rows: ClassVar[int]

    def __init__(self, weights: Weights, course: Course, flat: bool) -> None:
        self.weights, self.course, self.h = weights, course, course.states["h"]
        self.size, batch = self.h.shape[1:]
        self.width, self.chunk = self.rows * self.size, chunk_of(self.h, course.steps)
        self.factors = np.empty((self.chunk, self.width, batch), self.h.dtype)
        self.by_block = self.factors.reshape(self.chunk, self.rows, self.size, batch)
        self.scratch = Scratch()
        self.kept = course.gates["z"].copy() if course.holds else course.gates["z"]
        self.kept_steps = by_step(self.kept, flat=flat)

    def begin(self) -> None:
        """Find what passes from h to h: what z keeps, and nothing of what is held."""
        if self.course.holds:
            np.copyto(self.kept, self.course.gates["z"])
            self.course.holds.silence("h", slice(None), self.kept)
