"""Running a network forwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.activations import ACTIVATIONS
from rnnviz.engine.arrays import product
from rnnviz.engine.cells import CELLS
from rnnviz.engine.checks import (
    check_parameters,
    check_tokens,
    checked_inputs,
    checked_lengths,
    checked_state,
)
from rnnviz.engine.parameters import layer_weights
from rnnviz.engine.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Array, Booleans, Integers
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec


@np.errstate(all="ignore")
def forward(
    spec: NetworkSpec,
    params: Parameters,
    x: ArrayLike,
    initial_state: Mapping[str, ArrayLike] | None = None,
    lengths: ArrayLike | None = None,
) -> Trace:
    """Run a network over a batch of sequences and keep everything.

    x: (T, B) integer tokens, each standing for a one-hot vector, or (T, B, I) numbers. initial_state: {"h":
    (1, B, H)}, zero by default. lengths: (B,), T by default; what lies past them counts for nothing.
    Overflow gives infinity or NaN, never a warning. Raises ShapeError if an array does not fit.
    """
    check_parameters(spec, params)
    inputs = checked_inputs(spec, x)
    ends = checked_lengths(lengths, *inputs.shape[:2])
    padding = _padding(ends, len(inputs))
    if padding is not None:
        inputs[padding] = 0  # what stands there can do no harm
    check_tokens(spec, inputs)
    initial = checked_state(spec, initial_state, inputs.shape[1])
    layer = CELLS[spec.cell].run(ACTIVATIONS[spec.activation], layer_weights(spec, params), inputs, initial)
    logits = _logits(spec, params, layer.h)
    probabilities = _softmax(logits)
    if padding is not None:
        for array in (*layer.by_step(), logits, probabilities):
            array[padding] = 0.0
    return Trace(inputs, (layer,), logits, probabilities, ends)


def _logits(spec: NetworkSpec, params: Parameters, h: Array) -> Array:
    """Return W_y h_t + b_y of all steps: (T, B, O)."""
    logits = product(h, params["head.weight"].T)
    if spec.bias:
        logits += params["head.bias"]
    return logits


def _softmax(logits: Array) -> Array:
    """Return exp(z) / Σ exp(z) along the last axis; with the largest z taken away, no exp overflows."""
    exponentials: Array = logits - logits.max(axis=-1, keepdims=True)
    np.exp(exponentials, out=exponentials)
    exponentials /= exponentials.sum(axis=-1, keepdims=True)
    return exponentials


def _padding(lengths: Integers, steps: int) -> Booleans | None:
    """Return which (t, b) lie past their sequence's length: (T, B); None if none does."""
    if lengths.min() == steps:
        return None
    padding: Booleans = np.arange(steps)[:, None] >= lengths
    return padding
