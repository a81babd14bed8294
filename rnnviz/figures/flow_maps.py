"""The maps of the gradient flow: of states and of the terms of weights, with what they sum up to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.engine.parameters import suffix
from rnnviz.figures.states import Lane, symbol
from rnnviz.figures.symbols import parameter_symbol

if TYPE_CHECKING:
    from rnnviz.figures.columns import Columns
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

WEIGHTS = {
    "W_X": "weight_ih",
    "W_H": "weight_hh",
    "W_Y": "head.weight",
    "b": "bias_ih",
    "E": "embedding.weight",
}
"""The kinds of weights whose gradient is a sum over t and k, and the stored parameter each is read from."""


class FlowMap(NamedTuple):
    """What a map shows of a window of n steps, by [t, k]; NaN where nothing can be.

    values: (n, n). initial: (n,), of the state before the first step; None where there is no such state.
    by_step: for each k the sum over t of the norms, and the norm of the sum over t: (2, n). by_loss: the same
    for each t over k; None of states, whose gradients at different steps are not added up.
    """

    values: Floats
    initial: Floats | None
    by_step: Floats
    by_loss: Floats | None


def offered(scene: Scene) -> tuple[str, ...]:
    """Return the kinds of weights that a map can show."""
    return tuple(kind for kind in WEIGHTS if stored(scene, kind) in scene.parameters)


def stored(scene: Scene, kind: str) -> str:
    """Return the stored parameter of a kind, in the layer and direction of the flow."""
    name, flow = WEIGHTS[kind], scene.analysis.flow
    return name if "." in name else name + suffix(flow.layer, flow.direction)


def flow_map(scene: Scene, columns: Columns, what: str) -> FlowMap:
    """Return the map of a state, or of the terms of ∂L/∂(a weight). what: "h", "c", or a key of `WEIGHTS`."""
    flow = scene.analysis.flow
    if what in WEIGHTS:
        name = stored(scene, what)
        values, (of_losses, of_steps) = _shown(scene, columns, flow.terms(name)), flow.term_sums(name)
        by_loss = np.stack([_summed(values, 1), np.where(np.isnan(values).all(1), np.nan, of_losses)])
        return FlowMap(values, None, np.stack([_summed(values, 0), of_steps]), by_loss)
    values = _shown(scene, columns, flow.norms[what])
    initial = None
    if CELLS[scene.spec.cell].recurrent and flow.direction == 0:
        initial = np.where(np.isnan(values).all(1), np.nan, flow.initials[what])
    return FlowMap(values, initial, np.stack([_summed(values, 0), flow.sums[what]]), None)


def _shown(scene: Scene, columns: Columns, norms: Floats) -> Floats:
    """Return norms of the window: NaN above the diagonal and in rows whose loss is left out."""
    shown = np.array(norms, float)
    shown[np.triu_indices(columns.count, 1)] = np.nan
    shown[[t - columns.start for t in scene.silent if columns.start <= t < columns.stop]] = np.nan
    return shown


def _summed(values: Floats, axis: int) -> Floats:
    """Return sums of norms, NaN where there is none."""
    with np.errstate(all="ignore"):
        sums: Floats = np.nansum(values, axis)
    return np.where(np.isnan(values).all(axis), np.nan, sums)


def norm_of(scene: Scene, what: str) -> str:
    """Write the norm that a map shows, with the layer and direction of a state if there are several."""
    if what in WEIGHTS:
        return f"‖(t, k) of ∂L_t/∂{parameter_symbol(scene.notation, what)}‖"
    lane = Lane(scene.analysis.flow.layer, scene.analysis.flow.direction)
    return f"‖∂L_t/∂{symbol(scene.spec, what, lane, '_k', scene.notation)}‖"
