"""Ticks are round, inside the axis, named differently from each other, and never overlap."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.figures.model import Axis
from rnnviz.figures.ticks import nice_step, power_of_ten, thinned, ticks


def labels(axis: Axis, about: int = 5) -> list[str]:
    return [label for _, label in ticks(axis, about)]


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        (Axis(0, 1), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (Axis(-1, 1), ["−1.0", "−0.5", "0", "0.5", "1.0"]),
        (Axis(0, 12345), ["0", "5,000", "10,000"]),
        (Axis(0, 3e7), ["0", "10⁷", "2×10⁷", "3×10⁷"]),
        (Axis(-2e-7, 0), ["−2×10⁻⁷", "−1.5×10⁻⁷", "−10⁻⁷", "−5×10⁻⁸", "0"]),
        (Axis(1e-6, 1, log=True), ["10⁻⁶", "10⁻⁴", "10⁻²", "1"]),
        (Axis(0.1, 1000, log=True), ["10⁻¹", "1", "10¹", "10²", "10³"]),
        (Axis(0.5, 3, log=True), ["0.5", "1", "2"]),
        (Axis(0.52, 0.58, log=True), ["0.52", "0.54", "0.56", "0.58"]),
        (Axis(0.5, 3.5, whole=True), ["1", "2", "3"]),
        (Axis(0.5, 20.5, whole=True), ["5", "10", "15", "20"]),
        (Axis(1, 0), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ],
)
def test_they_read_as_a_person_would_write_them(axis: Axis, expected: list[str]) -> None:
    assert labels(axis) == expected


@pytest.mark.parametrize(
    "axis",
    [
        Axis(1, 1),
        Axis(float("nan"), 1),
        Axis(0, float("inf")),
        Axis(0, 1, log=True),
        Axis(-1, -0.5, log=True),
        Axis(1e16, 1e16 + 2),
        Axis(-1e308, 1e308),
    ],
)
def test_an_axis_that_cannot_be_divided_has_none(axis: Axis) -> None:
    assert ticks(axis) == ()


def test_an_axis_can_bring_its_own() -> None:
    own = ((0.5, "d"), (1.5, "o"), (7.0, "far away"))
    assert ticks(Axis(0, 2, ticks=own)) == own[:2]
    assert ticks(Axis(0, 2, ticks=())) == ()


@given(low=st.floats(-1e300, 1e300), high=st.floats(-1e300, 1e300), about=st.integers(1, 12))
def test_they_ascend_inside_the_axis_and_are_not_too_many(low: float, high: float, about: int) -> None:
    found = ticks(Axis(low, high), about)
    values = [value for value, _ in found]
    bottom, top = sorted((low, high))
    slack = 1e-6 * (top / 2 - bottom / 2)
    assert values == sorted(set(values))
    assert all(bottom - slack <= value <= top + slack for value in values)
    assert len(found) <= about + 1
    assert len({label for _, label in found}) == len(found)


@given(low=st.floats(-1e6, 1e6), span=st.floats(1, 1e5))
def test_whole_ticks_are_whole(low: float, span: float) -> None:
    found = ticks(Axis(low, low + span, whole=True))
    assert all(value == round(value) for value, _ in found)
    assert found


@given(low=st.floats(-250, 200), decades=st.floats(1, 300), about=st.integers(1, 12))
def test_logarithmic_ticks_are_powers_of_ten_evenly_apart(low: float, decades: float, about: int) -> None:
    high = min(low + decades, 290)
    found = ticks(Axis(10.0**low, 10.0**high, log=True), about)
    assert len(found) <= max(3 * (about + 1), 12)
    assert len({label for _, label in found}) == len(found)


@given(raw=st.floats(1e-300, 1e300))
def test_a_step_is_the_next_of_one_two_and_five(raw: float) -> None:
    step = nice_step(raw)
    assert raw * 0.999 <= step <= raw * 2.5001
    digit = f"{step:.3e}"[0]
    assert digit in "125"


@pytest.mark.parametrize("raw", [0.0, -1.0, float("inf"), float("nan")])
def test_no_step_leads_nowhere(raw: float) -> None:
    assert nice_step(raw) == 0.0


def test_powers_of_ten() -> None:
    assert [power_of_ten(n) for n in (-12, -1, 0, 1, 3)] == ["10⁻¹²", "10⁻¹", "1", "10¹", "10³"]
    assert power_of_ten(3, -1.5) == "−1.5×10³"


def test_labels_with_room_are_all_kept() -> None:
    assert list(thinned([0, 50, 100], [20, 20, 20], 6)) == [0, 1, 2]


def test_crowded_labels_are_thinned_evenly() -> None:
    assert list(thinned(range(0, 100, 10), [8] * 10, 6)) == [0, 2, 4, 6, 8]
    assert list(thinned(range(0, 1000, 10), [30] * 100, 6)) == list(range(0, 100, 5))


@given(pitch=st.floats(0, 50), width=st.floats(0, 80), count=st.integers(0, 300), downwards=st.booleans())
def test_what_is_kept_does_not_overlap(pitch: float, width: float, count: int, downwards: bool) -> None:
    at = [pitch * n * (-1 if downwards else 1) for n in range(count)]
    kept = list(thinned(at, [width] * count, 5.0))
    assert bool(kept) == bool(count)
    assert all(abs(at[a] - at[b]) >= width + 5 - 1e-6 for a, b in pairwise(kept))
