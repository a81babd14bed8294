"""Curves that grow are thinned as they would be if they had been long from the start."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.panels.views.chart_thinning import Part, Thinner, continues, is_long

ALL = Part(0.0, 1e9, 100)


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=8), st.integers(1, 300), st.integers(0, 99))
def test_what_has_grown_looks_as_if_it_had_never_been_short(
    lengths: list[int], pixels: int, seed: int
) -> None:
    count = sum(lengths)
    x, y = np.arange(count, dtype=float), np.random.default_rng(seed).normal(size=count)
    part, thinner = Part(0.0, 1e9, pixels), Thinner()
    for stop in np.cumsum(lengths):
        grown = thinner.thinned(x[:stop], y[:stop], part)
        anew = Thinner().thinned(x[:stop], y[:stop], part)
        assert np.array_equal(grown, anew)
        assert len(grown[0]) <= 2 * pixels + 2
        assert (np.diff(grown[0]) >= 0).all()
        assert (grown[1].min(), grown[1].max()) == (y[:stop].min(), y[:stop].max())


@given(st.integers(1, 9000), st.integers(1, 9000), st.integers(0, 99))
def test_another_curve_is_not_taken_for_the_last_one(first: int, second: int, seed: int) -> None:
    thinner, generator = Thinner(), np.random.default_rng(seed)
    for count in (first, second):
        x, y = np.arange(count, dtype=float), generator.normal(size=count)
        assert np.array_equal(thinner.thinned(x, y, ALL), Thinner().thinned(x, y, ALL))


def test_a_part_is_thinned_for_itself() -> None:
    x = np.arange(100_000.0)
    y, thinner = np.sin(x), Thinner()
    thinner.thinned(x, y, ALL)
    near = thinner.thinned(x, y, Part(500.0, 600.0, 100))[0]
    assert np.array_equal(near, np.arange(499.0, 602.0))
    assert np.array_equal(thinner.thinned(x, y, ALL), Thinner().thinned(x, y, ALL))


@pytest.mark.parametrize("at", [0, 7_777, 99_999])
def test_a_single_peak_in_a_hundred_thousand_is_seen(at: int) -> None:
    x, y = np.arange(100_000.0), np.zeros(100_000)
    y[at] = 1.0
    thinner = Thinner()
    thinner.thinned(x[:60_000], y[:60_000], ALL)
    assert 1.0 in thinner.thinned(x, y, ALL)[1]


def test_an_array_continues_what_it_begins_with_and_nothing_else() -> None:
    table = np.zeros((3, 10))
    assert continues(table[:, :4], table[:, :9])
    assert continues(table[1, :4], table[1, :4])
    assert not continues(table[:, :9], table[:, :4])
    assert not continues(table[0, :4], table[1, :9])
    assert not continues(table[0, :4], table[0, 1:9])
    assert not continues(table[0, :4], table.copy()[0, :9])
    assert not continues(table[0, :4], table[0, ::2])


def test_only_a_curve_that_does_not_run_back_is_long() -> None:
    assert is_long(np.arange(400.0), 100)
    assert not is_long(np.arange(399.0), 100)
    assert not is_long(np.cos(np.arange(2000.0)), 100)
