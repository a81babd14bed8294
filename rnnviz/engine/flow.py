"""Gradient flow: what the loss of every single step says to every state of a layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import Array, Booleans, column_norms
from rnnviz.engine.cells import CELLS
from rnnviz.engine.checks import check_place
from rnnviz.engine.errors import StepError
from rnnviz.engine.passages import Passages
from rnnviz.engine.terms import EntryTerms, terms_of, terms_of_entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.losses import Loss
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.passages import Passage
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


@dataclass(frozen=True, eq=False)
class GradientFlow:
    """∂L_t/∂s_k of all steps t and k of a window of one sequence, start … stop − 1; float64.

    Steps are absolute and count from 0. Maps (n, n) are indexed [t − start, k − start]; they are zero where
    no gradient gets (in one direction for k > t, in the backward direction of one layer for k < t), for a
    step t without a loss, and past the sequence's length. heard: (n,), which steps have a loss. layer and
    direction: whose states these are.
    """

    start: int
    stop: int
    layer: int
    direction: int
    heard: Booleans
    _passages: Passages

    @cached_property
    def norms(self) -> Mapping[str, Array]:
        """One map ‖∂L_t/∂s_k‖ a state, by its name: (n, n)."""
        packed, size = self._passage.by_state, self._passages.spec.hidden_size
        with np.errstate(all="ignore"):
            return {
                name: self._map(
                    packed.pairs.to_map(packed.norms(slice(n * size, (n + 1) * size))),
                    turned=self.direction == 1,
                )
                for n, name in enumerate(CELLS[self._passages.spec.cell].states)
            }

    @property
    def hidden(self) -> Array:
        """The map ‖∂L_t/∂h_k‖: (n, n)."""
        return self.norms["h"]

    @property
    def cell(self) -> Array:
        """The map ‖∂L_t/∂c_k‖ of the total derivative, by way of h_k too: (n, n); only some cells have it."""
        return self.norms["c"]

    @cached_property
    def initials(self) -> Mapping[str, Array]:
        """‖∂L_t/∂s‖ of the state before the window, or after it in the backward direction, a state: (n,)."""
        found = {}
        for name, below in self._by_name(self._passage.below).items():
            with np.errstate(all="ignore"):
                norms = column_norms(below)
            spread = np.zeros(len(self.heard))
            spread[: len(norms)] = norms[::-1] if self.direction else norms
            found[name] = np.where(self.heard, spread, 0.0)
        return found

    @property
    def initial(self) -> Array:
        """‖∂L_t/∂h‖ of the state before the window, or after it in the backward direction: (n,)."""
        return self.initials["h"]

    def vectors(self, t: int, k: int, state: str = "h") -> Array:
        """Return ∂L_t/∂s_k, (H,). Raises StepError outside of the window.

        k = start − 1 is the state that the window begins from; in the backward direction it is k = stop, or
        the sequence's length if that comes first.
        """
        outside = self._passages.last if self.direction else self.start - 1
        if k != outside:
            self._check(k)
        self._check(t)
        passage, n = self._passage, self._passages.steps
        row, column = t - self.start, k - self.start
        if not self.heard[row] or row >= n:
            return np.zeros(len(self._by_name(passage.below)[state]))
        if self.direction:
            row, column = n - 1 - row, n - 1 - column
        if k == outside:
            return self._by_name(passage.below)[state][:, row]
        if not 0 <= column < n or not passage.pairs.has(row, column):
            return np.zeros(len(self._by_name(passage.below)[state]))
        return self._by_name(passage.by_state.vector(row, column))[state]

    @np.errstate(all="ignore")
    def inputs(self, t: int) -> Array:
        """Return ‖∂L_t/∂x_k‖ of all steps k of the window: (n,). Raises StepError outside of the window.

        x_k is what the first layer reads: a one-hot vector, or the embedded one if tokens are embedded.
        """
        self._check(t)
        row, norms = t - self.start, np.zeros(len(self.heard))
        if self.heard[row] and row < self._passages.steps:
            norms[: self._passages.steps] = column_norms(self._passages.to_inputs(row))
        return norms

    @np.errstate(all="ignore")
    def terms(self, name: str) -> Array:
        """Return the norms of all terms of ∂L_t/∂(a parameter), the parts that enter at step k: (n, n)."""
        return self._map(terms_of(self._passages, name).norms())

    @np.errstate(all="ignore")
    def term_sums(self, name: str) -> tuple[Array, Array]:
        """Return the norms of what the terms of a parameter sum up to: (n,) each.

        First ‖∂L_t/∂(the parameter)‖ of each loss, the sum over k, then the sum over t of what enters at k.
        """
        of_losses, of_steps = terms_of(self._passages, name).sums()
        spread = np.zeros((2, len(self.heard)))
        spread[:, : len(of_losses)] = of_losses, of_steps
        return np.where(self.heard, spread[0], 0.0), spread[1]

    @cached_property
    def sums(self) -> Mapping[str, Array]:
        """‖Σ_t ∂L_t/∂s_k‖ of all losses of the window, a state: (n,)."""
        packed = self._passage.by_state
        with np.errstate(all="ignore"):
            totals = [packed.block(k).sum(1) for k in range(packed.pairs.steps)]
            found = np.zeros((len(self.heard), packed.rows))
            found[: len(totals)] = totals[::-1] if self.direction else totals
            return {name: column_norms(part) for name, part in self._by_name(found.T).items()}

    @np.errstate(all="ignore")
    def term(self, name: str, t: int, k: int) -> Array:
        """Return the part of ∂L_t/∂(a parameter) that enters at step k, in the parameter's shape."""
        self._check(t)
        self._check(k)
        terms, n = terms_of(self._passages, name), self._passages.steps
        row, column = t - self.start, k - self.start
        if not self.heard[row] or max(row, column) >= n:
            return np.zeros(terms.shape)
        return terms.term(row, column)

    @np.errstate(all="ignore")
    def entry(self, name: str, row: int, column: int = 0) -> EntryTerms:
        """Return what one entry of a parameter's gradient is made of, far quicker than term by term.

        Raises ShapeError if there is no such entry.
        """
        found = terms_of_entry(self._passages, name, row, column)
        read = np.zeros(len(self.heard))
        read[: len(found.read)] = found.read
        return EntryTerms(self._map(found.sent), read)

    @property
    def _passage(self) -> Passage:
        return self._passages.passage(self.layer, self.direction)

    def _by_name(self, rows: Array) -> dict[str, Array]:
        """Name the states' equal parts of (S, …)."""
        spec = self._passages.spec
        size = spec.hidden_size
        return {name: rows[n * size : (n + 1) * size] for n, name in enumerate(CELLS[spec.cell].states)}

    def _map(self, found: Array, *, turned: bool = False) -> Array:
        """Return a map of the window, with zeros past the sequence's length and where there is no loss."""
        if turned:
            found = found[::-1, ::-1]
        spread, n = np.zeros((len(self.heard), len(self.heard))), len(found)
        spread[:n, :n] = found
        spread[~self.heard] = 0.0
        return spread

    def _check(self, step: int) -> None:
        if not self.start <= step < self.stop:
            raise StepError(f"The gradient flow covers the steps {self.start} … {self.stop - 1}, not {step}.")


