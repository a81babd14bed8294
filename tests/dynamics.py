"""Networks without input, and one step of the states of all layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnviz import engine as e


def network(spec: e.NetworkSpec, seed: int = 0, gain: float = 1.5) -> e.Parameters:
    draw = np.random.default_rng(seed)
    return e.parameters(
        spec, {name: draw.uniform(-gain, gain, shape) for name, shape in e.parameter_shapes(spec).items()}
    )


def plain(weight: Any, activation: str = "identity") -> tuple[e.NetworkSpec, e.Parameters]:
    """A network of one plain layer without input."""
    size = len(weight)
    spec = e.NetworkSpec("rnn", 1, size, 1, activation, bias=False)
    weights = {
        "weight_ih_l0": np.zeros((size, 1)),
        "weight_hh_l0": weight,
        "head.weight": np.zeros((1, size)),
    }
    return spec, e.parameters(spec, weights)


def states_after(spec: e.NetworkSpec, params: e.Parameters, x: Any, states: Any) -> Any:
    """One step from states (N, n) of all layers, all with the same input (I,)."""
    names = e.CELLS[spec.cell].states
    parts = states.reshape(len(states), spec.num_layers, len(names), spec.hidden_size)
    initial = {name: parts[:, :, n].swapaxes(0, 1) for n, name in enumerate(names)}
    final = e.forward(spec, params, np.tile(x, (1, len(states), 1)), initial).final_state
    return np.stack([final[name].swapaxes(0, 1) for name in names], axis=2).reshape(states.shape)
