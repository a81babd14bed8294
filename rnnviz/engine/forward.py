"""Running a network forwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.activations import ACTIVATIONS
from rnnviz.engine.arrays import as_rows, by_class, empty_by_step
from rnnviz.engine.cells import CELLS
from rnnviz.engine.checks import check_parameters
from rnnviz.engine.parameters import layer_weights
from rnnviz.engine.sequences import checked_sequences
from rnnviz.engine.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.sequences import Sequences
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
    run = ForwardRun(spec, params, checked_sequences(spec, x, initial_state, lengths))
    run.fill()
    return run.trace


class ForwardRun:
    """The buffers of a forward run and the work that fills them.

    `forward` makes a new one each time; training fills one again and again, after the numbers of `params` or
    of `sequences` have changed.
    """

    def __init__(self, spec: NetworkSpec, params: Parameters, sequences: Sequences) -> None:
        cell, activation = CELLS[spec.cell], ACTIVATIONS[spec.activation]
        self.sequences = sequences
        x, lengths = sequences.x, sequences.lengths
        self.runner = cell.runner(activation, layer_weights(spec, params), x, sequences.initial)
        layer = self.runner.layer
        shape, number = (*x.shape[:2], spec.output_size), layer.h.dtype
        logits, probabilities = empty_by_step(shape, number), empty_by_step(shape, number)
        self.trace = Trace(x, (layer,), logits, probabilities, lengths)
        self.weight = params["head.weight"]
        self.bias = params["head.bias"][:, None] if spec.bias else None
        self.h, self.scores, self.chances = as_rows(layer.h).T, by_class(logits), by_class(probabilities)
        self.row = np.empty(self.scores.shape[1], number)

    def fill(self) -> None:
        """Compute the states, the logits W_y h_t + b_y and the probabilities of all steps."""
        self.runner.run()
        np.dot(self.weight, self.h, self.scores)
        if self.bias is not None:
            np.add(self.scores, self.bias, self.scores)
        _softmax(self.scores, self.chances, self.row)
        if (padding := self.sequences.padding) is not None:
            trace = self.trace
            for array in (*self.runner.layer.by_step(), trace.logits, trace.probabilities):
                array[padding] = 0.0


def _softmax(scores: Array, out: Array, row: Array) -> None:
    """Write exp(z) / Σ exp(z) along the first axis; with the largest z taken away, no exp overflows.

    scores and out: (O, N); row: (N,), overwritten.
    """
    np.maximum.reduce(scores, 0, out=row)
    np.subtract(scores, row, out)
    np.exp(out, out)
    np.add.reduce(out, 0, out=row)
    np.divide(out, row, out)