@np.errstate(all="ignore")
def gradient_flow(
    spec: NetworkSpec,
    params: Parameters,
    trace: Trace,
    loss: Loss,
    sequence: int = 0,
    layer: int = -1,
    direction: int = 0,
    steps: tuple[int, int] | None = None,
) -> GradientFlow:
    """Return the flow of one sequence's gradients to the states of a layer and direction.

    One sweep a layer, from the top down, carries the gradients of all losses at once. steps: (start, stop)
    restricts both the losses and the states; memory grows with the square of their number, so give it for
    long sequences. In several layers of two directions, ways that leave the window and come back are then
    left out. Raises StepError if the window, the sequence, the layer or the direction is not in the trace.
    """
    check_place(trace, sequence, layer, direction)
    start, stop = _checked_window(trace, steps)
    last = min(stop, int(trace.lengths[sequence]))
    passages = Passages(spec, params, trace, loss, (sequence, start, last))
    heard = loss.heard[start:stop, sequence]
    flow = GradientFlow(start, stop, layer % spec.num_layers, direction, heard, passages)
    passages.passage(flow.layer, direction)
    return flow


def _checked_window(trace: Trace, steps: tuple[int, int] | None) -> tuple[int, int]:
    """Return the window as (start, stop); the whole sequence by default."""
    start, stop = (0, trace.steps) if steps is None else steps
    if not 0 <= start <= stop <= trace.steps:
        raise StepError(f"steps must be a range within 0 … {trace.steps}, not {start} … {stop}.")
    return start, stop
