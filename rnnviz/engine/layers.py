"""Running one layer forwards, in one direction or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.cells import CELLS, Source
from rnnviz.engine.inputs import inputs_of
from rnnviz.engine.interventions import holds_of
from rnnviz.engine.parameters import layer_weights
from rnnviz.engine.trace import DirectionTrace, LayerTrace
from rnnviz.engine.ways import Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnviz.engine.arrays import Array, Integers
    from rnnviz.engine.interventions import Intervention
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.sequences import Sequences
    from rnnviz.engine.spec import NetworkSpec


class DirectionRun:
    """The buffers of a layer's run in one direction and the work that fills them.

    below: what the layer reads, tokens (T, B) or columns (T, I, B), in the sequences' own order.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        params: Parameters,
        place: tuple[int, int],
        below: Array | Integers,
        sequences: Sequences,
        interventions: Sequence[Intervention],
        *,
        keep: bool,
    ) -> None:
        layer, direction = place
        steps, batch = len(below), len(sequences.lengths)
        self.sequences, self.below = sequences, below
        ragged = sequences.padding is not None
        self.way = Way(backwards=direction == 1, steps=steps, lengths=sequences.lengths, ragged=ragged)
        self.x = self.way.turned(below)
        self.inputs = inputs_of(self.x, spec.layer_inputs(layer))
        number = layer * spec.directions + direction
        source = Source(
            self.inputs,
            {name: states[number] for name, states in sequences.initial.items()},
            steps,
            holds_of(spec, interventions, layer, direction, self.way, batch),
            keep,
        )
        self.runner = CELLS[spec.cell].runner(spec, layer_weights(spec, params, layer, direction), source)
        self.trace = DirectionTrace(self.runner.course, self.way, self.inputs)

    def read(self) -> None:
        """Take in that lengths have changed, and tokens if this layer reads them."""
        self.way.read(self.sequences.lengths)
        self.inputs.read()

    def fill(self) -> None:
        """Run over all steps; what lies past a sequence's length becomes zero."""
        if self.way.copies:
            np.copyto(self.x, self.way.turned(self.below))
        self.runner.run()
        if self.sequences.padding is not None:
            for array in self.runner.course.arrays():
                self.sequences.silence(array)


class LayerRun:
    """The buffers of a layer's run and the work that fills them."""

    def __init__(
        self,
        spec: NetworkSpec,
        params: Parameters,
        layer: int,
        below: Array | Integers,
        sequences: Sequences,
        interventions: Sequence[Intervention],
        *,
        keep: bool,
    ) -> None:
        self.directions = [
            DirectionRun(spec, params, (layer, direction), below, sequences, interventions, keep=keep)
            for direction in range(spec.directions)
        ]
        found = [run.runner.course.states["h"][1:] for run in self.directions]
        self.columns = found[0]
        self.halves: list[Array] = []
        if spec.bidirectional:
            self.columns = np.empty((len(below), spec.width, len(sequences.lengths)), spec.number)
            self.halves = [self.columns[:, : spec.hidden_size], self.columns[:, spec.hidden_size :]]
        self.found = found
        self.trace = LayerTrace(tuple(run.trace for run in self.directions), self.columns)

    def read(self) -> None:
        """Take in that lengths or inputs have changed."""
        for direction in self.directions:
            direction.read()

    def fill(self) -> None:
        """Run in every direction and lay what was found side by side."""
        for direction in self.directions:
            direction.fill()
        for half, found, direction in zip(self.halves, self.found, self.directions, strict=False):
            np.copyto(half, direction.way.turned(found))
