"""A file opens at the place where it was saved, and nothing in it can lead to a place that is not there."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import engine as e
from rnnviz.engine.selection import Selection, StepPair, WeightEntry
from rnnviz.session import edits, presets
from rnnviz.session.files.looking import look, view_of
from rnnviz.session.files.schema import View
from rnnviz.session.session import Session

STATE = replace(edits.with_layers(edits.with_text(presets.load("dogs"), "dogsgodsdogs" * 3), 2), other="god")

WHOLE = st.integers(-3, 40) | st.integers(-(2**31), 2**31 - 1)
SELECTIONS = st.builds(
    Selection,
    st.none() | st.sampled_from(["h", "c", "y", "x", "a.h", "L", "nonsense"]),
    st.none() | st.integers(-5, 5) | st.integers(),
    st.integers(-3, 3),
    st.integers(-3, 3),
    st.none()
    | st.builds(WeightEntry, st.sampled_from(["weight_hh_l0", "none"]), st.integers(), st.integers(-4, 4)),
    st.none() | st.builds(StepPair, st.integers(-4, 40), st.integers(-4, 40)),
)
VIEWS = st.builds(
    View,
    step=WHOLE,
    stage=st.none() | WHOLE,
    focus=st.tuples(st.integers(-4, 4), st.integers(-4, 4)),
    sight=st.sampled_from(["a", "b", "difference", "effect"]),
    columns=st.none() | st.tuples(WHOLE, WHOLE),
    selection=st.none() | SELECTIONS,
    notation=st.sampled_from(["weights", "letters", "pytorch", "runes"]),
    loop=st.booleans(),
    speed=WHOLE,
)


def test_another_session_looks_at_the_same_place() -> None:
    state = replace(STATE, interventions=(e.Intervention("h", 1.0),))
    one, other = Session(state), Session(state)
    p = one.playback
    p.look_at_sequence("effect")
    p.look_at(0, 0)
    p.set_slow(True)
    p.seek(20)
    p.seek_stage(2)
    p.show_columns((15, 25))
    p.set_notation("letters")
    p.select(Selection("h", 1))
    p.set_loop(True)
    p.set_speed(16)
    look(other.playback, view_of(p), state)
    assert view_of(other.playback) == view_of(p)
    assert (other.moment.step, other.moment.stage, other.moment.columns) == (20, 2, (15, 25))
    assert other.moment.selection == one.moment.selection


@given(view=VIEWS)
def test_no_place_leads_astray(view: View) -> None:
    session = Session(STATE)
    look(session.playback, view, STATE)
    p = session.playback
    assert 0 <= p.step < max(1, p.steps)
    assert p.stage is None or 0 <= p.stage < p.stages
    assert session.moment.focus[0] < 2
    start, stop = session.moment.columns or (0, 1)
    assert 0 <= start < stop
    assert msgspec.json.decode(msgspec.json.encode(view_of(p)), type=View) == view_of(p)
