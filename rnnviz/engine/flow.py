"""Gradient flow: what the loss of every single step says to every earlier state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.activations import ACTIVATIONS
from rnnviz.engine.arrays import Array, Booleans, by_name, product, row_norms
from rnnviz.engine.cells import CELLS, Adjoint
from rnnviz.engine.errors import StepError
from rnnviz.engine.pairs import Pairs
from rnnviz.engine.parameters import layer_weights, parameter_shapes
from rnnviz.engine.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.losses import Loss
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


@dataclass(frozen=True, eq=False, slots=True)
class GradientFlow:
    """∂L_t/∂s_k of all steps t and k of a window of one sequence, start … stop − 1; float64.

    Steps are absolute and count from 0. Maps (n, n) are indexed [t − start, k − start]; they are zero for
    k > t and for a step t without a loss. heard: (n,), which steps have one. norms: one map a state.
    initial: (n,), ‖∂L_t/∂h‖ of the state before `start`.
    """

    start: int
    stop: int
    heard: Booleans
    norms: Mapping[str, Array]
    initial: Array
    _pairs: Pairs
    _rows: Array
    _below: Array
    _terms: Terms

    @property
    def hidden(self) -> Array:
        """The map ‖∂L_t/∂h_k‖: (n, n)."""
        return self.norms["h"]

    def vectors(self, t: int, k: int) -> Array:
        """Return ∂L_t/∂h_k, (H,); k = start − 1 is the state before the window. Raises StepError outside."""
        self._check(t, k, self.start - 1)
        if k > t or not self.heard[t - self.start]:
            vector = np.zeros(self._rows.shape[1])
        else:
            vector = self._below[t - self.start] if k < self.start else self._rows[self._row(t, k)]
        return by_name(vector, tuple(self.norms))["h"]

    @np.errstate(all="ignore")
    def terms(self, name: str) -> Array:
        """Return the norms of all terms of ∂L_t/∂(a parameter), the parts that enter at step k: (n, n)."""
        factors = self._terms.factors(name)
        left, right = row_norms(factors.left), row_norms(factors.right)
        if factors.own_step_only:
            return np.diag(np.where(self.heard, left * right, 0.0))
        norms = np.zeros((self._pairs.steps, self._pairs.steps))
        np.multiply(
            self._pairs.to_map(left), right, out=norms, where=self._pairs.mask() & self.heard[:, None]
        )
        return norms

    @np.errstate(all="ignore")
    def term(self, name: str, t: int, k: int) -> Array:
        """Return the part of ∂L_t/∂(a parameter) that enters at step k, in the parameter's shape."""
        self._check(t, k, self.start)
        factors = self._terms.factors(name)
        if k > t or not self.heard[t - self.start] or (factors.own_step_only and k != t):
            return np.zeros(factors.shape)
        left = factors.left[t - self.start if factors.own_step_only else self._row(t, k)]
        return np.outer(left, factors.right[k - self.start]).reshape(factors.shape)

    def _row(self, t: int, k: int) -> int:
        return self._pairs.row(t - self.start, k - self.start)

    def _check(self, t: int, k: int, lowest: int) -> None:
        if not (self.start <= t < self.stop and lowest <= k < self.stop):
            raise StepError(
                f"The gradient flow covers the steps {self.start} … {self.stop - 1}, not ({t}, {k})."
            )


@np.errstate(all="ignore")
def gradient_flow(
    spec: NetworkSpec,
    params: Parameters,
    trace: Trace,
    loss: Loss,
    sequence: int = 0,
    steps: tuple[int, int] | None = None,
) -> GradientFlow:
    """Return the flow of one sequence's gradients, by one sweep that carries those of all losses at once.

    steps: (start, stop) restricts both the losses and the states; memory grows with the square of their
    number, so give it for long sequences. Raises StepError if the window or the sequence is not in the trace.
    """
    start, stop = _checked_window(trace, sequence, steps)
    cell = CELLS[spec.cell]
    layer = trace.layers[-1].window(start, stop, sequence)
    by_logits = np.ascontiguousarray(loss.logit_gradients[start:stop, sequence], np.float64)
    by_state = np.zeros((stop - start, spec.hidden_size * len(cell.states)))
    by_state[:, : spec.hidden_size] = product(by_logits, np.asarray(params["head.weight"], np.float64))

    adjoint = cell.adjoint(ACTIVATIONS[spec.activation], layer_weights(spec, params, np.float64), layer)
    adjoint.linearise()
    pairs = Pairs(stop - start)
    rows, delta, below = _sweep(adjoint, pairs, by_state)

    heard = loss.targets[start:stop, sequence] >= 0
    norms = {name: pairs.to_map(row_norms(part)) for name, part in by_name(rows, cell.states).items()}
    for silenced in norms.values():
        silenced[~heard] = 0.0
    initial = np.where(heard, row_norms(by_name(below, cell.states)["h"]), 0.0)
    x = trace.x[start:stop, sequence : sequence + 1]
    terms = Terms(adjoint, delta, by_logits, layer, x, parameter_shapes(spec))
    return GradientFlow(start, stop, heard, norms, initial, pairs, rows, below, terms)


def _sweep(adjoint: Adjoint, pairs: Pairs, by_state: Array) -> tuple[Array, Array, Array]:
    """Carry the gradients of all losses from the last step to the first, one product a step.

    by_state: (n, S), what each loss says to its own step's state. Returns the gradients of all pairs' states,
    (pairs, S), of their preactivations, (pairs, width), and of the state before the first step, (n, S).
    """
    rows = np.empty((len(pairs), by_state.shape[1]))
    rows[pairs.own()] = by_state
    delta = np.empty((len(pairs), adjoint.width))
    below = np.zeros_like(by_state)
    for k in range(pairs.steps - 1, -1, -1):
        block = pairs.block(k)
        # The block of step k − 1 begins with its own loss; what comes down from step k fills the rest.
        earlier = rows[pairs.row(k, k - 1) : block.start] if k else below
        adjoint.pull(k, rows[block], delta[block], earlier)
    return rows, delta, below


def _checked_window(trace: Trace, sequence: int, steps: tuple[int, int] | None) -> tuple[int, int]:
    """Return the window as (start, stop); the whole sequence by default."""
    if not 0 <= sequence < len(trace.lengths):
        raise StepError(f"sequence must lie in 0 … {len(trace.lengths) - 1}, not {sequence}.")
    start, stop = (0, trace.steps) if steps is None else steps
    if not 0 <= start <= stop <= trace.steps:
        raise StepError(f"steps must be a range within 0 … {trace.steps}, not {start} … {stop}.")
    return start, stop
