"""How a state depends on an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.cells import CELLS, backwards
from rnnviz.engine.checks import check_place
from rnnviz.engine.errors import StepError
from rnnviz.engine.parameters import layer_weights

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


@np.errstate(all="ignore")
def jacobian(
    spec: NetworkSpec,
    params: Parameters,
    trace: Trace,
    t: int,
    k: int,
    layer: int = -1,
    direction: int = 0,
    sequence: int = 0,
) -> Array:
    """Return ∂s_t/∂s_k of one layer and direction, the product of its steps' Jacobians: (S, S), float64.

    s is the hidden state, or all states of the cell side by side as independent coordinates; what the layer
    reads stays as it is. Steps count from 0; k = −1 is the initial state (of the backward direction: k = the
    sequence's length). The identity for k = t, zero for k > t, or for k < t backwards. Raises StepError
    outside of the sequence.
    """
    check_place(trace, sequence, layer, direction)
    length = int(trace.lengths[sequence])
    last, first = (length - 1 - t, length - 1 - k) if direction else (t, k)
    if not (0 <= last < length and -1 <= first < length):
        raise StepError(f"The sequence has the steps 0 … {length - 1}, not ({t}, {k}).")
    cell = CELLS[spec.cell]
    size = spec.hidden_size * len(cell.states)
    if first > last:
        return np.zeros((size, size))
    course = trace.layers[layer].directions[direction].course.window(first + 1, last + 1, sequence)
    weights = layer_weights(spec, params, layer % spec.num_layers, direction, np.float64)
    adjoint = cell.adjoint(spec, weights, course)
    adjoint.begin()
    columns, below, delta = np.eye(size), np.empty((size, size)), np.empty((adjoint.width, size))
    for step in backwards(adjoint, last - first):
        adjoint.pull(step, adjoint.cut(columns, delta, below))
        columns, below = below, columns
    return columns.T
