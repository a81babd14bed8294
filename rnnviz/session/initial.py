"""What the states start from: zero, numbers drawn by chance, or numbers of one's own."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from rnnviz import engine as e
from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from rnnviz.session.state import DocumentState

    Start: TypeAlias = Mapping[str, e.Array]

NO_START = "A feed-forward layer starts from no state."


def with_initial(state: DocumentState, arrays: Mapping[str, ArrayLike] | None) -> DocumentState:
    """Start from these states, {"h": (L·D, 1, H), …}; those that are not given, or all of None, are zero."""
    start = None if arrays is None else _frozen(state.spec, arrays)
    return state if same_start(state.initial, start) else replace(state, initial=start)


def with_initial_number(state: DocumentState, name: str, lane: int, unit: int, value: float) -> DocumentState:
    """Set one number of a state: of a unit in a layer and direction, lanes in PyTorch's order, all from 0."""
    arrays = {key: array.copy() for key, array in initial_of(state).items()}
    if name not in arrays:
        raise EditError(f"This network has no {name}₀; it starts from {', '.join(arrays) or 'no state'}.")
    lanes, _, units = arrays[name].shape
    if not (0 <= lane < lanes and 0 <= unit < units):
        raise EditError(f"{name}₀ has {lanes} × {units} numbers, none in row {lane + 1}, column {unit + 1}.")
    arrays[name][lane, 0, unit] = value
    return with_initial(state, arrays)


def with_random_initial(state: DocumentState, seed: int) -> DocumentState:
    """Draw every number of every state between −1 and 1; the same seed draws the same."""
    draw = np.random.default_rng(seed)
    return with_initial(
        state, {name: draw.uniform(-1.0, 1.0, zero.shape) for name, zero in _zeros(state.spec).items()}
    )


def initial_of(state: DocumentState) -> dict[str, e.Array]:
    """Return every state before the first step by name, zero where nothing was set: (L·D, 1, H)."""
    return _zeros(state.spec) | dict(state.initial or {})


def kept_start(start: Start | None, old: e.NetworkSpec, new: e.NetworkSpec) -> Start | None:
    """Return what of a start has a place in another network: its states, layers, directions and units.

    What is new starts from zero.
    """
    if start is None:
        return None
    arrays = _zeros(new)
    layers, directions, units = (
        min(getattr(old, field), getattr(new, field)) for field in ("num_layers", "directions", "hidden_size")
    )
    for name in arrays.keys() & start.keys():
        kept = _by_lane(start[name], old)[:layers, :directions, :units]
        _by_lane(arrays[name], new)[:layers, :directions, :units] = kept
    changed = _frozen(new, arrays)
    return start if same_start(start, changed) else changed


def same_start(one: Start | None, other: Start | None) -> bool:
    """Return whether two starts are the same numbers."""
    if one is None or other is None:
        return one is other
    return one is other or (
        one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)
    )


def check_initial(spec: e.NetworkSpec, start: Start | None) -> None:
    """Refuse a start that is not one of this network."""
    if start is None:
        return
    zeros = _zeros(spec)
    if start.keys() != zeros.keys():
        raise EditError(NO_START if not zeros else f"The states to start from are {', '.join(zeros)}.")
    for name, array in start.items():
        if array.shape != zeros[name].shape:
            raise EditError(f"{name}₀ must have the shape {zeros[name].shape}, not {array.shape}.")


def _zeros(spec: e.NetworkSpec) -> dict[str, e.Array]:
    """Return the states that a network starts from, all zero; none if it is not recurrent."""
    cell, shape = e.CELLS[spec.cell], (spec.num_layers * spec.directions, 1, spec.hidden_size)
    return {name: np.zeros(shape, spec.number) for name in cell.states if cell.recurrent}


def _by_lane(array: e.Array, spec: e.NetworkSpec) -> e.Array:
    """Return a view (L, D, H) of states (L·D, 1, H)."""
    return array.reshape(spec.num_layers, spec.directions, spec.hidden_size)


def _frozen(spec: e.NetworkSpec, arrays: Mapping[str, ArrayLike]) -> Start | None:
    """Return read-only copies of all states, None if every number is zero."""
    start: dict[str, e.Array] = _zeros(spec)
    if unknown := next((name for name in arrays if name not in start), None):
        raise EditError(NO_START if not start else f"This network has no {unknown}₀ to start from.")
    with np.errstate(over="ignore"):
        start |= {name: np.array(array, spec.number) for name, array in arrays.items()}
    if any(not np.isfinite(array).all() for array in start.values()):
        raise EditError(f"A state to start from must hold finite {spec.dtype} numbers.")
    for array in start.values():
        array.flags.writeable = False
    return MappingProxyType(start) if any(array.any() for array in start.values()) else None
