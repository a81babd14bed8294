"""Training: update after update of a network's parameters, each with what it found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import is_finite
from rnnviz.engine.batches import Batch
from rnnviz.engine.checks import check_parameters
from rnnviz.engine.errors import ShapeError
from rnnviz.engine.health import first_nonfinite_parameter
from rnnviz.engine.norms import clip, clip_entries
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.snapshot import Snapshot
from rnnviz.engine.training_options import TrainingOptions, scheduled_rate
from rnnviz.engine.truncation import carry, counted_from, window
from rnnviz.engine.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Unpack

    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.optimizers import Optimizer, OptimizerState
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.training_options import Options
    from rnnviz.engine.truncation import Carried


class Trainer(TrainingOptions):
    """A network that learns, one batch an update; what can be set takes effect at the next update.

    optimizer_state, update and carried: those of the `Snapshot` to go on from, None and 0 for the beginning;
    options: the properties of `TrainingOptions`. What is given stays as it is. Raises ShapeError if it is of
    another network or optimiser.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        params: Parameters,
        optimizer: Optimizer,
        *,
        optimizer_state: OptimizerState | None = None,
        update: int = 0,
        carried: Carried | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(spec, **options)
        check_parameters(spec, params)
        self.update = update
        self._flat = params.flat.copy()
        # Whatever reads these sees what becomes of the buffer beneath.
        self._live = Parameters(self._flat[:], params.shapes)
        self._optimizer = optimizer
        self._state = self._checked_state(optimizer_state)
        # Where in a batch the next update begins; None, at the beginning of another one.
        self.carried = carried
        self._workspace: Workspace | None = None
        self._spare: Workspace | None = None
        self._workspace_loss = self._loss

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

    @np.errstate(all="ignore")
    def step(self, batch: Batch) -> Snapshot:
        """Make one update. Raises ShapeError if the network cannot read the batch, and changes nothing then.

        With `truncate` it learns the next window of the batch; as long as `carried` is not None, there is
        another one in it. Buffers are made anew only when the shape of what is learned changes.
        """
        optimizer = self._optimizer if self._schedule is None else self._scheduled(self._schedule)
        whole, carried = batch, self.carried
        if self._truncate is not None or carried is not None:
            batch = window(batch, carried, self._truncate)
        workspace = self._workspace_of(batch)
        workspace.fill()
        trouble = workspace.trouble()
        gradient = workspace.gradient
        if self._held is not None:
            gradient[self._held] = 0.0
        norms, total = workspace.norms.measure()
        clipped = self._clip(gradient, total)
        self._apply(optimizer, gradient)
        if batch is not whole:
            trouble = trouble and counted_from(carried, trouble)
            self.carried = carry(whole, carried, len(batch.x), workspace)
        if trouble is None and not is_finite(self._flat):
            trouble = first_nonfinite_parameter(self._live)
        self.update += 1
        return Snapshot(
            self.update,
            self.parameters,
            workspace.loss,
            workspace.tokens,
            norms,
            total,
            clipped,
            tuple([array.copy() for array in self._state]),
            trouble,
            self.carried,
        )

    def _scheduled(self, schedule: Callable[[int], float]) -> Optimizer:
        """Return the optimiser with the rate of the next update."""
        return replace(self._optimizer, lr=scheduled_rate(schedule, self.update + 1))

    def _clip(self, gradient: Array, total: float) -> bool:
        """Clip a gradient of this norm as it is asked for; return whether that changed it."""
        if self._clip_norm is not None:
            return clip(gradient, total, self._clip_norm)
        return self._clip_value is not None and clip_entries(gradient, self._clip_value)

    def _apply(self, optimizer: Optimizer, gradient: Array) -> None:
        """Change the parameters; the frozen ones also escape what the optimiser remembers of them."""
        held = self._held
        if held is None:
            optimizer.update(self._flat, gradient, self._state)
            return
        kept = self._flat[held]
        optimizer.update(self._flat, gradient, self._state)
        self._flat[held] = kept

    def _workspace_of(self, batch: Batch) -> Workspace:
        """Return the buffers with the batch in them."""
        workspace = self._workspace
        if workspace is None or not workspace.fits(batch) or self._workspace_loss != self._loss:
            workspace = self._other_workspace(batch)
        workspace.read(batch)
        return workspace

    def _other_workspace(self, batch: Batch) -> Workspace:
        """Return buffers of another shape, those before the present ones or new ones.

        So two are kept: the last window of a batch is often shorter than all others.
        """
        if self._workspace_loss != self._loss:
            self._workspace = self._spare = None
        workspace = self._spare
        if workspace is None or not workspace.fits(batch):
            workspace = Workspace(self.spec, self._live, batch, self._loss)
        self._workspace, self._spare, self._workspace_loss = workspace, self._workspace, self._loss
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
    **options: Unpack[Options],
) -> Iterator[Snapshot]:
    """Learn from one batch after another, a pair being (x, targets), and yield a snapshot of every update.

    options: loss, clip_norm, clip_value, schedule, frozen, truncate; see `TrainingOptions`. Raises what
    `Trainer` raises, at the update that is refused.
    """
    trainer = Trainer(spec, params, optimizer, **options)
    for batch in batches:
        if not isinstance(batch, Batch):
            x, targets = batch
            batch = Batch(np.asarray(x), np.asarray(targets))
        yield trainer.step(batch)
        while trainer.carried is not None:
            yield trainer.step(batch)
