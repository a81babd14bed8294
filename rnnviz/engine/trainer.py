"""Training: update after update of a network's parameters, each with what it found."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.batches import Batch
from rnnviz.engine.checks import check_parameters
from rnnviz.engine.errors import ShapeError, SpecError
from rnnviz.engine.health import first_nonfinite_parameter
from rnnviz.engine.norms import clip
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.snapshot import Snapshot
from rnnviz.engine.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import ArrayLike

    from rnnviz.engine.optimizers import Optimizer, OptimizerState
    from rnnviz.engine.spec import NetworkSpec


class Trainer:
    """A network that learns, one batch an update; what can be set takes effect at the next update.

    optimizer_state and update: those of the `Snapshot` to go on from; by default it is the beginning. They
    are copied, as the parameters are. Raises ShapeError if they are those of another network or optimiser.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        params: Parameters,
        optimizer: Optimizer,
        *,
        clip_norm: float | None = None,
        optimizer_state: OptimizerState | None = None,
        update: int = 0,
    ) -> None:
        check_parameters(spec, params)
        self.spec = spec
        self.update = update
        self._flat = params.flat.copy()
        # Whatever reads these sees what becomes of the buffer beneath.
        self._live = Parameters(self._flat[:], params.shapes)
        self._optimizer = optimizer
        self._state = self._checked_state(optimizer_state)
        self.clip_norm = clip_norm
        self._workspace: Workspace | None = None

    @property
    def parameters(self) -> Parameters:
        """The parameters as they are now, a copy; those of another network are refused with a ShapeError."""
        return Parameters(self._flat.copy(), self._live.shapes)

    @parameters.setter
    def parameters(self, params: Parameters) -> None:
        check_parameters(self.spec, params)
        self._flat[:] = params.flat

    @property
    def optimizer(self) -> Optimizer:
        """The optimiser. One of the same kind goes on with what is remembered, another begins anew."""
        return self._optimizer

    @optimizer.setter
    def optimizer(self, optimizer: Optimizer) -> None:
        same = type(optimizer) is type(self._optimizer)
        self._optimizer = optimizer
        if not same:
            self._state = self._checked_state(None)

    @property
    def clip_norm(self) -> float | None:
        """How long the gradient of all parameters may be, None for any length; SpecError if not above 0."""
        return self._clip_norm

    @clip_norm.setter
    def clip_norm(self, clip_norm: float | None) -> None:
        if clip_norm is not None and not clip_norm > 0:
            raise SpecError(f"clip_norm must be a number above 0, or None, not {clip_norm!r}.")
        self._clip_norm = clip_norm

    @np.errstate(all="ignore")
    def step(self, batch: Batch) -> Snapshot:
        """Make one update. Raises ShapeError if the network cannot read the batch, and changes nothing then.

        Buffers are made anew only when the shape of the batch changes.
        """
        workspace = self._workspace_of(batch)
        workspace.fill()
        trouble = workspace.trouble()
        norms = workspace.norms.measure()
        total = hypot(*norms.values())
        clipped = self._clip_norm is not None and clip(workspace.gradient, total, self._clip_norm)
        self._optimizer.update(self._flat, workspace.gradient, self._state)
        self.update += 1
        return Snapshot(
            update=self.update,
            parameters=self.parameters,
            loss=workspace.loss,
            tokens=workspace.tokens,
            gradient_norms=norms,
            total_norm=total,
            clipped=clipped,
            optimizer_state=tuple(array.copy() for array in self._state),
            trouble=trouble or first_nonfinite_parameter(self._live),
        )

    def _workspace_of(self, batch: Batch) -> Workspace:
        """Return the buffers with the batch in them."""
        workspace = self._workspace
        if workspace is None or not workspace.fits(batch):
            workspace = self._workspace = Workspace(self.spec, self._live, batch)
        workspace.read(batch)
        return workspace

    def _checked_state(self, state: OptimizerState | None) -> OptimizerState:
        """Return a copy of what an optimiser remembers; of nothing, what it remembers at the beginning."""
        fresh = self._optimizer.start(len(self._flat), self.spec.number)
        if state is None:
            return fresh
        if [(array.shape, array.dtype) for array in state] != [(array.shape, array.dtype) for array in fresh]:
            raise ShapeError(
                "optimizer_state is that of another optimiser or network: its arrays do not fit."
            )
        return tuple(array.copy() for array in state)


def train(
    spec: NetworkSpec,
    params: Parameters,
    batches: Iterable[Batch | tuple[ArrayLike, ArrayLike]],
    *,
    optimizer: Optimizer,
    clip_norm: float | None = None,
) -> Iterator[Snapshot]:
    """Learn from one batch after another, a pair being (x, targets), and yield a snapshot of every update.

    Raises what `Trainer` raises, at the update that is refused.
    """
    trainer = Trainer(spec, params, optimizer, clip_norm=clip_norm)
    for batch in batches:
        if not isinstance(batch, Batch):
            x, targets = batch
            batch = Batch(np.asarray(x), np.asarray(targets))
        yield trainer.step(batch)
