"""Running a network forwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import ByUnit, by_class, empty_by_step
from rnnviz.engine.checks import check_parameters
from rnnviz.engine.inputs import inputs_of
from rnnviz.engine.interventions import check_interventions
from rnnviz.engine.layers import LayerRun
from rnnviz.engine.readouts import READOUT_FUNCTIONS
from rnnviz.engine.sequences import checked_sequences
from rnnviz.engine.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Array, Integers
    from rnnviz.engine.interventions import Intervention
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
    interventions: Sequence[Intervention] = (),
) -> Trace:
    """Run a network over a batch of sequences and keep everything.

    x: (T, B) integer tokens, each standing for a one-hot vector, or (T, B, I) numbers. initial_state: {"h":
    (L·D, B, H), …}, zero by default. lengths: (B,), T by default; what lies past them counts for nothing.
    Overflow gives infinity or NaN, never a warning. Raises ShapeError if an array does not fit, SpecError if
    an intervention does not.
    """
    check_parameters(spec, params)
    check_interventions(spec, interventions)
    sequences = checked_sequences(spec, x, initial_state, lengths)
    run = ForwardRun(spec, params, sequences, tuple(interventions))
    run.fill()
    return run.trace


class ForwardRun:
    """The buffers of a forward run and the work that fills them.

    `forward` makes a new one each time; training fills one again and again, after the numbers of `params` or
    of `sequences` have changed (`read` says that those of the sequences have), and keeps no preactivations.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        params: Parameters,
        sequences: Sequences,
        interventions: tuple[Intervention, ...] = (),
        *,
        keep: bool = True,
    ) -> None:
        self.sequences = sequences
        self.inputs = inputs_of(sequences.x, spec.input_size)
        self.embedding = Embedding(spec, params, self) if spec.embedding_size else None
        below: Array | Integers = self.embedding.columns if self.embedding else sequences.x
        self.layers: list[LayerRun] = []
        for layer in range(spec.num_layers):
            self.layers.append(LayerRun(spec, params, layer, below, sequences, interventions, keep=keep))
            below = self.layers[-1].columns
        self.top, self.by_unit = self.layers[-1].columns, ByUnit(spec.number)
        shape = (len(sequences.x), len(sequences.lengths), spec.output_size)
        logits, predictions = empty_by_step(shape, spec.number), empty_by_step(shape, spec.number)
        self.trace = Trace(
            sequences.shown,
            tuple(layer.trace for layer in self.layers),
            logits,
            predictions,
            sequences.lengths,
            spec.readout,
            self.inputs,
            interventions,
        )
        self.weight = params["head.weight"]
        self.bias = params["head.bias"][:, None] if spec.bias else None
        self.scores, self.predictions = by_class(logits), by_class(predictions)
        self.row = np.empty(self.scores.shape[1], spec.number)
        self.read_out = READOUT_FUNCTIONS[spec.readout]

    def read(self) -> None:
        """Take in that the numbers of the sequences have changed."""
        self.inputs.read()
        for layer in self.layers:
            layer.read()

    def fill(self) -> None:
        """Compute the states, the logits W_y h_t + b_y and the predictions of all steps."""
        if self.embedding:
            self.embedding.fill()
        for layer in self.layers:
            layer.fill()
        np.dot(self.weight, self.by_unit.of(self.top), self.scores)
        if self.bias is not None:
            np.add(self.scores, self.bias, self.scores)
        self.read_out(self.scores, self.predictions, self.row)
        if self.sequences.padding is not None:
            for array in (self.trace.logits, self.trace.probabilities):
                array[self.sequences.padding] = 0.0


class Embedding:
    """The table that tokens are looked up in before the first layer; columns: (T, E, B)."""

    def __init__(self, spec: NetworkSpec, params: Parameters, run: ForwardRun) -> None:
        assert spec.embedding_size is not None
        self.inputs, self.sequences = run.inputs, run.sequences
        self.weight = params["embedding.weight"].T
        self.none = np.zeros(spec.embedding_size, spec.number)
        shape = (len(self.sequences.x), spec.embedding_size, len(self.sequences.lengths))
        self.columns = np.empty(shape, spec.number)

    def fill(self) -> None:
        """Look the tokens up."""
        self.inputs.begin(self.weight, self.none)
        self.inputs.project(0, len(self.columns), self.columns)
        self.sequences.silence(self.columns)
