"""The metronome ticks at its rate on average, although timers know whole milliseconds only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.session.metronome import Metronome, upcoming

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("qapp")

RATES = st.integers(1, 240)


@given(RATES, st.integers(1, 300))
def test_a_timer_that_is_on_time_keeps_the_rate(rate: int, ticks: int) -> None:
    due = now = 0.0
    for _ in range(ticks):
        due, wait = upcoming(due, now, rate)
        now += wait
    assert due == pytest.approx(ticks * 1000 / rate)
    assert abs(now - due) <= 0.5 + 1e-6


@given(RATES, st.lists(st.floats(0, 3), max_size=100))
def test_small_delays_are_made_up_for(rate: int, delays: list[float]) -> None:
    period = 1000 / rate
    due = now = 0.0
    for delay in delays:
        due, wait = upcoming(due, now, rate)
        now += wait + min(delay, period / 4)
        assert abs(now - due) <= 0.5 + period / 4 + 1e-6


@given(RATES, st.floats(1, 1e6))
def test_what_was_missed_is_not_made_up_for(rate: int, pause: float) -> None:
    period = 1000 / rate
    due, wait = upcoming(0.0, pause, rate)
    assert due >= pause or wait == 0
    due, wait = upcoming(due, pause, rate)
    assert wait >= min(period, pause) - 1 or due <= pause + period
    assert due - pause <= period + 1e-6 or pause <= period


def test_it_ticks_until_it_is_stopped(qtbot: QtBot) -> None:
    metronome, heard = Metronome(240), []
    metronome.ticked.connect(lambda: heard.append(metronome.running))
    assert not metronome.running
    metronome.start()
    qtbot.waitUntil(lambda: len(heard) >= 5)
    metronome.stop()
    count = len(heard)
    assert heard == [True] * count
    with qtbot.assertNotEmitted(metronome.ticked, wait=30):
        assert not metronome.running


def test_whoever_hears_a_tick_can_stop_it(qtbot: QtBot) -> None:
    metronome = Metronome(240)
    metronome.ticked.connect(metronome.stop)
    with qtbot.waitSignal(metronome.ticked):
        metronome.start()
    assert not metronome.running


def test_another_rate_holds_at_once(qtbot: QtBot) -> None:
    metronome = Metronome(1)
    metronome.set_rate(2)
    assert (metronome.rate, metronome.running) == (2, False)
    metronome.start()
    with qtbot.waitSignal(metronome.ticked, timeout=400):
        metronome.set_rate(240)
    assert metronome.running
    metronome.stop()
