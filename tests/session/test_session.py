from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from weighing import with_weight

from rnnviz import engine as e
from rnnviz.session import edits, presets
from rnnviz.session.session import Moment, Session

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def session(dogs: DocumentState) -> Session:
    return Session(dogs)


def heard(session: Session) -> list[tuple[Moment, Moment]]:
    moments: list[tuple[Moment, Moment]] = []
    session.moment_changed.connect(lambda old, new: moments.append((old, new)))
    return moments


def assert_fresh(moment: Moment) -> None:
    """The analysis is what the engine says of this state, in every number."""
    state, shown = moment.state, moment.analysis
    fresh = e.analyse(state.spec, state.parameters, state.input_ids, state.target_ids, steps=moment.window)
    pairs = [
        (shown.trace.output, fresh.trace.output),
        (shown.trace.probabilities, fresh.trace.probabilities),
        (shown.loss.step, fresh.loss.step),
        (shown.gradients.layers[0].h, fresh.gradients.layers[0].h),
        (shown.gradients.parameters.flat, fresh.gradients.parameters.flat),
        (shown.flow.hidden, fresh.flow.hidden),
        (shown.flow.initial, fresh.flow.initial),
    ]
    for ours, theirs in pairs:
        np.testing.assert_array_equal(ours, theirs)
    assert shown.verdict.sentence == fresh.verdict.sentence
    assert (shown.flow.start, shown.flow.stop) == (fresh.flow.start, fresh.flow.stop)
    assert shown.trouble == fresh.trouble
    assert moment.window[0] <= moment.step <= max(0, moment.window[1] - 1)


def test_it_begins_at_the_first_step_of_dogs(session: Session, dogs: DocumentState) -> None:
    moment = session.moment
    assert (moment.state, moment.step, moment.window) == (dogs, 0, (0, 3))
    np.testing.assert_allclose(moment.analysis.trace.output[0, 0], [0.53705, 0.197375, 0.716298], atol=1e-6)


def test_an_edit_brings_one_moment_with_a_new_analysis(session: Session, dogs: DocumentState) -> None:
    moments = heard(session)
    before = session.moment
    session.document.edit(with_weight(dogs, "weight_hh_l0", 0, 0, 0.7), "Set W_H")
    assert moments == [(before, session.moment)]
    assert_fresh(session.moment)
    session.document.undo()
    assert len(moments) == 2
    np.testing.assert_array_equal(session.moment.analysis.trace.output, before.analysis.trace.output)


def test_a_step_reuses_the_analysis(session: Session) -> None:
    moments = heard(session)
    before = session.moment
    session.playback.next()
    assert session.moment.step == 1
    assert session.moment.analysis is before.analysis
    assert moments == [(before, session.moment)]


def test_a_title_needs_no_analysis(session: Session, dogs: DocumentState) -> None:
    before = session.moment
    session.document.edit(replace(dogs, title="cats"), "Rename")
    assert session.moment.state.title == "cats"
    assert session.moment.analysis is before.analysis


def test_a_shorter_text_moves_the_playhead_in_the_same_moment(session: Session, dogs: DocumentState) -> None:
    session.playback.last()
    moments = heard(session)
    session.document.edit(edits.with_text(dogs, "do"), "Type")
    assert len(moments) == 1
    assert (session.moment.step, session.playback.step, session.playback.steps) == (0, 0, 1)
    assert_fresh(session.moment)


def test_the_playhead_keeps_its_place_in_a_longer_text(session: Session, dogs: DocumentState) -> None:
    session.playback.seek(2)
    session.document.edit(edits.with_text(dogs, "dogs and cats"), "Type")
    assert (session.moment.step, session.playback.steps) == (2, 12)


def test_a_text_without_steps(session: Session, dogs: DocumentState) -> None:
    session.document.edit(edits.with_text(dogs, ""), "Type")
    assert (session.moment.step, session.moment.window) == (0, (0, 0))
    assert session.moment.analysis.verdict.kind == "too-short"


def test_a_long_text_is_looked_at_page_by_page(session: Session, dogs: DocumentState) -> None:
    session.document.edit(edits.with_text(dogs, "dogs" * 50), "Type")
    assert session.moment.window == (0, 80)
    trace = session.moment.analysis.trace
    moments = heard(session)
    session.playback.seek(79)
    assert session.moment.window == (0, 80)
    session.playback.next()
    assert session.moment.window == (40, 120)
    assert_fresh(session.moment)
    session.playback.seek(45)
    assert session.moment.window == (40, 120)
    assert session.moment.analysis.trace is trace
    assert len(moments) == 3


