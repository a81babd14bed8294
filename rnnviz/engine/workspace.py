"""All buffers of one update, filled again and again."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from rnnviz.engine.arrays import is_finite
from rnnviz.engine.backward import BackwardRun
from rnnviz.engine.forward import ForwardRun
from rnnviz.engine.health import NonFinite, first_nonfinite
from rnnviz.engine.losses import LOSSES, check_readout, loss_for
from rnnviz.engine.norms import Norms
from rnnviz.engine.sequences import Sequences, checked_sequences

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array
    from rnnviz.engine.batches import Batch
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec

BOUNDED = ("tanh", "sigmoid")
MODERATE = 1e12  # squares that sum to less leave every product far from the largest float32


class Workspace:
    """What `forward`, a loss and `backward` compute of a batch, and of others of the same shape.

    Every `fill` reads `params` anew: whoever owns their buffer may change the numbers in between. loss: a key
    of `LOSSES`, that of the readout by default. gradient: (P,), of all parameters; norms: its measure.
    """

    def __init__(self, spec: NetworkSpec, params: Parameters, batch: Batch, loss: str | None = None) -> None:
        kind = loss_for(spec) if loss is None else loss
        check_readout(spec, kind)
        self._spec, self._kind = spec, LOSSES[kind]
        self._batch: Batch | None = batch
        self._sequences = self._checked(batch)
        self._shape, self._params = _shape(batch), params
        given = [*self._sequences.initial.values(), self._sequences.x]
        self._given = [array.reshape(-1) for array in given if array.dtype == spec.number]
        self._forward = ForwardRun(spec, params, self._sequences, keep=False)
        trace = self._forward.trace
        self._loss = self._kind.run(trace, self._kind.checked_targets(trace, batch.targets))
        self._backward = BackwardRun(spec, params, trace, self._loss.loss(), keep=False)
        self.gradient = self._backward.flat
        self.norms = Norms(self.gradient, params.shapes)
        self._outputs = [
            way.course.states["h"].reshape(-1) for layer in trace.layers for way in layer.directions
        ]

    def fits(self, batch: Batch) -> bool:
        """Tell whether a batch has the shape that the buffers have."""
        return _shape(batch) == self._shape

    def read(self, batch: Batch) -> None:
        """Take in a batch that fits. Raises ShapeError if the network cannot read it."""
        if batch is self._batch:
            return
        self._batch = None  # until all of it is in
        self._sequences.put(self._checked(batch))
        self._forward.read()
        self._loss.aim(self._kind.checked_targets(self._forward.trace, batch.targets))
        self._batch = batch

    def fill(self) -> None:
        """Compute everything of the batch."""
        self._forward.fill()
        self._loss.fill()
        self._backward.fill()

    @property
    def final_state(self) -> dict[str, Array]:
        """The states after each sequence's last step, by name: (L·D, B, H), copies."""
        return self._forward.trace.final_state

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
        if isfinite(self.loss) and is_finite(self.gradient) and self._is_harmless():
            return None
        # What was not kept is computed once more to find the first that went wrong.
        forward = ForwardRun(self._spec, self._params, self._sequences)
        forward.fill()
        loss = self._loss.loss()
        backward = BackwardRun(self._spec, self._params, forward.trace, loss)
        backward.fill()
        return first_nonfinite(forward.trace, loss, backward.gradients())

    def _is_harmless(self) -> bool:
        """Tell at small cost that no state, gate or preactivation can have become infinite.

        Moderate states times moderate weights are finite, and states within ±1 need not be looked at.
        """
        arrays = [self._params.flat, *self._given]
        if self._spec.activation not in BOUNDED:
            arrays += self._outputs
        return all(float(array.dot(array)) < MODERATE for array in arrays)

    def _checked(self, batch: Batch) -> Sequences:
        return checked_sequences(self._spec, batch.x, batch.initial_state, batch.lengths)


def _shape(batch: Batch) -> tuple[tuple[int, ...], bool]:
    """Return all that buffers depend on: the shape of the inputs, and whether there is any padding."""
    ragged = batch.lengths is not None and batch.lengths.size > 0 and batch.lengths.min() < len(batch.x)
    return batch.x.shape, bool(ragged)
