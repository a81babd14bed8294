"""What comes back to the state of a step, way by way: through the readout or from above, and through time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.engine.parameters import suffix
from rnnviz.figures.statements import coloured
from rnnviz.figures.states import SUPERSCRIPT

if TYPE_CHECKING:
    from rnnviz.figures.backward_here import Here
    from rnnviz.figures.model import Floats


class Source(NamedTuple):
    """One way in which a gradient comes to h_t: as a formula, its name at the playhead, its value, (H,).

    factors: (n, H) and (n,), or (H,) twice; what it is the sum of products of, unit by unit.
    """

    general: str
    here: str
    values: Floats
    factors: tuple[Floats, Floats]

    def products(self, unit: int) -> tuple[Floats, Floats]:
        """Return both factors of the products of a unit, (n,) each."""
        weights, sent = self.factors
        if weights.ndim == 2:
            return weights[:, unit], sent
        return weights[unit : unit + 1], sent[unit : unit + 1]


def by(loss: str, name: str) -> str:
    """Write the derivative of a loss by something, in the colour of gradients."""
    return coloured("gradient", f"∂{loss}/∂{name}")


def sources(here: Here) -> tuple[Source, ...]:
    """Return what comes to h_t: from the readout or the layer above, then from the step that reads it."""
    top = here.lane.layer == here.spec.num_layers - 1
    first = _from_readout(here) if top else _from_above(here)
    if not CELLS[here.spec.cell].recurrent:
        return (first,)
    return (first, *(_back_gru(here) if here.spec.cell == "gru" else (_back(here),)))


def _columns(here: Here, matrix: Floats) -> Floats:
    """Return the part of a matrix that reads this lane of a layer."""
    size = here.spec.hidden_size
    part = matrix[:, here.lane.direction * size : (here.lane.direction + 1) * size]
    return np.asarray(part, np.float64)


def _product(general: str, name: str, weights: Floats, sent: Floats) -> Source:
    """Return a product with a transposed matrix."""
    with np.errstate(all="ignore"):
        return Source(general, name, weights.T @ sent, (weights, sent))


def _from_readout(here: Here) -> Source:
    weight, z, t = here.weight("W_Y"), here.logit, here.now
    matrix = _columns(here, here.scene.parameters["head.weight"])
    name = f"{weight}ᵀ ∂L_{t}/∂{z}_{t}"
    return _product(f"{weight}ᵀ\u2009{by('L_t', f'{z}_t')}", name, matrix, here.by_logits)


def _from_above(here: Here) -> Source:
    """Return what comes from the layer above at the same step, through all its gates and directions."""
    spec, above = here.spec, here.lane.layer + 1
    gradients = here.scene.analysis.gradients.layers[above].preactivations
    weights, sent = [], []
    for direction in range(spec.directions):
        matrix = _columns(here, here.scene.parameters["weight_ih" + suffix(above, direction)])
        part = slice(direction * spec.hidden_size, (direction + 1) * spec.hidden_size)
        weights.append(matrix)
        sent += [np.asarray(gradients[gate][here.step, 0, part], float) for gate in CELLS[spec.cell].gates]
    mark, gated = f"⁽{str(above + 1).translate(SUPERSCRIPT)}⁾", len(CELLS[spec.cell].gates) > 1
    general, name = _through(here, "W_X", mark, "t", gated), f"from layer {above + 1}"
    return _product(general, name, np.concatenate(weights), np.concatenate(sent))


def _through(here: Here, kind: str, mark: str, step: str, gated: bool) -> str:
    """Write Σ_γ W_{Hγ}ᵀ ∂L/∂a_{γ,t+1}, or W_Hᵀ ∂L/∂a_{t+1} of a cell without gates."""
    if gated:
        return f"Σ_γ {here.weight(kind, 'γ')}ᵀ\u2009{by('L', f'a{mark}_{{γ,{step}}}')}"
    return f"{here.weight(kind)}ᵀ\u2009{by('L', f'a{mark}_{{{step}}}')}"


def _sent(here: Here, names: tuple[str, ...]) -> Floats:
    """Return ∂L/∂ of preactivations at the step that reads this state, one after the other; 0 at the end."""
    if here.after is None:
        return np.zeros(len(names) * here.spec.hidden_size)
    return np.concatenate([here.by_preactivation(name, here.after) for name in names])


def _back(here: Here) -> Source:
    """Return what comes through all rows of the recurrent weights at once."""
    gates = CELLS[here.spec.cell].gates
    weight, sent = np.concatenate([here.recurrent(gate) for gate in gates]), _sent(here, gates)
    gated = len(gates) > 1
    name = f"{'Σ ' * gated}{here.weight('W_H')}ᵀ ∂L/∂a_{{{here.next}}}"
    return _product(_through(here, "W_H", "", here.later, gated), name, weight, sent)


def _back_gru(here: Here) -> tuple[Source, ...]:
    """Return what z keeps, what comes through the gates, and what comes through the candidate."""
    gates = np.concatenate([here.recurrent(gate) for gate in "rz"])
    name = f"Σ {here.weight('W_H')}ᵀ ∂L/∂a_{{{here.next}}}"
    through = _product(
        _through(here, "W_H", "", here.later, gated=True), name, gates, _sent(here, ("r", "z"))
    )
    return (_kept(here), through, _candidate(here))


def _kept(here: Here) -> Source:
    z, h = here.letter("z"), here.letter("h")
    size = here.spec.hidden_size
    kept: Floats = np.zeros(size)
    sent: Floats = np.zeros(size)
    if here.after is not None:
        kept = np.where(here.held("h", here.after), 0.0, here.value("z", here.after))
        sent = here.by_state("h", here.after)
    general = f"{coloured('forget_gate', f'{z}_{{{here.later}}}')} ⊙ {by('L', f'{h}_{{{here.later}}}')}"
    name = f"{z}_{{{here.next}}} ⊙ ∂L/∂{h}_{{{here.next}}}"
    with np.errstate(all="ignore"):
        return Source(general, name, kept * sent, (kept, sent))


def _candidate(here: Here) -> Source:
    """Return what comes through W_Hn, which r resets before or after the product."""
    weight, r = here.weight("W_H", "n"), here.letter("r")
    matrix, reset = here.recurrent("n"), coloured("input_gate", f"{r}_{{{here.later}}}")
    by_n = by("L", f"a_{{n,{here.later}}}")
    if here.spec.gru_reset == "after":
        name = f"{weight}ᵀ ({r} ⊙ ∂L/∂a_{{n,{here.next}}})"
        return _product(f"{weight}ᵀ\u2009({reset} ⊙ {by_n})", name, matrix, _sent(here, ("hn",)))
    size = here.spec.hidden_size
    opened = np.zeros(size) if here.after is None else here.value("r", here.after)
    with np.errstate(all="ignore"):
        passed = matrix.T @ _sent(here, ("n",))
        name = f"{r} ⊙ {weight}ᵀ ∂L/∂a_{{n,{here.next}}}"
        return Source(f"{reset} ⊙ {weight}ᵀ\u2009{by_n}", name, opened * passed, (opened, passed))
