from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rnnviz.engine.window import visible_steps

LENGTHS = st.integers(1, 12_000)
CAPACITIES = st.integers(2, 200)


@pytest.mark.parametrize(("steps", "step"), [(0, 0), (1, 0), (3, 2), (80, 79)])
def test_a_sequence_that_fits_is_shown_whole(steps: int, step: int) -> None:
    assert visible_steps(steps, step) == (0, steps)


def test_pages_of_a_long_sequence() -> None:
    assert visible_steps(1000, 0) == (0, 80)
    assert visible_steps(1000, 79) == (0, 80)
    assert visible_steps(1000, 80) == (40, 120)
    assert visible_steps(1000, 999) == (920, 1000)
    assert visible_steps(81, 80) == (40, 81)


def test_the_page_stays_while_it_holds_the_playhead() -> None:
    assert visible_steps(1000, 41, current=(40, 120)) == (40, 120)
    assert visible_steps(1000, 39, current=(40, 120)) == (0, 80)


def test_a_page_of_another_length_of_text_is_not_kept() -> None:
    assert visible_steps(1000, 50, current=(0, 70)) == (0, 80)
    assert visible_steps(100, 90, current=(40, 120)) == (40, 100)
    assert visible_steps(50, 45, current=(40, 120)) == (0, 50)


@given(steps=LENGTHS, step=st.integers(-5, 13_000), capacity=CAPACITIES)
def test_a_window_holds_the_step_and_never_more_than_the_capacity(
    steps: int, step: int, capacity: int
) -> None:
    start, stop = visible_steps(steps, step, capacity)
    assert 0 <= start <= min(max(step, 0), steps - 1) < stop <= steps
    assert stop - start <= capacity
    assert stop - start == steps if steps <= capacity else start % (capacity // 2) == 0


@given(steps=LENGTHS, capacity=CAPACITIES, walk=st.lists(st.integers(0, 11_999), min_size=2, max_size=20))
def test_a_window_moves_only_when_the_playhead_leaves_it(steps: int, capacity: int, walk: list[int]) -> None:
    window = visible_steps(steps, walk[0] % steps, capacity)
    for place in walk[1:]:
        step = place % steps
        left = not window[0] <= step < window[1]
        moved = visible_steps(steps, step, capacity, window)
        assert moved[0] <= step < moved[1]
        assert (moved != window) == left
        window = moved


@given(steps=LENGTHS, step=st.integers(0, 11_999), capacity=CAPACITIES)
def test_half_a_page_of_what_leads_to_a_step_is_in_sight(steps: int, step: int, capacity: int) -> None:
    assume(step < steps)
    start, _ = visible_steps(steps, step, capacity)
    assert start == 0 or step - start >= capacity // 2
