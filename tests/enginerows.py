"""What the engine says of a row of numbers that can be picked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.states import traced

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.spots import Spot


def values(shown: Scene, spot: Spot) -> Floats:
    """The row of a quantity, step by step: (T,)."""
    trace = shown.analysis.trace
    if spot.lane is None:
        found = {
            "y": trace.probabilities[:, 0],
            "x": np.eye(shown.spec.input_size)[trace.x[:, 0]],
            "e": trace.layers[0].directions[0].inputs.vectors(0, shown.steps, 0),
        }[spot.quantity]
        return found[:, spot.row]
    lane = traced(shown, spot.lane)
    kind, _, name = spot.quantity.rpartition(".")
    where = lane.preactivations if kind else lane.states | lane.gates
    return where[name][:, 0, spot.row]
