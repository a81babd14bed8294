"""How a state depends on an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.activations import ACTIVATIONS
from rnnviz.engine.cells import CELLS
from rnnviz.engine.errors import StepError
from rnnviz.engine.parameters import layer_weights

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


@np.errstate(all="ignore")
def jacobian(spec: NetworkSpec, params: Parameters, trace: Trace, t: int, k: int) -> Array:
    """Return ∂s_t/∂s_k of the first sequence, the product of its steps' Jacobians: (S, S), float64.

    s is the hidden state, or all states of the cell side by side as independent coordinates. Steps count
    from 0; k = −1 is the initial state. Zero for k > t, the identity for k = t. Raises StepError outside the
    trace.
    """
    if not (0 <= t < trace.steps and -1 <= k < trace.steps):
        raise StepError(f"The trace covers the steps 0 … {trace.steps - 1}, not ({t}, {k}).")
    cell = CELLS[spec.cell]
    size = spec.hidden_size * len(cell.states)
    if k > t:
        return np.zeros((size, size))
    layer = trace.layers[-1].window(k + 1, t + 1, 0)
    adjoint = cell.adjoint(ACTIVATIONS[spec.activation], layer_weights(spec, params, np.float64), layer)
    adjoint.linearise()
    rows, below, delta = np.eye(size), np.empty((size, size)), np.empty((size, adjoint.width))
    for step in range(t - k - 1, -1, -1):
        adjoint.pull(step, rows, delta, below)
        rows, below = below, rows
    return rows
