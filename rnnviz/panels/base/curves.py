"""From the record of training to the curves that figures draw."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.numbers import extremes
from rnnviz.figures.scene import Curves
from rnnviz.panels.views.chart_thinning import continues

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from rnnviz.figures.model import Floats
    from rnnviz.session.training.history import Record

_SMALLEST = 1024  # numbers that there is room for at first


class Growing:
    """Numbers in a row that become more. `values` that were handed out stay as they were."""

    def __init__(self) -> None:
        self._buffer = np.empty(_SMALLEST)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> Floats:
        """All of them, (n,), read-only; `continues` those of before unless there was no room."""
        values = self._buffer[: self._count]
        values.flags.writeable = False
        return values

    def extend(self, values: ArrayLike) -> None:
        """Add some, (m,), at the end."""
        new = np.asarray(values, np.float64)
        stop = self._count + len(new)
        if stop > len(self._buffer):
            larger = np.empty(max(stop, 2 * len(self._buffer)))
            larger[: self._count] = self._buffer[: self._count]
            self._buffer = larger
        self._buffer[self._count : stop] = new
        self._count = stop


class TrainingCurves:
    """Follows the record of a run and looks only at the updates that are new, however long it becomes."""

    def __init__(self) -> None:
        self._record: Record | None = None
        self._begin()

    def _begin(self) -> None:
        self._updates, self._losses = Growing(), Growing()
        self._clipped, self._clip, self._has_clipped = Growing(), np.nan, False
        self._loss_range: Floats = np.empty(0)
        self._norm_range: Floats = np.empty(0)

    def of(self, record: Record, clip: float | None) -> Curves | None:
        """Return a record's columns as curves, losses a token; None before the first update."""
        if not len(record):
            return None
        if not self._is_longer(record):
            self._begin()
        self._record = record
        self._follow(_after(record, len(self._losses)))
        return Curves(
            updates=self._updates.values,
            losses=self._losses.values,
            loss_range=self._loss_range,
            norms={name: record.norm(name) for name in record.names},
            total_norms=record.total_norms,
            norm_range=self._norm_range,
            clipped=None if clip is None else self._clipped_at(clip, record),
            clip=clip,
        )

    def _is_longer(self, record: Record) -> bool:
        """Whether a record is the last one, with more updates."""
        old = self._record
        return old is not None and old.first == record.first and continues(old.table, record.table)

    def _follow(self, new: Record) -> None:
        with np.errstate(all="ignore"):
            losses = new.losses / new.tokens
        self._updates.extend(new.updates)
        self._losses.extend(losses)
        self._loss_range = _widened(self._loss_range, losses)
        self._norm_range = _widened(_widened(self._norm_range, new.norms), new.total_norms)

    def _clipped_at(self, clip: float, record: Record) -> Floats | None:
        if clip != self._clip:
            self._clipped, self._clip, self._has_clipped = Growing(), clip, False
        clipped = _after(record, len(self._clipped)).clipped
        self._has_clipped = self._has_clipped or bool(clipped.any())
        self._clipped.extend(np.where(clipped, clip, np.nan))
        return self._clipped.values if self._has_clipped else None


def _after(record: Record, count: int) -> Record:
    """Return a record without its first updates."""
    return replace(record, first=record.first + count, table=record.table[:, count:])


def _widened(known: Floats, values: Floats) -> Floats:
    """Return the `extremes` of what is known so far and some more values."""
    return extremes(np.concatenate((known, values.ravel())))
