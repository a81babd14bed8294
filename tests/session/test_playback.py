from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.session.playback import SPEEDS, Playback

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("qapp")


class Heard:
    """Every step that was announced."""

    def __init__(self, playback: Playback) -> None:
        self.steps: list[int] = []
        self.playing: list[bool] = []
        playback.step_changed.connect(self.steps.append)
        playback.playing_changed.connect(self.playing.append)


@pytest.fixture
def playback() -> Playback:
    playback = Playback(4)
    playback.set_speed(60)
    return playback


def test_it_stands_at_the_first_step_at_four_steps_a_second() -> None:
    playback = Playback(3)
    assert (playback.step, playback.steps, playback.speed) == (0, 3, 4)
    assert not playback.playing
    assert not playback.loop


def test_it_plays_every_step_once_and_stops_at_the_end(playback: Playback, qtbot: QtBot) -> None:
    heard = Heard(playback)
    with qtbot.waitSignal(playback.playing_changed, check_params_cb=lambda playing: not playing):
        playback.play()
    assert heard.steps == [1, 2, 3]
    assert heard.playing == [True, False]


def test_at_the_end_it_plays_from_the_start(playback: Playback, qtbot: QtBot) -> None:
    playback.last()
    heard = Heard(playback)
    with qtbot.waitSignal(playback.playing_changed, check_params_cb=lambda playing: not playing):
        playback.play()
    assert heard.steps == [0, 1, 2, 3]


def test_a_loop_goes_on(playback: Playback, qtbot: QtBot) -> None:
    playback.set_loop(True)
    heard = Heard(playback)
    playback.play()
    qtbot.waitUntil(lambda: len(heard.steps) >= 6)
    playback.pause()
    assert heard.steps[:6] == [1, 2, 3, 0, 1, 2]


def test_a_paused_playhead_stands_still(playback: Playback, qtbot: QtBot) -> None:
    playback.play()
    qtbot.waitUntil(lambda: playback.step == 1)
    playback.toggle()
    assert not playback.playing
    with qtbot.assertNotEmitted(playback.step_changed, wait=60):
        pass
    playback.toggle()
    assert playback.playing
    playback.pause()


def test_seeking_while_playing_goes_on_from_there(playback: Playback, qtbot: QtBot) -> None:
    heard = Heard(playback)
    playback.play()
    playback.seek(2)
    qtbot.waitUntil(lambda: not playback.playing)
    assert heard.steps == [2, 3]


@pytest.mark.parametrize("steps", [0, 1])
@pytest.mark.parametrize("loop", [False, True])
def test_fewer_than_two_steps_cannot_play(steps: int, loop: bool) -> None:
    playback = Playback(steps)
    playback.set_loop(loop)
    heard = Heard(playback)
    playback.play()
    for move in (playback.next, playback.previous, playback.first, playback.last):
        move()
    assert not playback.playing
    assert playback.step == 0
    assert heard.steps == heard.playing == []


def test_stepping_by_hand_pauses(playback: Playback) -> None:
    playback.play()
    playback.next()
    assert (playback.step, playback.playing) == (1, False)
    playback.play()
    playback.previous()
    assert (playback.step, playback.playing) == (0, False)


def test_stepping_stays_inside_unless_in_a_loop(playback: Playback) -> None:
    playback.previous()
    assert playback.step == 0
    playback.set_loop(True)
    playback.previous()
    assert playback.step == 3
    playback.next()
    assert playback.step == 0


def test_a_shorter_sequence_takes_the_playhead_with_it(playback: Playback) -> None:
    playback.seek(2)
    heard = Heard(playback)
    playback.set_steps(10)
    assert heard.steps == []
    playback.set_steps(2)
    assert heard.steps == [1]
    playback.set_steps(0)
    assert (heard.steps, playback.step) == ([1, 0], 0)


def test_a_sequence_that_vanishes_stops_playing(playback: Playback) -> None:
    playback.play()
    playback.set_steps(1)
    assert not playback.playing


@pytest.mark.parametrize("speed", SPEEDS)
def test_speeds(speed: int) -> None:
    playback = Playback(3)
    playback.set_speed(speed)
    assert playback.speed == speed
    assert playback._metronome.rate == speed


def test_another_speed_is_refused(playback: Playback) -> None:
    with pytest.raises(ValueError, match="must be one of"):
        playback.set_speed(0)


def test_what_does_not_change_is_not_announced(playback: Playback, qtbot: QtBot) -> None:
    signals = ("step", "steps", "playing", "loop", "speed")
    for name in signals:
        with qtbot.assertNotEmitted(getattr(playback, f"{name}_changed")):
            playback.seek(0)
            playback.set_steps(4)
            playback.pause()
            playback.set_loop(False)
            playback.set_speed(60)


MOVES = st.one_of(
    st.sampled_from(["next", "previous", "first", "last", "toggle"]).map(lambda name: (name,)),
    st.tuples(st.just("seek"), st.integers(-3, 40)),
    st.tuples(st.just("set_steps"), st.integers(0, 30)),
    st.tuples(st.just("set_loop"), st.booleans()),
)


@given(st.integers(0, 30), st.lists(MOVES, max_size=30))
def test_the_playhead_is_always_on_a_step(steps: int, moves: list[tuple[str, *tuple[object, ...]]]) -> None:
    playback = Playback(steps)
    heard = Heard(playback)
    for name, *arguments in moves:
        before, announced = playback.step, len(heard.steps)
        getattr(playback, name)(*arguments)
        assert 0 <= playback.step <= max(0, playback.steps - 1)
        assert not (playback.playing and playback.steps < 2)
        if name != "toggle":
            assert heard.steps[announced:] == ([playback.step] if playback.step != before else [])
    playback.pause()


def test_it_knows_the_layer_and_the_direction_looked_at(playback: Playback) -> None:
    heard = []
    playback.focus_changed.connect(lambda *focus: heard.append(focus))
    assert playback.focus == (-1, 0)
    playback.look_at(1, 0)
    playback.look_at(1, 0)
    assert (playback.focus, heard) == ((1, 0), [(1, 0)])
