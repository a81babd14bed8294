"""Long curves keep their peaks, their ends and their gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.figures.thinning import thinned


@given(st.integers(0, 5000), st.integers(1, 200), st.integers(0, 99))
def test_the_extremes_of_the_part_that_is_seen_stay(count: int, bins: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    x, y = np.arange(count, dtype=float), generator.normal(size=count)
    low, high = sorted(generator.uniform(-10, count + 10, 2))
    thin_x, thin_y = thinned(x, y, low, high, bins)
    assert len(thin_x) <= max(4 * bins + 6, 8)
    assert (np.diff(thin_x) >= 0).all()
    inside = (x >= low) & (x <= high)
    if inside.any():
        assert thin_y.max() >= y[inside].max()
        assert thin_y.min() <= y[inside].min()
    assert set(zip(thin_x.tolist(), thin_y.tolist(), strict=True)) <= set(
        zip(x.tolist(), y.tolist(), strict=True)
    )


@pytest.mark.parametrize("at", [0, 7_777, 99_999])
def test_a_single_peak_in_a_hundred_thousand_is_seen(at: int) -> None:
    y = np.zeros(100_000)
    y[at] = 1.0
    assert 1.0 in thinned(np.arange(100_000.0), y, 0, 1e6, 1000)[1]


def test_what_is_not_a_number_is_a_gap_and_never_hides_a_number() -> None:
    y = np.ones(10_000)
    y[3_000:6_000] = np.nan
    y[::7] = np.nan
    x, thin = thinned(np.arange(10_000.0), y, 0, 1e6, 100)
    assert np.isnan(thin[(x >= 3_000) & (x < 5_900)]).all()
    assert np.isfinite(thin[(x > 100) & (x < 2_900)]).all()
