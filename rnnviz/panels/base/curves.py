"""From the record of training to the curves that figures draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.scene import Curves

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState
    from rnnviz.session.training.history import Record


def curves_of(record: Record, state: DocumentState) -> Curves | None:
    """Return a record's columns as curves, losses a token; None before the first update."""
    if not len(record):
        return None
    with np.errstate(all="ignore"):
        losses = record.losses / record.tokens
    return Curves(
        updates=np.arange(record.first, record.last + 1, dtype=float),
        losses=losses,
        norms={name: record.norm(name) for name in record.names},
        total_norms=record.total_norms,
        clipped=record.clipped,
        clip=state.settings.clip,
    )