def test_a_drag_on_a_long_text_keeps_the_page(session: Session, dogs: DocumentState) -> None:
    session.document.edit(edits.with_text(dogs, "dogs" * 50), "Type")
    session.playback.seek(80)
    session.playback.seek(50)
    session.document.edit(with_weight(session.moment.state, "weight_hh_l0", 0, 0, 0.7), "Drag", "drag")
    assert session.moment.window == (40, 120)
    assert_fresh(session.moment)


def test_ten_thousand_characters(session: Session, dogs: DocumentState) -> None:
    session.document.edit(edits.with_text(dogs, "dogs" * 2_500), "Type")
    session.playback.last()
    assert session.moment.step == 9_998
    assert session.moment.window == (9_920, 9_999)
    assert_fresh(session.moment)


@pytest.mark.parametrize("value", [1e300, float("nan")])
def test_weights_beyond_all_bounds_are_shown_and_undone(
    session: Session, dogs: DocumentState, value: float
) -> None:
    state = edits.with_activation(edits.with_text(dogs, "dogsdogs"), "identity")
    weights = state.parameters.replaced({"weight_hh_l0": np.full((3, 3), value)})
    session.document.edit(replace(state, parameters=weights), "Diverge")
    assert session.moment.analysis.trouble is not None
    assert_fresh(session.moment)
    session.document.undo()
    assert session.moment.state is dogs
    assert session.moment.analysis.trouble is None


ACTIONS = st.one_of(
    st.tuples(
        st.just("type"),
        st.text("dogsx👍🏽", max_size=6).map(lambda text: text * 20) | st.text("dogs", max_size=9),
    ),
    st.tuples(st.just("drag"), st.floats(-3, 3)),
    st.tuples(st.just("mask"), st.integers(0, 200)),
    st.tuples(st.just("units"), st.integers(1, 5)),
    st.tuples(st.just("seek"), st.integers(-1, 200)),
    st.tuples(st.sampled_from(("undo", "redo", "next")), st.none()),
)


def act(session: Session, name: str, value: object) -> None:
    state, document = session.document.state, session.document
    match name, value:
        case "type", str(text):
            document.edit(edits.with_text(state, text), "Type", "text")
        case "drag", float(weight):
            document.edit(with_weight(state, "weight_hh_l0", 0, 0, weight), "Drag", "drag")
        case "mask", int(step) if state.steps:
            document.edit(edits.toggle_silent(state, step % state.steps), "Mask")
        case "units", int(units):
            document.edit(edits.with_units(state, units), "Units")
        case "seek", int(step):
            session.playback.seek(step)
        case "undo" | "redo", _:
            getattr(document, name)()
        case "next", _:
            session.playback.next()


@given(st.lists(ACTIONS, max_size=10))
def test_a_moment_is_always_fresh_and_comes_once(actions: list[tuple[str, object]]) -> None:
    session = Session(presets.load("dogs"))
    moments = heard(session)
    for name, value in actions:
        before, count = session.moment, len(moments)
        act(session, name, value)
        changed = session.document.state is not before.state or session.playback.step != before.step
        assert moments[count:] == ([(before, session.moment)] if changed else [])
        assert session.moment.state is session.document.state
        assert session.moment.step == session.playback.step
        assert session.playback.steps == session.document.state.steps
        assert_fresh(session.moment)


def stacked(dogs: DocumentState) -> DocumentState:
    spec = replace(dogs.spec, cell="lstm", num_layers=2, bidirectional=True)
    return replace(dogs, spec=spec, parameters=e.initialise(spec))


def test_another_layer_is_looked_at_without_a_new_analysis(dogs: DocumentState) -> None:
    session = Session(stacked(dogs))
    moments = heard(session)
    session.playback.look_at(0, 1)
    ((old, new),) = moments
    assert (old.focus, new.focus) == ((-1, 0), (0, 1))
    assert new.analysis is old.analysis
    session.playback.next()
    assert session.moment.focus == (0, 1)
    assert not session.document.undo_stack.canUndo()


def test_a_layer_that_is_gone_is_not_looked_at_until_it_comes_back(dogs: DocumentState) -> None:
    session = Session(stacked(dogs))
    session.playback.look_at(1, 1)
    session.document.edit(dogs, "One layer")
    assert session.moment.focus == (-1, 0)
    session.document.undo_stack.undo()
    assert session.moment.focus == (1, 1)
