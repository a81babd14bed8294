"""The record of a run: what every single update found, none left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rnnviz import engine as e

KEPT = 2_000_000
"""The longest record, in updates; then its oldest quarter is forgotten, or a night would need gigabytes."""

COLUMNS = ("loss", "tokens", "total_norm", "clipped")
"""What a row of a record begins with; one gradient norm a parameter follows."""

_SMALLEST = 1024


@dataclass(frozen=True, eq=False)
class Record:
    """Updates in a row, from number `first` on (1 is a run's first). Arrays are read-only, one entry each.

    names: of the parameters. table: (4 + P, n), the rows of `COLUMNS` and then one a parameter. Losses are
    those of a batch, summed over time and averaged over its sequences; norms are those before clipping. The
    last update before a halt may hold infinity or NaN.
    """

    names: tuple[str, ...]
    first: int
    table: e.Array

    def __len__(self) -> int:
        count: int = self.table.shape[1]
        return count

    @property
    def last(self) -> int:
        """The number of the latest update; `first` − 1 if there is none."""
        return self.first + len(self) - 1

    @property
    def updates(self) -> e.Integers:
        """The numbers of the updates: (n,)."""
        return np.arange(self.first, self.last + 1)

    @property
    def losses(self) -> e.Array:
        """The loss of every update: (n,)."""
        return self._row("loss")

    @property
    def tokens(self) -> e.Array:
        """How many losses were in each: (n,); loss / tokens is the loss of a token."""
        return self._row("tokens")

    @property
    def total_norms(self) -> e.Array:
        """The length of the gradient of all parameters: (n,)."""
        return self._row("total_norm")

    @property
    def clipped(self) -> NDArray[np.bool_]:
        """Whether the gradient was made shorter: (n,)."""
        return self._row("clipped") > 0

    @property
    def norms(self) -> e.Array:
        """The length of each parameter's gradient, in the order of `names`: (P, n)."""
        return self.table[len(COLUMNS) :]

    def norm(self, name: str) -> e.Array:
        """Return the length of one parameter's gradient: (n,). Raises ValueError if there is none."""
        norms: e.Array = self.norms[self.names.index(name)]
        return norms

    def until(self, update: int) -> Record:
        """Return the part up to an update."""
        count = min(len(self), max(0, update - self.first + 1))
        return Record(self.names, self.first, self.table[:, :count])

    def _row(self, column: str) -> e.Array:
        row: e.Array = self.table[COLUMNS.index(column)]
        return row


class History:
    """A record that grows at its end. What was handed out stays as it was, whatever comes after.

    names: of the parameters. after: the number of the update that the record follows, 0 at a run's start.
    """

    def __init__(self, names: Sequence[str], after: int = 0, kept: int = KEPT) -> None:
        self.names = tuple(names)
        self._first = after + 1
        self._count = 0
        self._kept = kept
        self._table = self._empty(min(_SMALLEST, kept))

    def __len__(self) -> int:
        return self._count

    @property
    def first(self) -> int:
        """The number of the oldest update, or of the next if there is none."""
        return self._first

    @property
    def last(self) -> int:
        """The number of the latest update; `first` − 1 if there is none."""
        return self._first + self._count - 1

    @property
    def record(self) -> Record:
        """All of it; the arrays are views, so this costs nothing."""
        table = self._table[:, : self._count]
        table.flags.writeable = False
        return Record(self.names, self._first, table)

    def append(self, record: Record) -> None:
        """Add what follows the latest update. Raises ValueError if it does not, or is of another network."""
        if record.names != self.names or record.first != self.last + 1:
            raise ValueError(
                f"The record continues with update {self.last + 1} of {self.names}, "
                f"not with {record.first} of {record.names}."
            )
        stop = self._count + len(record)
        if stop > self._table.shape[1]:
            self._make_room(stop)
            stop = self._count + len(record)
        self._table[:, self._count : stop] = record.table
        self._count = stop

    def truncate(self, update: int) -> None:
        """Forget what came after an update, which is the latest then; one before the record empties it."""
        kept = min(self._count, max(0, update - self._first + 1))
        if update < self._first:
            self._first = update + 1
        # A table of its own: what comes next must not show in what was handed out.
        self._move(slice(0, kept), max(min(_SMALLEST, self._kept), kept))

    def _make_room(self, needed: int) -> None:
        """Double the table; or, when the record is at its longest, forget its oldest quarter or more."""
        forgotten = 0
        if needed > self._kept:
            forgotten = min(self._count, max(needed - self._kept, self._kept // 4))
        capacity = max(needed - forgotten, min(2 * self._table.shape[1], self._kept))
        self._first += forgotten
        self._move(slice(forgotten, self._count), capacity)

    def _move(self, kept: slice, capacity: int) -> None:
        table = self._empty(capacity)
        self._count = kept.stop - kept.start
        table[:, : self._count] = self._table[:, kept]
        self._table = table

    def _empty(self, capacity: int) -> e.Array:
        return np.empty((len(COLUMNS) + len(self.names), capacity))
