"""The way back through one layer in one direction, and what its parameters get from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.engine.arrays import ByUnit, add_product, by_step
from rnnviz.engine.cells import CELLS
from rnnviz.engine.parameters import layer_weights, suffix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.cells import Parts
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import DirectionTrace


class _Piece(NamedTuple):
    """Steps start … stop − 1, the last first, with their gradients and δ; `top` takes what comes to them."""

    start: int
    stop: int
    steps: list[tuple[int, Array, Array, Parts]]
    delta: Array
    top: Array | None


KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class Sweep:
    """The buffers of a sweep from the last step to the first, in the order of the layer's way.

    It goes chunk by chunk: the steps of a chunk are linearised, then pulled through, then summed into the
    gradients of the parameters, `sums` by name. above: (T, H, B), what comes to h from above, in the order of
    the way. below: (T, I, B), takes the gradient of what the layer read, or None. With keep, by_state
    (T + 1, S, B), the gradients of the states with the initial one first, and delta (T, width, B), those of
    the preactivations, last; without, they hold one chunk at a time, which makes large networks quicker.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        params: Mapping[str, Array],
        place: tuple[int, int],
        trace: DirectionTrace,
        sums: Mapping[str, Array],
        above: Array,
        below: Array | None,
        *,
        keep: bool,
    ) -> None:
        cell, course = CELLS[spec.cell], trace.course
        number, self.flat = course.states["h"].dtype, course.batch == 1
        self.trace, self.size, self.names, self.below = trace, spec.hidden_size, cell.states, below
        self.steps = course.steps
        self.weights = layer_weights(spec, params, *place)
        self.adjoint = cell.adjoint(spec, self.weights, course, flat=self.flat)
        self.blocks = self.adjoint.input_blocks()
        slots = self.steps if keep else min(self.steps, self.adjoint.chunk)
        rows = spec.hidden_size * len(cell.states)
        self.by_state = np.empty((slots + 1, rows, course.batch), number)
        self.delta = np.empty((slots, self.adjoint.width, course.batch), number)
        self._chunks = self._cut(above, keep=keep)
        self._sums = [sums.get(kind + suffix(*place)) for kind in KINDS]
        self._recurrent = [(block, ByUnit(number)) for block in self.adjoint.recurrent_blocks()]
        self._delta_by_unit = ByUnit(number)
        self._ones = np.ones(min(slots, self.adjoint.chunk) * course.batch, number)

    def _cut(self, above: Array, *, keep: bool) -> list[_Piece]:
        """Cut the sweep into chunks, the last steps first."""
        gradients, deltas = by_step(self.by_state, flat=self.flat), by_step(self.delta, flat=self.flat)
        parts = [
            self.adjoint.cut(*bound) for bound in zip(gradients[1:], deltas, gradients[:-1], strict=True)
        ]
        by_h, own = [gradient[: self.size] for gradient in gradients[1:]], by_step(above, flat=self.flat)
        chunk, pieces = self.adjoint.chunk, []
        for start in range((self.steps - 1) // chunk * chunk, -1, -chunk):
            stop = min(start + chunk, self.steps)
            first = 0 if keep else start  # the step in slot 0
            steps = [(t, by_h[t - first], own[t], parts[t - first]) for t in range(stop - 1, start - 1, -1)]
            top = None if keep and stop < self.steps else self.by_state[stop - first]
            pieces.append(_Piece(start, stop, steps, self.delta[start - first : stop - first], top))
        return pieces

    def fill(self) -> None:
        """Carry gradients from the last step to the first, each step adding its own."""
        adjoint, add = self.adjoint, np.add
        pull = adjoint.pull
        adjoint.begin()
        coming: Array | float = 0.0
        for piece in self._chunks:
            adjoint.linearise(piece.start, piece.stop)
            if piece.top is not None:
                piece.top[...] = coming
            for step, by_h, own, parts in piece.steps:
                add(by_h, own, by_h)
                pull(step, parts)
            coming = self.by_state[0]
            self._sum(piece.start, piece.stop, piece.delta)
            if self.below is not None:
                self.by_inputs(piece.delta, self.below[piece.start : piece.stop])
        if not self._chunks:
            self.by_state[...] = 0.0
            self._sum(0, 0, self.delta)

    def _sum(self, start: int, stop: int, delta: Array) -> None:
        """Add what the steps start … stop − 1 give to the gradients of the parameters."""
        fresh = stop == self.steps
        weight_ih, weight_hh, bias_ih, bias_hh = self._sums
        laid, inputs = self._delta_by_unit.of(delta), self.trace.inputs
        if weight_ih is not None:
            for rows, out in self.blocks:
                inputs.gradient(start, stop, laid[rows], weight_ih[out], fresh=fresh)
        if weight_hh is not None:
            for block, by_unit in self._recurrent:
                source = by_unit.of(block.source[start:stop])
                add_product(laid[block.delta], source.T, weight_hh[block.rows], fresh=fresh)
        if bias_ih is None:
            return
        totals = np.dot(laid, self._ones[: laid.shape[1]])
        for rows, out in self.blocks:
            _add(totals[rows], bias_ih[out], fresh=fresh)
        if bias_hh is not None:
            for block, _ in self._recurrent:
                _add(totals[block.delta], bias_hh[block.rows], fresh=fresh)

    def by_inputs(self, delta: Array, out: Array) -> None:
        """Write the gradient of what the layer read. delta: (n, width, B); out: (n, I, B)."""
        for number, (rows, block) in enumerate(self.blocks):
            weight, part = self.weights.weight_ih[block], np.empty_like(out) if number else out
            if out.shape[2] == 1:
                np.dot(delta[:, rows, 0], weight, part[:, :, 0])
            else:
                np.matmul(weight.T, delta[:, rows], out=part)
            if number:
                np.add(out, part, out)

    def by_name(self, columns: Array) -> dict[str, Array]:
        """Name the states' equal parts of (…, S, B)."""
        size = self.size
        return {name: columns[..., n * size : (n + 1) * size, :] for n, name in enumerate(self.names)}


def _add(values: Array, out: Array, *, fresh: bool) -> None:
    if fresh:
        out[...] = values
    else:
        np.add(out, values, out)
