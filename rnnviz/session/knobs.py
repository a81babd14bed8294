"""What a slider turns to make gradients vanish or explode, as pure functions of the document.

An edit that changes nothing returns the state it was given. What is not possible raises EditError, one
sentence for the user.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle, islice
from typing import TYPE_CHECKING

import numpy as np

from rnnviz import engine as e
from rnnviz.engine.parameters import suffix
from rnnviz.session.edits import with_text
from rnnviz.session.errors import EditError
from rnnviz.session.radii import Radii
from rnnviz.session.reading import spelled
from rnnviz.session.vocabulary import MAX_TEXT

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState

_radii = Radii()
SMALLEST = 1e-9  # a spectral radius below it is zero but for rounding, and no factor changes that


def radius_of(state: DocumentState) -> float:
    """Return the largest spectral radius of the recurrent blocks of the top layer, forwards; NaN if none."""
    return _radii.of(state)


def radius_known(state: DocumentState) -> float | None:
    """Return `radius_of` a state if it is known: in a large network eigenvalues take long to find."""
    return _radii.known(state)


def with_radius(state: DocumentState, radius: float) -> DocumentState:
    """Scale all recurrent weights alike so that `radius_of` the network becomes another."""
    if not (np.isfinite(radius) and radius > 0):
        raise EditError(f"A spectral radius is a finite number above 0, not {radius:g}.")
    now = radius_of(state)
    if not now > SMALLEST:
        raise EditError("The recurrent weights have no spectral radius to scale; draw them anew first.")
    factor, names = radius / now, [name for name in state.parameters if name.startswith("weight_hh")]
    with np.errstate(over="ignore"):
        scaled = {name: state.parameters[name] * factor for name in names}
    turned = _replaced(state, scaled)
    if turned is not state:
        _radii.put(turned, radius)
    return turned


def keeping_gate(spec: e.NetworkSpec) -> str:
    """Return the gate whose bias decides what is kept, f of an LSTM, z of a GRU; "" if there is none."""
    return e.CELLS[spec.cell].keeps if spec.bias else ""


def keeping_bias(state: DocumentState) -> float:
    """Return the mean bias of the gate that keeps the memory, b_ih + b_hh, of the top layer; NaN if none."""
    rows, end = _gate_rows(state.spec), suffix(state.spec.num_layers - 1, 0)
    if rows is None:
        return float("nan")
    stored = state.parameters
    return float(np.mean(stored["bias_ih" + end][rows] + stored["bias_hh" + end][rows]))


def with_keeping_bias(state: DocumentState, bias: float) -> DocumentState:
    """Give all units of all layers the same bias in the gate that keeps the memory."""
    rows = _gate_rows(state.spec)
    if rows is None:
        raise EditError("This network has no gate with a bias that decides what is kept.")
    if not np.isfinite(bias):
        raise EditError(f"A bias must be a finite number, not {bias:g}.")
    changed = {}
    for name, array in state.parameters.items():
        if name.startswith("bias_ih"):
            other = state.parameters["bias_hh" + name.removeprefix("bias_ih")]
            changed[name] = array.copy()
            changed[name][rows] = bias - other[rows]
    return _replaced(state, changed)


def with_length(state: DocumentState, tokens: tuple[str, ...], steps: int) -> DocumentState:
    """Let the text be the first steps + 1 of some tokens, said again and again if there are too few."""
    if not tokens:
        raise EditError("There is no text to make longer; type some first.")
    if not 1 <= steps < MAX_TEXT:
        raise EditError(f"A text has 1 to {MAX_TEXT - 1:,} steps, not {steps:,}.")
    return with_text(state, spelled(islice(cycle(tokens), steps + 1), state.reads))


def with_scheme(state: DocumentState, scheme: str, seed: int) -> DocumentState:
    """Draw all weights anew."""
    if scheme not in e.SCHEMES:
        raise EditError(f"There is no initialiser “{scheme}”; choose one of {', '.join(e.SCHEMES)}.")
    return replace(
        state, parameters=e.initialise(state.spec, scheme=scheme, seed=seed), origin=None, updates=0
    )


def _gate_rows(spec: e.NetworkSpec) -> slice | None:
    gate = keeping_gate(spec)
    if not gate:
        return None
    n, size = e.CELLS[spec.cell].gates.index(gate), spec.hidden_size
    return slice(n * size, (n + 1) * size)


def _replaced(state: DocumentState, arrays: dict[str, e.Array]) -> DocumentState:
    """Put in other weights; those that are no finite numbers of the network's type are refused."""
    same = True
    for name, array in arrays.items():
        with np.errstate(over="ignore"):
            cast = array.astype(state.spec.number)
        if not np.isfinite(cast).all():
            raise EditError(f"So large a change would make {name} infinite.")
        same = same and np.array_equal(cast, state.parameters[name])
    return state if same else replace(state, parameters=state.parameters.replaced(arrays))
