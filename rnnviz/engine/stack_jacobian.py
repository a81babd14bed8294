"""How the states of all layers depend on those one step earlier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.cells import CELLS
from rnnviz.engine.errors import SpecError
from rnnviz.engine.parameters import layer_weights

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array
    from rnnviz.engine.cells import Course, Weights
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


def check_one_way(spec: NetworkSpec, what: str) -> None:
    """Refuse a network whose state after a step depends on later steps."""
    if spec.bidirectional:
        raise SpecError(f"bidirectional must be false for {what}: the states of a step depend on later ones.")


class StackJacobian:
    """The Jacobians ∂s_t/∂s_{t−1} of one sequence's steps, (n, n), in float64.

    s is the state of all layers from the lowest to the top one, each with all states of the cell: n = L·S. A
    layer reads what the one below computes in the same step, so the blocks on and under the diagonal count.
    """

    def __init__(self, spec: NetworkSpec, params: Parameters, trace: Trace, sequence: int = 0) -> None:
        self.steps = int(trace.lengths[sequence])
        self.layers = [
            LayerJacobian(
                spec,
                layer_weights(spec, params, number, 0, np.float64),
                layer.directions[0].course.window(0, self.steps, sequence),
            )
            for number, layer in enumerate(trace.layers)
        ]
        self.hidden = spec.hidden_size
        self.size = sum(layer.size for layer in self.layers)

    def at(self, step: int) -> Array:
        """Return the Jacobian of a step."""
        jacobian = np.zeros((self.size, self.size))
        start, below = 0, jacobian[:0]
        for layer in self.layers:
            stop = start + layer.size
            jacobian[start:stop, start:stop] = layer.pull(step)
            if start:
                jacobian[start:stop, :start] = layer.by_input() @ below
            below = jacobian[start : start + self.hidden, :stop]
            start = stop
        return jacobian


class LayerJacobian:
    """How one layer's state after a step depends on its state before the step, and on its input."""

    def __init__(self, spec: NetworkSpec, weights: Weights, course: Course) -> None:
        self.steps, self.weight = course.steps, weights.weight_ih
        self.adjoint = CELLS[spec.cell].adjoint(spec, weights, course)
        self.adjoint.begin()
        self.size = spec.hidden_size * len(CELLS[spec.cell].states)
        self.identity = np.eye(self.size)
        self.gradient, self.below = np.empty_like(self.identity), np.empty_like(self.identity)
        self.delta = np.empty((self.adjoint.width, self.size))
        self.parts = self.adjoint.cut(self.gradient, self.delta, self.below)
        self.chunk = -1

    def pull(self, step: int) -> Array:
        """Return ∂s_t/∂s_{t−1}, (S, S), a view of a buffer."""
        chunk = step // self.adjoint.chunk
        if chunk != self.chunk:
            start = chunk * self.adjoint.chunk
            self.adjoint.linearise(start, min(start + self.adjoint.chunk, self.steps))
            self.chunk = chunk
        np.copyto(self.gradient, self.identity)
        self.adjoint.pull(step, self.parts)
        return self.below.T

    def by_input(self) -> Array:
        """Return ∂s_t/∂x_t of the step pulled last, (S, I)."""
        entering = np.zeros((self.size, self.weight.shape[1]))
        for delta_rows, weight_rows in self.adjoint.input_blocks():
            entering += self.delta[delta_rows].T @ self.weight[weight_rows]
        return entering
