"""Which units and gates are held at a value: what of them a document holds, and how that is changed.

What is held from a later step on takes over from what is held from an earlier one, so interventions stand in
the order of their first steps; of two that begin at the same step the one that was made last counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz import engine as e
from rnnviz.engine.interventions import targets
from rnnviz.session.errors import EditError
from rnnviz.session.reading import split_as

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rnnviz.session.state import DocumentState


def with_hold(
    state: DocumentState,
    target: str,
    value: float,
    start: int = 0,
    unit: int | None = None,
    layer: int = 0,
    direction: int = 0,
) -> DocumentState:
    """Hold a unit of a state or a gate, or all of it, at a value from a step (from 0) on.

    It takes the place of what is held there from the same step on. Raises EditError if that cannot be.
    """
    _require_step(state, start)
    return _put(state, state.interventions, e.Intervention(target, value, start, unit, layer, direction))


def without_hold(state: DocumentState, held: e.Intervention) -> DocumentState:
    """Let go of one thing."""
    return _with(state, (other for other in state.interventions if other != held))


def without_holds(state: DocumentState) -> DocumentState:
    """Let go of everything."""
    return _with(state, ())


def let_go(state: DocumentState, target: str, unit: int | None, layer: int, direction: int) -> DocumentState:
    """Let go of a unit, from whichever steps on it is held, or of a whole state or gate and all its units."""
    return _with(
        state,
        (
            held
            for held in state.interventions
            if (held.target, held.layer, held.direction) != (target, layer, direction)
            or unit not in {None, held.unit}
        ),
    )


def with_value(state: DocumentState, held: e.Intervention, value: float) -> DocumentState:
    """Hold the same at another value."""
    return _changed(state, held, replace(held, value=value))


def with_start(state: DocumentState, held: e.Intervention, start: int) -> DocumentState:
    """Hold the same from another step (from 0) on."""
    _require_step(state, start)
    return _changed(state, held, replace(held, start=start))


def fitting(held: Iterable[e.Intervention], spec: e.NetworkSpec) -> tuple[e.Intervention, ...]:
    """Return what of the interventions another network can hold: gates are the same if their names are."""
    known = targets(spec)
    return tuple(
        one
        for one in held
        if one.target in known
        and (one.unit is None or one.unit < spec.hidden_size)
        and one.layer < spec.num_layers
        and one.direction < spec.directions
    )


def _changed(state: DocumentState, held: e.Intervention, new: e.Intervention) -> DocumentState:
    if new == held:
        return state
    return _put(state, (other for other in state.interventions if other != held), new)


def _put(state: DocumentState, others: Iterable[e.Intervention], new: e.Intervention) -> DocumentState:
    """Add an intervention to others, in the place of those that it covers from their first step on."""
    with np.errstate(over="ignore"):
        if not np.isfinite(state.spec.number.type(new.value)):
            raise EditError(f"A value to hold must be a finite {state.spec.dtype} number.")
    kept = (held for held in others if not _covers(new, held))
    return _with(state, sorted((*kept, new), key=lambda held: held.start))


def _covers(new: e.Intervention, old: e.Intervention) -> bool:
    """Return whether nothing is left of an old intervention where a new one counts."""
    return new.unit in {None, old.unit} and replace(new, value=old.value, unit=old.unit) == old


def _with(state: DocumentState, held: Iterable[e.Intervention]) -> DocumentState:
    found = tuple(held)
    return state if found == state.interventions else replace(state, interventions=found)


def _require_step(state: DocumentState, start: int) -> None:
    """Refuse to begin where neither sequence has a step."""
    other = 0 if state.other is None else len(split_as(state.other, state.reads)) - 1
    steps = max(state.steps, other)
    if not 0 <= start < steps:
        raise EditError(f"There is no step {start + 1} to hold from: the sequence has {steps}.")
