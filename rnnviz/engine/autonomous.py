"""A network at a constant input, as a map from all its states to the next ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.cells import CELLS
from rnnviz.engine.checks import check_parameters
from rnnviz.engine.errors import ShapeError
from rnnviz.engine.forward import forward
from rnnviz.engine.parameters import parameter_shapes, parameters
from rnnviz.engine.stack_jacobian import check_one_way

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


class Autonomous:
    """The map from a state to the next one at a constant input, in float64.

    A state is (n,): all layers from the lowest up, each with all states of the cell. x: (I,), zeros by
    default. Raises SpecError if the network is bidirectional, ShapeError if x does not fit.
    """

    def __init__(self, spec: NetworkSpec, params: Parameters, x: ArrayLike | None = None) -> None:
        check_parameters(spec, params)
        check_one_way(spec, "a map from state to state")
        entering = _checked_input(spec, x)
        if spec.embedding_size is not None:
            entering = entering @ np.asarray(params["embedding.weight"], np.float64)
        # What is read out of the states does not matter, so one output will do.
        self.spec = replace(
            spec, dtype="float64", embedding_size=None, input_size=len(entering), output_size=1
        )
        kept = {name: params[name] for name in parameter_shapes(self.spec)}
        kept |= {name: array[:1] for name, array in kept.items() if name.startswith("head.")}
        self.params, self.x = parameters(self.spec, kept), entering
        self.names = CELLS[spec.cell].states
        self.size = spec.num_layers * len(self.names) * spec.hidden_size

    def run(self, states: Array, steps: int = 1) -> Trace:
        """Run from states (N, n)."""
        by_layer = states.reshape(len(states), self.spec.num_layers, -1).swapaxes(0, 1)
        initial = dict(zip(self.names, np.split(by_layer, len(self.names), axis=2), strict=True))
        x = np.broadcast_to(self.x, (steps, len(states), len(self.x)))
        return forward(self.spec, self.params, x, initial)

    def after(self, trace: Trace) -> Array:
        """Return the states in which a run has ended, (N, n)."""
        final = trace.final_state
        by_layer = np.concatenate([final[name] for name in self.names], axis=2)
        return by_layer.swapaxes(0, 1).reshape(-1, self.size)


def _checked_input(spec: NetworkSpec, x: ArrayLike | None) -> Array:
    given = np.zeros(spec.input_size) if x is None else np.asarray(x)
    if given.shape != (spec.input_size,) or given.dtype.kind not in "fiu" or not np.isfinite(given).all():
        raise ShapeError(f"x must be {spec.input_size} finite numbers, not {given.dtype} {given.shape}.")
    return given.astype(np.float64)
