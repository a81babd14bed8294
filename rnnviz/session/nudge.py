"""What a tiny change of one weight does to the loss, to be seen beside its gradient."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz import engine as e
from rnnviz.engine.losses import measure

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState

EPSILON = 1e-5  # of the weight's size, or of 1


@np.errstate(all="ignore")
def nudged(state: DocumentState, name: str, row: int, column: int) -> float:
    """Return (L(w + ε) − L(w − ε)) / 2ε of a weight; a bias has the column 0 only. Always in float64."""
    spec = replace(state.spec, dtype="float64")
    array = state.parameters[name].astype(np.float64)
    weight = float(array.reshape(len(array), -1)[row, column])
    step = EPSILON * max(1.0, abs(weight))
    above, below = (_loss(state, spec, name, (row, column), weight + way) for way in (step, -step))
    # What was really added is a little more or less than ε.
    return (above - below) / ((weight + step) - (weight - step))


def _loss(
    state: DocumentState, spec: e.NetworkSpec, name: str, place: tuple[int, int], weight: float
) -> float:
    arrays = {key: array.astype(np.float64) for key, array in state.parameters.items()}
    arrays[name].reshape(len(arrays[name]), -1)[place] = weight
    start = None if state.initial is None else {key: s.astype(np.float64) for key, s in state.initial.items()}
    trace = e.forward(spec, e.parameters(spec, arrays), state.x[:, None], start)
    return float(measure(e.loss_for(spec), trace, state.y[:, None]).total)
