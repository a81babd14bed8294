"""Whether what a forward run is given fits the network; each refusal is one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.cells import CELLS
from rnnviz.engine.errors import ShapeError, StepError
from rnnviz.engine.inputs import is_tokens
from rnnviz.engine.parameters import parameter_shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Array, Integers
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


def check_parameters(spec: NetworkSpec, params: Parameters) -> None:
    """Refuse the parameters of another network."""
    if params.shapes != parameter_shapes(spec) or params.flat.dtype != spec.number:
        raise ShapeError("The parameters are those of another network: their names, shapes or type differ.")


def checked_inputs(spec: NetworkSpec, x: ArrayLike) -> Array | Integers:
    """Return a copy of x as tokens, (T, B), or as numbers of the network's type, (T, B, I)."""
    inputs = np.array(x)
    vectors = inputs.ndim == 3 and inputs.dtype.kind in "fiu"
    tokens = inputs.ndim == 2 and inputs.dtype.kind in "iu"
    if not (vectors or tokens) or inputs.shape[1] == 0:
        raise ShapeError(
            "x must be integer tokens (T, B) or numbers (T, B, I) with at least one sequence, "
            f"not {inputs.dtype} of shape {inputs.shape}."
        )
    if vectors and inputs.shape[2] != spec.input_size:
        raise ShapeError(f"x must have {spec.input_size} numbers a step, not {inputs.shape[2]}.")
    return inputs.astype(np.intp if tokens else spec.number, copy=False)


def check_tokens(spec: NetworkSpec, x: Array | Integers) -> None:
    """Refuse tokens that no input stands for."""
    if not is_tokens(x) or not x.size:
        return
    if not 0 <= np.minimum.reduce(x, None) <= np.maximum.reduce(x, None) < spec.input_size:
        raise ShapeError(f"Tokens must lie in 0 … {spec.input_size - 1}, but x holds {x.min()} … {x.max()}.")


def checked_lengths(lengths: ArrayLike | None, steps: int, batch: int) -> Integers:
    """Return the length of every sequence, (B,)."""
    if lengths is None:
        return np.full(batch, steps)
    checked = np.array(lengths)
    if checked.shape != (batch,) or checked.dtype.kind not in "iu":
        raise ShapeError(f"lengths must be {batch} whole numbers, one a sequence.")
    if checked.min() < 0 or checked.max() > steps:
        raise ShapeError(f"lengths must lie in 0 … {steps}, but hold {checked.min()} … {checked.max()}.")
    return checked


def checked_state(
    spec: NetworkSpec, initial_state: Mapping[str, ArrayLike] | None, batch: int
) -> dict[str, Array]:
    """Return the states before the first step by name, (L·D, H, B), copies; zero where not given."""
    given = initial_state or {}
    names, shape = CELLS[spec.cell].states, (spec.num_layers * spec.directions, batch, spec.hidden_size)
    for name in given:
        if name not in names:
            raise ShapeError(f"initial_state has no {name!r} in this cell; it has {', '.join(names)}.")
    states = {}
    for name in names:
        state = np.array(given[name], spec.number) if name in given else np.zeros(shape, spec.number)
        if state.shape != shape:
            raise ShapeError(f"initial_state[{name!r}] must have the shape {shape}, not {state.shape}.")
        states[name] = np.ascontiguousarray(state.swapaxes(1, 2))
    return states


def check_place(trace: Trace, sequence: int, layer: int, direction: int) -> None:
    """Refuse a sequence, a layer (from the top if negative) or a direction that is not in the trace."""
    layers, directions = len(trace.layers), len(trace.layers[0].directions)
    for field, value, lowest, count in (
        ("sequence", sequence, 0, len(trace.lengths)),
        ("layer", layer, -layers, layers),
        ("direction", direction, 0, directions),
    ):
        if not lowest <= value < count:
            raise StepError(f"{field} must lie in 0 … {count - 1}, not {value}.")
