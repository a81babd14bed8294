"""What is printed adds up as it is printed: sums, and tables along rows, along columns and in all."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from printedsums import last_digit, read

from rnnviz.figures.sums import enough, printed_sum, printed_table

NUMBERS = st.floats(-1e3, 1e3).map(lambda value: 0.0 if abs(value) < 1e-12 else value)
SMALL = NUMBERS.map(lambda value: value * 1e-9)


def adds_up(addends: list[str], total: str) -> bool:
    return abs(math.fsum(map(read, addends)) - read(total)) <= 0.5000005 * last_digit(total)


@given(st.one_of(arrays(float, st.integers(1, 40), elements=one) for one in (NUMBERS, SMALL)))
@example(np.array([0.1, -0.1, 1e-9]))
@example(np.zeros(3))
def test_a_sum_comes_out(addends: np.ndarray) -> None:
    total = float(addends.sum())
    printed = printed_sum(addends, total)
    assert len(printed.addends) == len(addends)
    assert printed.sign == "≈" or adds_up(list(printed.addends), printed.total)
    if np.abs(addends).sum() < 1e9 * abs(total):
        assert printed.sign == "="
    for text, value in zip(printed.addends, addends.tolist(), strict=True):
        assert abs(read(text) - value) <= 0.5000005 * last_digit(text)


@given(arrays(float, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=st.floats(-10, 10)))
@example(np.tril(np.outer([1, 1e-3, 1e-6], [1e-6, 1e-3, 1])))
def test_a_table_comes_out_along_its_rows_and_columns(cells: np.ndarray) -> None:
    cells = np.where(np.abs(cells) < 1e-9, 0.0, cells)
    printed = printed_table(cells, float(cells.sum()))
    if printed.sign == "≈":
        sums = np.array([cells.sum(), *cells.sum(0), *cells.sum(1)])
        assert np.abs(cells).sum() > 1e9 * np.abs(sums[sums != 0]).min(initial=np.inf)
        return
    for row, total in zip(printed.cells, printed.rows, strict=True):
        assert adds_up(list(row), total)
    for column, total in zip(zip(*printed.cells, strict=True), printed.columns, strict=True):
        assert adds_up(list(column), total)
    assert adds_up(list(printed.rows), printed.total)
    assert adds_up(list(printed.columns), printed.total)


def test_a_sum_that_does_not_come_out_says_so() -> None:
    assert printed_sum(np.array([1.0, 2.0]), 4.0).sign == "≈"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_written_as_it_is(value: float) -> None:
    printed = printed_sum(np.array([1.0, value]), value)
    assert (printed.addends[1], printed.total) == (("NaN", "NaN") if math.isnan(value) else ("∞", "∞"))
    table = printed_table(np.array([[1.0, value], [0.0, 2.0]]), value)
    assert table.rows[1] == "2.000"


def test_vanishing_terms_are_written_with_powers_of_ten() -> None:
    printed = printed_sum(np.array([2.5e-9, 3.74e-11]), 2.5374e-9)
    assert printed.addends == ("2.500·10⁻⁹", "3.74·10⁻¹¹")
    assert printed.total == "2.537·10⁻⁹"


@pytest.mark.parametrize(
    ("values", "decimals"), [([0.5, 0.01], 3), ([0.0123], 4), ([0.00123], 5), ([1e-5], 3), ([], 3)]
)
def test_three_digits_are_significant(values: list[float], decimals: int) -> None:
    assert enough(np.array(values)) == decimals
