"""What a cell leaves to choose: its activation, its directions, the reset of a GRU."""

from __future__ import annotations

from typing import Any

from rnnviz.engine import CELLS, NetworkSpec
from rnnviz.engine.spec import GRU_RESETS


def choices(cell: str, field: str) -> tuple[Any, ...]:
    """Return what a cell allows in a field of the specification, the usual value first."""
    if field == "activation":
        return CELLS[cell].activations
    if field == "bidirectional":
        return (False, True) if CELLS[cell].recurrent else (False,)
    return GRU_RESETS if cell == "gru" else GRU_RESETS[:1]


def refusal(spec: NetworkSpec, field: str) -> str:
    """Return why nothing can be chosen in a field of a network, one sentence, or nothing if it can."""
    if len(choices(spec.cell, field)) > 1:
        return ""
    title = CELLS[spec.cell].title
    return {
        "activation": f"The activations of a layer of {title} cells are fixed.",
        "bidirectional": f"{title} cells have no direction: at each step they see that step alone.",
        "gru_reset": f"{title} cells have no reset gate.",
    }[field]
