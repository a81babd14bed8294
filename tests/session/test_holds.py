"""What is held: replaced, moved, let go of, kept when the network changes, undone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import engine as e
from rnnviz.engine.interventions import targets
from rnnviz.session import edits, presets, sequence_edits
from rnnviz.session.errors import EditError
from rnnviz.session.holds import (
    let_go,
    with_hold,
    with_start,
    with_value,
    without_hold,
    without_holds,
)
from rnnviz.session.session import Session
from rnnviz.session.state import equal

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def lstm(dogs: DocumentState) -> DocumentState:
    return edits.with_layers(edits.with_cell(dogs, "lstm"), 2)


def held(state: DocumentState) -> list[tuple[str, float, int, int | None]]:
    return [(one.target, one.value, one.start, one.unit) for one in state.interventions]


def test_of_the_same_number_from_the_same_step_on_the_last_counts(lstm: DocumentState) -> None:
    state = with_hold(with_hold(lstm, "h", 0.0, 1, 2), "h", 0.5, 1, 2)
    assert held(state) == [("h", 0.5, 1, 2)]
    state = with_hold(state, "h", 1.0, 1, 0)
    assert held(state) == [("h", 0.5, 1, 2), ("h", 1.0, 1, 0)]
    assert held(with_hold(state, "h", 0.0, 1)) == [("h", 0.0, 1, None)]


def test_a_later_step_takes_over_from_an_earlier_one(lstm: DocumentState) -> None:
    state = with_hold(with_hold(lstm, "f", 1.0, 2, 0), "f", 0.0, 0, 0)
    assert held(state) == [("f", 0.0, 0, 0), ("f", 1.0, 2, 0)]
    gate = Session(state).moment.analysis.trace.layers[0].gates["f"]
    assert gate[:, 0, 0].tolist() == [0, 0, 1]


def test_values_and_steps_change_and_are_let_go(lstm: DocumentState) -> None:
    state = with_hold(with_hold(lstm, "f", 1.0), "h", 0.0, 2, 1)
    whole, unit = state.interventions
    assert held(with_value(state, unit, -0.5)) == [("f", 1.0, 0, None), ("h", -0.5, 2, 1)]
    assert held(with_start(state, whole, 1)) == [("f", 1.0, 1, None), ("h", 0.0, 2, 1)]
    assert with_value(state, unit, 0.0) is state
    assert without_hold(state, whole).interventions == (unit,)
    assert without_holds(state).interventions == ()
    assert without_holds(lstm) is lstm
    assert let_go(state, "h", 1, 0, 0).interventions == (whole,)
    assert let_go(state, "h", None, 0, 0).interventions == (whole,)
    assert let_go(state, "h", 2, 0, 0) is state
    assert let_go(state, "f", 1, 0, 0) is state
    assert let_go(state, "h", 1, 1, 0) is state


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"start": 3}, "There is no step 4 to hold from: the sequence has 3."),
        ({"start": -1}, "There is no step 0 to hold from: the sequence has 3."),
        ({"value": np.inf}, "A value to hold must be a finite float64 number."),
        ({"target": "z"}, "target must be one of h, c, i, f, g, o in this cell, not 'z'."),
        ({"unit": 3}, "unit must lie in 0 … 2, not 3."),
        ({"layer": 2}, "layer must lie in 0 … 1, not 2."),
    ],
)
def test_what_cannot_be_held_is_said(lstm: DocumentState, chosen: dict[str, object], sentence: str) -> None:
    with pytest.raises(EditError) as caught:
        with_hold(lstm, **({"target": "h", "value": 0.0} | chosen))  # type: ignore[arg-type]
    assert str(caught.value) == sentence


def test_a_step_of_the_longer_of_two_sequences_will_do(lstm: DocumentState) -> None:
    state = sequence_edits.with_other(lstm, "good dogs")
    assert held(with_hold(state, "h", 0.0, 7)) == [("h", 0.0, 7, None)]
    with pytest.raises(EditError):
        with_hold(state, "h", 0.0, 8)


def test_a_shorter_text_leaves_what_is_held_for_when_it_grows_again(lstm: DocumentState) -> None:
    state = with_hold(lstm, "h", 0.0, 2, 1)
    short = edits.with_text(state, "do")
    assert short.interventions == state.interventions
    assert Session(short).moment.untouched is not None
    assert held(with_value(short, short.interventions[0], 1.0)) == [("h", 1.0, 2, 1)]


EVERYTHING = [
    ("f", 1.0, None, 0),
    ("o", 0.0, 2, 0),
    ("c", 0.5, 1, 1),
    ("h", 0.0, 2, 1),
    ("h", 0.0, 0, 0),
]


@pytest.fixture
def crowded(lstm: DocumentState) -> DocumentState:
    for target, value, unit, layer in EVERYTHING:
        lstm = with_hold(lstm, target, value, 0, unit, layer)
    return lstm


def kept(state: DocumentState) -> list[tuple[str, float, int | None, int]]:
    return [(one.target, one.value, one.unit, one.layer) for one in state.interventions]


def test_another_network_keeps_what_it_has(crowded: DocumentState) -> None:
    assert kept(edits.with_units(crowded, 2)) == [
        ("f", 1.0, None, 0),
        ("c", 0.5, 1, 1),
        ("h", 0.0, 0, 0),
    ]
    assert kept(edits.with_layers(crowded, 1)) == [EVERYTHING[0], EVERYTHING[1], EVERYTHING[4]]
    assert kept(edits.with_cell(crowded, "rnn")) == EVERYTHING[3:]
    assert kept(edits.with_cell(crowded, "gru")) == EVERYTHING[3:]
    assert kept(edits.with_bias(crowded, not crowded.spec.bias)) == EVERYTHING
    assert kept(edits.with_text(crowded, "other letters")) == EVERYTHING
    both = edits.with_directions(crowded, True)
    back = with_hold(both, "h", 0.0, 0, 0, 0, 1)
    assert kept(edits.with_directions(back, False)) == EVERYTHING


@given(
    cells=st.lists(st.sampled_from(sorted(e.CELLS)), min_size=1, max_size=3),
    units=st.integers(1, 4),
    layers=st.integers(1, 3),
    seed=st.integers(0, 999),
)
def test_any_change_of_the_network_leaves_what_can_be_held(
    cells: list[str], units: int, layers: int, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    state = presets.load("dogs")
    for cell in cells:
        state = edits.with_cell(state, cell)
        target = str(draw.choice(targets(state.spec)))
        unit = int(draw.integers(state.spec.hidden_size)) if draw.integers(2) else None
        layer = int(draw.integers(state.spec.num_layers))
        state = with_hold(state, target, float(draw.normal()), int(draw.integers(state.steps)), unit, layer)
        state = edits.with_layers(edits.with_units(state, units), layers)
        trace = Session(state).moment.analysis.trace
        assert trace.interventions == state.interventions


def test_what_is_held_is_part_of_the_document(lstm: DocumentState) -> None:
    state = with_hold(lstm, "f", 1.0)
    assert not equal(lstm, state)
    assert equal(replace(state), state)
    assert presets.load("dogs").interventions == ()
    session = Session(lstm)
    session.document.edit(state, "Hold f at 1")
    assert session.moment.untouched is not None
    session.document.undo()
    assert session.document.state is lstm
    assert session.moment.untouched is None


def test_the_untouched_network_is_run_once_while_only_what_is_held_changes(lstm: DocumentState) -> None:
    session = Session(with_hold(lstm, "f", 1.0))
    untouched = session.moment.untouched
    assert untouched is not None
    fresh = Session(lstm).moment.analysis
    assert np.array_equal(untouched.trace.logits, fresh.trace.logits)
    for value in (0.5, 0.0):
        session.document.edit(with_hold(session.document.state, "o", value), "Hold o")
        assert session.moment.untouched is untouched
    session.playback.next()
    assert session.moment.untouched is untouched
    session.document.edit(edits.with_text(session.document.state, "gods"), "Type text")
    assert session.moment.untouched is not untouched


def test_the_effect_is_shown_as_long_as_something_is_held(lstm: DocumentState) -> None:
    session = Session(with_hold(lstm, "f", 1.0))
    session.playback.look_at_sequence("effect")
    assert session.moment.baseline is session.moment.untouched is not None
    session.document.edit(without_holds(session.document.state), "Let go of everything")
    assert session.moment.baseline is None
    session.document.undo()
    assert session.moment.baseline is session.moment.untouched is not None
