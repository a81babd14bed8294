"""Slow motion: the playhead goes through the stages of each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import engine as e
from rnnviz.session import edits, presets
from rnnviz.session.playback import Playback
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.session.session import Moment

pytestmark = pytest.mark.usefixtures("qapp")

Place = tuple[int, int | None]


def place(playback: Playback) -> Place:
    return playback.step, playback.stage


def slow(steps: int = 3, stages: int = 4) -> Playback:
    playback = Playback(steps)
    playback.set_stages(stages)
    playback.set_slow(True)
    playback.set_speed(60)
    return playback


@pytest.fixture
def session() -> Session:
    return Session(presets.load("dogs"))


def moments(session: Session) -> list[Place]:
    heard: list[Place] = []
    session.moment_changed.connect(lambda _old, new: heard.append((new.step, new.stage)))
    return heard


def test_it_shows_steps_whole_unless_asked() -> None:
    playback = Playback(3)
    playback.set_stages(4)
    assert (playback.slow, playback.stage) == (False, None)
    playback.next()
    assert place(playback) == (1, None)
    playback.seek_stage(2)
    assert playback.stage is None


def test_it_begins_with_the_first_stage_of_this_step_and_ends_with_whole_ones() -> None:
    playback = Playback(3)
    playback.set_stages(4)
    playback.seek(1)
    heard: list[object] = []
    playback.slow_changed.connect(heard.append)
    playback.stage_changed.connect(heard.append)
    playback.set_slow(True)
    playback.set_slow(True)
    assert (place(playback), heard) == ((1, 0), [True, 0])
    playback.seek_stage(2)
    playback.set_slow(False)
    assert (place(playback), heard) == ((1, None), [True, 0, 2, False, None])


def test_stepping_goes_from_stage_to_stage_and_on_to_the_next_step() -> None:
    playback = slow(2, 3)
    found = [place(playback)]
    for _ in range(6):
        playback.next()
        found.append(place(playback))
    assert found == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (1, 2)]
    back = []
    for _ in range(6):
        playback.previous()
        back.append(place(playback))
    assert back == [(1, 1), (1, 0), (0, 2), (0, 1), (0, 0), (0, 0)]


def test_the_ends_are_the_first_and_the_last_stage() -> None:
    playback = slow(3, 4)
    playback.last()
    assert place(playback) == (2, 3)
    playback.first()
    assert place(playback) == (0, 0)
    playback.set_loop(True)
    playback.previous()
    assert place(playback) == (2, 3)
    playback.next()
    assert place(playback) == (0, 0)


def test_another_step_keeps_the_stage() -> None:
    playback = slow(3, 4)
    playback.seek_stage(2)
    playback.seek(2)
    assert place(playback) == (2, 2)
    playback.seek_stage(99)
    assert place(playback) == (2, 3)
    playback.seek_stage(-1)
    assert place(playback) == (2, 0)


def test_it_plays_every_stage_once_and_stops_at_the_last(qtbot: QtBot) -> None:
    playback = slow(2, 3)
    heard: list[Place] = []
    playback.stage_changed.connect(lambda _stage: heard.append(place(playback)))
    with qtbot.waitSignal(playback.playing_changed, check_params_cb=lambda playing: not playing):
        playback.play()
    assert heard == [(0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    playback.play()
    assert place(playback) == (0, 0)
    playback.pause()


def test_in_the_last_step_there_is_still_something_to_play() -> None:
    playback = slow(3, 4)
    playback.seek(2)
    playback.play()
    assert (place(playback), playback.playing) == ((2, 0), True)
    playback.pause()


def test_a_single_step_can_be_played_slowly_only() -> None:
    playback = slow(1, 3)
    playback.play()
    assert playback.playing
    playback.set_slow(False)
    assert not playback.playing
    playback.play()
    assert not playback.playing


def test_fewer_stages_take_the_playhead_with_them() -> None:
    playback = slow(3, 5)
    playback.seek_stage(4)
    playback.set_stages(4)
    assert place(playback) == (0, 3)
    playback.set_stages(6)
    assert place(playback) == (0, 3)


MOVES = st.one_of(
    st.sampled_from(["next", "previous", "first", "last"]).map(lambda name: (name,)),
    st.tuples(st.just("seek"), st.integers(-3, 9)),
    st.tuples(st.just("seek_stage"), st.integers(-3, 9)),
    st.tuples(st.just("set_steps"), st.integers(0, 6)),
    st.tuples(st.just("set_stages"), st.integers(1, 6)),
    st.tuples(st.just("set_slow"), st.booleans()),
    st.tuples(st.just("set_loop"), st.booleans()),
)


@given(st.lists(MOVES, max_size=30))
def test_it_is_always_at_a_stage_of_a_step_and_every_change_is_announced_once(
    moves: list[tuple[str, *tuple[object, ...]]],
) -> None:
    playback = slow(4, 4)
    steps, stages = [playback.step], [playback.stage]
    playback.step_changed.connect(steps.append)
    playback.stage_changed.connect(stages.append)
    for name, *arguments in moves:
        before = place(playback)
        heard = len(steps), len(stages)
        getattr(playback, name)(*arguments)
        assert 0 <= playback.step <= max(0, playback.steps - 1)
        assert playback.slow == (playback.stage is not None)
        assert playback.stage is None or 0 <= playback.stage < playback.stages
        assert (steps[-1], stages[-1]) == place(playback)
        assert len(steps) - heard[0] == (before[0] != playback.step)
        assert len(stages) - heard[1] == (before[1] != playback.stage)


@given(st.integers(1, 8), st.integers(1, 6), st.data())
def test_next_and_previous_undo_one_another(steps: int, stages: int, data: st.DataObject) -> None:
    playback = slow(steps, stages)
    playback.seek(data.draw(st.integers(0, steps - 1)))
    playback.seek_stage(data.draw(st.integers(0, stages - 1)))
    start = place(playback)
    away = data.draw(st.integers(0, steps * stages))
    playback.set_loop(True)
    for _ in range(away):
        playback.next()
    for _ in range(away):
        playback.previous()
    assert place(playback) == start


def test_one_moment_a_move(session: Session) -> None:
    heard = moments(session)
    session.playback.set_slow(True)
    session.playback.last()
    session.playback.first()
    for _ in range(5):
        session.playback.next()
    assert heard == [(0, 0), (2, 3), (0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1)]
    session.playback.set_slow(False)
    assert heard[-1] == (1, None)
    assert len(heard) == 9


def test_the_stages_are_those_of_the_networks_cell(session: Session) -> None:
    playback = session.playback
    playback.set_slow(True)
    for cell, stages in {"rnn": 4, "lstm": 5, "gru": 5, "feedforward": 4}.items():
        state = session.document.state
        session.document.edit(edits.with_cell(state, cell), f"Use {cell}")
        assert playback.stages == stages == len(e.stages(session.moment.state.spec))
        playback.seek_stage(stages - 1)
        assert session.moment.stage == stages - 1


def test_another_cell_takes_the_stage_with_it_in_one_moment(session: Session) -> None:
    state = session.document.state
    session.document.edit(edits.with_cell(state, "lstm"), "Use lstm")
    session.playback.set_slow(True)
    session.playback.last()
    heard = moments(session)
    session.document.edit(state, "Use rnn")
    assert heard == [(2, 3)]
    session.document.undo_stack.undo()
    assert heard == [(2, 3), (2, 3)]


def test_only_the_stage_changes_from_stage_to_stage(session: Session) -> None:
    session.playback.set_slow(True)
    pairs: list[tuple[Moment, Moment]] = []
    session.moment_changed.connect(lambda old, new: pairs.append((old, new)))
    session.playback.next()
    ((old, new),) = pairs
    assert new.analysis is old.analysis
    assert (new.state, new.step, new.stage) == (old.state, old.step, 1)
