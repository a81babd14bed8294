"""Equal steps stay equal when they are rounded to pixels."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.drawing.whole import whole, wholes


@given(value=st.floats(-1e6, 1e6))
def test_one_and_many_are_rounded_alike(value: float) -> None:
    assert whole(value) == wholes(np.array([value]))[0]
    assert abs(whole(value) - value) <= 0.5 + 1e-5


@given(start=st.integers(-100, 100), step=st.integers(1, 50), noise=st.floats(-1e-9, 1e-9))
def test_halves_all_go_the_same_way(start: int, step: int, noise: float) -> None:
    halves = start + 0.5 + step * np.arange(20) + noise
    assert (np.diff(wholes(halves)) == step).all()


def test_nan_stays_nan() -> None:
    assert np.isnan(wholes(np.array([np.nan]))).all()
