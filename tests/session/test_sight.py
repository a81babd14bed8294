"""Two sequences on one network: the moment is that of the one looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from weighing import with_weight

from rnnviz import engine as e
from rnnviz.session import edits, initial, presets
from rnnviz.session import sequence_edits as sequences
from rnnviz.session.session import Moment, Session

if TYPE_CHECKING:
    from rnnviz.session.sight import Sight
    from rnnviz.session.state import DocumentState

pytestmark = pytest.mark.usefixtures("qapp")


def assert_shows(moment: Moment, text: str, document: DocumentState) -> None:
    state, trace = moment.state, moment.analysis.trace
    assert state.text == text
    assert state.parameters is document.parameters
    ids = document.vocabulary.encode(text)
    fresh = e.forward(document.spec, document.parameters, ids[:-1, None], document.initial)
    assert np.array_equal(trace.x[:, 0], ids[:-1])
    assert np.array_equal(trace.output, fresh.output)
    assert trace.steps == len(text) - 1


@pytest.fixture
def session(dogs: DocumentState) -> Session:
    return Session(sequences.with_other(initial.with_random_initial(dogs, 1), "good god"))


def test_a_b_and_what_is_between_them(session: Session) -> None:
    document, playback = session.document, session.playback
    moments: list[Moment] = []
    session.moment_changed.connect(lambda _old, new: moments.append(new))
    assert_shows(session.moment, "dogs", document.state)
    before = session.moment.analysis
    playback.look_at_sequence("b")
    assert_shows(session.moment, "good god", document.state)
    assert playback.steps == 7
    of_b = session.moment.analysis
    playback.look_at_sequence("difference")
    assert_shows(session.moment, "good god", document.state)
    assert session.moment.analysis is of_b
    baseline = session.moment.baseline
    assert baseline is not None
    assert np.array_equal(baseline.trace.output, before.trace.output)
    assert np.array_equal(baseline.loss.step, before.loss.step)
    assert np.array_equal(baseline.gradients.layers[0].h, before.gradients.layers[0].h)
    playback.look_at_sequence("a")
    assert session.moment.baseline is None
    assert_shows(session.moment, "dogs", document.state)
    assert len(moments) == 3
    assert not document.undo_stack.canUndo()


def test_the_playhead_stays_within_the_sequence_looked_at(session: Session) -> None:
    session.playback.look_at_sequence("b")
    session.playback.last()
    assert session.moment.step == 6
    session.playback.look_at_sequence("a")
    assert (session.moment.step, session.playback.steps) == (2, 3)


def test_an_edit_of_the_weights_shows_in_the_sequence_looked_at(session: Session) -> None:
    session.playback.look_at_sequence("difference")
    before = session.moment.baseline
    session.document.edit(with_weight(session.document.state, "weight_hh_l0", 0, 0, -1.0), "Change W_H")
    assert_shows(session.moment, "good god", session.document.state)
    assert session.moment.baseline is not before
    assert session.moment.baseline is not None
    session.playback.look_at_sequence("a")
    assert_shows(session.moment, "dogs", session.document.state)


def test_what_is_not_looked_at_is_not_analysed_again(session: Session) -> None:
    before = session.moment.analysis
    session.document.edit(sequences.with_other(session.document.state, "gods"), "Type text")
    assert session.moment.analysis is before
    session.playback.look_at_sequence("difference")
    baseline = session.moment.baseline
    session.document.edit(sequences.with_other(session.document.state, "good"), "Type text")
    assert session.moment.baseline is baseline
    session.playback.next()
    assert session.moment.baseline is baseline


def test_without_a_second_sequence_the_first_is_shown(session: Session) -> None:
    session.playback.look_at_sequence("difference")
    session.document.edit(sequences.with_other(session.document.state, None), "Remove")
    assert_shows(session.moment, "dogs", session.document.state)
    assert session.moment.baseline is None
    session.document.undo()
    assert_shows(session.moment, "good god", session.document.state)
    assert session.moment.baseline is not None


@given(
    first=st.text("dogs", min_size=2, max_size=8),
    second=st.text("dogs", min_size=2, max_size=8),
    looks=st.lists(st.sampled_from(["a", "b", "difference"]), max_size=5),
)
def test_any_look_shows_what_it_should(first: str, second: str, looks: list[Sight]) -> None:
    session = Session(sequences.with_other(edits.with_text(presets.load("dogs"), first), second))
    for sight in looks:
        session.playback.look_at_sequence(sight)
        assert_shows(session.moment, first if sight == "a" else second, session.document.state)
        assert (session.moment.baseline is not None) == (sight == "difference")


def test_the_first_sequence_is_the_one_that_is_learnt(session: Session) -> None:
    from rnnviz.session.learning import task_of

    session.playback.look_at_sequence("b")
    assert task_of(session.document.state).inputs.tolist() == [0, 1, 2]  # type: ignore[union-attr]
