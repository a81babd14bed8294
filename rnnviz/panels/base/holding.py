"""Holding a unit or a gate at a value and letting go of it, each a step to undo with a name of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rnnviz.engine import Intervention
from rnnviz.engine.interventions import targets
from rnnviz.figures.held import held_name, value_words, whole_name
from rnnviz.figures.spots import BEFORE
from rnnviz.figures.states import Lane
from rnnviz.session import holds

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.engine.selection import Selection
    from rnnviz.session.session import Session

BECOMES = {"hn": "n"}  # preactivations that are part of another gate's


class Place(NamedTuple):
    """What can be held: a unit, or for None all, of a state or a gate of a lane, from a step on; from 0."""

    target: str
    unit: int | None
    step: int
    lane: Lane


def target_of(spec: NetworkSpec, quantity: str | None) -> str | None:
    """Return what can be held of a quantity: itself, of a preactivation what it becomes; None for nothing."""
    name = (quantity or "").removeprefix(BEFORE)
    name = BECOMES.get(name, name)
    return name if name in targets(spec) else None


def place_of(session: Session, selection: Selection | None) -> Place | None:
    """Return what of a selection can be held from the playhead's step on, None if nothing can."""
    moment = session.moment
    if selection is None or selection.weight is not None or selection.pair is not None:
        return None
    target = target_of(moment.state.spec, selection.quantity)
    if target is None or not moment.state.steps:
        return None
    return Place(target, selection.unit, moment.step, Lane(selection.layer, selection.direction))


def name_of(session: Session, place: Place) -> str:
    """Name what would be held: h₃, the whole forget gate f."""
    moment, spec = session.moment, session.moment.state.spec
    if place.unit is None:
        return whole_name(spec, place.target, place.lane, moment.notation)
    return held_name(spec, intervention(place, 0.0), moment.notation)


def intervention(place: Place, value: float) -> Intervention:
    """Return what holds a place at a value."""
    return Intervention(place.target, value, place.step, place.unit, *place.lane)


def value_at(session: Session, place: Place) -> float | None:
    """Return what a unit computes at its step; None for a whole quantity."""
    way = session.moment.analysis.trace.layers[place.lane.layer].directions[place.lane.direction]
    values = way.states.get(place.target, way.gates.get(place.target))
    if place.unit is None or values is None or place.step >= len(values):
        return None
    return float(values[place.step, 0, place.unit])


def hold(session: Session, place: Place, value: float) -> None:
    """Hold a place at a value. Raises EditError with a sentence if that cannot be."""
    document, (target, unit, step, lane) = session.document, place
    state = holds.with_hold(document.state, target, value, step, unit, *lane)
    words = f"Hold {name_of(session, place)} at {value_words(value)} from step {step + 1}"
    document.edit(state, words)


def let_go(session: Session, place: Place) -> None:
    """Let go of a unit, or of all of a state or a gate."""
    document = session.document
    state = holds.let_go(document.state, place.target, place.unit, *place.lane)
    document.edit(state, f"Let go of {name_of(session, place)}")


def let_all_go(session: Session) -> None:
    """Let go of everything that is held."""
    session.document.edit(holds.without_holds(session.document.state), "Let go of everything")


def is_held(session: Session, place: Place) -> bool:
    """Return whether there is anything to let go of at a place."""
    state = session.document.state
    return holds.let_go(state, place.target, place.unit, *place.lane) is not state
