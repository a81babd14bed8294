"""All buffers of one update, filled again and again."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from rnnviz.engine.arrays import is_finite
from rnnviz.engine.backward import BackwardRun
from rnnviz.engine.forward import ForwardRun
from rnnviz.engine.health import NonFinite, first_nonfinite
from rnnviz.engine.losses import CrossEntropyRun, checked_targets
from rnnviz.engine.norms import Norms
from rnnviz.engine.sequences import Sequences, checked_sequences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.batches import Batch
    from rnnviz.engine.cells import LayerTrace
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec


class Workspace:
    """What `forward`, `cross_entropy` and `backward` compute of a batch, and of others of the same shape.

    Every `fill` reads `params` anew: whoever owns their buffer may change the numbers in between. gradient:
    (P,), of all parameters; norms: its measure.
    """

    def __init__(self, spec: NetworkSpec, params: Parameters, batch: Batch) -> None:
        self._spec = spec
        self._batch: Batch | None = batch
        self._sequences = self._checked(batch)
        self._forward = ForwardRun(spec, params, self._sequences)
        trace = self._forward.trace
        self._loss = CrossEntropyRun(trace, checked_targets(trace, batch.targets))
        self._backward = BackwardRun(spec, params, trace, self._loss.loss())
        self.gradient = self._backward.flat
        self.norms = Norms(self.gradient, params.shapes)
        self._numbers = (*_all_numbers(trace.layers[0]), self._loss.scores, self._backward.below)

    def fits(self, batch: Batch) -> bool:
        """Tell whether a batch has the shape that the buffers have."""
        return batch.x.shape == self._sequences.x.shape

    def read(self, batch: Batch) -> None:
        """Take in a batch that fits. Raises ShapeError if the network cannot read it."""
        if batch is self._batch:
            return
        self._batch = None  # until all of it is in
        self._sequences.put(self._checked(batch))
        self._loss.aim(checked_targets(self._forward.trace, batch.targets))
        self._backward.read()
        self._batch = batch

    def fill(self) -> None:
        """Compute everything of the batch."""
        self._forward.fill()
        self._loss.fill()
        self._backward.fill()

    @property
    def loss(self) -> float:
        """The total loss."""
        return self._loss.total

    @property
    def tokens(self) -> float:
        """How many losses a sequence has on average."""
        return self._loss.heard / self._loss.batch

    def trouble(self) -> NonFinite | None:
        """Return the first value that is not finite; to be asked before `gradient` is overwritten."""
        # What goes wrong elsewhere shows in one of these: ∂L/∂h, say, in the gradients of the parameters.
        if isfinite(self.loss) and is_finite(self.gradient) and all(map(is_finite, self._numbers)):
            return None
        return first_nonfinite(self._forward.trace, self._loss.loss(), self._backward.gradients())

    def _checked(self, batch: Batch) -> Sequences:
        return checked_sequences(self._spec, batch.x, batch.initial_state, batch.lengths)


def _all_numbers(layer: LayerTrace) -> Iterator[Array]:
    """Return every array of a layer, the states with the initial one."""
    for arrays in (layer.preactivations, layer.gates, layer.states):
        yield from arrays.values()
