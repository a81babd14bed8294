"""A training run as a table: comma-separated values, a line an update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.session.replacing import Replacement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from rnnviz.engine import Snapshot

COLUMNS = ("update", "loss", "tokens", "loss_per_token", "total_norm", "clipped")
"""The first columns; "norm_" and its name follow for each parameter."""


class LossTable:
    """Writes every update it is told of into a file, which is there, whole, at the end of a `with` block.

    Numbers are written so that reading gives them back exactly; clipped is 0 or 1. names: of the parameters.
    Raises FileError, one sentence, at the start if the file cannot be written, later if the disk is full.
    """

    def __init__(self, path: Path, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._file = Replacement(path)

    def __enter__(self) -> LossTable:
        self._file.__enter__()
        self._write_row((*COLUMNS, *(f"norm_{name}" for name in self._names)))
        return self

    def tell(self, snapshot: Snapshot) -> None:
        """Add the line of an update."""
        loss, tokens = snapshot.loss, snapshot.tokens
        norms = (repr(snapshot.gradient_norms[name]) for name in self._names)
        first = (
            str(snapshot.update),
            repr(loss),
            repr(tokens),
            repr(loss / tokens),
            repr(snapshot.total_norm),
        )
        self._write_row((*first, str(int(snapshot.clipped)), *norms))

    def _write_row(self, cells: Iterable[str]) -> None:
        self._file.write(f"{','.join(cells)}\n".encode())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.__exit__(kind, error, trace)
