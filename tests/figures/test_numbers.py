"""How numbers are written and how ranges are chosen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.figures.numbers import (
    block_means,
    decades,
    extremes,
    from_log,
    largest,
    nice_ceiling,
    short,
    written,
)

FLOATS = st.floats(allow_nan=True, allow_infinity=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.53705, "0.54"),
        (0.197375, "0.20"),
        (-0.31, "−0.31"),
        (9999.0, "9999.00"),
        (1e300, "1.0·10³⁰⁰"),
        (math.nan, "NaN"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_numbers_are_written_in_few_characters(value: float, text: str) -> None:
    assert written(value) == text


@given(FLOATS)
def test_any_number_is_written_shortly(value: float) -> None:
    assert 0 < len(written(value)) <= 10


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (0.5, "0.5"), (2000.0, "2000"), (5e6, "5·10⁶"), (2e-8, "2·10⁻⁸")]
)
def test_the_end_of_an_axis_is_short(value: float, text: str) -> None:
    assert short(value) == text


@given(st.floats(min_value=1e-290, max_value=1e290))
def test_nice_ceiling_is_the_next_1_2_or_5(value: float) -> None:
    ceiling = nice_ceiling(value)
    assert value <= ceiling * (1 + 1e-12)
    assert ceiling <= 2.5 * value * (1 + 1e-12)
    leading = ceiling / 10.0 ** math.floor(math.log10(ceiling) + 1e-9)
    assert min(abs(leading - step) for step in (1, 2, 5, 10)) < 1e-6


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_nice_ceiling_of_nothing_is_one(value: float) -> None:
    assert nice_ceiling(value) == 1.0


@given(st.lists(FLOATS, max_size=20), st.integers(1, 4), st.integers(4, 12))
def test_decades_hold_the_largest_value(values: list[float], least: int, most: int) -> None:
    low, high = decades(np.array(values, float), least, most)
    assert 0 < low < high
    span = round(math.log10(high / low))
    assert least <= span <= most
    inside = [v for v in values if 0 < v <= 1e300]
    assert not inside or max(inside) <= high * (1 + 1e-6)


def test_largest_ignores_what_is_not_finite() -> None:
    assert largest(np.array([np.nan, np.inf, -3.0, 2.0])) == 3.0
    assert largest(np.array([])) == 0.0


@given(st.lists(FLOATS, max_size=60), st.integers(1, 7))
def test_block_means_leave_out_what_is_not_finite(values: list[float], size: int) -> None:
    small = [v if not math.isfinite(v) else v % 10.0 for v in values]
    means = block_means(np.array(small, float), size)
    assert len(means) == len(small) // size
    for n, mean in enumerate(means.tolist()):
        known = [v for v in small[n * size : (n + 1) * size] if math.isfinite(v)]
        assert math.isnan(mean) if not known else mean == pytest.approx(sum(known) / len(known))


@given(st.lists(FLOATS, max_size=40))
def test_extremes_are_of_what_can_be_on_a_logarithmic_axis(values: list[float]) -> None:
    usable = [v for v in values if math.isfinite(v) and v > 0]
    expected = [min(usable), max(usable)] if usable else []
    assert extremes(np.array(values, float)).tolist() == expected


@pytest.mark.parametrize(
    ("log", "text"),
    [
        (0.0, "1"),
        (math.log(0.595), "0.59"),
        (math.log(4711.0), "4711"),
        (math.log(2e-5), "2·10⁻⁵"),
        (math.log(3e40), "3·10⁴⁰"),
        (-9210.34, "10⁻⁴⁰⁰⁰"),
        (9210.34, "10⁴⁰⁰⁰"),
        (-math.inf, "0"),
        (math.inf, "∞"),
    ],
)
def test_a_number_can_be_written_by_its_logarithm(log, text):
    assert from_log(log) == text
