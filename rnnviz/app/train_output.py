"""What `rnnviz train` keeps of a run: the file that the window would have saved."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.app.errors import CommandError
from rnnviz.app.sources import SUFFIX
from rnnviz.session import edits
from rnnviz.session.files.stored import save_kept
from rnnviz.session.training.history import COLUMNS, History, Record

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.engine import Snapshot
    from rnnviz.session.files.kept import Kept

_AT_ONCE = 1000


def check_output(output: Path | None) -> None:
    """Refuse before the training what could not be written after it. Raises CommandError."""
    if output is None:
        return
    if output.suffix.lower() != SUFFIX:
        raise CommandError(f"The output {output} must end in {SUFFIX}.")
    if output.is_dir():
        raise CommandError(f"{output} is a folder; add a file's name.")
    if not output.parent.is_dir():
        raise CommandError(f"There is no folder {output.parent} to write {output.name} into; make it first.")
    if not os.access(output.parent, os.W_OK):
        raise CommandError(f"The folder {output.parent} cannot be written to; choose another.")


class Learnt:
    """What every update has found that it is told of, after those that the document has had already."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._parameters = kept.state.parameters
        self._history = _history(kept)
        self._rows: list[tuple[float, ...]] = []

    def tell(self, snapshot: Snapshot) -> None:
        """Take over an update; parameters that are not finite are of no use, so those before them stay."""
        if snapshot.trouble is None or np.isfinite(snapshot.parameters.flat).all():
            self._parameters = snapshot.parameters
        norms = snapshot.gradient_norms.values()
        self._rows.append((snapshot.loss, snapshot.tokens, snapshot.total_norm, snapshot.clipped, *norms))
        if len(self._rows) >= _AT_ONCE:
            self._flush()

    @property
    def kept(self) -> Kept:
        """The document as it is now."""
        self._flush()
        state = self._kept.state
        if state.origin is None:
            state = edits.with_origin(state, state.parameters)
        state = edits.with_learnt(state, self._parameters, self._history.last)
        return replace(self._kept, state=state, record=self._history.record)

    def save(self, path: Path) -> None:
        """Write the document as it is now. Raises SessionError, one sentence."""
        save_kept(path, self.kept)

    def _flush(self) -> None:
        if self._rows:
            table = np.array(self._rows, np.float64).reshape(-1, len(COLUMNS) + len(self._history.names)).T
            self._history.append(Record(self._history.names, self._history.last + 1, table))
            self._rows = []


def _history(kept: Kept) -> History:
    """Return what is known of earlier updates, if it leads up to where the document is."""
    names, updates, record = tuple(kept.state.parameters), kept.state.updates, kept.record
    if record is None or record.names != names or record.last != updates:
        return History(names, after=updates)
    history = History(names, after=record.first - 1)
    history.append(record)
    return history
