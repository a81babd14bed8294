"""Truncated backpropagation through time (Williams & Peng 1990): a batch is learned window by window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.batches import Batch
from rnnviz.engine.errors import ShapeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.health import NonFinite
    from rnnviz.engine.workspace import Workspace


@dataclass(frozen=True, eq=False, slots=True)
class Carried:
    """Where in a batch the next window begins: its first step, and the state before it.

    state: (L·D, B, H) by name, plain numbers: no gradient goes back through them.
    """

    step: int
    state: Mapping[str, Array]


def window(batch: Batch, carried: Carried | None, size: int | None) -> Batch:
    """Return the next `size` steps of a batch, all that are left if None; the first if nothing is carried.

    A sequence that ends in the window, or before it, has a length of 0 … size there. A batch whose parts do
    not fit together comes back as it is, to be refused by whatever reads it. Raises ShapeError if what is
    carried is not from this batch.
    """
    if not _is_sound(batch):
        return batch
    start = 0 if carried is None else carried.step
    if carried is not None and start >= _end(batch):
        raise ShapeError(f"The batch has no step {start + 1}: what is carried is from another batch.")
    steps = slice(start, None if size is None else start + size)
    x = batch.x[steps]
    lengths = None if batch.lengths is None else np.clip(batch.lengths - start, 0, len(x))
    return Batch(x, batch.targets[steps], lengths, batch.initial_state if carried is None else carried.state)


def carry(batch: Batch, carried: Carried | None, steps: int, run: Workspace) -> Carried | None:
    """Return where a batch goes on after a window of so many steps; None if it has been read to its end."""
    stop = steps if carried is None else carried.step + steps
    if stop >= _end(batch):
        return None
    state = run.final_state
    for array in state.values():
        array.flags.writeable = False
    return Carried(stop, state)


def counted_from(carried: Carried | None, trouble: NonFinite) -> NonFinite:
    """Return what is not finite in a window with its step in the whole batch."""
    if carried is None or trouble.step is None:
        return trouble
    return replace(trouble, step=carried.step + trouble.step)


def _is_sound(batch: Batch) -> bool:
    """Tell whether targets and lengths are those of the inputs."""
    shape, lengths = batch.x.shape[:2], batch.lengths
    if len(shape) < 2 or batch.targets.shape[:2] != shape:
        return False
    if lengths is None:
        return True
    whole = lengths.shape == shape[1:] and lengths.dtype.kind in "iu"
    return whole and not ((lengths < 0) | (lengths > shape[0])).any()


def _end(batch: Batch) -> int:
    """Return where a batch ends, the length of its longest sequence."""
    return len(batch.x) if batch.lengths is None else int(np.max(batch.lengths, initial=0))
