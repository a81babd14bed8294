"""Which steps are shown, closer and farther, and how they follow the playhead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import engine as e
from rnnviz.session import edits
from rnnviz.session.playback import Playback
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary
from rnnviz.session.zoom import SIZES, fitted, following, panned, zoomed

pytestmark = pytest.mark.usefixtures("qapp")


@st.composite
def some(draw: st.DrawFn) -> tuple[tuple[int, int], int]:
    """Columns within a sequence, and its length."""
    steps = draw(st.integers(1, 1200))
    start = draw(st.integers(0, steps - 1))
    return (start, draw(st.integers(start + 1, steps))), steps


@given(found=some(), closer=st.integers(-4, 4), share=st.floats(0, 1))
def test_zooming_keeps_the_step_under_the_mouse_in_sight(
    found: tuple[tuple[int, int], int], closer: int, share: float
) -> None:
    (start, stop), steps = found
    around = min(stop - 1, int(start + share * (stop - start)))
    low, high = zoomed((start, stop), steps, closer, around)
    assert 0 <= low <= around < high <= steps
    size = high - low
    assert size in SIZES or size == steps or size == stop - start
    assert (size <= stop - start) if closer >= 0 else (size >= stop - start)


@given(found=some(), by=st.integers(-2000, 2000))
def test_panning_keeps_the_number_of_steps(found: tuple[tuple[int, int], int], by: int) -> None:
    (start, stop), steps = found
    low, high = panned((start, stop), steps, by)
    assert 0 <= low < high <= steps
    assert high - low == stop - start
    assert abs(low - start) <= abs(by)


@given(found=some(), step=st.integers(0, 1199))
def test_the_columns_follow_a_step(found: tuple[tuple[int, int], int], step: int) -> None:
    columns, steps = found
    step = min(step, steps - 1)
    low, high = following(columns, steps, step)
    assert 0 <= low <= step < high <= steps
    if columns[0] <= step < columns[1]:
        assert (low, high) == columns


@given(found=some(), now=st.integers(0, 1200))
def test_columns_fit_any_other_number_of_steps(found: tuple[tuple[int, int], int], now: int) -> None:
    columns, steps = found
    kept = fitted(columns, now, steps)
    if kept is None:
        assert now <= 80
    else:
        assert 0 <= kept[0] < kept[1] <= now
    if columns == (0, steps) and kept is not None:
        assert kept == (0, now)


def test_all_steps_of_a_short_sequence_need_no_choice() -> None:
    playback = Playback(40)
    playback.show_columns((0, 40))
    assert playback.columns is None
    playback.show_columns((10, 30))
    assert playback.columns == (10, 30)
    playback.set_steps(5)
    assert playback.columns is None


def session(steps: int) -> Session:
    spec = e.NetworkSpec("rnn", 2, 3, 2)
    text = ("ab" * steps)[: steps + 1]
    return Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(("a", "b")), text))


def test_a_change_of_the_columns_is_one_moment_with_the_same_analysis() -> None:
    one = session(300)
    heard: list[tuple[object, object]] = []
    one.moment_changed.connect(lambda old, new: heard.append((old, new)))
    one.playback.show_columns((100, 120))
    ((old, new),) = heard
    assert new.columns == (100, 120)
    assert new.analysis is old.analysis
    one.playback.seek(110)
    one.playback.seek(150)
    assert [moment.columns for _, moment in heard[1:]] == [(100, 120), (140, 160)]
    assert all(start <= m.step < stop for _, m in heard[1:] for start, stop in [m.columns])


def test_an_edit_keeps_the_columns_and_a_shorter_text_fits_them() -> None:
    one = session(300)
    one.playback.show_columns((100, 260))
    document = one.document
    document.edit(edits.toggle_silent(document.state, 5), "Silence")
    assert one.moment.columns == (100, 260)
    document.edit(edits.with_text(document.state, "ab" * 100), "Shorten")
    assert one.moment.columns == (39, 199)
    document.edit(edits.with_text(document.state, "ab"), "Shorten")
    assert one.moment.columns is None
