"""The hidden states of the shown steps, and the scale that colours them in every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.columns import columns_of
from rnnviz.figures.model import Scale
from rnnviz.figures.numbers import largest, nice_ceiling

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene


def states(scene: Scene) -> Floats:
    """Return h of the window with the state before it: (n + 1, H); NaN where a cell has none before."""
    columns, trace = columns_of(scene), scene.analysis.trace
    h = trace.layers[0].h[:, 0]
    if "weight_hh_l0" not in scene.parameters:
        before = np.full(h.shape[1:], np.nan)
    else:
        before = h[columns.start - 1] if columns.start else trace.initial_state["h"][0, 0]
    return np.concatenate((before[None], h[columns.start : columns.stop]))


def state_scale(h: Floats, activation: str) -> Scale:
    """Return −1 … 1 for a bounded activation, otherwise a range that rests while its values move."""
    limit = 1.0 if activation in {"tanh", "sigmoid"} else nice_ceiling(largest(h))
    return Scale("signed", -limit, limit, label="h_t")
