from __future__ import annotations

from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnviz.engine.norms import Norms, clip

SHAPES = {"weight": (2, 3), "bias": (2,)}


@np.errstate(all="ignore")
def measured(values, number=np.float64):
    return Norms(np.asarray(values, number), SHAPES).measure()[0]


@given(arrays(float, 8, elements=st.floats(-10, 10)))
def test_each_part_is_measured_by_itself(gradient):
    found = measured(gradient)
    assert list(found) == ["weight", "bias"]
    assert found["weight"] == pytest.approx(np.linalg.norm(gradient[:6]))
    assert found["bias"] == pytest.approx(np.linalg.norm(gradient[6:]))


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e300])
def test_norms_are_exact_where_squares_are_not(scale):
    gradient = np.array([3, 0, 0, 4, 0, 0, 0, 0]) * scale
    assert measured(gradient) == pytest.approx({"weight": 5 * scale, "bias": 0.0})


def test_norms_of_float32_are_taken_in_float64():
    assert measured([3e-30, 0, 0, 4e-30, 0, 0, 1e30, 0], np.float32) == pytest.approx(
        {"weight": 5e-30, "bias": 1e30}
    )


@pytest.mark.parametrize("number", [np.float64, np.float32])
def test_a_gradient_is_measured_anew_each_time(number):
    gradient = np.zeros(8, number)
    norms = Norms(gradient, SHAPES)
    assert norms.measure()[0] == {"weight": 0, "bias": 0}
    gradient[:] = 1
    assert norms.measure()[0] == pytest.approx({"weight": 6**0.5, "bias": 2**0.5})


def test_infinity_and_nan_show():
    found = measured([inf, 1, 1, 1, 1, 1, nan, 0])
    assert found["weight"] == inf
    assert isnan(found["bias"])


def test_clipping_as_worked_out():
    gradient = np.array([3.0, 0.1])
    assert clip(gradient, np.linalg.norm(gradient), 1.0)
    assert gradient == pytest.approx([0.999445, 0.033315], abs=1e-6)


@given(arrays(float, 5, elements=st.floats(-100, 100)), st.floats(0.01, 1000))
def test_a_clipped_gradient_has_its_direction_and_is_no_longer_than_the_limit(gradient, limit):
    norm, clipped = float(np.linalg.norm(gradient)), gradient.copy()
    shortened = clip(clipped, norm, limit)
    assert shortened == (norm + 1e-6 > limit)
    assert np.linalg.norm(clipped) <= max(limit, 1e-6)
    assert np.allclose(clipped * norm, gradient * np.linalg.norm(clipped), atol=1e-9)
    assert shortened or np.array_equal(clipped, gradient)
