"""Numbers mean something at any size, and a printed calculation comes out."""

from __future__ import annotations

import math

import pytest
from calculator import agrees, number
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.figures.arithmetic import calculation, comes_out, decimals_for, fixed, last_digit, rounded
from rnnviz.figures.arithmetic import number as printed

ordinary = st.floats(-50, 50).filter(lambda v: v == 0 or abs(v) > 1e-6)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.54, "0.540"),
        (-12.3, "−12.300"),
        (3.217e-5, "3.217·10⁻⁵"),
        (-1.5e300, "−1.500·10³⁰⁰"),
        (math.inf, "∞"),
        (math.nan, "NaN"),
    ],
)
def test_numbers_of_any_size(value: float, text: str) -> None:
    assert printed(value) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.6, 4, "0.60"),
        (0.125, 4, "0.125"),
        (1e-7, 3, "0.000"),
        (-0.00001, 2, "0.00"),
        (0.314159, 3, "0.314"),
    ],
)
def test_numbers_of_a_column(value: float, decimals: int, text: str) -> None:
    assert fixed(value, decimals) == text


@given(st.floats(-1e300, 1e300), st.integers(2, 6))
def test_what_is_printed_is_the_number_rounded(value: float, decimals: int) -> None:
    text = printed(value, decimals)
    assert agrees(text, value)
    if math.isfinite(rounded(value, decimals)):
        assert number(text) == pytest.approx(rounded(value, decimals), rel=1e-12)
        assert abs(value - rounded(value, decimals)) <= last_digit(value, decimals) * 0.51


@given(st.lists(ordinary, min_size=1, max_size=6), st.integers(2, 4))
def test_a_sum_of_printed_numbers_is_the_printed_sum(values: list[float], decimals: int) -> None:
    result = math.fsum(values)
    found = calculation(result, values, lambda *given: math.fsum(given), decimals)
    if found.sign == "=":
        assert agrees(found.result, math.fsum(map(number, found.operands)))
    if abs(result) > 0.01:
        assert found.sign == "="


@given(ordinary, ordinary)
def test_no_digit_more_than_needed(a: float, b: float) -> None:
    n = decimals_for(a * b, (a, b), lambda a, b: a * b)
    if n > 3:
        rough = rounded(a, n - 1) * rounded(b, n - 1)
        assert not comes_out(a * b, rough)


def test_what_cannot_come_out_is_said() -> None:
    assert calculation(1.0, (0.2, 0.3), lambda a, b: a + b).sign == "≈"
    assert calculation(1.0, (0.0,), lambda a: 1 / a).sign == "≈"
    assert calculation(math.inf, (math.inf,), lambda a: a).sign == "="
